"""A DBN against a VAE on the same images, by the same definitions."""

from typing import Any

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError
from dbn_core.inference.comparison import WEIGHTS, bound_both, compare_with_vae, sample_both
from dbn_core.inference.loading import trained
from dbn_core.store import RunStore
from dbn_core.training.density import bits
from dbn_core.worker import train_run

SMALL = {"layers": [13, 11], "data.train_size": 130, "epochs": 1, "batch_size": 13}
VAE = SMALL | {"epochs": 0, "vae.epochs": 2, "vae.hidden": 17, "vae.latent": 3}


def made(store: RunStore, settings: dict[str, Any]) -> tuple[str, int]:
    run = store.create_run(RunConfig().with_values(settings))
    train_run(store.url, run.id)
    return run.id, run.checkpoints()[-1].id


def test_errors_and_bounds_are_of_all_held_out_images_with_their_kinds(store_url: str) -> None:
    store = RunStore(store_url)
    dbn, vae = made(store, SMALL), made(store, VAE)
    compared, bounded = compare_with_vae(store.url, dbn, vae), bound_both(store.url, dbn, vae, 7, 53)
    deep, _ = compared["rows"]
    of_deep, of_other = bounded["bounds"]
    model = trained(store.url, *dbn)
    images = model.preprocessing.mean(model.data.heldout)
    assert compared["images"] == len(images)
    assert deep["recon_mse"] == pytest.approx((model.dbn.reconstruct(images) - images).square().mean().item(), rel=1e-5)
    assert deep["parameters"] == 784 * 13 + 784 + 13 + 13 * 11 + 13 + 11
    # 11 units on top are enumerated: no estimate is needed.
    assert [name for name, *_ in of_deep] == ["log_likelihood_exact"]
    assert of_deep[0][1].startswith("variational lower bound")
    elbo, tighter = (value for _, _, value, *_ in of_other)
    assert elbo < tighter < 0
    assert str(WEIGHTS) in of_other[1][1]
    vae_model = trained(store.url, *vae).vae
    assert vae_model is not None
    again = vae_model.elbo(bits(model.data), torch.Generator().manual_seed(5), 10).mean().item()
    assert elbo == pytest.approx(again, rel=0.01)  # other draws, the same images
    pictures = sample_both(store.url, dbn, vae)
    assert (pictures.shape, pictures.dtype) == ((2, 20, 28, 28), "uint8")
    assert (pictures[0] != pictures[1]).mean() > 0.5, "each row is of its own model"
    again = sample_both(store.url, dbn, vae)
    assert (pictures == again).all()
    assert (pictures != sample_both(store.url, dbn, vae, seed=1)).any()


def test_runs_on_other_images_or_without_a_vae_are_refused_in_words(store_url: str) -> None:
    store = RunStore(store_url)
    dbn, binary = made(store, SMALL), made(store, VAE | {"data.preprocessing": "threshold"})
    with pytest.raises(ConfigError, match=r"digits, patches of 11 x 11 .* digits; choose two runs on the same images"):
        compare_with_vae(store.url, dbn, made(store, VAE | {"data.patch": 11}))
    with pytest.raises(ConfigError, match=r"threshold.*same preprocessing"):
        compare_with_vae(store.url, dbn, binary)
    for asked in (sample_both, compare_with_vae, bound_both):
        with pytest.raises(ConfigError, match=r"vae\.epochs"):
            asked(store.url, dbn, dbn)
