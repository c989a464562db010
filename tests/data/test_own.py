"""Images of one's own become a data set: folders, archives and arrays; what is wrong is said in one sentence."""

import io
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from PIL import Image

from dbn_core.data import dataset_info, load_dataset
from dbn_core.data.own import add_images, formats, load_own, own_info, own_sets, remove_own
from dbn_core.data.own.material import Material
from dbn_core.errors import DataError
from tests.data.own_samples import laid_out, many, npz, picture, png, zipped


def test_a_folder_of_classes_becomes_a_data_set_that_is_loaded_like_any_other(tmp_path: Path) -> None:
    images = laid_out(
        many(53, "photos/cat/") | many(31, "photos/dog/") | {"photos/notes.txt": b"no image"}, tmp_path / "in"
    )
    info = add_images(images, "pets", folder=tmp_path).info
    assert (info.name, info.shape, info.label_names) == ("own/pets", (7, 11, 1), ("cat", "dog"))
    assert (info.train_count, info.test_count) == (70, 14)
    assert dataset_info("own/pets", tmp_path) == info
    data = load_dataset("own/pets", tmp_path)
    assert data.train.shape == (70, 7, 11)
    assert np.bincount(np.concatenate([data.train_labels, data.test_labels])).tolist() == [53, 31]
    labels = {image.tobytes(): label for image, label in zip(data.train, data.train_labels, strict=True)}
    cats = {picture(index + len("photos/cat/") * 1009).tobytes() for index in range(53)}
    assert {image in cats for image, label in labels.items() if label == 0} == {True}


def test_the_same_images_always_give_the_same_split(tmp_path: Path) -> None:
    add_images(("a.zip", zipped(many(61))), "first", folder=tmp_path)
    add_images(laid_out(many(61), tmp_path / "in"), "second", folder=tmp_path)
    first, second = load_own("own/first", tmp_path), load_own("own/second", tmp_path)
    assert np.array_equal(first.train, second.train)
    assert np.array_equal(first.test, second.test)
    assert first.label_names == ()


def test_images_in_order_are_shuffled_so_that_a_first_part_is_a_fair_sample(tmp_path: Path) -> None:
    add_images(("a.zip", zipped(many(53, "a/") | many(53, "b/"))), "ab", folder=tmp_path)
    labels = load_own("own/ab", tmp_path).train_labels
    assert 10 < labels[:41].sum() < 31


def test_folders_train_and_test_name_the_split(tmp_path: Path) -> None:
    files = many(41, "train/a/") | many(13, "train/b/") | many(17, "test/a/")
    info = add_images(("x.zip", zipped(files)), "x", folder=tmp_path).info
    assert (info.train_count, info.test_count, info.label_names) == (54, 17, ("a", "b"))


def test_arrays_come_with_labels_class_names_and_split(tmp_path: Path) -> None:
    images = np.stack([picture(index, colour=True) for index in range(67)])
    labels = np.arange(67) % 3
    split = np.arange(67) >= 50
    file = npz(images=images, labels=labels, class_names=np.array(["x", "y", "z"]), split=split)
    info = add_images(("x.npz", file), "arrays", folder=tmp_path).info
    assert (info.shape, info.label_names, info.test_count) == ((7, 11, 3), ("x", "y", "z"), 17)
    data = load_own("own/arrays", tmp_path)
    at = {image.tobytes(): index for index, image in enumerate(images)}
    assert sorted(at[image.tobytes()] for image in data.test) == list(range(50, 67))
    assert all(labels[at[i.tobytes()]] == label for i, label in zip(data.train, data.train_labels, strict=True))


def test_labels_that_are_texts_name_the_classes(tmp_path: Path) -> None:
    labels = np.array(["dog", "ant", "cat"])[np.arange(59) % 3]
    images = np.stack([picture(index) for index in range(59)])
    assert add_images(("x.npz", npz(images=images, labels=labels)), "x", folder=tmp_path).info.label_names == (
        "ant",
        "cat",
        "dog",
    )


def test_a_size_cuts_to_the_middle_square_and_resizes(tmp_path: Path) -> None:
    files = {}
    for index in range(51):
        wide = np.zeros((8, 24), np.uint8)
        wide[:, 8:16] = np.random.default_rng(index).integers(200, 256, (8, 8))
        files[f"{index}.png"] = png(wide if index % 2 else wide.T)
    info = add_images(("x.zip", zipped(files)), "x", size=5, folder=tmp_path).info
    assert info.shape == (5, 5, 1)
    assert load_own("own/x", tmp_path).train.min() >= 150


