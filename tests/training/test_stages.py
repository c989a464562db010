"""Runs of several kinds of stages: each takes over from the one before, resumes bit for bit, and branches fit in."""

from dataclasses import replace

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.models import DBN
from dbn_core.records import Position, RunStatus
from dbn_core.training.checkpoints import Cursor, Resumption, unpack
from dbn_core.training.data import TrainingData
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl
from dbn_core.training.start import new_dbn

SHAPE = (5, 7)
CLASSES = 3
EVERY_UPDATE = Cadence(checkpoint_seconds=0.0, cost_share=1e9)


def images() -> tuple[torch.Tensor, torch.Tensor]:
    """Three kinds of stripes under noise, and which kind each image is of."""
    generator = torch.Generator().manual_seed(3)
    labels = torch.arange(131) % CLASSES
    patterns = torch.zeros(CLASSES, *SHAPE)
    patterns[0, ::2], patterns[1, :, ::2], patterns[2, 1:4, 2:6] = 1.0, 1.0, 1.0
    noisy = patterns[labels].flatten(1) * 0.8 + 0.2 * torch.rand(131, 35, generator=generator)
    return noisy.mul(255).to(torch.uint8), labels


PIXELS, LABELS = images()


def settings(**flat: object) -> RunConfig:
    return RunConfig().with_values({"layers": [13, 11], "epochs": 2, "batch_size": 20, "device": "cpu"} | flat)


def new_learner(config: RunConfig, labels: torch.Tensor | None = LABELS) -> StagedLearner:
    names = tuple("abc") if labels is not None else ()
    train_labels, truth = (None, None) if labels is None else (labels[:97], labels[97:])
    data = TrainingData.of(config, (PIXELS[:97], train_labels), (PIXELS[97:], truth), names, SHAPE)
    return StagedLearner(new_dbn(config, 35, len(names)), data, config, torch.device("cpu"))


def run(
    config: RunConfig, resumption: Resumption | None = None, labels: torch.Tensor | None = LABELS
) -> tuple[StagedLearner, MemoryRecorder, RunStatus]:
    learner, recorder = new_learner(config, labels), MemoryRecorder()
    status = train(learner, run_plan(config, EVERY_UPDATE), config, recorder, NullControl(), resumption)
    return learner, recorder, status


def parameters(dbn: DBN) -> list[torch.Tensor]:
    return [p.clone() for p in dbn.parameters()]


