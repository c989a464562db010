"""An RBM as training in mixed precision sees it: parameters and sums in float32, factors of products in bfloat16.

    c + W v is computed as c + float32(r(W) r(v)),      r: rounding to bfloat16, 8 significant bits

Processors with bfloat16 products (AMX, AVX512-BF16) and GPUs make them several times faster than float32 ones. A binary
state is exact in bfloat16; a weight is off by at most 2^-9 of itself, far less than what sampling does to a field.
Likelihoods and everything else that is reported use the RBM itself.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.models.rbm import RBM


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
