"""The Features page's component: Python hands it constants, it fetches and scrubs by itself."""

from collections.abc import Callable
from functools import cache
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.view import evolution, palette, timeline
from dbn_core.view.palette import Scheme, Theme
from dbn_core.view.words import stage_name
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare, stages
from pages.parts.feature_routes import SCRIPTS, addresses

KEY = "features view"
STYLES = (LIVE_STYLES, ASSETS / "features" / "features.css", ASSETS / "features" / "unit.css")


def features_view(run_id: str, config: RunConfig, on_change: Callable[[], None]) -> None:
    """Scrubber, layers, curves and one unit's life of a run; `on_change` is called when the run is gone."""
    _component()(
        key=KEY,
        data={
            "run": run_id,
            "addresses": addresses(base(), run_id),
            "epochs": config.total_epochs,
            "stages": stages(config),
            "panels": panels(config),
            **_constants(),
        },
        on_changed_change=on_change,
    )


def panels(config: RunConfig) -> list[dict[str, Any]]:
    """The films side by side: the layers, and the decoder of a VAE."""
    pretrained = config.epochs > 0
    return [
        {"label": stage_name(panel.stage), "depth": panel.depth, "pretrained": pretrained or not panel.depth}
        for panel in timeline.panels(config)
    ]


@cache
def _component() -> Any:
    return declare("deep_belief_lab_features", "lab-features-host", STYLES, SCRIPTS.needed_by("main.js"))


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
