"""What of an answer outlives this process: it is kept with the run that was asked about."""

from dataclasses import replace
from typing import Any

from dbn_core.config.stages import layer_stage
from dbn_core.projections import Projection
from dbn_core.questions import Probe, Project, SampleQuality
from dbn_core.questions.features import Probed
from dbn_core.questions.quality import Scored
from dbn_core.questions.units import Projected
from dbn_core.records import Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore


def keep_nothing(store: RunStore, question: Any, answer: Any) -> None:
    """Most answers are quickly had again."""


def keep_figures(store: RunStore, question: Probe | SampleQuality, answer: Probed | Scored) -> None:
    """The figures of a checkpoint, by the names of their metrics."""
    store.run(question.run_id).keep_figures(answer["position"], answer["figures"])


def keep_projection(store: RunStore, question: Project, answer: Projected) -> None:
    """The picture of a layer's units, under the layer that it shows, which need not be the one in training there."""
    where = replace(answer["position"], stage=layer_stage(question.layer))
    info = SnapshotInfo("projection", where, answer["pixels"].shape, answer["scale"], question.projection)
    store.run(question.run_id).keep_projection(Snapshot(info, answer["pixels"]))


def kept_projection(run: Run, step: int, layer: int, projection: Projection) -> SnapshotInfo | None:
    """The picture of a layer's units at an update, if somebody has asked for it before."""
    pictures = run.snapshots(stage=layer_stage(layer), kind="projection")
    return next((each for each in pictures if (each.position.step, each.projection) == (step, projection)), None)
