"""A `.zip` back into the store as a new run. The file may come from anybody: everything in it is checked.

Members are read into memory by the names the form knows, within limits; no member's name ever becomes a path.
"""

import csv
import io
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import TypeAdapter

from dbn_core.archive import form
from dbn_core.archive.content import check_frame, check_numbers, check_pictures
from dbn_core.archive.members import Members
from dbn_core.archive.parts import checkpoint_of, checkpoint_parts, config_of, run_part, seen_part
from dbn_core.archive.sentences import checked, opened, sentences
from dbn_core.commands import Command, SetHyperparameter, Step, from_message
from dbn_core.config import RunConfig
from dbn_core.config.layer_settings import MOST_LAYERS
from dbn_core.errors import ArchiveError
from dbn_core.findings import Finding
from dbn_core.frames import Frame
from dbn_core.integers import MOST, from_json, whole
from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus, Snapshot
from dbn_core.store import Run, RunStore, RunWriter

FRAME_BYTES = 32 * 2**20  # of diagnostics, unpacked
_BATCH = 10_000  # metrics in one transaction
_PICTURES = 64  # in one transaction

_DEEPEST = RunConfig(layers=(1,) * MOST_LAYERS)  # has every layer that a setting may be of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _CommandRow:
    command: Command
    position: Position | None
    problem: str


def import_archive(store: RunStore, file: Path, id: str | None = None) -> Run:
    """The run in the archive as a new run of the store; its name is kept, with a number when there is one of that name.

    Without an id it gets one by chance. A run that had not ended comes as stopped, so that it can be resumed; one that
    had keeps its times. Nothing is left in the store when the archive turns out to be wrong. Raises ArchiveError with
    one sentence.
    """
    with sentences(file), opened(file) as archive:
        members = Members(archive)
        part = run_part(members)
        config = config_of(from_json(members.read(form.CONFIG)), form.CONFIG)
        entries, images = checkpoint_parts(members, part), seen_part(members)
        checkpoints = (checkpoint_of(members, entry, images) for entry in entries)  # one at a time in memory
        points = _rows(members, form.METRICS, form.METRIC_COLUMNS, _metric)
        commands = _rows(members, form.COMMANDS, form.COMMAND_COLUMNS, _command)
        pictures = _snapshot_parts(members)
        run = store.create_run(config, _free_name(store, part.name), executor="foreground", id=id)
        try:
            _fill(store, run, members, pictures, part, points, commands, checkpoints)
        except BaseException:
            run.delete()
            raise
    return run


def _fill(
    store: RunStore,
    run: Run,
    members: Members,
    pictures: list[form.SnapshotPart],
    part: form.RunPart,
    points: list[MetricPoint],
    commands: list[_CommandRow],
    checkpoints: Iterable[Checkpoint],
) -> None:
    if part.note:
        run.annotate(part.note)
    writer = store.claim(run.id, "import")
    for start in range(0, len(points), _BATCH):
        writer.write(metrics=points[start : start + _BATCH])
    for start in range(0, len(pictures), _PICTURES):
        writer.write(snapshots=[_snapshot(members, entry) for entry in pictures[start : start + _PICTURES]])
    _send(run, writer, commands)
    writer.write(progress=part.progress.progress())
    for saved in checkpoints:
        writer.save_checkpoint(saved)
    ended = part.status.is_finished
    writer.set_status(part.status if ended else RunStatus.STOPPED, part.message if ended else "")
    if ended:
        writer.backdate(part.created_at, part.started_at, part.finished_at)


def _send(run: Run, writer: RunWriter, commands: list[_CommandRow]) -> None:
    for row in commands:
        sent = run.send(row.command)
        if row.position is not None:
            writer.acknowledge(sent, row.position, row.problem)


