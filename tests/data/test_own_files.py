"""Single files of a set: damaged ones are all named, those left out counted, and names are fit to be shown."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dbn_core.data.dataset import Dataset
from dbn_core.data.own import add_images, load_own, own_sets
from dbn_core.data.own.leftovers import LeftOut, told
from dbn_core.data.own.names import shown
from dbn_core.data.own.shelf import save_own
from dbn_core.errors import DataError
from tests.data.own_samples import laid_out, many, npz, picture, png, zipped


def test_files_that_are_left_out_are_counted_by_kind_with_the_next_step(tmp_path: Path) -> None:
    files = many(60) | {f"{index}.AVIF": b"x" for index in range(140)} | {"notes.txt": b"x", "README": b"x"}
    files |= {".cache/a.png": png(picture()), ".DS_Store": b"x", "__MACOSX/._000.png": b"x", "._1.png": b"x"}
    added = add_images(laid_out(files, tmp_path / "in"), "x", folder=tmp_path)
    assert {item.kind: item.count for item in added.left_out} == {".avif": 140, "": 1, ".txt": 1, "hidden": 1}
    (line,) = (line for line in added.sentences if line.startswith("Left out"))
    assert "140 .avif files" in line
    assert "save those that are pictures as JPEG or PNG" in line
    assert "labels are read from the names of folders" in line


def test_files_of_phones_are_read_where_pillow_heif_is_and_its_name_is_told_elsewhere(tmp_path: Path) -> None:
    assert "3 .heic files: pip install pillow-heif lets the lab read those of a phone" in told((LeftOut(".heic", 3),))
    assert "pillow-heif" not in told((LeftOut(".avif", 3),))
    heif = pytest.importorskip("pillow_heif")
    files = many(53)
    for index in range(7):
        out = io.BytesIO()
        colour = np.full((64, 64, 3), 30 * index, np.uint8)
        heif.from_pillow(Image.fromarray(colour)).save(out, quality=-1)
        files[f"phone{index}.HEIC"] = out.getvalue()
    added = add_images(laid_out(files, tmp_path / "in"), "x", size=7, folder=tmp_path)
    assert (added.info.train_count + added.info.test_count, added.left_out) == (60, ())
    stored = load_own("own/x", tmp_path)
    plain = [int(image.mean()) for image in (*stored.train, *stored.test) if np.ptp(image) < 9]
    np.testing.assert_allclose(sorted(plain), np.arange(7) * 30, atol=3)
    with pytest.raises(DataError, match=r"bad\.heic is not an image that can be read"):
        add_images(laid_out(many(53) | {"bad.heic": b"nonsense"}, tmp_path / "bad"), "y", folder=tmp_path)


def test_a_set_of_other_files_alone_is_refused_with_their_kinds(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no images; .*140 \.avif files: save those .* as JPEG or PNG"):
        add_images(laid_out({f"{i}.avif": b"x" for i in range(140)}, tmp_path / "in"), "x", folder=tmp_path)


def test_linked_folders_are_not_followed_and_that_is_said(tmp_path: Path) -> None:
    inside = laid_out(many(53), tmp_path / "in")
    (inside / "more").symlink_to(laid_out(many(7), tmp_path / "other"))
    added = add_images(inside, "x", folder=tmp_path)
    assert added.info.train_count + added.info.test_count == 53
    assert any("1 linked folder: copy linked folders" in line for line in added.sentences)


def test_every_damaged_file_is_named(tmp_path: Path) -> None:
    files = many(53) | {f"bad{index}.png": b"\x89PNG nonsense" for index in (1, 2, 10)}
    files |= {"deep.png": png(np.zeros((7, 11), np.uint16)), "zz.png": png(picture(1))[:40]}
    with pytest.raises(DataError) as caught:
        add_images(laid_out(files, tmp_path / "in"), "x", folder=tmp_path)
    message = str(caught.value)
    assert "Each of these 4 files is not an image that can be read" in message
    assert "mend it or take it out: bad1.png, bad2.png, bad10.png and zz.png." in message
    assert "deep.png has pixels of a kind (I;16)" in message


def test_of_many_damaged_files_some_are_named_and_the_others_counted(tmp_path: Path) -> None:
    files = many(53) | {f"bad{index}.png": b"nonsense" for index in range(37)}
    with pytest.raises(DataError, match=r"these 37 files .*bad0\.png, bad1\.png, .*bad9\.png and 27 more\."):
        add_images(("x.zip", zipped(files)), "x", folder=tmp_path)


def test_a_damaged_member_of_an_archive_is_named(tmp_path: Path) -> None:
    content = bytearray(zipped(many(53)).getvalue())
    at = content.index(b"017.png") + 30
    content[at : at + 20] = bytes(20)
    with pytest.raises(DataError, match=r"017\.png is damaged within its archive"):
        add_images(("x.zip", io.BytesIO(bytes(content))), "x", folder=tmp_path)


def test_pipes_and_links_to_nothing_among_the_images_are_named(tmp_path: Path) -> None:
    inside = laid_out(many(53), tmp_path / "in")
    os.mkfifo(inside / "pipe.png")
    (inside / "gone.png").symlink_to(inside / "nothing")
    with pytest.raises(DataError, match=r"these 2 files is not a file but .*gone\.png and .*pipe\.png"):
        add_images(inside, "x", folder=tmp_path)


def test_an_archive_as_windows_packs_it_is_read(tmp_path: Path) -> None:
    files = {f"digits\\{d}\\{i}.png": png(picture(i + 100 * d)) for d in (8, 9) for i in range(31)}
    added = add_images(("x.zip", zipped(files | {"digits\\8\\": b""})), "x", folder=tmp_path)
    assert added.info.label_names == ("8", "9")
    assert added.left_out == ()


def test_a_colon_in_a_name_is_no_harm(tmp_path: Path) -> None:
    files = {f"at 12:{index:02}.png": png(picture(index)) for index in range(53)} | {"C:out.png": png(picture(99))}
    assert add_images(("x.zip", zipped(files)), "x", folder=tmp_path).info.train_count == 44


def test_names_in_utf8_that_are_not_marked_as_such_are_read_right(tmp_path: Path) -> None:
    marked = zipped(many(31, "caf\u00e9/") | many(31, "tea/")).getvalue()
    unmarked = bytearray(marked)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = unmarked.find(signature)
        while at >= 0:
            unmarked[at + offset + 1] &= ~0x08
            at = unmarked.find(signature, at + 4)
    added = add_images(("x.zip", io.BytesIO(bytes(unmarked))), "x", folder=tmp_path)
    assert added.info.label_names == ("café", "tea")


@pytest.mark.parametrize("evil", ["a\x1b[31mb", "a\u202eb", "a\x9bb", "a\u200bb"])
def test_class_names_hold_no_sign_that_steers_or_hides(evil: str, tmp_path: Path) -> None:
    added = add_images(("x.zip", zipped(many(31, f"{evil}/") | many(31, "c/"))), "x", folder=tmp_path)
    (name,) = set(added.info.label_names) - {"c"}
    assert name.startswith("a\ufffd")
    assert not set(name) & {"\x1b", "\u202e", "\x9b", "\u200b"}


def test_folders_and_labels_of_half_characters_become_whole_ones(tmp_path: Path) -> None:
    inside = laid_out(many(31, "\udcff/") | many(31, "c/"), tmp_path / "in")
    assert add_images(inside, "x", folder=tmp_path).info.label_names == ("c", "\ufffd")
    labels = np.array(["\ud800", "b"])[np.arange(53) % 2]
    images = np.stack([picture(index) for index in range(53)])
    added = add_images(("x.npz", npz(images=images, labels=labels)), "y", folder=tmp_path)
    assert added.info.label_names == ("b", "\ufffd")


def test_classes_that_look_alike_or_have_no_name_are_refused(tmp_path: Path) -> None:
    for names in (("a\x1b", "a\u202e"), ("x" * 60 + "1", "x" * 60 + "2")):
        with pytest.raises(DataError, match="Several classes are called"):
            add_images(("x.zip", zipped({f"{n}/{i}.png": png(picture(i)) for n in names for i in range(31)})), "x")
    images = np.stack([picture(index) for index in range(53)])
    with pytest.raises(DataError, match="A class has no name but spaces"):
        add_images(("x.npz", npz(images=images, labels=np.array(["", "b"])[np.arange(53) % 2])), "x", folder=tmp_path)


def test_a_set_on_the_shelf_with_half_characters_is_listed_with_whole_ones(tmp_path: Path) -> None:
    add_images(("x.zip", zipped(many(31, "a/") | many(31, "b/"))), "x", folder=tmp_path)
    data = load_own("own/x", tmp_path)
    old = Dataset(data.name, data.train, data.test, data.train_labels, data.test_labels, data.shape, ("\udcff", "b"))
    save_own("old", old, tmp_path)
    assert [info.label_names for info in own_sets(tmp_path)] == [("\ufffd", "b"), ("a", "b")]


def test_errors_show_no_sign_that_steers_a_terminal_and_the_end_of_long_names(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        add_images(("x.zip", zipped(many(53) | {"a\x1b]0;owned\x07.png": b"x"})), "x", folder=tmp_path)
    assert "a\ufffd]0;owned\ufffd.png is not an image" in str(caught.value)
    assert shown("x" * 100 + ".png") == "…" + "x" * 75 + ".png"


def test_of_films_the_first_picture_is_taken_and_that_is_said(tmp_path: Path) -> None:
    out = io.BytesIO()
    frames = [Image.fromarray(picture(index)) for index in range(3)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    added = add_images(("x.zip", zipped(many(53) | {"film.gif": out.getvalue()})), "x", folder=tmp_path)
    assert "Files with several pictures: 1; the first of each was taken." in added.sentences
