"""The shapes of what units are asked with and answer."""

from typing import TypedDict

import torch
from jaxtyping import Float
from torch import Tensor

Batch = Float[Tensor, "batch units"]  # states, means or fields of one side, a row a case
Chains = Float[Tensor, "chains units"]
PerUnit = Float[Tensor, " units"]
PerCase = Float[Tensor, " batch"]


class Place(TypedDict, total=False):
    """Where new tensors lie and in which precision; what is not said is as torch makes tensors by itself."""

    device: torch.device | str
    dtype: torch.dtype
