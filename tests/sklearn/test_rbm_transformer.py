"""An RBM among estimators: what it learns, gives and draws is what the RBM of the lab does."""

import pickle
from typing import Any

import numpy as np
import pytest
import scipy.sparse
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from dbn_core.data import load_dataset
from dbn_core.sklearn import RBMTransformer

X = load_dataset("digits").train[:200, 4:24:2, 4:24:2].reshape(200, 100) / 255.0


def small(**settings: Any) -> RBMTransformer:
    usual: dict[str, Any] = {"n_components": 13, "epochs": 3, "random_state": 5, "learning_rate": 0.1}
    return RBMTransformer(**usual | settings)


def parameters(rbm: RBMTransformer) -> list[np.ndarray]:
    return [rbm.components_, rbm.intercept_hidden_, rbm.intercept_visible_]


def same(one: RBMTransformer, other: RBMTransformer) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(parameters(one), parameters(other), strict=True))


def test_it_gives_the_probabilities_of_its_hidden_units() -> None:
    rbm = small().fit(X)
    expected = 1 / (1 + np.exp(-(rbm.intercept_hidden_ + X @ rbm.components_.T)))
    np.testing.assert_allclose(rbm.transform(X), expected, rtol=1e-9)
    np.testing.assert_array_equal(small().fit_transform(X), rbm.transform(X))
    assert list(rbm.get_feature_names_out()) == [f"rbmtransformer{unit}" for unit in range(13)]


def test_it_learns_so_that_rows_become_likely_and_noise_does_not() -> None:
    rbm, untrained = small(epochs=30).fit(X), small(epochs=0).fit(X)
    noise = np.random.default_rng(0).permuted(X, axis=1)
    assert rbm.score_samples(X).mean() > untrained.score_samples(X).mean() + 3
    assert rbm.free_energy(noise).mean() > rbm.free_energy(X).mean() + 10


@pytest.mark.parametrize("method", ["cd", "pcd", "fpcd", "tempering"])
def test_the_same_random_state_gives_the_same_network_and_another_one_does_not(method: str) -> None:
    settings: dict[str, Any] = {"method": method, "settings": {"training.chains": 11, "training.temperatures": 3}}
    assert same(small(**settings).fit(X), small(**settings).fit(X))
    assert not same(small(**settings).fit(X), small(**settings, random_state=6).fit(X))


