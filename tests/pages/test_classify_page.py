"""The Classify page in every state of a run, and the runs that it starts."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from tests.pages.opening import open_page, words
from tests.samples import make_run
from web import classifiers


def opened(**query: str) -> AppTest:
    return open_page("classify.py", **query)


def pretrained(store: RunStore, end: float = 2.0, **settings: Any) -> Run:
    """A finished run of layers 1 and 2, one epoch each, whose last checkpoint is at epoch `end`."""
    config = {"layers": [13, 11], "epochs": 1, **settings}
    run = make_run(store, "stack", RunStatus.RUNNING, settings=config)
    writer = store.claim(run.id, "a test")
    for epoch, stage in ((1.0, "layer1"), (end, "layer2")):
        position = Position(round(100 * epoch), epoch, stage)
        writer.save_checkpoint(Checkpoint(position, b"state", run.info().config, "stage"))
    writer.set_status(RunStatus.DONE)
    return run


def test_an_empty_lab_leads_to_the_train_page(store: RunStore) -> None:
    app = opened()
    assert not app.exception
    assert "Nothing has been trained yet" in words(app)


@pytest.mark.parametrize("view", ["draw", "finetune", "few", "mistakes", "features"])
@pytest.mark.parametrize("status", list(RunStatus))
def test_every_view_opens_in_every_state(store: RunStore, view: str, status: RunStatus) -> None:
    make_run(store, status=status)
    app = opened(view=view)
    assert not app.exception
    assert not app.error


def test_the_address_names_run_and_view(store: RunStore) -> None:
    run = make_run(store)
    app = opened(run=run.id, view="features")
    assert app.session_state["classify view"] == "features"
    assert opened(run=run.id, view="<b>").session_state["classify view"] == "draw"


def test_a_classifier_is_a_child_of_the_end_of_pretraining(store: RunStore) -> None:
    parent = pretrained(store, **{"vae.epochs": 3})
    app = opened(run=parent.id, view="finetune")
    app.number_input(key="classify finetune.epochs").set_value(7).run()
    app.selectbox(key="classify finetune.mode").select("frozen").run()
    app.button(key="classify go").click().run()
    assert not app.exception
    child = store.runs()[0]
    assert (child.parent, child.branched_at.epoch, child.name) == (parent.id, 2.0, "stack fine-tuned")
    assert child.config.stages == {"layer1": 1, "layer2": 1, "finetune": 7}
    assert child.config.finetune.mode == "frozen"


def test_the_same_net_from_scratch_is_a_run_of_its_own(store: RunStore) -> None:
    parent = pretrained(store, **{"labels.joint": True})
    app = opened(run=parent.id, view="finetune")
    app.radio(key="classify start from").set_value("scratch").run()
    app.button(key="classify go").click().run()
    assert not app.exception
    child = store.runs()[0]
    assert (child.parent, child.config.stages) == ("", {"finetune": 20})
    assert child.config.layers == (13, 11)


def test_a_run_that_is_not_through_with_pretraining_says_that_its_child_completes_it(store: RunStore) -> None:
    run = pretrained(store, end=1.5)
    app = opened(run=run.id, view="finetune")
    assert "epoch 1&#46;50, in layer 2&#58; the child completes it first" in words(app)


def test_a_tuned_run_is_tuned_again_from_its_pretraining_and_not_from_its_classifier(store: RunStore) -> None:
    run = pretrained(store, **{"finetune.epochs": 3})
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(Position(500, 5.0, "finetune"), b"state", run.info().config, "stage"))
    source = classifiers.source_of(run.info())
    assert source is not None
    assert (source.position.epoch, source.complete) == (2.0, True)


def test_a_net_from_scratch_has_no_pretraining_to_go_back_to(store: RunStore) -> None:
    run = make_run(store, settings={"epochs": 0, "finetune.epochs": 5})
    app = opened(run=run.id, view="finetune")
    assert app.radio(key="classify start from").options == ["scratch: the same net, random weights"]
    assert "no pretrained layers" in words(app)
    assert "no pretrained layers to compare" in words(opened(run=run.id, view="few"))


def test_the_experiment_is_a_child_with_its_own_stage(store: RunStore) -> None:
    parent = pretrained(store)
    app = opened(run=parent.id, view="few")
    app.number_input(key="classify seeds").set_value(2).run()
    assert "30 short trainings" in words(app)
    app.button(key="classify few").click().run()
    assert not app.exception
    child = store.runs()[0]
    assert (child.parent, child.config.fewlabels.seeds) == (parent.id, 2)
    assert list(child.config.stages) == ["layer1", "layer2", "fewlabels"]


@pytest.mark.parametrize(("epochs", "advised"), [(20, True), (50, False)])
def test_a_short_pretraining_is_told_to_be_worth_little(store: RunStore, epochs: int, advised: bool) -> None:
    run = pretrained(store, epochs=epochs)
    app = opened(run=run.id, view="few")
    said = "\n".join(element.value for element in app.caption)
    assert ("Pretraining pays only when it is long enough" in said) == advised


def test_settings_that_do_not_fit_get_their_sentence(store: RunStore) -> None:
    run = pretrained(store)
    app = opened(run=run.id, view="finetune")
    app.session_state["classify finetune.epochs"] = 0
    app.number_input(key="classify finetune.epochs").set_value(0).run()
    app.radio(key="classify start from").set_value("scratch").run()
    app.button(key="classify go").click().run()
    assert not app.exception
    assert "leaves nothing to train" in words(app)


def test_a_run_without_classifier_is_led_to_fine_tuning(store: RunStore) -> None:
    run = pretrained(store)
    app = opened(run=run.id, view="mistakes")
    assert "no classifier yet" in words(app)
    next(button for button in app.button if button.label == "Fine-tune this run").click().run()
    assert app.session_state["classify view"] == "finetune"


def test_patches_have_no_class(store: RunStore) -> None:
    config = RunConfig().with_values({"data.patch": 11})
    run = store.create_run(config, "patches")
    for view in ("finetune", "few", "mistakes"):
        assert "a patch has no class" in words(opened(run=run.id, view=view))


def test_names_are_text(store: RunStore) -> None:
    run = pretrained(store)
    run.rename("<b>x</b> :red[c] [d](http://e)")
    app = opened(run=run.id, view="finetune")
    assert all(markup not in words(app) for markup in ("<b>", ":red[", "[d](", "http:"))
