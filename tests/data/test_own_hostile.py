"""Archives that mean harm: bombs, lies about sizes, names that lead out, pickles. Each is refused in a sentence."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dbn_core.data.own import add_images, limits
from dbn_core.errors import DataError
from tests.data.own_samples import many, npz, png, refused, zipped


def with_header(shape: tuple[int, ...], content: bytes) -> io.BytesIO:
    """An `.npz` whose `images` say that they have this shape."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": shape})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", header.getvalue() + content)
    return file


@pytest.mark.parametrize(
    "name", ["../out.png", "/etc/out.png", "a/../../out.png", "a\\..\\..\\out.png", "C:\\out.png", "C:/out.png"]
)
def test_names_that_lead_out_of_the_archive_are_refused(name: str, tmp_path: Path) -> None:
    assert "leads out of the archive" in refused("x.zip", zipped(many(53) | {name: b"x"}), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["more.zip", "a/b.tar.gz", "b.npz", "b.7z"])
def test_archives_within_are_refused(name: str, tmp_path: Path) -> None:
    assert "is an archive within; unpack it first" in refused("x.zip", zipped(many(53) | {name: b"x"}), tmp_path)


def test_an_archive_that_would_unpack_to_too_much_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 5 * 2**20)
    bomb = zipped(many(53) | {f"bomb{i}.png": bytes(2**20) for i in range(7)})
    assert "would take 7 MiB; at most 5" in refused("x.zip", bomb, tmp_path)


def test_an_image_file_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    bomb = zipped({"bomb.png": bytes(limits.IMAGE_BYTES + 1)})
    assert "bomb.png is larger than 64 MiB" in refused("x.zip", bomb, tmp_path)


def test_an_image_of_too_many_pixels_is_refused_before_they_are_decoded(tmp_path: Path) -> None:
    for width in (30_000, 200_000):
        header = struct.pack(">IIBBBBB", width, 1013, 8, 0, 0, 0, 0)
        chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
        content = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
        assert "bomb.png has more than 30 megapixels" in refused("x.zip", zipped({"bomb.png": content}), tmp_path)


def test_a_member_larger_than_it_claims_is_refused(tmp_path: Path) -> None:
    content = zipped({"a.png": bytes(5003)}).getvalue()
    lying = content.replace(struct.pack("<I", 5003), struct.pack("<I", 4001))
    message = refused("x.zip", lying, tmp_path)
    assert "a.png is damaged within its archive" in message or "not as large as its archive says" in message


@pytest.mark.parametrize("cut", [10, 300, 2000])
def test_an_archive_cut_short_is_refused(cut: int, tmp_path: Path) -> None:
    assert "not a sound .zip" in refused("x.zip", zipped(many(53)).getvalue()[:-cut], tmp_path)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.png": b"12345"}).getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert "is encrypted" in refused("x.zip", bytes(content), tmp_path)


def test_too_many_files_and_too_many_images_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 59)
    assert "holds 61 images; at most 59" in refused("x.zip", zipped(many(61)), tmp_path)
    monkeypatch.setattr(limits, "MEMBERS", 53)
    assert "holds 61 files; at most 53" in refused("x.zip", zipped(many(61)), tmp_path)


def test_an_archive_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 1000)
    assert "x.zip is larger than" in refused("x.zip", zipped(many(53)), tmp_path)


def test_files_of_other_kinds_never_reach_the_decoder(tmp_path: Path) -> None:
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 7 7\n"
    assert "evil.png is not an image" in refused("x.zip", zipped({"evil.png": postscript}), tmp_path)


def test_a_pickle_in_an_npz_is_never_loaded(tmp_path: Path) -> None:
    assert "holds object" in refused("x.npz", npz(images=np.array([{"a": 1}] * 53, object)), tmp_path)
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("images.npy", b"\x80\x04cos\nsystem\n")
    assert "is not a NumPy array" in refused("x.npz", evil, tmp_path)


def test_an_array_that_promises_more_than_it_holds_allocates_nothing(tmp_path: Path) -> None:
    assert "cut short or damaged" in refused("x.npz", with_header((2**40, 7, 7), b"1234567"), tmp_path)


@pytest.mark.parametrize("shape", [(-53, -7, 7), (53, -7, -7), (-1,)])
def test_a_shape_with_negative_lengths_is_refused_as_that(shape: tuple[int, ...], tmp_path: Path) -> None:
    message = refused("x.npz", with_header(shape, bytes(53 * 49)), tmp_path)
    assert f"is of shape {shape}, and no length is negative" in message


@pytest.mark.parametrize(
    "header", [b"(" * 9000, b"{'descr': '<U0', 'fortran_order': False, 'shape': (53, 7, 7)}", b"[1"]
)
def test_a_header_that_numpy_did_not_write_is_refused(header: bytes, tmp_path: Path) -> None:
    content = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images.npy", content)
    message = refused("x.npz", file, tmp_path)
    assert "is not a NumPy array" in message or "holds <U0" in message


def test_a_damaged_npz_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    np.savez_compressed(out, images=np.zeros((53, 7, 7), np.uint8))
    content = bytearray(out.getvalue())
    content[60:80] = bytes(range(200, 220))
    assert "images.npy is damaged within its archive" in refused("x.npz", bytes(content), tmp_path)


def test_texts_beyond_unicode_are_refused(tmp_path: Path) -> None:
    labels = np.full(53, 0x110000, "<u4").view("<U1")
    images = np.random.default_rng(0).integers(0, 256, (53, 7, 7), np.uint8)
    assert "`labels` in x.npz holds texts with signs beyond Unicode" in refused(
        "x.npz", npz(images=images, labels=labels), tmp_path
    )


def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.zip")
    (tmp_path / "x.npz").symlink_to("/dev/zero")
    for name in ("x.zip", "x.npz"):
        with pytest.raises(DataError, match=rf"{name} is a pipe or a device and no file; give a folder, a \.zip"):
            add_images(tmp_path / name, "x", folder=tmp_path)
    with pytest.raises(DataError, match="/dev/zero is a pipe or a device"):
        add_images(Path("/dev/zero"), "x", folder=tmp_path)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    for index in range(53):
        (outside / f"{index}.png").write_bytes(png(np.full((7, 7), index, np.uint8)))
    (inside / "link").symlink_to(outside)
    with pytest.raises(DataError, match="holds no images"):
        add_images(inside, "x", folder=tmp_path)


def test_text_hidden_in_a_png_stays_small(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("bomb", "a" * 3_000_000, zip=True)
    out = io.BytesIO()
    Image.fromarray(np.zeros((7, 7), np.uint8)).save(out, "PNG", pnginfo=info)
    assert "a.png is not an image" in refused("x.zip", zipped({"a.png": out.getvalue()}), tmp_path)
