"""A run in a line."""

from dbn_core.config import RunConfig
from dbn_core.view.settings import flat
from dbn_core.view.summary import differing, latest, settings_text, telling
from tests.view.samples import point


def test_only_settings_that_are_not_the_same_everywhere_are_named() -> None:
    configs = [RunConfig(), RunConfig().with_values({"training.k": 3}), RunConfig().with_values({"layers": [500, 300]})]
    keys = differing([flat(config) for config in configs])
    assert keys == ["layers", "training.k"]
    assert settings_text(flat(configs[2]), keys) == "Layers 500-300 · k 1"
    assert differing([flat(configs[0])]) == differing([]) == []


def test_of_a_run_only_its_layers_and_what_is_not_as_usual_is_told() -> None:
    usual, fast = RunConfig(), RunConfig().with_values({"training.learning_rate": 0.1, "layers": [64, 32]})
    own = fast.with_values({"training.k": 3, "layer_settings.1.training.k": 1, "layer_settings.2.epochs": 4})
    keys = differing([flat(each) for each in (usual, fast, own)])
    assert telling(flat(usual), keys, flat(usual)) == ["layers"]
    assert telling(flat(fast), keys, flat(usual)) == ["layers", "training.learning_rate"]
    told = telling(flat(own), keys, flat(usual))
    assert settings_text(flat(own), told) == "Layers 64-32 · k 3 · Learning rate 0.1 · Layer 1: k 1 · Layer 2: Epochs 4"


def test_the_newest_numbers_win_and_missing_ones_are_empty() -> None:
    figures = latest(
        [point("recon_mse", 0.2, 1), point("recon_mse", 0.01234, 2, "layer2"), point("sparsity", 0.1234, 2)]
    )
    assert (figures.stage, figures.train, figures.heldout) == ("layer 2", "0.0123", "")
    assert figures.activity == "12.3 % of hidden units on"
    assert latest([]).stage == ""


def test_the_errors_of_a_run_with_a_dbn_and_a_vae_are_those_of_the_dbn() -> None:
    layers = [point("recon_mse", 0.03, 1), point("recon_mse", 0.02, 2, "layer2"), point("heldout_recon_mse", 0.04, 2)]
    vae = [point("recon_mse", 0.5, 3, "vae"), point("heldout_recon_mse", 0.6, 3, "vae")]
    both, alone = latest([*layers, *vae]), latest(vae)
    assert (both.stage, both.train, both.heldout) == ("layer 2", "0.0200", "0.0400")
    assert (alone.stage, alone.train, alone.heldout) == ("VAE", "0.500", "0.600")


def test_the_wrong_classes_are_those_of_the_classifier_measured_last() -> None:
    units = [point("heldout_error", 12.5, 1, "layer2")]
    assert latest(units).wrong == "12.50 % wrong (label units)"
    head = [*units, point("test_error", 3.25, 5, "finetune"), point("heldout_error", 3.9, 7, "finetune")]
    assert latest(head).wrong == "3.25 % wrong (classifier)", "all held-out images count more than the monitored ones"
    assert latest([*head, point("heldout_error", 2.0, 9, "hybrid")]).wrong == "2.00 % wrong (hybrid)"
    assert latest([]).wrong == ""


def test_a_likelihood_is_given_with_both_its_estimates() -> None:
    both = [point("log_likelihood_ais", -101.26, 3), point("log_likelihood_rais", -101.94, 3)]
    assert latest(both).likelihood == "−101.3 / −101.9 nats per image (log-likelihood, AIS / reverse AIS)"
    exact = [point("log_likelihood_exact", -142.61, 3)]
    assert latest(exact).likelihood == "−142.6 nats per image (log-likelihood, exact)"
    assert latest([]).likelihood == ""
