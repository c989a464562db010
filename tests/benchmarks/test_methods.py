"""Methods side by side, each with the settings that go with it."""

import torch

from benchmarks.likelihoods import likelihoods
from benchmarks.methods import METHODS, configuration
from dbn_core.config import hyperparameter
from dbn_core.config.fitting import METHOD, fitting


def test_each_method_is_measured_at_what_goes_with_it() -> None:
    for method in METHODS:
        config = configuration(method, 8, 2, seed=3)
        fit = fitting(config.flat())
        assert fit["training.centring"] is (config.training.method != "cd")
        assert all(config.value(key) == value for key, value in fit.items() if key.startswith("training."))
        assert (config.layers, config.epochs, config.seed) == ((8,), 2, 3)
    assert {configuration(method, 8, 2, 3).training.method for method in METHODS} == set(hyperparameter(METHOD).choices)


def test_a_network_that_trained_longer_is_likelier() -> None:
    before, after = (
        likelihoods(
            configuration("PCD", 16, epochs, 0).with_values({"data.train_size": 1000}), torch.device("cpu"), 50
        )["exact"]
        for epochs in (1, 6)
    )
    assert after > before + 10
