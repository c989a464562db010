"""What is said above the dreams of a network that dreams poorly: as was measured, or else as its method lets expect."""

from collections.abc import Iterable, Sequence

from dbn_core.metric_table import metric_of
from dbn_core.records import MetricPoint
from dbn_core.view.compare_claims import HARDLY, OF_THE_WAY, evaluated, share_of_the_way

METRICS: Sequence[str] = OF_THE_WAY
POOR = {
    "precision": "its dreams are hardly ever like the images it has learnt",
    "coverage": "its dreams are all alike",
}


UNMEASURED = (
    "Trained by contrastive divergence, whose chains begin at images and hardly leave them: what it dreams from noise "
    "is often all alike, or blank."
)


def dream_warning(points: Iterable[MetricPoint], method: str) -> str:
    """One sentence with its figure, where dreams fall short of a tenth of the way from noise to held-out images, or
    `UNMEASURED` where nobody has scored them and the estimator makes it likely; else nothing.

    points: those of `METRICS`, in the order in which they were measured. method: `training.method` of the top layer.
    """
    figures = evaluated(points)
    if any(name not in figures for name in METRICS):
        return UNMEASURED if method == "cd" else ""
    for measure, words in POOR.items():
        if share_of_the_way(figures, measure) < HARDLY:
            row = metric_of(f"samples.dreams.{measure}")
            own, real = (row.text(figures[f"samples.{source}.{measure}"]) for source in ("dreams", "real"))
            return f"As measured, {words}: {measure} {own}, where held-out images have {real}."
    return ""
