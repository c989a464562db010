"""A DBN and a VAE on the same held-out images, by the same definitions: errors, likelihood bounds, size, samples."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from dbn_core.errors import ConfigError
from dbn_core.inference.generative_net import dream_many, generative_net
from dbn_core.inference.loading import Trained, trained, training_images, vae_for
from dbn_core.metrics.comparison import Reconstructs, compare_models
from dbn_core.models import DBN, VAE
from dbn_core.questions.comparison import Bound, Bounded, Compared, ComparedModel
from dbn_core.questions.question import Saved
from dbn_core.training.density import SEEN, Density, bits, density
from dbn_core.training.inputs import CHUNK

SAMPLES = 20  # images of each, side by side
STEPS = 200  # Gibbs steps of a dream
WEIGHTS = 50  # importance weights of the VAE's tighter bound


@torch.no_grad()
def sample_both(store_url: str, dbn: Saved, vae: Saved, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Dreams from noise beside samples of the prior: uint8 (2, samples, height, width[, 3]), means of pixels.

    Each model is a (run id, checkpoint id). Raises ConfigError where the runs have other images or one has no such
    model, StoreError for what is gone; so do the other two.
    """
    mine, _, model = _both(store_url, dbn, vae)
    to_pixels = mine.preprocessing.to_pixels
    dreamt = dream_many(generative_net(mine), SAMPLES, STEPS, None, torch.Generator().manual_seed(seed))
    drawn = model.sample(SAMPLES, torch.Generator().manual_seed(seed))
    both = torch.stack([to_pixels(dreamt), to_pixels(drawn)]).clamp(0, 1)
    return both.mul(255).round().to(torch.uint8).reshape(2, SAMPLES, *mine.shape).numpy()


@torch.no_grad()
def compare_with_vae(store_url: str, dbn: Saved, vae: Saved) -> Compared:
    """Sizes and errors on all held-out images of the DBN's run."""
    mine, theirs, model = _both(store_url, dbn, vae)
    heldout = mine.preprocessing.mean(mine.data.heldout)
    errors = compare_models({"dbn": _deep(mine), "vae": model}, heldout.split(CHUNK))
    rows: list[ComparedModel] = [
        {
            "key": "dbn",
            "title": "DBN " + "-".join(map(str, mine.dbn.sizes)),
            "definition": "mean-field: probabilities up through all layers and down again",
            "parameters": parameters(mine.dbn),
            "recon_mse": errors["dbn"]["recon_mse"],
            "recon_ce": errors["dbn"]["recon_ce"],
        },
        {
            "key": "vae",
            "title": f"VAE {model.n_visible}-{theirs.config.vae.hidden}-{model.latent}",
            "definition": "posterior mean: decoded from the mean of q(z | v), nothing is drawn",
            "parameters": parameters(model),
            "recon_mse": errors["vae"]["recon_mse"],
            "recon_ce": errors["vae"]["recon_ce"],
        },
    ]
    return {"rows": rows, "images": len(heldout), "positions": (mine.position, theirs.position)}


@torch.no_grad()
def bound_both(
    store_url: str, dbn: Saved, vae: Saved, chains: int = 100, temperatures: int = 1000, seed: int = 0
) -> Bounded:
    """The log-likelihood or its bounds on the same binarised held-out images, means over the images."""
    mine, _, model = _both(store_url, dbn, vae)
    binary = bits(mine.data)
    estimate = density(mine.dbn, training_images(mine, SEEN), binary, chains, temperatures, seed)
    return {
        "bounds": (dbn_bounds(estimate, tuned=mine.untied is not None), vae_bounds(model, binary, seed)),
        "warning": estimate.warning,
        "chains": chains,
        "temperatures": temperatures,
    }


def _both(store_url: str, dbn: Saved, vae: Saved) -> tuple[Trained, Trained, VAE]:
    """Both runs as they stood, and the VAE of the second."""
    mine, theirs = trained(store_url, *dbn), trained(store_url, *vae)
    model = vae_for(mine, theirs)
    refuse_unlike(mine, theirs)
    return mine, theirs, model


def refuse_unlike(mine: Trained, theirs: Trained) -> None:
    """Raises ConfigError with one sentence where the two cannot be compared."""
    if mine.depth < len(mine.dbn.layers):
        raise ConfigError({"dbn": "this run has layers that are not trained yet; choose one that has finished them"})
    one, other = mine.config.data, theirs.config.data
    if one.preprocessing != other.preprocessing:
        raise ConfigError(
            {
                "vae": f"it sees its images by {other.preprocessing} and the DBN by {one.preprocessing}; choose two "
                f"runs with the same preprocessing"
            }
        )


def parameters(model: DBN | VAE) -> int:
    """Weights and biases. A DBN's layers share no bias: each counts its own visible and hidden ones."""
    if isinstance(model, VAE):
        return sum(parameter.numel() for parameter in model.parameters())
    return sum(part.numel() for rbm in model.layers for part in (rbm.W, rbm.v_bias, rbm.h_bias))


def dbn_bounds(estimate: Density, *, tuned: bool) -> list[Bound]:
    """Of the greedy weights, also where up-down has `tuned` others, of which no bound is computed."""
    kind = f"{estimate.kind} of the weights before up-down" if tuned else estimate.kind
    given = estimate.metrics
    return [
        (name, text.format(kind=kind), given[name], given.get(f"{name}_low"), given.get(f"{name}_high"))
        for name, text in _KINDS.items()
        if name in given
    ]


def vae_bounds(model: VAE, binary: Tensor, seed: int) -> list[Bound]:
    """The ELBO and the importance-weighted bound, means over the images."""
    generator = torch.Generator(device=binary.device).manual_seed(seed)
    elbo = torch.cat([model.elbo(part, generator).double() for part in binary.split(CHUNK)]).mean().item()
    parts = [model.importance_weighted_bound(part, WEIGHTS, generator) for part in binary.split(CHUNK)]
    tighter = torch.cat(parts).mean().item()
    return [
        ("elbo", "ELBO, a lower bound: one draw of the posterior for each image", elbo, None, None),
        ("importance_weighted", f"importance-weighted bound, a tighter one: {WEIGHTS} draws", tighter, None, None),
    ]


_KINDS = {
    "log_likelihood_exact": "{kind}, exact",
    "log_likelihood_ais": "{kind}",
    "log_likelihood_rais": "{kind}",
}


def _deep(model: Trained) -> Reconstructs:
    return model.untied or model.dbn
