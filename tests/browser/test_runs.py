"""The list of runs in a real browser."""

from collections.abc import Callable

from playwright.sync_api import expect

from dbn_core.records import RunStatus
from tests.browser.lab import Lab, Visit
from tests.samples import make_run

Visitor = Callable[..., Visit]


def test_a_run_is_renamed_annotated_and_deleted_only_after_a_second_question(lab: Lab, visit: Visitor) -> None:
    run = make_run(lab.store, "before", RunStatus.DONE, executor="foreground")
    guest = visit("runs")
    expect(guest.page.get_by_role("img", name="Some of its filters").first).to_be_visible()
    choose(guest, "Rename")
    guest.page.get_by_role("dialog").get_by_role("textbox").fill("after")
    guest.page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(guest.page.get_by_role("dialog")).to_be_hidden()
    expect(guest.page.get_by_text("after", exact=True)).to_be_visible()
    choose(guest, "Note")
    guest.page.get_by_role("dialog").get_by_role("textbox").fill("blurred at first")
    guest.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(guest.page.get_by_role("dialog")).to_be_hidden()
    expect(guest.page.get_by_text("blurred at first")).to_be_visible()
    assert (run.info().name, run.info().note) == ("after", "blurred at first")
    choose(guest, "Delete")
    guest.press("Keep it")
    expect(guest.page.get_by_role("dialog")).to_be_hidden()
    assert len(lab.store.runs()) == 1
    choose(guest, "Delete")
    guest.press("Delete for good")
    expect(guest.page.get_by_text("Nothing has been trained yet")).to_be_visible()
    assert not lab.store.runs()


def choose(guest: Visit, option: str) -> None:
    guest.settle()
    guest.press("More")
    guest.page.get_by_role("menuitem", name=option).or_(guest.page.get_by_role("option", name=option)).click()
