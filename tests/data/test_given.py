"""Images given to a trained network are fitted to what it has learnt, as those of data sets are."""

from pathlib import Path

import numpy as np
import pytest

from dbn_core.data.own import add_images, load_own
from dbn_core.data.own.given import given_images
from dbn_core.data.scale import PIXELS, Scale
from dbn_core.data.views import luma
from dbn_core.errors import DataError
from tests.data.own_samples import laid_out, many, npz, picture, png, zipped


def test_images_are_cut_resized_and_ordered_as_a_data_set_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_DATA", str(tmp_path / "data"))
    folder = laid_out(many(53, colour=True), tmp_path / "photos")
    add_images(folder, "photos", size=5, grey=True)
    given = given_images(folder, (5, 5))
    assert given.names == tuple(f"{index:03}.png" for index in range(53))
    stored = load_own("own/photos", tmp_path / "data")
    rows = {row.tobytes() for row in np.concatenate([stored.train, stored.test])}
    assert {row.tobytes() for row in given.numbers} == rows
    assert given.numbers.shape == (53, 5, 5)


def test_folders_in_archives_name_files_and_ask_for_no_classes(tmp_path: Path) -> None:
    files = {"1.png": png(picture(1)), "cat/2.png": png(picture(2)), "train/dog/3.png": png(picture(3))}
    (tmp_path / "mixed.zip").write_bytes(zipped(files).read())
    for source in (tmp_path / "mixed.zip", laid_out(files, tmp_path / "mixed")):
        given = given_images(source, (7, 11))
        assert given.names == ("1.png", "cat/2.png", "train/dog/3.png")
        np.testing.assert_array_equal(given.numbers, np.stack([picture(number) for number in (1, 2, 3)]))


def test_one_image_file_is_enough_even_where_it_is_dark_or_black(tmp_path: Path) -> None:
    for level in (0, 40):
        dark = np.full((7, 11), level, np.uint8)
        (tmp_path / "night.png").write_bytes(png(dark))
        given = given_images(tmp_path / "night.png", (7, 11))
        np.testing.assert_array_equal(given.numbers, dark[None])
        assert given.names == ("night.png",)


def test_rows_of_arrays_and_tables_are_numbered_from_1_and_scaled_as_a_data_set(tmp_path: Path) -> None:
    images = np.stack([picture(index, 5, 5) for index in range(3)])
    (tmp_path / "a.npz").write_bytes(npz(images=images / 255).read())
    np.save(tmp_path / "b.npy", images)
    rows = "\n".join(",".join(map(str, row)) for row in images.reshape(3, 25).tolist())
    (tmp_path / "c.csv").write_text(rows)
    for name in ("a.npz", "b.npy", "c.csv"):
        given = given_images(tmp_path / name, (5, 5))
        assert given.names == ("1", "2", "3")
        np.testing.assert_array_equal(given.numbers, images)
    assert "0 became 0 (black), 1 became 255" in given_images(tmp_path / "a.npz", (5, 5)).notes[0]


def test_no_image_is_read_otherwise_for_those_beside_it(tmp_path: Path) -> None:
    ones, bright = np.eye(7, dtype=np.uint8), np.full((7, 7), 255, np.uint8)
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    laid_out({"a.png": png(ones)}, alone)
    laid_out({"a.png": png(ones), "b.png": png(bright)}, beside)
    np.testing.assert_array_equal(given_images(alone / "a.png", (7, 7)).numbers, ones[None])
    np.testing.assert_array_equal(given_images(alone, (7, 7)).numbers, ones[None])
    np.testing.assert_array_equal(given_images(beside, (7, 7)).numbers[0], ones)
    for scale in (PIXELS, Scale(0, 16)):
        for name, write in WRITERS.items():
            rows = np.stack([ones, ones * 5, ones * 16])
            write(tmp_path / name, rows[:1])
            single = given_images(tmp_path / name, (7, 7), scale)
            write(tmp_path / name, rows)
            np.testing.assert_array_equal(given_images(tmp_path / name, (7, 7), scale).numbers[:1], single.numbers)
            np.testing.assert_allclose(single.numbers[0], ones, atol=scale.white / 509)


def _csv(file: Path, images: np.ndarray) -> None:
    np.savetxt(file, images.reshape(len(images), -1), "%d", ",")


