"""Diagnose, branching and A/B in a real browser."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run
from dbn_core.worker import train_run
from tests.browser.lab import ENDLESS, Lab, Visit

SMALL: dict[str, Any] = {"data.train_size": 500, "layers": [23], "epochs": 4, "batch_size": 20, "device": "cpu"}


def trained(lab: Lab, **settings: Any) -> Run:
    run = lab.store.create_run(RunConfig().with_values(SMALL | settings), executor="foreground")
    assert train_run(lab.store.url, run.id) == RunStatus.DONE
    return run


def card(page: Page, key: str) -> Any:
    return page.get_by_test_id(f"labd-card-{key}")


def current_line(page: Page, key: str) -> list[float]:
    """The last curve of a card, once it is drawn."""
    page.wait_for_function(f"document.querySelector('[data-testid=labd-plot-{key}]')?.data?.at(-1)?.y?.length > 0")
    return page.get_by_test_id(f"labd-plot-{key}").evaluate("plot => plot.data.at(-1).y")


def test_the_slider_shows_every_card_at_an_earlier_epoch(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    expect(page.get_by_test_id("labd-where")).to_have_text("layer 1, epoch 4.00")
    picture = page.get_by_test_id("labd-hidden")
    expect(picture).to_be_visible()
    late, last = current_line(page, "singular"), picture.get_attribute("src")
    page.get_by_test_id("labd-range").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("labd-where")).to_have_text("layer 1, epoch 0.00")
    expect(picture).not_to_have_attribute("src", last or "")
    page.wait_for_function(
        "late => document.querySelector('[data-testid=labd-plot-singular]').data.at(-1).y[0] < late / 2", arg=late[0]
    )


def test_a_table_and_the_csv_hold_what_is_drawn(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    line = current_line(page, "covariance")
    card(page, "covariance").get_by_role("button", name="Table of").click()
    rows = card(page, "covariance").locator("tbody tr")
    expect(rows).to_have_count(len(line))
    assert [float(text) for text in rows.locator("td").all_inner_texts()] == line


def test_the_cards_follow_a_live_run_and_a_deleted_one_gets_a_sentence(lab: Lab, visit: Callable[..., Visit]) -> None:
    started = visit(ENDLESS)
    run = started.start()
    started.page.close()
    page = visit(f"diagnose?run={run}").page
    where = page.get_by_test_id("labd-where")
    expect(where).to_contain_text("following")
    before = where.inner_text()
    expect(where).not_to_have_text(before)
    page.get_by_test_id("labd-range").focus()
    page.keyboard.press("Home")
    expect(where).to_have_text("layer 1, epoch 0.00 · held")
    lab.store.run(run).delete()
    expect(page.get_by_text("Nothing has been trained yet")).to_be_visible()


def test_a_worker_probes_the_layers_when_asked(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    page.get_by_role("button", name="6 more").click()
    page.get_by_role("button", name="Probe epoch 4.00").click()
    expect(page.get_by_test_id("labd-foot-probe")).to_contain_text("fitted on 500 training images")


def test_a_branch_is_trained_and_shows_its_parent_as_a_ghost(lab: Lab, visit: Callable[..., Visit]) -> None:
    parent = trained(lab)
    window = visit(f"diagnose?run={parent.id}")
    window.page.get_by_role("button", name="Branch", exact=False).first.click()
    dialog = window.page.get_by_role("dialog")
    dialog.get_by_role("slider").focus()
    window.page.keyboard.press("Home")
    expect(dialog.locator("[data-testid=stSliderThumbValue]")).to_have_text("the start")
    dialog.get_by_role("button", name="Branch and train").click()
    window.page.get_by_test_id("lab-live").wait_for()
    window.wait_for_state("done")
    child = lab.store.runs()[0]
    assert (child.parent, child.branched_at.epoch) == (parent.id, 0.0)
    window.wait("plot?.data?.[0]?.name === 'parent'")
    drawn = window.page.get_by_test_id("lab-chart-error").evaluate("plot => [plot.data[0].x[0], plot.data[0].x.at(-1)]")
    assert drawn == [0, 4]


def test_a_pair_is_started_together_and_its_difference_drawn(lab: Lab, visit: Callable[..., Visit]) -> None:
    a, b = trained(lab), trained(lab, **{"training.learning_rate": 0.1})
    page = visit(f"ab?a={a.id}&b={b.id}").page
    expect(page.get_by_text("Learning rate 0.05 against 0.1")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=labd-apart-error]')?.data?.[0]?.x?.length > 3")
    both = page.get_by_test_id("labd-both-error").evaluate("plot => plot.data.map(line => line.y.at(-1))")
    apart = page.get_by_test_id("labd-apart-error").evaluate("plot => plot.data[0].y.at(-1)")
    assert apart == both[1] - both[0] != 0


def test_one_click_starts_two_runs_that_differ_in_one_knob_alone(lab: Lab, visit: Callable[..., Visit]) -> None:
    page = visit("ab").page
    page.get_by_role("button", name="Start both").click()
    page.wait_for_function(
        "document.querySelector('[data-testid=labd-apart-error]')?.data?.[0]?.x?.length > 3", timeout=60_000
    )
    second, first = lab.store.runs()[:2]
    assert first.config.differences(second.config) == {"training.learning_rate": (0.05, 0.025)}
    assert first.executor == second.executor == "cluster"
    for info in (first, second):
        if not lab.store.run(info.id).info().status.is_finished:
            lab.store.run(info.id).send(Stop())
