"""What measures the claims on one run: a probe, scored dreams, and branches trained on few labels."""

from collections.abc import Sequence

from dbn_core.data.catalogue import dataset_info
from dbn_core.questions import Probe, SampleQuality
from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import claims_cost
from dbn_core.view import compare_claims as view
from dbn_core.view.compare_claims import Evidence
from web import lab
from web.asking import trainings
from web.asking.drawing import pixels_of
from web.asking.work import Step, Work
from web.classifiers import source_of
from web.kept import keep_of_run

PROBE, QUALITY, FEW_LABELS, HYBRIDS = "probe", "quality", "few_labels", "hybrids"  # as `claims_cost.Costs` calls them
MEASURED_BY = {
    view.SMALL_SETS.key: FEW_LABELS,
    view.HYBRID.key: HYBRIDS,
    view.DISENTANGLED.key: PROBE,
    view.GENERATES.key: QUALITY,
    view.EXPLAINS.key: QUALITY,
}


def works(info: RunInfo, runs: Sequence[RunInfo]) -> dict[str, Work]:
    """By what they are called here, the quick ones first; none before the first checkpoint. `runs`: newest first."""
    newest = lab.store().run(info.id).newest_checkpoint()
    if newest is None:
        return {}
    quality, known = SampleQuality(info.id, newest.id), measured(info.id)
    return {
        PROBE: Step("The class is read off each layer", Probe(info.id, newest.id), view.DISENTANGLED.key in known),
        QUALITY: Step(f"{quality.count:,} dreams are scored", quality, view.GENERATES.key in known),
        FEW_LABELS: trainings.few_labels(info, runs),
        HYBRIDS: trainings.hybrids(info, runs),
    }


def is_ready(info: RunInfo) -> bool:
    """Its pretraining is complete."""
    source = source_of(info)
    return info.status.is_finished and source is not None and source.complete


def how_long(info: RunInfo, parts: Sequence[str]) -> str:
    """About how long these take, and how that is known."""
    speed = info.progress.images_per_second
    if not speed:
        return "How long it takes is not known: this run kept no speed of its training."
    config, pixels = info.config, pixels_of(info.config)
    quality = SampleQuality(info.id, 0)
    seconds = claims_cost.seconds(config, pixels, speed, quality.count, quality.steps)._asdict()
    said = claims_cost.about(sum(seconds[part] for part in parts))
    judge = "; a minute more where samples of these images were never judged before" if QUALITY in parts else ""
    return f"{said[0].upper()}{said[1:]}, by the speed at which this run was trained{judge}."


@keep_of_run(1024)
def measured(run: Run) -> dict[str, Evidence]:
    """What a run's own metrics say, by claim."""
    info = run.info()
    classes = len(dataset_info(info.config.data.name).label_names)
    names = None if info.is_example else view.names_of(info.config)  # with an example all is kept that was measured
    return view.evidence(run.metrics(names=names), classes)
