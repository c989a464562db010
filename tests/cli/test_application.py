"""`features` and `predict`: a trained network applied to a person's images."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dbn_core.data import load_dataset
from dbn_core.loaded import LoadedModel, load
from dbn_core.worker import train_run
from tests.cli.conftest import Terminal
from tests.inference.training import StoredRun, trained_in_a_store

DIGITS = load_dataset("digits").test[:7]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    settings = {"data.train_size": 300, "layers": [13, 5], "epochs": 2, "batch_size": 20, "finetune.epochs": 3}
    return trained_in_a_store(tmp_path_factory, "tuned", settings)


@pytest.fixture
def here(done: StoredRun, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("DBN_STORE", done.store.url)
    return Terminal(done.store)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Digits, one of them of another size and one drawn anew as noise, beside a file that is no image."""
    folder = tmp_path / "digits"
    folder.mkdir()
    for number, digit in enumerate(DIGITS):
        Image.fromarray(digit).save(folder / f"{number}.png")
    noise = np.random.default_rng(1).integers(0, 256, (56, 56), np.uint8)
    Image.fromarray(noise).save(folder / "noise.png")
    (folder / "notes.txt").write_text("mine")
    return folder


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows], np.float32)


def model(done: StoredRun) -> LoadedModel:
    return load("tuned", store=done.store.url)


@pytest.mark.parametrize("layer", [1, 2, None])
def test_features_of_a_layer_are_written_as_numbers_and_as_a_table(
    here: Terminal, done: StoredRun, folder: Path, tmp_path: Path, layer: int | None
) -> None:
    chosen = () if layer is None else ("--layer", layer)
    for suffix in ("npy", "csv"):
        here.run("features", "tuned", "--images", folder, "--to", tmp_path / f"out.{suffix}", *map(str, chosen))
    expected = model(done).features(DIGITS, layer).numpy()
    written = np.load(tmp_path / "out.npy", allow_pickle=False)
    assert written.dtype == np.float32
    np.testing.assert_allclose(written[:7], expected, rtol=1e-6)
    rows = table(tmp_path / "out.csv")
    assert [row["image"] for row in rows] == [*(f"{number}.png" for number in range(7)), "noise.png"]
    units = np.stack([column(rows, f"unit_{unit}") for unit in range(expected.shape[1])], axis=1)
    np.testing.assert_array_equal(units, written)


