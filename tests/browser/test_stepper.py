"""The stepper in a real browser, with a real worker behind it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dbn_core.config import RunConfig
from tests.browser import still
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]


@pytest.fixture
def stepper(lab: Lab, visit: Visitor) -> Visitor:
    """Opens the stepper on a network that nobody trains."""
    config = RunConfig().with_values({"layers": [23], "device": "cpu"})
    run = lab.store.create_run(config, "untrained", executor="foreground")

    def open_page(**options: int) -> Visit:
        guest = visit(f"stepper?run={run.id}", **options)
        expect(guest.page.locator(".cd-panel")).to_have_count(8)
        return guest

    return open_page


def test_the_three_buttons_make_one_update(stepper: Visitor) -> None:
    guest = stepper()
    expect(guest.page.locator(".cd-panel img")).to_have_count(5)
    for label, pictures in (("Start over", 2), ("Positive phase", 5), ("Negative phase", 10), ("Apply update", 11)):
        guest.press(label)
        expect(guest.page.locator(".cd-panel img")).to_have_count(pictures)
    expect(guest.page.locator(".st-key-arithmetic .katex-html")).to_have_count(6)
    assert still.count(guest.page.locator(".st-key-arithmetic .katex-error")) == 0
    loaded = "[...document.querySelectorAll('.cd-panel img')].every(image => image.complete && image.naturalWidth > 0)"
    guest.page.wait_for_function(loaded)
    assert still.count(guest.page.locator(".cd-panel img:not([alt])")) == 0


def test_slow_motion_plays_by_itself_into_the_next_update(stepper: Visitor) -> None:
    guest = stepper()
    guest.page.get_by_text("Slow motion").click()
    expect(guest.page.get_by_text("1 update applied before")).to_be_visible()
    guest.page.get_by_text("Slow motion").click()
    assert still.count(guest.page.locator(".cd-panel img")) >= 5


@pytest.mark.parametrize("width", [1400, 800])
def test_panels_fit_the_window_and_stand_in_rows(stepper: Visitor, width: int) -> None:
    guest = stepper(width=width)
    boxes = still.boxes(guest.page.locator(".cd-panel"))
    assert len(boxes) == 8
    assert all(box.x >= 0 and box.right <= width for box in boxes)
    assert len({round(box.y) for box in boxes}) == (2 if width == 1400 else 4)


def test_on_a_phone_what_is_not_known_yet_takes_a_line_and_no_screen(stepper: Visitor) -> None:
    guest = stepper(width=390)
    guest.press("Start over")
    expect(guest.page.locator(".cd-panel img")).to_have_count(2)
    assert all(box.height < 40 for box in still.boxes(guest.page.locator(".cd-blank")))
    classes = guest.page.locator(".st-key-stepper-source [data-testid='stButtonGroup'] button")
    places = still.boxes(classes)
    assert len(places) == 10
    assert all(place.right <= 390 for place in places)
    assert sum(round(place.y) == round(places[0].y) for place in places) == 5, "in even rows"
