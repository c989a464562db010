"""Contrastive divergence on one digit, half-step by half-step, with everything that a hand calculation would need.

    h0 ~ p(h | v0)        v1 = p(v | h0)        dW = rate * (p(h | v0) v0^T - p(h | v1) v1^T)

CD-1 as the lab trains it (Hinton 2002, 2010): the binary sample of h0 drives the second half, v1 passes on its means
and both products use probabilities. v1 and h1 are sampled too, for the eye only: no number here depends on that.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dbn_core.errors import ConfigError, StoreError
from dbn_core.inference.loading import Trained, trained, untrained
from dbn_core.models import RBM
from dbn_core.store import RunStore
from dbn_core.training.data import TrainingData
from dbn_core.training.rules.gradients import Phases, contrastive_phases

UNTRAINED = 0
"""In place of a checkpoint's id."""

MOST_RATE = 10.0
UNITS = 100  # whose weights are answered: as many as a picture of filters has, whatever the size of the layer

Update = tuple[int, int, int, float]
"""(label, number, seed, rate) of one update: the number-th held-out image of a class, counted round; which draws; how
large a step."""


@torch.no_grad()
def step_contrastive_divergence(
    store_url: str, run_id: str, checkpoint_id: int, update: Update, history: Sequence[Update] = ()
) -> dict[str, Any]:
    """One update of the first layer by CD-1, after the updates in `history`; what is stored stays as it is.

    `checkpoint_id` UNTRAINED (0) is the network as it was before the first update, made anew from the run's seed.
    float32 vectors: v0, v1_field, v1_probability, v1_sample, v_bias (pixels,), h0_field, h0_probability, h0_sample and
    the same of h1, h_bias (hidden,); a probability is the sigmoid of its field, a field is bias + weights times states.
    W, W_after: (units, pixels) weights of the first UNITS hidden units before and after the update.
    error_before, error_after: mean-field reconstruction of this digit, squared error per pixel. free_energy: nats, of
    v0 and v1, each before and after. shape (height, width) and label of the digit; position of the checkpoint.
    Raises ConfigError for a class that is not there or a rate that is not positive, StoreError for a run whose first
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
    fields = {
        "h0_field": rbm.hidden_field(v0),
        "v1_field": rbm.visible_field(samples["h0_sample"]),
        "h1_field": rbm.hidden_field(phases.v_model),
    }
    # Copies: the update changes the parameters in place.
    before = {"W": rbm.W[:UNITS], "v_bias": rbm.v_bias, "h_bias": rbm.h_bias}
    before = {name: parameter.clone().numpy() for name, parameter in before.items()}
    error, energies = _error(rbm, v0), _energies(rbm, phases)
    _apply(rbm, phases, rate)
    return {
        "v0": _plain(v0),
        "h0_probability": _plain(phases.h_data),
        "v1_probability": _plain(phases.v_model),
        "h1_probability": _plain(phases.h_model),
        **{name: _plain(row) for name, row in {**samples, **fields}.items()},
        **before,
        "W_after": rbm.W[:UNITS].numpy(),
        "error_before": error,
        "error_after": _error(rbm, v0),
        "free_energy": {
            name: (old, new) for name, old, new in zip(("v0", "v1"), energies, _energies(rbm, phases), strict=True)
        },
        "shape": model.shape,
        "label": data.label_names[label],
        "position": model.position,
    }


def _refuse(model: Trained) -> None:
    """Half-steps are drawn as grey pixels that are on or off."""
    rbm = model.dbn.layers[0]
    if rbm.n_labels or model.config.visible == "gaussian" or len(model.shape) == 3:
        raise StoreError(
            "The CD stepper draws grey pixels that are on or off, and the first layer of this run sees something else; "
            "choose a run on grey images with visible = bernoulli and no label units in its first layer."
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


def _phases(rbm: RBM, v0: Tensor, seed: int) -> tuple[Phases, dict[str, Tensor]]:
    """Both phases, and samples to look at: h0 is the very draw that made v1."""
    generator = torch.Generator().manual_seed(seed)
    state = generator.get_state()
    h0 = rbm.sample_h(v0, generator)[1]
    generator.set_state(state)  # the same draw again, inside the estimator
    phases = contrastive_phases(rbm, v0, 1, generator=generator)
    v1 = rbm.visible_units.sample(phases.v_model, generator)
    h1 = rbm.hidden_units.sample(phases.h_model, generator)
    return phases, {"h0_sample": h0, "v1_sample": v1, "h1_sample": h1}


def _apply(rbm: RBM, phases: Phases, rate: float) -> None:
    for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), phases.gradient(), strict=True):
        parameter.add_(direction, alpha=rate)


def _error(rbm: RBM, v: Tensor) -> float:
    return rbm.reconstruct(v).sub(v).square().mean().item()


def _energies(rbm: RBM, phases: Phases) -> list[float]:
    return [rbm.free_energy(v).item() for v in (phases.v_data, phases.v_model)]


def _plain(row: Tensor) -> np.ndarray:
    return row[0].numpy()
