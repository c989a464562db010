"""The Microscope page in a real browser: what one does with it, and that all of it follows at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import still
from tests.browser.lab import Visit, slide

Visitor = Callable[..., Visit]


@pytest.fixture
def microscope(visit: Visitor) -> Callable[..., Page]:
    """Opens the page and waits for its first drawing; `microscope("set=ring", width=800)`."""

    def open_page(query: str = "", **options: Any) -> Page:
        page = visit(f"microscope?{query}", **options).page
        expect(page.get_by_test_id("labm-figure-logz")).to_have_text(re.compile("nats"))
        return page

    return open_page


def figure(page: Page, key: str) -> float:
    text = still.text(page.get_by_test_id(f"labm-figure-{key}"))
    return float(text.replace("−", "-").replace(",", "").removesuffix(" nats").removesuffix(" ms"))


def set_range(page: Page, key: str, value: float) -> None:
    slide(page.get_by_test_id(f"labm-{key}"), value)


def is_painted(page: Page, key: str) -> bool:
    """Has the canvas more than one colour?"""
    return still.colours(page.get_by_test_id(f"labm-{key}-canvas")) > 5


def test_training_by_the_exact_gradient_raises_the_likelihood_and_a_pause_holds_it(
    microscope: Callable[..., Page],
) -> None:
    page = microscope("hidden=3")
    before = figure(page, "likelihood")
    page.get_by_test_id("labm-train").click()
    page.wait_for_function(
        "Number(document.querySelector('[data-testid=labm-figure-updates]').textContent.replace(',', '')) > 60"
    )
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_test_id("labm-train")).to_have_text("Train")
    updates = figure(page, "updates")
    assert before < figure(page, "likelihood") < figure(page, "best") == pytest.approx(-2.639)
    page.get_by_test_id("labm-step").click()
    expect(page.get_by_test_id("labm-figure-updates")).to_have_text(f"{updates + 1:,.0f}")
    expect(page.get_by_test_id("labm-foot-gradient")).to_contain_text("CD is its exact expectation")


def test_a_weight_is_chosen_by_a_click_and_changed_by_slider_keys_and_number(microscope: Callable[..., Page]) -> None:
    page = microscope()
    first = figure(page, "logz")
    page.locator(".labm-cell[data-at='13']").click()
    expect(page.locator(".labm-chosen")).to_have_text("weight of v4 – h1")
    set_range(page, "value-range", 4)
    expect(page.get_by_test_id("labm-value")).to_have_value("4.00")
    assert figure(page, "logz") != first
    page.locator(".labm-cell[data-at='13']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    page.keyboard.press("+")
    expect(page.locator(".labm-chosen")).to_have_text("weight of v5 – h1")
    expect(page.get_by_test_id("labm-value")).to_have_value("0.10")
    page.get_by_test_id("labm-value").fill("99")
    page.get_by_test_id("labm-value").press("Enter")
    expect(page.locator(".labm-cell[data-at='14']")).to_have_attribute("aria-label", "weight of v5 – h1: 12.00")


def test_a_click_on_the_graph_chooses_an_edge_or_a_unit(microscope: Callable[..., Page]) -> None:
    page = microscope("hidden=1")
    graph = page.get_by_test_id("labm-graph")
    box = still.box(graph)
    graph.click(position={"x": box.width / 2, "y": 34})
    expect(page.locator(".labm-chosen")).to_have_text("bias of h0")
    graph.click(position={"x": box.width / 2, "y": box.height / 2})
    expect(page.locator(".labm-chosen")).to_have_text("weight of v4 – h0")


def test_the_chain_goes_half_step_by_half_step_and_its_visits_end_with_the_model(
    microscope: Callable[..., Page],
) -> None:
    page = microscope()
    page.get_by_role("button", name="Draw h given v").click()
    page.get_by_role("button", name="Draw v given h").click()
    expect(page.get_by_text("chain, 1 visits")).to_be_visible()
    page.get_by_role("button", name="Run chain").click()
    expect(page.get_by_test_id("labm-foot-states")).to_contain_text("total variation")
    page.get_by_role("button", name="Stop chain").click()
    set_range(page, "value-range", 2)
    expect(page.get_by_test_id("labm-foot-states")).to_contain_text("The chain has visited nothing yet")


def test_too_few_temperatures_are_called_so_and_enough_close_the_bracket(microscope: Callable[..., Page]) -> None:
    page = microscope()
    page.get_by_test_id("labm-random").click()
    set_range(page, "temperature", -1.2)
    set_range(page, "temperatures", 0)
    foot = page.get_by_test_id("labm-foot-annealing")
    expect(foot).to_contain_text("Choose more")
    set_range(page, "temperatures", 8)
    expect(foot).to_contain_text("With 500 temperatures: true log Z")


def test_a_link_opens_what_it_names_and_corrects_what_it_may_not(microscope: Callable[..., Page]) -> None:
    page = microscope("set=ring&hidden=99&seed=7&temperature=0.5&method=donut")
    expect(page.get_by_test_id("labm-set")).to_have_value("ring")
    expect(page.get_by_test_id("labm-hidden")).to_have_value("8")
    expect(page.get_by_test_id("labm-seed")).to_have_value("7")
    expect(page.get_by_text("T = 0.50")).to_be_visible()
    page.get_by_test_id("labm-hidden").select_option("5")
    expect(page).to_have_url(re.compile(r"set=ring&hidden=5&seed=7&temperature=0\.50$"))
    page.get_by_test_id("labm-seed").fill("-3")
    page.get_by_test_id("labm-seed").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("whole number from 1 to 999,999, not -3; it stays 7")


def test_the_lesson_sets_up_what_it_describes(microscope: Callable[..., Page]) -> None:
    page = microscope("hidden=2&seed=5")
    lesson = page.get_by_test_id("labm-lesson")
    lesson.get_by_role("button", name="Next step").click()
    expect(lesson).to_contain_text("Learn by CD-1 instead")
    page.get_by_test_id("labm-lesson-set").click()
    expect(page.get_by_test_id("labm-hidden")).to_have_value("8")
    expect(page.get_by_role("button", name="CD-1", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (800, "dark")])
def test_everything_is_drawn_within_the_window_even_for_sixteen_units(
    microscope: Callable[..., Page], width: int, theme: str
) -> None:
    page = microscope("set=patches-4", width=width, theme=theme)
    assert is_painted(page, "states")
    assert is_painted(page, "energies")
    assert still.of(page.locator(".labm"), "node => node.scrollWidth <= node.clientWidth")
    assert all(box.x >= 0 and box.right <= width for box in still.boxes(page.locator(".labm-panel")))
    page.get_by_test_id("labm-energies-canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("labm-foot-energies")).to_contain_text("p(v, h) =")
    page.get_by_role("button", name="Table of How likely").click()
    expect(page.locator(".labm-likelihood tbody tr")).to_have_count(1)
