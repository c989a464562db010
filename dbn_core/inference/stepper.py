"""Contrastive divergence on one digit, half-step by half-step, with everything that a hand calculation would need."""

from typing import Any

import torch

from dbn_core.data import load_dataset
from dbn_core.inference.loading import trained
from dbn_core.models import RBM
from dbn_core.training.batches import preprocess
from dbn_core.training.gradients import contrastive_phases


@torch.no_grad()
def step_contrastive_divergence(
    store_url: str, run_id: str, checkpoint_id: int, case: int, seed: int, rate: float, updates: int = 0
) -> dict[str, Any]:
    """CD-1 of the first layer at held-out digit `case`, after `updates` earlier updates on that digit alone.

    v0 (pixels,), h0_probability, h0_sample (hidden,), v1_probability (pixels,), h1_probability (hidden,), positive =
    h0 v0^T and negative = h1 v1^T (hidden, pixels) as probabilities, update = rate * (positive - negative), float32;
    reconstruction errors before and after applying it (mean-field, squared error per pixel). Draws start from `seed`.
    """
    model = trained(store_url, run_id, checkpoint_id)
    source = model.dbn.layers[0]
    rbm = RBM(source.n_visible, source.n_hidden)
    rbm.load_state_dict(source.state_dict())
    pixels = torch.tensor(load_dataset(model.config.data.name).test[case].reshape(1, -1))
    v0 = preprocess(pixels, "unit")
    generator = torch.Generator().manual_seed(seed)
    for _ in range(updates):
        _apply(rbm, v0, rate, generator)
    before = rbm.reconstruct(v0).sub(v0).square().mean().item()
    h0 = rbm.hidden_mean(v0)
    state = generator.get_state()
    sample = rbm.hidden_units.sample(h0, generator)
    generator.set_state(state)  # the same draw again, inside the estimator
    phases = contrastive_phases(rbm, v0, 1, generator=generator)
    positive = phases.h_data.t() @ phases.v_data
    negative = phases.h_model.t() @ phases.v_model
    gradient = phases.gradient()
    for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), gradient, strict=True):
        parameter.add_(direction, alpha=rate)
    return {
        "v0": v0[0].numpy(),
        "h0_probability": h0[0].numpy(),
        "h0_sample": sample[0].numpy(),
        "v1_probability": phases.v_model[0].numpy(),
        "h1_probability": phases.h_model[0].numpy(),
        "positive": positive.numpy(),
        "negative": negative.numpy(),
        "update": (rate * gradient.W).numpy(),
        "error_before": before,
        "error_after": rbm.reconstruct(v0).sub(v0).square().mean().item(),
        "shape": model.shape,
        "position": model.position,
    }


def _apply(rbm: RBM, v: torch.Tensor, rate: float, generator: torch.Generator) -> None:
    gradient = contrastive_phases(rbm, v, 1, generator=generator).gradient()
    for parameter, direction in zip((rbm.W, rbm.v_bias, rbm.h_bias), gradient, strict=True):
        parameter.add_(direction, alpha=rate)
