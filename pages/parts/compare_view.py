"""Runs over one another as a Streamlit component: Python hands it constants, it fetches by itself."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from dbn_core.records import RunInfo
from dbn_core.view import compare, palette
from dbn_core.view.palette import Theme
from pages.parts.compare_routes import SCRIPTS, addresses
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare, stages

STYLES = (LIVE_STYLES, ASSETS / "diagnose" / "diagnose.css", ASSETS / "compare" / "compare.css")


def compare_view(runs: Sequence[RunInfo], ghosts: Sequence[RunInfo], on_change: Callable[[], None]) -> None:
    """Curves and filters of the runs, a colour a run, before `ghosts`. `on_change`: one of them ended or is gone."""
    data = {
        "module": addresses(base(), runs[0].id)["module"],
        "sides": [_side(info) for info in runs],
        "ghosts": [_side(info) for info in ghosts],
        "charts": compare.charts(),
        "filters": compare.help_of("filters"),
        "palette": _palette(),
    }
    _component()(key="compare view", data=data, on_changed_change=on_change)


def _side(info: RunInfo) -> dict[str, Any]:
    return {
        "run": info.id,
        "name": info.name,
        "status": info.status.value,
        "addresses": addresses(base(), info.id),
        "stages": stages(info.config),
    }


@cache
def _component() -> Any:
    return declare("deep_belief_lab_compare", "lab-compare-host", STYLES, SCRIPTS.needed_by("main.js"))


@cache
def _palette() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    return {theme: {"lines": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
