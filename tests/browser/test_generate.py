"""The Generate page in a real browser, with a real worker behind it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dbn_core.config import RunConfig
from dbn_core.worker import train_run
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]
SMALL = {"layers": [37], "data.train_size": 500, "batch_size": 20, "epochs": 1, "device": "cpu", "labels.joint": True}


@pytest.fixture
def dreamer(lab: Lab) -> str:
    """The id of a finished run with label units."""
    run = lab.store.create_run(RunConfig().with_values(SMALL), "dreamer", executor="foreground")
    train_run(lab.store.url, run.id)
    return run.id


def opened(visit: Visitor, run: str, **options: int) -> Visit:
    guest = visit(f"generate?run={run}", **options)
    expect(guest.page.get_by_test_id("lab-generate")).to_be_visible()
    return guest


def test_ten_classes_are_dreamt_live(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer).page
    page.get_by_label("Gibbs steps").select_option("50")
    page.get_by_test_id("labg-go").click()
    expect(page.locator(".labg-heads span")).to_have_text(list("0123456789"))
    expect(page.get_by_test_id("labg-where")).to_contain_text("Gibbs step 50 of 50")
    expect(page.get_by_test_id("labg-pause")).to_have_text("Play")
    painted = (
        "(() => { const c = document.querySelector('.labg-sheet');"
        "return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size > 8 })()"
    )
    page.wait_for_function(painted)
    expect(page.get_by_test_id("labg-energy").locator(".scatterlayer .trace")).to_have_count(2)
    page.get_by_test_id("labg-sheet").click(position={"x": 100, "y": 30})
    expect(page.get_by_test_id("labg-energy").locator(".scatterlayer .trace")).to_have_count(3)
    with page.expect_download() as download:
        page.get_by_text("gif of the chain").click()
    assert download.value.suggested_filename == "dream-chain-2.gif"
    page.get_by_test_id("labg-sheet").click(position={"x": 100, "y": 30})
    with page.expect_download() as download:
        page.get_by_text("gif", exact=True).click()
    assert download.value.suggested_filename == "dream.gif"


def test_a_wish_that_cannot_be_granted_is_answered_by_a_sentence(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer, width=800).page
    page.get_by_label("Start from").select_option("drawing")
    page.get_by_test_id("labg-go").click()
    expect(page.get_by_role("alert")).to_have_text(
        "There is no drawing yet; draw or upload one, or start from held-out images."
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 800


def test_one_digit_turns_into_another(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer).page
    page.get_by_test_id("labg-interpolate").click()
    expect(page.get_by_test_id("labg-through")).to_be_visible()
    expect(page.get_by_test_id("labg-interpolation")).to_contain_text("times the straight one")
