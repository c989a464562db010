"""`datasets add` and `remove`: images of one's own from the command line."""

import json
import os
from pathlib import Path

import pytest

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
    one = laid_out({"x.png": png(picture())}, tmp_path / "one") / "x.png"
    assert "x.png is a single image, and a data set is made of many" in terminal.refusal(
        "datasets", "add", one, "--name", "x"
    )
    assert "no name for a data set" in terminal.refusal("datasets", "add", folder, "--name", "../x")
    assert "no data set own/x here" in terminal.refusal("datasets", "remove", "x")
    terminal.run("train", "--set", "data.name=own/x", "--set", "epochs=1", status=2)
    assert "no data set own/x here" in terminal.store.runs()[0].message


def test_a_file_whose_name_begins_with_a_hyphen_is_told_how_to_give_it(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-x.zip").write_bytes(zipped(many(61)).getvalue())
    for arguments in (("datasets", "add", "-x.zip", "--name", "hyphen"), ("import", "-x.zip")):
        assert "A file whose name begins with - is given as ./-NAME." in terminal.refusal(*arguments)
    assert "./-NAME" not in terminal.refusal("datasets", "add", "x.zip", "--title", "hyphen")
    terminal.run("datasets", "add", "./-x.zip", "--name", "hyphen")
    terminal.run("datasets", "add", "--name", "hyphens", "--", "-x.zip")


def test_the_answer_says_classes_counts_values_and_what_was_left_out(terminal: Terminal, tmp_path: Path) -> None:
    files = many(41, "train/cat/") | many(31, "train/dog/") | many(11, "test/cat/") | many(13, "test/dog/")
    folder = laid_out(files | {f"test/{index}.avif": b"x" for index in range(7)}, tmp_path / "in")
    told = terminal.run("datasets", "add", folder, "--name", "parted").stdout
    assert "own/parted: parted (your own), 72 + 24 held-out images of 7x11 in 2 classes." in told
    assert "Classes (training + held out): cat 41 + 11, dog 31 + 13." in told
    assert "Values from 0 to 255 were found and taken as they are" in told
    assert "Left out: 7 .avif files: save those that are pictures as JPEG or PNG and add them again." in told
    assert "below train are trained on, those below test held out" in told


def test_the_answer_as_json(terminal: Terminal, tmp_path: Path) -> None:
    folder = laid_out(many(31, "a/") | many(31, "b/") | {"x.avif": b"x"}, tmp_path / "in")
    answer = terminal.json("datasets", "add", folder, "--name", "answered")
    assert answer["name"] == "own/answered"
    assert sum(row["train_count"] + row["test_count"] for row in answer["classes"]) == 62
    assert [row["name"] for row in answer["classes"]] == ["a", "b"]
    assert answer["values"] == {"least": 0, "most": 255, "black": 0, "white": 255}
    assert answer["left_out"] == {".avif": 1}


def test_no_name_of_a_file_steers_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    folder = laid_out(many(53) | {"a\x1b]0;owned\x07\udcff.png": b"x"}, tmp_path / "in")
    for path in (folder, tmp_path / "\x1b[2J\udcff.zip"):
        message = terminal.refusal("datasets", "add", path, "--name", "x")
        assert not set(message) & {"\x1b", "\x07", "\udcff"}
        assert "\ufffd" in message


def test_half_characters_in_a_class_or_a_path_break_no_list(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path / "data\udcff\x9b"))
    terminal.run("datasets", "add", laid_out(many(31, "\udcff/") | many(31, "b/"), tmp_path / "in"), "--name", "x")
    listed = terminal.run("datasets", "--json").stdout
    assert "\x9b" not in listed
    assert next(item for item in json.loads(listed) if item["name"] == "own/x")["classes"] == ["b", "\ufffd"]
    assert "\x9b" not in terminal.run("datasets").stdout


def test_a_damaged_set_is_left_out_of_the_list_with_a_word(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path))
    terminal.run("datasets", "add", laid_out(many(53), tmp_path / "in"), "--name", "sound")
    (tmp_path / "own" / "broken.npz").write_bytes(b"PK nonsense")
    result = terminal.run("datasets", "--json")
    assert "own/sound" in {item["name"] for item in json.loads(result.stdout)}
    assert "broken.npz is damaged; remove own/broken and add its images again." in result.stderr
