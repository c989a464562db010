"""Which training images a classifier may see the labels of: as many of each class, chosen by a seed."""

from collections.abc import Sequence

import torch
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.config.groups import FEW_LABELS_SIZES
from dbn_core.config.stages import FEW_LABELS, HYBRID, kind_of
from dbn_core.errors import ConfigError, DataError
from dbn_core.models.hybrid import SMALLEST_IMAGE
from dbn_core.training.data import TrainingData


def balanced(labels: Tensor, wanted: int | None, names: Sequence[str], seed: int, setting: str) -> Tensor:
    """int64 (cases,) numbers of the images chosen, in an order drawn from `seed`; all of them when `wanted` is None.

    labels: (images,) classes 0 .. len(names) - 1, on any device; the answer lies there too. Classes differ by at most
    one image, but for those that have fewer images than their share: these give all, the others make up for it.
    `setting` names what asks, for the errors: DataError for fewer than 2 classes, when a class has no example, when
    fewer images are wanted than there are classes, or more than there are.
    """
    classes, cpu = len(names), labels.cpu()
    if classes < 2:
        raise DataError(f"{setting} wants a classifier, which needs at least 2 classes; these images have {classes}.")
    counts = torch.bincount(cpu, minlength=classes)
    empty = [names[index] for index in (counts == 0).nonzero().flatten().tolist()]
    if empty:
        quoted = ", ".join(repr(name) for name in empty)
        raise DataError(
            f"None of the {len(cpu):,} training images shows {quoted}, so a classifier cannot learn it. Use more "
            f"training images (data.train_size), or data in which every class has an example."
        )
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(cpu), generator=generator)
    if wanted is None:
        return order.to(labels.device)
    if wanted < classes:
        raise DataError(
            f"{setting} is {wanted} but there are {classes} classes; give at least {classes}, one image of each."
        )
    if wanted > len(cpu):
        raise DataError(
            f"{setting} is {wanted:,} but the run has {len(cpu):,} training images; give at most that, or none for all."
        )
    shares = _shares(counts, wanted, torch.randperm(classes, generator=generator))
    drawn = cpu[order]
    chosen = torch.cat([(drawn == label).nonzero().flatten()[:share] for label, share in enumerate(shares.tolist())])
    return order[chosen.sort().values].to(labels.device)


def draw_seed(config: RunConfig) -> int:
    """Of the labelled images: the run's own seed for its first draw."""
    return config.seed + config.labels.draw


def refuse_unlearnable(data: TrainingData, config: RunConfig) -> None:
    """Raises DataError for what a later stage will miss: better before the first update than after hours."""
    for kind in map(kind_of, config.stages):
        if kind.labels:
            data.require_labels(kind.name)
            wanted = config.value(kind.labels)
            balanced(data.train_labels, wanted, data.label_names, draw_seed(config), kind.labels)
    if HYBRID.name in config.stages and min(data.shape[:2]) < SMALLEST_IMAGE:
        raise DataError(
            f"The hybrid pools its maps twice, so it needs images of at least {SMALLEST_IMAGE} x {SMALLEST_IMAGE} "
            f"pixels, and these have {data.shape[0]} x {data.shape[1]}; give hybrid.epochs 0."
        )
    if FEW_LABELS.name in config.stages:
        data.require_labels(FEW_LABELS.name)
        balanced(data.train_labels, None, data.label_names, config.seed, FEW_LABELS.name)
        label_counts(len(data.train), data.classes)
        if not (config.epochs or config.updown.epochs):
            problem = "compares a pretrained net with one that is not; give epochs of pretraining, or 0 seeds"
            raise ConfigError({"fewlabels.seeds": problem})


def label_counts(cases: int, classes: int) -> list[int]:
    """Numbers of labels of the experiment, rising by equal factors: 10 of each class (1 where images are few) to all.

    The ones in between are rounded to two digits. Raises DataError for fewer images than 4 of each class.
    """
    if cases < 4 * classes:
        raise DataError(
            f"fewlabels compares different numbers of labels, and {cases} images of {classes} classes are too few: use "
            f"at least {4 * classes}."
        )
    plenty = cases >= 40 * classes
    least = 10 * classes if plenty else classes
    counts = [least * (cases / least) ** (step / (FEW_LABELS_SIZES - 1)) for step in range(FEW_LABELS_SIZES)]
    middle = [round(float(f"{count:.2g}")) if plenty else round(count) for count in counts[1:-1]]
    return [least, *middle, cases]


def held_back(chosen: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """(to learn from, set aside): a tenth of the images of each class rounded down, and at least one image in all.

    chosen: numbers of images in random order; labels of all images. The first class with the most images gives the one.
    """
    classes = labels.index_select(0, chosen)
    aside = torch.zeros(len(chosen), dtype=torch.bool, device=chosen.device)
    counts = torch.bincount(classes)
    for label, count in enumerate((counts // 10).tolist()):
        aside[(classes == label).nonzero().flatten()[:count]] = True
    if not aside.any():
        aside[(classes == counts.argmax()).nonzero()[0]] = True
    return chosen[~aside], chosen[aside]


def _shares(counts: Tensor, wanted: int, order: Tensor) -> Tensor:
    """(classes,) images of each class: one a class in `order`, over and over, until `wanted` are given out."""
    shares = torch.zeros_like(counts)
    while (left := wanted - int(shares.sum())) > 0:
        open_ = [label for label in order.tolist() if shares[label] < counts[label]]
        each, rest = divmod(left, len(open_))
        for place, label in enumerate(open_):
            share = shares[label] + each + (place < rest)
            shares[label] = torch.minimum(share, counts[label])
    return shares
