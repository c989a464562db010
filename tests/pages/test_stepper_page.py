"""The stepper, without a browser; its questions are answered by the real functions, in this process."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.config import RunConfig
from dbn_core.jobs import tasks
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from tests.pages.opening import open_page
from tests.pages.worker import Here
from tests.samples import make_run
from web import lab

SMALL = {"layers": [11], "data.train_size": 60, "batch_size": 20, "epochs": 2, "device": "cpu"}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    cluster = Here()
    monkeypatch.setattr(lab, "cluster", lambda: cluster)
    return cluster


@pytest.fixture
def run(store: RunStore) -> Run:
    """Not begun: its untrained network can be looked at already."""
    return store.create_run(RunConfig().with_values(SMALL), "tiny")


def opened() -> AppTest:
    page = open_page("stepper.py")
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    key = {"Half-step": "half", "Draw anew": "draw", "Start over": "over"}.get(label, label)
    page.button(key=f"stepper {key}").click().run()
    assert not page.exception
    return page


def panels(page: AppTest) -> list[str]:
    bodies = [element.proto.body for element in page.get("html")]
    return [body for body in bodies if '<div class="cd-panel' in body]


def pictures(page: AppTest) -> list[int]:
    """How many pictures each panel shows."""
    return [body.count("<img") for body in panels(page)]


def formulas(page: AppTest) -> int:
    (table,) = [element.value for element in page.markdown if element.value.startswith("| half-step")]
    return table.count("$") // 2


def test_an_empty_lab_says_how_to_get_a_network(store: RunStore) -> None:
    page = opened()
    assert "Start any run on the Train page" in page.info[0].value
    assert not panels(page)


def test_without_a_worker_the_page_says_so_and_offers_to_try_again(store: RunStore, run: Run) -> None:
    page = opened()
    assert "DBN&#95;SCHEDULER" in page.warning[0].value
    assert page.button(key="stepper again").label == "Try again"


def test_each_phase_shows_what_is_known_then_and_nothing_else(here: Here, run: Run) -> None:
    page = opened()
    assert pictures(page) == [1, 2, 0, 0, 1, 0, 0, 1], "it begins with the first half-step"
    press(page, "Start over")
    labels = ("Positive phase", "Negative phase", "Apply update")
    assert [pictures(page), *(pictures(press(page, label)) for label in labels)] == [
        [1, 0, 0, 0, 0, 0, 0, 1],
        [1, 2, 0, 0, 1, 0, 0, 1],
        [1, 2, 2, 2, 1, 1, 0, 1],
        [1, 2, 2, 2, 1, 1, 1, 1],
    ]
    assert len(here.questions) == 1, "all phases of an update are one question"


def test_half_steps_go_one_by_one_and_the_arithmetic_grows_with_them(here: Here, run: Run) -> None:
    page = press(opened(), "Start over")
    assert [formulas(page), *(formulas(press(page, "Half-step")) for _ in range(4))] == [0, 2, 3, 4, 6]


def test_only_the_phase_that_comes_next_can_be_pressed(here: Here, run: Run) -> None:
    page = opened()
    labels = ("Positive phase", "Negative phase", "Apply update")
    for following in (*labels[1:], *labels):
        enabled = [label for label in labels if not page.button(key=f"stepper {label}").disabled]
        assert enabled == [following]
        press(page, following)


def test_an_applied_update_is_the_ground_of_the_next_one_and_start_over_forgets_it(here: Here, run: Run) -> None:
    page = opened()
    for label in ("Negative phase", "Apply update", "Positive phase"):
        press(page, label)
    *_, update, history = here.questions[-1]
    assert history == (here.questions[0][-2],)
    assert update[2] == history[0][2] + 1, "with coins of its own"
    assert any("1 update applied before" in element.value for element in page.caption)
    after = tasks.answer("dbn_core.inference:step_contrastive_divergence", here.questions[0])["W_after"]
    now = tasks.answer("dbn_core.inference:step_contrastive_divergence", here.questions[-1])["W"]
    np.testing.assert_array_equal(after, now)
    press(page, "Start over")
    assert pictures(page) == [1, 0, 0, 0, 0, 0, 0, 1]
    assert not any("applied before" in element.value for element in page.caption)


def test_other_coins_leave_the_digit_and_another_digit_leaves_the_weights(here: Here, run: Run) -> None:
    page = press(opened(), "Draw anew")
    first, second = here.questions[0][-2], here.questions[1][-2]
    assert (first[:2], first[3]) == (second[:2], second[3])
    assert first[2] != second[2]
    page.button(key="stepper another").click().run()
    assert here.questions[-1][-2][:2] == (first[0], first[1] + 1)
    assert here.questions[-1][-1] == ()


def test_a_pair_can_be_chosen_and_its_weight_is_the_one_that_is_written_out(here: Here, run: Run) -> None:
    page = opened()
    page.toggle(key="stepper own").set_value(True).run()
    page.number_input(key=f"stepper unit {run.id}").set_value(7)
    page.number_input(key="stepper row 28").set_value(10)
    page.number_input(key="stepper column 28").set_value(11).run()
    assert not page.exception
    assert any("unit j = 7 and pixel i = 291 (row 10, column 11)" in element.value for element in page.caption)
    for label in ("Negative phase", "Apply update"):
        press(page, label)
    weight = tasks.answer("dbn_core.inference:step_contrastive_divergence", here.questions[0])["W"][7, 291]
    (table,) = [element.value for element in page.markdown if element.value.startswith("| half-step")]
    assert f"{weight:.3g}" in table


def test_every_kept_checkpoint_can_be_chosen_and_choosing_starts_over(here: Here, store: RunStore, run: Run) -> None:
    from dbn_core.worker import train_run

    assert train_run(store.url, run.id) == RunStatus.DONE
    page = opened()
    (choice,) = [box for box in page.selectbox if box.key == f"stepper checkpoint {run.id}"]
    assert choice.options[0] == "epoch 0, untrained"
    assert len(choice.options) == 1 + len(run.checkpoints())
    assert here.questions[-1][2] == run.checkpoints()[-1].id, "the newest at first"
    press(page, "Negative phase")
    page.selectbox(key=f"stepper checkpoint {run.id}").set_value(0).run()
    assert here.questions[-1][2] == 0
    assert pictures(page) == [1, 2, 0, 0, 1, 0, 0, 1]


def test_a_name_of_a_run_is_text_here_too(here: Here, store: RunStore) -> None:
    make_run(store, "<img src=x onerror=alert(1)>", status=RunStatus.QUEUED)
    page = opened()
    assert not any("onerror" in body for body in panels(page))
