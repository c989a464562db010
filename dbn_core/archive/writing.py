"""A run into a file; the suffix says which.

.zip: everything, to be imported again. .csv: its metrics. .html: a replay for any browser. .gif: its filters as a film.
.png: its newest filters. .safetensors: its newest checkpoint.
"""

import csv
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from math import ceil, sqrt
from pathlib import Path
from typing import IO, Any

from dbn_core.archive import form
from dbn_core.archive.film import film_file, newest_file
from dbn_core.archive.lone import packed
from dbn_core.archive.replay import replay_file
from dbn_core.commands import to_message
from dbn_core.config import DataConfig
from dbn_core.data.seen import SeenImages, seen_images
from dbn_core.errors import ArchiveError, DataError
from dbn_core.records import Checkpoint, Position, SnapshotInfo
from dbn_core.store import Run
from dbn_core.view.mosaic import LARGEST, MosaicOptions, mosaic

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip file: the same run gives the same bytes


def export(run: Run, file: Path, *, replace: bool = False) -> None:
    """Write the run to `file`, whole or not at all; its suffix says how.

    Raises ArchiveError for another suffix, or when the file is there already (unless `replace`) or cannot be written.
    """
    writer = _writer(file.suffix.lower())
    save(file, lambda out: writer(run, out), replace=replace)


def save(file: Path, write: Callable[[IO[bytes]], None], *, replace: bool = False) -> None:
    """What `write` writes as a file, whole or not at all.

    Raises ArchiveError when the file is there already (unless `replace`) or cannot be written.
    """
    refuse_there(file, replace=replace)
    try:
        _write_whole(file, write, replace=replace)
    except OSError as error:
        raise ArchiveError(f"{file} cannot be written: {error.strerror}.") from error


def refuse_there(file: Path, *, replace: bool) -> None:
    """Raises ArchiveError when the file is there already (unless `replace`)."""
    if file.exists() and not replace:
        raise ArchiveError(f"{file} is there already. Choose another name, or replace it with --force.")


def write(run: Run, suffix: str, out: IO[bytes]) -> None:
    """The run as a file of this suffix (`.zip`) into an open file. Raises ArchiveError for one that there is not."""
    _writer(suffix)(run, out)


def _writer(suffix: str) -> Callable[[Run, IO[bytes]], None]:
    if suffix not in _WRITERS:
        *others, last = _WRITERS
        raise ArchiveError(
            f"A run is exported as {', '.join(others)} or {last}, not as {suffix or 'a file without suffix'!r}."
        )
    return _WRITERS[suffix]


