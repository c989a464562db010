"""The Features page of a deep network, whose questions a worker answers: a unit's parts and wholes, projections."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from dbn_core.config import RunConfig
from tests.browser import still
from tests.browser.lab import Lab, Visit, questions

Visitor = Callable[..., Visit]
DEEP = {
    "layers": [41, 23],
    "epochs": 2,
    "batch_size": 20,
    "data.train_size": 400,
    "device": "cpu",
    "training.learning_rate": 0.1,
}


def test_a_deep_unit_shows_its_images_and_parts_and_a_part_leads_back_to_its_whole(lab: Lab, visit: Visitor) -> None:
    run = lab.store.create_run(RunConfig().with_values(DEEP), "deep")
    page = visit(f"features?run={run.id}").page
    page.wait_for_selector(".lab-status[data-state='done']")
    tile = page.get_by_role("button", name="Unit 7 of layer 2")
    tile.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("labf-unit-title")).to_have_text("Unit 8 of layer 2")
    parts = page.get_by_test_id("labf-parts").get_by_role("button")
    expect(parts).to_have_count(12)
    expect(page.get_by_test_id("labf-most")).to_be_visible()
    part = still.attribute(parts.first, "data-unit")
    parts.first.click()
    expect(page.get_by_test_id("labf-unit-title")).to_have_text(f"Unit {part} of layer 1")
    expect(page.get_by_test_id("labf-parts")).to_be_hidden()
    wholes = page.get_by_test_id("labf-wholes").get_by_role("button")
    expect(wholes).to_have_count(12)
    wholes.first.click()
    expect(page.get_by_test_id("labf-unit-title")).to_have_text(re.compile(r"Unit \d+ of layer 2"))


def test_a_projection_is_computed_once_named_on_the_picture_and_kept(lab: Lab, visit: Visitor) -> None:
    run = lab.store.create_run(RunConfig().with_values(DEEP), "deep")
    page = visit(f"features?run={run.id}").page
    page.wait_for_selector(".lab-status[data-state='done']")
    chooser = page.get_by_test_id("labf-projection-2")
    expect(chooser).to_be_visible()
    expect(page.get_by_test_id("labf-about-2")).to_contain_text("what it responds to · epoch 4.00")
    asked = questions(page)
    for way in ("activation maximisation", "clamp and sample down"):
        chooser.select_option(label=way)
        page.wait_for_selector("[data-testid=labf-layer-2] .labf-frame[data-state=drawn] img[src*='/projection/']")
        expect(page.get_by_test_id("labf-about-2")).to_contain_text(f"{way} · epoch 4.00")
    still.wait(page)
    assert len(asked) == 2
    kept = run.snapshots(kind="projection", stage="layer2")
    assert [info.projection for info in kept] == ["activation_maximisation", "clamp_and_sample_down"]
    chooser.select_option("activation_maximisation")
    expect(page.get_by_test_id("labf-about-2")).to_contain_text("activation maximisation · epoch 4.00")
    still.wait(page)
    assert len(asked) == 2
