"""The Microscope page's component: Python hands it constants, all its mathematics runs in the browser."""

import json
from functools import cache
from typing import Any

from dbn_core.data.tiny import tiny_names, tiny_title
from dbn_core.view import palette
from dbn_core.view.palette import Theme
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare
from pages.parts.microscope_routes import SCRIPTS, addresses

KEY = "microscope view"
STYLES = (LIVE_STYLES, ASSETS / "microscope" / "microscope.css")
TEXTS = ASSETS / "texts" / "microscope.json"


def microscope_view() -> None:
    """The whole page: a tiny RBM, exact and live."""
    _component()(key=KEY, data={"addresses": addresses(base()), **_constants()})


@cache
def _component() -> Any:
    return declare("deep_belief_lab_microscope", "lab-microscope-host", STYLES, SCRIPTS.needed_by("main.js"))


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    colours = {theme: {"layers": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
    sets = {name: tiny_title(name) for name in tiny_names()}
    return {"sets": sets, "texts": json.loads(TEXTS.read_text("utf-8")), "palette": colours}