def _write_whole(file: Path, write: Callable[[IO[bytes]], None], *, replace: bool) -> None:
    """Beside the file first, then renamed: nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        # mkstemp makes it private; a file a person asked for has the rights of any other of theirs.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        if replace:
            Path(name).replace(file)
        else:
            _publish(Path(name), file)
    finally:
        Path(name).unlink(missing_ok=True)


def _publish(draft: Path, file: Path) -> None:
    """Give the draft its name. Raises FileExistsError when somebody was quicker."""
    try:
        os.link(draft, file)  # unlike a rename it refuses, on every system
    except FileExistsError:
        raise
    except OSError:  # memory sticks (FAT) know no links
        file.touch(exist_ok=False)
        draft.replace(file)


def _write_csv(run: Run, out: IO[bytes]) -> None:
    run.info()  # metrics of a deleted run are an empty list and no error
    out.write(_metrics(run))


def _write_zip(run: Run, out: IO[bytes]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        info, checkpoint = run.info(), run.checkpoint()
        saved = checkpoint and form.CheckpointPart(
            position=form.PositionPart.of(checkpoint.position), config=checkpoint.config.to_dict()
        )
        part = form.RunPart(
            **{name: getattr(info, name) for name in _RUN_FIELDS},
            progress=form.ProgressPart.of(info.progress),
            checkpoint=saved,
        )
        _add(archive, form.RUN, part.model_dump_json(indent=2).encode())
        _add(archive, form.CONFIG, json.dumps(info.config.to_dict(), indent=2).encode())
        if checkpoint:
            _add(archive, form.WEIGHTS, checkpoint.payload)
            _add_checkpoints(archive, run, checkpoint)
        _add_images(archive, info.config.data)
        _add(archive, form.METRICS, _metrics(run))
        _add(archive, form.COMMANDS, _commands(run))
        _add_snapshots(archive, run)
        _add_filters(archive, run)


_RUN_FIELDS = ("name", "note", "status", "message", "created_at", "started_at", "finished_at", "attempt")


def _add(archive: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _FIRST_DAY)
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def _metrics(run: Run) -> bytes:
    return _csv(
        form.METRIC_COLUMNS,
        ((*_position(point.position), point.name, repr(float(point.value))) for point in run.metrics()),
    )


def _commands(run: Run) -> bytes:
    return _csv(
        form.COMMAND_COLUMNS,
        (
            (
                record.sent_at.isoformat(),
                json.dumps(to_message(record.command)),
                *(_position(record.position) if record.position else ("", "", "")),
                record.problem,
            )
            for record in run.commands()
        ),
    )


def _position(position: Position) -> tuple[str, str, str]:
    return str(position.step), repr(float(position.epoch)), position.stage


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def _add_checkpoints(archive: zipfile.ZipFile, run: Run, newest: Checkpoint) -> None:
    """Every checkpoint that is kept, so that a branch can start wherever it could before."""
    entries: list[form.KeptPart] = []
    for info in run.checkpoints():
        saved = run.checkpoint(info.id) if info.id < newest.id and info.keep != "latest" else None
        if saved is not None:
            file = f"checkpoints/{len(entries):06}.safetensors"
            # Stored as they are: weights are nearly random bits, and packing them takes long and saves little.
            _add(archive, file, saved.payload, zipfile.ZIP_STORED)
            entries.append(form.KeptPart.of(saved, file))
    entries.append(form.KeptPart.of(newest, form.WEIGHTS))
    content = [entry.model_dump(mode="json") for entry in entries]
    _add(archive, form.CHECKPOINTS, json.dumps(content, indent=1).encode())


def _add_images(archive: zipfile.ZipFile, config: DataConfig) -> None:
    seen = _seen(config)
    if seen is not None:
        _add(archive, form.IMAGES, form.ImagesPart.of(seen).model_dump_json(indent=2).encode())


def _seen(config: DataConfig) -> SeenImages | None:
    """None where the data set is no longer here: the rest of the run is worth keeping all the same."""
    try:
        return seen_images(config)
    except DataError:
        return None


def _write_checkpoint(run: Run, out: IO[bytes]) -> None:
    info, saved = run.info(), run.checkpoint()
    if saved is None:
        raise ArchiveError(f"Run {info.name!r} has no checkpoint yet; train it first.")
    out.write(packed(saved, info.name, _seen(saved.config.data)))


def _add_snapshots(archive: zipfile.ZipFile, run: Run) -> None:
    entries: list[dict[str, Any]] = []
    for number, info in enumerate(run.snapshots()):
        file = f"snapshots/{number:06}.u8"
        entries.append(form.SnapshotPart.of(info, file).model_dump(mode="json"))
        _add(archive, file, run.snapshot(info.id).pixels.tobytes())
    _add(archive, form.SNAPSHOTS, json.dumps(entries, indent=1).encode())


def _add_filters(archive: zipfile.ZipFile, run: Run) -> None:
    newest: dict[str, SnapshotInfo] = {info.position.stage: info for info in run.snapshots(kind="filters")}
    for stage, info in newest.items():
        columns = min(LARGEST, ceil(sqrt(info.shape[0])))
        options = MosaicOptions(columns, min(LARGEST, ceil(info.shape[0] / columns)), scale=2)
        _add(archive, f"filters/{stage}.png", mosaic(run.snapshot(info.id).pixels, options))


def _whole(make: Callable[[Run], bytes]) -> Callable[[Run, IO[bytes]], None]:
    def writer(run: Run, out: IO[bytes]) -> None:
        out.write(make(run))

    return writer


_WRITERS: dict[str, Callable[[Run, IO[bytes]], None]] = {
    ".zip": _write_zip,
    ".csv": _write_csv,
    ".html": _whole(replay_file),
    ".gif": _whole(film_file),
    ".png": _whole(newest_file),
    ".safetensors": _write_checkpoint,
}