def _free_name(store: RunStore, name: str) -> str:
    """The name itself, else `name (2)`, cut so that the number fits."""
    taken = {info.name for info in store.runs()}
    number = 1
    free = name
    while free in taken:
        number += 1
        mark = f" ({number})"
        free = name[: 80 - len(mark)] + mark
    return free


def _snapshot_parts(members: Members) -> list[form.SnapshotPart]:
    adapter = TypeAdapter(list[form.SnapshotPart])
    parts = checked(form.SNAPSHOTS, lambda: adapter.validate_json(members.read(form.SNAPSHOTS)))
    for part in parts:
        if members.size(part.file) != part.size:
            raise ArchiveError(f"{part.file} is missing or does not have the size that {form.SNAPSHOTS} says")
    if len({part.file for part in parts}) != len(parts):
        raise ArchiveError(f"{form.SNAPSHOTS} names the same file twice")
    pictures = [part.info() for part in parts if part.kind not in PACKED]
    checked(form.SNAPSHOTS, lambda: check_pictures(pictures))
    return parts


def _snapshot(members: Members, part: form.SnapshotPart) -> Snapshot:
    content = members.read(part.file)
    snapshot = Snapshot(part.info(), np.frombuffer(content, dtype=np.uint8).reshape(part.shape))
    if part.kind in PACKED:
        checked(part.file, lambda: _check_packed(snapshot))
    return snapshot


def _check_packed(snapshot: Snapshot) -> None:
    """It is unpacked whenever somebody looks at it, so it must unpack, and to no more than it may."""
    unpacker = zlib.decompressobj()
    unpacker.decompress(snapshot.pixels.tobytes(), FRAME_BYTES)
    if not unpacker.eof:
        raise ValueError(f"it is not complete, or unpacks to more than {FRAME_BYTES // 2**20} MiB")
    PACKED[snapshot.info.kind](snapshot)


def _check_frame(snapshot: Snapshot) -> None:
    check_frame(Frame.from_snapshot(snapshot).arrays)


def _check_finding(snapshot: Snapshot) -> None:
    for name, array in Finding.from_snapshot(snapshot).arrays.items():
        check_numbers(name, array)


PACKED = {"diagnostics": _check_frame, "evaluation": _check_finding}


def _rows(members: Members, name: str, columns: tuple[str, ...], convert: Callable[[dict[str, str]], _T]) -> list[_T]:
    reader = csv.reader(io.StringIO(members.read(name).decode(), newline=""), strict=True)
    if tuple(next(reader, ())) != columns:
        raise ArchiveError(f"{name}: the first line must be {','.join(columns)}")
    rows: list[_T] = []
    for row in reader:
        if len(row) != len(columns):
            raise ArchiveError(f"{name}, line {reader.line_num}: {len(row)} values where {len(columns)} belong")
        values = dict(zip(columns, row, strict=True))
        rows.append(checked(f"{name}, line {reader.line_num}", lambda values=values: convert(values)))
    return rows


def _metric(values: dict[str, str]) -> MetricPoint:
    if not values["name"]:
        raise ValueError("a metric needs a name")
    return MetricPoint(form.METRIC.validate_python(values["name"]), float(values["value"]), _position(values))


def _command(values: dict[str, str]) -> _CommandRow:
    message = from_json(values["command"])
    if not isinstance(message, dict):
        raise TypeError("a command is a JSON object")
    command = from_message(message)
    if isinstance(command, Step) and command.unit not in {"update", "epoch"}:
        raise ValueError("a step is one update or one epoch")
    if isinstance(command, SetHyperparameter):
        _DEEPEST.with_live_value(command.field, command.value)
    return _CommandRow(command, _position(values) if values["step"] else None, values["problem"][:2000])


def _position(values: dict[str, str]) -> Position:
    step = whole(values["step"])
    if step is None:
        raise ValueError(f"step must be a whole number of at most {MOST} digits, not {values['step'][:40]!r}")
    part = form.PositionPart(step=step, epoch=float(values["epoch"]), stage=values["stage"])
    return part.position()
