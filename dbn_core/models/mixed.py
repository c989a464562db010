"""An RBM as training in mixed precision sees it: parameters and sums in float32, factors of products in bfloat16.

    c + W v is computed as c + float32(r(W) r(v)),      r: rounding to bfloat16, 8 significant bits

Processors with bfloat16 products (AMX, AVX512-BF16) and GPUs make them several times faster than float32 ones. A binary
state is exact in bfloat16; a weight is off by at most 2^-9 of itself, far less than what sampling does to a field.
Likelihoods and everything else that is reported use the RBM itself.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.rbm import RBM


class RoundedProduct:
    """sum_i left_i^T right_i in bfloat16, given in float32; the same memory serves every call.

    Memory of W's size asked for at each update is given back and taken again by the system, which costs as much as the
    product.
    """

    def __init__(self, like: Tensor) -> None:
        self._product, self._result = torch.empty_like(like, dtype=torch.bfloat16), torch.empty_like(like)
        self._left, self._right = (like.new_empty(0, units, dtype=torch.bfloat16) for units in like.shape)

    def __call__(self, left: Sequence[Tensor], right: Sequence[Tensor]) -> Tensor:
        """left: (cases, rows) each, right: (cases, columns) each. Valid until the next call."""
        cases = sum(len(part) for part in left)
        if len(self._left) < cases:
            self._left, self._right = (kept.new_empty(cases, kept.shape[1]) for kept in (self._left, self._right))
        rows, columns = _rounded(left, self._left[:cases]), _rounded(right, self._right[:cases])
        return self._result.copy_(torch.mm(rows.t(), columns, out=self._product))


def _rounded(parts: Sequence[Tensor], room: Tensor) -> Tensor:
    """The parts below one another, in `room`."""
    for part, place in zip(parts, room.split([len(part) for part in parts]), strict=True):
        place.copy_(part)
    return room


class MixedRBM(RBM):
    """Shares the parameters and units of `rbm`; `refresh` after each change of its W, which is held rounded as well."""

    rounded: Tensor  # (hidden, visible) bfloat16

    def __init__(self, rbm: RBM) -> None:
        nn.Module.__init__(self)
        self.visible_units, self.hidden_units, self.generator = rbm.visible_units, rbm.hidden_units, rbm.generator
        self.W, self.v_bias, self.h_bias = rbm.W, rbm.v_bias, rbm.h_bias
        self.register_buffer("rounded", rbm.W.to(torch.bfloat16), persistent=False)

    def refresh(self) -> None:
        """Round W again."""
        self.rounded.copy_(self.W)

    def hidden_field(self, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch hidden"]:
        """c + W v, in float32 but for the product."""
        return torch.add(self.h_bias, self.visible_units.coupling(v).bfloat16() @ self.rounded.t())

    def visible_field(self, h: Float[Tensor, "batch hidden"]) -> Float[Tensor, "batch visible"]:
        """b + W^T h, in float32 but for the product."""
        return torch.add(self.v_bias, h.bfloat16() @ self.rounded)


def has_bfloat16_products(device: torch.device) -> bool:
    """Whether the device itself makes products of bfloat16 matrices; elsewhere they are emulated and slow."""
    match device.type:
        case "cuda":
            return torch.cuda.is_bf16_supported(including_emulation=False)
        case "cpu":
            able = torch.cpu.get_capabilities()
            return bool(able.get("amx_bf16") or able.get("avx512_bf16") or able.get("bf16"))
        case _:
            return False
