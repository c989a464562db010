"""What a run is doing, in words: one headline, a few facts, and a sentence where something needs explaining."""

from dataclasses import dataclass
from typing import Literal

from dbn_core.config.stages import depth_of, stage_name
from dbn_core.metric_table import metric_of
from dbn_core.places import COMMAND
from dbn_core.records import Progress, RunInfo, RunStatus
from dbn_core.view.words import duration

SPEED = metric_of("images_per_second")
LOST_AFTER = 15.0  # seconds without a heartbeat after which a running run counts as interrupted

Tone = Literal["live", "calm", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class StatusLine:
    """`state` is the run's status, `starting` or `interrupted`; `share` is the finished part of the run, 0 to 1."""

    state: str
    tone: Tone
    headline: str
    facts: tuple[str, ...]
    explanation: str
    share: float
    is_alive: bool  # worth asking again soon


def is_interrupted(info: RunInfo) -> bool:
    """The row says that a worker is on it, but that worker has been silent for too long."""
    # A run of the cluster that is paused for long gives its worker back: its silence is no loss.
    expected = info.status is RunStatus.RUNNING or (info.status is RunStatus.PAUSED and info.executor == "foreground")
    return expected and _is_silent(info)


def _is_silent(info: RunInfo) -> bool:
    return info.heartbeat_age is not None and info.heartbeat_age > LOST_AFTER


def status_line(info: RunInfo) -> StatusLine:
    """The run's state as the status line shows it."""
    lost = is_interrupted(info)
    state, tone, headline, explanation = _interrupted(info) if lost else _ordinary(info)
    return StatusLine(
        state=state,
        tone=tone,
        headline=headline,
        facts=_facts(info.progress, info.status is RunStatus.RUNNING and not lost),
        explanation=explanation,
        share=_share(info),
        is_alive=not info.status.is_finished,
    )


def _interrupted(info: RunInfo) -> tuple[str, Tone, str, str]:
    again = (
        "The job cluster starts it again from its last checkpoint; nothing learnt before that is lost."
        if info.executor == "cluster"
        else f"It was trained from the command line: go on with Resume, or with `{COMMAND} resume`."
    )
    # The age itself would stand still on a page: a run that is silent changes nothing in the store.
    text = f"No sign of life for more than {LOST_AFTER:g} seconds. {again}"
    return "interrupted", "warning", "Interrupted", text


def _ordinary(info: RunInfo) -> tuple[str, Tone, str, str]:
    if info.status is RunStatus.QUEUED:
        return "queued", "calm", "Waiting to start", info.message or _waiting(info)
    if info.status is RunStatus.RUNNING:
        if info.progress.stage_count == 0 or info.message:
            return "starting", "live", "Getting ready", info.message or "Reading the data and building the network."
        return "running", "live", f"Training {_stage(info)}", ""
    if info.status is RunStatus.PAUSED:
        parked = "It holds no worker while it waits; Resume brings it back." if _is_silent(info) else ""
        return "paused", "calm", f"Paused in {_stage(info)}", info.message or parked
    tone, headline, otherwise = _ENDS[info.status]
    return info.status.value, tone, headline, info.message or otherwise


_ENDS: dict[RunStatus, tuple[Tone, str, str]] = {
    RunStatus.DONE: ("good", "Finished", ""),
    RunStatus.STOPPED: ("calm", "Stopped", "Its state is saved: Resume goes on from here."),
    RunStatus.DIVERGED: ("bad", "Diverged", "Lower the learning rate and start again."),
    RunStatus.FAILED: ("bad", "Failed", "Resume goes on from the last checkpoint."),
}


def _waiting(info: RunInfo) -> str:
    if info.attempt > 1:
        return "It goes on from its last checkpoint as soon as a worker is free."
    return "It starts as soon as a worker is free."


def _stage(info: RunInfo) -> str:
    """As in "layer 2 of 3" while layers are all there is; "classifier, stage 4 of 4" in a run with more."""
    progress = info.progress
    name = stage_name(progress.position.stage) or "the first layer"
    if progress.stage_count <= 1:
        return name
    if all(depth_of(stage) for stage in info.config.stages):
        return f"{name} of {progress.stage_count}"
    return f"{name}, stage {progress.stage_index} of {progress.stage_count}"


def _facts(progress: Progress, running: bool) -> tuple[str, ...]:
    """Fixed order, so that a glance finds each: epoch, update, speed, device, time left."""
    if not progress.epochs:
        return ()
    facts = [f"epoch {progress.position.epoch:.2f} of {progress.epochs:g}", f"update {progress.position.step:,}"]
    if running and progress.images_per_second:
        facts.append(f"{_round(progress.images_per_second):,}{SPEED.behind}")
    if progress.device:
        facts.append(progress.device)
    if running and progress.seconds_left is not None:
        facts.append(f"{duration(progress.seconds_left)} left")
    return tuple(facts)


def _round(value: float) -> int:
    """Two significant digits from 100 up: more would only flicker."""
    return round(int(value), -max(0, len(str(int(value))) - 2))


def _share(info: RunInfo) -> float:
    if info.status is RunStatus.DONE:
        return 1.0
    total = info.progress.epochs
    return min(1.0, info.progress.position.epoch / total) if total else 0.0
