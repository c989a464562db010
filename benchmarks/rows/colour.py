"""CIFAR-10: an RBM of Gaussian visible units on contrast-normalised, whitened images, fine-tuned: accuracy, %."""

from benchmarks.rows.bench import Bench
from benchmarks.rows.classification import fine_tuned
from benchmarks.rows.row import Outcome, Row


def _measure(bench: Bench) -> Outcome:
    values = {
        "data.preprocessing": "zca",
        "data.contrast_normalisation": True,
        "visible": "gaussian",
        "layers": [bench.pick(500, 2000)],
        "epochs": bench.pick(5, 30),
        "training.learning_rate": 0.005,
        "training.schedule": "linear",
        "training.initial_hidden_bias": -2.0,
    }
    start = bench.pretrained(bench.config(values))
    tuned = {
        "finetune.epochs": bench.pick(5, 30),
        "finetune.dropout": 0.5,
        "finetune.input_dropout": 0.2,
        "finetune.learning_rate": 5e-4,
    }
    done, error = fine_tuned(bench, tuned, start)
    linear, frozen_error = fine_tuned(bench, {**tuned, "finetune.mode": "frozen", "finetune.input_dropout": 0.0}, start)
    seconds = done.seconds + linear.seconds - start.seconds
    images = f"{len(bench.dataset.train):,} training and {len(bench.dataset.test):,} test images"
    return Outcome({"fine-tuned": 100 - error, "linear head": 100 - frozen_error}, seconds, done.settings, images)


ROWS = (
    Row(
        "cifar10",
        "CIFAR-10, Gaussian RBM, accuracy",
        "%",
        "64.84 (10,000 units)",
        _measure,
        data="cifar10",
        quick=False,
    ),
)
