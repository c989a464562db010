"""The log-likelihood of a trained run, and what it will cost: asked from the Diagnose page and from `evaluate`."""

import time

import torch

from dbn_core import interruption
from dbn_core.errors import LikelihoodError
from dbn_core.inference.loading import Trained, trained, training_images
from dbn_core.likelihood import annealing_seconds
from dbn_core.likelihood.exact import smaller_side
from dbn_core.metric_table import metric_of
from dbn_core.models import RBM
from dbn_core.questions.likelihood import Cost, Likelihood
from dbn_core.training.density import BURN_IN, SEEN, bits, density, is_enumerable, log_unnormalised

TRIED = 200  # held-out images that the trial of the cost looks at
_CHUNK = 1 << 14  # states enumerated at once: what one piece of the exact sum costs is tried


@torch.no_grad()
def log_likelihood(
    store_url: str, run_id: str, checkpoint_id: int, chains: int = 100, temperatures: int = 10_000, seed: int = 0
) -> Likelihood:
    """Mean log-likelihood of held-out images, nats per image, of the layers trained at a checkpoint.

    Grey images are binarised once, each pixel 1 with its grey value as probability (`binarisation` says how). It is the
    greedy DBN that is judged, also where up-down has tuned a copy of it.
    Raises StoreError when the checkpoint is gone, LikelihoodError for what is undefined, JobError when it is stopped.
    """
    model = _judged(store_url, run_id, checkpoint_id)
    started = time.perf_counter()
    seen = training_images(model, SEEN)
    estimate = density(model.dbn, seen, bits(model.data), chains, temperatures, seed, interruption.check)
    return {
        "metrics": estimate.metrics,
        "images": estimate.images,
        "binarisation": _binarisation(model),
        "kind": estimate.kind,
        "unit": metric_of("log_likelihood_ais").unit,
        "warning": estimate.warning,
        "seconds": time.perf_counter() - started,
        "position": model.position,
    }


@torch.no_grad()
def likelihood_cost(
    store_url: str, run_id: str, checkpoint_id: int, chains: int = 100, temperatures: int = 10_000
) -> Cost:
    """What `log_likelihood` would cost here and now: `seconds`, tried in a fraction of one, and whether it is `exact`.

    Raises as `log_likelihood` does.
    """
    model = _judged(store_url, run_id, checkpoint_id)
    top, images = model.dbn.layers[-1], bits(model.data)
    few = images[:TRIED]
    started = time.perf_counter()
    log_unnormalised(model.dbn, few, 0)
    seconds = (time.perf_counter() - started) * len(images) / len(few)
    exact = is_enumerable(top)
    if exact:
        seconds += _enumeration_seconds(top)
    else:
        seconds += annealing_seconds(top, chains, temperatures)
        seconds += annealing_seconds(top, chains, temperatures, BURN_IN)
    return {"seconds": seconds, "exact": exact, "images": len(images), "position": model.position}


def _judged(store_url: str, run_id: str, checkpoint_id: int) -> Trained:
    model = trained(store_url, run_id, checkpoint_id)
    if not model.depth:
        raise LikelihoodError(
            "This run has pretrained no layer (epochs = 0), so there is no density to evaluate; choose a run that has."
        )
    if model.depth < len(model.dbn.layers):
        raise LikelihoodError(
            f"Layer {model.depth} of {len(model.dbn.layers)} is in training at this checkpoint, so the network as a "
            f"whole has no likelihood yet. Evaluate it when its last layer has begun."
        )
    return model


def _enumeration_seconds(rbm: RBM) -> float:
    """Of the exact sum: one piece of its states, tried, times their number."""
    side = smaller_side(rbm)
    assert side is not None
    tried = min(side.states, _CHUNK)
    h = torch.zeros(tried, rbm.n_hidden, dtype=torch.float64)
    weights = rbm.W.double()
    started = time.perf_counter()
    torch.nn.functional.softplus(h @ weights).sum()
    return (time.perf_counter() - started) * side.states / tried


def _binarisation(model: Trained) -> str:
    if not model.data.preprocessing.is_unit:
        return "real visible units, so densities and not probabilities"
    if model.config.data.preprocessing == "threshold":
        return "threshold at one half"
    return "each pixel drawn once with its grey value as probability"
