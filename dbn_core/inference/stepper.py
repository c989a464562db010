"""Contrastive divergence on one digit, half-step by half-step, with everything that a hand calculation would need.

    h0 ~ p(h | v0)        v1 = p(v | h0)        dW = rate * (p(h | v0) v0^T - p(h | v1) v1^T)

CD-1 as the lab trains it (Hinton 2002, 2010): the binary sample of h0 drives the second half, v1 passes on its means
and both products use probabilities. v1 and h1 are sampled too, for the eye only: no number here depends on that.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from dbn_core.errors import ConfigError, ModelError
from dbn_core.inference.loading import Trained, trained, untrained
from dbn_core.models import RBM
from dbn_core.questions.stepping import UNTRAINED, Stepped, Update
from dbn_core.store import RunStore
from dbn_core.training.data import TrainingData
from dbn_core.training.rules.gradients import Phases, contrastive_phases

MOST_RATE = 10.0
UNITS = 100  # whose weights are answered: as many as a picture of filters has, whatever the size of the layer


@torch.no_grad()
def step_contrastive_divergence(
    store_url: str, run_id: str, checkpoint_id: int, update: Update, history: Sequence[Update] = ()
) -> Stepped:
    """One update of the first layer by CD-1, after the updates in `history`; what is stored stays as it is.

    `checkpoint_id` UNTRAINED (0) is the network as it was before the first update, made anew from the run's seed.
    W and W_after are of the first UNITS hidden units.
    Raises ConfigError for a class that is not there or a rate that is not positive, ModelError for a run whose first
    layer does not see grey pixels as binary units and nothing else.
    """
    if checkpoint_id == UNTRAINED:
        model = untrained(RunStore(store_url).run(run_id).info().config)
    else:
        model = trained(store_url, run_id, checkpoint_id)
    source, data = model.dbn.layers[0], model.data
    _refuse(model)
    _check([*history, update], data.label_names)
    rbm = RBM(source.n_visible, source.n_hidden)
    rbm.load_state_dict(source.state_dict())
    for label, number, seed, rate in history:
        _apply(rbm, _phases(rbm, _digit(data, label, number), seed)[0], rate)
    label, number, seed, rate = update
    v0 = _digit(data, label, number)
    phases, samples = _phases(rbm, v0, seed)
    h0_field, v1_field = rbm.hidden_field(v0), rbm.visible_field(samples.h0)
    h1_field = rbm.hidden_field(phases.v_model)
    # Copies: the update changes the parameters in place.
    W, v_bias, h_bias = (parameter.clone().numpy() for parameter in (rbm.W[:UNITS], rbm.v_bias, rbm.h_bias))
    error, energies = _error(rbm, v0), _energies(rbm, phases)
    _apply(rbm, phases, rate)
    after = _energies(rbm, phases)
    return {
        "v0": _plain(v0),
        "h0_field": _plain(h0_field),
        "h0_probability": _plain(phases.h_data),
        "h0_sample": _plain(samples.h0),
        "v1_field": _plain(v1_field),
        "v1_probability": _plain(phases.v_model),
        "v1_sample": _plain(samples.v1),
        "h1_field": _plain(h1_field),
        "h1_probability": _plain(phases.h_model),
        "h1_sample": _plain(samples.h1),
        "v_bias": v_bias,
        "h_bias": h_bias,
        "W": W,
        "W_after": rbm.W[:UNITS].numpy(),
        "error_before": error,
        "error_after": _error(rbm, v0),
        "free_energy": {"v0": (energies[0], after[0]), "v1": (energies[1], after[1])},
        "shape": model.shape,
        "label": data.label_names[label],
        "position": model.position,
    }


def _refuse(model: Trained) -> None:
    """Half-steps are drawn as grey pixels that are on or off."""
    rbm = model.dbn.layers[0]
    binary = rbm.visible_units.kind.is_binary and rbm.hidden_units.kind.is_binary
    if rbm.n_labels or not binary or len(model.shape) == 3:
        raise ModelError(
            "The CD stepper draws grey pixels and hidden units that are on or off, and the first layer of this run has "
            "something else; choose a run on grey images with visible = bernoulli, hidden = bernoulli and no label "
            "units in its first layer."
        )


def _check(updates: Sequence[Update], names: tuple[str, ...]) -> None:
    problems: dict[str, str] = {}
    for label, _, _, rate in updates:
        if not 0 <= label < len(names):
            problems["label"] = f"there is no class {label}; choose one from 0 to {len(names) - 1}"
        if not 0 < rate <= MOST_RATE:
            problems["rate"] = f"a rate of {rate:g} is no step to look at; choose one above 0 and up to {MOST_RATE:g}"
    if problems:
        raise ConfigError(problems)


def _digit(data: TrainingData, label: int, number: int) -> Tensor:
    """(1, pixels) visible units in [0, 1]. Raises ConfigError when no held-out image is of this class."""
    cases = (data.heldout_labels == label).nonzero().flatten()
    if not len(cases):
        raise ConfigError({"label": f"no held-out image shows {data.label_names[label]}; choose another class"})
    return data.preprocessing.mean(data.heldout[cases[number % len(cases)]][None])


class _Samples(NamedTuple):
    h0: Tensor
    v1: Tensor
    h1: Tensor


def _phases(rbm: RBM, v0: Tensor, seed: int) -> tuple[Phases, _Samples]:
    """Both phases, and samples to look at: h0 is the very draw that made v1."""
    generator = torch.Generator().manual_seed(seed)
    state = generator.get_state()
    h0 = rbm.sample_h(v0, generator)[1]
    generator.set_state(state)  # the same draw again, inside the estimator
    phases = contrastive_phases(rbm, v0, 1, generator=generator)
    v1 = rbm.visible_units.sample(phases.v_model, generator)
    h1 = rbm.hidden_units.sample(phases.h_model, generator)
    return phases, _Samples(h0, v1, h1)


def _apply(rbm: RBM, phases: Phases, rate: float) -> None:
    for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), phases.gradient(), strict=True):
        parameter.add_(direction, alpha=rate)


def _error(rbm: RBM, v: Tensor) -> float:
    return rbm.reconstruct(v).sub(v).square().mean().item()


def _energies(rbm: RBM, phases: Phases) -> list[float]:
    return [rbm.free_energy(v).item() for v in (phases.v_data, phases.v_model)]


def _plain(row: Tensor) -> np.ndarray:
    return row[0].numpy()
