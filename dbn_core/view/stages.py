"""The stages of a run as its numbers and pictures name them, and what each of them measures."""

from dataclasses import dataclass

from dbn_core.config import RunConfig
from dbn_core.view.words import stage_name


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


def depth_of(stage: str) -> int:
    """`layer3` -> 3; 0 for a stage that is no layer's own."""
    number = stage.removeprefix("layer")
    return int(number) if number != stage and number.isdecimal() else 0


def recorded_stages(config: RunConfig) -> tuple[RecordedStage, ...]:
    """In order of training. Layers that learn together record as if each had a stage of its own."""
    layers = _layers(config) if config.epochs else ()
    return (*layers, *(_later(config, stage) for stage in config.stages if not _is_of_layers(stage)))


def in_training(config: RunConfig, stage: str) -> tuple[str, ...]:
    """The names under which a run records while its position is `stage`."""
    return tuple(f"layer{depth}" for depth in range(1, len(config.layers) + 1)) if stage == "layers" else (stage,)


def whereabouts(config: RunConfig, stage: str) -> str:
    """A position's stage in words: "layer 2"; "all layers" where the layers learn together."""
    together = config.training.order == "together" and len(config.layers) > 1 and depth_of(stage)
    return stage_name("layers" if together else stage)


def drawn_units(stage: str, projection: str, config: RunConfig) -> tuple[str, int]:
    """(whose units a picture of filters shows, in words; how many there are of them)."""
    match stage:
        case "updown":
            return "layer 1, generative weights tuned by up-down", config.layers[0]
        case "finetune":
            return "layer 1, as the classifier tunes it", config.layers[0]
        case "vae":
            return "the VAE's decoder", config.vae.hidden
    how = "" if projection in {"", "weights"} else f", {projection} of the layers below"
    depth = min(depth_of(stage), len(config.layers))
    return f"{stage_name(stage)}{how}", config.layers[depth - 1] if depth else 0


def _layers(config: RunConfig) -> tuple[RecordedStage, ...]:
    last = len(config.layers)
    found = []
    for depth, units in enumerate(config.layers, 1):
        charts = ["error", "activity", "dead"]
        if depth == last:
            charts += ["classified", "likelihood"] if config.labels.joint else ["likelihood"]
        found.append(RecordedStage(f"layer{depth}", stage_name(f"layer{depth}"), units, tuple(charts)))
    return tuple(found)


def _later(config: RunConfig, stage: str) -> RecordedStage:
    match stage:
        case "updown":
            charts = ("error", "activity", "dead", *(["classified"] if config.labels.joint else []))
            return RecordedStage(stage, stage_name(stage), config.layers[-1], charts)
        case "vae":
            return RecordedStage(stage, stage_name(stage), 0, ("error", "elbo"))
        case _:
            return RecordedStage(stage, stage_name(stage), 0, ("classified", "loss"))


def _is_of_layers(stage: str) -> bool:
    return stage == "layers" or depth_of(stage) > 0
