"""What a page or a command asks of a worker; `commands` are what a person tells a training.

A question is a frozen dataclass, and its type names the type of its answer: plain data and arrays. `handlers` says who
answers it.
"""

from dbn_core.questions.classification import Classify, HeldOutImages, ImagesOfCell
from dbn_core.questions.comparison import BoundBoth, CompareWithVae, SampleBoth
from dbn_core.questions.dreaming import DreamSteps, Interpolate
from dbn_core.questions.features import FeatureMap, Probe
from dbn_core.questions.handlers import HANDLERS
from dbn_core.questions.likelihood import LikelihoodCost, LogLikelihood
from dbn_core.questions.quality import PrepareJudge, SampleQuality
from dbn_core.questions.question import AtCheckpoint, Question, Saved
from dbn_core.questions.recognition import Image, Recognise
from dbn_core.questions.stepping import UNTRAINED, StepContrastiveDivergence, Update
from dbn_core.questions.units import Project, UnitLife

__all__ = [
    "HANDLERS",
    "UNTRAINED",
    "AtCheckpoint",
    "BoundBoth",
    "Classify",
    "CompareWithVae",
    "DreamSteps",
    "FeatureMap",
    "HeldOutImages",
    "Image",
    "ImagesOfCell",
    "Interpolate",
    "LikelihoodCost",
    "LogLikelihood",
    "PrepareJudge",
    "Probe",
    "Project",
    "Question",
    "Recognise",
    "SampleBoth",
    "SampleQuality",
    "Saved",
    "StepContrastiveDivergence",
    "UnitLife",
    "Update",
]
