"""How often a classifier is wrong."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def error_rate(scores: Float[Tensor, "cases classes"], labels: Int[Tensor, " cases"]) -> float:
    """Share of cases, in %, whose largest score (a logit or a probability) is not that of their label."""
    return 100 * (torch.argmax(scores, dim=1) != labels).float().mean().item()
