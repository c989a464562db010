"""The Features page's component: Python hands it constants, it fetches and scrubs by itself."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v2 as components

from dbn_core.config import RunConfig
from dbn_core.view import evolution, palette
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.words import stage_name
from pages.parts.feature_routes import addresses

KEY = "features view"
ASSETS = Path(__file__).parents[2] / "assets"
STYLES = (ASSETS / "live" / "live.css", ASSETS / "features" / "features.css", ASSETS / "features" / "unit.css")
HTML = '<div class="lab-features-host"></div>'
LOADER = """
export default async function (component) {
  const address = new URL(component.data.addresses.module, document.baseURI)
  const module = await import(address.href)
  return module.mount(component)
}
"""


def features_view(run_id: str, config: RunConfig, on_change: Callable[[], None]) -> None:
    """Scrubber, layers, curves and one unit's life of a run; `on_change` is called when the run is gone."""
    base = st.get_option("server.baseUrlPath").strip("/")
    _component()(
        key=KEY,
        data={
            "run": run_id,
            "addresses": addresses(f"/{base}" if base else "", run_id),
            "epochs": config.total_epochs,
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
        "deep_belief_lab_features",
        html=f"\n{HTML}\n",
        css="\n".join(path.read_text("utf-8") for path in STYLES),
        js=LOADER,
        isolate_styles=False,
    )


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    schemes: tuple[Scheme, ...] = ("signed", "grey")
    colours = {
        theme: {
            "layers": palette.LAYERS[theme],
            "page": palette.PAGE[theme],
            "ink": palette.INK[theme],
            "stops": {scheme: palette.stops(scheme, theme) for scheme in schemes},
        }
        for theme in themes
    }
    return {"charts": evolution.charts_as_data(), "texts": evolution.texts(), "palette": colours}
