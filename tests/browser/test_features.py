"""The Features page in a real browser: scrubbing, following, one unit's life, links."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dbn_core.records import RunStatus
from dbn_core.store.examples import archives
from tests.browser import still
from tests.browser.films import begin, finished, write_epoch
from tests.browser.lab import Lab, Visit, questions

Visitor = Callable[..., Visit]
MARKS = tuple(f"labf-mark-{chart}" for chart in ("error", "activity", "scale"))


def wait_for_epoch(page: Page, epoch: str) -> None:
    expect(page.get_by_test_id("labf-where")).to_contain_text(f"epoch {epoch} ")
    page.wait_for_function("document.querySelector('[data-testid=labf-layer-1] .labf-mosaic') !== null")
    expect(page.get_by_test_id("labf-about-1")).to_contain_text(f"epoch {epoch} ")


def shown(page: Page) -> str:
    """The address of the picture of layer 1."""
    return still.attribute(page.locator("[data-testid=labf-layer-1] .labf-mosaic"), "src") or ""


def marks(page: Page) -> list[float]:
    """Where the marks of three curves stand."""
    return [box.x for box in still.parts(page, *MARKS)]


def curves_are_drawn(page: Page) -> None:
    page.wait_for_function("document.querySelector('[data-testid=lab-chart-error]')?.data?.[0]?.y?.length > 1")


# -- scrubbing ---------------------------------------------------------------------------------------------------------


def test_one_move_changes_filters_histograms_and_the_marks_of_all_curves(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 12)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "12.00")
    curves_are_drawn(page)
    bars = page.locator(".labf-histograms svg path").first
    before = (shown(page), still.attribute(bars, "d"), marks(page))
    page.get_by_test_id("labf-range").fill("4")
    wait_for_epoch(page, "4.00")
    expect(page.get_by_test_id("labf-histograms")).to_contain_text("epoch 4.00")
    assert shown(page) != before[0]
    assert still.attribute(bars, "d") != before[1]
    moved = marks(page)
    assert all(now < then - 50 for now, then in zip(moved, before[2], strict=True))
    assert max(moved) - min(moved) < 1


def test_keys_step_and_play_without_a_mouse(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 9)
    page = visit(f"features?run={run.id}&epoch=4").page
    wait_for_epoch(page, "4.00")
    page.locator("body").press("ArrowRight")
    wait_for_epoch(page, "5.00")
    page.locator("body").press("ArrowLeft")
    page.locator("body").press("ArrowLeft")
    wait_for_epoch(page, "3.00")
    page.get_by_test_id("labf-range").focus()
    page.keyboard.press("ArrowRight")
    wait_for_epoch(page, "4.00")
    page.locator("body").press("Home")
    wait_for_epoch(page, "0.00")
    page.locator("body").press("Space")
    wait_for_epoch(page, "9.00")  # played to the end
    expect(page.get_by_test_id("labf-play")).to_have_attribute("aria-label", "Play (space)")


def test_what_was_seen_once_is_shown_again_without_asking_the_server(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 15)
    page = visit(f"features?run={run.id}&epoch=0").page
    wait_for_epoch(page, "0.00")
    for kind in ("/features/filters/", "/features/frame/"):
        fetched = f"performance.getEntriesByType('resource').filter(entry => entry.name.includes('{kind}'))"
        page.wait_for_function(f"new Set({fetched}.map(entry => entry.name)).size >= 16")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for place in (*range(16), *range(15, -1, -1)):
        page.get_by_test_id("labf-range").fill(str(place))
    wait_for_epoch(page, "0.00")
    still.wait(page)
    assert not [url for url in asked if "/filters/" in url or "/frame/" in url]


def test_a_click_into_a_curve_goes_to_that_moment(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 20)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "20.00")
    curves_are_drawn(page)
    box = still.box(page.locator("[data-testid=lab-chart-error] .nsewdrag").first)
    page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    wait_for_epoch(page, "10.00")


def test_options_reach_the_picture(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 3)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "3.00")
    first = page.locator("[data-testid=labf-layer-1] .labf-tile").first
    expect(first).to_have_attribute("data-unit", "0")
    page.get_by_role("button", name="usefulness").click()
    expect(page.get_by_test_id("labf-about-1")).to_contain_text("by usefulness at epoch 3.00")
    assert re.search(r"-usefulness-\d+-light\.png$", shown(page))
    expect(first).not_to_have_attribute("data-unit", "0")
    page.get_by_role("button", name="grey").click()
    page.get_by_role("button", name="each", exact=True).click()
    page.wait_for_function("document.querySelector('.labf-mosaic').src.includes('-grey-each-100-')")


# -- a live run --------------------------------------------------------------------------------------------------------


def test_the_page_follows_a_live_run_until_one_scrubs_back(lab: Lab, visit: Visitor) -> None:
    run, writer = begin(lab.store, 50)
    for epoch in range(4):
        write_epoch(writer, epoch)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "3.00")
    write_epoch(writer, 4)
    wait_for_epoch(page, "4.00")
    page.locator("body").press("Home")
    wait_for_epoch(page, "0.00")
    follow = page.get_by_role("button", name="follow")
    expect(follow).to_have_attribute("aria-pressed", "false")
    write_epoch(writer, 5)
    page.wait_for_function("document.querySelector('[data-testid=labf-range]').max === '5'")
    still.wait(page)
    wait_for_epoch(page, "0.00")
    follow.click()
    wait_for_epoch(page, "5.00")
    page.get_by_role("button", name="usefulness").click()
    expect(page.get_by_test_id("labf-about-1")).to_contain_text("by usefulness at epoch 5.00")
    tile = page.locator("[data-testid=labf-layer-1] [data-unit='7']")
    tile.focus()
    write_epoch(writer, 6)
    expect(page.get_by_test_id("labf-about-1")).to_contain_text("by usefulness at epoch 6.00")
    expect(tile).to_be_focused()  # wherever it lies now


def test_zoom_scrub_position_and_unit_survive_live_updates_and_a_rerun(lab: Lab, visit: Visitor) -> None:
    run, writer = begin(lab.store, 60)
    for epoch in range(10):
        write_epoch(writer, epoch)
    guest = visit(f"features?run={run.id}&epoch=6")
    page = guest.page
    wait_for_epoch(page, "6.00")
    curves_are_drawn(page)
    guest.zoom()
    guest.wait("plot.layout.xaxis.range[0] > 0")
    zoomed = guest.range()
    page.get_by_role("button", name="Unit 17 of layer 1").click()
    expect(page.get_by_test_id("labf-unit-title")).to_have_text("Unit 17 of layer 1")
    for epoch in range(10, 14):
        write_epoch(writer, epoch)
        page.wait_for_function("x => document.querySelector('[data-testid=labf-range]').max === x", arg=str(epoch))
    page.get_by_test_id("stPopoverButton").first.click()
    page.locator("[data-testid=stRadio] label").last.click()  # a rerun of the script
    guest.settle()
    page.keyboard.press("Escape")
    still.wait(page)
    wait_for_epoch(page, "6.00")
    assert guest.range() == zoomed
    expect(page.get_by_test_id("labf-unit-title")).to_have_text("Unit 17 of layer 1")
    expect(page.get_by_role("button", name="Unit 17 of layer 1")).to_have_attribute("aria-pressed", "true")


def test_a_run_deleted_while_open_gives_way_to_an_example_and_not_to_another_one(lab: Lab, visit: Visitor) -> None:
    finished(lab.store, 2)
    run, writer = begin(lab.store, 50)
    for epoch in range(3):
        write_epoch(writer, epoch)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "2.00")
    run.delete()
    (usual,) = [run_id for run_id, archive in archives().items() if "edges-to-digits" in archive.name]
    page.wait_for_function("x => document.querySelector('[data-testid=lab-features]')?.dataset.run === x", arg=usual)
    expect(page.get_by_text("no longer here")).to_be_visible()


# -- odd runs ----------------------------------------------------------------------------------------------------------


def test_a_run_without_pictures_says_so(lab: Lab, visit: Visitor) -> None:
    run, writer = begin(lab.store, 5)
    writer.set_status(RunStatus.STOPPED)
    page = visit(f"features?run={run.id}").page
    expect(page.get_by_test_id("labf-nothing")).to_contain_text("no pictures")


def test_a_single_moment_is_shown_with_the_scrubber_at_rest(lab: Lab, visit: Visitor) -> None:
    run, writer = begin(lab.store, 1)
    write_epoch(writer, 1, epochs=1)
    writer.set_status(RunStatus.DONE)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "1.00")
    expect(page.get_by_test_id("labf-range")).to_be_disabled()
    page.get_by_role("button", name="Unit 2 of layer 1", exact=True).click()
    expect(page.get_by_test_id("labf-film").locator("button")).to_have_count(1)


def test_a_thousand_epochs_of_four_thousand_units_open_and_scrub(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 1000, units=4000, every=20)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "1000.00")
    expect(page.get_by_test_id("labf-about-1")).to_contain_text("first 36 of 4,000 units")
    page.locator("body").press("ArrowLeft")
    wait_for_epoch(page, "980.00")


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_link_leads_to_the_same_moment_and_unit_and_starts_no_work(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 8)
    first = visit(f"features?run={run.id}").page
    wait_for_epoch(first, "8.00")
    first.get_by_test_id("labf-range").fill("3")
    first.get_by_role("button", name="Unit 5 of layer 1", exact=True).click()
    first.wait_for_url("**epoch=3&layer=1&unit=5**")
    link = first.url.partition("/features")[2]
    second = visit("", person=2).page
    asked = questions(second)
    second.goto(f"{lab.address}/features{link}")
    wait_for_epoch(second, "3.00")
    expect(second.get_by_test_id("labf-unit-title")).to_have_text("Unit 5 of layer 1")
    expect(second.get_by_test_id("labf-film").locator("img")).to_be_visible()
    expect(second).to_have_url(re.compile(f"run={run.id}"))
    still.wait(second)
    assert not asked


@pytest.mark.parametrize("place", ["epoch=-3&layer=9&unit=1", "epoch=abc&layer=1&unit=99999", "layer=1&unit=%3Cb%3E"])
def test_a_link_that_makes_no_sense_shows_the_run_as_it_is(lab: Lab, visit: Visitor, place: str) -> None:
    run = finished(lab.store, 2)
    page = visit(f"features?run={run.id}&{place}").page
    wait_for_epoch(page, "2.00")
    still.wait(page)
    expect(page.get_by_test_id("labf-unit")).to_be_hidden()


# -- what the units are ------------------------------------------------------------------------------------------------


def test_dead_units_are_marked_whatever_their_tiles_show(lab: Lab, visit: Visitor) -> None:
    run, writer = begin(lab.store, 2)
    for epoch in range(3):
        write_epoch(writer, epoch, epochs=2, dead=(3, 17))
    writer.set_status(RunStatus.DONE)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "2.00")
    marked = page.locator("[data-testid=labf-layer-1] .labf-tile[data-sign]")
    weights = shown(page)
    for way in ("response_average", "weights"):
        page.get_by_test_id("labf-projection-1").select_option(way)
        page.wait_for_function(
            "([same, url]) => document.querySelector('.labf-mosaic')?.src.endsWith(url) === same",
            arg=[way == "weights", weights],
        )
        expect(marked).to_have_count(2)
        expect(marked.first).to_have_attribute("aria-label", "Unit 3 of layer 1, dead")
        expect(page.get_by_test_id("labf-about-1")).to_contain_text("2 dead ✕")


def test_the_table_of_the_article_stands_beside_what_the_runs_own_numbers_say(lab: Lab, visit: Visitor) -> None:
    run = finished(lab.store, 3)
    page = visit(f"features?run={run.id}").page
    wait_for_epoch(page, "3.00")
    said = page.get_by_test_id("labf-verdict").get_by_role("listitem")
    expect(said.first).to_have_text(re.compile("^Layer 1: filters (became|kept|grew) .* of the image"))
    expect(page.get_by_test_id("labf-found-1")).to_have_text(
        re.compile("^(Small pieces|Parts|Whole shapes): [0-9]+ % of the image[.]")
    )
    expect(page.get_by_test_id("labf-found-1")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("labf-found-1")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.get_by_test_id("labf-found-1")).to_be_visible()


# How many words of charts lie where lines may be: ends of a unit's lines, legends of the curves.
WORDS_OVER_LINES = """() => {
  const box = node => node.getBoundingClientRect()
  const ends = [...document.querySelectorAll('.labf-linebox > .labf-top, .labf-linebox > .labf-low')].filter(end =>
    box(end).right > box(end.parentElement.querySelector('svg')).left)
  const legends = [...document.querySelectorAll('.lab-chart')].filter(chart =>
    box(chart.querySelector('.lab-legend')).bottom > box(chart.querySelector('.lab-plot')).top + 1)
  return ends.length + legends.length
}"""


# -- looks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1400, 800])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_leaves_the_window_sideways(lab: Lab, visit: Visitor, width: int, theme: str) -> None:
    run = finished(lab.store, 6)
    page = visit(f"features?run={run.id}&layer=1&unit=3", width=width, theme=theme).page
    wait_for_epoch(page, "6.00")
    assert still.of(page.get_by_test_id("stMain"), "node => node.scrollWidth <= node.clientWidth")
    parts = ("labf-range", "labf-layer-1", "labf-unit", "labf-article", "lab-chart-error")
    assert all(box.x >= 0 and box.right <= width for box in still.parts(page, *parts))
    assert still.read(page, WORDS_OVER_LINES) == 0
