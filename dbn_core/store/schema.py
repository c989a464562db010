"""The tables. Scalars and blobs never share one: a list of runs or pictures reads no pixels and no weights.

Ids are never used twice (AUTOINCREMENT): a cursor or an image address can never meet another row under its number.
Every writing transaction begins by changing or locking the row of its run, so rows of one run get their ids in the
order of their commits, on PostgreSQL too: a reader that goes on after the largest id it has seen misses nothing.
Prefix `dbn_`: a PostgreSQL database may hold tables of others.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem

SCHEMA_VERSION = 1

metadata = MetaData()

# SQLite numbers rows by itself only where the type is INTEGER, which there has 64 bits.
_Id = BigInteger().with_variant(Integer(), "sqlite")


def _table(name: str, *items: SchemaItem) -> Table:
    return Table(f"dbn_{name}", metadata, *items, sqlite_autoincrement=True)


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True, autoincrement=True)


def _run() -> Column[int]:
    return Column("run", _Id, ForeignKey("dbn_runs.key", ondelete="CASCADE"), nullable=False)


def _position(optional: bool = False) -> list[Column[int] | Column[float] | Column[str]]:
    return [
        Column("step", BigInteger, nullable=optional),
        Column("epoch", Double, nullable=optional),
        Column("stage", Text, nullable=optional),
    ]


settings = Table(
    "dbn_settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

runs = _table(
    "runs",
    Column("key", _Id, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, index=True),
    Column("note", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    Column("config", Text, nullable=False),  # JSON
    Column("executor", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("progress", Text, nullable=False, server_default="{}"),  # JSON
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("finished_at", Double),
    Column("heartbeat_at", Double),
    Column("parent", Text, nullable=False, server_default=""),  # id of the run it was branched from
    Column("branch_step", BigInteger, nullable=False, server_default="0"),
    Column("branch_epoch", Double, nullable=False, server_default="0"),
    Column("branch_stage", Text, nullable=False, server_default=""),
    Column("owner", Text, nullable=False, server_default=""),
    Column("lease", BigInteger, nullable=False, server_default="0"),  # one more with every claim
    Column("revision", BigInteger, nullable=False, server_default="0"),
)

metrics = _table(
    "metrics",
    _id(),
    _run(),
    Column("name", Text, nullable=False),
    Column("value", Double),
    Column("kind", Text, nullable=False),
    *_position(),
)
Index("dbn_metrics_cursor", metrics.c.run, metrics.c.id)

snapshots = _table(
    "snapshots",
    _id(),
    _run(),
    Column("kind", Text, nullable=False),
    *_position(),
    Column("shape", Text, nullable=False),  # "256,28,28"
    Column("scale", Double),
    Column("scale_kind", Text, nullable=False),
    Column("projection", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
)
Index("dbn_snapshots_cursor", snapshots.c.run, snapshots.c.id)

snapshot_blobs = Table(
    "dbn_snapshot_blobs",
    metadata,
    Column("snapshot", _Id, ForeignKey("dbn_snapshots.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

checkpoints = _table(
    "checkpoints",
    _id(),
    _run(),
    Column("keep", Text, nullable=False),
    *_position(),
    Column("config", Text, nullable=False),  # JSON
    Column("size", BigInteger, nullable=False),  # bytes
    Column("created_at", Double, nullable=False),
)
Index("dbn_checkpoints_cursor", checkpoints.c.run, checkpoints.c.id)

# In parts: SQLite and PostgreSQL end a single value near 1 GB, which a wide network's state can pass.
checkpoint_blobs = Table(
    "dbn_checkpoint_blobs",
    metadata,
    Column(
        "checkpoint", _Id, ForeignKey("dbn_checkpoints.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

commands = _table(
    "commands",
    _id(),
    _run(),
    Column("message", Text, nullable=False),  # JSON
    Column("sent_at", Double, nullable=False),
    *_position(optional=True),  # where it took effect; empty until then
    Column("problem", Text, nullable=False, server_default=""),
)
Index("dbn_commands_cursor", commands.c.run, commands.c.id)
