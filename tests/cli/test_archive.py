"""`export` and `import`: what goes out comes back the same."""

import csv
import errno
import io
import json
import math
import os
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from dbn_core.archive import export, import_archive, writing
from dbn_core.commands import Pause, SetHyperparameter, Step, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import ArchiveError
from dbn_core.findings import Finding
from dbn_core.frames import Frame
from dbn_core.records import EVALUATION, Checkpoint, MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from tests.cli.conftest import Terminal
from tests.samples import frame_arrays, weights

PARTS = ("config.json", "weights.safetensors", "metrics.csv", "snapshots.json")


@pytest.fixture
def run(terminal: Terminal, tiny: RunConfig) -> Run:
    """A stopped run with everything a run may have."""
    return furnished(terminal.store, tiny)


def furnished(store: RunStore, config: RunConfig) -> Run:
    generator = np.random.default_rng(7)
    run = store.create_run(config, "strokes, first try")
    run.annotate("two lines\nof note")
    writer = store.claim(run.id, "test")
    end = Position(6, 2.0, "layer1")
    for command in (SetHyperparameter("training.learning_rate", 0.1), Step("epoch"), Pause()):
        writer.acknowledge(run.send(command), Position(3, 1.0, "layer1"))
    writer.acknowledge(run.send(SetHyperparameter("training.k", 3)), end, 'refused: "why", and\na second line')
    values = (0.1, 1 / 3, math.nan, math.inf, -math.inf, 5e-324)
    writer.write(
        metrics=[
            MetricPoint("recon_mse", value, Position(step, step / 3, "layer1")) for step, value in enumerate(values)
        ],
        snapshots=[
            Snapshot(
                SnapshotInfo("filters", end, (7, 28, 28), scale=0.37, projection="weights"),
                generator.integers(0, 256, (7, 28, 28), dtype=np.uint8),
            ),
            Snapshot(
                SnapshotInfo("reconstructions", end, (2, 5, 28, 28)),
                generator.integers(0, 256, (2, 5, 28, 28), dtype=np.uint8),
            ),
        ],
        progress=Progress(position=end, epochs=4, stage_index=1, stage_count=2, device="cpu"),
    )
    writer.save_checkpoint(Checkpoint(end, weights(config), config.with_values({"training.learning_rate": 0.1})))
    run.send(Stop())
    writer.set_status(RunStatus.STOPPED, "stopped in the middle")
    return run


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_export_import_export_gives_the_same_weights_metrics_configuration_and_pictures(
    terminal: Terminal, run: Run, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    terminal.run("export", run.id, "--to", first)
    name = terminal.run("import", first).stdout.strip()
    terminal.run("export", name, "--to", second)

    before, after = parts(first), parts(second)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"run.json", "commands.csv"}, "only the name and the times of the database differ"
    commands = [list(csv.reader(io.StringIO(files["commands.csv"].decode()))) for files in (before, after)]
    assert [row[1:] for row in commands[0]] == [row[1:] for row in commands[1]]


def test_an_imported_run_shows_everything_the_first_one_showed(terminal: Terminal, run: Run, tmp_path: Path) -> None:
    export(run, tmp_path / "a.zip")
    copy = import_archive(terminal.store, tmp_path / "a.zip")
    old, new = run.info(), copy.info()
    assert (new.name, new.note) == ("strokes, first try (2)", old.note)
    assert (new.status, new.message, new.config, new.progress) == (old.status, old.message, old.config, old.progress)
    assert (new.created_at, new.started_at, new.finished_at) == (old.created_at, old.started_at, old.finished_at)
    assert new.executor == "foreground", "a cluster leaves it alone"
    saved, given = copy.checkpoint(), run.checkpoint()
    assert saved is not None
    assert given is not None
    assert (saved.payload, saved.position, saved.config) == (given.payload, given.position, given.config)
    for mine, theirs in zip(copy.snapshots(), run.snapshots(), strict=True):
        assert (mine.kind, mine.position, mine.scale) == (theirs.kind, theirs.position, theirs.scale)
        np.testing.assert_array_equal(copy.snapshot(mine.id).pixels, run.snapshot(theirs.id).pixels)
    assert [(record.command, record.position, record.problem) for record in copy.commands()] == [
        (record.command, record.position, record.problem) for record in run.commands()
    ]


