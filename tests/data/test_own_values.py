"""Which values are black and white is found, told and mended, or refused; ink stays visible on its paper."""

from pathlib import Path

import numpy as np
import pytest

from dbn_core.data.own import Added, add_images, load_own, own_info
from dbn_core.data.own.decoding import read_picture
from dbn_core.data.own.shelf import shelf
from dbn_core.data.scale import PIXELS, Scale
from dbn_core.errors import DataError
from tests.data.own_samples import many, npz, picture, png, zipped


def digits(most: float, dtype: type = np.uint8) -> np.ndarray:
    """53 images whose values reach from 0 to `most`."""
    images = np.stack([picture(index) for index in range(53)]).astype(np.float64)
    images[0, 0, :2] = 0, 255
    scaled = images / 255 * most
    return scaled.astype(dtype) if np.issubdtype(dtype, np.floating) else np.floor(scaled + 1e-9).astype(dtype)


def taken(images: np.ndarray, tmp_path: Path, size: int | None = None) -> Added:
    return add_images(("x.npz", npz(images=images)), "x", size=size, folder=tmp_path)


@pytest.mark.parametrize(
    ("images", "white"),
    [
        (digits(16), 16),
        (digits(15), 15),
        (digits(1), 1),
        (digits(1, np.bool_), 1),
        (digits(1, np.float32), 1),
        (digits(0.9, np.float16), 1),
        (digits(16, np.float64), 16),
        (digits(255, np.float32), 255),
        (digits(255, np.int16), 255),
        (digits(200), 255),
        (digits(4095, np.uint16), 4095),
        (digits(60_000, np.uint16), 65_535),
    ],
)
def test_white_is_found_told_and_becomes_255(images: np.ndarray, white: float, tmp_path: Path) -> None:
    added = taken(images, tmp_path)
    data = load_own("own/x", tmp_path)
    most = float(images.max())
    assert max(data.train.max(), data.test.max()) == round(most / white * 255)
    assert (added.values.black, added.values.white) == (0, white)
    assert own_info("own/x", tmp_path).scale == Scale(0, white)
    assert f"Values from 0 to {most:g} were found" in " ".join(added.sentences)
    assert ("became 255 (white)" in added.values.words) == (white != 255)


def test_values_around_zero_are_taken_from_black_to_white(tmp_path: Path) -> None:
    added = taken(digits(2, np.float32) - 1, tmp_path)
    assert (added.values.black, added.values.white) == (-1, 1)
    data = load_own("own/x", tmp_path)
    assert (data.train.min(), data.train.max()) == (0, 255)


@pytest.mark.parametrize(
    "images", [digits(7), digits(37), digits(0.06, np.float32), digits(700, np.int32), digits(9, np.float32) - 4]
)
def test_a_scale_that_is_not_plain_is_refused_with_what_was_found(images: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=rf"from {images.min():g} to {images.max():g}, and which .* cannot be told; .*255"
    ):
        taken(images, tmp_path)


def test_image_files_that_only_reach_16_are_scaled_too(tmp_path: Path) -> None:
    files = {f"{index:03}.png": png(image) for index, image in enumerate(digits(16))}
    for size in (None, 5):
        added = add_images(("x.zip", zipped(files)), f"x{size}".lower(), size=size, folder=tmp_path)
        assert (added.values.most, added.values.white) == (16, 16)
        assert added.info.scale == Scale(0, 16, is_of_files=True)
        assert load_own(added.info.name, tmp_path).train.max() > 180


