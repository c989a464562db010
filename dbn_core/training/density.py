"""What a DBN is worth as a density: the log-likelihood of held-out images, with its estimator named."""

from dataclasses import dataclass

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.likelihood import (
    ENUMERABLE,
    Mixture,
    Progress,
    annealed_importance_sampling,
    base_rates,
    bracket_warning,
    dbn_log_likelihood_bound,
    exact_log_partition,
    reverse_annealed_importance_sampling,
)
from dbn_core.likelihood.exact import smaller_side
from dbn_core.models import DBN, RBM
from dbn_core.models.bernoulli import sample_bernoulli
from dbn_core.training.data import TrainingData

BURN_IN = 500  # Gibbs steps from training images towards the model, before the reverse way
BITS_SEED = 20_000  # of the binarisation of held-out images: the same for every run
DRAWS = 10  # of the layers below the top one, for each held-out image
SEEN = 5000  # training images that say where the base model lies


@dataclass(frozen=True)
class Density:
    """Figures by name (`log_likelihood_ais`, ...), in nats per image, and what they are figures of."""

    metrics: dict[str, float]
    images: int
    kind: str  # "log-likelihood", or for several layers "variational lower bound"
    warning: str = ""  # why the figures cannot be believed, and what to try; "" when they can


def density(
    dbn: DBN,
    seen: Tensor,
    heldout: Tensor,
    chains: int,
    temperatures: int,
    seed: int,
    progress: Progress | None = None,
) -> Density:
    """Mean log-likelihood of held-out images, nats per image.

    One layer: log p(v). More: the variational lower bound, whose Z is the top RBM's. `log_likelihood_ais` uses the
    estimate of log Z from below, so it is optimistic; `log_likelihood_rais` the one from above, so it is pessimistic;
    where they meet they can be believed. `..._low` and `..._high` are the ends of each one's 3 sigma interval; an end
    is infinite where too few chains carry the mean. `log_likelihood_exact` takes their place where the top RBM can be
    enumerated. With label units they are summed over: the figures are of images alone.

    seen: (cases, visible) training images as means; heldout: (cases, visible) images, binary or real as the visible
    units are. Random numbers come from `seed` alone. `progress` is told of the temperatures of each way,
    and what it raises ends the estimate. Raises LikelihoodError for fewer than 2 temperatures.
    """
    generator = torch.Generator(device=heldout.device).manual_seed(seed)
    top, kind = dbn.layers[-1], "log-likelihood" if len(dbn.layers) == 1 else "variational lower bound"
    unnormalised = log_unnormalised(dbn, heldout, seed)
    if is_enumerable(top):
        return Density({"log_likelihood_exact": unnormalised - exact_log_partition(top)}, len(heldout), kind)
    features, units = dbn.up(seen[:SEEN], len(dbn.layers) - 1), top.visible_units
    base = base_rates(features, units)
    below = annealed_importance_sampling(top, chains, temperatures, base, generator, progress)
    some = features[torch.arange(chains) % len(features)]
    start = units.states_near(some, generator)
    above = reverse_annealed_importance_sampling(top, start, temperatures, base, generator, BURN_IN, progress)
    metrics: dict[str, float] = {}
    for name, estimate in (("ais", below), ("rais", above)):
        metrics[f"log_likelihood_{name}"] = unnormalised - estimate.log_partition
        # A greater Z makes the images less likely, so the ends change places.
        metrics[f"log_likelihood_{name}_low"] = unnormalised - estimate.high
        metrics[f"log_likelihood_{name}_high"] = unnormalised - estimate.low
        metrics[f"log_partition_{name}"] = estimate.log_partition
        metrics[f"log_partition_{name}_low"], metrics[f"log_partition_{name}_high"] = estimate[1:3]
    return Density(metrics, len(heldout), kind, bracket_warning(below, above, temperatures))


def log_unnormalised(dbn: DBN, heldout: Tensor, seed: int) -> float:
    """The bound (of one layer log p itself) plus the top RBM's log Z, mean over the images, nats per image."""
    generator = torch.Generator(device=heldout.device).manual_seed(seed)
    return dbn_log_likelihood_bound(dbn, heldout, 0.0, samples=draws(dbn), generator=generator)


def draws(dbn: DBN) -> int:
    """Draws of the hidden layers for each image: none is random where there is one layer."""
    return 1 if len(dbn.layers) == 1 else DRAWS


def is_enumerable(rbm: RBM) -> bool:
    """Log Z can be had exactly: by a side whose states can be counted and are few enough."""
    side = smaller_side(rbm)
    return side is not None and side.states <= 1 << ENUMERABLE


def due_density(dbn: DBN, data: TrainingData, config: RunConfig, epoch: int) -> dict[str, float]:
    """The figures at the end of `epoch` (from 1), if `likelihood.every` says so; empty otherwise."""
    settings = config.likelihood
    if settings.every is None or epoch % settings.every:
        return {}
    seen = data.preprocessing.mean(data.train[:SEEN])
    heldout = bits(data)
    figures = density(dbn, seen, heldout, settings.chains, settings.temperatures, config.seed).metrics
    is_last = epoch + settings.every > config.for_layer(len(dbn.layers)).epochs
    return figures | reference(dbn, seen, heldout) if is_last else figures


def reference(dbn: DBN, seen: Tensor, heldout: Tensor) -> dict[str, float]:
    """`log_likelihood_mixture`: what a mixture of as many Bernoullis as the RBM has hidden units reaches on the same
    held-out images. Of a single layer of binary visible units: a DBN's bound may lie low for other reasons.
    """
    rbm = dbn.layers[0]
    if len(dbn.layers) > 1 or not rbm.visible_units.kind.is_binary or rbm.n_labels:
        return {}
    return {"log_likelihood_mixture": Mixture(seen, rbm.n_hidden, BITS_SEED).log_likelihood(heldout)}


def bits(data: TrainingData) -> Tensor:
    """Held-out images as visible units: grey ones binarised once, each pixel 1 with its grey value as probability."""
    visible = data.preprocessing.mean(data.heldout)
    if not data.preprocessing.is_unit:
        return visible
    return sample_bernoulli(visible, torch.Generator(device=visible.device).manual_seed(BITS_SEED))
