"""The head of a page in a real browser: its name, and every other page one click away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dbn_core.records import RunStatus
from tests.browser import still
from tests.browser.lab import Lab, Visit
from tests.samples import make_run

Visitor = Callable[..., Visit]
TITLES = (
    *("Train", "Features", "Diagnose", "Classify", "Generate", "Compare", "A/B", "Report", "Runs"),
    *("Microscope", "Stepper"),
)


def links(page: Page) -> dict[str, still.Box]:
    header = page.locator(".st-key-header")
    return {title: still.box(header.get_by_role("link", name=title, exact=True)) for title in TITLES}


def test_every_page_is_one_click_away_from_every_other_and_names_itself(lab: Lab, visit: Visitor) -> None:
    guest = visit()
    for title in TITLES[1:]:
        guest.page.locator(".st-key-header").get_by_role("link", name=title, exact=True).click()
        expect(guest.page.locator(".st-key-header h1")).to_have_text(title)
        expect(guest.page).to_have_title(f"{title} · Deep Belief Lab")


def test_back_goes_to_the_page_before_at_once_with_the_run_that_was_open(lab: Lab, visit: Visitor) -> None:
    run = make_run(lab.store, "open", RunStatus.DONE, executor="foreground")
    guest = visit(f"report?run={run.id}")
    for title in ("Features", "Diagnose"):
        go(guest, title)
        guest.settle()
    for title in ("Features", "Report"):
        guest.page.go_back()
        expect(guest.page.locator(".st-key-header h1")).to_have_text(title)
        expect(guest.page).to_have_url(f"{lab.address}/{title.lower()}?run={run.id}")


def test_at_1400_pixels_no_page_is_hidden_even_beside_the_set_up(visit: Visitor) -> None:
    guest = visit()
    guest.page.set_viewport_size({"width": 1400, "height": 900})
    menu = still.box(guest.page.get_by_test_id("stMainMenu"))
    boxes = links(guest.page)
    assert max(box.right for box in boxes.values()) < menu.x
    rows = {round(box.y) for box in boxes.values()}
    assert len(rows) == 1


def go(guest: Visit, title: str) -> None:
    guest.page.locator(".st-key-header").get_by_role("link", name=title, exact=True).click()
    expect(guest.page.locator(".st-key-header h1")).to_have_text(title)


@pytest.mark.parametrize("width", [1400, 800])
def test_the_way_to_a_page_is_at_one_place_on_all_pages_and_nothing_of_it_is_hidden(visit: Visitor, width: int) -> None:
    guest = visit(width=width)
    first = links(guest.page)
    menu = still.box(guest.page.get_by_test_id("stMainMenu"))
    assert max(box.right for box in first.values()) < menu.x
    for title in ("Microscope", "Train", "Report"):
        go(guest, title)
        assert links(guest.page) == first
        assert still.box(guest.page.locator(".st-key-header h1")).x > 0


def test_on_a_phone_another_page_shows_its_name_however_far_the_head_was_scrolled(visit: Visitor) -> None:
    guest = visit(width=390)
    for title in ("Stepper", "Report", "Features"):
        go(guest, title)
        head = guest.page.locator(".st-key-header")
        assert still.of(head, "head => head.scrollLeft", until=lambda left: not left) == 0
        assert still.box(guest.page.locator(".st-key-header h1")).x > 0


def test_of_the_sidebar_of_one_page_nothing_is_seen_on_another(lab: Lab, visit: Visitor) -> None:
    guest = visit()
    guest.page.add_init_script("""
      window.remains = 0
      new MutationObserver(() => {
        const title = document.querySelector(".st-key-header h1")?.textContent
        const sidebar = document.querySelector("[data-testid=stSidebar]")
        if (title && title !== "Train" && sidebar?.checkVisibility()) window.remains += 1
      }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    """)
    guest.open(lab.address)
    expect(guest.page.get_by_test_id("stSidebar")).to_be_visible()
    for title in ("Stepper", "Train", "Report"):
        go(guest, title)
        expect(guest.page.get_by_test_id("stSidebar")).to_be_visible(visible=title == "Train")
        assert still.read(guest.page, "() => window.remains") == 0


@pytest.mark.parametrize("name", ["", "stepper"])
def test_on_a_phone_the_head_shows_the_group_of_its_page_and_the_body_does_not_scroll_sideways(
    lab: Lab, visit: Visitor, name: str
) -> None:
    guest = visit()
    guest.page.set_viewport_size({"width": 390, "height": 800})
    guest.open(f"{lab.address}/{name}")
    assert links(guest.page)["Stepper" if name else "Train"].right < 390
    assert still.read(guest.page, "() => document.documentElement.scrollWidth") <= 390
