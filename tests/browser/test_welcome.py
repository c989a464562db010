"""The welcome in a real browser: what the lab is, and the examples that come with it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import still
from tests.browser.lab import Visit

Visitor = Callable[..., Visit]


def cards(guest: Visit) -> Locator:
    """Of the three examples; they are made while the first browser looks on."""
    found = guest.page.locator("[class*='st-key-example-']").filter(has=guest.page.locator("[class*='st-key-words-']"))
    expect(found).to_have_count(3)
    return found


@pytest.mark.parametrize(("width", "rows"), [(1400, 1), (1100, 3), (800, 3), (390, 3)])
def test_the_examples_lie_in_rows_that_are_full(visit: Visitor, width: int, rows: int) -> None:
    guest = visit(width=width)
    boxes = still.boxes(cards(guest))
    assert len({round(box.y) for box in boxes}) == rows
    assert len({round(box.width) for box in boxes}) == 1, "all are as wide"
    assert all(box.right <= width for box in boxes)
    if rows == 1:
        assert len({round(box.height) for box in boxes}) == 1, "and as high as their neighbours"


def test_a_click_on_a_card_opens_its_example(visit: Visitor) -> None:
    guest = visit()
    cards(guest).nth(1).get_by_role("button", name="Look at it").click()
    guest.wait_for_state("done")
    expect(guest.page.get_by_role("heading", name="Watch a network learn to see")).to_be_hidden()
