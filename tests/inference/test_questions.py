"""What a worker answers is what the model says."""

import numpy as np
import pytest
import torch

from dbn_core.data import load_dataset
from dbn_core.errors import StoreError
from dbn_core.inference import project, step_contrastive_divergence, unit_life
from dbn_core.inference.loading import trained, training_images
from dbn_core.inference.projections import activation_maximisation, clamp_and_sample_down
from dbn_core.store import Run, RunStore

Trained = tuple[RunStore, Run]


def last_checkpoint(run: Run) -> int:
    return run.checkpoints()[-1].id


def test_linear_combination_is_the_product_of_the_weights(trained_run: Trained) -> None:
    store, run = trained_run
    dbn = trained(store.url, run.id, last_checkpoint(run)).dbn
    answer = project(store.url, run.id, last_checkpoint(run), 2, "linear combination", first=3, count=11)
    expected = (dbn.layers[1].W @ dbn.layers[0].W)[3:14].reshape(11, 28, 28).numpy()
    weights = (answer["pixels"].astype(float) - 128) / 127 * answer["scale"]
    inside = np.abs(expected) <= answer["scale"]
    assert np.abs(weights - expected)[inside].max() <= answer["scale"] / 127
    assert answer["signed"]


def test_activation_maximisation_drives_each_unit_more_than_any_training_image(trained_run: Trained) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    images = training_images(model.config, 1000)
    found = activation_maximisation(model, 2, slice(0, 23))
    top = model.dbn.layers[1]
    of_images = (model.dbn.up(images, 1) @ top.W.t()).max(0).values
    of_found = (model.dbn.up(found, 1) @ top.W.t()).diagonal()
    assert (of_found > of_images).float().mean() > 0.9
    assert found.min() >= 0
    assert found.max() <= 1
    mean = images.mean(0)
    assert (found - mean).norm(dim=1).max() <= (images - mean).norm(dim=1).mean() * 1.001


def test_clamped_units_leave_their_mark_on_what_is_dreamt(trained_run: Trained) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    dreamt = clamp_and_sample_down(model, 1, slice(0, 37), seed=1)
    again = clamp_and_sample_down(model, 1, slice(0, 37), seed=1)
    assert torch.equal(dreamt, again)
    rbm = model.dbn.layers[0]
    # Images dreamt with unit j on agree with the weights of j more than images dreamt with other units on.
    agreement = (dreamt - dreamt.mean(0)) @ rbm.W.t()
    assert (agreement.diagonal() > agreement.mean(0)).float().mean() > 0.9


def test_a_units_life_names_the_images_that_excite_it_and_the_parts_it_is_made_of(trained_run: Trained) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    life = unit_life(store.url, run.id, last_checkpoint(run), 2, 5)
    activity = model.dbn.up(training_images(model.config), 2)[:, 5]
    ordered = activity.sort(descending=True).values.numpy()
    np.testing.assert_allclose(life["most_activity"], ordered[:16], rtol=1e-4)
    np.testing.assert_allclose(life["least_activity"], ordered[::-1][:16], rtol=1e-4, atol=1e-7)
    assert life["histogram"].sum() == life["cases"] == 1000
    weights = model.dbn.layers[1].W[5]
    assert life["parts"] == weights.abs().argsort(descending=True)[:12].tolist()
    np.testing.assert_allclose(life["part_weights"], weights[life["parts"]].numpy())
    below = unit_life(store.url, run.id, last_checkpoint(run), 1, life["parts"][0])
    uses = model.dbn.layers[1].W[:, life["parts"][0]]
    assert below["wholes"] == uses.abs().argsort(descending=True)[:12].tolist()


def test_what_is_not_there_is_refused_with_a_sentence(trained_run: Trained) -> None:
    store, run = trained_run
    first_layer = next(c.id for c in run.checkpoints() if c.position.stage == "layer1" and c.keep == "epoch")
    with pytest.raises(StoreError, match="choose a layer from 1 to 1"):
        project(store.url, run.id, first_layer, 2, "linear combination")
    with pytest.raises(StoreError, match="choose one from 0 to 22"):
        unit_life(store.url, run.id, last_checkpoint(run), 2, 23)
    with pytest.raises(StoreError, match="checkpoint 99999"):
        project(store.url, run.id, 99999, 1, "linear combination")


def test_the_stepper_shows_the_numbers_of_one_update(trained_run: Trained) -> None:
    store, run = trained_run
    shown = step_contrastive_divergence(store.url, run.id, last_checkpoint(run), case=4, seed=9, rate=0.1)
    rbm = trained(store.url, run.id, last_checkpoint(run)).dbn.layers[0]
    v0 = torch.tensor(load_dataset("digits").test[4].reshape(1, -1) / 255.0, dtype=torch.float32)
    np.testing.assert_allclose(shown["v0"], v0[0].numpy())
    np.testing.assert_allclose(shown["h0_probability"], rbm.hidden_mean(v0)[0].numpy(), rtol=1e-5)
    h0 = torch.tensor(shown["h0_sample"])[None]
    assert set(shown["h0_sample"]) <= {0.0, 1.0}
    np.testing.assert_allclose(shown["v1_probability"], rbm.visible_mean(h0)[0].numpy(), rtol=1e-4, atol=1e-6)
    difference = np.outer(shown["h0_probability"], shown["v0"]) - np.outer(
        shown["h1_probability"], shown["v1_probability"]
    )
    np.testing.assert_allclose(shown["update"], 0.1 * difference, atol=1e-6)
    assert shown["error_after"] < shown["error_before"]
    # The stored model is untouched: asking again gives the same.
    again = step_contrastive_divergence(store.url, run.id, last_checkpoint(run), case=4, seed=9, rate=0.1)
    assert again["error_before"] == shown["error_before"]
    later = step_contrastive_divergence(store.url, run.id, last_checkpoint(run), case=4, seed=9, rate=0.1, updates=1)
    assert later["error_before"] == pytest.approx(shown["error_after"], rel=1e-4)
