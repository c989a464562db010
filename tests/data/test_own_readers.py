"""Other kinds of files with images: tables, single arrays, Keras' data sets, tar archives; sound and hostile ones."""

import gzip
import io
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbn_core.data.dataset import Dataset
from dbn_core.data.own import Added, add_images, limits, load_own
from dbn_core.errors import DataError
from tests.data import test_own_mat as matlab
from tests.data import test_own_parquet as columns
from tests.data.own_samples import many, npz, picture, png, refused, zipped

IMAGES = np.stack([picture(index, 7, 7) for index in range(53)])
LABELS = np.arange(53) % 3


def taken(name: str, content: bytes, tmp_path: Path) -> tuple[Added, Dataset]:
    return add_images((name, io.BytesIO(content)), "x", folder=tmp_path), load_own("own/x", tmp_path)


def holds(data: Dataset, images: np.ndarray, labels: np.ndarray | None = None) -> bool:
    """Whether these are its images, each with its label."""
    known = np.zeros(len(images), int) if labels is None else labels
    wanted = {(image.tobytes(), int(label)) for image, label in zip(images, known, strict=True)}
    parts = ((data.train, data.train_labels), (data.test, data.test_labels))
    return wanted == {(i.tobytes(), int(label)) for part in parts for i, label in zip(*part, strict=True)}


# -- tables ------------------------------------------------------------------------------------------------------------


def table(labels_at: int | None, head: str = "", sign: str = ",", end: str = "\n") -> bytes:
    rows = IMAGES.reshape(53, 49).astype(int)
    rows[0, 0], rows[0, -1] = 211, 213  # more values at both ends than classes are allowed only with all 53 rows
    if labels_at is not None:
        rows = np.insert(rows, labels_at, LABELS, axis=1)
    lines = [head] if head else []
    return end.join([*lines, *(sign.join(map(str, row)) for row in rows.tolist())]).encode()


def heads(labels_at: int, name: str = "label") -> str:
    names = [f"pixel{index}" for index in range(49)]
    names.insert(labels_at, name)
    return ",".join(names)


def test_columns_stand_in_the_order_of_the_numbers_in_their_names(tmp_path: Path) -> None:
    lines = [line.split(",") for line in table(0, heads(0)).decode().split("\n")]
    shuffled = [0, *np.random.default_rng(3).permutation(np.arange(1, 50)).tolist()]
    content = "\n".join(",".join(line[place] for place in shuffled) for line in lines).encode()
    added, data = taken("x.csv", content, tmp_path)
    _, plain = add_images(("x.csv", io.BytesIO(table(0, heads(0)))), "y", folder=tmp_path), load_own("own/y", tmp_path)
    assert {image.tobytes() for image in data.train} == {image.tobytes() for image in plain.train}
    assert "The columns were put in the order of the numbers in their names." in added.sentences


@pytest.mark.parametrize("at", [0, 23, 49])
@pytest.mark.parametrize("name", ["label", '"Class"', " target"])
def test_a_table_as_of_kaggle_is_read_wherever_its_labels_are(at: int, name: str, tmp_path: Path) -> None:
    added, data = taken("train.csv", table(at, heads(at, name)), tmp_path)
    assert (added.info.shape, added.info.label_names) == ((7, 7, 1), ("0", "1", "2"))
    changed = IMAGES.copy()
    changed[0, 0, 0], changed[0, -1, -1] = 211, 213
    assert holds(data, changed, LABELS)
    assert f"Column {at + 1} of 50 was read as the labels." in added.sentences


@pytest.mark.parametrize(("sign", "end"), [(",", "\r\n"), (";", "\n"), ("\t", "\n\n")])
def test_a_table_without_labels_may_have_any_usual_separator(sign: str, end: str, tmp_path: Path) -> None:
    added, _ = taken("x.CSV", b"\xef\xbb\xbf" + table(None, sign=sign, end=end), tmp_path)
    assert (added.info.shape, added.info.label_names) == ((7, 7, 1), ())
    assert "Rows of 49 numbers were read as images of 7 x 7." in added.sentences


