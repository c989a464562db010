"""Starting weights of layers that learn by gradient descent: uniform about zero."""

import math

import torch
from torch import Tensor, nn


@torch.no_grad()
def fill_uniform(parameter: Tensor, end: float, generator: torch.Generator | None = None) -> None:
    """Every entry uniform in [-end, end], in place; drawn on the generator's device."""
    device = parameter.device if generator is None else generator.device
    drawn = torch.rand(parameter.shape, generator=generator, device=device, dtype=parameter.dtype)
    parameter.copy_(drawn.mul_(2).sub_(1).mul_(end))


def start_layer(layer: nn.Linear | nn.Conv2d, gain: float, generator: torch.Generator | None = None) -> None:
    """Weights uniform within sqrt(gain / fan in), biases 0; gain 6 keeps the scale of rectified units (He et al.)."""
    fill_uniform(layer.weight, math.sqrt(gain / layer.weight[0].numel()), generator)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
