"""The stages of a run as its numbers and pictures name them, and what each of them measures."""

from dataclasses import dataclass

from dbn_core.config import RunConfig
from dbn_core.config.stages import LAYERS, StageKind, depth_of, kind_of, layer_stage, stage_name
from dbn_core.projections import LABELS, Drawn

_HOW: dict[Drawn, str] = {
    "": "",
    "weights": "",
    "linear_combination": ", linear combination of the layers below",
    "response_average": ", what each responds to",
}
"""How a picture of filters was drawn, after the name of its layer."""


@dataclass(frozen=True, slots=True)
class RecordedStage:
    """One name under which a run records.

    units: of the layer whose activity it measures, 0 where it measures none. charts: keys of the live charts
    (`view.curves`) that have a line of this stage.
    """

    key: str
    label: str
    units: int
    charts: tuple[str, ...]


def recorded_stages(config: RunConfig) -> tuple[RecordedStage, ...]:
    """In order of training. Layers that learn together record as if each had a stage of its own."""
    names = [name for stage in config.stages for name in in_training(config, stage)]
    return tuple(_recorded(config, name) for name in names)


def in_training(config: RunConfig, stage: str) -> tuple[str, ...]:
    """The names under which a run records while its position is `stage`."""
    if stage != LAYERS.name:
        return (stage,)
    return tuple(layer_stage(depth) for depth in range(1, len(config.layers) + 1))


def learn_together(config: RunConfig, stage: str) -> bool:
    """What was recorded under this name is of all layers at once: they learn together, or are about to."""
    return stage == LAYERS.name or (config.learns_together and depth_of(stage) > 0)


def whereabouts(config: RunConfig, stage: str) -> str:
    """A position's stage in words: "layer 2"; "all layers" where the layers learn together."""
    return stage_name(LAYERS.name if learn_together(config, stage) else stage)


def drawn_units(stage: str, projection: Drawn, config: RunConfig) -> tuple[str, int]:
    """(whose units a picture of filters shows, in words; how many there are of them)."""
    pictures = kind_of(stage).pictures
    if pictures is not None:
        return pictures.words, config.value(pictures.size) if pictures.size else config.layers[0]
    how = _HOW.get(projection, f", {LABELS[projection]}")
    depth = min(depth_of(stage), len(config.layers))
    return f"{stage_name(stage)}{how}", config.layers[depth - 1] if depth else 0


def _recorded(config: RunConfig, stage: str) -> RecordedStage:
    kind = kind_of(stage)
    depth = depth_of(stage) or len(config.layers)
    units = config.layers[depth - 1] if kind.activity else 0
    return RecordedStage(stage, stage_name(stage), units, _charts(kind, config, on_top=depth == len(config.layers)))


def _charts(kind: StageKind, config: RunConfig, *, on_top: bool) -> tuple[str, ...]:
    labels = kind.label_charts if config.labels.joint and on_top else ()
    return (*kind.charts, *labels, *(kind.top_charts if on_top else ()))
