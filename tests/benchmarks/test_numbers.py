"""The table of numbers: a row runs, says what it reached, and is kept; what was not run is said to be so."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from benchmarks.numbers import main
from benchmarks.rows import ROWS
from benchmarks.rows.autoencoder import Autoencoder, pca_error, squared_error
from benchmarks.rows.bench import Bench
from benchmarks.rows.row import Goal
from benchmarks.rows.subset import read_subset
from benchmarks.rows.table import Measurement, Table, as_markdown
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import DataError
from dbn_core.models import DBN
from dbn_core.training.data import TrainingData

ROOT = Path(__file__).parents[2]


def measurement(**changed: Any) -> Measurement:
    """One of an RBM with 16 units, as if it had been run."""
    values: dict[str, Any] = {
        "row": "rbm16",
        "size": "full",
        "data": "mnist",
        "seed": 0,
        "figures": {"centred": -140.5, "plain": -151.25},
        "training_seconds": 90.0,
        "row_seconds": 95.0,
        "processor_seconds": 150.0,
        "date": "2026-01-02",
        "threads": 2,
        "machine": {"processor": "P", "cores": 2, "accelerator": "no GPU", "python": "3", "torch": "2"},
    }
    return Measurement(**(values | changed))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one row of the quick table was measured, as a person does it."""
    folder = tmp_path_factory.mktemp("numbers")
    command = [sys.executable, "-m", "benchmarks.numbers", "--quick", "--only", "rbm16", "--folder", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_quick_row_of_the_enumerable_rbm_beats_independent_pixels_and_centring_helps(folder: Path) -> None:
    measurements = json.loads((folder / "numbers.json").read_text())
    assert [(item["row"], item["size"], item["data"], item["seed"]) for item in measurements] == [
        ("rbm16", "quick", "digits", 0)
    ]
    figures = measurements[0]["figures"]
    data = load_dataset("digits")
    train, test = (torch.tensor(part.reshape(len(part), -1) > 127).double() for part in (data.train, data.test))
    mean = train.mean(0).clamp(1e-3, 1 - 1e-3)
    independent = (test * mean.log() + (1 - test) * (1 - mean).log()).sum(1).mean().item()
    assert independent + 40 < figures["plain"] < figures["centred"] < 0
    assert measurements[0]["training_seconds"] > 0
    assert measurements[0]["threads"] >= 1


def test_a_row_that_is_there_already_is_not_measured_again_and_the_table_shows_it(folder: Path) -> None:
    before = (folder / "numbers.json").read_text()
    arguments = ["--quick", "--only", "rbm16", "--folder", str(folder)]
    result = CliRunner().invoke(main, arguments)
    assert "rbm16: measured already" in result.output
    assert (folder / "numbers.json").read_text() == before
    table = CliRunner().invoke(main, ["--quick", "--table", "--folder", str(folder)]).output
    assert "nats (digits)" in table
    assert table.count("not run") == len(ROWS) - 1


def test_a_row_without_its_data_is_skipped_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path))
    result = CliRunner().invoke(main, ["--full", "--only", "dropout", "--folder", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "dropout: skipped: MNIST is not here: set DBN_DATA to the folder that holds it." in result.output
    assert not (tmp_path / "out").exists()


def test_an_unknown_row_is_answered_with_the_rows_there_are() -> None:
    result = CliRunner().invoke(main, ["--only", "rbm17"])
    assert result.exit_code == 2
    assert "'rbm17'" in result.output
    assert "rbm16" in result.output


def test_a_new_measurement_takes_the_place_of_the_old_one_of_the_same_row_size_and_seed(tmp_path: Path) -> None:
    table = Table(tmp_path / "numbers.json")
    for item in (measurement(), measurement(seed=3), measurement(figures={"centred": -1.0, "plain": -2.0})):
        table.add(item)
    assert [(item.seed, item.figures["centred"]) for item in table.all()] == [(3, -140.5), (0, -1.0)]
    assert [item.seed for item in table.of("full", 3)] == [3]
    assert [path.name for path in tmp_path.iterdir()] == ["numbers.json"]


def test_the_table_says_which_goals_were_reached_and_what_was_not_run() -> None:
    text = as_markdown(ROWS, [measurement()], "full")
    assert "centred -140.50, plain -151.25 nats (mnist)" in text
    assert "centred >= -142.6: reached; plain >= -149.1: **not reached**" in text
    assert "1.5 min | 2.5 min | 0 |" in text
    assert text.count("not run") == len(ROWS) - 1


def test_a_goal_counts_from_its_limit_on() -> None:
    assert Goal("gap", 0.5).is_reached({"gap": 0.5})
    assert not Goal("gap", 0.5).is_reached({"gap": 0.51})
    assert Goal("AIS", -84.0, at_least=True).is_reached({"AIS": -84.0})
    assert not Goal("AIS", -84.0, at_least=True).is_reached({"AIS": -84.01})


def test_pretraining_is_kept_and_taken_up_again_with_its_seconds(tmp_path: Path) -> None:
    bench = Bench("quick", "digits", 0, tmp_path, lambda _: None)
    config = bench.config({"data.train_size": 101, "layers": [7], "epochs": 2})
    first, again = bench.pretrained(config), bench.pretrained(config)
    assert torch.equal(first.learner.dbn.layers[0].W, again.learner.dbn.layers[0].W)
    assert first.seconds == again.seconds > 0
    other = bench.pretrained(config.with_values({"seed": 1}))
    assert not torch.equal(first.learner.dbn.layers[0].W, other.learner.dbn.layers[0].W)


def test_a_stage_after_pretraining_equals_the_same_run_in_one_go(tmp_path: Path) -> None:
    bench = Bench("quick", "digits", 0, tmp_path, lambda _: None)
    config = bench.config({"data.train_size": 101, "layers": [7, 5], "epochs": 2})
    whole = config.with_values({"finetune.epochs": 3})
    parts, at_once = bench.train(whole, bench.pretrained(config)), bench.train(whole)
    together, wanted = parts.learner.state(), at_once.learner.state()
    assert together.keys() == wanted.keys()
    assert all(torch.equal(together[name], wanted[name]) for name in wanted)


def test_an_unrolled_autoencoder_begins_as_the_network_that_was_pretrained() -> None:
    generator = torch.Generator().manual_seed(0)
    dbn = DBN([13, 11, 7, 3], generator=generator)
    v = torch.rand(17, 13, generator=generator)
    # The weights of a new network are small, where a linear code and a logistic one say the same.
    torch.testing.assert_close(Autoencoder(dbn)(v), dbn.reconstruct(v), atol=1e-6, rtol=0)


def test_squared_errors_are_sums_over_pixels_and_pca_is_exact_with_as_many_components_as_images_differ_in() -> None:
    rows = torch.randint(0, 256, (19, 6), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)
    data = TrainingData.of(RunConfig(), (rows, None), (rows, None), (), (2, 3))
    assert pca_error(data, 6) == pytest.approx(0, abs=1e-9)
    centred = rows.double() / 255 - (rows.double() / 255).mean(0)
    spread = torch.linalg.svdvals(centred)
    assert pca_error(data, 2) == pytest.approx((spread[2:].square().sum() / 19).item(), rel=1e-6)

    class Black(torch.nn.Module):
        def forward(self, v: torch.Tensor) -> torch.Tensor:
            return torch.zeros_like(v)

    wanted = (rows.double() / 255).square().sum().item() / 19
    assert squared_error(Black(), data) == pytest.approx(wanted, rel=1e-6)


def test_a_subset_stands_in_for_a_data_set_and_one_that_lacks_an_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "subset.npz"
    images = np.arange(5 * 2 * 3 * 3, dtype=np.uint8).reshape(5, 2, 3, 3)
    labels, split = np.array([0, 1, 0, 1, 1]), np.array([0, 1, 0, 0, 1])
    np.savez(path, images=images, labels=labels, split=split, class_names=np.array(["cat", "dog"]))
    data = read_subset(path)
    assert (data.train.shape, data.test.shape, data.shape) == ((3, 2, 3, 3), (2, 2, 3, 3), (2, 3, 3))
    assert data.train_labels.tolist() == [0, 0, 1]
    assert data.label_names == ("cat", "dog")
    np.savez(path, images=images, labels=labels, split=split)
    with pytest.raises(DataError, match="no array class_names"):
        read_subset(path)
