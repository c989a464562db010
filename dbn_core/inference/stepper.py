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

from dbn_core.data import load_dataset
from dbn_core.errors import ConfigError
from dbn_core.inference.loading import trained
from dbn_core.models import RBM
from dbn_core.training.batches import preprocess
from dbn_core.training.gradients import Phases, contrastive_phases

Update = tuple[int, int, float]
"""(case, seed, rate) of one update: which held-out digit, which draws, how large a step."""


@torch.no_grad()
def step_contrastive_divergence(
    store_url: str, run_id: str, checkpoint_id: int, case: int, seed: int, rate: float, history: Sequence[Update] = ()
) -> dict[str, Any]:
    """CD-1 of the first layer at held-out digit `case`, after the updates in `history`; the stored model stays as it is.

    float32 vectors: v0, v1_probability, v1_sample (pixels,), h0_probability, h0_sample, h1_probability, h1_sample
    (hidden,); parameters before the update: W (hidden, pixels), v_bias, h_bias; W_after once it is applied.
    error_before, error_after: mean-field reconstruction of this digit, squared error per pixel. free_energy: nats, of
    v0 and v1, each before and after. shape (height, width) and label of the digit; position of the checkpoint.
    Raises ConfigError for a case that is not there or a rate that is not positive.
    """
    model = trained(store_url, run_id, checkpoint_id)
    data = load_dataset(model.config.data.name)
    _check([*history, (case, seed, rate)], len(data.test))
    source = model.dbn.layers[0]
    rbm = RBM(source.n_visible, source.n_hidden)
    rbm.load_state_dict(source.state_dict())
    for past_case, past_seed, past_rate in history:
        _apply(rbm, _phases(rbm, _digit(data.test[past_case]), past_seed)[0], past_rate)
    v0 = _digit(data.test[case])
    phases, samples = _phases(rbm, v0, seed)
    before = {"W": rbm.W, "v_bias": rbm.v_bias, "h_bias": rbm.h_bias}
    before = {name: parameter.detach().clone().numpy() for name, parameter in before.items()}
    error, energies = _error(rbm, v0), _energies(rbm, phases)
    _apply(rbm, phases, rate)
    return {
        "v0": _plain(v0),
        "h0_probability": _plain(phases.h_data),
        "v1_probability": _plain(phases.v_model),
        "h1_probability": _plain(phases.h_model),
        **{name: _plain(sample) for name, sample in samples.items()},
        **before,
        "W_after": rbm.W.detach().numpy(),
        "error_before": error,
        "error_after": _error(rbm, v0),
        "free_energy": {
            name: (old, new) for name, old, new in zip(("v0", "v1"), energies, _energies(rbm, phases), strict=True)
        },
        "shape": model.shape,
        "label": data.label_names[data.test_labels[case]],
        "position": model.position,
    }


def _check(updates: Sequence[Update], cases: int) -> None:
    problems: dict[str, str] = {}
    for case, _, rate in updates:
        if not 0 <= case < cases:
            problems["digit"] = f"there is no held-out digit {case}; choose one from 0 to {cases - 1}"
        if not 0 < rate <= 10:
            problems["rate"] = f"a rate of {rate:g} makes no step to look at; choose one above 0 and up to 10"
    if problems:
        raise ConfigError(problems)


def _digit(pixels: np.ndarray) -> Tensor:
    """(1, pixels) in [0, 1]."""
    return preprocess(torch.tensor(pixels.reshape(1, -1)), "unit")


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
