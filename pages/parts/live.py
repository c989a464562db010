"""The live view as a Streamlit component: Python hands it constants, it fetches everything that moves by itself."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v2 as components

from dbn_core.config import RunConfig
from dbn_core.view import curves, palette
from dbn_core.view.palette import Theme
from dbn_core.view.words import stage_name
from pages.parts.routes import addresses

KEY = "live view"
STYLES = Path(__file__).parents[2] / "assets" / "live" / "live.css"
HTML = '<div class="lab-live-host"></div>'
LOADER = """
export default async function (component) {
  const address = new URL(component.data.addresses.module, document.baseURI)
  const module = await import(address.href)
  return module.mount(component)
}
"""


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
            "addresses": addresses(_base(), run_id),
            "stages": [
                {"key": f"layer{depth}", "label": stage_name(f"layer{depth}"), "units": units}
                for depth, units in enumerate(config.layers, 1)
            ],
            **_constants(),
        },
        on_changed_change=on_change,
    )


@cache
def _component() -> Any:
    return components.component(
        "deep_belief_lab_live",
        html=f"\n{HTML}\n",
        css=STYLES.read_text("utf-8"),
        js=LOADER,
        isolate_styles=False,
    )


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    colours = {theme: {"layers": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
    return {"charts": curves.as_data(), "texts": curves.picture_texts(), "palette": colours}


def _base() -> str:
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""
