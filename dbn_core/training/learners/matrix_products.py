"""How a CUDA device makes float32 products: in TF32 while a run learns that asks for it, and in float32 otherwise.

    TF32: factors with 11 significant bits, products summed in float32

GPUs from compute capability 8.0 on make such products several times faster. A binary state is exact in TF32; a weight
is off by at most 2^-10 of itself, half as much as in bfloat16 (`models.mixed`).

Torch has no such choice for a single product but a switch for the whole process, read whenever the host asks for one;
what a graph has recorded stays as it was recorded. So whoever learns or measures on a CUDA device says how its products
are made, and one thread at a time is let through. The processor's products have switches of their own, which stay as
they are.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import torch

_TURN = threading.RLock()


@contextmanager
def products_in(precision: str, device: torch.device) -> Iterator[None]:
    """While this lasts, products that are asked for are made in TF32 for precision `tf32`, in float32 for all others.

    Convolutions too: torch by itself makes those in TF32. Afterwards everything is as it was. Nothing is switched, and
    nobody waits, for what the processor does in another precision.
    """
    if device.type != "cuda" and precision != "tf32":
        yield
        return
    wanted = "tf32" if precision == "tf32" else "ieee"
    matrices = torch.backends.cuda.matmul
    convolutions = torch.backends.cudnn.conv  # pyright: ignore[reportAttributeAccessIssue]
    with _TURN:
        before = matrices.fp32_precision, convolutions.fp32_precision
        matrices.fp32_precision = convolutions.fp32_precision = wanted
        try:
            yield
        finally:
            matrices.fp32_precision, convolutions.fp32_precision = before


def has_tf32_products(device: torch.device) -> bool:
    """Whether the device makes products in TF32 at all."""
    return device.type == "cuda" and torch.cuda.is_tf32_supported()
