"""The Diagnose and A/B views as Streamlit components: Python hands them constants, they fetch by themselves."""

from collections.abc import Callable
from functools import cache
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.view import comparison, diagnosis, palette
from dbn_core.view.palette import Theme
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare, stages
from pages.parts.diagnose_routes import SCRIPTS, addresses

STYLES = (LIVE_STYLES, ASSETS / "diagnose" / "diagnose.css")


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
            "together": config.training.order == "together" and len(config.layers) > 1,
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


@cache
def _diagnose() -> Any:
    return declare("deep_belief_lab_diagnose", "lab-diagnose-host", STYLES, SCRIPTS.needed_by("main.js"))


@cache
def _ab() -> Any:
    return declare("deep_belief_lab_ab", "lab-ab-host", STYLES, SCRIPTS.needed_by("ab.js"))


@cache
def _palette() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    return {theme: {"layers": palette.LAYERS[theme], "stops": palette.stops("signed", theme)} for theme in themes}
