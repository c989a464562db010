"""What a run's own numbers say of its features, in words, beside what the source article claims.

The article sees features grow, from edges to digit parts. Here each sentence follows from figures: within a layer from
its first epoch to its end, and from layer to layer at their ends. A change below `NOTICED` counts as none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

SMALL, LARGE = 0.08, 0.18  # shares of the image: a bow or an end of a stroke uses less, the mean of a digit more
NOTICED = 0.1  # relative change of a figure
MOST_IDLE = 0.5  # share of units that take no part, above which a layer's means say little


class Size(NamedTuple):
    """Of a layer's pictures: share of the image that they use, in [0, 1], and their spatial scale in pixels."""

    localisation: float
    scale: float


@dataclass(frozen=True, slots=True)
class LayerFigures:
    """What is known of one layer.

    first, last: of the pictures that were recorded of it, after its first epoch and at its end; what: these show.
    responses: of what its units respond to, at its end, which layers can be compared by. purity: class purity in
    [0, 1]. idle: share of units that take no part, dead or always alike.
    """

    depth: int
    what: str = "filters"
    first: Size | None = None
    last: Size | None = None
    responses: Size | None = None
    purity: float | None = None
    idle: float = 0.0


def verdict(layers: Sequence[LayerFigures]) -> list[str]:
    """Sentences; none where nothing can be said yet."""
    idle = [layer for layer in layers if layer.idle > MOST_IDLE]
    lively = [layer for layer in layers if layer not in idle]
    within = [_within(layer, layer.first, layer.last) for layer in lively if layer.first and layer.last]
    return [*map(_idle, idle), *within, *_between(lively), *_purity(lively)]


def found(layer: LayerFigures) -> str:
    """What stands below a layer's picture: how much of the image its units' pictures use, and whether each keeps to
    one class. Nothing before both a picture and a figure are there.
    """
    if layer.idle > MOST_IDLE:
        return f"Most units take no part ({_percent(layer.idle)} are dead or never change)."
    told: list[str] = []
    if layer.last:
        used = layer.last.localisation
        size = "Small pieces" if used < SMALL else "Parts" if used < LARGE else "Whole shapes"
        told.append(f"{size}: {_percent(used)} of the image.")
    if layer.purity is not None:
        told.append(f"Of the forty images that excite a unit most, {_percent(layer.purity)} are of one class.")
    return " ".join(told)


def _idle(layer: LayerFigures) -> str:
    return (
        f"Most units of layer {layer.depth} take no part ({_percent(layer.idle)} are dead or never change): "
        f"its pictures show no features."
    )


# -- within a layer ----------------------------------------------------------------------------------------------------


def _within(layer: LayerFigures, first: Size, last: Size) -> str:
    size, detail = _trend(first.localisation, last.localisation), _trend(first.scale, last.scale)
    return (
        f"Layer {layer.depth}: {layer.what} {_HEADLINES[size, detail]}; after its first epoch and at last they use "
        f"{_share(first.localisation)} → {_percent(last.localisation)} of the image, "
        f"with details of {first.scale:.1f} → {last.scale:.1f} px."
    )


# By the trends of the share of the image and of the spatial scale.
_HEADLINES = {
    (-1, -1): "became finer, not larger",
    (-1, 0): "became smaller, their details stayed",
    (-1, 1): "became smaller, with coarser strokes",
    (0, -1): "became finer at the same size",
    (0, 0): "kept their size and their details",
    (0, 1): "became coarser at the same size",
    (1, -1): "grew larger and finer",
    (1, 0): "grew larger, their details stayed",
    (1, 1): "grew larger and coarser, as from edges to parts",
}


# -- between layers ----------------------------------------------------------------------------------------------------


def _between(layers: Sequence[LayerFigures]) -> list[str]:
    words = {
        1: "larger from layer to layer",
        -1: "smaller from layer to layer",
        0: "of one size in all layers",
        None: "neither larger nor smaller from layer to layer",
    }
    measured = [(layer.depth, layer.responses.localisation) for layer in layers if layer.responses]
    return [
        f"What units respond to, their response images, is {how}: {shares} of the image in layers {depths}."
        for how, shares, depths in _along(measured, words)
    ]


def _purity(layers: Sequence[LayerFigures]) -> list[str]:
    words = {
        1: "Units of deeper layers keep more to one class",
        -1: "Units of deeper layers keep less to one class",
        0: "Units of all layers keep to one class alike",
        None: "Units keep to one class more in some layers and less in others",
    }
    measured = [(layer.depth, layer.purity) for layer in layers if layer.purity is not None]
    return [f"{how}: class purity {purities} in layers {depths}." for how, purities, depths in _along(measured, words)]


def _along(measured: Sequence[tuple[int, float]], words: Mapping[int | None, str]) -> list[tuple[str, str, str]]:
    """The words for how shares go from layer to layer, the shares, the depths; nothing of fewer than two layers."""
    if len(measured) < 2:
        return []
    shares = [share for _, share in measured]
    return [(words[_course(shares)], _chain(shares), _depths(measured))]


def _course(values: Sequence[float]) -> int | None:
    """1 where no step falls and the last value lies noticeably above the first; -1 the other way; 0 where all are
    alike; None where it goes up and down.
    """
    steps = {_trend(before, after) for before, after in pairwise(values)}
    if {1, -1} <= steps:
        return None
    whole = _trend(values[0], values[-1])
    return whole if steps <= {whole, 0} else None


def _trend(before: float, after: float) -> int:
    """1 risen, -1 fallen, 0 neither, as far as it is noticed."""
    if abs(after - before) <= NOTICED * max(abs(before), 1e-12):
        return 0
    return 1 if after > before else -1


# -- words -------------------------------------------------------------------------------------------------------------


def _chain(shares: Sequence[float]) -> str:
    return " → ".join([*map(_share, shares[:-1]), _percent(shares[-1])])


def _share(value: float) -> str:
    return f"{100 * value:.0f}"


def _percent(value: float) -> str:
    return f"{_share(value)} %"


def _depths(measured: Sequence[tuple[int, object]]) -> str:
    *others, last = [str(depth) for depth, _ in measured]
    return f"{', '.join(others)} and {last}"
