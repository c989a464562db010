"""Fetches one published file through torchvision, which knows the mirrors and shows a bar on the terminal.

The file is fetched into a folder of its own and moved to its place only when its MD5 is right, so an interrupted or
concurrent download is never taken for a complete file.
"""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path

from dbn_core.data.info import DatasetInfo
from dbn_core.data.published import PublishedFile
from dbn_core.errors import DataError


def download(
    info: DatasetInfo, item: PublishedFile, raw: Path, say: Callable[[str], None], mirrors: Sequence[str] | None = None
) -> None:
    """Puts `item` (packed) into `raw`; `mirrors` are base addresses, by default those of torchvision.

    Raises DataError saying why, when no mirror gives the file or the folder cannot be written to.
    """
    say(f"Downloading {info.title}: {item.gz_name} ({item.gz_bytes / 1e6:.1f} MB)")
    try:
        raw.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=raw) as folder:
            _fetch(item, Path(folder), mirrors or _mirrors(info))
            (Path(folder) / item.gz_name).replace(raw / item.gz_name)
    except OSError as error:
        raise DataError(f"{raw.absolute()} cannot be written to: {error.strerror or error}.") from error


def check_md5(item: PublishedFile, path: Path) -> None:
    """Raises DataError when the file is not the published one."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if digest != item.gz_md5:
        raise DataError(f"{path} is not the published file: its MD5 is {digest}, not {item.gz_md5}.")


def _fetch(item: PublishedFile, folder: Path, mirrors: Sequence[str]) -> None:
    from torchvision.datasets.utils import download_url

    reasons: list[str] = []
    for mirror in mirrors:
        try:
            download_url(f"{mirror}{item.gz_name}", folder, filename=item.gz_name, md5=item.gz_md5)
        except (OSError, RuntimeError, HTTPException) as error:
            # Whatever arrived is wrong or incomplete; the next mirror starts afresh.
            (folder / item.gz_name).unlink(missing_ok=True)
            reasons.append(str(getattr(error, "reason", error)))
        else:
            return
    raise DataError(f"{item.gz_name} could not be downloaded ({'; '.join(dict.fromkeys(reasons))}).")


def _mirrors(info: DatasetInfo) -> Sequence[str]:
    from torchvision import datasets

    publisher = getattr(datasets, info.publisher)
    if hasattr(publisher, "mirrors"):
        return publisher.mirrors
    # CIFAR-10: one address of the Python pickles; the binary version lies beside them.
    return (publisher.url.rpartition("/")[0] + "/",)
