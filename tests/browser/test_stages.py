"""Runs with more than layers one after the other, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser import still
from tests.browser.lab import Lab, Visit
from tests.browser.test_diagnose import trained

# Both estimates, between which the value lies where they do not agree within their error.
FIGURE = r"−\d+\.\d\d \[−\d+\.\d\d, −\d+\.\d\d\]"  # with its interval
BETWEEN = rf"between {FIGURE} \(reverse AIS\) and {FIGURE} \(AIS\)"
AGREED = rf"{FIGURE} by reverse AIS and {FIGURE} by AIS"
ESTIMATED = re.compile(f"log-likelihood ({BETWEEN}|{AGREED}) nats per image")


def test_every_layers_filters_move_from_the_first_epoch_where_all_learn_together(
    lab: Lab, visit: Callable[..., Visit]
) -> None:
    run = trained(lab, **{"layers": [23, 19], "training.order": "together"})
    page = visit(f"features?run={run.id}").page
    expect(page.get_by_test_id("labf-where")).to_contain_text("all layers")
    pictures = page.locator("[data-testid^=labf-layer-] img.labf-mosaic")
    expect(pictures).to_have_count(2)
    late = still.attributes(pictures, "data-snapshot")
    assert len(late) == 2
    page.get_by_test_id("labf-range").focus()
    page.keyboard.press("Home")
    for place, snapshot in enumerate(late):
        expect(pictures.nth(place)).not_to_have_attribute("data-snapshot", snapshot or "")
        expect(page.get_by_test_id(f"labf-about-{place + 1}")).to_contain_text("epoch 0.00")


def test_the_train_page_shows_the_wrong_classes_of_label_units_and_lets_charts_be_chosen(
    lab: Lab, visit: Callable[..., Visit]
) -> None:
    run = trained(lab, **{"layers": [23, 19], "labels.joint": True, "finetune.epochs": 2})
    page = visit(f"?run={run.id}").page
    wrong = page.get_by_test_id("lab-chart-classified")
    expect(wrong).to_have_attribute("aria-label", re.compile("layer 2, held out: .*classifier, held out: "))
    expect(page.get_by_test_id("lab-chart-loss")).to_be_visible()
    expect(page.get_by_test_id("lab-chart-error")).to_be_hidden()
    page.get_by_test_id("lab-show-error").click()
    expect(page.get_by_test_id("lab-chart-error")).to_be_visible()
    assert still.box(page.get_by_test_id("lab-live")).bottom <= still.read(page, "() => window.innerHeight")


def test_a_likelihood_is_estimated_after_its_cost_was_told(lab: Lab, visit: Callable[..., Visit]) -> None:
    run = trained(lab)
    page = visit(f"diagnose?run={run.id}").page
    card, words = page.get_by_test_id("labd-card-likelihood"), page.get_by_test_id("labd-likelihood-words")
    page.get_by_test_id("labd-likelihood-temperatures").select_option("100")
    page.get_by_test_id("labd-likelihood-ask").click()
    expect(words).to_contain_text("It would take a worker about")
    card.get_by_role("button", name="Start").click()
    expect(words).to_contain_text(ESTIMATED)
    expect(words).to_contain_text("nats per image")
    other = visit(f"diagnose?run={run.id}").page
    other.get_by_test_id("labd-likelihood-temperatures").select_option("100")
    expect(other.get_by_test_id("labd-likelihood-words")).to_contain_text(ESTIMATED)
