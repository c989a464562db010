"""What a worker answers is what the model says."""

import numpy as np
import pytest
import torch

from dbn_core.data import load_dataset
from dbn_core.errors import ConfigError, StoreError
from dbn_core.inference import project, step_contrastive_divergence, unit_life
from dbn_core.inference.loading import trained, training_images
from dbn_core.inference.projections import activation_maximisation, clamp_and_sample_down
from dbn_core.questions import UNTRAINED, Update
from dbn_core.store import Run
from dbn_core.training.pictures import quantise
from tests.inference.training import StoredRun

DIGIT = Update(3, 1, 9, 0.1)  # the second 3 of the held-out images, seed 9, rate 0.1


def last_checkpoint(run: Run) -> int:
    return run.checkpoints()[-1].id


def test_linear_combination_is_the_product_of_the_weights_less_the_mean_filter(trained_run: StoredRun) -> None:
    store, run = trained_run
    dbn = trained(store.url, run.id, last_checkpoint(run)).dbn
    answer = project(store.url, run.id, last_checkpoint(run), 2, "linear_combination", first=3, count=11)
    product = dbn.layers[1].W @ dbn.layers[0].W
    expected = (product - product.mean(0))[3:14].reshape(11, 28, 28).numpy()
    weights = (answer["pixels"].astype(float) - 128) / 127 * answer["scale"]
    inside = np.abs(expected) <= answer["scale"]
    assert np.abs(weights - expected)[inside].max() <= answer["scale"] / 127
    assert answer["signed"]


def test_activation_maximisation_drives_each_unit_more_than_any_training_image(trained_run: StoredRun) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    images = training_images(model, 1000)
    driven = activation_maximisation(model, 2, slice(0, 23))
    top = model.dbn.layers[1]
    of_images = (model.dbn.up(images, 1) @ top.W.t()).max(0).values
    of_driven = (model.dbn.up(driven, 1) @ top.W.t()).diagonal()
    assert (of_driven > of_images).float().mean() > 0.9
    assert driven.min() >= 0
    assert driven.max() <= 1
    mean = images.mean(0)
    assert (driven - mean).norm(dim=1).max() <= (images - mean).norm(dim=1).mean() * 1.001


def test_clamped_units_leave_their_mark_on_what_is_dreamt(trained_run: StoredRun) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    dreamt = clamp_and_sample_down(model, 1, slice(0, 37), seed=1)
    again = clamp_and_sample_down(model, 1, slice(0, 37), seed=1)
    assert torch.equal(dreamt, again)
    rbm = model.dbn.layers[0]
    # Images dreamt with unit j on agree with the weights of j more than images dreamt with other units on.
    agreement = (dreamt - dreamt.mean(0)) @ rbm.W.t()
    assert (agreement.diagonal() > agreement.mean(0)).float().mean() > 0.9


def test_a_units_life_names_the_images_that_excite_it_and_the_parts_it_is_made_of(trained_run: StoredRun) -> None:
    store, run = trained_run
    model = trained(store.url, run.id, last_checkpoint(run))
    life = unit_life(store.url, run.id, last_checkpoint(run), 2, 5)
    activity = model.dbn.up(training_images(model), 2)[:, 5]
    ordered = activity.sort(descending=True).values.numpy()
    np.testing.assert_allclose(life["most_activity"], ordered[:16], rtol=1e-4)
    np.testing.assert_allclose(life["least_activity"], ordered[::-1][:16], rtol=1e-4, atol=1e-7)
    assert life["histogram"].sum() == life["cases"] == 1000
    labels = model.data.train_labels
    best = model.dbn.layers[1].hidden_field(model.dbn.up(training_images(model), 1))[:, 5].topk(life["best"]).indices
    assert life["classes"] == tuple("0123456789")
    assert life["on"].tolist() == [int(((activity > 0.5) & (labels == digit)).sum()) for digit in range(10)]
    assert life["on_best"].tolist() == [int((labels[best] == digit).sum()) for digit in range(10)]
    assert life["on_best"].sum() == life["best"] == 40
    weights = model.dbn.layers[1].W[5]
    parts = life["parts"]
    assert parts is not None
    assert parts["units"] == weights.abs().argsort(descending=True)[:12].tolist()
    np.testing.assert_allclose(parts["weights"], weights[parts["units"]].numpy())
    below = unit_life(store.url, run.id, last_checkpoint(run), 1, parts["units"][0])
    uses = model.dbn.layers[1].W[:, parts["units"][0]]
    wholes = below["wholes"]
    assert wholes is not None
    assert (life["wholes"], below["parts"]) == (None, None)
    assert wholes["units"] == uses.abs().argsort(descending=True)[:12].tolist()


