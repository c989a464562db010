"""How good generated images are, beside real ones: fidelity, diversity, copying. No one of these numbers says it all.

Distances are Euclidean in a feature space that the caller chooses; `real` and `generated` should be equally many.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

ROWS = 1000  # at a time: bounds the memory of a table of distances


class ClassifierScore(NamedTuple):
    """See `classifier_score`; entropies in nats, the rest without a unit."""

    score: float
    confidence: float
    conditional_entropy: float
    class_entropy: float


class Manifold(NamedTuple):
    """See `manifold`; shares, but density may exceed 1."""

    precision: float
    recall: float
    density: float
    coverage: float


class Adversarial(NamedTuple):
    """See `adversarial_accuracy`; shares, 1/2 is ideal."""

    real: float
    generated: float


def classifier_score(probability: Float[Tensor, "cases classes"]) -> ClassifierScore:
    """Whether a classifier is sure of each image, and of many classes over all of them (Salimans et al. 2016).

    score = exp(H[mean p] - mean H[p]), between 1 and the number of classes. Its two parts: conditional_entropy,
    mean H[p], low where each image is one class; class_entropy, H[mean p], at most log(classes), low where classes are
    missing. confidence: mean of the largest probability.
    """
    p = probability.double()
    conditional, marginal = _entropy(p).mean(), _entropy(p.mean(0, keepdim=True))[0]
    return ClassifierScore(
        (marginal - conditional).exp().item(), p.max(1).values.mean().item(), conditional.item(), marginal.item()
    )


def manifold(
    real: Float[Tensor, "cases features"], generated: Float[Tensor, "others features"], k: int = 5
) -> Manifold:
    """Whether generated points lie where real ones do, and reach all of them. Balls: to the k-th nearest of one's own.

    precision: generated points in any real ball. recall: real points in any generated ball (Kynkäänniemi et al. 2019).
    density: real balls around a generated point, over k. coverage: real balls that hold a generated point
    (Naeem et al. 2020). Two samples of one distribution have density 1, and coverage 1 - 2^-k or more.
    """
    real_radius, own_radius = (_nearest_own(points, k) for points in (real, generated))
    between = torch.cdist(real, generated)
    inside = between <= real_radius[:, None]
    return Manifold(
        inside.any(0).double().mean().item(),
        (between <= own_radius[None, :]).any(1).double().mean().item(),
        inside.sum(0).double().mean().item() / k,
        inside.any(1).double().mean().item(),
    )


def adversarial_accuracy(
    real: Float[Tensor, "cases features"], generated: Float[Tensor, "cases features"]
) -> Adversarial:
    """Nearest-neighbour adversarial accuracy (AATS, Yale et al. 2020): how often a point's nearest is of its own kind.

    real: share of real points nearer to another real one than to any generated one; generated: the reverse. Both 1/2
    where nobody could tell; both near 1 where samples lie apart; both near 0 where samples copy real points.
    """
    between = torch.cdist(real, generated)
    return Adversarial(
        (between.min(1).values > _nearest_own(real, 1)).double().mean().item(),
        (between.min(0).values > _nearest_own(generated, 1)).double().mean().item(),
    )


def nearest(
    samples: Float[Tensor, "cases pixels"], training: Float[Tensor, "others pixels"]
) -> tuple[Float[Tensor, " cases"], Int[Tensor, " cases"]]:
    """(root mean squared difference of a pixel, which) of the training image nearest to each sample."""
    best = torch.full((len(samples),), torch.inf, dtype=samples.dtype)
    index = torch.zeros(len(samples), dtype=torch.int64)
    for start in range(0, len(training), ROWS):
        distance, place = torch.cdist(samples, training[start : start + ROWS]).min(1)
        closer = distance < best
        best[closer], index[closer] = distance[closer], place[closer] + start
    # Again, exactly: a table of distances made by a matrix product loses digits where they are small.
    return (samples - training[index]).square().mean(1).sqrt(), index


def within_class_distance(
    points: Float[Tensor, "cases features"], labels: Int[Tensor, " cases"], classes: int
) -> float:
    """Mean distance of two points of one class, averaged over the classes that have two; nan where none has."""
    groups = [points[labels == label] for label in range(classes)]
    means = [torch.pdist(group).double().mean() for group in groups if len(group) > 1]
    return torch.stack(means).mean().item() if means else float("nan")


def laplacian_variance(images: Float[Tensor, "cases height width"]) -> Float[Tensor, " cases"]:
    """Variance over an image of its discrete Laplacian (four neighbours, inner pixels): high where edges are sharp."""
    inner = images[:, 1:-1, 1:-1]
    around = images[:, :-2, 1:-1] + images[:, 2:, 1:-1] + images[:, 1:-1, :-2] + images[:, 1:-1, 2:]
    return (around - 4 * inner).flatten(1).var(1, correction=0)


def grey_share(images: Float[Tensor, "cases height width"]) -> Float[Tensor, " cases"]:
    """Share of an image's pixels between 0.1 and 0.9 of full intensity: high where strokes are blurred."""
    return ((images > 0.1) & (images < 0.9)).flatten(1).to(images.dtype).mean(1)


def ink(images: Float[Tensor, "cases height width"]) -> Float[Tensor, " cases"]:
    """Mean intensity of an image."""
    return images.flatten(1).mean(1)


def kolmogorov_smirnov(first: Float[Tensor, " cases"], second: Float[Tensor, " others"]) -> float:
    """Largest gap between two empirical distribution functions, 0 (the same) to 1 (apart)."""
    one, two = first.sort().values, second.sort().values
    both = torch.cat([one, two])
    shares = [torch.searchsorted(part, both, right=True).double() / len(part) for part in (one, two)]
    return (shares[0] - shares[1]).abs().max().item()


def _entropy(p: Tensor) -> Tensor:
    """Of each row, nats; 0 log 0 = 0."""
    return -torch.special.xlogy(p, p).sum(1)


def _nearest_own(points: Tensor, k: int) -> Tensor:
    """Distance of each point to the k-th nearest other one."""
    own = torch.cdist(points, points)
    own.fill_diagonal_(torch.inf)
    return own.kthvalue(min(k, len(points) - 1), dim=1).values
