"""The pages' views in the browser: `View`, a row each, and what each is told of the run that it shows.

Python hands a view constants; what moves it fetches by itself.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import streamlit.components.v2 as components

from dbn_core.config import RunConfig
from dbn_core.config.dreaming import columns
from dbn_core.config.stages import stage_name
from dbn_core.data.catalogue import dataset_info
from dbn_core.places import ASSETS
from dbn_core.records import Position, RunInfo
from dbn_core.view import timeline
from dbn_core.view.dreams import ability
from dbn_core.view.stages import recorded_stages
from dbn_core.view.texts import texts
from pages.parts.context import base
from web import routes, view_constants
from web.asking import drawing
from web.scripts import module_address, scripts
from web.view_data import (
    ClassifyPart,
    ClassifyRun,
    CompareRuns,
    CompareSide,
    DiagnoseRun,
    FeaturesRun,
    GenerateRun,
    KeysOfPage,
    LayerPanel,
    LiveRun,
    MicroscopePlaces,
    PairRuns,
    PairSide,
)

# -- a view, and the rows ----------------------------------------------------------------------------------------------

Shown = TypeVar("Shown", bound=Mapping[str, Any])
Heard = Callable[[], None]  # what is called when a view has something to say

COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)  # in a style sheet: nothing that a browser needs to be sent

LOADER = """
const needed = %s // by the module, in the folders beside its own: asked for together with it, not one after the other
let isAsked = false

export default async function (component) {
  const address = new URL(component.data.module, document.baseURI)
  for (const name of isAsked ? [] : needed) {
    const link = document.createElement("link")
    document.head.append(Object.assign(link, { rel: "modulepreload", href: new URL(`../${name}`, address).href }))
  }
  isAsked = true
  const module = await import(address.href)
  return module.mount(component)
}
"""


class View(Generic[Shown]):
    """A view as a Streamlit component. It loads the module in the folder of its name and has that mount itself.

    styles: its sheets after those that all views have; constants: what it is told whatever run it shows.
    """

    def __init__(self, name: str, styles: Sequence[str], constants: Callable[[], Mapping[str, Any]]) -> None:
        self._name, self._styles, self._make_constants = name, styles, constants

    def show(self, data: Shown, on_change: Heard | None = None, *, part: str = "") -> None:
        """Draw it. on_change: called when it says that the page has to; part: of several on one page, which."""
        key = f"{self._name} view {part}".rstrip()
        told = {"module": module_address(base(), self._name)} | _plain(data) | self._constants
        self._component(key=key, data=told, **({"on_changed_change": on_change} if on_change else {}))

    @cached_property
    def _constants(self) -> Any:
        return _plain(self._make_constants())

    @cached_property
    def _component(self) -> Any:
        sheets = [ASSETS / name for name in ("live/live.css", *self._styles, "shared/forced_colours.css")]
        return components.component(
            f"deep_belief_lab_{self._name}",
            html=f'\n<div class="lab-{self._name}-host"></div>\n',
            css="\n".join(COMMENT.sub("", path.read_text("utf-8")) for path in sheets),
            js=LOADER % json.dumps(scripts().needed_by(self._name)),
            isolate_styles=False,
        )


def _plain(value: Any) -> Any:
    """As JSON has it: records as objects, by the names of their fields."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


CARDS, BOARD = "diagnose/diagnose.css", "shared/board.css"  # sheets that several have
LIVE = View[LiveRun]("live", (), view_constants.live)
FEATURES = View[FeaturesRun]("features", ("features/features.css", "features/unit.css"), view_constants.features)
DIAGNOSE = View[DiagnoseRun]("diagnose", (CARDS,), view_constants.diagnose)
AB = View[PairRuns]("ab", (CARDS,), view_constants.ab)
COMPARE = View[CompareRuns]("compare", (CARDS, "compare/compare.css"), view_constants.compare)
CLASSIFY = View[ClassifyRun]("classify", (CARDS, BOARD, "classify/classify.css"), view_constants.classify)
GENERATE = View[GenerateRun]("generate", (CARDS, BOARD, "generate/generate.css"), view_constants.generate)
KEYS = View[KeysOfPage]("keys", ("keys/keys.css",), dict)
MICROSCOPE = View[MicroscopePlaces]("microscope", ("microscope/microscope.css",), view_constants.microscope)


# -- what they are told of a run --------------------------------------------------------------------------------------


def live(run_id: str, config: RunConfig, seen: str, poke: int, on_change: Heard) -> None:
    """Status, filters, curves and reconstructions of a run.

    `seen` says what state the buttons on this page show; when the run has moved on, `on_change` is called. Another
    `poke` makes the view ask at once.
    """
    addresses = routes.train.addresses(base(), run_id)
    stages = recorded_stages(config)
    LIVE.show({"run": run_id, "seen": seen, "poke": poke, "stages": stages, "addresses": addresses}, on_change)


