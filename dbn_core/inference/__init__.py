"""What a page may ask of a warm worker: plain data and arrays in and out.

Pages name these functions through `jobs.ask("dbn_core.inference:project", ...)` and never import them.
"""

from dbn_core.inference.dreams import dream_steps
from dbn_core.inference.generation import prepare_judge, sample_quality
from dbn_core.inference.interpolation import interpolate
from dbn_core.inference.projections import project
from dbn_core.inference.stepper import step_contrastive_divergence
from dbn_core.inference.unit_life import unit_life

__all__ = [
    "dream_steps",
    "interpolate",
    "prepare_judge",
    "project",
    "sample_quality",
    "step_contrastive_divergence",
    "unit_life",
]
