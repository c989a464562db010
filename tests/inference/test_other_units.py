"""Questions to runs with real visible units, label units, or no pretrained layer at all."""

from typing import get_args

import numpy as np
import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import LikelihoodError, ModelError, StoreError
from dbn_core.inference import project, step_contrastive_divergence, unit_life
from dbn_core.inference.likelihood import log_likelihood
from dbn_core.inference.loading import trained, training_images
from dbn_core.inference.probe import probe
from dbn_core.models.dbn import with_label
from dbn_core.projections import Projection
from dbn_core.questions import UNTRAINED, Update
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.worker import train_run

REAL = {
    "data.train_size": 400,
    "data.preprocessing": "standard",
    "visible": "gaussian",
    "labels.joint": True,
    "layers": [37, 13],
    "epochs": 2,
    "batch_size": 20,
    "training.learning_rate": 0.01,
}
ALONE = {"data.train_size": 100, "layers": [7], "epochs": 0, "vae.epochs": 1, "vae.hidden": 11, "vae.latent": 3}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RunStore:
    return RunStore(f"sqlite:///{tmp_path_factory.mktemp('units') / 'lab.db'}")


@pytest.fixture(scope="module")
def real_run(store: RunStore) -> Run:
    run = store.create_run(RunConfig().with_values(REAL), "real", executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    return run


@pytest.fixture(scope="module")
def vae_alone(store: RunStore) -> Run:
    run = store.create_run(RunConfig().with_values(ALONE), "vae alone", executor="foreground")
    assert train_run(store.url, run.id) == RunStatus.DONE
    return run


def newest(run: Run) -> int:
    return run.checkpoints()[-1].id


def test_preprocessing_comes_back_as_it_was_fitted(store: RunStore, real_run: Run) -> None:
    model = trained(store.url, real_run.id, newest(real_run))
    pixels = torch.tensor(load_dataset("digits").train[:400].reshape(400, -1)) / 255
    expected = (pixels - pixels.mean(0)) / pixels.std(0, correction=0).clamp(min=0.1)
    torch.testing.assert_close(training_images(model), expected, atol=1e-5, rtol=1e-5)
    assert model.dbn.n_labels == 10


@pytest.mark.parametrize("projection", get_args(Projection))
def test_every_projection_shows_both_layers_as_pixels(store: RunStore, real_run: Run, projection: Projection) -> None:
    for layer, units in ((1, 37), (2, 13)):
        answer = project(store.url, real_run.id, newest(real_run), layer, projection)
        assert answer["pixels"].shape == (units, 28, 28)
    if projection == "linear_combination":
        model = trained(store.url, real_run.id, newest(real_run))
        top = model.dbn.layers[1].W[:, :37]
        scale = (torch.tensor(load_dataset("digits").train[:400].reshape(400, -1)) / 255).std(0, correction=0)
        top = top - top.mean(0)
        expected = (top @ model.dbn.layers[0].W * scale.clamp(min=0.1)).reshape(13, 28, 28).numpy()
        weights = (answer["pixels"].astype(float) - 128) / 127 * answer["scale"]
        inside = np.abs(expected) <= answer["scale"]
        assert np.abs(weights - expected)[inside].max() <= answer["scale"] / 127


def test_a_units_life_counts_what_the_label_units_add(store: RunStore, real_run: Run) -> None:
    life = unit_life(store.url, real_run.id, newest(real_run), 2, 5)
    model = trained(store.url, real_run.id, newest(real_run))
    top = model.dbn.layers[1]
    activity = top.hidden_mean(with_label(top, model.dbn.up(training_images(model), 1)))[:, 5]
    np.testing.assert_allclose(life["most_activity"], activity.sort(descending=True).values[:16].numpy(), rtol=1e-4)
    assert life["parts"] is not None
    assert max(life["parts"]["units"]) < 37
    first = int(activity.argmax())
    # Shown are the images themselves, whatever the visible units are.
    np.testing.assert_allclose(life["most"][0], load_dataset("digits").train[first], atol=1)


def test_a_probe_reads_features_of_real_units(store: RunStore, real_run: Run) -> None:
    rows = probe(store.url, real_run.id, newest(real_run))["rows"]
    assert [row["features"] for row in rows] == ["pixels", "layer 1", "layer 2"]


def test_a_likelihood_of_real_units_is_named_a_density(store: RunStore, real_run: Run) -> None:
    answer = log_likelihood(store.url, real_run.id, newest(real_run), chains=5, temperatures=11)
    assert "densities" in answer["binarisation"]
    assert all(np.isfinite(value) for value in answer["metrics"].values())


def test_the_stepper_says_what_it_can_draw(store: RunStore, real_run: Run) -> None:
    with pytest.raises(ModelError, match="visible = bernoulli"):
        step_contrastive_divergence(store.url, real_run.id, UNTRAINED, Update(3, 1, 9, 0.1))


def test_a_run_of_a_vae_alone_has_no_layers_to_ask_about(store: RunStore, vae_alone: Run) -> None:
    model = trained(store.url, vae_alone.id, newest(vae_alone))
    assert model.vae is not None
    assert model.depth == 0
    with pytest.raises(StoreError, match="pretrained no layer"):
        project(store.url, vae_alone.id, newest(vae_alone), 1, "linear_combination")
    with pytest.raises(LikelihoodError, match="pretrained no layer"):
        log_likelihood(store.url, vae_alone.id, newest(vae_alone))
    assert len(probe(store.url, vae_alone.id, newest(vae_alone))["rows"]) == 1
