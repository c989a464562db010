"""`export` as a replay, a film and a picture; what the files hold, and that they stay within their bounds."""

import base64
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dbn_core.archive import export
from dbn_core.archive.replay import evenly, replay_file
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.records import MetricPoint, Position, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run
from tests.cli.conftest import Terminal
from tests.cli.test_archive import furnished

DIGITS = load_dataset("digits").test[:20]
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def run(terminal: Terminal, tiny: RunConfig) -> Run:
    return furnished(terminal.store, tiny)


def filmed(terminal: Terminal, config: RunConfig, count: int, units: int = 100, size: int = 28) -> Run:
    """A run with `count` pictures of normal noise up to its 99.9th percentile: it packs worse than learnt filters."""
    random = np.random.default_rng(1)
    run = terminal.store.create_run(config, "filmed")
    writer = terminal.store.claim(run.id, "test")
    for step in range(count):
        position = Position(step, step / 10, "layer1")
        noise = random.normal(size=(units, size, size)) / 3.29
        pixels = (128 + 127 * noise.clip(-1, 1)).round().astype(np.uint8)
        pairs = np.stack([DIGITS, np.roll(DIGITS, step % 5)])[:, :, :size, :size]
        writer.write(
            metrics=[MetricPoint("recon_mse", 1 / (step + 3), position)],
            snapshots=[
                Snapshot(SnapshotInfo("filters", position, pixels.shape, 0.1 * step), pixels),
                Snapshot(SnapshotInfo("reconstructions", position, pairs.shape), pairs),
            ],
        )
    writer.set_status(RunStatus.DONE)
    return run


def frames_of(file: Path) -> int:
    with Image.open(file) as image:
        return int(getattr(image, "n_frames", 1))


def data_of(page: bytes) -> dict[str, Any]:
    script = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.decode(), re.DOTALL)
    assert script is not None
    return json.loads(script[1])


def test_the_replay_holds_exactly_the_numbers_of_the_csv(terminal: Terminal, run: Run, tmp_path: Path) -> None:
    terminal.run("export", run.id, "--to", tmp_path / "run.html")
    terminal.run("export", run.id, "--to", tmp_path / "run.csv")
    data = data_of((tmp_path / "run.html").read_bytes())
    numbers, stages = data["numbers"], [stage["key"] for stage in data["stages"]]
    mine = [
        (step, repr(float(epoch)), stages[stage], name, repr(float(value)))
        for step, epoch, stage, *values in numbers["rows"]
        for name, value in zip(numbers["columns"], values, strict=True)
        if value is not None
    ]
    with (tmp_path / "run.csv").open(newline="") as text:
        theirs = [
            (int(row["step"]), row["epoch"], row["stage"], row["name"], row["value"]) for row in csv.DictReader(text)
        ]
    assert mine == theirs
    assert len(mine) == 6


def test_the_replay_reports_every_end_figure_with_unit_split_and_estimator(terminal: Terminal, tiny: RunConfig) -> None:
    run = terminal.store.create_run(tiny, "reported")
    writer = terminal.store.claim(run.id, "test")
    where = Position(12, 4.0, "evaluation")
    writer.write(
        metrics=[
            MetricPoint("recon_mse", 0.5, Position(3, 1.0, "layer1")),
            MetricPoint("recon_mse", 0.25, Position(6, 2.0, "layer1")),
            MetricPoint("log_likelihood_ais", -98.5, where),
            MetricPoint("samples.dreams.precision", 0.75, where),
        ]
    )
    page = replay_file(run).decode()
    plain = re.sub(' data-name="[^"]*"', "", page)
    for cells in (
        ("layer 1", "Reconstruction error", "0.250", "squared error per pixel"),
        ("evaluation", "Log-likelihood, variational lower bound", "−98.5", "nats per image"),
        ("evaluation", "Precision of dreams", "0.750", "share, 0 to 1"),
    ):
        stage, figure, value, unit = cells
        assert f'{stage}</th><td>{figure}</td><td class="number">{value}</td><td>{unit}</td>' in plain
    assert "optimistic" in page


def test_the_replay_asks_nobody_for_anything(run: Run) -> None:
    page = replay_file(run).decode()
    outside = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
    addresses = set(re.findall(r"""["'(]((?:https?:)?//[^"')\s]+)""", outside))
    assert addresses <= {"http://www.w3.org/2000/svg"}, "a name of a kind of markup, which nobody fetches"
    assert "default-src 'none'" in page
    assert not re.search(r"<(link|iframe|object|embed)\b|\b(src|href)=\"(?!data:|#report-\d+\")", outside)


def test_a_name_can_neither_end_the_data_nor_begin_anything(terminal: Terminal, run: Run) -> None:
    run.rename(HOSTILE)
    run.annotate(f"{HOSTILE} {{{{script}}}} <!--")
    page = replay_file(run)
    assert b"<img src=x" not in page
    assert page.count(b"</script>") == 2
    assert page.count(b"<script") == 2
    data = data_of(page)
    assert data["run"]["name"] == HOSTILE
    assert data["run"]["note"] == f"{HOSTILE} {{{{script}}}} <!--"


def test_the_same_run_gives_the_same_replay(run: Run) -> None:
    assert replay_file(run) == replay_file(run)


