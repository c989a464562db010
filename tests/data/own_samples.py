"""Folders and archives of small pictures, sound and hostile ones."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dbn_core.data.own import add_images
from dbn_core.errors import DataError


def picture(index: int = 0, height: int = 7, width: int = 11, *, colour: bool = False) -> np.ndarray:
    generator = np.random.default_rng(index)
    return generator.integers(0, 256, (height, width, 3) if colour else (height, width), dtype=np.uint8)


def png(array: np.ndarray, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind)
    return out.getvalue()


def many(count: int, folder: str = "", *, colour: bool = False) -> dict[str, bytes]:
    """Names and contents of `count` pictures, each another."""
    return {
        f"{folder}{index:03}.png": png(picture(index + len(folder) * 1009, colour=colour)) for index in range(count)
    }


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def laid_out(files: dict[str, bytes], folder: Path) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def npz(**arrays: np.ndarray) -> io.BytesIO:
    out = io.BytesIO()
    np.savez(out, allow_pickle=True, **arrays)
    out.seek(0)
    return out


def refused(name: str, content: bytes | io.BytesIO, folder: Path) -> str:
    """Why a file of this name is not taken; nothing of it is stored in the folder of data sets."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(DataError) as caught:
        add_images((name, file), "x", folder=folder)
    assert not (folder / "own").exists()
    return str(caught.value)
