"""Every page as axe-core judges it, in a real browser: nothing that is ours keeps anybody out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dbn_core.config import RunConfig
from dbn_core.store import Run
from dbn_core.worker import train_run
from tests.browser import still
from tests.browser.lab import Lab, Visit

Visitor = Callable[..., Visit]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {
    "": "Train",
    "features": "Features",
    "diagnose": "Diagnose",
    "classify": "Classify",
    "classify?view=mistakes": "Classify",
    "generate": "Generate",
    "compare": "Compare",
    "compare?view=claims": "Compare",
    "ab": "A/B",
    "report": "Report",
    "runs": "Runs",
    "microscope": "Microscope",
    "stepper": "Stepper",
}
# That a name holds the words on its button is a rule of WCAG that axe does not try by itself.
RULES = {"label-content-name-mismatch": {"enabled": True}}
DARK = "rgb(17, 22, 27)"  # of the page, in the dark theme
# Elements that Streamlit makes, by the rule and the place: each with the reason why they are not mended here.
NOT_OURS: dict[tuple[str, str], str] = {}
SMALL = {
    "data.train_size": 500,
    "layers": [37],
    "epochs": 1,
    "batch_size": 20,
    "device": "cpu",
    "finetune.epochs": 1,
}


@pytest.fixture(scope="module")
def trained(lab: Lab) -> Iterator[Run]:
    """A finished run with a classifier."""
    run = lab.store.create_run(RunConfig().with_values(SMALL), "judged", executor="foreground")
    train_run(lab.store.url, run.id)
    with lab.keeping(run):
        yield run


def faults(page: Page) -> list[str]:
    """Rule, place and reason of each violation, once the page stands still."""
    still.wait(page)
    page.evaluate(AXE.read_text("utf-8"))
    answer: dict[str, Any] = page.evaluate("rules => axe.run(document, { resultTypes: ['violations'], rules })", RULES)
    return [
        f"{rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
        if not any(rule["id"] == known and place in str(node["target"]) for known, place in NOT_OURS)
    ]


def check(page: Page, address: str) -> None:
    """In the light theme, and then in the dark one, which a page follows while it is open."""
    expect(page.locator(".st-key-header h1")).to_have_text(PAGES[address])
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", DARK)
    assert faults(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_in_an_empty_lab_no_page_keeps_anybody_out(visit: Visitor, address: str) -> None:
    check(visit(address).page, address)


@pytest.mark.parametrize("address", PAGES)
def test_with_a_finished_run_no_page_keeps_anybody_out(trained: Run, visit: Visitor, address: str) -> None:
    check(visit(f"{address}{'&' if '?' in address else '?'}run={trained.id}").page, address)
