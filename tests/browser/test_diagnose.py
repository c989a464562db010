"""Diagnose, branching and A/B in a real browser."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page, expect

from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.errors import StoreError
from dbn_core.records import RunStatus
from dbn_core.store import Run
from dbn_core.worker import train_run
from tests.browser import still
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
    return still.of(page.get_by_test_id(f"labd-plot-{key}"), "plot => plot.data?.at(-1)?.y ?? []", until=bool)


def is_drawn(line: list[float]) -> bool:
    return len(line) > 3


def test_the_slider_shows_every_card_at_an_earlier_epoch(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    expect(page.get_by_test_id("labd-where")).to_have_text("layer 1, epoch 4.00")
    picture = page.get_by_test_id("labd-hidden")
    expect(picture).to_be_visible()
    late, last = current_line(page, "singular"), still.attribute(picture, "src")
    page.get_by_test_id("labd-range").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("labd-where")).to_have_text("layer 1, epoch 0.00")
    expect(picture).not_to_have_attribute("src", last or "")
    page.wait_for_function(
        "late => document.querySelector('[data-testid=labd-plot-singular]').data.at(-1).y[0] < late / 2", arg=late[0]
    )


# How far below its colour the first words of each part of a line begin, in px.
SIGNS = """() => [...document.querySelectorAll(".labd-foot span:has(> i)")].map(part => {
  const words = document.createRange()
  words.selectNodeContents(part.lastChild)
  const line = words.getClientRects()[0]
  return line.top + line.height / 2 - part.firstChild.getBoundingClientRect().top
})"""


def test_a_colour_stands_on_the_line_of_its_words_in_a_window_of_any_width(
    lab: Lab, visit: Callable[..., Visit]
) -> None:
    run = trained(lab, layers=[23, 19, 17], epochs=1)
    page = visit(f"diagnose?run={run.id}").page
    for width in (1400, 1100, 800, 390):
        page.set_viewport_size({"width": width, "height": 900})
        signs = still.read(page, SIGNS, until=lambda places: len(places) >= 9)
        assert len(signs) >= 9
        assert all(0 <= below <= 12 for below in signs), f"{signs} at {width} px"


def test_cards_say_in_words_what_their_numbers_mean_for_this_run(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    expect(card(page, "gap")).to_contain_text(
        "This run: no sign of learning by heart. Good: within a few nats of zero."
    )
    expect(card(page, "step")).to_contain_text("This run: ")


def test_a_table_and_the_csv_hold_what_is_drawn(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    line = current_line(page, "covariance")
    card(page, "covariance").get_by_role("button", name="Table of").click()
    rows = card(page, "covariance").locator("tbody tr")
    expect(rows).to_have_count(len(line))
    assert [float(text) for text in still.texts(rows.locator("td"))] == line


def test_the_cards_follow_a_live_run_and_a_deleted_one_gets_a_sentence(lab: Lab, visit: Callable[..., Visit]) -> None:
    started = visit(ENDLESS)
    run = started.start()
    started.page.close()
    page = visit(f"diagnose?run={run}").page
    where = page.get_by_test_id("labd-where")
    expect(where).to_contain_text("following")
    told = "document.querySelector('[data-testid=labd-where]')?.innerText"
    before = page.wait_for_function(f"() => {told}").json_value()
    expect(where).not_to_have_text(before)
    page.get_by_test_id("labd-range").focus()
    page.keyboard.press("Home")
    expect(where).to_have_text("layer 1, epoch 0.00 · held")
    lab.store.run(run).delete()
    expect(page.get_by_text("The run that was asked for is no longer here")).to_be_visible()


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
    epochs = still.of(window.page.get_by_test_id("lab-chart-error"), "plot => plot.data[0].x")
    assert (epochs[0], epochs[-1]) == (0, 4)


def test_a_pair_is_started_together_and_its_difference_drawn(lab: Lab, visit: Callable[..., Visit]) -> None:
    a, b = trained(lab), trained(lab, **{"training.learning_rate": 0.1})
    page = visit(f"ab?a={a.id}&b={b.id}").page
    expect(page.get_by_text("Learning rate 0.05 against 0.1")).to_be_visible()
    apart = still.of(page.get_by_test_id("labd-apart-error"), "plot => plot.data?.[0]?.y ?? []", until=is_drawn)
    both = still.of(page.get_by_test_id("labd-both-error"), "plot => plot.data.map(line => line.y.at(-1))")
    assert len(apart) > 3
    assert apart[-1] == both[1] - both[0] != 0


def test_one_click_starts_two_runs_that_differ_in_one_knob_alone(lab: Lab, visit: Callable[..., Visit]) -> None:
    page = visit("ab").page
    page.get_by_role("button", name="Start both").click()
    expect(page.get_by_text("Learning rate 0.05 against 0.025")).to_be_visible()  # no longer the examples
    page.wait_for_function("document.querySelector('[data-testid=labd-apart-error]')?.data?.[0]?.x?.length > 3")
    second, first = lab.store.runs()[:2]
    assert first.config.differences(second.config) == {"training.learning_rate": (0.05, 0.025)}
    assert first.executor == second.executor == "cluster"
    for info in (first, second):
        with suppress(StoreError):  # it has ended by itself
            lab.store.run(info.id).send(Stop())
