"""Train a network as its configuration says, and estimate the likelihood of held-out images."""

from contextlib import AbstractContextManager, nullcontext

import torch

from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.training import train
from dbn_core.training.density import bits, density
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import NullControl, NullRecorder
from dbn_core.training.start import new_learner

CHAINS = 100
NAMES = {"exact": "log_likelihood_exact", "AIS": "log_likelihood_ais", "reverse AIS": "log_likelihood_rais"}


def likelihoods(
    config: RunConfig,
    device: torch.device,
    temperatures: int,
    while_training: AbstractContextManager[object] | None = None,
) -> dict[str, float]:
    """Held-out figures after training, nats per image, by estimator: `exact`, or `AIS` and `reverse AIS`."""
    learner = new_learner(config, load_dataset(config.data.name), device)
    with while_training or nullcontext():
        train(learner, run_plan(config, Cadence(looks=False)), config, NullRecorder(), NullControl())
    data = learner.data
    seen = data.preprocessing.mean(data.train)
    estimates = density(learner.dbn, seen, bits(data), CHAINS, temperatures, config.seed).metrics
    return {name: estimates[key] for name, key in NAMES.items() if key in estimates}
