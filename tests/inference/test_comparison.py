"""A DBN against a VAE on the same images, by the same definitions."""

from typing import Any

import pytest
import torch

from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError
from dbn_core.inference.comparison import WEIGHTS, compare_with_vae
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
    found = compare_with_vae(store.url, dbn, vae, 7, 53)
    deep, other = found["rows"]
    model = trained(store.url, *dbn)
    images = model.preprocessing.mean(model.data.heldout)
    assert found["images"] == len(images)
    assert deep["recon_mse"] == pytest.approx((model.dbn.reconstruct(images) - images).square().mean().item(), rel=1e-5)
    assert deep["parameters"] == 784 * 13 + 784 + 13 + 13 * 11 + 13 + 11
    # 11 units on top are enumerated: no estimate is needed.
    assert [name for name, *_ in deep["bounds"]] == ["log_likelihood_exact"]
    assert deep["bounds"][0][1].startswith("variational lower bound")
    elbo, tighter = (value for _, _, value, *_ in other["bounds"])
    assert elbo < tighter < 0
    assert str(WEIGHTS) in other["bounds"][1][1]
    vae_model = trained(store.url, *vae).vae
    assert vae_model is not None
    again = vae_model.elbo(bits(model.data), torch.Generator().manual_seed(5), 10).mean().item()
    assert elbo == pytest.approx(again, rel=0.01)  # other draws, the same images
    assert found["samples"].shape == (2, 20, 28, 28)


def test_runs_on_other_images_or_without_a_vae_are_refused_in_words(store_url: str) -> None:
    store = RunStore(store_url)
    dbn, binary = made(store, SMALL), made(store, VAE | {"data.preprocessing": "threshold"})
    with pytest.raises(ConfigError, match=r"digits, patches of 11 x 11 .* digits; choose two runs on the same images"):
        compare_with_vae(store.url, dbn, made(store, VAE | {"data.patch": 11}))
    with pytest.raises(ConfigError, match=r"threshold.*same preprocessing"):
        compare_with_vae(store.url, dbn, binary)
    with pytest.raises(ConfigError, match=r"vae\.epochs"):
        compare_with_vae(store.url, dbn, dbn)
