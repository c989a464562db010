"""What TensorBoard reads of a run is what the store holds."""

import io
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from dbn_core.archive.film import picture
from dbn_core.cli.app import lab
from dbn_core.errors import PackageError
from dbn_core.event_files import write_events
from dbn_core.records import MetricPoint, Position, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from tests.samples import make_run

EVERYTHING = {"scalars": 0, "images": 0, "tensors": 0}  # 0: no limit


@pytest.fixture
def run(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Two layers whose numbers are all different, one of them none, and two pictures of the second."""
    monkeypatch.setenv("DBN_STORE", store_url)
    store = RunStore(store_url)
    run = make_run(store, "a run")
    writer = store.claim(run.id, "a test")
    points = [
        MetricPoint(name, value * factor, Position(step, step / 7, stage))
        for stage, first, factor in (("layer1", 201, 1.0), ("layer2", 1000, 3.0))
        for step, value in zip((first, first + 13, first + 29), (0.31, 0.17, math.nan), strict=True)
        for name in ("recon_mse", "sparsity")
    ]
    snapshots = [
        Snapshot(
            SnapshotInfo("filters", Position(step, step / 7, "layer2"), (11, 4, 6), 0.3, "weights"),
            np.random.default_rng(step).integers(1, 256, (11, 4, 6), np.uint8),
        )
        for step in (1000, 1013)
    ]
    writer.write(metrics=points, snapshots=snapshots)
    return run


def command(*arguments: object) -> Result:
    return CliRunner().invoke(lab, ["tensorboard", *map(str, arguments)])


def read_back(folder: Path) -> EventAccumulator:
    return EventAccumulator(str(folder), EVERYTHING).Reload()


def test_every_number_is_there_with_its_update(run: Run, tmp_path: Path) -> None:
    done = command("a run", "--to", tmp_path / "logs")
    assert (done.exit_code, "17 numbers and 3 pictures" in done.stderr) == (0, True), done.output
    events = read_back(tmp_path / "logs")
    stored: dict[str, list[tuple[int, float]]] = {}
    for point in run.metrics():
        stored.setdefault(f"{point.name}/{point.position.stage}", []).append((point.position.step, point.value))
    assert events.scalars.Keys() == list(stored)
    assert "recon_mse/layer2" in stored
    for tag, points in stored.items():
        told = [(event.step, event.value) for event in events.Scalars(tag)]
        np.testing.assert_allclose(told, points, rtol=1e-6, equal_nan=True)


def test_pictures_are_those_of_the_lab(run: Run, tmp_path: Path) -> None:
    write_events(run, tmp_path / "logs")
    events = read_back(tmp_path / "logs")
    for stage in ("layer1", "layer2"):
        kept = [info for info in run.snapshots(kind="filters") if info.position.stage == stage]
        shown = events.Images(f"filters/{stage}")
        assert [image.step for image in shown] == [info.position.step for info in kept]
        for image, info in zip(shown, kept, strict=True):
            pairs = (image.encoded_image_string, picture(run, info, 2))
            told, expected = (np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")) for png in pairs)
            np.testing.assert_array_equal(told, expected)


def test_metrics_and_settings_are_explained(run: Run, tmp_path: Path) -> None:
    write_events(run, tmp_path / "logs")
    events = read_back(tmp_path / "logs")
    metrics, settings = (
        events.Tensors(f"{name}/text_summary")[0].tensor_proto.string_val[0].decode()
        for name in ("metrics", "settings")
    )
    assert "| recon_mse |" in metrics
    assert "squared error per pixel" in metrics
    assert '"layers"' in settings


def test_a_folder_in_use_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    write_events(run, tmp_path / "logs")
    before = sorted(path.name for path in (tmp_path / "logs").iterdir())
    for folder, sentence in ((tmp_path / "logs", "is not empty"), (tmp_path / "lab.db", "is a file; give a folder")):
        done = command("a run", "--to", folder)
        assert (done.exit_code, sentence in done.stderr) == (2, True)
    assert sorted(path.name for path in (tmp_path / "logs").iterdir()) == before


def test_without_tensorboard_a_sentence_names_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(PackageError, match=r'needs tensorboard, .*"deep-belief-lab\[tensorboard\]"'):
        write_events(run, tmp_path / "logs")
    assert not (tmp_path / "logs").exists()
