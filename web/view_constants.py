"""What the browser's views are told whatever run they show: charts, words, colours."""

from dbn_core.data.tiny import tiny_names, tiny_title
from dbn_core.view import ab as ab_charts
from dbn_core.view import compare as overlay
from dbn_core.view import curves, diagnosis, dreams, evolution
from dbn_core.view.feature_map import COLOURS, SIGNS
from dbn_core.view.palette import palettes
from dbn_core.view.texts import texts
from web import routes
from web.view_data import (
    ClassifyConstants,
    CompareConstants,
    DiagnoseConstants,
    FeaturesConstants,
    GenerateConstants,
    LiveConstants,
    MicroscopeConstants,
    PairConstants,
    Scored,
)


def live() -> LiveConstants:
    """Of the view `live`."""
    return {"charts": curves.charts(), "texts": curves.picture_texts(), "palette": palettes()}


def features() -> FeaturesConstants:
    """Of the view `features`."""
    return {"charts": evolution.charts(), "texts": evolution.page_texts(), "palette": palettes()}


def diagnose() -> DiagnoseConstants:
    """Of the view `diagnose`."""
    return {"cards": diagnosis.cards(), "palette": palettes()}


def ab() -> PairConstants:
    """Of the view `ab`."""
    return {"charts": ab_charts.charts(), "palette": palettes()}


def compare() -> CompareConstants:
    """Of the view `compare`."""
    return {"charts": curves.charts(), "filters": overlay.help_of("filters"), "palette": palettes()}


def classify() -> ClassifyConstants:
    """Of the view `classify`."""
    probe = next(card for card in diagnosis.cards() if card.key == "probe")
    return {
        "texts": texts("classify"),
        "palette": palettes(),
        "classes": COLOURS,
        "signs": SIGNS,
        "probe": probe,
    }


def generate() -> GenerateConstants:
    """Of the view `generate`."""
    scored: Scored = {"images": routes.generate.IMAGES, "steps": routes.generate.STEPS}
    return {"texts": dreams.page_texts(), "palette": palettes(), "scored": scored}


def microscope() -> MicroscopeConstants:
    """Of the view `microscope`."""
    sets = {name: tiny_title(name) for name in tiny_names()}
    return {"sets": sets, "texts": texts("microscope"), "palette": palettes()}
