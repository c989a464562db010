"""Wrong classes among all test images, %: a DBN 500-500-2000 by its label units, by up-down, and as a classifier."""

from collections.abc import Callable
from typing import Any

import torch

from benchmarks.rows.bench import Bench, Trained
from benchmarks.rows.row import Goal, Outcome, Row
from dbn_core.models import DBN, UntiedDBN
from dbn_core.training.data import TrainingData
from dbn_core.training.inputs import CHUNK
from dbn_core.training.learners.supervised import SupervisedLearner
from dbn_core.training.learners.wakesleep import UpDownLearner

LAYERS = [500, 500, 2000]
PRETRAINING: dict[str, Any] = {
    "layers": LAYERS,
    "data.preprocessing": "bernoulli",
    "training.method": "pcd",
    "training.centring": True,
    "training.learning_rate": 0.3,
    "training.schedule": "linear",
    "training.momentum": 0.0,
    "training.initial_momentum": 0.0,
    "training.weight_decay": 0.0,
    "training.propagate": "samples",
}


def pretrained(bench: Bench, *, joint: bool) -> Trained:
    """The DBN that the rows start from, all layers by centred PCD-1; `joint`: with label units."""
    values = {**PRETRAINING, "labels.joint": joint, "epochs": bench.pick(8, 60 if joint else 15)}
    return bench.pretrained(bench.config(values))


def fine_tuned(bench: Bench, values: dict[str, Any], start: Trained | None) -> tuple[Trained, float]:
    """A classifier on from `start` (from scratch when None), and its test error, %."""
    scratch = {"layers": LAYERS, "epochs": 0, "data.preprocessing": "bernoulli"}
    config = start.config.with_values(values) if start else bench.config({**scratch, **values})
    done = bench.train(config, start)
    learner = done.learner.now
    assert isinstance(learner, SupervisedLearner)
    return done, learner.test_error()


@torch.no_grad()
def label_error(model: DBN | UntiedDBN, data: TrainingData) -> float:
    """Share of test images, %, whose most probable label, by the free energies of all labels, is not theirs."""
    wrong = 0
    for start in range(0, len(data.heldout), CHUNK):
        rows = data.preprocessing.mean(data.heldout[start : start + CHUNK])
        wrong += int((model.classify(rows).argmax(1) != data.heldout_labels[start : start + CHUNK]).sum())
    return 100 * wrong / len(data.heldout)


def _greedy(bench: Bench) -> Outcome:
    done = pretrained(bench, joint=True)
    return Outcome({"error": label_error(done.learner.dbn, done.learner.data)}, done.seconds, done.settings)


def _up_down(bench: Bench) -> Outcome:
    start = pretrained(bench, joint=True)
    values = {"updown.epochs": bench.pick(5, 10), "updown.learning_rate": 0.02, "updown.k": 3}
    done = bench.train(start.config.with_values(values), start)
    learner = done.learner.now
    assert isinstance(learner, UpDownLearner)
    return Outcome({"error": label_error(learner.model, learner.data)}, done.seconds, done.settings)


def _classifier(values: dict[str, Any], quick_epochs: int, epochs: int) -> Callable[[Bench], Outcome]:
    def measure(bench: Bench) -> Outcome:
        stage = {"finetune.epochs": bench.pick(quick_epochs, epochs), **values}
        done, error = fine_tuned(bench, stage, pretrained(bench, joint=True))
        return Outcome({"error": error}, done.seconds, done.settings)

    return measure


_NET = "DBN 500-500-2000"

ROWS = (
    Row(
        "greedy",
        f"{_NET} + 10 labels, greedy only",
        "%",
        "2.49 (Hinton, Osindero & Teh 2006)",
        _greedy,
        (Goal("error", 2.5),),
    ),
    Row("up-down", "the same + up-down", "%", "1.39, 1.25 on 60k (the same)", _up_down, (Goal("error", 1.4),)),
    Row(
        "backprop",
        f"{_NET} + backprop",
        "%",
        "1.2 (Hinton & Salakhutdinov 2006)",
        _classifier(
            {
                "finetune.dropout": 0.0,
                "finetune.learning_rate": 5e-4,
                "finetune.label_smoothing": 0.1,
                "finetune.weight_decay": 0.0,
            },
            10,
            30,
        ),
        (Goal("error", 1.2),),
    ),
    Row(
        "dropout",
        f"{_NET} + backprop with dropout",
        "%",
        "0.92 (Srivastava et al. 2014)",
        _classifier(
            {
                "batch_size": 200,
                "finetune.dropout": 0.3,
                "finetune.input_dropout": 0.2,
                "finetune.learning_rate": 1e-3,
                "finetune.label_smoothing": 0.1,
                "finetune.weight_decay": 0.0,
            },
            15,
            200,
        ),
        (Goal("error", 0.95),),
    ),
)
