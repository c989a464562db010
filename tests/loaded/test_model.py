"""A loaded model answers as the mathematics says, for images in any form."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import dbn_core
from dbn_core.classifiers import ClassifierId
from dbn_core.data import load_dataset
from dbn_core.errors import DataError, ModelError
from dbn_core.inference.classification import probabilities
from dbn_core.inference.loading import trained
from dbn_core.loaded import LoadedModel
from dbn_core.training.checkpoints import unpack
from tests.inference.training import StoredRun

IMAGES = load_dataset("digits").test[:53]
PIXELS = torch.tensor(IMAGES).reshape(53, 784)


def loaded(done: StoredRun) -> LoadedModel:
    return dbn_core.load(done.run.id, store=done.store.url)


def tensors(done: StoredRun) -> dict[str, Tensor]:
    saved = done.run.checkpoint()
    assert saved is not None
    return dict(unpack(saved.payload).tensors)


def up(saved: dict[str, Tensor], depth: int) -> Tensor:
    x = PIXELS / 255
    for layer in range(1, depth + 1):
        x = torch.sigmoid(saved[f"layer{layer}.h_bias"] + x @ saved[f"layer{layer}.W"].T)
    return x


def test_features_are_the_means_of_the_layer_asked_for(tuned: StoredRun) -> None:
    model, saved = loaded(tuned), tensors(tuned)
    assert model.layers == 2
    for layer, depth in ((1, 1), (2, 2), (None, 2)):
        torch.testing.assert_close(model.features(IMAGES, layer), up(saved, depth))
    torch.testing.assert_close(model.dbn.features(IMAGES), up(saved, 2))


def test_images_in_every_form_have_the_same_features(tuned: StoredRun) -> None:
    model = loaded(tuned)
    expected = model.features(IMAGES)
    for form in (PIXELS, IMAGES.reshape(53, 784) / 255, torch.tensor(IMAGES)[:, None], [IMAGES[:20], IMAGES[20:]]):
        given = iter([torch.tensor(part) for part in form]) if isinstance(form, list) else form
        torch.testing.assert_close(model.features(given), expected)
    torch.testing.assert_close(model.features(IMAGES[7]), expected[7:8])


def test_a_reconstruction_goes_up_and_down_and_its_error_is_per_pixel(tuned: StoredRun) -> None:
    model, saved = loaded(tuned), tensors(tuned)
    x = up(saved, 2)
    for layer in (2, 1):
        x = torch.sigmoid(saved[f"layer{layer}.v_bias"] + x @ saved[f"layer{layer}.W"])
    torch.testing.assert_close(model.reconstruct(IMAGES), x)
    torch.testing.assert_close(model.reconstruction_error(IMAGES), (PIXELS / 255 - x).square().sum(1) / 784)


def test_images_of_nothing_that_was_learnt_stand_out(tuned: StoredRun) -> None:
    model = loaded(tuned)
    noise = np.random.default_rng(3).integers(0, 256, (53, 28, 28), np.uint8)
    assert model.reconstruction_error(noise).min() > model.reconstruction_error(IMAGES).max()
    assert model.free_energy(noise).min() > model.free_energy(IMAGES).max()


def test_the_free_energy_sums_over_all_hidden_states_and_labels(labelled: StoredRun) -> None:
    model, saved = loaded(labelled), {name: t.double() for name, t in tensors(labelled).items()}
    W, b, c = (saved[f"layer1.{name}"] for name in ("W", "v_bias", "h_bias"))
    h = torch.tensor(list(product((0.0, 1.0), repeat=7)), dtype=torch.float64)
    exponents = []
    for label in torch.eye(10, dtype=torch.float64):
        v = torch.cat([PIXELS.double() / 255, label.expand(53, 10)], dim=1)
        exponents.append((v @ b)[:, None] + h @ c + v @ W.T @ h.T)
    expected = -torch.cat(exponents, dim=1).logsumexp(1)
    torch.testing.assert_close(model.free_energy(IMAGES).double(), expected, rtol=1e-5, atol=1e-4)


def test_classes_are_those_of_the_classifier_trained_last(tuned: StoredRun, labelled: StoredRun) -> None:
    last: list[tuple[StoredRun, ClassifierId]] = [(tuned, "fine_tuned"), (labelled, "label_units")]
    for done, name in last:
        model = loaded(done)
        expected = torch.tensor(probabilities(trained(*done.newest), PIXELS / 255)[name])
        torch.testing.assert_close(model.predict_proba(IMAGES), expected)
        assert model.predict(IMAGES) == tuple(str(best) for best in expected.argmax(1).tolist())
        assert model.class_names == tuple("0123456789")


def test_images_pass_through_the_preprocessing_that_the_run_has_fitted(standardised: StoredRun) -> None:
    model, saved = loaded(standardised), tensors(standardised)
    v = (PIXELS / 255 - saved["preprocessing.centre"]) / saved["preprocessing.scale"]
    expected = torch.sigmoid(saved["layer1.h_bias"] + v @ saved["layer1.W"].T)
    torch.testing.assert_close(model.features(IMAGES), expected)
    back = saved["layer1.v_bias"] + expected @ saved["layer1.W"]
    pixels = (back * saved["preprocessing.scale"] + saved["preprocessing.centre"]).clamp(0, 1)
    torch.testing.assert_close(model.reconstruct(IMAGES), pixels)


def test_a_dream_is_that_of_the_dbn_with_its_label_held(labelled: StoredRun) -> None:
    model = loaded(labelled)
    for label in (None, 3):
        dreams = [
            dream(5, steps=11, label=label, generator=torch.Generator().manual_seed(1))
            for dream in (model.dream, model.dbn.sample)
        ]
        torch.testing.assert_close(dreams[0], dreams[1])
    with pytest.raises(ModelError, match="no class 10 among the 10 label units"):
        model.dream(1, label=10)
    with pytest.raises(ModelError, match="at least 1 image"):
        model.dream(0)


@pytest.mark.parametrize("layer", ["1", 1.5])
def test_a_layer_that_is_no_number_is_refused(tuned: StoredRun, layer: Any) -> None:
    with pytest.raises(ModelError, match="layer must be a whole number"):
        loaded(tuned).features(IMAGES, layer)


def test_what_a_run_has_not_learnt_is_said_in_a_sentence(standardised: StoredRun, scratch: StoredRun) -> None:
    plain, alone = loaded(standardised), loaded(scratch)
    assert (plain.can_classify, plain.can_reconstruct, plain.has_free_energy) == (False, True, True)
    assert (alone.can_classify, alone.can_reconstruct, alone.has_free_energy) == (True, False, False)
    assert alone.features(IMAGES).shape == (53, 13)
    with pytest.raises(ModelError, match="has no classifier"):
        plain.predict(IMAGES)
    with pytest.raises(ModelError, match="knows no way back"):
        alone.reconstruction_error(IMAGES)
    with pytest.raises(ModelError, match="no free energies"):
        alone.free_energy(IMAGES)
    with pytest.raises(ModelError, match="cannot dream"):
        alone.dream(2)


@pytest.mark.parametrize("layer", [0, 3, -1])
def test_a_layer_that_is_not_there_is_refused_with_those_that_are(tuned: StoredRun, layer: int) -> None:
    with pytest.raises(ModelError, match=f"no layer {layer} .* from 1 to 2"):
        loaded(tuned).features(IMAGES, layer)


def test_images_of_another_size_or_without_numbers_are_refused(tuned: StoredRun) -> None:
    model = loaded(tuned)
    with pytest.raises(DataError, match="model of 784 visible units"):
        model.features(IMAGES[:, :7])
    with pytest.raises(DataError, match="NaN"):
        model.predict(np.full((3, 784), np.nan))


@pytest.mark.parametrize("sides", [(7, 112), (112, 7), (1, 784), (14, 56)])
def test_images_of_other_sides_are_refused_though_they_have_as_many_pixels(
    tuned: StoredRun, sides: tuple[int, int]
) -> None:
    model, other = loaded(tuned), IMAGES.reshape(53, *sides)
    answers: list[Callable[[Any], Any]] = [model.features, model.predict, model.free_energy, model.reconstruct]
    for answer in (*answers, model.dbn.features):
        for form in (other, other[0], other[:, None], torch.tensor(other)[..., None]):
            if form.shape != (1, 784):  # that is a row
                with pytest.raises(DataError, match=f"Images of {sides[0]} x {sides[1]} are not for .* of 28 x 28"):
                    answer(form)
    for rows in (IMAGES.reshape(53, 784), IMAGES[0].reshape(784), IMAGES[:1].reshape(1, 784), IMAGES[..., None]):
        torch.testing.assert_close(model.features(rows), model.features(IMAGES[: len(model.features(rows))]))


def test_a_model_cannot_be_changed_by_assignment(tuned: StoredRun) -> None:
    model = loaded(tuned)
    with pytest.raises(FrozenInstanceError):
        model.class_names = ()  # pyright: ignore[reportAttributeAccessIssue]