def test_a_set_of_an_older_lab_is_of_pixels_and_a_scale_that_is_none_is_damage(tmp_path: Path) -> None:
    taken(digits(16), tmp_path)
    file = shelf(tmp_path) / "x.npz"
    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files if name != "scale"}
    np.savez(file, allow_pickle=False, **arrays)
    assert own_info("own/x", tmp_path).scale == PIXELS
    for scale in ([0, np.nan, 0], [16, 0, 0], [0, 1e300, 0], [0, 16], [[0, 1, 0]], ["a", "b", "c"]):
        np.savez(file, allow_pickle=False, **arrays, scale=np.array(scale))
        with pytest.raises(DataError, match="is damaged"):
            own_info("own/x", tmp_path)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "is 0, all black"), (255, "is 255, all white"), (97, "is 97, so there is nothing to learn")],
)
def test_sets_of_one_value_are_refused(value: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=words):
        taken(np.full((53, 7, 7), value, np.uint8), tmp_path)
    with pytest.raises(DataError, match=words):
        add_images(("x.zip", zipped({f"{i}.png": png(np.full((7, 7), value, np.uint8)) for i in range(53)})), "x")


def test_images_that_are_all_blank_or_all_the_same_are_refused_and_some_blank_ones_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is of one colour throughout"):
        taken(np.arange(53, dtype=np.uint8)[:, None, None].repeat(7, 1).repeat(7, 2) + 200, tmp_path)
    with pytest.raises(DataError, match=r"All 53 images in x\.npz are the same one"):
        taken(picture()[None].repeat(53, 0), tmp_path)
    ink_beyond_the_middle_square = np.zeros((53, 7, 21), np.uint8)
    ink_beyond_the_middle_square[:, :, 0] = 200
    with pytest.raises(DataError, match="is of one colour throughout"):
        taken(ink_beyond_the_middle_square, tmp_path, size=7)
    images = digits(255)
    images[:3] = 91
    assert "Images of one colour throughout: 3 of 53." in taken(images, tmp_path).sentences


def test_nan_and_infinity_are_told_as_what_they_are(tmp_path: Path) -> None:
    images = digits(1, np.float32)
    images[17, 3, 2:5] = np.nan
    images[19, 0, 0] = -np.inf
    with pytest.raises(DataError, match=r"hold NaN \(3\) and infinity \(1\), first in image 17"):
        taken(images, tmp_path)


def test_labels_may_be_whole_numbers_in_any_form_but_not_nan(tmp_path: Path) -> None:
    labels = (np.arange(53) % 3).astype(np.float64)
    added = add_images(("x.npz", npz(images=digits(255), labels=labels)), "x", folder=tmp_path)
    assert added.info.label_names == ("0", "1", "2")
    labels[5] = np.nan
    with pytest.raises(DataError, match=r"`labels` in x\.npz hold nan"):
        add_images(("x.npz", npz(images=digits(255), labels=labels)), "y", folder=tmp_path)