def test_without_heads_the_only_column_that_can_be_labels_is(tmp_path: Path) -> None:
    rows = np.concatenate([IMAGES.reshape(53, 49).astype(int), LABELS[:, None]], axis=1)
    rows[:, 0] = 0  # a border, as of most digits
    content = "\n".join(",".join(map(str, row)) for row in rows.tolist()).encode()
    added, _ = taken("optdigits.csv", content, tmp_path)
    assert added.info.label_names == ("0", "1", "2")
    assert "Column 50 of 50 was read as the labels." in added.sentences


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no rows of numbers"),
        (b"label,a,b\n", "holds no rows of numbers"),
        (table(0), "the first and the last column may be the labels; name the columns"),
        (table(None, "a,b").replace(b"\n", b"\nx,", 2), "no table of numbers alone"),
        (b"1,2,3,4\n1,2,3\n", "no table of numbers alone"),
        (b"1,2,3,4,5\n" * 60, "no column at an end may be the labels"),
        (b"1,2,3,4,5,6,7\n" * 60, "rows of 7 numbers, which make no square image"),
        (b"1,2\n\xff\xfe,3\n", "is not text in UTF-8"),
        (b"1," * 20_000 + b"1\n", "has more columns than an image of 128 x 128"),
        (table(0, heads(0)).replace(b",211,", b",nan,", 1), "hold NaN (1), first in image 0"),
        (table(0, heads(0)).replace(b"\n1,", b"\nnan,", 1), "The labels in column 1 of x.csv hold nan"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(content: bytes, message: str, tmp_path: Path) -> None:
    assert message in refused("x.csv", content, tmp_path)


# -- arrays ------------------------------------------------------------------------------------------------------------


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


@pytest.mark.parametrize("form", [(53, 7, 7), (53, 7, 7, 1), (53, 49)])
def test_a_single_array_is_images(form: tuple[int, ...], tmp_path: Path) -> None:
    added, data = taken("x.npy", npy(IMAGES.reshape(form)), tmp_path)
    assert added.info.label_names == ()
    assert holds(data, IMAGES)


def test_a_single_array_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "holds object" in refused("x.npy", npy(np.array([{"a": 1}] * 53, object)), tmp_path)
    assert "cut short or damaged" in refused("x.npy", npy(IMAGES)[:-1], tmp_path)
    assert "rows of 50 numbers, which make no square image" in refused("x.npy", npy(np.zeros((53, 50))), tmp_path)


@pytest.mark.parametrize("column", [False, True])
def test_a_data_set_of_keras_keeps_its_split(column: bool, tmp_path: Path) -> None:
    labels = LABELS[:, None] if column else LABELS
    file = npz(x_train=IMAGES[:41], y_train=labels[:41], x_test=IMAGES[41:], y_test=labels[41:])
    added, data = taken("mnist.npz", file.getvalue(), tmp_path)
    assert (added.info.train_count, added.info.test_count, added.info.label_names) == (41, 12, ("0", "1", "2"))
    assert holds(data, IMAGES, LABELS)
    assert {image.tobytes() for image in data.test} == {image.tobytes() for image in IMAGES[41:]}
    assert "The images of x_train are trained on, those of x_test held out." in added.sentences


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x_train": IMAGES}, "holds x_train alone"),
        ({"x_train": IMAGES, "x_test": IMAGES, "y_test": LABELS}, "holds x_test, x_train, y_test alone"),
        ({"x_train": IMAGES, "x_test": IMAGES[:, :5]}, r"of shape (53, 7, 7) and `x_test` of (53, 5, 7)"),
        (
            {"x_train": IMAGES, "x_test": IMAGES, "y_train": LABELS, "y_test": LABELS[:5]},
            "`y_test` in x.npz has the shape (5,) for 53 images",
        ),
        (
            {"x_train": IMAGES, "x_test": IMAGES, "y_train": LABELS.astype(str), "y_test": LABELS},
            "`y_train` holds texts and `y_test` does not",
        ),
    ],
)
def test_halves_that_do_not_fit_are_refused(arrays: dict[str, np.ndarray], message: str, tmp_path: Path) -> None:
    assert message in refused("x.npz", npz(**arrays).getvalue(), tmp_path)


