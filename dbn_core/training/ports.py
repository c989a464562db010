"""The two ports of the training loop: what goes out (Recorder) and what comes in (Control).

Each has a null and an in-memory version here; the worker joins them to the run store.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from dbn_core.records import Checkpoint, CommandRecord, Position, Progress, Snapshot


@runtime_checkable
class Recorder(Protocol):
    """Takes what training has to say; never blocks for long, never changes training."""

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        """Numbers measured at a position. At the end of an epoch `position.epoch` is a whole number."""
        ...

    def snapshot(self, snapshot: Snapshot) -> None:
        """A picture of the weights or of reconstructions."""
        ...

    def progress(self, progress: Progress) -> None:
        """Where training stands; comes often, also while it waits."""
        ...

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """The state to go on from."""
        ...

    def event(self, text: str) -> None:
        """One sentence on what is happening ("reading mnist"); "" when there is nothing to say."""
        ...


@runtime_checkable
class Control(Protocol):
    """Brings commands in."""

    def commands(self, position: Position) -> Sequence[CommandRecord]:
        """Commands to obey before the update after `position`, in order; called many times a second, so cheap."""
        ...

    def horizon(self, position: Position) -> int | None:
        """Updates after `position` until a command is due that is known already; None: it knows of none."""
        ...

    def acknowledge(self, record: CommandRecord, position: Position, problem: str = "") -> None:
        """The command took effect at `position`, or was refused because of `problem`."""
        ...

    def wait(self, seconds: float) -> None:
        """Sleep at most so long; may return early when a command has come."""
        ...


class NullRecorder:
    """Keeps nothing."""

    def metrics(self, position: Position, values: Mapping[str, float]) -> None: ...

    def snapshot(self, snapshot: Snapshot) -> None: ...

    def progress(self, progress: Progress) -> None: ...

    def checkpoint(self, checkpoint: Checkpoint) -> None: ...

    def event(self, text: str) -> None: ...


class NullControl:
    """No commands ever."""

    def commands(self, position: Position) -> Sequence[CommandRecord]:  # noqa: ARG002
        return ()

    def horizon(self, position: Position) -> int | None:  # noqa: ARG002
        return None

    def acknowledge(self, record: CommandRecord, position: Position, problem: str = "") -> None: ...

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class MemoryRecorder:
    """Keeps everything in lists, for tests and notebooks."""

    rows: list[tuple[Position, dict[str, float]]] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    reports: list[Progress] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        self.rows.append((position, dict(values)))

    def snapshot(self, snapshot: Snapshot) -> None:
        self.snapshots.append(snapshot)

    def progress(self, progress: Progress) -> None:
        self.reports.append(progress)

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        self.checkpoints.append(checkpoint)

    def event(self, text: str) -> None:
        self.events.append(text)


@dataclass
class ScriptedControl:
    """Commands by the step before which they arrive: `{3: [record, ...]}`; waiting takes no time."""

    script: dict[int, list[CommandRecord]] = field(default_factory=dict)
    acknowledged: list[tuple[CommandRecord, Position, str]] = field(default_factory=list)

    def commands(self, position: Position) -> Sequence[CommandRecord]:
        return self.script.pop(position.step, ())

    def horizon(self, position: Position) -> int | None:
        return min((step - position.step for step in self.script if step > position.step), default=None)

    def acknowledge(self, record: CommandRecord, position: Position, problem: str = "") -> None:
        self.acknowledged.append((record, position, problem))

    def wait(self, seconds: float) -> None: ...