VARIANTS: dict[str, dict[str, object]] = {
    "together": {"training.order": "together", "training.propagate": "samples"},
    "layers with settings of their own": {
        "layer_settings": [
            {"batch_size": 13, "k": 2, "learning_rate": 0.02, "l1_decay": 0.01, "propagate": "samples"},
            {"epochs": 3, "method": "fpcd", "chains": 7, "sparsity_target": 0.1, "schedule": "linear"},
        ],
    },
    "together, each layer by its own rule": {
        "training.order": "together",
        "layer_settings": [{"learning_rate": 0.02, "centring": True}, {"method": "tempering", "temperatures": 3}],
    },
    "hidden biases by the target": {"training.sparsity_target": 0.1, "training.initial_hidden_bias": None},
    "labels": {"labels.joint": True, "training.method": "pcd", "training.chains": 7},
    "up-down": {"labels.joint": True, "updown.epochs": 2},
    "up-down in mixed precision": {"precision": "mixed", "labels.joint": True, "updown.epochs": 2},
    "gaussian": {"visible": "gaussian", "data.preprocessing": "standard", "training.learning_rate": 0.01},
    "learned deviations": {
        "visible": "gaussian",
        "data.preprocessing": "robust",
        "training.learning_rate": 0.01,
        "training.learn_variance": True,
    },
    "stepped hidden units": {
        "layers": [13],
        "hidden": "stepped",
        "training.method": "pcd",
        "training.chains": 7,
        "training.learning_rate": 0.02,
        "labels.joint": True,
    },
    "tempering of stepped units": {
        "layers": [13],
        "hidden": "stepped",
        "training.method": "tempering",
        "training.chains": 5,
        "training.temperatures": 3,
        "training.learning_rate": 0.02,
    },
    "rectified hidden units": {
        "layers": [13],
        "hidden": "relu",
        "training.learning_rate": 0.02,
        "training.sparsity_target": 0.3,
        "training.centring": True,
        "finetune.epochs": 1,
    },
    "rectified units on real ones": {
        "layers": [13],
        "visible": "gaussian",
        "hidden": "relu",
        "data.preprocessing": "standard",
        "training.learning_rate": 0.002,
        "training.learn_variance": True,
        "precision": "mixed",
    },
    "classifier": {"finetune.epochs": 2, "finetune.dropout": 0.3},
    "classifier after up-down": {"labels.joint": True, "updown.epochs": 1, "finetune.epochs": 1},
    "vae": {"epochs": 0, "vae.epochs": 2, "vae.hidden": 17, "vae.latent": 3},
    "fast weights": {"training.method": "fpcd", "training.chains": 7},
    "tempering": {"training.method": "tempering", "training.chains": 5, "training.temperatures": 3},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_resuming_from_any_checkpoint_gives_the_same_numbers_bit_for_bit(variant: str) -> None:
    config = settings(**VARIANTS[variant])
    whole, recorder, status = run(config)
    assert status is RunStatus.DONE
    expected = whole.state()
    kept = recorder.checkpoints
    for checkpoint in (kept[1], kept[len(kept) // 2], kept[-3]):
        again, _, _ = run(config, unpack(checkpoint.payload))
        state = again.state()
        for name, tensor in expected.items():
            assert torch.equal(tensor, state[name]), (variant, checkpoint.position, name)


def test_every_stage_of_a_run_is_measured_under_its_own_name() -> None:
    config = settings(**{"labels.joint": True, "updown.epochs": 2, "finetune.epochs": 3})
    _, recorder, _ = run(config)
    last = {position.stage: position.epoch for position, _ in recorder.rows}
    assert last == {"layer1": 2.0, "layer2": 4.0, "updown": 6.0, "finetune": 9.0}


def test_labels_of_clean_patterns_are_learnt_by_the_top_rbm_by_up_down_and_by_a_classifier() -> None:
    config = settings(**{"epochs": 30, "labels.joint": True, "updown.epochs": 10, "finetune.epochs": 20})
    _, recorder, _ = run(config)
    errors = {
        position.stage: values.get("heldout_error", values.get("test_error")) for position, values in recorder.rows
    }
    assert errors["layer2"] == 0.0
    assert errors["updown"] == 0.0
    assert errors["finetune"] == 0.0


def test_up_down_leaves_the_greedy_network_as_it_was_and_changes_its_own() -> None:
    config = settings(**{"labels.joint": True, "updown.epochs": 3})
    greedy, _, _ = run(settings(**{"labels.joint": True}))
    tuned, _, _ = run(config)
    assert all(torch.equal(a, b) for a, b in zip(parameters(greedy.dbn), parameters(tuned.dbn), strict=True))
    state = tuned.state()
    assert not torch.equal(state["untied.top.W"], state["layer2.W"])
    directed = {name for name in state if name.startswith("untied._directed.0.")}
    assert directed == {f"untied._directed.0.{part}" for part in ("recognition", "generation", "up_bias", "down_bias")}
    assert not torch.equal(state["untied._directed.0.recognition"], state["untied._directed.0.generation"])


def test_together_moves_every_layer_from_the_first_epoch_and_tells_of_each() -> None:
    config = settings(**{"training.order": "together"})
    _, recorder, _ = run(config)
    first = {position.stage for position, _ in recorder.rows if 0 < position.epoch <= 1}
    assert first == {"layer1", "layer2"}
    for stage in ("layer1", "layer2"):
        filters = [s for s in recorder.snapshots if s.info.kind == "filters" and s.info.position.stage == stage]
        assert filters[0].info.position.epoch == 0.0
        assert (filters[0].pixels != filters[-1].pixels).any()
        steps = [values["weight_step"] for position, values in recorder.rows if position.stage == stage]
        assert steps[-1] > 0


def test_with_one_layer_together_is_greedy_bit_for_bit() -> None:
    greedy, _, _ = run(settings(layers=[13]))
    together, _, _ = run(settings(**{"layers": [13], "training.order": "together"}))
    assert torch.equal(greedy.dbn.layers[0].W, together.dbn.layers[0].W)


def test_gaussian_units_are_judged_in_pixels_and_have_no_cross_entropy() -> None:
    config = settings(**VARIANTS["gaussian"], layers=[13], epochs=20)
    _, recorder, _ = run(config)
    errors = [values["heldout_recon_mse"] for _, values in recorder.rows]
    assert not any("recon_ce" in values for _, values in recorder.rows)
    # Pixels lie in [0, 1]: a reconstruction by the mean image alone would have the pixels' variance as its error.
    spread = PIXELS.float().div(255).var(0).mean().item()
    assert errors[0] == pytest.approx(spread, rel=0.2)
    assert errors[-1] < 0.35 * spread


def test_the_likelihood_comes_after_every_so_many_epochs_of_the_top_layer_only() -> None:
    config = settings(**{"layers": [13, 11], "epochs": 4, "likelihood.every": 2})
    _, recorder, _ = run(config)
    measured = [
        (position.stage, position.epoch) for position, values in recorder.rows if "log_likelihood_exact" in values
    ]
    assert measured == [("layer2", 6.0), ("layer2", 8.0)]


STAGE_MAKES = {"finetune": "classifier.", "vae": "vae.", "updown": "untied.", "hybrid": "hybrid."}


def test_measuring_the_likelihood_changes_nothing_that_is_learnt() -> None:
    plain, _, _ = run(settings(layers=[23]))
    config = settings(**{"layers": [23], "likelihood.every": 1, "likelihood.temperatures": 20, "likelihood.chains": 5})
    watched, recorder, _ = run(config)
    assert any("log_likelihood_ais" in values for _, values in recorder.rows)
    assert torch.equal(plain.dbn.layers[0].W, watched.dbn.layers[0].W)


def test_a_branch_that_adds_a_stage_meets_it_after_those_that_are_done() -> None:
    _, recorder, _ = run(settings())
    last = unpack(recorder.checkpoints[-1].payload)
    child = settings(**{"finetune.epochs": 1})
    tuned, news, status = run(child, last)
    assert status is RunStatus.DONE
    assert {position.stage for position, _ in news.rows} == {"finetune"}
    assert any(name.startswith("classifier.") for name in tuned.state())


@pytest.mark.parametrize("beside", [{"layers": [23]}, {"training.order": "together"}])
def test_a_branch_that_gives_layers_more_epochs_makes_them_as_if_they_had_been_planned(
    beside: dict[str, object],
) -> None:
    longer = settings(**beside, epochs=5)
    _, recorder, _ = run(settings(**beside, epochs=3))
    child, news, status = run(longer, unpack(recorder.checkpoints[-1].payload))
    whole, _, _ = run(longer)
    assert (status, news.rows[-1][0].epoch) == (RunStatus.DONE, 5)
    known = whole.state()
    assert {name for name, tensor in child.state().items() if not torch.equal(tensor, known[name])} == set()


@pytest.mark.parametrize("stage", ["finetune", "vae", "updown", "hybrid"])
def test_a_branch_that_gives_a_later_stage_more_epochs_goes_on_with_what_it_has_learnt(stage: str) -> None:
    _, recorder, _ = run(settings(**{"epochs": 1, f"{stage}.epochs": 3}))
    last = unpack(recorder.checkpoints[-1].payload)
    learner, news, status = run(settings(**{"epochs": 1, f"{stage}.epochs": 5}), last)
    assert status is RunStatus.DONE
    assert {position.stage for position, _ in news.rows} == {stage}
    assert all(5 < position.epoch <= 7 for position, _ in news.rows), "nothing is made again"
    learnt = {name for name in last.tensors if name.startswith(STAGE_MAKES[stage])}
    assert learnt
    assert any(not torch.equal(learner.state()[name], last.tensors[name]) for name in learnt)


def test_of_a_stage_that_is_over_nothing_is_made_again() -> None:
    config = settings(layers=[23], epochs=3)
    _, recorder, _ = run(config)
    last = unpack(recorder.checkpoints[-1].payload)
    assert (last.begun, last.made) == (False, 3)
    assert run_plan(config).place(last).cursor == last.cursor
    assert run_plan(config.with_values({"epochs": 2})).place(last).cursor.stage == 1, "fewer epochs are over, too"
    assert not run_plan(config).place(replace(last, made=0)).begun, "one that ended before its time stays so"


def test_a_stage_in_progress_that_the_new_plan_lacks_is_over() -> None:
    config = settings(**{"finetune.epochs": 2})
    _, recorder, _ = run(config)
    middle = next(c for c in recorder.checkpoints if c.position.stage == "finetune" and c.keep == "epoch")
    placed = run_plan(settings(**{"hybrid.epochs": 1})).place(unpack(middle.payload))
    assert placed.cursor == Cursor(middle.position.step, 2)
    assert not placed.begun


def test_a_stage_may_come_between_those_that_are_done_and_those_that_are_not() -> None:
    _, recorder, _ = run(settings())
    done = unpack(recorder.checkpoints[-1].payload)
    plan = run_plan(settings(**{"updown.epochs": 1, "finetune.epochs": 1}))
    assert plan.stages[plan.place(done).cursor.stage].name == "updown"


@pytest.mark.parametrize("wanted", [{"labels.joint": True}, {"finetune.epochs": 1}, {"hybrid.epochs": 1}])
def test_stages_that_need_labels_say_so_when_there_are_none(wanted: dict[str, object]) -> None:
    with pytest.raises(DataError, match="label"):
        run(settings(**wanted), labels=None)


def test_positions_go_on_over_all_stages() -> None:
    config = settings(**{"finetune.epochs": 2})
    _, recorder, _ = run(config)
    epochs = [position.epoch for position, _ in recorder.rows]
    assert epochs == sorted(epochs)
    assert recorder.rows[-1][0] == Position(recorder.rows[-1][0].step, 6.0, "finetune")
