"""Log-likelihood of held-out images under one RBM, nats per image: exact for 16 hidden units, bracketed for 500.

Held-out grey images are binarised once, each pixel 1 with its grey value as probability; those of the RBM with 16
units at one half, as where its figures were published.
"""

from collections.abc import Callable
from typing import Any

from benchmarks.rows.bench import Bench
from benchmarks.rows.row import Goal, Outcome, Row
from dbn_core.training.density import bits, density

FALLING = {"training.schedule": "linear", "training.weight_decay": 0.0}
STILL = {"training.momentum": 0.0, "training.initial_momentum": 0.0}


def _exact(bench: Bench) -> Outcome:
    figures, seconds, settings = {}, 0.0, {}
    for name, centring in (("centred", True), ("plain", False)):
        values: dict[str, Any] = {
            "precision": "float32",
            "data.preprocessing": "threshold",
            "layers": [16],
            "epochs": bench.pick(20, 15),
            "training.method": "pcd",
            "training.learning_rate": 0.3,
            "training.centring": centring,
            **FALLING,
            **STILL,
        }
        done = bench.train(bench.config(values))
        learner = done.learner
        estimate = density(
            learner.dbn, learner.data.preprocessing.mean(learner.data.train), bits(learner.data), 0, 0, 0
        )
        figures[name] = estimate.metrics["log_likelihood_exact"]
        seconds += done.seconds
        settings = settings or done.settings
    return Outcome(figures, seconds, settings, "the same with training.centring False")


def _bracketed(values: dict[str, Any], quick_epochs: int, epochs: int) -> Callable[[Bench], Outcome]:
    def measure(bench: Bench) -> Outcome:
        chosen = {"data.preprocessing": "bernoulli", "layers": [500], "epochs": bench.pick(quick_epochs, epochs)}
        done = bench.train(bench.config({**chosen, **FALLING, **values}))
        data = done.learner.data
        chains, temperatures = bench.pick((100, 1000), (500, 5000))
        bench.say(f"AIS and its reverse: {chains} chains, {temperatures:,} temperatures")
        seen = data.preprocessing.mean(data.train)
        estimates = density(done.learner.dbn, seen, bits(data), chains, temperatures, bench.seed).metrics
        ais, reverse = estimates["log_likelihood_ais"], estimates["log_likelihood_rais"]
        images = f"{len(data.heldout):,} test images, {temperatures:,} temperatures, {chains} chains"
        # log Z is subtracted, so its upper end gives the lower end here.
        sigma = (estimates["log_partition_ais_high"] - estimates["log_partition_ais"]) / 3
        figures = {"AIS": ais, "reverse AIS": reverse, "gap": abs(ais - reverse)}
        return Outcome(figures, done.seconds, done.settings, f"{images}; one sigma of log Z below: {sigma:.2f}")

    return measure


_PUBLISHED = "-86.34 (CD-25, AIS; Salakhutdinov & Murray 2008)"
_PERSISTENT = {"training.centring": True, "training.learning_rate": 0.3, **STILL}

ROWS = (
    Row(
        "rbm16",
        "RBM-16, log-likelihood, exact",
        "nats",
        "centred -142.6, plain -149.1 (PyDeep)",
        _exact,
        (Goal("centred", -142.6, at_least=True), Goal("plain", -149.1, at_least=True)),
    ),
    Row("rbm500-cd1", "RBM-500, CD-1", "nats", "", _bracketed({"training.visible_samples": True}, 10, 20)),
    Row(
        "rbm500-cd25",
        "RBM-500, CD-25",
        "nats",
        _PUBLISHED,
        _bracketed({"training.k": 25, "training.visible_samples": True}, 5, 8),
    ),
    Row(
        "rbm500-pcd",
        "RBM-500, centred PCD-1",
        "nats",
        "-84.86 AIS, -96.61 reverse AIS (PyDeep, 200 epochs)",
        _bracketed({"training.method": "pcd", **_PERSISTENT}, 15, 500),
        (Goal("AIS", -84.0, at_least=True), Goal("gap", 0.5)),
    ),
    Row(
        "rbm500-tempering",
        "RBM-500, centred parallel tempering",
        "nats",
        "",
        _bracketed(
            {
                "precision": "float32",
                "training.method": "tempering",
                "training.chains": 100,
                "training.temperatures": 10,
                **_PERSISTENT,
                "training.learning_rate": 0.1,
            },
            3,
            40,
        ),
    ),
)
