"""Branches of a run that are trained so that a claim can be judged: begun, watched and stopped as one piece of work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dbn_core.commands import Stop
from dbn_core.config.stages import FEW_LABELS
from dbn_core.records import RunInfo, RunStatus
from dbn_core.view import compare_hybrid
from dbn_core.view.claims_cost import LABELS, SEEDS
from dbn_core.view.words import number
from web import classifiers, lab
from web.asking.work import State


@dataclass(frozen=True, slots=True)
class Trainings:
    """`branches`: those there are, newest first; `start`: makes the ones that are missing; `done`: of how many."""

    words: str
    branches: tuple[RunInfo, ...]
    start: Callable[[], object]
    done: tuple[int, int]

    @property
    def state(self) -> State:
        """Of all of them together."""
        done, wanted = self.done
        statuses = {info.status for info in self.branches}
        if any(not status.is_finished for status in statuses):
            return "waiting" if statuses <= {RunStatus.QUEUED, RunStatus.DONE} and not done else "running"
        if done >= wanted:
            return "done"
        if statuses & {RunStatus.FAILED, RunStatus.DIVERGED}:
            return "failed"
        return "stopped" if self.branches else "none"

    def said(self) -> str:
        """With how many are done."""
        done, wanted = self.done
        failed = next((info for info in self.branches if self.state == "failed" and info.message), None)
        told = f" {number(done)} of {number(wanted)} trainings done." if self.branches else ""
        return f"{self.words}.{told}{f' {failed.message}' if failed else ''}"

    def begin(self) -> None:
        """Go on with those that were stopped, and start the missing ones. Raises LabError."""
        for info in self.branches:
            if info.status is RunStatus.STOPPED:
                lab.store().run(info.id).queue()
                lab.cluster().submit(info.id)
        self.start()

    def stop(self) -> None:
        """Each keeps what it has reached."""
        for info in self.branches:
            if not info.status.is_finished:
                lab.store().run(info.id).send(Stop())


def few_labels(info: RunInfo, runs: Sequence[RunInfo]) -> Trainings:
    """The newest experiment on what a run has pretrained. `runs`: newest first."""
    mine = [run for run in runs if run.parent == info.id and run.config.fewlabels.seeds]
    newest = tuple(mine[:1])
    start = (lambda: None) if newest else (lambda: classifiers.few_labels(info, SEEDS, compare_hybrid.UPDATES))
    done = _trainings_done(newest[0]) if newest else (0, 1)
    return Trainings("The same net with and without pretraining, on few labels", newest, start, done)


def _trainings_done(info: RunInfo) -> tuple[int, int]:
    """Each is an epoch of the run's last stage."""
    wanted = info.config.stages[FEW_LABELS.name]
    before = info.config.total_epochs - wanted
    return max(0, min(wanted, int(info.progress.position.epoch - before))), wanted


def hybrids(info: RunInfo, runs: Sequence[RunInfo]) -> Trainings:
    """CNNs with and without a run's features, each on some draws of a hundred labels. `runs`: newest first."""
    row = compare_hybrid.children(runs, info.id).get(LABELS, {})
    there = tuple(each for draws in row.values() for draw, each in draws.items() if draw < compare_hybrid.DRAWS)
    done = sum(each.status is RunStatus.DONE for each in there)
    wanted = compare_hybrid.DRAWS * len(compare_hybrid.CONTENDERS)
    epochs = compare_hybrid.epochs_for(LABELS, info.config.batch_size)
    return Trainings(
        f"A CNN with and without the features, on {LABELS} labels",
        there,
        lambda: classifiers.hybrids(info, LABELS, compare_hybrid.DRAWS, epochs),
        (done, wanted),
    )
