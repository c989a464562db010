"""The Generate view as a Streamlit component: Python hands it constants, it asks by itself."""

import json
from functools import cache
from typing import Any

from dbn_core.config.dreaming import columns
from dbn_core.data.catalogue import dataset_info
from dbn_core.records import Position, RunInfo
from dbn_core.view import palette
from dbn_core.view.dreams import ability
from dbn_core.view.palette import Theme
from pages.parts import drawing
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare
from pages.parts.generate_routes import IMAGES, SCRIPTS, STEPS, addresses

STYLES = (
    LIVE_STYLES,
    ASSETS / "diagnose" / "diagnose.css",
    drawing.STYLES,
    ASSETS / "generate" / "generate.css",
)
TEXTS = ASSETS / "texts" / "generate.json"


def generate_view(info: RunInfo, checkpoint: int, position: Position, vaes: list[RunInfo]) -> None:
    """Dreams, interpolation and quality of a run at a checkpoint; `vaes`: runs whose VAE may be scored beside it."""
    can = ability(info.config, position)
    names = () if info.config.data.patch else dataset_info(info.config.data.name).label_names
    _component()(
        key="generate view",
        data={
            "run": info.id,
            "checkpoint": checkpoint,
            "addresses": addresses(base(), info.id),
            "dreams": can.dreams,
            "labels": can.labels,
            "words": can.words,
            "deep": len(info.config.layers) > 1,
            "own_vae": info.config.vae.epochs > 0,
            "vaes": [{"id": each.id, "name": each.name} for each in vaes],
            "classes": list(names),
            "columns": columns(len(names)),
            "most_bytes": drawing.MOST_BYTES,
            **_constants(),
        },
    )


@cache
def _component() -> Any:
    return declare("deep_belief_lab_generate", "lab-generate-host", STYLES, SCRIPTS.needed_by("main.js"))


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    colours = {theme: {"layers": palette.LAYERS[theme]} for theme in themes}
    texts = json.loads(TEXTS.read_text("utf-8"))
    return {"texts": texts, "palette": colours, "scored": {"images": IMAGES, "steps": STEPS}}
