"""The Train page in a real browser, with a real trainer behind it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dbn_core.config import RunConfig
from pages.parts import routes
from tests.browser.lab import ENDLESS, Cable, Lab, Visit

Visitor = Callable[..., Visit]


def test_a_link_fills_the_form_and_starts_nothing(lab: Lab, visit: Visitor) -> None:
    guest = visit("?preset=sparse-strokes&training.k=7&layers=100-50")
    expect(guest.page.get_by_role("textbox", name="Layers (units)")).to_have_value("100-50")
    expect(guest.page.get_by_role("button", name="Start these settings")).to_be_enabled()
    assert not lab.store.runs()


def test_one_click_in_an_empty_lab_starts_a_run_whose_error_falls_while_its_filters_change(
    lab: Lab, visit: Visitor
) -> None:
    guest = visit()
    guest.press("Start First look")
    guest.wait_for_picture()
    first = guest.picture
    guest.wait_for_points(6)
    guest.wait("plot.data[0].y.at(-1) < 0.8 * plot.data[0].y[0]")
    guest.wait_for_picture(other_than=first)
    (info,) = lab.store.runs()
    assert info.config == RunConfig.preset("first-look")
    assert f"run={info.id}" in guest.page.url
    expect(guest.page.get_by_test_id("lab-strip")).to_be_visible()
    assert guest.curve("activity")
    assert guest.curve("dead")


def test_a_browser_is_told_of_every_script_that_the_first_one_imports(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_picture()
    told = guest.page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)")
    names = [address.rpartition("/")[2] for address in told if f"/lab/assets/{routes.version()}/" in address]
    assert names == routes.scripts().needed_by("main.js")
    assert "charts.js" in names


def test_a_zoom_is_shared_by_all_charts_and_survives_five_ticks_and_a_rerun_of_the_page(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_points(10)
    plot = guest.page.get_by_test_id("lab-chart-error").element_handle()
    guest.zoom()
    guest.wait("plot.layout.xaxis.range[0] > 0")
    zoomed, length = guest.range(), len(guest.curve())
    guest.wait_for_ticks(5)
    guest.wait_for_points(length + 1)
    assert guest.range() == zoomed
    assert guest.range("activity") == guest.range("dead") == zoomed
    assert plot.evaluate("node => node.isConnected && node.layout.xaxis.range[0] > 0")
    # A rerun of the whole script must not take it away either.
    guest.page.get_by_role("textbox", name="Layers (units)").fill("31")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**layers=31**")
    guest.wait_for_ticks(1)
    assert guest.range() == zoomed
    assert plot.evaluate("node => node.isConnected")
    guest.press("whole run")
    guest.wait("plot?.layout?.xaxis.range[0] === 0")


def test_pause_freezes_the_numbers_and_space_lets_them_go_on(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_points(3)
    guest.press("Pause")
    guest.wait_for_state("paused")
    facts = "document.querySelector('[data-testid=lab-facts]')?.innerText ?? ''"
    frozen = guest.page.wait_for_function(
        f"() => {{ const x = {facts}; return x.includes('epoch') && x }}"
    ).json_value()
    guest.page.wait_for_timeout(1500)  # nothing changes, so nothing is sent that one could wait for
    guest.wait(f"({facts}) === x", frozen)
    expect(guest.page.get_by_role("button", name="Resume")).to_be_enabled()
    guest.page.locator("body").press("Space")
    guest.wait_for_state("running")
    guest.wait("(document.querySelector('[data-testid=lab-facts]')?.innerText ?? x) !== x", frozen)
    expect(guest.page.get_by_role("button", name="Pause")).to_be_enabled()


def test_a_step_makes_one_update_and_waits(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.press("Pause")
    guest.wait_for_state("paused")
    fact = "[...document.querySelectorAll('.lab-fact')].find(fact => fact.innerText.startsWith('update'))?.innerText"
    before = guest.page.wait_for_function(f"() => {fact}").json_value()  # a view put up again has to be told first
    number = int(before.removeprefix("update ").replace(",", ""))
    guest.page.locator("body").press("u")
    guest.wait(f"{fact} === x", f"update {number + 1:,}")
    guest.wait_for_state("paused")


def test_a_knob_turned_while_it_trains_leaves_its_mark_and_is_acknowledged(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    run = guest.start()
    guest.wait_for_points(3)
    knob = guest.page.locator(".st-key-knobs").get_by_role("spinbutton", name="Learning rate")
    knob.fill("0.02")
    knob.press("Enter")
    expect(guest.page.get_by_test_id("lab-note")).to_contain_text("learning rate = 0.02 at epoch")
    guest.wait("plot?.layout?.annotations?.length === 1")
    assert "learning rate = 0.02" in guest.marks()[0]
    (record,) = lab.store.run(run).commands()
    assert record.position is not None
    assert f"update {record.position.step}" in guest.marks()[0]


def test_a_reload_finds_the_run_and_all_of_its_curve_again(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    run = guest.start()
    guest.wait_for_points(8)
    guest.press("Pause")
    guest.wait_for_state("paused")
    guest.wait_for_points(len(lab.store.run(run).metrics(names=["recon_mse"])))
    curve = guest.curve()
    guest.page.reload()
    guest.settle()
    guest.wait_for_state("paused")
    guest.wait_for_points(len(curve))
    assert guest.run == run
    assert guest.curve() == curve


def test_a_second_browser_sees_the_same_run_and_its_command_reaches_the_first(visit: Visitor) -> None:
    first = visit(ENDLESS)
    run = first.start()
    second = visit(person=2)
    second.wait_for_state("running")
    second.wait_for_points(3)
    assert second.run == run
    second.press("Pause")
    first.wait_for_state("paused")
    expect(first.page.get_by_role("button", name="Resume")).to_be_visible()
    first.wait("document.querySelector('[data-testid=lab-facts]')?.innerText === x", second.facts)


def test_another_run_takes_over_the_view_and_nothing_of_the_old_one_stays(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    old = guest.start()
    guest.wait_for_points(5)
    guest.press("Stop")
    guest.wait_for_state("stopped")
    length = len(guest.curve())
    new = guest.start()
    assert new != old
    guest.wait_for_points(1)
    assert len(guest.curve()) < length + 5
    guest.press("Stop")
    guest.wait_for_state("stopped")
    expect(guest.page.get_by_role("button", name="Resume")).to_be_enabled()


def test_a_lost_connection_says_so_and_no_point_is_lost_or_drawn_twice(lab: Lab, visit: Visitor) -> None:
    guest = visit()
    cable = Cable(guest.page)
    guest.open(f"{lab.address}/{ENDLESS}")
    run = guest.start()
    guest.wait_for_points(3)
    cable.cut()
    expect(guest.page.get_by_role("alert").filter(has_text="Connection lost, trying again")).to_be_visible()
    guest.press("Pause")
    cable.mend()
    guest.wait_for_state("paused")
    expect(guest.page.get_by_text("Connection lost")).to_be_hidden()
    stored = lab.store.run(run).metrics(names=["recon_mse"])
    guest.wait_for_points(len(stored))
    assert len(guest.curve()) == len(stored)


def test_a_name_is_shown_as_text_everywhere(lab: Lab, visit: Visitor) -> None:
    name = "<img src=x onerror=window.hacked=1> **b** :red[c]"
    guest = visit(ENDLESS)
    run = guest.start()
    lab.store.run(run).rename(name)
    guest.press("Stop")
    guest.wait_for_state("stopped")
    guest.page.reload()
    guest.settle()
    expect(guest.page.get_by_role("combobox", name="Run")).to_have_value(f"{name} · stopped")
    guest.page.get_by_role("link", name="Runs").click()
    expect(guest.page.get_by_text(name)).to_be_visible()
    assert guest.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_that_moves_is_on_the_first_screen(visit: Visitor, theme: str) -> None:
    guest = visit(ENDLESS, theme=theme)
    guest.start()
    guest.wait_for_points(3)
    guest.wait_for_picture()
    parts = [*(f"lab-chart-{key}" for key in ("error", "activity", "dead")), "lab-mosaic", "lab-strip", "lab-headline"]
    for part in parts:
        box = guest.page.get_by_test_id(part).bounding_box()
        assert box is not None
        assert box["height"] > 15
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        assert box["x"] + box["width"] <= 1400
    assert guest.page.get_by_test_id("lab-live").get_attribute("data-theme") == theme
    main = guest.page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollHeight <= node.clientHeight")


def test_a_narrow_window_stacks_without_scrolling_sideways(visit: Visitor) -> None:
    guest = visit(ENDLESS, width=800, height=1000)
    guest.start()
    guest.wait_for_points(3)
    guest.wait_for_picture()
    tops = []
    for part in ("lab-headline", "lab-mosaic", "lab-chart-error", "lab-chart-activity", "lab-chart-dead", "lab-strip"):
        box = guest.page.get_by_test_id(part).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 800
        tops.append(box["y"])
    assert tops == sorted(tops)


def test_each_chart_has_help_and_a_table_within_reach_of_the_keyboard(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_points(5)
    button = guest.page.get_by_role("button", name="Help: How well does it redraw the images?")
    button.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_text("squared error per pixel", exact=False).locator("visible=true").first).to_be_visible()
    guest.page.keyboard.press("Escape")
    guest.page.get_by_role("button", name="Table of How well does it redraw the images?").press("Enter")
    table = guest.page.get_by_role("region", name="Table: How well does it redraw the images?")
    expect(table.get_by_role("columnheader", name="layer 1, held out")).to_be_visible()
    assert table.get_by_role("row").count() >= 6


def test_the_filters_on_the_screen_can_be_saved_as_a_picture(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_picture()
    with guest.page.expect_download() as download:
        guest.page.get_by_label("Download the filters on the screen as PNG").click()
    assert download.value.suggested_filename.startswith("filters layer 1 epoch")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