@pytest.mark.parametrize("kind", [scipy.sparse.csr_array, scipy.sparse.csc_matrix, scipy.sparse.lil_matrix])
def test_sparse_rows_are_the_rows_that_they_stand_for(kind: type) -> None:
    dense, sparse = small().fit(X), small().fit(kind(X))
    assert same(dense, sparse)
    np.testing.assert_array_equal(sparse.transform(kind(X)), dense.transform(X))
    np.testing.assert_array_equal(sparse.score_samples(kind(X)), dense.score_samples(X))
    np.testing.assert_array_equal(sparse.gibbs(kind(X), random_state=1), dense.gibbs(X, random_state=1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_comes_in_float32_is_computed_and_comes_out_in_float32(dtype: type) -> None:
    rbm = small().fit(X.astype(dtype))
    for answer in (rbm.transform, rbm.gibbs, rbm.free_energy, rbm.score_samples):
        assert answer(X.astype(dtype)).dtype == dtype
    assert rbm.components_.dtype == dtype
    assert small().fit((X > 0.5).astype(int)).transform((X > 0.5).astype(int)).dtype == np.float64


def test_passes_over_all_rows_are_those_of_fit() -> None:
    whole, passes = small(shuffle=False, epochs=4).fit(X), small(epochs=4)
    for _ in range(4):
        passes.partial_fit(X)
    assert same(whole, passes)


@pytest.mark.parametrize("method", ["cd", "pcd"])
def test_a_pass_over_parts_is_the_pass_over_the_whole(method: str) -> None:
    constant: dict[str, Any] = {
        "method": method,
        "settings": {"training.momentum_switch": 0},
    }  # momentum else moves on with each call
    whole, parts = small(**constant).partial_fit(X).partial_fit(X), small(**constant).partial_fit(X)
    for part in np.split(X, 5):
        parts.partial_fit(part)
    assert same(whole, parts)


def test_parts_teach_as_much_as_the_whole() -> None:
    whole, parts = small(epochs=20).fit(X), small(epochs=20)
    for _ in range(20):
        for part in np.split(X, 5):
            parts.partial_fit(part)
    start = small(epochs=0).fit(X).score_samples(X).mean()
    gained = whole.score_samples(X).mean() - start
    assert parts.score_samples(X).mean() - start > 0.8 * gained


def test_later_parts_of_another_width_are_refused() -> None:
    rbm = small().partial_fit(X)
    with pytest.raises(ValueError, match="99 features"):
        rbm.partial_fit(X[:, 1:])


def test_gibbs_steps_draw_bits_from_the_conditionals() -> None:
    rbm = small(epochs=10).fit(X)
    drawn = rbm.gibbs(np.repeat(X[:1], 20_000, axis=0), random_state=2)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    h = 1 / (1 + np.exp(-(rbm.intercept_hidden_ + X[:1] @ rbm.components_.T)))
    states = np.random.default_rng(0).random((20_000, 13)) < h
    expected = (1 / (1 + np.exp(-(rbm.intercept_visible_ + states @ rbm.components_)))).mean(0)
    np.testing.assert_allclose(drawn.mean(0), expected, atol=0.02)
    np.testing.assert_array_equal(drawn, rbm.gibbs(np.repeat(X[:1], 20_000, axis=0), random_state=2))
    assert (rbm.gibbs(X, random_state=3) != rbm.gibbs(X, random_state=4)).any()


def test_the_score_of_independent_units_is_their_entropy_and_large_numbers_do_not_overflow() -> None:
    bits = (X > 0.5).astype(float)
    rbm = small(epochs=0).fit(bits)
    rbm.rbm_.W.zero_()
    rbm.rbm_.v_bias.zero_()
    np.testing.assert_allclose(rbm.score_samples(bits), -100 * np.log(2))
    rbm.rbm_.W.fill_(1000.0)
    assert np.isfinite(rbm.score_samples(bits)).all()


def test_real_numbers_are_standardised_for_gaussian_units() -> None:
    real = 50 + 7 * np.random.default_rng(1).standard_normal((90, 5))
    rbm = small(epochs=2).fit(real)
    v = (real - real.mean(0)) / real.std(0)
    expected = 1 / (1 + np.exp(-(rbm.intercept_hidden_ + v @ rbm.components_.T)))
    np.testing.assert_allclose(rbm.transform(real), expected, rtol=1e-6)
    assert abs(rbm.gibbs(real, 3, random_state=0).mean() - 50) < 3
    assert not hasattr(rbm, "score_samples")
    assert hasattr(rbm, "free_energy")
    rbm.set_params(visible="gaussian").fit(real / 100)
    assert np.isfinite(rbm.transform(real)).all(), "numbers beyond [0, 1] come later"


def test_numbers_beyond_one_are_refused_for_bernoulli_units() -> None:
    with pytest.raises(ValueError, match=r"no grey values, which lie in \[0, 1\]"):
        small(visible="bernoulli").fit(X * 255)
    with pytest.raises(ValueError, match="no grey values"):
        small().fit(X).transform(X + 1)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"k": 0}, "training.k"),
        ({"method": "magic"}, "training.method"),
        ({"n_components": 0}, "at least 1"),
        ({"settings": {"training.colour": 1}}, "training.colour"),
        ({"visible": "purple"}, "purple"),
    ],
)
def test_a_setting_that_is_not_allowed_is_a_value_error_that_names_it(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        small(**settings).fit(X)


def test_settings_of_a_run_reach_the_training() -> None:
    sparse = small(epochs=20, settings={"training.sparsity_target": 0.05, "training.sparsity_cost": 3.0}).fit(X)
    assert sparse.transform(X).mean() < 0.15 < small(epochs=20).fit(X).transform(X).mean()


def test_verbose_tells_each_pass_and_silence_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    small(verbose=True).fit(X)
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told] == [f"[RBMTransformer] pass {number}" for number in (1, 2, 3)]
    errors = [float(line.split("error ")[1].split()[0]) for line in told]
    assert errors == sorted(errors, reverse=True)
    small().fit(X)
    assert capsys.readouterr().out == ""


def test_it_goes_on_learning_after_it_was_sent_elsewhere() -> None:
    here = small().partial_fit(X)
    there = pickle.loads(pickle.dumps(here))
    assert same(here.partial_fit(X), there.partial_fit(X))
    assert not hasattr(clone(here), "rbm_")


def test_rows_are_left_as_they_were() -> None:
    rows = X.copy()
    small().fit(rows).transform(rows)
    np.testing.assert_array_equal(rows, X)


def test_the_global_generator_of_torch_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    small().fit(X).gibbs(X)
    assert torch.equal(torch.rand(2), expected)


def test_what_is_not_fitted_says_so_and_passes_and_settings_without_effect_are_refused() -> None:
    with pytest.raises(NotFittedError):
        small().transform(X)
    with pytest.raises(ValueError, match="epochs is -1"):
        small(epochs=-1).fit(X)
    with pytest.raises(ValueError, match="settings hold layers, seed"):
        small(settings={"seed": 5, "layers": [3], "training.momentum": 0.0}).fit(X)
