"""A `.parquet` of image files as Hugging Face has it, or of numbers; hostile ones are refused in a sentence."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from dbn_core.data.own import add_images, limits, load_own
from dbn_core.data.own.given import given_images
from dbn_core.errors import DataError
from tests.data.own_samples import picture, png, refused

IMAGES = np.stack([picture(index, 7, 7) for index in range(53)])
LABELS = np.arange(53) % 3
FILES = [{"bytes": png(image), "path": f"{index}.png"} for index, image in enumerate(IMAGES)]
NAMES = {"label": {"names": ["zebra", "ant", "cat"], "_type": "ClassLabel"}, "image": {"_type": "Image"}}


def table(columns: dict[str, Any], features: Any = None, **settings: Any) -> bytes:
    made = pa.table(columns)
    if features is not None:
        text = features if isinstance(features, bytes) else json.dumps({"info": {"features": features}}).encode()
        made = made.replace_schema_metadata({b"huggingface": text})
    out = io.BytesIO()
    parquet.write_table(made, out, **settings)
    return out.getvalue()


def taken(content: bytes, tmp_path: Path, names: tuple[str, ...]) -> None:
    """A data set of IMAGES with LABELS, whose classes have these names."""
    info = add_images(("x.parquet", io.BytesIO(content)), "x", folder=tmp_path).info
    assert info.label_names == names
    data = load_own("own/x", tmp_path)
    wanted = {(image.tobytes(), label if names else 0) for image, label in zip(IMAGES, LABELS, strict=True)}
    found = zip((*data.train, *data.test), (*data.train_labels, *data.test_labels), strict=True)
    assert {(image.tobytes(), int(label)) for image, label in found} == wanted


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("head", ["image", "img"])
def test_image_files_with_labels_are_read_with_the_names_of_their_classes(raw: bool, head: str, tmp_path: Path) -> None:
    files = [file["bytes"] for file in FILES] if raw else FILES
    content = table({"id": LABELS, head: files, "label": LABELS}, NAMES, row_group_size=17)
    taken(content, tmp_path, ("zebra", "ant", "cat"))


def test_without_names_labels_name_themselves_and_there_may_be_none(tmp_path: Path) -> None:
    for number, (more, features, names) in enumerate(
        [
            ({"label": LABELS}, None, ("0", "1", "2")),
            ({"label": LABELS}, b"{nonsense", ("0", "1", "2")),
            ({"label": LABELS}, {"label": {"names": 7}}, ("0", "1", "2")),
            ({"label": [("a", "b", "c")[label] for label in LABELS]}, None, ("a", "b", "c")),
            ({}, None, ()),
        ]
    ):
        taken(table({"image": FILES, **more}, features), tmp_path / str(number), names)


def test_images_are_resized_and_files_have_white_at_255(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(table({"image": [png(np.eye(14, dtype=np.uint8)), png(picture(1, 14, 20))]}))
    given = given_images(tmp_path / "x.parquet", (7, 7))
    assert given.numbers.shape == (2, 7, 7)
    assert given.numbers[0].max() <= 1
    assert given.names == ("row 1", "row 2")
    assert "Resized to 7 x 7: 2 of 2." in given.notes


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32])
def test_a_table_of_numbers_is_read_like_a_csv(kind: type, tmp_path: Path) -> None:
    pixels = {f"pixel{place}": IMAGES.reshape(53, 49)[:, place].astype(kind) for place in range(48, -1, -1)}
    taken(table({"label": LABELS, **pixels}), tmp_path, ("0", "1", "2"))
    taken(table({**pixels, "y": [("a", "b", "c")[label] for label in LABELS]}), tmp_path / "texts", ("a", "b", "c"))
    taken(table(pixels), tmp_path / "plain", ())
    (tmp_path / "x.parquet").write_bytes(table(pixels))
    if kind is np.float32:
        with pytest.raises(DataError, match="or save pixels 0 to 255 as uint8"):
            given_images(tmp_path / "x.parquet", (7, 7))
    else:
        np.testing.assert_array_equal(given_images(tmp_path / "x.parquet", (7, 7)).numbers, IMAGES)


@pytest.mark.parametrize(
    ("columns", "features", "message"),
    [
        ({"image": FILES, "label": [None, *LABELS[1:]]}, None, "holds cells that are no labels"),
        ({"image": [None, *FILES[1:]]}, None, "row 1 has no bytes of an image; embed the files"),
        ({"image": [{"bytes": None, "path": "a"}, *FILES[1:]]}, None, "row 1 has no bytes of an image"),
        ({"image": [b"nonsense", *[file["bytes"] for file in FILES[1:]]]}, None, "row 1 is not an image"),
        ({"image": FILES, "label": LABELS + 1}, NAMES, "goes beyond the 3 names of classes"),
        ({"image": FILES, "label": LABELS - 1}, NAMES, "goes beyond the 3 names of classes"),
        ({"image": ["a.png"] * 53, "label": LABELS}, None, "The column image of x.parquet holds string. Give a column"),
        ({"label": LABELS}, None, "x.parquet has no columns of pixels"),
        ({f"p{i}": np.arange(53) for i in range(7)}, None, "rows of 7 numbers, which make no square image"),
        ({f"p{i}": [None, *range(52)] for i in range(9)}, None, "has empty cells"),
        ({"image": FILES[:0]}, None, "holds no rows"),
    ],
)
def test_what_is_wrong_with_it_is_said(columns: dict[str, Any], features: Any, message: str, tmp_path: Path) -> None:
    assert message in refused("x.parquet", table(columns, features), tmp_path)


def test_one_that_is_none_or_holds_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"", b"nonsense", b"PAR1nonsensePAR1", table({"image": FILES})[:-30]):
        assert "x.parquet is no sound .parquet" in refused("x.parquet", content, tmp_path)
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 5 * 2**20)
    bomb = table({"image": [bytes(2**20 + row) for row in range(7)]}, use_dictionary=False)
    assert len(bomb) < 2**20
    assert "x.parquet unpacks to more than 5 MiB" in refused("x.parquet", bomb, tmp_path)
    repeated = table({"image": [bytes(2**20)] * 53}, compression="zstd")
    monkeypatch.setattr(limits, "IMAGE_BYTES", 2**19)
    assert "row 1" in refused("x.parquet", repeated, tmp_path)
