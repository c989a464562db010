"""Preprocessing: fitted on training images only, invertible, the same after a restart."""

import numpy as np
import pytest
import torch
from sklearn.preprocessing import RobustScaler

from dbn_core.config import DataConfig
from dbn_core.errors import DataError
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.training import preprocessing as module
from dbn_core.training import whitening
from dbn_core.training.preprocessing import Preprocessing

SHAPE = (7, 5)
REAL = ("standard", "robust", "zca")


def images(cases: int = 211, pixels: int = 35, seed: int = 3) -> torch.Tensor:
    """Smooth random pictures with a pixel that is always black and one that is nearly always."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(cases, pixels, generator=generator)
    smooth = noise.cumsum(1) * 25 + torch.randn(cases, 1, generator=generator) * 30 + 128
    rows = smooth.clamp(0, 255).to(torch.uint8)
    rows[:, 2] = 0
    rows[:, 3] = 0
    rows[17, 3] = 255
    return rows


def config(how: str, *, contrast: bool = False) -> DataConfig:
    return DataConfig.model_validate({"preprocessing": how, "contrast_normalisation": contrast})


def fitted(how: str, rows: torch.Tensor | None = None, *, contrast: bool = False) -> Preprocessing:
    return Preprocessing.fit(config(how, contrast=contrast), images() if rows is None else rows, SHAPE)


@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("how", REAL)
def test_pixels_come_back_from_visible_units(how: str, contrast: bool) -> None:
    heldout = images(53, seed=11)
    prepare = fitted(how, contrast=contrast)
    assert torch.allclose(prepare.to_pixels(prepare(heldout), like=heldout), heldout / 255, atol=2e-5)


def test_contrast_normalisation_alone_is_inverted_with_the_images_own_mean_and_deviation() -> None:
    rows = images(53, seed=11)
    prepare = fitted("unit", contrast=True)
    v = prepare(rows)
    assert torch.allclose(v.mean(1), torch.zeros(53), atol=1e-5)
    own = (rows / 255).var(1, correction=0)
    assert torch.allclose(v.var(1, correction=0), own / (own + 10 / 255**2), atol=1e-5)
    assert torch.allclose(prepare.to_pixels(v, like=rows), rows / 255, atol=1e-6)


def test_a_plain_image_stays_finite_under_contrast_normalisation() -> None:
    plain = torch.full((2, 35), 77, dtype=torch.uint8)
    prepare = fitted("zca", contrast=True)
    assert torch.isfinite(prepare(plain)).all()
    assert torch.allclose(prepare.to_pixels(prepare(plain), like=plain), plain / 255, atol=2e-5)


def test_without_an_image_the_usual_mean_and_deviation_are_taken() -> None:
    rows = images()
    prepare = fitted("unit", rows, contrast=True)
    grey = prepare.to_pixels(torch.zeros(1, 35))
    assert grey.mean().item() == pytest.approx((rows / 255).mean().item(), abs=1e-4)


@pytest.mark.parametrize("contrast", [False, True])
def test_robust_is_the_scaler_of_scikit_learn(contrast: bool) -> None:
    rows, heldout = images(), images(53, seed=11)
    before = fitted("unit", rows, contrast=contrast)
    wanted = RobustScaler().fit(before(rows).numpy()).transform(before(heldout).numpy())
    prepare = fitted("robust", rows, contrast=contrast)
    assert np.allclose(prepare(heldout).numpy(), wanted, atol=1e-4, rtol=1e-4)


def test_a_pixel_without_an_inter_quartile_range_is_divided_by_one() -> None:
    assert fitted("robust").tensors()["preprocessing.scale"][3] == 1


def test_standard_gives_mean_zero_and_deviation_one_but_for_pixels_that_hardly_vary() -> None:
    rows = images()
    v = fitted("standard", rows)(rows)
    assert torch.allclose(v.mean(0), torch.zeros(35), atol=1e-5)
    varied = (rows / 255).std(0, correction=0) > 0.1
    assert varied.sum() > 29
    assert torch.allclose(v.std(0, correction=0)[varied], torch.ones(int(varied.sum())), atol=1e-4)
    assert v[:, 3].max().item() == pytest.approx((1 - 1 / 211) / 0.1, rel=1e-3)


@pytest.mark.parametrize("contrast", [False, True])
def test_the_covariance_of_whitened_images_is_the_identity_up_to_epsilon(contrast: bool) -> None:
    rows = images(1009)
    v = fitted("zca", rows, contrast=contrast)(rows).double()
    plain = fitted("unit", rows, contrast=contrast)(rows).double()
    values, vectors = torch.linalg.eigh(torch.cov(plain.T, correction=0))
    epsilon = 0.1 * values.mean()  # a patch of 7 x 5
    wanted = (vectors * (values / (values + epsilon))) @ vectors.T
    assert torch.allclose(torch.cov(v.T, correction=0), wanted, atol=1e-4)


def test_whitening_stays_nearest_to_the_image_so_that_it_is_symmetric() -> None:
    matrix = whitening.unpack(fitted("zca").tensors()["preprocessing.whitening"])
    assert torch.equal(matrix, matrix.T)
    assert torch.allclose(matrix @ whitening.inverse(matrix), torch.eye(35), atol=1e-4)


def test_the_epsilon_of_large_images_is_a_tenth_of_that_of_patches() -> None:
    covariance = torch.eye(3, dtype=torch.float64)
    assert whitening.whitening(covariance, 8)[0, 0].item() == pytest.approx(1.1**-0.5)
    assert whitening.whitening(covariance, 9)[0, 0].item() == pytest.approx(1.01**-0.5)


@pytest.mark.parametrize("how", REAL)
def test_what_is_fitted_depends_on_the_rows_given_alone(how: str) -> None:
    rows, heldout = images(), images(53, seed=11)
    prepare = fitted(how, rows)
    first = {name: tensor.clone() for name, tensor in prepare.tensors().items()}
    prepare(heldout)
    prepare.to_pixels(prepare(heldout), like=heldout)
    assert all(torch.equal(prepare.tensors()[name], tensor) for name, tensor in first.items())
    other = fitted(how, torch.cat([rows, heldout])).tensors()
    assert any(not torch.equal(other[name], tensor) for name, tensor in first.items())


@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("how", ["unit", *REAL])
def test_a_restored_fit_gives_the_same_numbers(how: str, contrast: bool) -> None:
    rows, heldout = images(), images(53, seed=11)
    prepare = fitted(how, rows, contrast=contrast)
    tensors = {name: tensor.clone() for name, tensor in prepare.tensors().items()}
    restored = Preprocessing.of(config(how, contrast=contrast), tensors | {"layer1.W": torch.zeros(1)}, SHAPE)
    assert torch.equal(restored(heldout), prepare(heldout))
    v = prepare(heldout)
    assert torch.equal(restored.to_pixels(v, like=heldout), prepare.to_pixels(v, like=heldout))
    assert torch.equal(restored.filters_to_pixels(v), prepare.filters_to_pixels(v))


def test_a_checkpoint_without_the_fit_is_refused_in_a_sentence() -> None:
    with pytest.raises(DataError, match=r"lacks preprocessing\.centre"):
        Preprocessing.of(config("standard"), {}, SHAPE)
    tensors = fitted("standard").tensors()
    with pytest.raises(DataError, match="11 x 13"):
        Preprocessing.of(config("standard"), tensors, (11, 13))


def test_binary_and_grey_units_are_what_they_always_were() -> None:
    rows = images(53)
    unit = rows.float() * (1 / 255)
    assert torch.equal(fitted("unit")(rows), unit)
    assert torch.equal(fitted("threshold")(rows), (unit > 0.5).float())
    drawn = fitted("bernoulli")(rows, torch.Generator().manual_seed(5))
    assert torch.equal(drawn, sample_bernoulli(unit, torch.Generator().manual_seed(5)))
    assert torch.equal(fitted("bernoulli").mean(rows), unit)
    assert torch.equal(fitted("threshold").mean(rows), (unit > 0.5).float())
    assert not fitted("bernoulli").tensors()


def test_units_that_are_pixels_say_so() -> None:
    assert all(fitted(how).is_unit for how in ("unit", "threshold", "bernoulli"))
    assert not any(fitted(how).is_unit for how in REAL)
    assert not fitted("unit", contrast=True).is_unit


@pytest.mark.parametrize("how", REAL)
def test_a_filter_in_pixels_is_what_a_unit_adds_to_the_image(how: str) -> None:
    generator = torch.Generator().manual_seed(7)
    prepare = fitted(how)
    v, W = prepare(images(19)), torch.randn(19, 35, generator=generator) * 0.001
    added = prepare.to_pixels(v + W) - prepare.to_pixels(v)
    inside = (prepare.to_pixels(v) > 0.02) & (prepare.to_pixels(v) < 0.98)
    assert inside.sum() > 100
    assert torch.allclose(added[inside], prepare.filters_to_pixels(W)[inside], atol=1e-5)


def test_whitened_training_images_are_kept_within_a_memory_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = images()
    prepare = fitted("zca", rows)
    whole = prepare.prepared(rows)
    assert whole.dtype == torch.float32
    assert torch.equal(prepare(whole), whole)
    assert torch.allclose(whole, prepare(rows), atol=1e-5)
    monkeypatch.setattr(module, "CACHE_BYTES", rows.numel() * 3)
    half = prepare.prepared(rows)
    assert half.dtype == torch.float16
    assert torch.allclose(prepare(half), prepare(rows), atol=5e-3)
    monkeypatch.setattr(module, "CACHE_BYTES", rows.numel())
    assert prepare.prepared(rows) is rows
    assert fitted("robust", rows).prepared(rows) is rows


def test_the_covariance_comes_from_a_bounded_number_of_evenly_spread_images() -> None:
    rows = torch.arange(23)[:, None]
    assert whitening.spread(rows, 5).flatten().tolist() == [0, 4, 9, 13, 18]
    assert whitening.spread(rows, 23) is rows


def test_images_too_large_for_whitening_are_refused_with_what_to_do() -> None:
    rows = torch.zeros(3, 65 * 65, dtype=torch.uint8)
    with pytest.raises(DataError, match=r"4,225 \(65 x 65\).*data\.patch"):
        Preprocessing.fit(config("zca"), rows, (65, 65))
