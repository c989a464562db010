"""Numbers that change from update to update: floats, or scalars on the device.

A recorded update (see `captured`) is replayed with the numbers that stand in its scalars by then; a float would be
frozen into it. On the processor floats are cheaper: a product takes them along for nothing.
"""

import torch
from torch import Tensor

Scalar = float | Tensor
"""A float, or a tensor without dimensions on the device of what it scales."""


def add_scaled(total: Tensor, direction: Tensor, rate: Scalar, factor: float = 1.0) -> None:
    """total <- total + factor * rate * direction, in place."""
    if isinstance(rate, Tensor):
        total.addcmul_(direction, rate, value=factor)
    else:
        total.add_(direction, alpha=factor * rate)


def add_product(total: Tensor, left: Tensor, right: Tensor, rate: Scalar = 1.0, *, momentum: Scalar = 1.0) -> None:
    """total <- momentum * total + rate * left^T right, in place; left (cases, rows), right (cases, columns)."""
    if isinstance(momentum, Tensor):
        total.mul_(momentum)
        momentum = 1.0
    if isinstance(rate, Tensor):
        # Into the smaller factor of the product, whose entries are few beside those of `total`.
        left, rate = left * rate, 1.0
    total.addmm_(left.t(), right, beta=momentum, alpha=rate)


def fade(total: Tensor, momentum: Scalar, direction: Tensor) -> None:
    """total <- momentum * total + direction, in place, in one pass."""
    if isinstance(momentum, Tensor):
        torch.addcmul(direction, total, momentum, out=total)
    else:
        torch.add(direction, total, alpha=momentum, out=total)
