"""Two ways of watching a run: a real Chromium, and the same questions to the server with no browser behind them."""

import json
import shutil
import threading
import urllib.parse
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
PERIOD = 0.5  # seconds between the questions of a page, as in assets/live/feed.js

# When the mosaic names another snapshot, its picture has been decoded and put in place. The frame that shows it is
# done when a second frame begins.
OBSERVER = """
window.labShown = []
const observer = new MutationObserver((records) => {
  for (const { target } of records) {
    if (target.dataset.testid !== "lab-mosaic" || !target.dataset.snapshot) continue
    const id = Number(target.dataset.snapshot)
    requestAnimationFrame(() => requestAnimationFrame(() => window.labShown.push([id, Date.now() / 1000])))
  }
})
observer.observe(document, { subtree: true, attributes: true, attributeFilter: ["data-snapshot"] })
"""


class Screen:
    """A Chromium window of 1400x900 that notes when each filter mosaic appears."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def watch(self, address: str, run: str) -> None:
        """Open the Train page of a run; returns once its first mosaic is there."""
        self._page.goto(f"{address}/?run={run}")
        self._page.wait_for_selector("[data-testid=lab-mosaic][data-snapshot]")

    def shown(self) -> list[tuple[int, float]]:
        """(id of the snapshot, time of the frame that showed it in seconds since 1970) since the page was opened."""
        return [(int(snapshot), float(when)) for snapshot, when in self._page.evaluate("window.labShown")]

    def leave(self) -> None:
        """Close the page; the browser stays, with nothing to do."""
        self._page.goto("about:blank")


@contextmanager
def screen() -> Generator[Screen]:
    """Debian's or the system's Chromium, headless. Raises RuntimeError where there is none."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise RuntimeError("no Chromium is installed; on Debian: apt install chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=OPTIONS) as browser,
    ):
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(60_000)
        page.add_init_script(OBSERVER)
        yield Screen(page)


class RemoteViewer:
    """What a browser on another machine costs this one: the questions and pictures of a page, twice a second."""

    def __init__(self, address: str, run: str) -> None:
        self._run = f"{address}/lab/runs/{run}"
        self._cursor: dict[str, Any] = {"metric": 0, "command": 0, "revision": ""}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._failure: Exception | None = None

    def __enter__(self) -> "RemoteViewer":
        self._ask()  # the whole history, as when a page opens
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _watch(self) -> None:
        try:
            while not self._stop.wait(PERIOD):
                self._ask()
        except Exception as error:  # noqa: BLE001 raised again where the viewer leaves
            self._failure = error

    def _ask(self) -> None:
        news = json.loads(_get(f"{self._run}/live?{urllib.parse.urlencode(self._cursor)}"))
        if news["revision"] == self._cursor["revision"]:
            return
        self._cursor = news["cursor"] | {"revision": news["revision"]}
        if news["filters"]:
            _get(f"{self._run}/filters/{news['filters']['id']}/10x10x2-signed-shared-light.png")
        if news["strip"]:
            _get(f"{self._run}/strip/{news['strip']['id']}/{news['strip']['cases']}x3-light.png")


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 our own address
        return answer.read()
