"""Samples of groups of units of which exactly one is on."""

import torch
from torch import Tensor


def draw_one(probabilities: Tensor, generator: torch.Generator | None) -> Tensor:
    """One-hot along the last dimension, each place with its probability; of the shape and type of `probabilities`.

    As `torch.multinomial` draws one of each row (the same one), but without asking the host whether it may.
    """
    race = torch.empty_like(probabilities).exponential_(generator=generator)
    first = (probabilities / race).argmax(-1, keepdim=True)
    return torch.zeros_like(probabilities).scatter_(-1, first, 1.0)
