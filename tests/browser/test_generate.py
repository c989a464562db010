"""The Generate page in a real browser, with a real worker behind it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from dbn_core.config import RunConfig
from dbn_core.worker import train_run
from tests.browser import still
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]
SMALL = {"layers": [37], "data.train_size": 500, "batch_size": 20, "epochs": 1, "device": "cpu", "labels.joint": True}


@pytest.fixture(scope="module")
def dreamer(lab: Lab) -> Iterator[str]:
    """The id of a finished run with label units."""
    run = lab.store.create_run(RunConfig().with_values(SMALL), "dreamer", executor="foreground")
    train_run(lab.store.url, run.id)
    with lab.keeping(run):
        yield run.id


def opened(visit: Visitor, run: str, **options: int) -> Visit:
    guest = visit(f"generate?run={run}", **options)
    expect(guest.page.get_by_test_id("lab-generate")).to_be_visible()
    return guest


def test_ten_classes_are_dreamt_live_at_once_and_again_as_asked(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer).page
    expect(page.get_by_test_id("labg-where")).to_contain_text("of 200")  # nobody has pressed anything
    expect(page.get_by_test_id("labg-pause")).to_have_text("Pause")
    page.get_by_label("Gibbs steps").select_option("50")
    page.get_by_test_id("labg-go").click()
    expect(page.locator(".labg-heads span")).to_have_text(list("0123456789"))
    expect(page.get_by_test_id("labg-where")).to_contain_text("Gibbs step 50 of 50")
    expect(page.get_by_test_id("labg-pause")).to_have_text("Play")
    assert still.colours(page.get_by_test_id("labg-sheet")) > 8
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


def test_on_a_phone_the_controls_of_a_dream_lie_within_its_panel(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer, width=390).page
    expect(page.get_by_test_id("labg-where")).to_contain_text("of 200")
    edge = still.box(page.locator(".labg-transport")).right
    assert all(box.right <= edge for box in still.boxes(page.locator(".labg-transport > *:not([hidden])")))


def test_a_wish_that_cannot_be_granted_is_answered_by_a_sentence(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer, width=800).page
    page.get_by_label("Start from").select_option("drawing")
    page.get_by_test_id("labg-go").click()
    expect(page.get_by_role("alert")).to_have_text(
        "There is no drawing yet; draw or upload one, or start from held-out images."
    )
    assert still.read(page, "() => document.documentElement.scrollWidth") <= 800


def test_where_motion_is_not_wanted_the_last_picture_comes_alone(
    dreamer: str, lab: Lab, profile: Callable[..., BrowserContext]
) -> None:
    page = still.watch(profile(reduced_motion="reduce").new_page())
    page.goto(f"{lab.address}/generate?run={dreamer}")
    where = page.get_by_test_id("labg-where")
    expect(where).to_contain_text("Gibbs step 200 of 200")
    expect(page.get_by_test_id("labg-pause")).to_have_text("Play")
    page.get_by_test_id("labg-pause").click()
    expect(page.get_by_test_id("labg-pause")).to_have_text("Pause")  # who asks for motion gets it


def test_one_digit_turns_into_another_by_itself(dreamer: str, visit: Visitor) -> None:
    page = opened(visit, dreamer).page
    expect(page.get_by_test_id("labg-through")).to_be_visible()
    expect(page.get_by_test_id("labg-interpolation")).to_contain_text("times the straight one")