def test_an_archive_of_an_older_version_says_in_words_what_a_picture_shows(
    terminal: Terminal, run: Run, tmp_path: Path
) -> None:
    export(run, tmp_path / "new.zip")
    for stored, read in (("clamp and sample down", "clamp_and_sample_down"), ("weights", "weights"), ("", "")):
        with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
            for name, content in parts(tmp_path / "new.zip").items():
                entries = json.loads(content) if name == "snapshots.json" else []
                for entry in entries:
                    entry["projection"] = stored
                archive.writestr(name, json.dumps(entries) if entries else content)
        copy = import_archive(terminal.store, tmp_path / "old.zip")
        assert {info.projection for info in copy.snapshots()} == {read}
        export(copy, tmp_path / f"again-{read}.zip")
        written = json.loads(parts(tmp_path / f"again-{read}.zip")["snapshots.json"])
        assert {entry["projection"] for entry in written} == {read}


def test_a_run_exported_while_it_trains_comes_back_stopped_and_can_be_resumed(
    terminal: Terminal, tiny: RunConfig, tmp_path: Path
) -> None:
    run = terminal.store.create_run(tiny, "alive")
    terminal.store.claim(run.id, "test")
    terminal.run("export", "alive", "--to", tmp_path / "alive.zip")
    imported = terminal.json("import", tmp_path / "alive.zip")
    assert imported["status"] == "stopped"
    assert terminal.events("resume", imported["run"])[-1]["status"] == "done"


def test_all_kept_checkpoints_come_along_so_that_a_branch_can_start_at_any_of_them(
    terminal: Terminal, run: Run, tiny: RunConfig, tmp_path: Path
) -> None:
    writer = terminal.store.claim(run.id, "test")
    frame = Frame(Position(7, 2.5, "layer1"), frame_arrays(5))
    writer.write(snapshots=[frame.to_snapshot()])
    moments: list[tuple[int, Literal["epoch", "stage", "latest"]]] = [(9, "epoch"), (12, "stage"), (15, "epoch")]
    for step, keep in moments:
        payload = weights(tiny, step)
        config = tiny.with_values({"training.learning_rate": step / 100})
        writer.save_checkpoint(Checkpoint(Position(step, step / 3, "layer1"), payload, config, keep))
    writer.set_status(RunStatus.STOPPED)
    export(run, tmp_path / "a.zip")
    copy = import_archive(terminal.store, tmp_path / "a.zip")
    kept = [(saved.position.step, saved.keep) for saved in copy.checkpoints()]
    assert kept == moments, "all but the one that only the next would have replaced"
    for mine in copy.checkpoints():
        theirs = next(saved for saved in run.checkpoints() if saved.position == mine.position)
        one, other = copy.checkpoint(mine.id), run.checkpoint(theirs.id)
        assert one is not None
        assert other is not None
        assert (one.payload, one.config) == (other.payload, other.config)
    early = copy.checkpoints()[0]
    child = terminal.store.branch(copy, early.id, tiny)
    assert child.info().branched_at == Position(9, 3.0, "layer1")
    (info,) = copy.snapshots(kind="diagnostics")
    np.testing.assert_array_equal(Frame.from_snapshot(copy.snapshot(info.id)).arrays["unit.norm"], np.arange(5))


def test_an_evaluation_and_an_experiment_come_back_with_their_numbers_and_findings(
    terminal: Terminal, tiny: RunConfig, tmp_path: Path
) -> None:
    run = terminal.store.create_run(tiny, "evaluated")
    writer = terminal.store.claim(run.id, "test")
    here = Position(6, 2.0, EVALUATION)
    points = [MetricPoint("error/frozen/100/0", 20.5, here), MetricPoint("samples.dreams.recall", 0.5, here)]
    finding = Finding("classifiers", {"names": ["a", "b"]}, {"x.confusion": np.array([[3, 1], [0, 2]])})
    writer.write(metrics=points, snapshots=[finding.to_snapshot(here)])
    writer.set_status(RunStatus.DONE)
    export(run, tmp_path / "a.zip")
    copy = import_archive(terminal.store, tmp_path / "a.zip")
    assert [(point.name, point.value) for point in copy.metrics()] == [(point.name, point.value) for point in points]
    (info,) = copy.snapshots(kind="evaluation")
    assert Finding.from_snapshot(copy.snapshot(info.id)).arrays["x.confusion"].tolist() == [[3, 1], [0, 2]]