def test_the_names_of_rows_lie_beside_an_npy_in_the_order_of_people(
    here: Terminal, done: StoredRun, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name, digit in zip(("b10", "b2", "a"), DIGITS, strict=False):
        Image.fromarray(digit).save(tmp_path / "in" / f"{name}.png")
    told = here.run("features", "tuned", "--images", tmp_path / "in", "--to", tmp_path / "out.npy").stderr
    assert f"Wrote {tmp_path / 'out.names.txt'}, the file of each row" in told
    assert (tmp_path / "out.names.txt").read_text().split() == ["a.png", "b2.png", "b10.png"]
    expected = model(done).features(DIGITS[[2, 1, 0]]).numpy()
    np.testing.assert_allclose(np.load(tmp_path / "out.npy"), expected, rtol=1e-6)
    np.save(tmp_path / "rows.npy", DIGITS)
    here.run("features", "tuned", "--images", tmp_path / "rows.npy", "--to", tmp_path / "plain.npy")
    assert not (tmp_path / "plain.names.txt").exists(), "rows have no names but their numbers"
    (tmp_path / "new.names.txt").write_text("mine")
    to_new = ("features", "tuned", "--images", tmp_path / "in", "--to", tmp_path / "new.npy")
    assert "new.names.txt is there already" in here.refusal(*to_new)
    assert not (tmp_path / "new.npy").exists()
    here.run(*to_new, "--force")
    assert (tmp_path / "new.names.txt").read_text().startswith("a.png\n")


def test_what_was_cut_resized_and_made_grey_is_told(here: Terminal, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, sides in (("a", (28, 28)), ("b", (56, 56)), ("c", (28, 40, 3)), ("d", (28, 28, 3))):
        pixels = np.random.default_rng(1).integers(0, 256, sides, np.uint8)
        Image.fromarray(pixels).save(tmp_path / "in" / f"{name}.png")
    told = here.run("predict", "tuned", "--images", tmp_path / "in", "--to", tmp_path / "out.csv").stderr
    assert "Cut to their middle square: 1 of 4." in told
    assert "Resized to 28 x 28: 1 of 4." in told
    assert "Made grey, as the network has learnt: 2 of 4." in told
    np.save(tmp_path / "x.npy", np.repeat(DIGITS, 2, axis=2))
    told = here.run("predict", "tuned", "--images", tmp_path / "x.npy", "--to", tmp_path / "x.csv").stderr
    assert "Cut to their middle square: 7 of 7." in told
    assert "Resized" not in told


def test_a_split_is_of_no_account_but_which_rows_are_which_is(here: Terminal, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", x_train=DIGITS[:5], y_train=np.arange(5), x_test=DIGITS[5:], y_test=np.arange(2))
    told = here.run("predict", "tuned", "--images", tmp_path / "x.npz", "--to", tmp_path / "out.csv").stderr
    assert "held out" not in told
    assert "Of the rows 1 to 5 are those of x_train, 6 to 7 are those of x_test." in told


def test_what_the_images_are_read_from_is_never_replaced(here: Terminal, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", DIGITS)
    np.savetxt(tmp_path / "x.csv", DIGITS.reshape(7, 784), "%d", ",")
    (tmp_path / "same.csv").symlink_to(tmp_path / "x.csv")
    (tmp_path / "hard.npy").hardlink_to(tmp_path / "x.npy")
    before = {name: (tmp_path / name).read_bytes() for name in ("x.npy", "x.csv")}
    for command, source, to in (
        ("features", "x.npy", "x.npy"),
        ("features", "x.npy", "hard.npy"),
        ("features", "x.csv", "x.csv"),
        ("predict", "x.csv", "same.csv"),
        ("predict", "same.csv", "x.csv"),
    ):
        told = here.refusal(command, "tuned", "--images", tmp_path / source, "--to", tmp_path / to, "--force")
        assert "which the images are read from; choose another name" in told
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


def test_a_parquet_holds_the_table(here: Terminal, folder: Path, tmp_path: Path) -> None:
    import pyarrow.parquet

    for suffix in ("csv", "parquet"):
        here.run("predict", "tuned", "--images", folder, "--to", tmp_path / f"out.{suffix}")
    read = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pydict()
    rows = table(tmp_path / "out.csv")
    assert list(read) == list(rows[0])
    assert read["class"] == [row["class"] for row in rows]
    np.testing.assert_array_equal(np.array(read["free_energy"], np.float32), column(rows, "free_energy"))


def test_predictions_hold_class_probabilities_and_what_tells_outliers(
    here: Terminal, done: StoredRun, folder: Path, tmp_path: Path
) -> None:
    result = here.run("predict", "tuned", "--images", folder, "--to", tmp_path / "out.csv")
    assert "1 .txt" in result.stderr
    rows, loaded = table(tmp_path / "out.csv"), model(done)
    digits = rows[:7]
    assert [row["class"] for row in digits] == list(loaded.predict(DIGITS))
    shares = np.stack([column(digits, f"p_{label}") for label in range(10)], axis=1)
    np.testing.assert_allclose(shares, loaded.predict_proba(DIGITS).numpy(), rtol=1e-5)
    np.testing.assert_allclose(column(digits, "free_energy"), loaded.free_energy(DIGITS).numpy(), rtol=1e-5)
    np.testing.assert_allclose(column(digits, "recon_mse"), loaded.reconstruction_error(DIGITS).numpy(), rtol=1e-5)
    for name in ("free_energy", "recon_mse"):
        assert max(rows, key=lambda row: float(row[name]))["image"] == "noise.png"


def test_the_answer_as_json_says_what_was_written(
    here: Terminal, done: StoredRun, folder: Path, tmp_path: Path
) -> None:
    answer = here.json("features", "tuned", "--images", folder, "--to", tmp_path / "out.npy", "--layer", "1")
    assert answer == {
        "event": "features",
        "run": done.run.id,
        "file": str(tmp_path / "out.npy"),
        "layer": 1,
        "images": 8,
        "units": 13,
        "names": str(tmp_path / "out.names.txt"),
    }
    assert (tmp_path / "out.names.txt").read_text() == "".join(f"{name}.png\n" for name in (*range(7), "noise"))
    answer = json.loads(
        here.run("predict", "tuned", "--images", folder / "3.png", "--to", tmp_path / "p.csv", "--json").stdout
    )
    assert (answer["event"], answer["images"], answer["columns"][:3]) == ("predictions", 1, ["image", "class", "p_0"])


def test_a_run_is_applied_from_its_file_where_there_is_no_store(
    here: Terminal, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.run("export", "tuned", "--to", tmp_path / "run.safetensors")
    here.run("features", "tuned", "--images", folder, "--to", tmp_path / "a.npy")
    monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'empty.db'}")
    here.run("features", tmp_path / "run.safetensors", "--images", folder, "--to", tmp_path / "b.npy")
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()


def test_what_a_run_has_not_learnt_is_left_out_and_said(terminal: Terminal, folder: Path, tmp_path: Path) -> None:
    from dbn_core.config import RunConfig

    settings = {"data.train_size": 60, "batch_size": 20, "layers": [5], "epochs": 1, "hidden": "relu"}
    run = terminal.store.create_run(RunConfig().with_values(settings), "plain", executor="foreground")
    train_run(terminal.store.url, run.id)
    told = terminal.run("predict", "plain", "--images", folder, "--to", tmp_path / "out.csv").stderr
    assert "Without class: this run has trained no classifier." in told
    assert "Without free_energy" in told
    assert list(table(tmp_path / "out.csv")[0]) == ["image", "recon_mse"]


def test_bad_input_is_refused_in_a_sentence_and_nothing_is_written(
    here: Terminal, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(command: str, name: str, *more: str, run: str = "tuned", images: Path = folder) -> str:
        message = here.refusal(command, run, "--images", images, "--to", tmp_path / name, *more)
        return message.splitlines()[-1]

    assert "must end in .npy or .csv or .parquet" in refusal("features", "out.txt")
    assert "must end in .csv or .parquet" in refusal("predict", "out.npy")
    assert "no layer 3" in refusal("features", "out.npy", "--layer", "3")
    assert "no run with the id or name 'other'" in refusal("predict", "out.csv", run="other")
    assert "There is no" in refusal("predict", "out.csv", images=tmp_path / "nowhere")
    assert "No such file" in refusal("predict", "nowhere/out.csv")
    monkeypatch.setattr("dbn_core.cli.table_file.find_spec", lambda name: None if name == "pyarrow" else 1)
    assert "pyarrow, which is not installed" in refusal("predict", "out.parquet")
    assert not list(tmp_path.glob("out.*"))
    (tmp_path / "out.csv").write_text("mine")
    assert "is there already" in refusal("predict", "out.csv")
    assert (tmp_path / "out.csv").read_text() == "mine"
    here.run("predict", "tuned", "--images", folder, "--to", tmp_path / "out.csv", "--force")
    assert len(table(tmp_path / "out.csv")) == 8
