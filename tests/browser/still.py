"""Reading a page that stands still: here, and nowhere else, tests take the measure of what is on the screen.

A place, a size, a colour, a text or a number of elements that is read once, while the page still builds itself, is
right on a quiet machine only. All readings here are made within the page, of all elements at one moment, and made again
until nothing is on its way and the reading stays the same. `tests/test_stillness.py` keeps other ways out of here.

A view of a run in training never stands still as a whole; what is asked of it has to: its boxes, not its numbers.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Locator, Page, Request

from tests.waiting import PATIENCE

LIVE = re.compile(r"/live\?")  # questions about a run in training, and open lines: there is always one on its way
REST = 80  # ms between two readings, longer than a page defers its own work where it gathers changes
SAME = 3  # readings in a row that have to agree

# What is on its way in the page, "" when nothing is: the script, fonts, pictures, transitions. An animation without an
# end (a spinner, a dot that breathes) moves nothing else. Between two readings whole frames are drawn.
LOOK = """
async (nodes, argument) => {
  await new Promise((resolve) => setTimeout(resolve, %d))
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
  const app = document.querySelector("[data-testid=stApp]")
  const moves = (animation) =>
    animation.playState === "running" && animation.effect?.getComputedTiming().endTime < Infinity
  const loads = (image) => image.getAttribute("src") && !image.complete && image.loading !== "lazy"
  const all = Array.isArray(nodes) ? nodes : []
  const onItsWay =
    (app && app.dataset.testScriptState !== "notRunning" && "the script") ||
    (all.some((node) => !node.isConnected) && "another element in place of this one") ||
    (document.fonts.status === "loading" && "a font") ||
    ([...document.images].some(loads) && "a picture") ||
    (document.getAnimations().some(moves) && "a transition")
  return [onItsWay || "", (%s)(nodes, argument)]
}
"""

BOXES = """nodes => nodes.map(node => {
  const { x, y, width, height } = node.getBoundingClientRect()
  return [node.dataset.testid ?? null, [x, y, width, height]]
})"""


@dataclass(frozen=True)
class Box:
    """Where an element is in the window, in CSS pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Traffic:
    """The requests of a page that have no answer yet, but for those about runs in training."""

    def __init__(self, page: Page) -> None:
        self._open: set[Request] = set()
        page.on("request", self._add)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)
        page.on("framenavigated", lambda frame: self._open.clear() if frame == page.main_frame else None)

    def _add(self, request: Request) -> None:
        if not LIVE.search(request.url):
            self._open.add(request)

    def _end(self, request: Request) -> None:
        self._open.discard(request)

    def __str__(self) -> str:
        return ", ".join(sorted(request.url[:200] for request in self._open))


_traffic: WeakKeyDictionary[Page, Traffic] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """From now on what this page asks its server for counts as on its way; to be called before it goes anywhere."""
    _traffic[page] = Traffic(page)
    return page


def read(
    where: Page | Locator, script: str, argument: Any = None, *, until: Callable[[Any], bool] = lambda _: True
) -> Any:
    """What a JavaScript function says of a page, or of a list of elements, once it stands still and `until` holds.

    Where `until` never holds this is what was read last, so that the test's own assertion names it.
    """
    deadline = time.monotonic() + PATIENCE
    last, times = "", 0
    while True:
        on_its_way, value = _look(where, script, argument)
        seen = json.dumps(value, sort_keys=True)
        times = 0 if on_its_way else times + 1 if seen == last else 1
        last = seen
        if times >= SAME and until(value):
            return value
        if time.monotonic() > deadline:
            assert not on_its_way, f"the page never stood still, on its way is {on_its_way}"
            assert times >= SAME, f"it still changes: {last[:500]}"
            return value


def _look(where: Page | Locator, script: str, argument: Any) -> tuple[str, Any]:
    look = LOOK % (REST, script)
    if isinstance(where, Page):
        on_its_way, value = where.evaluate(f"(argument) => ({look})(document, argument)", argument)
        page = where
    else:
        on_its_way, value = where.evaluate_all(look, argument)
        page = where.page
    return on_its_way or str(_traffic[page]), value


# -- what is read ------------------------------------------------------------------------------------------------------


def wait(page: Page) -> None:
    """Until it stands still: before something is said not to be there, or not to have been asked for."""
    read(page, "() => [document.querySelectorAll('*').length, document.documentElement.scrollHeight]")


def count(places: Locator, *, until: Callable[[int], bool] = lambda _: True) -> int:
    return read(places, "nodes => nodes.length", until=until)


def boxes(places: Locator) -> list[Box]:
    """Of all of them, at one moment; each can be seen."""
    everything = read(places, BOXES, until=_are_visible)
    assert _are_visible(everything), f"some cannot be seen: {everything}"
    return [Box(*numbers) for _, numbers in everything]


def box(place: Locator) -> Box:
    return _one(boxes(place))


def parts(page: Page, *names: str) -> list[Box]:
    """Of the elements with these test ids, at one moment, in this order; each is there once and can be seen."""
    places = page.locator(", ".join(f"[data-testid='{name}']" for name in names))
    everything = read(places, BOXES, until=lambda rows: _are_visible(rows) and len(rows) == len(names))
    assert _are_visible(everything), f"some cannot be seen: {everything}"
    assert sorted(name for name, _ in everything) == sorted(names)
    return [Box(*dict(everything)[name]) for name in names]


def _are_visible(rows: list[Any]) -> bool:
    return bool(rows) and all(width > 0 and height > 0 for _, (_, _, width, height) in rows)


def texts(places: Locator, *, until: Callable[[list[str]], bool] = lambda _: True) -> list[str]:
    """As they are rendered."""
    return read(places, "nodes => nodes.map(node => node.innerText)", until=until)


def text(place: Locator) -> str:
    return _one(texts(place, until=_is_one))


def attributes(places: Locator, name: str) -> list[str | None]:
    return read(places, "(nodes, name) => nodes.map(node => node.getAttribute(name))", name)


def attribute(place: Locator, name: str) -> str | None:
    """`None` where the element has no such attribute."""
    script = "(nodes, name) => nodes.map(node => node.getAttribute(name))"
    return _one(read(place, script, name, until=_is_one))


def of(place: Locator, script: str, argument: Any = None, *, until: Callable[[Any], bool] = lambda _: True) -> Any:
    """What a JavaScript function says of one element."""
    each = f"(nodes, argument) => nodes.map(node => ({script})(node, argument))"
    return _one(read(place, each, argument, until=lambda values: _is_one(values) and until(values[0])))


def colour(canvas: Locator, x: int, y: int) -> list[int]:
    """Red, green, blue and opacity of one pixel of a canvas."""
    return of(canvas, "(canvas, [x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data]", [x, y])


def colours(canvas: Locator) -> int:
    """How many different ones a canvas has."""
    script = """canvas => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    }"""
    return of(canvas, script)


def _is_one(values: list[Any]) -> bool:
    return len(values) == 1


def _one(values: list[Any]) -> Any:
    assert _is_one(values), f"there are {len(values)} of it, not one"
    return values[0]
