"""What a person sees and does in the lab, in the words of the tests."""

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

from dbn_core.store import RunStore

# Few units and images, in slow motion so that the trainer leaves the cores to the browser, and more epochs than anybody
# waits for.
ENDLESS = "?layers=23&data.train_size=500&batch_size=10&epochs=5000&updates_per_second=50&device=cpu"
LIVE = re.compile(r"/live\?")  # questions about a run in training, and open lines


@dataclass(frozen=True)
class Lab:
    address: str
    store: RunStore
    server: int  # the number of its process


class Cable:
    """Between a page that is opened later and what the server says of runs in training; it can be cut."""

    def __init__(self, page: Page) -> None:
        self._is_cut = False
        self._lines: list[WebSocketRoute] = []
        page.route(LIVE, lambda route: route.abort() if self._is_cut else route.continue_())
        page.route_web_socket(LIVE, self._open)

    def cut(self) -> None:
        self._is_cut = True
        for line in self._lines:
            line.close()

    def mend(self) -> None:
        self._is_cut = False

    def _open(self, line: WebSocketRoute) -> None:
        if self._is_cut:
            line.close()
        else:
            line.connect_to_server()
            self._lines.append(line)


class Visit:
    """One browser window on the lab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._ticks = 0
        page.on("websocket", self._listen)
        page.on("response", lambda response: self._count(bool(LIVE.search(response.url))))

    def _listen(self, socket: WebSocket) -> None:
        if LIVE.search(socket.url):
            socket.on("framereceived", lambda _: self._count(True))

    def _count(self, ticked: bool) -> None:
        self._ticks += ticked

    def open(self, address: str) -> "Visit":
        """Go there, and wait until the page stands."""
        self.page.goto(address)
        self.settle()
        return self

    def settle(self) -> None:
        """Until the script has run."""
        self.page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")

    # -- seeing -----------------------------------------------------------------------------------------------------

    @property
    def run(self) -> str:
        """The id of the run that is shown."""
        return self.page.get_by_test_id("lab-live").get_attribute("data-run") or ""

    @property
    def state(self) -> str:
        return self.page.locator(".lab-status").get_attribute("data-state") or ""

    @property
    def facts(self) -> str:
        return self.page.get_by_test_id("lab-facts").inner_text()

    @property
    def picture(self) -> int:
        """The id of the snapshot that the mosaic shows."""
        return int(self.page.get_by_test_id("lab-mosaic").get_attribute("data-snapshot") or 0)

    def curve(self, chart: str = "error") -> list[float]:
        """The values of the first curve of a chart, as drawn."""
        return self._plot(chart, "(plot.data ?? [])[0]?.y ?? []")

    def range(self, chart: str = "error") -> list[float]:
        """The epochs that a chart shows."""
        return self._plot(chart, "plot.layout.xaxis.range")

    def marks(self) -> list[str]:
        """The labels of the marks, and what their hover says."""
        return self._plot("error", "(plot.layout?.annotations ?? []).map(mark => `${mark.text} ${mark.hovertext}`)")

    def _plot(self, chart: str, expression: str) -> Any:
        return self.page.get_by_test_id(f"lab-chart-{chart}").evaluate(f"plot => {expression}")

    def wait(self, condition: str, argument: Any = None) -> None:
        """Until a condition in JavaScript holds; `plot` is the chart of errors, `x` the argument."""
        plot = "document.querySelector('[data-testid=lab-chart-error]')"
        self.page.wait_for_function(f"x => {{ const plot = {plot}; return {condition} }}", arg=argument)

    def wait_for_points(self, count: int) -> None:
        self.wait("plot?.data?.[0]?.y?.length >= x", count)

    def wait_for_state(self, state: str) -> None:
        expect(self.page.locator(f".lab-status[data-state='{state}']")).to_be_visible()

    def wait_for_picture(self, other_than: int = 0) -> None:
        self.wait("Number(document.querySelector('[data-testid=lab-mosaic]')?.dataset.snapshot ?? 0) > x", other_than)

    def wait_for_ticks(self, count: int) -> None:
        """So many answers of the server to this page, while a run trains: empty words are not counted."""
        wanted = self._ticks + count
        while self._ticks < wanted:
            self.page.wait_for_timeout(50)

    # -- doing ------------------------------------------------------------------------------------------------------

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label).first.click()

    def start(self) -> str:
        """Start what the form holds, wait until it trains; the run's id."""
        before = self.run if self.page.get_by_test_id("lab-live").count() else ""
        self.press("Start")
        self.wait("(document.querySelector('[data-testid=lab-live]')?.dataset.run ?? x) !== x", before)
        self.wait_for_state("running")
        return self.run

    def zoom(self, chart: str = "error") -> None:
        """Drag over the middle of a chart."""
        box = self.page.locator(f"[data-testid=lab-chart-{chart}] .nsewdrag").first.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * 0.25, middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
        self.page.mouse.up()
