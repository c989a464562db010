"""Choices at the settings that go with them: they live, where the defaults let them diverge or die."""

import math

import pytest
from click.testing import CliRunner

from benchmarks.kinds import CHOICES, COUNTED, Outcome, as_row, configuration, main, outcome
from dbn_core.config import RunConfig

SMALL = {"data.train_size": 1000, "batch_size": 50, "epochs": 2, "training.momentum_switch": 0}


def short(name: str, *, fitted: bool, **more: object) -> Outcome:
    return outcome(configuration(CHOICES[name] | SMALL | more, fitted=fitted))


@pytest.mark.parametrize(
    "name",
    ["gaussian", "gaussian, whitened", "gaussian, RobustScaler", "gaussian, PCD", "gaussian and rectified"],
)
def test_gaussian_units_learn_at_what_goes_with_them(name: str) -> None:
    result = short(name, fitted=True)
    assert not result.failure
    (layer,) = result.layers
    assert all(math.isfinite(value) for value in layer.values())
    assert sum(layer[key] for key in COUNTED) == 0
    assert layer["heldout_recon_mse"] < 0.075, "the mean image comes to 0.067, RobustScaler's median to more"


def test_at_the_defaults_of_binary_units_they_diverge() -> None:
    assert short("gaussian, PCD", fitted=False).failure.startswith("diverged by epoch")


def test_a_wide_rectified_layer_keeps_its_units() -> None:
    (before,), (after,) = (
        short("rectified, 1,000 units", fitted=fitted, layers=[600], epochs=4).layers for fitted in (False, True)
    )
    assert before["dead_units"] > 0
    assert after["dead_units"] == 0


def test_few_images_are_learnt_in_smaller_batches() -> None:
    slow, quick = (outcome(configuration(CHOICES["500 images"], fitted=fitted)).layers[0] for fitted in (False, True))
    assert quick["heldout_recon_mse"] < 0.75 * slow["heldout_recon_mse"]


def test_a_row_names_the_end_and_the_figures_of_each_layer() -> None:
    layer = {"dead_units": 3.0, "sparsity": 0.125, "heldout_recon_mse": 0.01234}
    row = as_row("deep", Outcome("diverged by epoch 0.4", [layer, {}], 7.6))
    assert row == "| deep | diverged by epoch 0.4 | 3, 0, 0; 0, 0, 0 | 12.5, 0.0 | 0.0123, 0.0000 | 8 |"


def test_the_choices_are_valid_and_an_unknown_one_is_refused() -> None:
    for name, choice in CHOICES.items():
        config = configuration(choice)
        assert all(
            config.value(key) == RunConfig().with_values({key: value}).value(key)
            for key, value in choice.items()
            if key != "data.preprocessing"
        ), name
    assert "no choice 'gausian'" in CliRunner().invoke(main, ["--only", "gausian"]).output
