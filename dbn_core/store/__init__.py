"""The run store: everything a trainer, the pages and the command line know of a run, in one database.

Contract, the same on SQLite (a file in WAL mode) and PostgreSQL; `tests/store` holds every backend to it.

Who writes. A run has one writer at a time: `RunStore.claim` gives it the lease and takes it from the one before, whose
next write raises LeaseLostError and stores nothing. Anybody may read, send commands, rename, annotate and delete, from
any thread or process, at any time; nobody waits for a reader.

Order. Ids of metrics, pictures, checkpoints and commands grow, are never used twice, and within a run they become
visible in their order. So `after=<largest id seen>` neither misses nor repeats a row. Metrics and commands are never
removed before their run is; pictures and checkpoints of a long run are thinned (`thinning`), so an id may be gone.

All or nothing. Every call is one transaction: `RunWriter.write` stores all its metrics, pictures and the progress, or
nothing. `Run.delete` removes everything of a run at once.

Values. Metrics keep nan and infinities. Times are UTC by the database's clock, so ages are right whatever the clocks
of the machines say. Names and notes are text: no markup, no control characters.

Change. `Run.revision` grows with every change that a view of the run shows: metrics, pictures, progress, checkpoints,
status, commands sent and acknowledged, name, note, queueing, claiming. A bare heartbeat is no change.
`RunStore.changes` says cheaply whether anything at all was written, `RunStore.revisions` in which runs.

Raises:
    StoreError: the store cannot be reached, is busy for more than 30 seconds, is full, read-only or of another version
        of the lab; or what was asked for does not exist or is not allowed. The message says what to do.
    RunNotFoundError: no run has this id or name, or it was deleted.
    LeaseLostError: another writer has the run.

Limits. SQLite needs a local disk (WAL does not work on network disks); several machines use PostgreSQL. A store does
not cross a fork: a child process makes its own. An SQLite file does not shrink when runs are deleted; the room is used
for the next ones.

"""

from dbn_core.store.changes import Changes
from dbn_core.store.checkpoint_info import CheckpointInfo
from dbn_core.store.run import Run
from dbn_core.store.runs import RunStore
from dbn_core.store.writer import CHECKPOINT_BOUND, SNAPSHOT_BOUND, RunWriter

__all__ = [
    "CHECKPOINT_BOUND",
    "SNAPSHOT_BOUND",
    "Changes",
    "CheckpointInfo",
    "Run",
    "RunStore",
    "RunWriter",
]
