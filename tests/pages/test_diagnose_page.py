"""Diagnose, the coach and the branching dialog, A/B: in every state of a run."""

import pytest

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from pages.parts import branching
from tests.pages.opening import open_page, words
from tests.samples import make_run


def jumping(store: RunStore, status: RunStatus = RunStatus.RUNNING, name: str = "wild") -> Run:
    """A run whose weights jump by a third at each update."""
    run = make_run(store, name)
    writer = store.claim(run.id, "a test")
    writer.write(metrics=[MetricPoint("weight_step", 0.33, Position(100 * at, float(at), "layer1")) for at in range(6)])
    writer.save_checkpoint(Checkpoint(Position(500, 5.0, "layer1"), b"state", run.info().config, "epoch"))
    if status is not RunStatus.RUNNING:
        writer.set_status(status)
    return run


def test_an_empty_lab_leads_to_the_train_page(store: RunStore) -> None:
    app = open_page("diagnose.py")
    assert not app.exception
    assert "Nothing has been trained yet" in app.info[0].value


def test_a_run_that_is_well_is_left_in_peace(store: RunStore) -> None:
    make_run(store)
    app = open_page("diagnose.py")
    assert not app.exception
    assert app.button(key="branch").disabled
    assert "The coach judges a layer once it has trained for 3 epochs" in words(app)


def test_the_coach_says_what_it_saw_and_its_button_turns_the_knob_of_the_live_run(store: RunStore) -> None:
    run = jumping(store)
    app = open_page("diagnose.py")
    assert "33&#46;0 %" in words(app)
    app.button(key="coach do 0").click().run()
    assert not app.exception
    sent = [record.command for record in run.commands()]
    assert sent == [SetHyperparameter("training.learning_rate", 0.005)]
    assert "33&#46;0 %" not in words(app)


def test_the_train_page_has_the_coach_in_one_line(store: RunStore) -> None:
    jumping(store)
    app = open_page("train.py")
    assert not app.exception
    assert [element.value for element in app.caption if "33&#46;0 %" in element.value]
    assert app.button(key="coach do").label == "Set learning rate = 0.005"


def test_a_finished_run_is_branched_with_the_remedy_filled_in(store: RunStore) -> None:
    jumping(store, RunStatus.DONE)
    app = open_page("diagnose.py")
    app.button(key="coach do 0").click().run()
    assert not app.exception
    assert app.number_input(key="branch setting training.learning_rate").value == 0.005
    assert "Learning rate 0&#46;05 → 0&#46;005" in words(app)
    with pytest.raises(KeyError):
        app.number_input(key="branch setting seed")  # bound to the parent's


def test_a_presets_run_that_is_done_says_which_promise_it_has_not_kept(store: RunStore) -> None:
    run = store.create_run(RunConfig.preset("edges-to-digits"))
    writer = store.claim(run.id, "a test")
    writer.write(metrics=[MetricPoint("localisation", 0.25, Position(400, 4.0, "layer1"))])
    writer.set_status(RunStatus.DONE)
    app = open_page("diagnose.py")
    assert not app.exception
    assert "Localisation of layer 1&#58; 25&#46;0 %, where the preset promises at most" in words(app)
    assert "The coach sees nothing wrong" not in words(app)


def test_a_branch_with_nothing_changed_says_so(store: RunStore) -> None:
    jumping(store, RunStatus.DONE)
    app = open_page("diagnose.py")
    app.button(key="branch").click().run()
    assert "bit for bit" in words(app)


def test_at_the_end_of_a_run_the_settings_of_its_layer_come_first_and_more_epochs_are_asked_for(
    store: RunStore,
) -> None:
    config = RunConfig.preset("edges-to-digits")
    run = store.create_run(config)
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(Position(9600, 60.0, "layer3"), b"s", config, "latest"))
    writer.set_status(RunStatus.DONE)
    app = open_page("diagnose.py", run=run.id)
    app.button(key="branch").click().run()
    assert app.button(key="branch go").disabled
    assert "at its end" in words(app)
    first = [item.label for item in app.number_input if str(item.key).startswith("branch setting")][:7]
    assert "Layer 3: Sparsity target (probability)" in first
    assert "Sparsity target (probability)" not in first


