"""Fast binary samples from probabilities.

`torch.bernoulli` spends more time on an RBM's hidden units than the matrix product that made them. Here one 64-bit
random number is read as four 16-bit thresholds, so a probability is honoured to within 2^-17.
"""

import torch
from torch import Tensor

_LEVELS = 1 << 16
# A threshold t is uniform on -2^15 .. 2^15 - 1; P(t < 2^16 p - 2^15 - 1/2) is p rounded to a multiple of 2^-16.
_OFFSET = torch.tensor(-(_LEVELS / 2 + 0.5))


def sample_bernoulli(probability: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """0/1 samples, each 1 with the probability at its place (rounded to a multiple of 2^-16).

    probability: any shape, floating, in [0, 1]. Returns the same shape and type.
    Reproducible: the same generator state gives the same samples on the same device type. Graphics processors draw a
    float for each, so to within 2^-24: two kernels there, where words of 64 bits would take five.

    What is no number (a run that diverged) is never on. `torch.bernoulli` on a CUDA device would end the process's
    use of that device.
    """
    if probability.device.type != "cpu" or probability.dtype == torch.float64:
        # float64 is used where exactness matters more than speed.
        noise = torch.rand(probability.shape, generator=generator, dtype=probability.dtype, device=probability.device)
        return (noise < probability).to(probability.dtype) if noise.is_mps else torch.lt(noise, probability, out=noise)
    count = probability.numel()
    words = torch.empty((count + 3) // 4, dtype=torch.int64, device=probability.device)
    words.random_(-(2**63), None, generator=generator)  # None: the whole 64-bit range
    thresholds = words.view(torch.int16)[:count].view(probability.shape)
    scaled = torch.add(_OFFSET, probability, alpha=_LEVELS)
    return torch.gt(scaled, thresholds, out=scaled)
