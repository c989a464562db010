"""The figures that a run records of its likelihood hold the exact value between them, for every kind of units."""

from typing import Any

import pytest
import torch

from dbn_core.likelihood import exact_log_partition
from dbn_core.models import DBN
from dbn_core.training import density as module
from dbn_core.training.density import density, is_enumerable, log_unnormalised
from tests.training.test_stages import run, settings

KINDS: dict[str, tuple[list[int], dict[str, Any]]] = {
    "one layer": ([13, 11], {}),
    "gaussian": ([13, 11], {"visible": "gaussian"}),
    "stepped": ([13, 11], {"hidden": "stepped"}),
    "softmax": ([13, 11], {"visible": "softmax", "categories": 13}),
    "two layers": ([13, 7, 11], {}),
    "label units": ([13, 7, 11], {"n_labels": 3}),
}


def network(kind: str) -> DBN:
    sizes, options = KINDS[kind]
    generator = torch.Generator().manual_seed(3)
    dbn = DBN(sizes, generator=generator, **options)
    for rbm in dbn.layers:
        rbm.W.normal_(0, 0.4, generator=generator)
        rbm.h_bias.normal_(0, 0.5, generator=generator)
    return dbn


def images(dbn: DBN) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    bits = torch.randint(0, 2, (31, dbn.sizes[0]), generator=generator).float()
    return dbn.layers[0].visible_units.states_near(bits, generator)


@torch.no_grad()
@pytest.mark.parametrize("kind", KINDS)
def test_the_exact_value_lies_between_the_ends_of_both_estimates(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dbn = network(kind)
    v = images(dbn)
    exact = density(dbn, v, v, 10, 10, seed=0)
    expected = log_unnormalised(dbn, v, 0) - exact_log_partition(dbn.layers[-1])
    assert exact.metrics == {"log_likelihood_exact": pytest.approx(expected)}
    monkeypatch.setattr(module, "ENUMERABLE", 0)
    estimate = density(dbn, v, v, 97, 401, seed=0)
    assert estimate.warning == ""
    for name in ("ais", "rais"):
        value, low, high = (estimate.metrics[f"log_likelihood_{name}{end}"] for end in ("", "_low", "_high"))
        assert low < value < high
        assert low - 0.02 <= expected <= high + 0.02


@torch.no_grad()
def test_too_few_temperatures_are_told_with_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    dbn = network("one layer")
    dbn.layers[0].W.mul_(12)
    monkeypatch.setattr(module, "ENUMERABLE", 0)
    assert "temperatures" in density(dbn, images(dbn), images(dbn), 23, 3, seed=0).warning


def test_the_visible_side_is_enumerated_only_where_it_is_binary_and_alone() -> None:
    assert is_enumerable(DBN([13, 29]).layers[0])
    assert not is_enumerable(DBN([13, 29], visible="gaussian").layers[0])
    assert not is_enumerable(DBN([13, 7, 29], n_labels=3).layers[-1])
    assert is_enumerable(DBN([43, 19], visible="gaussian").layers[0])


def recorded(**changes: object) -> dict[float, dict[str, float]]:
    """What a run records of its likelihood, by epoch."""
    values = {"layers": [11], "epochs": 5, "likelihood.every": 2, "likelihood.temperatures": 31, "likelihood.chains": 7}
    _, recorder, _ = run(settings(**values | changes))
    return {
        position.epoch: {name: value for name, value in row.items() if name.startswith("log_likelihood")}
        for position, row in recorder.rows
        if any(name.startswith("log_likelihood") for name in row)
    }


def test_a_single_layer_is_compared_with_a_mixture_at_its_last_estimate() -> None:
    rows = recorded()
    assert list(rows) == [2.0, 4.0]
    assert "log_likelihood_mixture" not in rows[2.0]
    assert -35 < rows[4.0]["log_likelihood_mixture"] < -5, "35 pixels, each worth at most log 2 nats"


def test_a_bound_and_real_units_are_compared_with_none() -> None:
    real = {"visible": "gaussian", "data.preprocessing": "standard", "training.learning_rate": 0.01}
    for rows in (recorded(layers=[11, 7]), recorded(**real)):
        assert rows
        assert not any("log_likelihood_mixture" in row for row in rows.values())
