"""How a page follows a run: the script itself, in a browser whose clock, network and visibility are in our hands."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route

SCRIPTS = Path(__file__).parents[2] / "assets" / "shared"
HERE = "http://lab.test"
MORNING, NOON = "2030-01-01T08:00:00", "2030-01-01T12:00:00"

# A network that remembers what was asked of it, and a page that can be hidden.
SURROUNDINGS = """
window.asked = []
window.lines = []
window.told = []
window.trouble = []
window.online = true
window.linesOpen = true
window.answer = (revision) => ({ revision, cursor: { metric: Number(revision) }, status: { alive: true } })
window.next = null
window.fetch = async (address) => {
  window.asked.push(address)
  if (!window.online) throw new TypeError("no network")
  const news = window.next
  window.next = null
  return news ? { ok: true, status: 200, json: async () => news } : { ok: true, status: 204 }
}
window.WebSocket = class {
  static OPEN = 1
  constructor(address) {
    this.address = String(address)
    this.sent = []
    this.readyState = 0
    window.lines.push(this)
    setTimeout(() => window.linesOpen ? this.open() : this.break(), 1)
  }
  open() { this.readyState = 1; this.onopen?.() }
  break() { this.readyState = 3; this.onclose?.() }
  hear(news) { this.onmessage?.({ data: news ? JSON.stringify(news) : "" }) }
  send(text) { this.sent.push(text) }
  close() { this.readyState = 3 }
}
window.hide = (hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden })
  document.dispatchEvent(new Event("visibilitychange"))
}
"""
BEGIN = """
async (address) => {
  const { Feed } = await import(address)
  window.next = window.answer("1")
  const hear = ({ revision }) => window.told.push(revision)
  window.feed = new Feed("/lab/runs/r/live", hear, (kind) => window.trouble.push(kind), 100)
}
"""


class Following:
    """A page that follows a run."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def do(self, script: str) -> Any:
        return self._page.evaluate(script)

    def pass_time(self, milliseconds: int) -> None:
        """The clock goes on by so much, and everything that is due is done."""
        self._page.clock.run_for(milliseconds)

    @property
    def asked(self) -> int:
        return self.do("window.asked.length")

    @property
    def open_lines(self) -> int:
        return self.do("window.lines.filter(line => line.readyState === 1).length")

    @property
    def told(self) -> list[str]:
        return self.do("window.told")


@pytest.fixture
def following(profile: Callable[..., BrowserContext]) -> Iterator[Following]:
    page = profile().new_page()  # a clock is that of a whole profile
    page.route(f"{HERE}/**", serve)
    page.clock.install(time=MORNING)
    page.goto(f"{HERE}/")
    page.clock.pause_at(NOON)  # from here on it goes on in `pass_time` alone, however long the machine takes
    page.evaluate(f"() => {{ {SURROUNDINGS} }}")
    page.evaluate(BEGIN, f"{HERE}/feed.js")
    following = Following(page)
    following.pass_time(100)
    yield following
    page.context.close()


def serve(route: Route) -> None:
    """The scripts, from the folder they lie in; an empty page else. No server has to run for them."""
    script = SCRIPTS / route.request.url.removeprefix(f"{HERE}/")
    if script.is_file():
        route.fulfill(path=script, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def test_one_question_brings_what_there_is_and_a_line_that_knows_it_the_rest(following: Following) -> None:
    assert (following.asked, following.open_lines, following.told) == (1, 1, ["1"])
    assert following.do("window.lines[0].address").endswith("/lab/runs/r/live?metric=1&revision=1")
    following.do("window.lines[0].hear(window.answer('2'))")
    assert following.told == ["1", "2"]
    following.pass_time(20_000)
    assert following.asked == 1


def test_the_next_answer_is_asked_for_after_a_pause(following: Following) -> None:
    following.do("window.lines[0].hear(window.answer('2'))")
    following.pass_time(50)
    assert following.do("window.lines[0].sent") == []
    following.pass_time(100)
    assert following.do("window.lines[0].sent") == [""]


def test_a_hidden_page_hangs_up_asks_every_five_seconds_and_listens_again_when_it_is_seen(
    following: Following,
) -> None:
    following.do("window.hide(true)")
    assert following.open_lines == 0
    following.pass_time(20_500)
    assert (following.asked, following.open_lines) == (1 + 4, 0)
    following.do("window.next = window.answer('7'); window.hide(false)")
    following.pass_time(100)
    assert (following.asked, following.open_lines, following.told) == (6, 1, ["1", "7"])


def test_a_lost_line_is_explained_by_questions_ever_further_apart_and_comes_back_with_the_cursor(
    following: Following,
) -> None:
    following.do("window.online = false; window.lines[0].break()")
    following.pass_time(1000)
    assert following.do("window.trouble.at(-1)") == "offline"
    following.pass_time(60_000)
    assert following.asked < 15
    following.do("window.online = true; window.next = window.answer('9')")
    following.pass_time(8500)
    assert (following.do("window.trouble.at(-1)"), following.open_lines, following.told) == ("", 1, ["1", "9"])
    assert following.do("window.lines.at(-1).address").endswith("?metric=9&revision=9")


def test_where_no_line_can_be_had_questions_take_its_place_and_it_is_tried_ever_more_seldom(
    following: Following,
) -> None:
    following.do("window.linesOpen = false; window.lines[0].break()")
    following.pass_time(60_000)
    assert following.do("window.trouble.filter(kind => kind).length") == 0
    assert following.asked > 100
    assert 4 <= following.do("window.lines.length") <= 8


def test_a_line_without_a_word_for_long_counts_as_broken(following: Following) -> None:
    following.pass_time(20_000)
    following.do("window.lines[0].hear(null)")
    following.pass_time(20_000)
    assert (following.asked, following.do("window.lines.length")) == (1, 1)
    following.pass_time(6000)
    assert (following.asked, following.do("window.lines.length"), following.open_lines) == (2, 2, 1)
