"""The Train page in every state of the lab, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.commands import Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig, hyperparameters
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from pages.parts import setup_form
from tests.pages.samples import HERE, make_run

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def opened(**address: str) -> AppTest:
    """With every group of settings unfolded."""
    page = arrived(**address)
    for title in setup_form.groups():
        unfold(page, title)
    return page.run()


def arrived(**address: str) -> AppTest:
    """As it is before it has run."""
    page = AppTest.from_file(str(SHELL), default_timeout=30)
    for key, value in address.items():
        page.query_params[key.replace("__", ".")] = value
    return page


def unfold(page: AppTest, title: str, *, open_: bool = True) -> None:
    """Or fold again."""
    page.session_state[f"{setup_form.GROUP} {title}"] = open_


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.main.button]


def live_views(page: AppTest) -> int:
    return sum(getattr(element, "key", None) == "live view" for element in page.main)


# -- an empty lab -----------------------------------------------------------------------------------------------------


def test_an_empty_lab_explains_itself_and_has_one_button(store: RunStore) -> None:
    page = opened()
    assert not page.exception
    assert page.title[0].value == "Watch a network learn to see"
    assert labels(page) == ["Start First look"]
    assert live_views(page) == 0


def test_the_one_button_starts_the_preset_and_shows_the_run(store: RunStore) -> None:
    page = opened()
    page.button(key="start").click().run()
    (info,) = store.runs()
    assert not page.exception
    assert info.config == RunConfig.preset("first-look")
    assert (info.status, info.executor) == (RunStatus.QUEUED, "cluster")
    assert page.selectbox(key="run").value == info.id
    assert page.query_params["run"] == info.id
    assert live_views(page) == 1


def test_without_a_cluster_the_run_waits_and_the_page_says_why(store: RunStore) -> None:
    page = opened()
    page.button(key="start").click().run()
    from pages.parts import lab

    lab.cluster().wait()
    page.run()
    assert "DBN_SCHEDULER" in page.warning[0].value.replace("&#95;", "_")
    assert store.runs()[0].status is RunStatus.QUEUED


# -- the form ---------------------------------------------------------------------------------------------------------


def test_every_setting_is_in_the_form_with_its_help(store: RunStore) -> None:
    page = opened()
    widgets = [*page.sidebar.selectbox, *page.sidebar.number_input, *page.sidebar.text_input, *page.sidebar.toggle]
    helps = {widget.help for widget in widgets}
    for item in hyperparameters():
        assert item.help in helps or len(item.choices) == 1


def test_all_wrong_fields_are_named_at_once_and_nothing_typed_is_lost(store: RunStore) -> None:
    page = opened()
    page.text_input(key="setup layers").set_value("500,abc")
    page.number_input(key="setup training.learning_rate").set_value(0.0)
    page.number_input(key="setup training.clamp").set_value(0.0)
    page.run()
    complaint = page.sidebar.error[0].value
    assert all(f"**{name}**" in complaint for name in ("Layers", "Learning rate", "Clamp"))
    assert page.button(key="start").disabled
    assert page.text_input(key="setup layers").value == "500,abc"
    assert not store.runs()
    page.text_input(key="setup layers").set_value("500,300")
    page.number_input(key="setup epochs").set_value(3)
    page.number_input(key="setup training.learning_rate").set_value(0.02)
    page.number_input(key="setup training.clamp").set_value(None)
    page.run()
    assert not page.sidebar.error
    page.button(key="start").click().run()
    assert store.runs()[0].config == RunConfig.preset("first-look").with_values(
        {"layers": [500, 300], "epochs": 3, "training.learning_rate": 0.02}
    )


def test_choosing_a_preset_fills_the_form_and_the_address(store: RunStore) -> None:
    page = opened()
    page.selectbox(key="setup preset").select("source-article").run()
    assert page.number_input(key="setup training.clamp").value == 4.0
    assert page.selectbox(key="setup training.schedule").value == "staged"
    assert dict(page.query_params) == {"preset": "source-article"}
    page.number_input(key="setup training.k").set_value(5).run()
    assert dict(page.query_params) == {"preset": "source-article", "training.k": "5"}


def test_a_link_fills_the_form_and_starts_nothing(store: RunStore) -> None:
    page = opened(preset="deep-stack", training__k="7", layers="100-50", training__sparsity_target="0.1")
    assert page.selectbox(key="setup preset").value == "deep-stack"
    assert page.number_input(key="setup training.k").value == 7
    assert page.text_input(key="setup layers").value == "100-50"
    assert page.number_input(key="setup training.sparsity_target").value == 0.1
    assert not store.runs()
    assert not page.warning


def test_a_link_with_impossible_values_is_corrected_and_says_so(store: RunStore) -> None:
    page = opened(training__k="100000", data__name="imagenet")
    assert page.number_input(key="setup training.k").value == 100
    assert "k, Data set" in page.sidebar.warning[0].value or "Data set, k" in page.sidebar.warning[0].value


def test_the_browsers_back_brings_the_settings_back(store: RunStore) -> None:
    page = opened()
    page.number_input(key="setup training.k").set_value(5).run()
    page.query_params.clear()
    page.query_params["preset"] = "first-look"
    page.run()
    assert page.number_input(key="setup training.k").value == 1


def test_a_folded_group_draws_no_fields_and_keeps_what_was_set_in_it(store: RunStore) -> None:
    page = arrived(training__k="7").run()
    assert not [field for field in page.sidebar.number_input if field.key == "setup training.k"]
    assert page.query_params["training.k"] == "7"
    unfold(page, "Learning rule")
    page.run()
    assert page.number_input(key="setup training.k").value == 7
    page.number_input(key="setup training.k").set_value(5).run()
    unfold(page, "Learning rule", open_=False)
    page.run()
    assert not [field for field in page.sidebar.number_input if field.key == "setup training.k"]
    page.text_input(key="setup layers").set_value("40").run()
    page.button(key="start").click().run()
    assert store.runs()[0].config.training.k == 5
    unfold(page, "Learning rule")
    page.run()
    assert page.number_input(key="setup training.k").value == 5


# -- a run in each state ----------------------------------------------------------------------------------------------


def test_a_running_run_can_be_paused_stepped_and_stopped(store: RunStore) -> None:
    run = make_run(store)
    page = opened()
    assert labels(page)[:5] == ["Start", "Pause", "Update", "Epoch", "Stop"]
    assert not any(button.disabled for button in page.main.button)
    for key in ("pause", "step", "epoch", "stop"):
        page.button(key=key).click().run()
    assert [record.command for record in run.commands()] == [Pause(), Step("update"), Step("epoch"), Stop()]
    assert not page.exception


def test_pause_becomes_resume_at_once_also_before_the_worker_has_obeyed(store: RunStore) -> None:
    run = make_run(store)
    page = opened()
    page.button(key="pause").click().run()
    assert page.button(key="pause").label == "Resume"
    page.button(key="pause").click().run()
    assert [record.command for record in run.commands()] == [Pause(), Resume()]
    assert page.button(key="pause").label == "Pause"


def test_a_paused_run_offers_to_go_on(store: RunStore) -> None:
    run = make_run(store, status=RunStatus.PAUSED)
    page = opened()
    assert page.button(key="pause").label == "Resume"
    page.button(key="pause").click().run()
    assert [record.command for record in run.commands()] == [Resume()]


def test_turning_a_knob_sends_one_command_and_the_knob_keeps_its_value(store: RunStore) -> None:
    run = make_run(store)
    page = opened()
    knob = f"knob {run.id} training.learning_rate"
    page.number_input(key=knob).set_value(0.02).run()
    assert [record.command for record in run.commands()] == [SetHyperparameter("training.learning_rate", 0.02)]
    assert page.run().number_input(key=knob).value == 0.02
    page.number_input(key=f"knob {run.id} training.sparsity_target").set_value(0.1).run()
    page.select_slider(key=f"knob {run.id} updates_per_second").set_value(5.0).run()
    assert [record.command for record in run.commands()][1:] == [
        SetHyperparameter("training.sparsity_target", 0.1),
        SetHyperparameter("updates_per_second", 5.0),
    ]


def test_a_knob_turned_by_somebody_else_shows_here_too(store: RunStore) -> None:
    run = make_run(store)
    page = opened()
    run.send(SetHyperparameter("training.k", 9))
    assert page.run().number_input(key=f"knob {run.id} training.k").value == 9


def test_a_knob_that_the_worker_refused_goes_back(store: RunStore) -> None:
    run = make_run(store)
    sent = run.send(SetHyperparameter("training.k", 9))
    store.claim(run.id, "a test").acknowledge(sent, HERE, "no")
    assert opened().number_input(key=f"knob {run.id} training.k").value == 1


def test_a_value_that_is_not_allowed_is_a_sentence_and_no_command(store: RunStore) -> None:
    run = make_run(store)
    page = opened()
    page.number_input(key=f"knob {run.id} training.learning_rate").set_value(0.0).run()
    assert "Learning rate" in page.main.error[0].value
    assert not run.commands()
    assert page.number_input(key=f"knob {run.id} training.learning_rate").value == 0.05


def test_a_finished_run_shows_the_same_at_rest(store: RunStore) -> None:
    make_run(store, status=RunStatus.DONE)
    page = opened()
    assert live_views(page) == 1
    states = {button.key: button.disabled for button in page.main.button}
    assert states == {"start": False, "again": True, "step": True, "epoch": True, "stop": True}
    assert all(knob.disabled for knob in page.main.number_input)


@pytest.mark.parametrize("status", [RunStatus.STOPPED, RunStatus.FAILED])
def test_a_run_that_ended_early_can_go_on(store: RunStore, status: RunStatus) -> None:
    run = make_run(store, status=status)
    page = opened()
    page.button(key="again").click().run()
    assert (run.info().status, run.info().attempt) == (RunStatus.QUEUED, 2)
    assert not page.exception


def test_a_diverged_run_is_not_simply_resumed(store: RunStore) -> None:
    make_run(store, status=RunStatus.DIVERGED, message="Lower training.learning_rate.")
    page = opened()
    assert page.button(key="again").disabled
    assert not page.button(key="start").disabled


# -- which run --------------------------------------------------------------------------------------------------------


def test_the_address_names_the_run_and_otherwise_it_is_the_newest(store: RunStore) -> None:
    old, new = make_run(store, "old"), make_run(store, "new")
    assert opened().selectbox(key="run").value == new.id
    assert opened(run=old.id).selectbox(key="run").value == old.id


def test_a_link_to_a_run_that_is_gone_says_so_and_shows_the_newest(store: RunStore) -> None:
    run = make_run(store)
    page = opened(run="gone")
    assert page.selectbox(key="run").value == run.id
    assert "no longer here" in page.info[0].value


def test_choosing_another_run_changes_the_address(store: RunStore) -> None:
    old, _ = make_run(store, "old"), make_run(store, "new")
    page = opened()
    page.selectbox(key="run").select(old.id).run()
    assert page.query_params["run"] == old.id


def test_no_setting_is_in_two_places_of_the_form() -> None:
    placed = [*setup_form.MAIN, *(key for keys in setup_form.groups().values() for key in keys)]
    assert len(placed) == len(set(placed))
