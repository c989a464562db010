"""What folders say: split words in any form, classes above or below them; what can be read in two ways is refused."""

from pathlib import Path

import numpy as np
import pytest

from dbn_core.data.own import Added, add_images, load_own
from dbn_core.errors import DataError
from tests.data.own_samples import laid_out, many, picture, zipped


def taken(files: dict[str, bytes], tmp_path: Path) -> Added:
    return add_images(laid_out(files, tmp_path / "in"), "x", folder=tmp_path)


def spread(*folders: tuple[str, int]) -> dict[str, bytes]:
    return {name: content for folder, count in folders for name, content in many(count, folder).items()}


def told(added: Added) -> str:
    return " ".join(added.sentences)


def test_digits_below_training_and_testing_are_ten_classes_and_no_test_image_is_trained_on(tmp_path: Path) -> None:
    files = spread(*[(f"a/training/{d}/", 7) for d in range(10)], *[(f"a/testing/{d}/", 3) for d in range(10)])
    added = taken(files, tmp_path)
    assert added.info.label_names == tuple("0123456789")
    assert (added.train_counts, added.test_counts) == ((7,) * 10, (3,) * 10)
    held_out = {picture(index + len(f"a/testing/{d}/") * 1009).tobytes() for d in range(10) for index in range(3)}
    data = load_own("own/x", tmp_path)
    assert {image.tobytes() for image in data.test} == held_out
    assert "below training are trained on, those below testing held out" in told(added)


@pytest.mark.parametrize(
    ("training", "heldout"),
    [
        ("train", "test"),
        ("Training", "TESTING"),
        ("train", "val"),
        ("train", "Valid"),
        ("training", "validation"),
        ("train", "dev"),
        ("training_set", "test_set"),
        ("seg_train/seg_train", "seg_test/seg_test"),
        ("Train Images", "Test Images"),
    ],
)
@pytest.mark.parametrize("order", ["{split}/{kind}/", "{kind}/{split}/", "{split}/"])
def test_every_word_for_a_split_is_known_above_and_below_classes_and_without_them(
    training: str, heldout: str, order: str, tmp_path: Path
) -> None:
    kinds = ("cat", "dog") if "{kind}" in order else ("",)
    files = spread(
        *[("in/" + order.format(split=training, kind=kind), 41) for kind in kinds],
        *[("in/" + order.format(split=heldout, kind=kind), 11) for kind in kinds],
    )
    added = taken(files, tmp_path)
    count = len(kinds)
    assert (added.info.train_count, added.info.test_count) == (41 * count, 11 * count)
    assert added.info.label_names == (kinds if count == 2 else ())


def test_validation_images_are_trained_on_where_there_are_test_images_and_that_is_said(tmp_path: Path) -> None:
    added = taken(spread(("train/", 41), ("val/", 13), ("test/", 17)), tmp_path)
    assert (added.info.train_count, added.info.test_count) == (54, 17)
    assert "Validation images (below val): 13, trained on too" in told(added)


def test_a_single_word_names_no_split_and_that_is_said(tmp_path: Path) -> None:
    added = taken(spread(("testing/8/", 31), ("testing/9/", 31)), tmp_path)
    assert added.info.label_names == ("8", "9")
    assert (added.info.train_count, added.info.test_count) == (52, 10)
    assert "All images lie below testing, so that names no split" in told(added)
    added = add_images(("x.zip", zipped(spread(("cat/train/", 31), ("dog/train/", 31)))), "y", folder=tmp_path)
    assert added.info.label_names == ("cat", "dog")
    assert "All images lie below train, so that names no split" in told(added)


@pytest.mark.parametrize(
    ("folders", "message"),
    [
        (("train/", "test/", "extra/"), r"split \(test and train\) lie beside folders with other names \(extra\)"),
        (("train/", "car/", "plane/"), r"split \(train\) lie beside folders with other names \(car and plane\)"),
        (
            ("cat/train/", "cat/test/", "dog/other/"),
            r"\(test and train\) lie beside folders with other names \(other\)",
        ),
        (("cat/train/", "cat/test/", "dog/"), r"lie beside images that lie in no such folder"),
        (("test/", "val/"), "folders test and val but none for training"),
        (("train/cat/", "test/"), r"Sub-folders name the classes, but test/000\.png lies beside them"),
        (("train/cat/", "train/dog/", "test/fish/"), "No class has both training and held-out images"),
    ],
)
def test_folders_that_can_be_read_in_two_ways_are_refused_with_the_next_step(
    folders: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=message):
        taken(spread(*[(folder, 31) for folder in folders]), tmp_path)
    assert not (tmp_path / "own").exists()


def test_a_folder_called_like_a_split_around_the_set_does_not_matter(tmp_path: Path) -> None:
    added = taken(
        spread(("dev/train/a/", 31), ("dev/train/b/", 31), ("dev/test/a/", 11), ("dev/test/b/", 11)), tmp_path
    )
    assert added.info.label_names == ("a", "b")
    assert added.test_counts == (11, 11)


def test_classes_are_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    names = ("10", "2", "1", "b10", "B9", "007")
    added = taken(spread(*[(f"{name}/", 11) for name in names]), tmp_path)
    assert added.info.label_names == ("1", "2", "007", "10", "B9", "b10")


def test_a_class_without_images_in_one_part_is_named(tmp_path: Path) -> None:
    files = spread(("train/a/", 31), ("train/b/", 31), ("test/a/", 13), ("test/c/", 5))
    added = taken(files, tmp_path)
    assert "No training images are of c." in added.sentences
    assert "No held-out images are of b." in added.sentences


def test_one_class_in_two_forms_of_unicode_is_one(tmp_path: Path) -> None:
    files = spread(("train/caf\u00e9/", 31), ("train/tea/", 31), ("test/cafe\u0301/", 11), ("test/tea/", 11))
    added = add_images(("x.zip", zipped(files)), "x", folder=tmp_path)
    assert added.info.label_names == ("café", "tea")
    assert np.sum(added.test_counts) == 22