def test_a_hundred_epochs_of_a_hundred_filters_fit_below_ten_megabytes(terminal: Terminal, tiny: RunConfig) -> None:
    run = filmed(terminal, tiny, 108)
    page = replay_file(run)
    assert len(page) < 10_000_000
    data = data_of(page)
    # This noise packs worse than anything that is learnt, of which all 108 fit.
    assert len(data["moments"]) >= 95


def test_pictures_that_do_not_fit_are_thinned_evenly_first_and_last_kept(terminal: Terminal, tiny: RunConfig) -> None:
    run = filmed(terminal, tiny, 60, units=9, size=16)
    whole = replay_file(run)
    limit = len(whole) // 2
    page = replay_file(run, limit)
    assert limit * 0.7 < len(page) < limit
    steps = [moment["step"] for moment in data_of(page)["moments"]]
    assert (steps[0], steps[-1]) == (0, 59)
    gaps = np.diff(steps)
    assert gaps.max() - gaps.min() <= 1
    assert data_of(whole)["notes"] == []
    assert data_of(page)["notes"][0].startswith(f"{len(steps)} of the 60 pictures that the run kept are in this file")


def test_numbers_beyond_their_room_are_thinned_and_the_file_says_so(terminal: Terminal, tiny: RunConfig) -> None:
    run = filmed(terminal, tiny, 1, units=4, size=4)
    writer = terminal.store.claim(run.id, "test")
    writer.write(
        metrics=[MetricPoint("recon_mse", 1 / step, Position(step, step / 7, "layer1")) for step in range(1, 9000)]
    )
    page = replay_file(run, 400_000)
    assert len(page) < 400_000
    (note,) = data_of(page)["notes"]
    assert "of the 9,000 moments that were measured" in note
    assert "the CSV of the run has them all" in note


def test_a_run_without_pictures_has_a_replay_of_its_numbers_and_no_film(
    terminal: Terminal, tiny: RunConfig, tmp_path: Path
) -> None:
    run = terminal.store.create_run(tiny, "blind")
    terminal.store.claim(run.id, "test").write(metrics=[MetricPoint("recon_mse", 0.5, Position(1, 0.1, "layer1"))])
    export(run, tmp_path / "a.html")
    assert data_of((tmp_path / "a.html").read_bytes())["moments"] == []
    for suffix in ("gif", "png"):
        message = terminal.refusal("export", run.id, "--to", tmp_path / f"a.{suffix}")
        assert "no picture of its filters yet" in message
        assert not (tmp_path / f"a.{suffix}").exists()


def test_the_film_has_a_frame_for_each_picture_and_the_picture_is_the_newest(
    terminal: Terminal, tiny: RunConfig, tmp_path: Path
) -> None:
    run = filmed(terminal, tiny, 7, units=5, size=8)
    terminal.run("export", run.id, "--to", tmp_path / "a.gif")
    assert frames_of(tmp_path / "a.gif") == 7
    terminal.run("export", run.id, "--to", tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (4 * (3 * 9 - 1), 4 * (2 * 9 - 1))


def test_a_long_film_is_thinned(terminal: Terminal, tiny: RunConfig, tmp_path: Path) -> None:
    run = filmed(terminal, tiny, 150, units=1, size=3)
    terminal.run("export", run.id, "--to", tmp_path / "a.gif")
    assert frames_of(tmp_path / "a.gif") == 120


def test_a_real_run_can_be_taken_away_in_every_form(terminal: Terminal, tmp_path: Path) -> None:
    settings = ("--set", "layers=7,5", "--set", "epochs=1", "--set", "data.train_size=60", "--set", "batch_size=20")
    terminal.run("train", *settings, "--name", "real", "--json")
    for suffix in ("html", "gif", "png", "csv", "zip"):
        terminal.run("export", "real", "--to", tmp_path / f"real.{suffix}")
    data = data_of((tmp_path / "real.html").read_bytes())
    assert {moment["stage"] for moment in data["moments"]} == {"layer1", "layer2"}
    assert all("strip" in moment for moment in data["moments"])
    assert len(data["originals"]) == 1, "the originals are in the file once"
    assert terminal.run("import", tmp_path / "real.zip").stdout == "real (2)\n"


def test_evenly_keeps_both_ends() -> None:
    assert evenly(range(10), 4) == [0, 3, 6, 9]
    assert evenly(range(3), 9) == [0, 1, 2]
    assert evenly(range(10), 1) == [9]
    assert evenly([], 3) == []


def test_the_help_names_every_form(terminal: Terminal) -> None:
    text = terminal.run("export", "--help").stdout
    assert all(suffix in text for suffix in (".zip", ".html", ".gif", ".png", ".csv"))


def test_a_picture_of_the_replay_is_the_picture_of_the_store(terminal: Terminal, run: Run) -> None:
    (moment,) = data_of(replay_file(run))["moments"]
    info = run.latest_snapshot("filters")
    assert info is not None
    picture = Image.open(io.BytesIO(base64.b64decode(moment["src"].partition(",")[2])))
    first = np.asarray(picture)[:28, :28].astype(float) - 128
    stored = run.snapshot(info.id).pixels[0].astype(float) - 128
    np.testing.assert_allclose(first / 63, np.clip(stored / 127, -1, 1), atol=0.5 / 63 + 1e-9)
    assert moment["scale"] == info.scale
