"""The Train page in every state of the lab, without a browser."""

from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.commands import Pause, Resume, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, Position, RunStatus
from dbn_core.store import RunStore
from pages.parts import run_picker
from pages.parts.controls import PROBLEM, knobs_of, others_of
from tests.pages.opening import arrive, picker, words
from tests.pages.train import opened
from tests.samples import HERE, make_run


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
    assert picker(page).value == info.id
    assert page.query_params["run"] == info.id
    assert live_views(page) == 1


def test_without_a_cluster_the_run_waits_and_the_page_says_why(store: RunStore) -> None:
    page = opened()
    page.button(key="start").click().run()
    from web import lab

    lab.cluster().wait()
    page.run()
    assert "DBN_SCHEDULER" in page.warning[0].value.replace("&#95;", "_")
    assert store.runs()[0].status is RunStatus.QUEUED


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
    sent = run.send(SetHyperparameter("training.k", 9))
    # It is another widget: what a browser still tells of the old one does not count as turned here.
    assert page.run().number_input(key=f"knob {run.id} training.k {sent}").value == 9
    assert page.run().number_input(key=f"knob {run.id} training.k {sent}").value == 9
    assert len(run.commands()) == 1


def test_knobs_that_are_gone_turn_nothing_back(store: RunStore) -> None:
    """A browser tells for a moment what its fields held before somebody else turned one, or another run was opened."""
    run = make_run(store, "shared", RunStatus.RUNNING)
    page = opened()
    fields: list[Any] = [*page.main.number_input, *page.main.select_slider, *page.main.toggle, *page.main.selectbox]
    for field in fields:
        field.set_value(field.value)
    outdated = page.number_input(key=f"knob {run.id} training.learning_rate").root
    run.send(SetHyperparameter("training.learning_rate", 0.02))
    page.run()
    outdated.run()
    outdated.run()
    assert [command.command for command in run.commands()] == [SetHyperparameter("training.learning_rate", 0.02)]


def test_knobs_of_a_run_that_is_no_longer_shown_turn_nothing(store: RunStore) -> None:
    run = make_run(store, "in training", RunStatus.RUNNING, settings={"updates_per_second": 5.0})
    ended = make_run(store, "ended", RunStatus.DONE)
    page = opened(run=run.id)
    fields: list[Any] = [*page.main.number_input, *page.main.select_slider, *page.main.toggle, *page.main.selectbox]
    for field in fields:
        field.set_value(field.value)
    outdated = page.number_input(key=f"knob {run.id} training.learning_rate").root
    picker(page).select(ended.id).run().run()
    outdated.run()
    assert not [record for record in run.commands() if isinstance(record.command, SetHyperparameter)]


def test_a_knob_that_the_worker_refused_goes_back(store: RunStore) -> None:
    run = make_run(store)
    sent = run.send(SetHyperparameter("training.k", 9))
    store.claim(run.id, "a test").acknowledge(sent, HERE, "no")
    assert opened().number_input(key=f"knob {run.id} training.k {sent}").value == 1


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
    assert states == {"start": False, "take away": False}, "no button that can do nothing"
    assert not page.main.number_input, "no knob of a run that nothing changes any more"


def test_what_went_wrong_with_one_run_is_not_said_above_another(store: RunStore) -> None:
    run, other = make_run(store, "mine"), make_run(store, "other", RunStatus.STOPPED)
    page = opened(run=run.id)
    for of, told in ((other.id, 0), (run.id, 1)):
        page.session_state[PROBLEM] = of, "It takes no commands."
        assert len(page.run().error) == told


def test_a_finished_run_can_train_on_for_as_many_epochs_again(store: RunStore) -> None:
    run = make_run(store, status=RunStatus.DONE, settings={"epochs": 6})
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(Position(2400, 6, "layer1"), b"weights", run.info().config, "epoch"))
    writer.set_status(RunStatus.DONE)
    page = opened()
    page.button(key="train longer").click().run()
    assert not page.exception
    assert page.number_input(key="branch setting epochs").value == 12
    assert "Epochs per layer 6 → 12" in words(page)
    assert not page.button(key="branch go").disabled


@pytest.mark.parametrize(
    ("settings", "drawing"),
    [
        ({}, ["Draw a digit"]),
        ({"data.name": "fashion-mnist"}, ["Draw a picture"]),
        ({"data.name": "cifar10", "data.patch": 8}, []),
    ],
)
def test_a_finished_run_says_what_happened_and_leads_on(
    store: RunStore, settings: dict[str, Any], drawing: list[str]
) -> None:
    make_run(store, status=RunStatus.DONE, settings=settings)
    page = opened()
    assert "It trained for its" in words(page)
    named = [link.proto.label for link in page.main.get("page_link")]
    steps = ["Scrub its life", *drawing, "Let it dream", "Change one knob"]
    assert named[named.index(steps[0]) :][: len(steps)] == steps


