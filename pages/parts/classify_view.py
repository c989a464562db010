"""The views of the Classify page as Streamlit components: Python hands them constants, they ask by themselves."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.view import diagnosis, palette
from dbn_core.view.feature_map import COLOURS, SIGNS
from dbn_core.view.palette import Theme
from pages.parts import drawing
from pages.parts.classify_routes import SCRIPTS, addresses
from pages.parts.component import ASSETS, LIVE_STYLES, base, declare

STYLES = (
    LIVE_STYLES,
    ASSETS / "diagnose" / "diagnose.css",
    drawing.STYLES,
    ASSETS / "classify" / "classify.css",
)
TEXTS = ASSETS / "texts" / "classify.json"


def classify_view(
    kind: str,
    run_id: str,
    config: RunConfig,
    checkpoint: tuple[int, float] | None,
    seen: str = "",
    on_change: Callable[[], None] = lambda: None,
) -> None:
    """One view of a run: `draw`, `mistakes`, `features` or `few`; checkpoint: id and epoch of the newest one.

    `seen`: the state that the page shows; `few` calls `on_change` when the run has moved on.
    """
    _component()(
        key=f"classify view {kind}",
        data={
            "view": kind,
            "seen": seen,
            "run": run_id,
            "addresses": addresses(base(), run_id),
            "drawable": drawing.can_be_drawn(config),
            "most_bytes": drawing.MOST_BYTES,
            "layers": len(config.layers),
            "checkpoint": checkpoint,
            "images": dataset_info(config.data.name).title,
            **_constants(),
        },
        on_changed_change=on_change,
    )


@cache
def _component() -> Any:
    return declare("deep_belief_lab_classify", "lab-classify-host", STYLES, SCRIPTS.needed_by("main.js"))


@cache
def _constants() -> dict[str, Any]:
    themes: tuple[Theme, ...] = ("light", "dark")
    colours = {theme: {"layers": palette.LAYERS[theme], "classes": COLOURS[theme]} for theme in themes}
    probe = next(card for card in diagnosis.as_data() if card["key"] == "probe")
    return {"texts": json.loads(TEXTS.read_text("utf-8")), "palette": colours, "signs": SIGNS, "probe": probe}