def test_each_position_is_offered_once_in_the_order_of_training(store: RunStore) -> None:
    run = store.create_run(RunConfig(), "a")
    writer = store.claim(run.id, "a test")
    for step in (100, 200):
        writer.save_checkpoint(Checkpoint(Position(step, step / 100, "layer1"), b"s", RunConfig(), "epoch"))
    writer.save_checkpoint(Checkpoint(Position(200, 2.0, "layer1"), b"s", RunConfig(), "stage"))
    offered = branching.checkpoints(run.id)
    assert [(item.position.step, item.keep) for item in offered] == [(100, "epoch"), (200, "stage")]
    run.delete()
    assert branching.checkpoints(run.id) == []


def test_names_are_text(store: RunStore) -> None:
    jumping(store, RunStatus.DONE, "<b>x</b> :red[c] [d](http://e)")
    app = open_page("diagnose.py")
    app.button(key="branch").click().run()
    assert all(markup not in words(app) for markup in ("<b>", ":red[", "[d](", "http:"))


# -- A/B --------------------------------------------------------------------------------------------------------------


def test_a_pair_differs_in_the_one_knob_and_shares_its_seed(store: RunStore) -> None:
    app = open_page("ab.py")
    app.selectbox(key="ab knob").select("training.k").run()
    app.number_input(key="ab value b").set_value(7).run()
    app.button(key="ab start").click().run()
    assert not app.exception
    b, a = (info for info in store.runs())
    assert a.config.differences(b.config) == {"training.k": (1, 7)}
    assert dict(app.query_params) in ({"a": [a.id], "b": [b.id]}, {"a": a.id, "b": b.id})


def test_the_knob_cannot_change_the_data_or_the_seed(store: RunStore) -> None:
    offered = open_page("ab.py").selectbox(key="ab knob").options
    assert "Momentum" in offered
    assert not {"Seed", "Data set", "Training images"} & set(offered)


def test_a_knob_with_the_same_value_on_both_sides_starts_nothing(store: RunStore) -> None:
    app = open_page("ab.py")
    app.number_input(key="ab value b").set_value(0.05).run()
    assert app.button(key="ab start").disabled
    assert "both have 0&#46;05" in app.warning[0].value


def test_a_link_to_a_pair_fills_the_form_with_it(store: RunStore) -> None:
    first = make_run(store, "one", settings={"training.learning_rate": 0.05})
    second = make_run(store, "two", settings={"training.learning_rate": 0.2})
    app = open_page("ab.py", a=first.id, b=second.id)
    assert app.selectbox(key="ab base").value == f"run {first.id}"
    assert app.selectbox(key="ab knob").value == "training.learning_rate"
    assert [app.number_input(key=f"ab value {side}").value for side in "ab"] == [0.05, 0.2]
    assert "A is one, B is two. Learning rate 0.05 against 0.2" in words(app).replace("&#46;", ".")
    app.number_input(key="ab value b").set_value(0.4).run()
    assert app.number_input(key="ab value b").value == 0.4, "what is chosen afterwards stays"


def test_names_that_say_the_difference_are_not_said_again(store: RunStore) -> None:
    app = open_page("ab.py")
    app.button(key="ab start").click().run()
    assert "Learning rate 0.05 against 0.025" in words(app).replace("&#46;", ".")
    assert "A is" not in words(app)


def test_any_two_runs_can_be_shown_and_a_run_beside_itself_is_explained(store: RunStore) -> None:
    first = make_run(store, "one")
    second = make_run(store, "two", settings={"training.k": 3})
    assert "k 1 against 3" in words(open_page("ab.py", a=first.id, b=second.id))
    assert "show the same run" in words(open_page("ab.py", a=first.id, b=first.id))
    assert "no longer here" in words(open_page("ab.py", a="nobody", b=first.id))
