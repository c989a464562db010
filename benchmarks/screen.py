"""A real Chromium that looks at the lab, and notes when it sees what."""

import json
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
SETTLED = "[data-testid='stApp'][data-test-script-state='notRunning']"
MOSAIC = "[data-testid=lab-mosaic][data-snapshot]"

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


# One step of the scrubber, from the event to the frame that shows the other picture.
SCRUB = """
async (places) => {
  const range = document.querySelector("[data-testid=labf-range]")
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const times = []
  for (const place of places) {
    const before = document.querySelector(".labf-mosaic").src
    const begun = performance.now()
    range.value = String(place)
    range.dispatchEvent(new Event("input", { bubbles: true }))
    while (document.querySelector(".labf-mosaic").src === before && performance.now() - begun < 5000) await frame()
    times.push((performance.now() - begun) / 1000)
  }
  return times
}
"""


# Milliseconds from the request for the page to the frame that shows something. Asked in the page itself: from outside
# an answer comes only when the page has time for one, and reading plotly.js after the first picture takes it a third of
# a second.
PAINTED = """
const look = () => {
  const element = document.querySelector(%s)
  if (!element?.getClientRects().length) return requestAnimationFrame(look)
  requestAnimationFrame(() => { window.labPainted = performance.now() })
}
requestAnimationFrame(look)
"""


class Screen:
    """A Chromium window of 1400x900."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page = self._window()

    def watch(self, address: str, run: str) -> None:
        """Open the Train page of a run; returns once its first mosaic is there."""
        self._page.goto(f"{address}/?run={run}")
        self._page.wait_for_selector(MOSAIC)

    def shown(self) -> list[tuple[int, float]]:
        """(id of the snapshot, time of the frame that showed it in seconds since 1970) since the page was opened."""
        return [(int(snapshot), float(when)) for snapshot, when in self._page.evaluate("window.labShown")]

    def leave(self) -> None:
        """Close the page; the browser stays, with nothing to do."""
        self._page.goto("about:blank")

    def open_anew(self, address: str, content: str) -> tuple[float, float]:
        """Seconds until the `content` (a selector) of a page is on the screen, and until all of it stands.

        In a browser that was never here. All of it: the script has run and the page has time for an answer.
        """
        with self._browser.new_context(viewport={"width": 1400, "height": 900}) as context:
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.add_init_script(PAINTED % json.dumps(content))
            begun = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(content)
            page.wait_for_selector(SETTLED)
            page.wait_for_function("window.labPainted")
            return float(page.evaluate("window.labPainted")) / 1000, time.perf_counter() - begun

    def start(self, address: str) -> float:
        """Seconds from the click on Start to the first filters of the new run."""
        self._page.goto(f"{address}/?preset=first-look")
        self._page.wait_for_selector(SETTLED)
        button = self._page.get_by_role("button", name="Start").first
        button.wait_for()
        before = self._page.evaluate("document.querySelector('[data-testid=lab-live]')?.dataset.run ?? ''")
        begun = time.perf_counter()
        button.click()
        other = "document.querySelector('[data-testid=lab-live]')?.dataset.run !== before"
        self._page.wait_for_function(f"before => document.querySelector({MOSAIC!r}) && {other}", arg=before)
        return time.perf_counter() - begun

    def scrub(self, address: str, run: str, steps: int) -> list[float]:
        """Seconds of each step through the first `steps` moments of a run, all of which have been seen before."""
        self._page.goto(f"{address}/features?run={run}&epoch=0")
        self._page.wait_for_selector(".labf-mosaic[src]")
        self._page.wait_for_selector(SETTLED)
        last = int(self._page.get_by_test_id("labf-range").get_attribute("max") or 0)
        places = list(range(1, min(steps, last) + 1))
        self._page.evaluate(SCRUB, places)
        return self._page.evaluate(SCRUB, places[-2::-1])

    def _window(self) -> Page:
        page = self._browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(60_000)
        page.add_init_script(OBSERVER)
        return page


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
        yield Screen(browser)
