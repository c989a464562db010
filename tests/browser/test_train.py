"""The Train page in a real browser, with a real trainer behind it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from tests.browser import still
from tests.browser.lab import ENDLESS, Cable, Lab, Visit
from web.scripts import scripts

Visitor = Callable[..., Visit]
# What is on the first screen, from the top to the bottom of a narrow one.
PARTS = ("lab-headline", "lab-mosaic", "lab-chart-error", "lab-chart-activity", "lab-chart-dead", "lab-strip")


def test_a_link_fills_the_form_and_starts_nothing(lab: Lab, visit: Visitor) -> None:
    guest = visit("?preset=sparse-strokes&training.k=7&layers=100-50")
    expect(guest.page.get_by_role("textbox", name="Layers (units)")).to_have_value("100-50")
    expect(guest.page.get_by_role("button", name="Start these settings")).to_be_enabled()
    still.wait(guest.page)
    assert not lab.store.runs()


def test_one_click_in_an_empty_lab_starts_a_run_whose_error_falls_while_its_filters_change(
    lab: Lab, visit: Visitor
) -> None:
    guest = visit()
    guest.press("Start First look")
    guest.wait_for_picture()
    guest.wait_for_points(6)
    guest.wait("plot?.data?.[0] && plot.data[0].y.at(-1) < 0.8 * plot.data[0].y[0]")
    (info,) = lab.store.runs()
    first, *_ = lab.store.run(info.id).snapshots()  # on a busy machine the page may open after it was replaced
    guest.wait_for_picture(later_than=first.id)
    assert info.config == RunConfig.preset("first-look")
    expect(guest.page).to_have_url(re.compile(f"run={info.id}"))
    expect(guest.page.get_by_test_id("lab-strip")).to_be_visible()
    for chart in ("activity", "dead"):
        guest.wait("document.querySelector(`[data-testid=lab-chart-${x}]`)?.data?.[0]?.y?.length > 0", chart)


def test_a_browser_is_told_of_every_script_that_the_first_one_imports(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_picture()
    links = "() => [...document.querySelectorAll('link[rel=modulepreload]')].map((link) => link.href)"
    told = still.read(guest.page, links)
    folder = f"/lab/assets/{scripts().version}/"
    names = [address.partition(folder)[2] for address in told if folder in address]
    assert names == [*scripts().needed_by("keys"), *scripts().needed_by("live")]
    assert "shared/charts.js" in names


def test_a_zoom_is_shared_by_all_charts_and_survives_five_ticks_and_a_rerun_of_the_page(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_points(10)
    guest.wait("plot && (window.plotAtFirst = plot).isConnected")
    guest.zoom()
    guest.wait("plot?.layout?.xaxis.range[0] > 0")
    zoomed = guest.range()
    length = guest.wait_for_points(1)
    guest.wait_for_ticks(5)
    guest.wait_for_points(length + 1)
    assert guest.range() == zoomed
    assert guest.range("activity") == guest.range("dead") == zoomed
    assert still.of(guest.page.get_by_test_id("lab-chart-error"), "plot => plot === window.plotAtFirst")
    # A rerun of the whole script must not take it away either.
    guest.page.get_by_role("textbox", name="Layers (units)").fill("31")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url("**layers=31**")
    guest.wait_for_ticks(1)
    assert guest.range() == zoomed
    assert still.of(guest.page.get_by_test_id("lab-chart-error"), "plot => plot === window.plotAtFirst")
    guest.press("whole run")
    guest.wait("plot?.layout?.xaxis.range[0] === 0")


def test_pause_freezes_the_numbers_and_space_lets_them_go_on(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    run = lab.store.run(guest.start())
    guest.wait_for_points(3)
    guest.pause()
    frozen = guest.wait_for_facts()
    # In a pause nothing is sent that one could wait for, so there has to be news: it brings all that was before it.
    run.send(SetHyperparameter("training.learning_rate", 0.02))
    guest.wait("plot?.layout?.annotations?.some(mark => mark.hovertext.includes('learning rate = 0.02'))")
    assert guest.wait_for_facts() == frozen
    pause, change = run.commands()
    assert pause.position == change.position
    expect(guest.page.get_by_role("button", name="Resume")).to_be_enabled()
    guest.page.locator("body").press("Space")
    guest.wait_for_state("running")
    guest.wait_for_facts(other_than=frozen)
    expect(guest.page.get_by_role("button", name="Pause")).to_be_enabled()


def test_a_step_makes_one_update_and_waits(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.pause()
    fact = "[...document.querySelectorAll('.lab-fact')].find(fact => fact.innerText.startsWith('update'))?.innerText"
    before = guest.wait(fact)  # a view put up again has to be told first
    number = int(before.removeprefix("update ").replace(",", ""))
    guest.page.locator("body").press("u")
    guest.wait(f"{fact} === x", f"update {number + 1:,}")
    guest.wait_for_state("paused")


def test_a_knob_turned_while_it_trains_leaves_its_mark_and_is_acknowledged(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    run = guest.start()
    guest.wait_for_points(3)
    knob = guest.page.locator(".st-key-knobs").get_by_role("spinbutton", name="Learning rate")
    guest.listen_to("lab-note")
    knob.fill("0.02")
    knob.press("Enter")
    guest.wait_until_heard("learning rate = 0.02 at epoch")
    guest.wait("plot?.layout?.annotations?.length === 1")
    assert "learning rate = 0.02" in guest.marks()[0]
    (record,) = lab.store.run(run).commands()
    assert record.position is not None
    assert f"update {record.position.step}" in guest.marks()[0]


def test_a_reload_finds_the_run_and_all_of_its_curve_again(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    run = guest.start()
    guest.wait_for_points(8)
    guest.pause()
    guest.wait_for_points(len(errors(lab, run)))
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
    second = visit(f"?run={run}", person=2)
    second.wait_for_state("running")
    second.wait_for_points(3)
    assert second.run == run
    second.press("Pause")
    first.wait_for_state("paused")
    expect(first.page.get_by_role("button", name="Resume")).to_be_visible()
    second.wait_for_state("paused")
    told = still.text(second.page.get_by_test_id("lab-facts"))
    expect(first.page.get_by_test_id("lab-facts")).to_have_text(told, use_inner_text=True)


def test_another_run_takes_over_the_view_and_nothing_of_the_old_one_stays(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    old = guest.start()
    guest.wait_for_points(5)
    guest.stop()
    new = guest.start()
    assert new != old
    guest.wait_for_points(1)
    guest.stop()
    measured = errors(lab, new)
    guest.wait_for_points(len(measured))
    assert guest.curve() == pytest.approx(measured, rel=1e-3)
    expect(guest.page.get_by_role("button", name="Resume")).to_be_enabled()


def test_back_goes_to_the_run_before_at_once(lab: Lab, visit: Visitor) -> None:
    guest = visit(ENDLESS)
    old = guest.start()
    guest.stop()
    guest.start()
    guest.page.go_back()
    expect(guest.page.get_by_test_id("lab-live")).to_have_attribute("data-run", old)
    guest.wait_for_state("stopped")
    guest.page.go_forward()
    guest.wait_for_state("running")
    guest.stop()


def errors(lab: Lab, run: str) -> list[float]:
    """What the first curve shows, as it is in the store."""
    return [point.value for point in lab.store.run(run).metrics(names=["recon_mse"])]


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
    stored = errors(lab, run)
    guest.wait_for_points(len(stored))
    assert len(guest.curve()) == len(stored)


def test_a_name_is_shown_as_text_everywhere(lab: Lab, visit: Visitor) -> None:
    name = "<img src=x onerror=window.hacked=1> **b** :red[c]"
    guest = visit(ENDLESS)
    run = guest.start()
    lab.store.run(run).rename(name)
    guest.stop()
    guest.page.reload()
    guest.settle()
    expect(guest.page.get_by_role("combobox", name="Run")).to_have_value(f"{name} · stopped")
    guest.page.get_by_role("link", name="Runs").click()
    expect(guest.page.get_by_text(name)).to_be_visible()
    assert still.read(guest.page, "() => window.hacked ?? null") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_that_moves_is_on_the_first_screen(visit: Visitor, theme: str) -> None:
    guest = visit(ENDLESS, theme=theme)
    guest.start()
    guest.wait_for_points(3)
    guest.wait_for_picture()
    for box in still.parts(guest.page, *PARTS):
        assert box.height > 15
        assert box.y >= 0
        assert box.bottom <= 900
        assert box.right <= 1400
    assert still.attribute(guest.page.get_by_test_id("lab-live"), "data-theme") == theme
    assert still.of(guest.page.get_by_test_id("stMain"), "node => node.scrollHeight <= node.clientHeight")


def test_a_narrow_window_stacks_without_scrolling_sideways(visit: Visitor) -> None:
    guest = visit(ENDLESS, width=800, height=1000)
    guest.start()
    guest.wait_for_points(3)
    guest.wait_for_picture()
    boxes = still.parts(guest.page, *PARTS)
    assert all(box.right <= 800 for box in boxes)
    tops = [box.y for box in boxes]
    assert tops == sorted(tops)


def test_each_chart_has_help_and_a_table_within_reach_of_the_keyboard(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_points(5)
    button = guest.page.get_by_role("button", name="Help: How well does it reconstruct images?")
    button.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_text("squared error per pixel", exact=False).locator("visible=true").first).to_be_visible()
    guest.page.keyboard.press("Escape")
    guest.page.get_by_role("button", name="Table of How well does it reconstruct images?").press("Enter")
    table = guest.page.get_by_role("region", name="Table: How well does it reconstruct images?")
    expect(table.get_by_role("columnheader", name="layer 1, held out")).to_be_visible()
    expect(table.get_by_role("row").nth(5)).to_be_visible()


def test_the_filters_on_the_screen_can_be_saved_as_a_picture(visit: Visitor) -> None:
    guest = visit(ENDLESS)
    guest.start()
    guest.wait_for_picture()
    with guest.page.expect_download() as download:
        guest.page.get_by_label("Download the filters on the screen as PNG").click()
    assert download.value.suggested_filename.startswith("filters layer 1 epoch")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