WRITERS = {"x.npy": np.save, "x.csv": _csv}


def test_a_dim_array_is_told_as_what_it_was_taken_for(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.eye(7, dtype=np.uint8)[None])
    (note,) = given_images(tmp_path / "x.npy", (7, 7)).notes
    assert note == "Values from 0 to 1 were found and taken as they are, as parts of 255."
    np.testing.assert_array_equal(given_images(tmp_path / "x.npy", (7, 7), Scale(0, 1)).numbers[0], np.eye(7))


@pytest.mark.parametrize(
    ("name", "images", "scale", "sentence"),
    [
        ("x.npy", np.full((1, 7, 7), 17, np.uint8), Scale(0, 16), "black is 0 and white 16"),
        ("x.npy", np.full((1, 7, 7), 200.0), PIXELS, "reach 200, and if not uint8 they are grey values"),
        ("x.csv", np.full((1, 7, 7), 256), PIXELS, "black is 0 and white 255"),
        ("x.csv", np.full((1, 7, 7), 0.5), PIXELS, "white is 255 in a table for this network; multiply by 255"),
        ("x.png", np.full((7, 7), 2, np.uint8), Scale(0, 1, is_of_files=True), "black is 0 and white 1;"),
    ],
)
def test_what_lies_beyond_the_scale_is_refused(
    name: str, images: np.ndarray, scale: Scale, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    match file.suffix:
        case ".npy":
            np.save(file, images)
        case ".csv":
            np.savetxt(file, images.reshape(1, -1), "%g", ",")
        case _:
            file.write_bytes(png(images))
    with pytest.raises(DataError, match=sentence):
        given_images(file, (7, 7), scale)


def test_colours_follow_those_that_the_network_has_learnt(tmp_path: Path) -> None:
    coloured, grey = picture(1, colour=True), picture(2)
    (tmp_path / "colour.png").write_bytes(png(coloured))
    (tmp_path / "grey.png").write_bytes(png(grey))
    np.testing.assert_array_equal(given_images(tmp_path / "colour.png", (7, 11)).numbers, luma(coloured[None]))
    np.testing.assert_array_equal(given_images(tmp_path / "colour.png", (7, 11, 3)).numbers, coloured[None])
    in_colour = given_images(tmp_path / "grey.png", (7, 11, 3)).numbers
    np.testing.assert_array_equal(in_colour, np.stack([grey] * 3, axis=-1)[None])


def test_whole_images_are_not_shrunk_to_patches_nor_squares_stretched(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(picture()))
    for shape, is_patch in (((5, 5), True), ((5, 7), False)):
        with pytest.raises(DataError, match=f"are 11 x 7, and this network has learnt ones of {shape[1]} x {shape[0]}"):
            given_images(tmp_path / "a.png", shape, is_patch=is_patch)


def test_what_holds_no_images_is_told_in_a_sentence(tmp_path: Path) -> None:
    np.save(tmp_path / "none.npy", np.zeros((0, 5, 5), np.uint8))
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("a")
    sentences = {
        "none.npy": "holds no images",
        "empty": "holds no images",
        "a.txt": r"a\.txt is of a kind that is not read: it is neither a folder nor .* nor an image file \(PNG",
        "no.png": r"There is no .*no\.png",
        "link.png": r"link\.png is a link to nothing",
        "bad.png": r"bad\.png is not an image that can be read",
        "cut.npy": r"cut\.npy is cut short or damaged: its header promises 50 bytes of numbers, and 45 follow; copy",
        "head.npy": r"head\.npy is not a NumPy array, or a damaged one .*; save it again\.$",
        "text.npy": r"text\.npy is not a NumPy array, or a damaged one",
    }
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "bad.png").write_bytes(b"nonsense")
    np.save(tmp_path / "whole.npy", np.zeros((2, 5, 5), np.uint8))
    whole = (tmp_path / "whole.npy").read_bytes()
    for name, content in (("cut.npy", whole[:-5]), ("head.npy", whole[:40]), ("text.npy", b"1, 2, 3")):
        (tmp_path / name).write_bytes(content)
    for name, sentence in sentences.items():
        with pytest.raises(DataError, match=sentence):
            given_images(tmp_path / name, (5, 5))