@pytest.mark.parametrize(
    "arrays",
    [
        {"X": IMAGES, "y": LABELS[:, None]},
        {"data": IMAGES.reshape(53, 49), "target": LABELS.astype(float)},
        # both, and names that are numbers, as in scikit-learn's digits
        {"data": np.zeros(9), "images": IMAGES, "target": LABELS, "target_names": np.arange(3)},
        {"arr_0": IMAGES, "arr_1": LABELS},  # saved without names
    ],
)
def test_images_and_labels_are_known_by_other_usual_names(arrays: dict[str, np.ndarray], tmp_path: Path) -> None:
    _, data = taken("x.npz", npz(**arrays).getvalue(), tmp_path)
    assert holds(data, IMAGES, LABELS)


def test_of_three_parts_the_test_images_are_held_out_and_the_validation_images_trained_on(tmp_path: Path) -> None:
    at = {"train": slice(0, 31), "val": slice(31, 42), "test": slice(42, 53)}
    images = {f"{part}_images": IMAGES[rows] for part, rows in at.items()}
    labels = {f"{part}_labels": LABELS[rows, None] for part, rows in at.items()}
    added, data = taken("x.npz", npz(**images, **labels).getvalue(), tmp_path)
    assert holds(data, IMAGES, LABELS)
    assert {image.tobytes() for image in data.test} == {image.tobytes() for image in IMAGES[42:]}
    told = "The images of train_images and val_images are trained on, those of test_images held out."
    assert told in added.sentences


def test_without_test_images_the_validation_images_are_held_out(tmp_path: Path) -> None:
    _, data = taken("x.npz", npz(X_train=IMAGES[:41], X_valid=IMAGES[41:]).getvalue(), tmp_path)
    assert {image.tobytes() for image in data.test} == {image.tobytes() for image in IMAGES[41:]}


# -- idx files ---------------------------------------------------------------------------------------------------------


