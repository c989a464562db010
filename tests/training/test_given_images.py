"""Images as a person gives them from Python: real numbers stay so, and what was fitted on them comes back."""

from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import DataError, DivergedError
from dbn_core.models import DBN, RBM
from dbn_core.records import RunStatus
from dbn_core.training import finetune, pretrain, train_rbm

MEAN = torch.tensor([3.0, 1000.0, 0.0, -7.0, 0.5])
DEVIATION = torch.tensor([1.0, 200.0, 1e-3, 5.0, 0.3])


def generator(seed: int = 3) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def real(cases: int = 401, shift: float = 1.5) -> torch.Tensor:
    """Two clusters of real rows, each column with a mean and a deviation of its own."""
    sign = (torch.rand(cases, 1, generator=generator()) < 0.5).float() * 2 - 1
    noise = torch.randn(cases, 5, generator=generator(5))
    return MEAN + DEVIATION * (shift * sign * torch.tensor([1.0, -1, 1, 1, -1]) + noise * 0.5)


def bits(cases: int = 101, units: int = 12) -> torch.Tensor:
    return torch.rand(cases, units, generator=generator()) < 0.3


def trained(images: Any, units: int = 12, **settings: Any) -> RBM:
    rbm = RBM(units, 5, generator=generator())
    assert train_rbm(rbm, images, epochs=3, **settings) is RunStatus.DONE
    return rbm


def explained(rbm: RBM | DBN, rows: torch.Tensor) -> torch.Tensor:
    """Share of each column's variance that is left in reconstructions."""
    return (rbm.reconstruct(rows) - rows).square().mean(0) / rows.var(0)


def test_a_gaussian_rbm_learns_any_real_matrix_at_its_defaults() -> None:
    rows = real()
    rbm = RBM(5, 7, "gaussian", generator=generator())
    assert train_rbm(rbm, rows, epochs=20, batch_size=20) is RunStatus.DONE
    assert explained(rbm, rows).max() < 0.4


def test_standardised_rows_are_taken_and_not_rounded() -> None:
    rows = (real() - MEAN) / DEVIATION
    rbm = RBM(5, 3, "gaussian", generator=generator())
    train_rbm(rbm, rows, epochs=1, preprocessing="unit")
    assert rbm.preprocessing is not None
    assert torch.equal(rbm.preprocessing.mean(rows), rows)
    assert torch.equal(rbm.features(rows), rbm.hidden_mean(rows))


def test_dreams_and_features_live_in_the_space_of_the_rows() -> None:
    rows = real()
    dbn = DBN([5, 7, 4], visible="gaussian", generator=generator())
    pretrain(dbn, rows, heldout=rows[:50])
    dreams = dbn.sample(101, 50)
    assert ((dreams.mean(0) - rows.mean(0)).abs() < rows.std(0)).all()
    assert dbn.preprocessing is not None
    torch.testing.assert_close(dbn.features(rows), dbn.up(dbn.preprocessing.mean(rows)))
    one = dbn.features(rows[7])
    torch.testing.assert_close(one, dbn.features(rows[7:8]))