def test_what_is_not_there_is_refused_with_a_sentence(trained_run: StoredRun) -> None:
    store, run = trained_run
    first_layer = next(c.id for c in run.checkpoints() if c.position.stage == "layer1" and c.keep == "epoch")
    with pytest.raises(StoreError, match="choose a layer from 1 to 1"):
        project(store.url, run.id, first_layer, 2, "linear_combination")
    with pytest.raises(StoreError, match="choose one from 0 to 22"):
        unit_life(store.url, run.id, last_checkpoint(run), 2, 23)
    with pytest.raises(StoreError, match="checkpoint 99999"):
        project(store.url, run.id, 99999, 1, "linear_combination")


def test_the_stepper_shows_the_numbers_of_one_update(trained_run: StoredRun) -> None:
    store, run = trained_run
    shown = step_contrastive_divergence(store.url, run.id, last_checkpoint(run), DIGIT)
    rbm = trained(store.url, run.id, last_checkpoint(run)).dbn.layers[0]
    data = load_dataset("digits")
    second_three = data.test[data.test_labels == 3][1]
    v0 = torch.tensor(second_three.reshape(1, -1) / 255.0, dtype=torch.float32)
    np.testing.assert_allclose(shown["v0"], v0[0].numpy())
    np.testing.assert_allclose(shown["h0_probability"], rbm.hidden_mean(v0)[0].numpy(), rtol=1e-5)
    h0, v1 = torch.tensor(shown["h0_sample"])[None], torch.tensor(shown["v1_probability"])[None]
    np.testing.assert_allclose(v1, rbm.visible_mean(h0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(shown["h1_probability"], rbm.hidden_mean(v1)[0].numpy(), rtol=1e-4, atol=1e-6)
    for field, probability, sample in (
        (shown["h0_field"], shown["h0_probability"], shown["h0_sample"]),
        (shown["v1_field"], shown["v1_probability"], shown["v1_sample"]),
        (shown["h1_field"], shown["h1_probability"], shown["h1_sample"]),
    ):
        np.testing.assert_allclose(torch.sigmoid(torch.tensor(field)).numpy(), probability, rtol=1e-4, atol=1e-7)
        assert set(sample) == {0.0, 1.0}
        assert not sample[probability < 1e-7].any()
    difference = np.outer(shown["h0_probability"], shown["v0"]) - np.outer(
        shown["h1_probability"], shown["v1_probability"]
    )
    np.testing.assert_array_equal(shown["W"], rbm.W.numpy())
    np.testing.assert_allclose(shown["W_after"] - shown["W"], 0.1 * difference, atol=1e-6)
    assert shown["error_after"] < shown["error_before"]
    np.testing.assert_allclose(shown["free_energy"]["v0"][0], rbm.free_energy(v0).item(), rtol=1e-5)
    # What the update is for: the digit becomes more likely than the fantasy than it was.
    gaps = [shown["free_energy"]["v0"][when] - shown["free_energy"]["v1"][when] for when in (0, 1)]
    assert gaps[1] < gaps[0]
    assert shown["label"] == "3"


def test_the_stepper_goes_on_from_earlier_updates_and_leaves_the_stored_model_alone(trained_run: StoredRun) -> None:
    store, run = trained_run
    at = (store.url, run.id, last_checkpoint(run))
    first = step_contrastive_divergence(*at, DIGIT)
    later = step_contrastive_divergence(*at, Update(3, 1, 10, 0.1), [DIGIT])
    np.testing.assert_array_equal(later["W"], first["W_after"])
    assert later["error_before"] == first["error_after"]
    other = step_contrastive_divergence(*at, Update(3, 2, 10, 0.1), [DIGIT])
    np.testing.assert_array_equal(other["W"], first["W_after"])
    assert (other["v0"] != later["v0"]).any()
    np.testing.assert_array_equal(step_contrastive_divergence(*at, DIGIT)["W"], first["W"])


def test_the_untrained_network_of_the_stepper_is_the_one_that_the_run_began_with(trained_run: StoredRun) -> None:
    store, run = trained_run
    shown = step_contrastive_divergence(store.url, run.id, UNTRAINED, DIGIT)
    start = run.snapshots(kind="filters", stage="layer1")[0]
    assert start.position.step == 0
    pixels, scale = quantise(torch.tensor(shown["W"]))
    np.testing.assert_array_equal(pixels.reshape(start.shape), run.snapshot(start.id).pixels)
    assert scale == pytest.approx(start.scale)
    mean = training_images(trained(store.url, run.id, last_checkpoint(run))).mean(0).clamp(1e-3, 1 - 1e-3)
    np.testing.assert_allclose(shown["v_bias"], torch.logit(mean).numpy(), rtol=1e-4)


def test_the_stepper_refuses_a_digit_or_a_rate_that_there_is_not(trained_run: StoredRun) -> None:
    store, run = trained_run
    with pytest.raises(ConfigError) as refused:
        step_contrastive_divergence(store.url, run.id, UNTRAINED, Update(11, 0, 0, 0.0))
    assert refused.value.problems.keys() == {"label", "rate"}
