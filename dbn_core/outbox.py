"""The training loop's ports on a run store: a recorder that buffers by time, and a control that replays.

Only `worker.py` uses it.
"""

import time
from collections import deque
from collections.abc import Mapping, Sequence

from dbn_core.commands import SetHyperparameter, Stop
from dbn_core.records import Checkpoint, CommandRecord, MetricPoint, Position, Progress, RunStatus, Snapshot
from dbn_core.store import RunWriter
from dbn_core.training.ports import NullRecorder, Recorder

FLUSH_SECONDS = 0.4
POLL_SECONDS = 0.1


class StoreRecorder:
    """Writes to the store in one transaction about every 0.4 s; tells an observer at once."""

    def __init__(self, writer: RunWriter, observer: Recorder | None = None) -> None:
        self._writer = writer
        self._observer = observer or NullRecorder()
        self._points: list[MetricPoint] = []
        self._snapshots: list[Snapshot] = []
        self._progress: Progress | None = None
        self._flushed = 0.0
        self._known_step = -1
        self._status: RunStatus | None = None

    def resume_at(self, recorded_step: int) -> None:
        """Everything before this step is stored already: a replay after a crash does not store it twice."""
        self._known_step = recorded_step - 1

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        self._observer.metrics(position, values)
        if position.step > self._known_step:
            self._points += [MetricPoint(name, value, position) for name, value in values.items()]

    def snapshot(self, snapshot: Snapshot) -> None:
        self._observer.snapshot(snapshot)
        if snapshot.info.position.step > self._known_step:
            self._snapshots.append(snapshot)

    def progress(self, progress: Progress) -> None:
        """Flushes what has gathered when it is time; a picture or a change of pause goes at once."""
        self._observer.progress(progress)
        self._progress = progress
        status = RunStatus.PAUSED if progress.paused else RunStatus.RUNNING
        if status is not self._status:
            self.flush()
            self._writer.set_status(status)
            self._status = status
        elif self._snapshots or time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        self._observer.checkpoint(checkpoint)
        self.flush()
        self._writer.save_checkpoint(checkpoint)

    def event(self, text: str) -> None:
        self._observer.event(text)
        self._writer.set_status(RunStatus.RUNNING, text)

    def flush(self) -> None:
        """Write what has gathered; also the heartbeat."""
        self._writer.write(metrics=self._points, snapshots=self._snapshots, progress=self._progress)
        self._points, self._snapshots = [], []
        self._flushed = time.monotonic()


class StoreControl:
    """Commands from the store: those acknowledged beyond the checkpoint are obeyed again at their steps, then new ones.

    Replay makes a run that was killed the same as one that was not: a learning rate that changed at update 120 changes
    at update 120 again. Pauses and steps from before a stop are over: whoever resumes a stopped run wants it to go.
    """

    def __init__(self, writer: RunWriter, recorder: StoreRecorder, step: int) -> None:
        self._writer, self._recorder = writer, recorder
        again = writer.acknowledged_after(step)
        last_stop = max((record.id for record in again if isinstance(record.command, Stop)), default=0)
        self._replay = deque(
            record
            for record in again
            if not record.problem and (isinstance(record.command, SetHyperparameter) or record.id > last_stop)
        )
        self._polled = 0.0

    def commands(self, position: Position) -> Sequence[CommandRecord]:
        if self._replay:
            due = []
            while self._replay and self._recorded_step(self._replay[0]) <= position.step:
                due.append(self._replay.popleft())
            return due  # new commands wait until everything old has been obeyed
        if time.monotonic() - self._polled < POLL_SECONDS:
            return ()
        self._polled = time.monotonic()
        return self._writer.pending()

    def acknowledge(self, record: CommandRecord, position: Position, problem: str = "") -> None:
        if record.position is None:  # else it was acknowledged when it was obeyed the first time
            self._writer.acknowledge(record.id, position, problem)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    @staticmethod
    def _recorded_step(record: CommandRecord) -> int:
        return record.position.step if record.position else 0
