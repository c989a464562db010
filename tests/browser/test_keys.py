"""What a person does by keyboard alone, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from dbn_core.store import Run
from tests.browser import films, still
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def film(lab: Lab) -> Iterator[Run]:
    with lab.keeping(films.finished(lab.store, 6)) as run:
        yield run


def test_a_question_mark_lists_the_keys_of_the_page_and_escape_closes_the_list(visit: Visitor) -> None:
    page = visit("stepper").page
    shown = page.get_by_role("dialog", name="What the keys do on this page")
    expect(page.get_by_role("button", name="Keys", exact=True)).to_be_visible()
    page.keyboard.press("?")
    expect(shown).to_be_visible()
    assert still.texts(shown.locator("dt")) == ["→", "?"]
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    page.locator(".st-key-header").get_by_role("link", name="Features", exact=True).click()
    expect(page.locator(".st-key-header h1")).to_have_text("Features")
    page.get_by_role("button", name="Keys", exact=True).click()
    expect(shown.get_by_text("Close the unit's life")).to_be_visible()
    page.keyboard.press("?")
    expect(shown).to_be_hidden()


def test_a_page_without_keys_offers_no_list(visit: Visitor) -> None:
    page = visit("runs").page
    expect(page.locator(".st-key-header h1")).to_have_text("Runs")
    assert not still.count(page.get_by_role("button", name="Keys", exact=True))


def test_escape_closes_what_is_on_top_and_then_the_life_of_a_unit(film: Run, visit: Visitor) -> None:
    page = visit(f"features?run={film.id}&layer=1&unit=3").page
    life = page.get_by_test_id("labf-unit")
    expect(page.get_by_test_id("labf-unit-title")).to_have_text("Unit 3 of layer 1")
    tile = page.locator("[data-testid=labf-layer-1] [data-unit='3']")
    expect(tile).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(life).to_be_visible()
    page.keyboard.press("Escape")
    expect(life).to_be_hidden()
    expect(tile).to_be_focused()