def inked(ink: int, index: int, *, grey: bool = False, speck: bool = False) -> bytes:
    """A stroke of its own of this grey value on transparent paper, with a black speck perhaps."""
    alpha = np.zeros((17, 17), np.uint8)
    alpha[1 + index % 7 : 8 + index % 7, 1 : 9 + index // 7] = 255
    colour = np.full((17, 17), ink, np.uint8)
    if speck:
        colour[1 + index % 7, 1] = 0
    return png(np.stack([colour, alpha] if grey else [colour, colour, colour, alpha], axis=2))


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize(
    ("ink", "speck", "paper"), [(0, False, 255), (255, False, 0), (240, False, 0), (255, True, 0), (120, False, 255)]
)
def test_ink_on_transparent_paper_stays_visible(ink: int, speck: bool, paper: int, grey: bool, tmp_path: Path) -> None:
    files = {f"{index:03}.png": inked(ink, index, grey=grey, speck=speck) for index in range(53)}
    added = add_images(("x.zip", zipped(files)), "x", folder=tmp_path)
    images = load_own("own/x", tmp_path).train
    assert (images[:, 0] == paper).all()
    assert (np.ptp(images.reshape(len(images), -1), axis=1) > 100).all()
    told = " ".join(added.sentences)
    assert f"Transparent parts became {'white' if paper else 'black'} in 53 of 53 images" in told
    assert f"Transparent parts became {'black' if paper else 'white'}" not in told


def ring(body: int | tuple[int, int, int], edge: int, wide: float, alpha: str = "hard") -> bytes:
    """A disc of one colour with an edge of a grey value around it, on transparent paper; "soft": edges fade out."""
    y, x = np.mgrid[:41, :41] - 20
    distance = np.hypot(x, y)
    colour = np.empty((41, 41, 3), np.uint8)
    colour[:] = body
    colour[distance > 14 - wide] = edge
    cover = np.clip(14.5 - distance, 0, 1) if alpha == "soft" else distance <= 14
    return png(np.dstack([colour, (cover * 255).astype(np.uint8)]))


@pytest.mark.parametrize(
    ("file", "paper"),
    [
        (ring(255, 255, 0), 0),
        (ring(255, 255, 0, "soft"), 0),
        (ring(255, 0, 2, "soft"), 0),  # on white a hollow ring would be left
        (ring(255, 0, 4), 0),
        (ring(200, 0, 2), 0),
        (ring(190, 60, 1.5, "soft"), 0),
        (ring(0, 0, 0, "soft"), 255),
        (ring(0, 255, 3), 255),  # a black disc with a light edge
        (ring(255, 0, 8), 255),  # more edge than body
        (ring((200, 30, 30), 20, 2), 255),  # stickers in colours that both papers show
        (ring((60, 110, 200), 255, 1), 255),
        (ring((60, 110, 200), 255, 3), 0),  # its white edge is a part of it
        (ring((255, 240, 120), 0, 2), 0),  # a pale yellow one
    ],
)
def test_a_cut_out_stands_on_the_paper_that_shows_more_of_it(file: bytes, paper: int) -> None:
    picture = read_picture(file, "x.png")
    assert picture.paper == ("white" if paper else "black")
    corner, body = picture.pixels[0, 0], picture.pixels[20, 20]
    assert (corner == paper).all()
    assert abs(int(np.mean(body)) - paper) > 80 or file == ring(255, 0, 8)


def test_what_is_opaque_stands_on_no_paper(tmp_path: Path) -> None:
    opaque = {
        f"{i:03}.png": png(np.dstack([picture(i, colour=True), np.full((7, 11), 255, np.uint8)])) for i in range(53)
    }
    added = add_images(("x.zip", zipped(opaque)), "x", folder=tmp_path)
    assert not [line for line in added.sentences if "Transparent" in line]
    stored = load_own("own/x", tmp_path)
    assert {image.tobytes() for image in stored.train} <= {picture(i, colour=True).tobytes() for i in range(53)}


def test_images_on_either_paper_are_counted(tmp_path: Path) -> None:
    files = {f"{i:03}.png": inked(255 if i < 31 else 0, i) for i in range(53)}
    added = add_images(("x.zip", zipped(files)), "x", folder=tmp_path)
    assert "Transparent parts became white in 22 of 53 images." in added.sentences
    assert "Transparent parts became black in 31 of 53 images, of whose ink white would hide more." in added.sentences


def test_a_white_page_with_clear_corners_stays_white(tmp_path: Path) -> None:
    pages = np.full((53, 11, 11, 4), 255, np.uint8)
    pages[:, 0, 0, 3] = 0
    for index in range(53):
        pages[index, 1 + index % 9, 1 : 3 + index // 9, :3] = 0
    add_images(("x.zip", zipped({f"{i}.png": png(page) for i, page in enumerate(pages)})), "x", folder=tmp_path)
    assert (load_own("own/x", tmp_path).train[:, 0, 0] == 255).all()


def test_pixels_of_image_files_are_taken_as_they_are(tmp_path: Path) -> None:
    added = add_images(("x.zip", zipped(many(53))), "x", folder=tmp_path)
    assert not added.values.is_scaled
    assert {image.tobytes() for image in load_own("own/x", tmp_path).train} <= {picture(i).tobytes() for i in range(53)}
