"""Whether hidden units answer to classes: what the images have in common that excite a unit most."""

from jaxtyping import Float, Int
from torch import Tensor

MOST_EXCITING = 40  # images looked at for each unit


def class_purity(
    excitation: Float[Tensor, "cases hidden"], labels: Int[Tensor, " cases"], classes: int
) -> Float[Tensor, " hidden"]:
    """For each unit the share of the commonest class among the `MOST_EXCITING` images that excite it most.

    excitation: anything that grows with p(h = 1 | v); the field W v + c itself tells images apart for which the
    probability is 1 in float32. labels from 0. By chance, with ten classes of one size, about 0.24; 1 for a unit that
    answers to one class alone. With fewer images than `MOST_EXCITING` all of them count.
    """
    chosen = excitation.t().topk(min(MOST_EXCITING, len(excitation)), dim=1).indices  # (hidden, images)
    counts = excitation.new_zeros(len(chosen), classes)
    counts.scatter_add_(1, labels[chosen], counts.new_ones(()).expand(chosen.shape))
    return counts.amax(1) / chosen.shape[1]
