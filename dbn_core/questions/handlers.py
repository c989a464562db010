"""Who answers what: the one table of questions and of the functions of `dbn_core.inference` that answer them.

Functions are named and not imported: they need torch, and whoever asks does not have it.
"""

from collections.abc import Mapping
from typing import Any

from dbn_core.questions.classification import Classify, HeldOutImages, ImagesOfCell
from dbn_core.questions.comparison import BoundBoth, CompareWithVae, SampleBoth
from dbn_core.questions.dreaming import DreamSteps, Interpolate
from dbn_core.questions.features import FeatureMap, Probe
from dbn_core.questions.likelihood import LikelihoodCost, LogLikelihood
from dbn_core.questions.quality import PrepareJudge, SampleQuality
from dbn_core.questions.question import Question
from dbn_core.questions.recognition import Recognise
from dbn_core.questions.stepping import StepContrastiveDivergence
from dbn_core.questions.units import Project, UnitLife

HANDLERS: Mapping[type[Question[Any]], str] = {
    Project: "dbn_core.inference.projections:project",
    UnitLife: "dbn_core.inference.unit_life:unit_life",
    Probe: "dbn_core.inference.probe:probe",
    FeatureMap: "dbn_core.inference.feature_map:feature_map",
    LogLikelihood: "dbn_core.inference.likelihood:log_likelihood",
    LikelihoodCost: "dbn_core.inference.likelihood:likelihood_cost",
    Recognise: "dbn_core.inference.recognition:recognise",
    Classify: "dbn_core.inference.classification:classify",
    HeldOutImages: "dbn_core.inference.classification:held_out_images",
    ImagesOfCell: "dbn_core.inference.classification:images_of_cell",
    DreamSteps: "dbn_core.inference.dreams:dream_steps",
    Interpolate: "dbn_core.inference.interpolation:interpolate",
    PrepareJudge: "dbn_core.inference.generation:prepare_judge",
    SampleQuality: "dbn_core.inference.generation:sample_quality",
    SampleBoth: "dbn_core.inference.comparison:sample_both",
    CompareWithVae: "dbn_core.inference.comparison:compare_with_vae",
    BoundBoth: "dbn_core.inference.comparison:bound_both",
    StepContrastiveDivergence: "dbn_core.inference.stepper:step_contrastive_divergence",
}
"""Called with the store's address and the question's `arguments`."""