def test_arrays_are_resized_as_files_are(tmp_path: Path) -> None:
    images = np.stack([picture(index, 13, 13) for index in range(53)])
    files = {f"{index:03}.png": png(image) for index, image in enumerate(images)}
    add_images(("x.npz", npz(images=images)), "arrays", size=7, folder=tmp_path)
    add_images(("x.zip", zipped(files)), "files", size=7, folder=tmp_path)
    assert np.array_equal(load_own("own/arrays", tmp_path).train, load_own("own/files", tmp_path).train)


def test_colour_is_kept_unless_grey_is_wanted_or_there_is_none(tmp_path: Path) -> None:
    coloured, plain = (
        many(53, colour=True),
        {f"p{i}.png": png(np.repeat(picture(i)[..., None], 3, 2)) for i in range(53)},
    )
    assert add_images(("x.zip", zipped(coloured)), "colour", folder=tmp_path).info.shape == (7, 11, 3)
    assert add_images(("x.zip", zipped(coloured | plain)), "mixed", folder=tmp_path).info.shape == (7, 11, 3)
    assert add_images(("x.zip", zipped(plain)), "plain", folder=tmp_path).info.shape == (7, 11, 1)
    assert add_images(("x.zip", zipped(coloured)), "grey", grey=True, folder=tmp_path).info.shape == (7, 11, 1)
    wanted = np.asarray(Image.fromarray(picture(0, colour=True)).convert("L"))
    data = load_own("own/grey", tmp_path)
    assert any(np.array_equal(image, wanted) for image in (*data.train, *data.test))


def test_other_images_under_a_name_are_read_anew(tmp_path: Path) -> None:
    add_images(("x.zip", zipped(many(53))), "x", folder=tmp_path)
    before = load_dataset("own/x", tmp_path)
    assert load_dataset("own/x", tmp_path) is before
    remove_own("own/x", tmp_path)
    add_images(("x.zip", zipped(many(67))), "x", folder=tmp_path)
    assert len(load_dataset("own/x", tmp_path).train) == 56


def test_what_was_removed_is_gone_and_the_message_says_how_to_add_it(tmp_path: Path) -> None:
    add_images(("x.zip", zipped(many(53))), "x", folder=tmp_path)
    assert [info.name for info in own_sets(tmp_path)] == ["own/x"]
    remove_own("own/x", tmp_path)
    assert own_sets(tmp_path) == ()
    for ask in (own_info, load_own, remove_own):
        with pytest.raises(DataError, match=r"no data set own/x here; .*datasets add PATH --name x"):
            ask("own/x", tmp_path)


def test_a_damaged_set_is_left_out_of_the_list_and_named_when_asked_for(tmp_path: Path) -> None:
    add_images(("x.zip", zipped(many(53))), "x", folder=tmp_path)
    (tmp_path / "own" / "y.npz").write_bytes(b"PK nonsense")
    assert [info.name for info in own_sets(tmp_path)] == ["own/x"]
    with pytest.raises(DataError, match=r"y\.npz is damaged; remove own/y"):
        load_dataset("own/y", tmp_path)


