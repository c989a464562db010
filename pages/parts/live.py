"""The live view as a Streamlit component: Python hands it constants, it fetches everything that moves by itself."""

from collections.abc import Callable
from functools import cache
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.view import curves, palette
from dbn_core.view.palette import Theme
from pages.parts.component import LIVE_STYLES, base, declare, stages
from pages.parts.routes import addresses, scripts

KEY = "live view"


def live_view(run_id: str, config: RunConfig, seen: str, poke: int, on_change: Callable[[], None]) -> None:
    """Status, filters, curves and reconstructions of a run.

    `seen` says what state the buttons on this page show; when the run has moved on, `on_change` is called. Another
    `poke` makes the view ask at once.
    """
    _component()(
        key=KEY,
        data={
            "run": run_id,
            "seen": seen,
            "poke": poke,
            "addresses": addresses(base(), run_id),
            "stages": stages(config),
            **_constants(),
        },
        on_changed_change=on_change,
    )


@cache
def _component() -> Any:
    return declare("deep_belief_lab_live", "lab-live-host", [LIVE_STYLES], scripts().needed_by("main.js"))


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    colours = {theme: {"layers": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
    return {"charts": curves.as_data(), "texts": curves.picture_texts(), "palette": colours}