def test_an_archive_of_an_older_lab_with_its_one_checkpoint_is_taken_back(
    terminal: Terminal, run: Run, tmp_path: Path
) -> None:
    export(run, tmp_path / "new.zip")
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, content in parts(tmp_path / "new.zip").items():
            if name != "checkpoints.json":
                archive.writestr(name, content)
    saved, given = import_archive(terminal.store, tmp_path / "old.zip").checkpoint(), run.checkpoint()
    assert saved is not None
    assert given is not None
    assert (saved.payload, saved.config) == (given.payload, given.config)


def test_the_csv_has_every_number_exactly(terminal: Terminal, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "metrics.csv"
    terminal.run("export", run.id, "--to", file)
    with file.open(newline="") as text:
        rows = list(csv.DictReader(text))
    points = run.metrics()
    assert [repr(float(row["value"])) for row in rows] == [repr(point.value) for point in points]
    assert [(row["name"], int(row["step"]), float(row["epoch"]), row["stage"]) for row in rows] == [
        (point.name, point.position.step, point.position.epoch, point.position.stage) for point in points
    ]


def test_the_archive_holds_a_picture_of_the_filters_for_people(terminal: Terminal, run: Run, tmp_path: Path) -> None:
    export(run, tmp_path / "a.zip")
    picture = Image.open(io.BytesIO(parts(tmp_path / "a.zip")["filters/layer1.png"]))
    assert picture.size == (2 * (3 * 29 - 1), 2 * (3 * 29 - 1)), (
        "seven filters in a grid of three by three, twice as large"
    )


def test_nothing_is_overwritten_unless_forced_and_nothing_half_written_stays(
    terminal: Terminal, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("mine")
    assert "--force" in terminal.refusal("export", run.id, "--to", file)
    assert file.read_text() == "mine"
    terminal.run("export", run.id, "--to", file, "--force")
    assert file.read_text().startswith("step,epoch,stage,name,value\n")
    terminal.store.run(run.id).delete()
    with pytest.raises(Exception, match="deleted"):
        export(run, tmp_path / "b.csv")
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"[:3] and "lab" not in path.name] == [
        "a.csv"
    ]


def test_a_disk_without_links_is_written_to_all_the_same_and_nothing_there_is_lost(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(run, tmp_path / "linked.csv")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")  # what memory sticks (FAT) answer

    monkeypatch.setattr(os, "link", refuse)
    export(run, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "linked.csv").read_bytes()
    (tmp_path / "a.csv").write_text("somebody was quicker")
    with pytest.raises(FileExistsError):
        writing._publish(tmp_path / "linked.csv", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "somebody was quicker"


@pytest.mark.parametrize("name", ["run.jpg", "run", "run.zip.gz", "nowhere/run.zip"])
def test_another_suffix_or_folder_is_refused_with_what_there_is(
    terminal: Terminal, run: Run, tmp_path: Path, name: str
) -> None:
    message = terminal.refusal("export", run.id, "--to", tmp_path / name)
    assert ".zip, .csv, .html, .gif, .png or .safetensors" in message or "No such file" in message


def test_a_name_of_full_length_stays_distinct(terminal: Terminal, tiny: RunConfig, tmp_path: Path) -> None:
    run = terminal.store.create_run(tiny, "x" * 80)
    export(run, tmp_path / "a.zip")
    names = [import_archive(terminal.store, tmp_path / "a.zip").info().name for _ in range(2)]
    assert names == ["x" * 76 + " (2)", "x" * 76 + " (3)"]


def test_run_json_says_what_it_is(terminal: Terminal, run: Run, tmp_path: Path) -> None:
    export(run, tmp_path / "a.zip")
    content = json.loads(parts(tmp_path / "a.zip")["run.json"])
    assert (content["kind"], content["version"]) == ("deep-belief-lab run", 1)
    assert content["checkpoint"]["config"]["training"]["learning_rate"] == 0.1


def test_a_file_that_is_not_there_is_named(terminal: Terminal, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"none\.zip cannot be read: No such file"):
        import_archive(terminal.store, tmp_path / "none.zip")