@pytest.mark.parametrize("name", ["", "Cats", "a b", "../x", "a/b", "x" * 41, "cäts", "own/own/x"])
def test_a_name_is_small_letters_digits_and_hyphens(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no name for a data set"):
        add_images(("x.zip", zipped(many(53))), name, folder=tmp_path)


def test_a_name_is_given_once(tmp_path: Path) -> None:
    add_images(("x.zip", zipped(many(53))), "own/x", folder=tmp_path)
    with pytest.raises(DataError, match="already a data set own/x"):
        add_images(("x.zip", zipped(many(53))), "x", folder=tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds no images;"),
        ({"a.txt": b"x"}, r"holds no images; .* Left out: 1 \.txt file: labels are read from"),
        (many(1), r"There is only 1 image; a network needs at least 50"),
        (many(49), "only 49 images; a network needs at least 50"),
        (many(53) | {"big.png": png(picture(1, 13, 11))}, r"000\.png is 11 x 7 and big\.png 11 x 13; choose one size"),
        (many(53) | {"zz.png": b"\x89PNG nonsense"}, r"zz\.png is not an image"),
        (many(53) | {"zz.png": png(picture(1))[:40]}, r"zz\.png is not an image"),
        (many(53) | {"zz.png": png(np.zeros((7, 11), np.uint16))}, r"zz\.png has pixels of a kind"),
        (many(53, "a/") | many(1), r"000\.png lies beside them"),
        (
            {f"{i}.png": png(picture(i, 131, 7)) for i in range(50)},
            "is 7 x 131 pixels and the lab trains on at most 128",
        ),
        (many(11, "train/") | many(53, "test/") | {}, None),
        (many(7, "test/") | many(53, "train/"), "53 are for training and 7 held out"),
        ({f"{i}/a.png": png(picture(i)) for i in range(101)}, "There are 101 classes; at most 100"),
    ],
)
def test_what_is_wrong_with_the_images_is_said_in_a_sentence(
    files: dict[str, bytes], message: str | None, tmp_path: Path
) -> None:
    if message is None:
        add_images(("x.zip", zipped(files)), "x", folder=tmp_path)
        return
    with pytest.raises(DataError, match=message):
        add_images(("x.zip", zipped(files)), "x", folder=tmp_path)
    assert own_sets(tmp_path) == ()
    assert not list(tmp_path.rglob("*.npz"))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"weights": np.zeros(3)}, "has no array `images`"),
        ({"images": np.zeros((53, 7, 7), np.complex64)}, r"holds complex64"),
        ({"images": np.array(["a"] * 53)}, r"is <U1 of shape \(53,\)"),
        ({"images": np.zeros((53, 7, 7, 4), np.uint8)}, r"shape \(53, 7, 7, 4\)"),
        ({"images": np.zeros((0, 7, 7), np.uint8)}, "holds no images"),
        ({"images": np.zeros((53, 7, 7), object)}, "holds object"),
        ({"images": np.zeros((53, 7, 7), np.uint8), "labels": np.zeros(51, int)}, r"`labels` .* shape \(51,\)"),
        ({"images": np.zeros((53, 7, 7), np.uint8), "split": np.full(53, 2)}, "other numbers than 0"),
        (
            {"images": np.zeros((53, 7, 7), np.uint8), "labels": np.full(53, 2), "class_names": np.array(["a", "b"])},
            "beyond its 2 `class_names`",
        ),
        ({"images": np.zeros((53, 131, 7), np.uint8)}, "are 7 x 131; the lab trains on 3 to 128"),
    ],
)
def test_what_is_wrong_with_arrays_is_said_with_what_is_wanted(
    arrays: dict[str, np.ndarray], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        add_images(("x.npz", npz(**arrays)), "x", folder=tmp_path)


def test_a_source_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no .*missing\.zip"):
        add_images(tmp_path / "missing.zip", "x", folder=tmp_path)
    (tmp_path / "x.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(
        DataError,
        match=r"x\.pkl is of a kind that is not read: it is neither a folder nor a \.zip, .* or a \.tar, nor an image",
    ):
        add_images(tmp_path / "x.pkl", "x", folder=tmp_path)
    with pytest.raises(DataError, match="size of 2 is not allowed; give 3 to 128"):
        add_images(("x.zip", io.BytesIO()), "x", size=2, folder=tmp_path)


def test_a_browser_offers_every_kind_of_file_by_its_endings() -> None:
    offered = {ending for kind in formats.FORMATS for ending in kind.uploads}
    arrays = {"npz", "npy", "csv", "parquet", "mat", "idx", "idx.gz", "idx3-ubyte", "idx3-ubyte.gz", "gz"}
    assert offered == {"zip", "tar", "tar.gz", "tgz", *arrays}


def test_another_kind_of_file_is_its_reader_and_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(file: IO[bytes], name: str, size: int | None) -> Material:
        assert (name, size) == ("x.raw", None)
        return Material(np.frombuffer(file.read(), np.uint8).reshape(-1, 7, 11), None, (), None)

    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, formats.Format(".raw", "a", "of grey values", read)))
    pixels = np.random.default_rng(0).integers(0, 256, (53, 7, 11), np.uint8)
    add_images(("x.raw", io.BytesIO(pixels.tobytes())), "x", folder=tmp_path)
    data = load_own("own/x", tmp_path)
    assert {image.tobytes() for image in (*data.train, *data.test)} == {image.tobytes() for image in pixels}
    with pytest.raises(DataError, match=r"nor a \.zip, .* or a \.raw"):
        add_images(("x.rar", io.BytesIO()), "y", folder=tmp_path)
    assert formats.described().endswith("; or a .raw of grey values")
