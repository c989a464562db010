"""Images given as an `.npz`; never a pickle."""

import zipfile
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.arrays import WANTED, from_arrays
from dbn_core.data.own.material import Material
from dbn_core.data.own.npy import read_array
from dbn_core.data.own.roles import Held, by_role, called
from dbn_core.data.own.sources import Reader, as_sentences

_NPY = ".npy"


def read_npz(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """What the archive holds, its images as they are. Raises DataError: what is wrong and what is wanted."""
    with as_sentences(name), zipfile.ZipFile(file) as archive:
        reader = Reader(archive)
        members = {info.filename[: -len(_NPY)]: info for info in archive.infolist() if info.filename.endswith(_NPY)}
        arrays = {role: _held(reader, members[key], key, name) for role, key in by_role(members).items()}
    return from_arrays(arrays, name)


def _held(reader: Reader, member: zipfile.ZipInfo, key: str, name: str) -> Held:
    content = reader.read(member, limits.STORED_BYTES)
    return Held(key, name, read_array(content, called(key, name), WANTED))
