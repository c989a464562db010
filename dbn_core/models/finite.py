"""Whether a model has diverged."""

import torch
from torch import nn


@torch.no_grad()
def all_finite(model: nn.Module) -> bool:
    """All parameters are finite numbers; the sum of their squares is, only if all are."""
    return bool(torch.isfinite(torch.as_tensor(sum(parameter.square().sum() for parameter in model.parameters()))))
