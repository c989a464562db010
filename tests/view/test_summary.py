"""A run in a line."""

from dbn_core.config import RunConfig
from dbn_core.view.summary import differing, latest, settings_text
from pages.parts.settings import flat
from tests.view.samples import point


def test_only_settings_that_are_not_the_same_everywhere_are_named() -> None:
    configs = [RunConfig(), RunConfig().with_values({"training.k": 3}), RunConfig().with_values({"layers": [500, 300]})]
    keys = differing([flat(config) for config in configs])
    assert keys == ["layers", "training.k"]
    assert settings_text(flat(configs[2]), keys) == "Layers 500-300 · k 1"
    assert differing([flat(configs[0])]) == differing([]) == []


def test_the_newest_numbers_win_and_missing_ones_are_empty() -> None:
    found = latest([point("recon_mse", 0.2, 1), point("recon_mse", 0.01234, 2, "layer2"), point("sparsity", 0.1234, 2)])
    assert (found.stage, found.train, found.heldout, found.activity) == ("layer 2", "0.0123", "", "12.3 %")
    assert latest([]).stage == ""
