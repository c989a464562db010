"""What a trained model is worth as a density: the log-likelihood of held-out images, with its estimator named."""

from typing import Any

import torch

from dbn_core.data import load_dataset
from dbn_core.errors import LikelihoodError
from dbn_core.inference.loading import Trained, trained, training_images
from dbn_core.likelihood import (
    ENUMERABLE,
    annealed_importance_sampling,
    base_rates,
    dbn_log_likelihood_bound,
    exact_log_partition,
    reverse_annealed_importance_sampling,
)
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.training.batches import preprocess

BURN_IN = 500  # Gibbs steps from training images towards the model, before the reverse way
_BITS_SEED = 20_000  # of the binarisation of held-out images: the same for every run


@torch.no_grad()
def log_likelihood(
    store_url: str, run_id: str, checkpoint_id: int, chains: int = 100, temperatures: int = 10_000, seed: int = 0
) -> dict[str, Any]:
    """Mean log-likelihood of held-out images, nats per image, of the layers trained at a checkpoint.

    One layer: log p(v). More: the variational lower bound, whose Z is the top RBM's. `log_likelihood_ais` uses the
    estimate of log Z from below, so it is optimistic; `log_likelihood_rais` the one from above, so it is pessimistic;
    where they meet they can be believed. `log_likelihood_exact` takes their place where the top RBM can be enumerated.
    Grey images are binarised once, each pixel 1 with its grey value as probability (`binarisation` says how).
    Raises StoreError when the checkpoint is gone, LikelihoodError for what is undefined.
    """
    model = trained(store_url, run_id, checkpoint_id)
    if model.depth < len(model.dbn.layers):
        raise LikelihoodError(
            f"Layer {model.depth} of {len(model.dbn.layers)} is in training at this checkpoint, so the network as a "
            f"whole has no likelihood yet. Evaluate it when its last layer has begun."
        )
    images, how = _binary(model)
    metrics: dict[str, float] = {}
    top = model.dbn.layers[-1]
    generator = torch.Generator().manual_seed(seed)
    if min(top.n_visible, top.n_hidden) <= ENUMERABLE:
        metrics["log_likelihood_exact"] = _value(model, images, exact_log_partition(top), seed)
    else:
        seen = model.dbn.up(training_images(model.config, 5000), len(model.dbn.layers) - 1)
        base = base_rates(seen)
        below = annealed_importance_sampling(top, chains, temperatures, base, generator)
        start = sample_bernoulli(seen[:chains].contiguous(), generator)
        above = reverse_annealed_importance_sampling(top, start, temperatures, base, generator, BURN_IN)
        for name, estimate in (("ais", below), ("rais", above)):
            metrics[f"log_likelihood_{name}"] = _value(model, images, estimate.log_partition, seed)
            metrics[f"log_partition_{name}"] = estimate.log_partition
            metrics[f"log_partition_{name}_low"], metrics[f"log_partition_{name}_high"] = estimate[1:3]
    return {
        "metrics": metrics,
        "images": len(images),
        "binarisation": how,
        "kind": "log-likelihood" if len(model.dbn.layers) == 1 else "variational lower bound",
        "unit": "nats per image",
        "warning": _warning(metrics),
        "position": model.position,
    }


def _value(model: Trained, images: torch.Tensor, log_partition: float, seed: int) -> float:
    return dbn_log_likelihood_bound(
        model.dbn,
        images,
        log_partition,
        samples=1 if len(model.dbn.layers) == 1 else 10,
        generator=torch.Generator().manual_seed(seed),
    )


def _binary(model: Trained) -> tuple[torch.Tensor, str]:
    data = load_dataset(model.config.data.name)
    pixels = torch.tensor(data.test.reshape(len(data.test), -1))
    if model.config.data.preprocessing == "threshold":
        return preprocess(pixels, "threshold"), "threshold at one half"
    generator = torch.Generator().manual_seed(_BITS_SEED)
    return preprocess(pixels, "bernoulli", generator), "each pixel drawn once with its grey value as probability"


def _warning(metrics: dict[str, float]) -> str:
    if "log_likelihood_ais" not in metrics:
        return ""
    gap = metrics["log_likelihood_ais"] - metrics["log_likelihood_rais"]
    if abs(gap) <= 1.0:
        return ""
    return (
        f"The two estimates are {abs(gap):.1f} nats apart, so neither can be believed: use more temperatures; if "
        f"that does not help, the chains do not mix."
    )
