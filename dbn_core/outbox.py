"""The training loop's ports on a run store: a recorder that writes beside training, and a control that replays.

Only `worker.py` uses it.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from dbn_core.commands import SetHyperparameter, Stop
from dbn_core.errors import StoreUnavailableError
from dbn_core.records import Checkpoint, CommandRecord, MetricPoint, Position, Progress, RunStatus, Snapshot
from dbn_core.store import RunWriter
from dbn_core.training.ports import NullRecorder, Recorder

FLUSH_SECONDS = 0.4
POLL_SECONDS = 0.1
WAITING_WRITES = 8  # a store slower than training for long makes training wait, rather than memory grow
PATIENCE = 600.0  # seconds for which training waits for a store that cannot be used (busy, full, moved away)
AGAIN = 1.0  # seconds between two tries

log = logging.getLogger(__name__)


def patiently(action: Callable[[], object]) -> None:
    """Do it; while the store cannot be used again and again, until `PATIENCE` is over. Raises what it raises then."""
    end = time.monotonic() + PATIENCE
    is_told = False
    while True:
        try:
            action()
            break
        except StoreUnavailableError as error:
            if time.monotonic() > end:
                raise
            if not is_told:
                log.warning("training waits for the store, for %g seconds at most: %s", PATIENCE, error)
            is_told = True
            time.sleep(AGAIN)
    if is_told:
        log.warning("the store can be used again: training goes on")


class Scribe:
    """Does writes in their order in a thread of its own, so that training does not wait for the disk.

    It waits for a store that cannot be used, see `patiently`. The first error ends it: `do` and `drain` raise it from
    then on, and nothing later is written.
    """

    def __init__(self) -> None:
        self._work: queue.Queue[Callable[[], object] | None] = queue.Queue(WAITING_WRITES)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="scribe", daemon=True)
        self._thread.start()

    def do(self, write: Callable[[], object]) -> None:
        """Have this written soon. Raises the error of an earlier write."""
        self._raise()
        self._work.put(write)

    def drain(self) -> None:
        """Wait until all is written. Raises the error of a write."""
        self._work.join()
        self._raise()

    def close(self) -> None:
        """End the thread once the queue is empty; raises nothing."""
        self._work.put(None)
        self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (write := self._work.get()) is not None:
            if self._error is None:
                try:
                    patiently(write)
                except BaseException as error:  # noqa: BLE001 - handed to the trainer, which raises it
                    self._error = error
            self._work.task_done()


class StoreRecorder:
    """Writes to the store in one transaction about every 0.4 s; tells an observer at once."""

    def __init__(self, writer: RunWriter, observer: Recorder | None = None) -> None:
        self._writer = writer
        self._observer = observer or NullRecorder()
        self._scribe = Scribe()
        self._points: list[MetricPoint] = []
        self._snapshots: list[Snapshot] = []
        self._progress: Progress | None = None
        self._flushed = 0.0
        self._known: tuple[int, frozenset[str]] = (0, frozenset())
        self._status: RunStatus | None = None

    def resume_at(self, step: int, stages: frozenset[str]) -> None:
        """What `RunWriter.recorded` says is stored already: a replay after a crash does not store it twice."""
        self._known = (step, stages)

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        """Buffered."""
        self._observer.metrics(position, values)
        if self._is_new(position):
            self._points += [MetricPoint(name, value, position) for name, value in values.items()]

    def snapshot(self, snapshot: Snapshot) -> None:
        """Buffered until the next progress."""
        self._observer.snapshot(snapshot)
        if self._is_new(snapshot.info.position):
            self._snapshots.append(snapshot)

    def progress(self, progress: Progress) -> None:
        """Sends off what has gathered when it is time; a picture or a change of pause goes at once."""
        self._observer.progress(progress)
        self._progress = progress
        status = RunStatus.PAUSED if progress.paused else RunStatus.RUNNING
        if status is not self._status:
            self._status = status
            self._send()
            self._scribe.do(lambda: self._writer.set_status(status))
        elif self._snapshots or time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self._send()

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """After everything that came before it."""
        self._observer.checkpoint(checkpoint)
        self._send()
        self._scribe.do(lambda: self._writer.save_checkpoint(checkpoint))

    def event(self, text: str) -> None:
        """Shown as the run's message."""
        self._observer.event(text)
        self._scribe.do(lambda: self._writer.set_status(RunStatus.RUNNING, text))

    def flush(self) -> None:
        """Wait until all that was told is stored. Raises what a write raised."""
        self._send()
        self._scribe.drain()

    def close(self) -> None:
        """End the writing thread."""
        self._scribe.close()

    def _is_new(self, position: Position) -> bool:
        step, stages = self._known
        return position.step > step or (position.step == step and position.stage not in stages)

    def _send(self) -> None:
        points, snapshots, progress = self._points, self._snapshots, self._progress
        self._points, self._snapshots = [], []
        self._flushed = time.monotonic()
        self._scribe.do(lambda: self._writer.write(metrics=points, snapshots=snapshots, progress=progress))


class StoreControl:
    """Commands from the store: those acknowledged beyond the checkpoint are obeyed again at their steps, then new ones.

    Replay makes a run that was killed the same as one that was not: a learning rate that changed at update 120 changes
    at update 120 again. Pauses and steps from before a stop are over: whoever resumes a stopped run wants it to go.
    """

    def __init__(self, writer: RunWriter, step: int) -> None:
        self._writer = writer
        again = writer.acknowledged_after(step)
        last_stop = max((record.id for record in again if isinstance(record.command, Stop)), default=0)
        self._replay = deque(
            record for record in again if isinstance(record.command, SetHyperparameter) or record.id > last_stop
        )
        self._polled = 0.0

    def commands(self, position: Position) -> Sequence[CommandRecord]:
        """The store is asked about ten times a second."""
        if self._replay:
            due: list[CommandRecord] = []
            while self._replay and _step(self._replay[0]) <= position.step:
                due.append(self._replay.popleft())
            return due  # new commands wait until everything old has been obeyed
        if time.monotonic() - self._polled < POLL_SECONDS:
            return ()
        self._polled = time.monotonic()
        try:
            return self._writer.pending()
        except StoreUnavailableError:
            return ()  # nobody can send a command either; the writes beside say so, and wait

    def horizon(self, position: Position) -> int | None:
        """To the next command of the replay, which must take effect where it did before."""
        return max(1, _step(self._replay[0]) - position.step) if self._replay else None

    def acknowledge(self, record: CommandRecord, position: Position, problem: str = "") -> None:
        """Only the first time: a replayed command keeps its place."""
        if record.position is None:
            patiently(lambda: self._writer.acknowledge(record.id, position, problem))

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


def _step(record: CommandRecord) -> int:
    return record.position.step if record.position else 0
