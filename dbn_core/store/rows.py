"""Between rows and records: the only place that knows how a record is spelled in the tables."""

import json
import math
import zlib
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import Row

from dbn_core.commands import Command, from_message, to_message
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError, StoreError
from dbn_core.projections import drawn_of
from dbn_core.records import (
    CommandRecord,
    MetricPoint,
    Position,
    Progress,
    RunInfo,
    RunStatus,
    Snapshot,
    SnapshotInfo,
)
from dbn_core.store.clock import to_datetime, to_optional_datetime
from dbn_core.store.values import decode, encode

AnyRow = Row[Any]


# -- positions and numbers ----------------------------------------------------------------------------------------


def position_columns(position: Position) -> dict[str, Any]:
    """A position as columns. NumPy's numbers become Python's, which every driver knows."""
    return {"step": int(position.step), "epoch": float(position.epoch), "stage": position.stage}


def position_of(row: AnyRow) -> Position:
    """The position of a row that has one."""
    return Position(row.step, row.epoch, row.stage)


def metric_columns(run: int, point: MetricPoint) -> dict[str, Any]:
    """A metric as columns of run number `run`."""
    value, kind = encode(point.value)
    return {"run": run, "name": point.name, "value": value, "kind": kind, **position_columns(point.position)}


def metric_of(row: AnyRow) -> MetricPoint:
    """A metric from its row."""
    return MetricPoint(row.name, decode(row.value, row.kind), position_of(row), row.id)


# -- pictures -----------------------------------------------------------------------------------------------------


def snapshot_columns(run: int, snapshot: Snapshot) -> dict[str, Any]:
    """A picture without its pixels as columns. Raises ValueError if the pixels are not as `info` says."""
    info = snapshot.info
    if snapshot.pixels.dtype != np.uint8 or snapshot.pixels.shape != tuple(info.shape):
        raise ValueError(
            f"pixels of a snapshot are uint8 {tuple(info.shape)}, not {snapshot.pixels.dtype} {snapshot.pixels.shape}"
        )
    scale, scale_kind = encode(info.scale)
    return {
        "run": run,
        "kind": info.kind,
        "shape": ",".join(map(str, info.shape)),
        "scale": scale,
        "scale_kind": scale_kind,
        "projection": info.projection,
        "size": snapshot.pixels.nbytes,
        **position_columns(info.position),
    }


def snapshot_info_of(row: AnyRow) -> SnapshotInfo:
    """A picture without its pixels from its row."""
    shape = tuple(int(size) for size in row.shape.split(","))
    return SnapshotInfo(
        row.kind, position_of(row), shape, decode(row.scale, row.scale_kind), drawn_of(row.projection), row.id
    )


def pixel_bytes(snapshot: Snapshot) -> bytes:
    """The pixels as they are stored. Level 1: filters shrink by a fifth, digits by two thirds, in a millisecond."""
    return zlib.compress(snapshot.pixels.tobytes(), 1)


def snapshot_of(row: AnyRow) -> Snapshot:
    """A picture with its pixels (a read-only array) from its row joined with its blob."""
    info = snapshot_info_of(row)
    return Snapshot(info, np.frombuffer(zlib.decompress(row.data), dtype=np.uint8).reshape(info.shape))


# -- commands -----------------------------------------------------------------------------------------------------


def command_text(command: Command) -> str:
    """A command as JSON. Raises StoreError if it sets a value that JSON cannot hold (nan, infinities)."""
    try:
        return json.dumps(to_message(command), allow_nan=False)
    except ValueError as error:
        raise StoreError(f"{command} cannot be sent: give a finite number.") from error


def command_of(row: AnyRow) -> CommandRecord:
    """A command from its row. Raises StoreError if this version of the lab does not know it."""
    try:
        command = from_message(json.loads(row.message))
    except (KeyError, TypeError) as error:
        raise StoreError(
            f"Command {row.id} ({row.message}) was sent by another version of the lab. Use the same version everywhere."
        ) from error
    position = None if row.step is None else position_of(row)
    return CommandRecord(row.id, command, to_datetime(row.sent_at), position, row.problem)


# -- runs ---------------------------------------------------------------------------------------------------------


def config_text(config: RunConfig) -> str:
    """A configuration as JSON."""
    return json.dumps(config.to_dict(), allow_nan=False)


@lru_cache(maxsize=1024)
def read_config(stored: str) -> tuple[RunConfig, str]:
    """A stored configuration and what is wrong with it ("" when nothing is).

    Settings of another version that no longer hold are dropped, one by one, until the rest validates: they show as
    their defaults, and the text names them. So one old run never hides a list of runs; it is only not trained further.
    """
    values = json.loads(stored)
    problems: dict[str, str] = {}
    while True:
        try:
            return RunConfig.from_dict(values), _config_message(problems)
        except ConfigError as error:
            fresh = {key: text for key, text in error.problems.items() if key not in problems}
            problems |= fresh
            dropped = [_drop(values, key.split(".")) for key in fresh]
            if not any(dropped):
                values = {}  # an error about the whole: nothing of it can be kept


def _config_message(problems: dict[str, str]) -> str:
    if not problems:
        return ""
    return f"Made by another version of the lab; shown with defaults for: {', '.join(sorted(problems))}."


def _drop(values: Any, path: list[str]) -> bool:
    """Removes the setting at `path`, or the nearest one around it that exists; False if there is none."""
    if not isinstance(values, dict) or path[0] not in values:
        return False
    if len(path) > 1 and _drop(values[path[0]], path[1:]):
        return True
    del values[path[0]]
    return True


def progress_text(progress: Progress) -> str:
    """Progress as JSON; a rate or a remaining time that is not finite becomes None, which means unknown."""
    values = asdict(progress)
    for key in ("images_per_second", "seconds_left"):
        if values[key] is not None:
            values[key] = float(values[key]) if math.isfinite(values[key]) else None
    values["position"] = position_columns(progress.position)
    return json.dumps(values, allow_nan=False)


@lru_cache(maxsize=1024)
def read_progress(stored: str) -> Progress:
    """Progress from JSON; what another version wrote in addition is left out, what it lacks is unknown."""
    values = json.loads(stored)
    known = {item.name: values[item.name] for item in fields(Progress) if item.name in values}
    if "position" in known:
        known["position"] = Position(**known["position"])
    return Progress(**known)


def run_info_of(row: AnyRow) -> RunInfo:
    """A run from its row, which has the database's time as `now`."""
    config, complaint = read_config(row.config)
    age = None if row.heartbeat_at is None else max(0.0, row.now - row.heartbeat_at)
    return RunInfo(
        id=row.id,
        name=row.name,
        note=row.note,
        status=RunStatus(row.status),
        message=" ".join(part for part in (row.message, complaint) if part),
        config=config,
        created_at=to_datetime(row.created_at),
        started_at=to_optional_datetime(row.started_at),
        finished_at=to_optional_datetime(row.finished_at),
        heartbeat_age=age,
        executor=row.executor,
        attempt=row.attempt,
        progress=read_progress(row.progress),
        parent=row.parent,
        branched_at=Position(row.branch_step, row.branch_epoch, row.branch_stage),
        revision=row.revision,
    )
