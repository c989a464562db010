"""Whatever a bad archive may raise, as one sentence that says where it is wrong."""

import csv
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import safetensors
from pydantic import ValidationError

from dbn_core.errors import ArchiveError, ConfigError, StoreError

_T = TypeVar("_T")


def checked(where: str, make: Callable[[], _T]) -> _T:
    """What `make` gives; anything it finds wrong becomes one sentence that says where."""
    try:
        return make()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise ArchiveError(f"{where}: {field + ': ' if field else ''}{first['msg']}") from error
    except ConfigError as error:
        raise ArchiveError(f"{where}: {'; '.join(str(error).splitlines())}") from error
    except (KeyError, TypeError, ValueError, OverflowError, zlib.error, safetensors.SafetensorError) as error:
        raise ArchiveError(f"{where}: {error}") from error


def opened(file: Path) -> zipfile.ZipFile:
    """Opening a pipe would wait for its other end, and a device such as /dev/zero has none."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise ArchiveError("it is a pipe or a device and no file; give the .zip of an exported run")
    return zipfile.ZipFile(file)


@contextmanager
def sentences(file: Path, used: str = "imported") -> Iterator[None]:
    """Whatever reading a bad archive may raise, as one sentence with the name of the file that cannot be `used`."""
    try:
        yield
    except ArchiveError as error:
        raise ArchiveError(f"{file} cannot be {used}: {error}.") from error
    except OSError as error:
        raise ArchiveError(f"{file} cannot be read: {error.strerror or error}.") from error
    except StoreError as error:
        if type(error) is not StoreError:
            raise
        raise ArchiveError(f"{file} cannot be {used}: {error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ArchiveError(f"{file} is no intact .zip file: {error}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError, csv.Error) as error:
        raise ArchiveError(f"{file} cannot be {used}: a part of it is unreadable ({error}).") from error
