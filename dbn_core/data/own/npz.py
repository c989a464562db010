"""Images given as an `.npz`; never a pickle."""

import zipfile
from pathlib import PurePosixPath
from typing import IO

from dbn_core.data.own import limits
from dbn_core.data.own.arrays import WANTED, from_arrays
from dbn_core.data.own.material import Material
from dbn_core.data.own.names import shown
from dbn_core.data.own.npy import read_array
from dbn_core.data.own.roles import Held, by_role
from dbn_core.data.own.sources import Reader, as_sentences


def read_npz(file: IO[bytes], name: str, size: int | None) -> Material:  # noqa: ARG001
    """What the archive holds, its images as they are. Raises DataError: what is wrong and what is wanted."""
    with as_sentences(name), zipfile.ZipFile(file) as archive:
        reader = Reader(archive)
        members = {PurePosixPath(info.filename).stem: info for info in archive.infolist()}
        arrays = {role: _held(reader, members[key], key, name) for role, key in by_role(members).items()}
    return from_arrays(arrays, name)


def _held(reader: Reader, member: zipfile.ZipInfo, key: str, name: str) -> Held:
    content = reader.read(member, limits.STORED_BYTES)
    return Held(key, name, read_array(content, f"`{key}` in {shown(name)}", WANTED))
