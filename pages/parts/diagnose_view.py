"""The Diagnose and A/B views as Streamlit components: Python hands them constants, they fetch by themselves."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v2 as components

from dbn_core.config import RunConfig
from dbn_core.view import comparison, diagnosis, palette
from dbn_core.view.palette import Theme
from dbn_core.view.words import stage_name
from pages.parts.diagnose_routes import addresses

ASSETS = Path(__file__).parents[2] / "assets"
STYLES = (ASSETS / "live" / "live.css", ASSETS / "diagnose" / "diagnose.css")
LOADER = """
export default async function (component) {
  const address = new URL(component.data.module, document.baseURI)
  const module = await import(address.href)
  return module.mount(component)
}
"""


def diagnose_view(run_id: str, config: RunConfig, seen: str, on_change: Callable[[], None]) -> None:
    """All cards of a run. `seen`: the state that the page shows; when the run has moved on, `on_change` is called."""
    places = addresses(base(), run_id)
    _diagnose()(
        key="diagnose view",
        data={
            "module": places["module"],
            "run": run_id,
            "seen": seen,
            "method": config.training.method,
            "addresses": places,
            "stages": stages(config),
            "cards": diagnosis.as_data(),
            "palette": _palette(),
        },
        on_changed_change=on_change,
    )


def ab_view(runs: list[dict[str, Any]], on_change: Callable[[], None]) -> None:
    """Two runs side by side: for each `id`, `label` (what it is called here) and `config`."""
    sides = [
        {
            "run": item["id"],
            "label": item["label"],
            "addresses": addresses(base(), item["id"]),
            "stages": stages(item["config"]),
        }
        for item in runs
    ]
    module = addresses(base(), runs[0]["id"], "ab.js")["module"]
    data = {"module": module, "sides": sides, "charts": comparison.as_data(), "palette": _palette()}
    _ab()(key="ab view", data=data, on_changed_change=on_change)


def stages(config: RunConfig) -> list[dict[str, Any]]:
    """The layers of a run as the scripts name them."""
    return [
        {"key": f"layer{depth}", "label": stage_name(f"layer{depth}"), "units": units}
        for depth, units in enumerate(config.layers, 1)
    ]


def base() -> str:
    """The server's path prefix, "" or "/lab-of-mine"."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""


@cache
def _diagnose() -> Any:
    return _component("deep_belief_lab_diagnose", "lab-diagnose-host")


@cache
def _ab() -> Any:
    return _component("deep_belief_lab_ab", "lab-ab-host")


def _component(name: str, host: str) -> Any:
    styles = "\n".join(path.read_text("utf-8") for path in STYLES)
    html = f'\n<div class="{host}"></div>\n'
    return components.component(name, html=html, css=styles, js=LOADER, isolate_styles=False)


@cache
def _palette() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    return {theme: {"layers": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
