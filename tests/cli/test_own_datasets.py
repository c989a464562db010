"""`datasets add` and `remove`: images of one's own from the command line."""

import os
from pathlib import Path

from tests.cli.conftest import Terminal
from tests.data.own_samples import laid_out, many, picture, png, zipped


def test_a_folder_is_added_listed_and_removed(terminal: Terminal, tmp_path: Path) -> None:
    folder = laid_out(many(31, "cat/", colour=True) | many(31, "dog/", colour=True), tmp_path / "pets")
    told = terminal.run("datasets", "add", folder, "--name", "pets", "--size", "5", "--grey").stdout
    assert "own/pets: pets (your own), 52 + 10 held-out images of 5x5 in 2 classes" in told
    assert "train --set data.name=own/pets" in told
    entry = next(item for item in terminal.json("datasets") if item["name"] == "own/pets")
    assert entry["present"]
    assert entry["classes"] == ["cat", "dog"]
    assert entry["shape"] == [5, 5, 1]
    assert (Path(os.environ["DBN_DATA"]) / "own" / "pets.npz").is_file()
    assert "Removed own/pets" in terminal.run("datasets", "remove", "pets").stdout
    assert all(item["name"] != "own/pets" for item in terminal.json("datasets"))


def test_a_run_learns_from_ones_own_images(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(zipped(many(61)).getvalue())
    terminal.run("datasets", "add", file, "--name", "mine")
    settings = ("data.name=own/mine", "layers=7", "epochs=1", "batch_size=20")
    terminal.run("train", *(part for setting in settings for part in ("--set", setting)))
    (run,) = terminal.store.runs()
    assert (run.config.data.name, run.status.value) == ("own/mine", "done")
    filters = terminal.store.run(run.id).latest_snapshot("filters")
    assert filters is not None
    assert filters.shape == (7, 7, 11)


def test_what_cannot_be_added_is_refused_in_a_sentence(terminal: Terminal, tmp_path: Path) -> None:
    folder = laid_out(many(53) | {"big.png": png(picture(1, 13, 13))}, tmp_path / "in")
    assert "differ in size" in terminal.refusal("datasets", "add", folder, "--name", "x")
    assert "There is no" in terminal.refusal("datasets", "add", tmp_path / "nothing", "--name", "x")
    assert "no name for a data set" in terminal.refusal("datasets", "add", folder, "--name", "../x")
    assert "no data set own/x here" in terminal.refusal("datasets", "remove", "x")
    terminal.run("train", "--set", "data.name=own/x", "--set", "epochs=1", status=2)
    assert "no data set own/x here" in terminal.store.runs()[0].message