def test_a_run_of_a_preset_says_what_it_asks_and_leads_to_the_page_where_it_is_seen(store: RunStore) -> None:
    make_run(store)
    assert "What does a layer find in digits that nobody has named?" in words(opened())
    run = store.create_run(RunConfig.preset("digit-movie"), "movie")
    page = opened(run=run.id)
    assert "Can a network dream the digit it is told?" in words(page)
    assert "A column a class" in words(page)
    (link,) = [item.proto for item in page.main.get("page_link") if item.proto.label == "See it on Generate"]
    assert (link.page, link.query_string) == ("generate", f"run={run.id}")
    own = make_run(store, settings={"training.k": 7})
    page = opened(run=own.id)
    told = "\n".join(text.value for text in page.main.markdown)
    assert "What does a layer find" not in told, "another question than the preset's"
    form = "\n".join(text.value for text in page.sidebar.caption)
    assert "which are not the preset's" in form
    assert "Seen on" not in form


@pytest.mark.parametrize("status", [RunStatus.STOPPED, RunStatus.FAILED])
def test_a_run_that_ended_early_can_go_on(store: RunStore, status: RunStatus) -> None:
    run = make_run(store, status=status)
    page = opened()
    page.button(key="again").click().run()
    assert (run.info().status, run.info().attempt) == (RunStatus.QUEUED, 2)
    assert not page.exception


def test_a_diverged_run_is_not_simply_resumed(store: RunStore) -> None:
    make_run(store, status=RunStatus.DIVERGED, message="Lower the rate.")
    page = opened()
    assert "again" not in {button.key for button in page.main.button}
    assert "It diverged" in words(page)
    assert "Lower the rate" not in words(page), "the view says why, and once is enough"
    assert not page.button(key="start").disabled


# -- which run --------------------------------------------------------------------------------------------------------


def test_the_address_names_the_run(store: RunStore) -> None:
    old, new = make_run(store, "old"), make_run(store, "new")
    assert picker(opened(run=new.id)).value == new.id
    assert picker(opened(run=old.id)).value == old.id


def test_without_a_run_in_the_address_there_is_the_welcome_and_never_somebody_elses_run(store: RunStore) -> None:
    old, new = make_run(store, "old"), make_run(store, "<b>new</b>", RunStatus.DONE)
    page = arrive("train.py")
    assert page.title[0].value == "Watch a network learn to see"
    assert live_views(page) == 0
    assert "run" not in page.query_params
    offered = {button.key: unescape(button.label) for button in page.main.button}
    assert offered == {
        "start": "Start First look",
        f"look at {new.id}": "<b>new</b> · finished",
        f"look at {old.id}": "old",
    }
    page.button(key=f"look at {old.id}").click().run()
    assert picker(page).value == old.id
    assert page.query_params["run"] == old.id


def test_a_link_to_a_run_that_is_gone_says_so_at_the_welcome(store: RunStore) -> None:
    make_run(store)
    page = opened(run="gone")
    assert page.title[0].value == "Watch a network learn to see"
    assert "no longer here" in page.info[0].value
    assert "run" not in page.query_params
    assert not page.run().info, "said once"


def test_a_run_stays_chosen_on_pages_that_show_none_and_the_way_back_to_the_welcome_is_in_the_picker(
    store: RunStore,
) -> None:
    old, _ = make_run(store, "old"), make_run(store, "new")
    page = arrive("train.py", run=old.id)
    for other in ("runs.py", "train.py", "features.py"):
        page.query_params.clear()
        page.switch_page(other).run()
    assert picker(page).value == old.id
    page.query_params.clear()
    page.switch_page("train.py").run()
    picker(page).select(run_picker.HOME).run()
    assert page.title[0].value == "Watch a network learn to see"
    assert "run" not in page.query_params
    assert page.run().title[0].value == "Watch a network learn to see"


def test_choosing_another_run_changes_the_address(store: RunStore) -> None:
    old, _ = make_run(store, "old"), make_run(store, "new")
    page = opened()
    picker(page).select(old.id).run()
    assert page.query_params["run"] == old.id


def test_the_knobs_are_those_that_the_stage_in_training_obeys() -> None:
    assert "training.momentum" in knobs_of("layer2")
    assert {key.partition(".")[0] for key in knobs_of("updown")} == {"updown"}
    # The trainings of the few-labels experiment are classifiers.
    assert knobs_of("fewlabels") == knobs_of("finetune")
    config = RunConfig().with_values({"fewlabels.seeds": 1})
    others = others_of(config, knobs_of("layer1"))
    assert "finetune.learning_rate" in others
    assert not any(key.startswith(("updown.", "vae.", "hybrid.")) for key in others)
