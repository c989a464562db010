"""What the browser is told: the catalogue of messages. `assets/shared/messages.d.ts` is written from here.

What addresses answer (`ANSWERS`): the types lie beside the functions that make the answers. What views are handed
(`VIEWS`): the types lie in `view_data`. What files hold (`FILES`): beside what writes them.
"""

from typing import TypedDict

from dbn_core.view.confusion import Cell, Confusion
from dbn_core.view.dreams import Interpolation
from dbn_core.view.feature_map import FeatureMap
from dbn_core.view.feed import Live
from dbn_core.view.frame_data import FrameData
from dbn_core.view.life import LayerFrame, UnitHistory, UnitLife
from dbn_core.view.recognition import Recognition
from dbn_core.view.replay_data import ReplayData
from web.routes.classify import FewLabelsNews
from web.routes.compare import CompareNews
from web.routes.diagnose import DiagnoseNews
from web.routes.diagnose_questions import CostAnswer, Estimate, ProbeAnswer
from web.routes.feature_numbers import Measures
from web.routes.feature_questions import ProjectionKept
from web.routes.features import Film, SameFilm
from web.routes.generate import DreamNews, QualityKey, QualityNews
from web.routes.microscope import TinySet
from web.view_data import (
    ClassifyData,
    CompareData,
    DiagnoseData,
    FeaturesData,
    GenerateData,
    KeysData,
    LiveData,
    MicroscopeData,
    PairData,
)

VIEWS = (
    LiveData,
    FeaturesData,
    DiagnoseData,
    PairData,
    CompareData,
    ClassifyData,
    GenerateData,
    MicroscopeData,
    KeysData,
)

FILES = (ReplayData,)  # what a page holds that needs no server


# -- what an address answers -------------------------------------------------------------------------------------------


class Problem(TypedDict):
    """Any question that could not be answered: why, in sentences."""

    problem: str


ANSWERS = (
    Problem,
    Live,
    DiagnoseNews,
    CompareNews,
    FewLabelsNews,
    Film,
    SameFilm,
    LayerFrame,
    UnitHistory,
    UnitLife,
    Measures,
    ProjectionKept,
    FrameData,
    Recognition,
    Confusion,
    Cell,
    FeatureMap,
    ProbeAnswer,
    CostAnswer,
    Estimate,
    DreamNews,
    Interpolation,
    QualityKey,
    QualityNews,
    TinySet,
)