@pytest.mark.parametrize("how", ["standard", "robust", "zca"])
def test_grey_images_come_back_in_0_to_1_whether_given_as_pixels_or_as_numbers(how: str) -> None:
    pixels = torch.tensor(load_dataset("digits").train[:200, ::2, ::2])
    models = [RBM(196, 11, "gaussian", generator=generator()) for _ in range(2)]
    for rbm, images in zip(models, (pixels, pixels / 255), strict=True):
        train_rbm(rbm, images, epochs=2, preprocessing=how)
        back = rbm.reconstruct(images)
        assert back.min() >= 0
        assert back.max() <= 1
    torch.testing.assert_close(models[0].W, models[1].W, atol=1e-5, rtol=1e-3)
    torch.testing.assert_close(models[0].features(pixels / 255), models[0].features(pixels), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("give", [torch.Tensor.float, torch.Tensor.double, torch.Tensor.bool, torch.Tensor.numpy])
def test_0_and_1_teach_the_same_in_every_type(give: Any) -> None:
    rows = bits()
    small = rows.to(torch.uint8)
    usual = trained(small * 255)
    for images in (small, give(rows), give(small)):
        rbm = trained(images)
        assert torch.equal(rbm.W, usual.W)
        assert torch.equal(rbm.reconstruct(images), usual.reconstruct(small * 255))
    assert torch.equal(
        trained(small, method="pcd", preprocessing="bernoulli").W,
        trained(small * 255, method="pcd", preprocessing="bernoulli").W,
    )


def test_what_uint8_stands_for_is_what_it_was_in_training() -> None:
    dark = torch.zeros(1, 12, dtype=torch.uint8)
    dark[0, 3] = 1
    on_pixels, on_bits = trained(bits().to(torch.uint8) * 255), trained(bits().to(torch.uint8))
    torch.testing.assert_close(on_pixels.features(dark), on_pixels.features(dark / 255))
    torch.testing.assert_close(on_bits.features(dark), on_bits.features(dark.float()))


def test_sides_are_those_of_training_where_there_were_any() -> None:
    images, rows = bits().reshape(-1, 3, 4), bits()
    on_images, on_rows = trained(images), trained(rows)
    torch.testing.assert_close(on_images.features(rows), on_images.features(images))
    with pytest.raises(DataError, match="Images of 4 x 3 are not for a model of images of 3 x 4"):
        on_images.features(images.reshape(-1, 4, 3))
    with pytest.raises(DataError, match="Images of 4 x 3"):
        pretrain(DBN([12, 5], generator=generator()), images, heldout=images.reshape(-1, 4, 3))
    torch.testing.assert_close(on_rows.features(images.reshape(-1, 4, 3)), on_rows.features(rows))


def test_float64_trains_in_float64() -> None:
    dbn = DBN([12, 5, 3], n_labels=2, generator=generator(), dtype=torch.float64)
    rows = bits()
    assert pretrain(dbn, rows, labels=rows[:, 0].long()) is RunStatus.DONE
    assert dbn.features(rows).dtype == torch.float64
    other = RBM(5, 3, "gaussian", generator=generator(), dtype=torch.float64)
    assert train_rbm(other, real(), epochs=2, method="pcd") is RunStatus.DONE
    assert other.reconstruct(real()).dtype == torch.float64


def test_one_way_in_for_every_form_of_images() -> None:
    images = torch.tensor(load_dataset("digits").test[:50])
    labels = torch.tensor(load_dataset("digits").test_labels[:50]).long()
    dbn = DBN([784, 13, 7], n_labels=10, generator=generator())
    pretrain(dbn, images, RunConfig().with_values({"epochs": 1}), labels=labels.numpy())
    usual = dbn.classify(images / 255)
    forms = [
        images,
        images.numpy(),
        images.flatten(1),
        images[:, None],
        images[..., None].numpy(),
        images.double() / 255,
        list(images),
        DataLoader(TensorDataset(images, labels), batch_size=20),
        DataLoader(images, batch_size=20),  # pyright: ignore[reportArgumentType]
    ]
    for form in forms:
        torch.testing.assert_close(dbn.classify(form), usual)
        assert dbn.features(form).shape == (50, 7)
        assert dbn.reconstruct(form).shape == (50, 784)
    torch.testing.assert_close(dbn.classify(images[4]), usual[4:5])
    torch.testing.assert_close(dbn.classify(images[4].flatten()), usual[4:5])


def test_a_form_of_images_teaches_the_same_as_any_other() -> None:
    colours = torch.rand(60, 3, 6, 5, generator=generator())
    given = [colours, colours.movedim(1, -1), colours.movedim(1, -1).reshape(60, 90).numpy(), DataLoader(colours, 7)]  # pyright: ignore[reportArgumentType]
    usual, *others = [trained(images, units=90) for images in given]
    assert all(torch.equal(other.W, usual.W) for other in others)


def test_a_classifier_sees_images_as_the_network_was_trained_on_them() -> None:
    rows = real(shift=3)
    labels = (rows[:, 0] > MEAN[0]).long()
    dbn = DBN([5, 7], visible="gaussian", generator=generator())
    pretrain(dbn, rows)
    config = RunConfig().with_values({"finetune.epochs": 5, "batch_size": 20})
    classifier = finetune(dbn, rows, labels.numpy(), config)
    assert (classifier.classify(rows.numpy()).argmax(1) == labels).float().mean() > 0.95


def test_a_setting_that_was_given_is_not_fitted_to_the_units() -> None:
    with pytest.raises(DivergedError):
        train_rbm(RBM(5, 7, "gaussian", generator=generator()), real(), epochs=20, learning_rate=5.0)
    config = RunConfig().with_values({"training.learning_rate": 5.0})
    with pytest.raises(DivergedError):
        train_rbm(RBM(5, 7, "gaussian", generator=generator()), real(), config, epochs=20)


NAN = real()
NAN[3, 2] = float("nan")


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (NAN, r"1 numbers .* number 2 of image 3 \(from 0\), is NaN"),
        (real() / 0, "is infinite"),
        (torch.zeros(0, 5), "no images"),
        ([], "no images|not for a model"),
        (DataLoader([]), "no images"),  # pyright: ignore[reportArgumentType]
        (torch.full((9, 5), 0.3), "All 9 training images are the same"),
        (torch.rand(9, 4), "Images of 4 numbers are not for a model of 5 visible units"),
        (torch.rand(2, 2, 2, 5), "not for a model of 5 visible units"),
        (["a", "b"], "must be numbers"),
        ([[1.0], [2.0, 3.0]], "one size"),
        (None, "must be numbers"),
        (torch.rand(9, 5).to(torch.complex64), "no real numbers"),
    ],
)
def test_what_is_no_images_is_refused_in_a_sentence(images: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        train_rbm(RBM(5, 3, "gaussian"), images, epochs=1)


def test_numbers_beyond_0_to_1_are_refused_for_binary_units_with_what_to_do() -> None:
    for images in (real(), torch.randint(2, 255, (9, 5))):
        with pytest.raises(DataError, match=r"lie in \[0, 1\].*gaussian"):
            train_rbm(RBM(5, 3), images, epochs=1)
    rbm = trained(bits().to(torch.uint8))
    with pytest.raises(DataError, match="no grey values"):
        rbm.features(real(9).repeat(1, 3)[:, :12])


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([0, 1, 2], r"101 whole numbers from 0 to 2, one for each image, not .*\(3,\)"),
        ([0] * 100 + [3], "label number 100 is 3"),
        ([0] * 100 + [-1], "label number 100 is -1"),
        ([0.0] * 101, "float64"),
        (None, "needs a label for every image"),
    ],
)
def test_labels_that_do_not_fit_are_refused_before_training(labels: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        pretrain(DBN([12, 5], 3), bits(), labels=None if labels is None else np.array(labels))
