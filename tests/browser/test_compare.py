"""Two runs over one another in a real browser."""

from collections.abc import Callable

from playwright.sync_api import expect

from dbn_core.records import RunStatus
from tests.browser import still
from tests.browser.lab import Lab, Visit
from tests.samples import make_run

Visitor = Callable[..., Visit]


def test_two_runs_lie_over_one_another_with_filters_and_figures(lab: Lab, visit: Visitor) -> None:
    make_run(lab.store, "before", RunStatus.DONE, executor="foreground")  # stands behind, once it is called
    runs = [
        make_run(lab.store, name, RunStatus.DONE, settings={"training.k": k}, executor="foreground")
        for name, k in (("one", 1), ("two", 2))
    ]
    guest = visit("compare?runs=" + ",".join(run.id for run in runs))
    page = guest.page
    expect(page.get_by_test_id("labc-run")).to_have_count(2)
    plot = page.get_by_test_id("labc-plot-error")
    lines = still.of(
        plot, "plot => (plot.data ?? []).map(line => [line.name, line.line.color])", until=lambda lines: len(lines) == 4
    )
    names, colours = zip(*lines, strict=True)
    assert names == ("one, train", "one, held out", "two, train", "two, held out")
    assert colours[0] == colours[1] != colours[2] == colours[3]
    expect(page.locator("[data-testid=lab-mosaic]:visible")).to_have_count(2)
    expect(page.get_by_text("Settings that differ")).to_be_visible()
    page.get_by_text("Ghosts of earlier runs").click()
    page.wait_for_function("document.querySelector('[data-testid=labc-plot-error]')?.data?.length === 5")
    expect(page.get_by_test_id("labc-legend")).to_contain_text("before")
