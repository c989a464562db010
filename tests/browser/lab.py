"""What a person sees and does in the lab, in the words of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, Request, WebSocket, WebSocketRoute, expect

from dbn_core.store import Run, RunStore
from tests.browser import still
from tests.browser.still import LIVE
from tests.waiting import until

# Few units and images, in slow motion so that the trainer leaves the cores to the browser, and more epochs than anybody
# waits for.
ENDLESS = "?layers=23&data.train_size=500&batch_size=10&epochs=5000&updates_per_second=50&device=cpu"


@dataclass(frozen=True)
class Lab:
    address: str
    store: RunStore
    server: int  # the number of its process
    kept: set[str] = field(default_factory=set)  # ids of runs that several tests look at, and none changes

    @contextmanager
    def keeping(self, run: Run) -> Iterator[Run]:
        """A run that outlives the test that first needs it."""
        self.kept.add(run.id)
        yield run
        self.kept.remove(run.id)
        run.delete()


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
        return still.attribute(self.page.get_by_test_id("lab-live"), "data-run") or ""

    def curve(self, chart: str = "error") -> list[float]:
        """The values of the first curve of a chart, as drawn; of a run that stands."""
        return self._plot(chart, "plot => plot.data[0].y")

    def range(self, chart: str = "error") -> list[float]:
        """The epochs that a chart shows."""
        return self._plot(chart, "plot => plot.layout.xaxis.range")

    def marks(self) -> list[str]:
        """The labels of the marks, and what their hover says."""
        return self._plot("error", "plot => plot.layout.annotations.map(mark => `${mark.text} ${mark.hovertext}`)")

    def _plot(self, chart: str, script: str) -> Any:
        """Of a chart that has a curve: a view that is put up again has none for a moment."""
        place = self.page.get_by_test_id(f"lab-chart-{chart}")
        return still.of(place, f"plot => plot.data?.[0] ? ({script})(plot) : null", until=lambda seen: seen is not None)

    def wait(self, condition: str, argument: Any = None) -> Any:
        """What a condition in JavaScript is once it holds; `plot` is the chart of errors, `x` the argument."""
        plot = "document.querySelector('[data-testid=lab-chart-error]')"
        script = f"x => {{ const plot = {plot}; return {condition} }}"
        return self.page.wait_for_function(script, arg=argument).json_value()

    def wait_for_points(self, count: int) -> int:
        """Until the first curve has so many; how many they are then."""
        return self.wait("plot?.data?.[0]?.y?.length >= x && plot.data[0].y.length", count)

    def wait_for_state(self, state: str) -> None:
        expect(self.page.locator(f".lab-status[data-state='{state}']")).to_be_visible()

    def wait_for_picture(self, later_than: int = 0) -> int:
        """Until the mosaic shows a snapshot with a greater id than this one; its id."""
        shown = "Number(document.querySelector('[data-testid=lab-mosaic]')?.dataset.snapshot ?? 0)"
        return self.wait(f"{shown} > x && {shown}", later_than)

    def wait_for_facts(self, other_than: str = "") -> str:
        """Until the status line says how far the run is; a view put up again has to be told first."""
        facts = "(document.querySelector('[data-testid=lab-facts]')?.innerText ?? '')"
        return self.wait(f"{facts}.includes('epoch') && {facts} !== x && {facts}", other_than)

    def listen_to(self, name: str) -> None:
        """From now on keep whatever the element with this test id says, if for a few seconds only."""
        listen = """name => {
          window.heard = []
          const hear = () => window.heard.push(document.querySelector(`[data-testid=${name}]`)?.textContent ?? "")
          new MutationObserver(hear).observe(document.body, { subtree: true, childList: true, characterData: true })
        }"""
        self.page.evaluate(listen, name)

    def wait_until_heard(self, words: str) -> None:
        self.wait("window.heard.some(text => text.includes(x))", words)

    def wait_for_ticks(self, count: int) -> None:
        """So many answers of the server to this page, while a run trains: empty words are not counted."""
        wanted = self._ticks + count
        until(lambda: self._have_come(wanted), f"{count} answers of the server")

    def _have_come(self, ticks: int) -> bool:
        self.page.wait_for_timeout(20)  # what the browser tells arrives while it is asked something
        return self._ticks >= ticks

    # -- doing ------------------------------------------------------------------------------------------------------

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label).first.click()

    def pause(self) -> None:
        """The run in training, and wait until it is paused."""
        self.press("Pause")
        self.wait_for_state("paused")

    def stop(self) -> None:
        """The run in training, and wait until it has ended."""
        self.press("Stop")
        self.wait_for_state("stopped")

    def start(self) -> str:
        """Start what the form holds, wait until it trains; the run's id."""
        before = still.attributes(self.page.get_by_test_id("lab-live"), "data-run")
        self.press("Start")
        shown = "document.querySelector('[data-testid=lab-live]')?.dataset.run"
        run = self.wait(f"{shown} !== x && {shown}", before[0] if before else "")
        self.wait_for_state("running")
        return run

    def zoom(self, chart: str = "error") -> None:
        """Drag over the middle of a chart."""
        box = still.box(self.page.locator(f"[data-testid=lab-chart-{chart}] .nsewdrag").first)
        middle = box.y + box.height / 2
        self.page.mouse.move(box.x + box.width * 0.25, middle)
        self.page.mouse.down()
        self.page.mouse.move(box.x + box.width * 0.5, middle, steps=5)
        self.page.mouse.up()


def slide(slider: Locator, value: float) -> None:
    """Drag a slider to a value, without letting it go."""
    slider.evaluate("(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')) }", value)


def questions(page: Page) -> list[str]:
    """Every request from now on that starts work."""
    fetched: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and "/ask/" in request.url:
            fetched.append(request.url)

    page.on("request", note)
    return fetched