def features(run_id: str, config: RunConfig, on_change: Heard) -> None:
    """Scrubber, layers, curves and one unit's life of a run; `on_change` is called when the run is gone."""
    data: FeaturesRun = {
        "run": run_id,
        "epochs": config.total_epochs,
        "addresses": routes.features.addresses(base(), run_id),
        "stages": recorded_stages(config),
        "panels": _films(config),
    }
    FEATURES.show(data, on_change)


def _films(config: RunConfig) -> list[LayerPanel]:
    """The films side by side: the layers, and the decoder of a VAE."""
    pretrained = config.epochs > 0
    return [
        {
            "label": stage_name(panel.stage),
            "depth": panel.depth,
            "pretrained": pretrained or not panel.depth,
            "projections": timeline.choices(panel),
        }
        for panel in timeline.panels(config)
    ]


def diagnose(run_id: str, config: RunConfig, seen: str, on_change: Heard) -> None:
    """All cards of a run. `seen`: the state that the page shows; when the run has moved on, `on_change` is called."""
    data: DiagnoseRun = {
        "run": run_id,
        "seen": seen,
        "method": config.training.method,
        "together": config.learns_together,
        "addresses": routes.diagnose.addresses(base(), run_id),
        "stages": recorded_stages(config),
    }
    DIAGNOSE.show(data, on_change)


def ab(runs: Mapping[str, RunInfo], on_change: Heard) -> None:
    """Two runs side by side, by what each is called here."""
    sides: list[PairSide] = [
        {
            "run": info.id,
            "label": label,
            "addresses": routes.diagnose.addresses(base(), info.id),
            "stages": recorded_stages(info.config),
        }
        for label, info in runs.items()
    ]
    AB.show({"sides": sides}, on_change)


def compare(runs: Sequence[RunInfo], ghosts: Sequence[RunInfo], on_change: Heard) -> None:
    """Curves and filters of the runs, a colour a run, before `ghosts`. `on_change`: one of them ended or is gone."""
    COMPARE.show({"sides": [_side(info) for info in runs], "ghosts": [_side(info) for info in ghosts]}, on_change)


def _side(info: RunInfo) -> CompareSide:
    return {
        "run": info.id,
        "name": info.name,
        "status": info.status.value,
        "addresses": routes.compare.addresses(base(), info.id),
        "stages": recorded_stages(info.config),
    }


def classify(
    part: ClassifyPart,
    run_id: str,
    config: RunConfig,
    checkpoint: tuple[int, float] | None,
    seen: str = "",
    on_change: Heard = lambda: None,
) -> None:
    """`draw`, `mistakes`, `features` or `few` of a run; checkpoint: id and epoch of the newest one.

    `seen`: the state that the page shows; `few` calls `on_change` when the run has moved on.
    """
    data: ClassifyRun = {
        "view": part,
        "seen": seen,
        "run": run_id,
        "addresses": routes.classify.addresses(base(), run_id),
        "drawable": drawing.can_be_drawn(config),
        "most_bytes": drawing.MOST_BYTES,
        "layers": len(config.layers),
        "checkpoint": checkpoint,
        "images": dataset_info(config.data.name).title,
    }
    CLASSIFY.show(data, on_change, part=part)


def generate(info: RunInfo, checkpoint: int, position: Position, vaes: Sequence[RunInfo]) -> None:
    """Dreams, interpolation and quality of a run at a checkpoint; `vaes`: runs whose VAE may be scored beside it."""
    can = ability(info.config, position)
    names = () if info.config.data.patch else dataset_info(info.config.data.name).label_names
    data: GenerateRun = {
        "run": info.id,
        "checkpoint": checkpoint,
        "addresses": routes.generate.addresses(base(), info.id),
        "dreams": can.dreams,
        "labels": can.labels,
        "words": can.words,
        "deep": len(info.config.layers) > 1,
        "own_vae": info.config.vae.epochs > 0,
        "vaes": [{"id": each.id, "name": each.name} for each in vaes],
        "classes": list(names),
        "columns": columns(len(names)),
        "most_bytes": drawing.MOST_BYTES,
    }
    GENERATE.show(data)


def microscope() -> None:
    """The whole page: a tiny RBM, exact and live; all its mathematics runs in the browser."""
    MICROSCOPE.show({"addresses": routes.microscope.addresses(base())})


def keys(page: str) -> None:
    """What the keys of a page do, by its address; where it has none, only that another page is shown now."""
    KEYS.show({"page": page, "keys": texts("keys").get(page, [])})
