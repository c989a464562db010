"""What the verdict on a run needs of each of its layers: which pictures, and the figures from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbn_core.config import RunConfig
from dbn_core.config.stages import layer_stage
from dbn_core.projections import RECORDED
from dbn_core.records import MetricPoint, SnapshotInfo
from dbn_core.view.verdict import LayerFigures, Size

METRICS = ("class_purity", "dead_units", "constant_units")
NEAR = 0.5  # epochs within which a picture counts as one of the end of the first epoch


@dataclass(frozen=True, slots=True)
class LayerPictures:
    """Of one layer: its recorded pictures after its first epoch and at its end, and what its units respond to then."""

    depth: int
    units: int
    first: SnapshotInfo | None = None
    last: SnapshotInfo | None = None
    responses: SnapshotInfo | None = None

    @property
    def all(self) -> list[SnapshotInfo]:
        """Those there are."""
        return [picture for picture in (self.first, self.last, self.responses) if picture is not None]


def layer_pictures(
    config: RunConfig, filters: Sequence[SnapshotInfo], projections: Sequence[SnapshotInfo]
) -> list[LayerPictures]:
    """Of each layer of the DBN, from the pictures of the run."""
    return [_of_layer(depth, units, filters, projections) for depth, units in enumerate(config.layers, 1)]


def _of_layer(
    depth: int, units: int, filters: Sequence[SnapshotInfo], projections: Sequence[SnapshotInfo]
) -> LayerPictures:
    stage = layer_stage(depth)
    own = sorted((item for item in filters if item.position.stage == stage), key=lambda item: item.position.step)
    if not own:
        return LayerPictures(depth, units)
    last = own[-1]
    beside = [item for item in projections if item.position.stage == stage]
    responses = [item for item in (*own, *beside) if item.projection == RECORDED]
    end = own[0].position.epoch + 1
    alike = [item for item in own if item.projection == last.projection and item.position.step < last.position.step]
    first = min(alike, key=lambda item: abs(item.position.epoch - end), default=None)
    return LayerPictures(
        depth,
        units,
        first if first and abs(first.position.epoch - end) <= NEAR else None,
        last,
        max(responses, key=lambda item: item.position.step, default=None),
    )


def layer_figures(
    layers: Sequence[LayerPictures], sizes: Mapping[int, tuple[float, float]], points: Sequence[MetricPoint]
) -> list[LayerFigures]:
    """For the verdict. sizes: (localisation, spatial scale) of the pictures, by id; points: of `METRICS`."""
    newest = {(point.position.stage, point.name): point.value for point in points}

    def size(picture: SnapshotInfo | None) -> Size | None:
        return None if picture is None else Size(*sizes[picture.id])

    return [
        LayerFigures(
            layer.depth,
            "responses" if layer.last and layer.last.projection == RECORDED else "filters",
            size(layer.first),
            size(layer.last),
            size(layer.responses),
            newest.get((layer_stage(layer.depth), "class_purity")),
            _idle(newest, layer),
        )
        for layer in layers
    ]


def _idle(newest: Mapping[tuple[str, str], float], layer: LayerPictures) -> float:
    """A dead unit may be constant too, so the larger count is the share of both."""
    counts = (newest.get((layer_stage(layer.depth), name), 0.0) for name in ("dead_units", "constant_units"))
    return max(counts) / layer.units
