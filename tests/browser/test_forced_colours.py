"""A system that forces its own few colours on every page, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser import films, still
from tests.browser.lab import Lab, Visit


def test_sliders_legends_and_bars_show_in_the_systems_colours(lab: Lab, profile: Callable[..., BrowserContext]) -> None:
    with lab.keeping(films.finished(lab.store, 6)) as run:
        page = still.watch(profile(forced_colors="active").new_page())
        Visit(page).open(f"{lab.address}/features?run={run.id}")
        expect(page.get_by_test_id("labf-where")).to_contain_text("epoch 6.00")
        style = "(node, name) => getComputedStyle(node)[name]"
        canvas = still.of(page.locator("body"), "() => getComputedStyle(document.documentElement).backgroundColor")
        assert still.of(page.locator(".labf-layer .lab-ramp"), style, "backgroundImage").startswith("linear-gradient")
        assert still.of(page.locator(".lab-bar-fill"), style, "backgroundColor") not in {canvas, "rgba(0, 0, 0, 0)"}
        assert still.of(page.get_by_test_id("labf-range"), style, "appearance") == "auto"
        pressed = page.locator(".labf-options .lab-choice-item[aria-pressed=true]").first
        assert still.of(pressed, style, "backgroundColor") != canvas
        page.close()