def idx(array: np.ndarray) -> bytes:
    return bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.mark.parametrize(
    "name",
    ["train-images.idx3-ubyte", "train-images-idx3-ubyte", "x.idx", "TRAIN-IMAGES-IDX3-UBYTE", "digits", "x.bin"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_an_idx_file_is_known_by_its_name_or_its_beginning(name: str, packed: bool, tmp_path: Path) -> None:
    content = gzip.compress(idx(IMAGES)) if packed else idx(IMAGES)
    added, data = taken(f"{name}.gz" if packed else name, content, tmp_path)
    assert added.info.label_names == ()
    assert holds(data, IMAGES)


def test_an_idx_file_of_labels_or_of_too_much_or_a_damaged_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "holds labels and no images" in refused("train-labels-idx1-ubyte.idx", idx(np.zeros(53, np.uint8)), tmp_path)
    assert "is cut short: its header promises 2,597 values" in refused("x.idx", idx(IMAGES)[:-3], tmp_path)
    assert "is cut short or damaged" in refused("x.idx.gz", gzip.compress(idx(IMAGES))[:-30], tmp_path)
    assert "not an idx file of unsigned bytes" in refused("x.idx", b"nonsense", tmp_path)
    claim = bytes((0, 0, 8, 3)) + np.array((2**31, 28, 28), ">u4").tobytes()
    assert "promises 1,683,627,180,032 values; at most" in refused("x.idx", claim, tmp_path)
    monkeypatch.setattr(limits, "STORED_BYTES", 2000)
    assert "promises 2,597 values; at most 2,000 are taken" in refused("x.idx.gz", gzip.compress(idx(IMAGES)), tmp_path)


# -- tar archives ------------------------------------------------------------------------------------------------------


def tarred(files: dict[str, bytes], mode: Literal["w:", "w:gz"] = "w:gz", *members: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for member in members:
            archive.addfile(member)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "mode"), [("x.tar.gz", "w:gz"), ("x.TGZ", "w:gz"), ("x.tar", "w:"), ("x.tar", "w:gz")]
)
def test_folders_in_a_tar_are_read_as_folders(name: str, mode: Literal["w:", "w:gz"], tmp_path: Path) -> None:
    files = many(31, "./train/a/") | many(31, "./train/b/") | many(11, "./test/a/") | many(11, "./test/b/")
    added, _ = taken(name, tarred(files | {"./notes.avif": b"x"}, mode), tmp_path)
    assert (added.info.label_names, added.train_counts, added.test_counts) == (("a", "b"), (31, 31), (11, 11))
    assert {item.kind: item.count for item in added.left_out} == {".avif": 1}


def test_links_in_a_tar_are_left_out_and_names_that_lead_out_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("a.png")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    added, _ = taken("x.tar", tarred(many(53), "w:", link), tmp_path)
    assert {item.kind: item.count for item in added.left_out} == {"linked": 1}
    for name in ("../out.png", "/etc/out.png"):
        with pytest.raises(DataError, match="leads out of the archive"):
            add_images(("x.tar", io.BytesIO(tarred({name: png(picture())}))), "y", folder=tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense" * 999, tarred(many(53))[:-3000], b"\x1f\x8bnonsense"])
def test_a_tar_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    assert "x.tar.gz is not a sound .tar archive" in refused("x.tar.gz", content, tmp_path)


def test_a_header_of_a_tar_that_asks_for_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**33
    assert "a header asks for too much" in refused("x.tar", header.tobuf(tarfile.GNU_FORMAT) + bytes(10240), tmp_path)


def test_a_tar_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tarfile.TarInfo("large.bin")
    large.size = 2**31
    assert "unpacks to more than 1,024 MiB" in refused("x.tar", large.tobuf() + bytes(10240), tmp_path)


# -- all of them -------------------------------------------------------------------------------------------------------

SOUND = {
    "x.zip": zipped(many(31, "train/a/") | many(31, "test/a/")).getvalue(),
    "x.npz": npz(images=IMAGES, labels=LABELS.astype(str)).getvalue(),
    "halves.npz": npz(x_train=IMAGES, x_test=IMAGES, y_train=LABELS, y_test=LABELS).getvalue(),
    "x.npy": npy(IMAGES),
    "x.csv": table(0, heads(0)),
    "x.idx": idx(IMAGES),
    "x.mat": matlab.mat(X=IMAGES, y=LABELS),
    "plain.mat": matlab.mat(packed=False, X=IMAGES, y=LABELS),
    "x.parquet": columns.table({"image": columns.FILES, "label": LABELS}, columns.NAMES),
    "numbers.parquet": columns.table({f"p{place}": IMAGES.reshape(53, 49)[:, place] for place in range(49)}),
    "x.tar.gz": tarred(many(53)),
    "x.tar": tarred(many(53), "w:"),
}


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=5), st.integers(0, 9)), min_size=1, max_size=5))
def test_whatever_is_changed_in_a_file_it_is_taken_or_refused_in_a_sentence(
    name: str, changes: list[tuple[float, bytes, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(SOUND[name])
    for share, put, cut in changes:
        at = int(share * len(content))
        content[at : at + cut] = put
    with suppress(DataError):
        add_images((name, io.BytesIO(bytes(content))), "x", folder=tmp_path_factory.mktemp("changed"))
