"""The examples that come with the lab: their store is made once, from the archives in `assets/gallery`."""

import logging
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from dbn_core.archive import import_archive
from dbn_core.errors import LabError
from dbn_core.store import RunStore
from dbn_core.store.examples import archives, examples_file

log = logging.getLogger(__name__)

PATIENCE = 120.0  # seconds to wait for another process that makes them


def make_examples() -> None:
    """Make the store of examples where it is missing; once, however many processes begin with it at the same moment.

    Without a folder to keep them in there are no examples: that is logged, and the lab works without.
    """
    file = examples_file()
    if not archives() or file.is_file():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{file}.lock", timeout=PATIENCE):
            if not file.is_file():
                _make(file)
    except (LabError, OSError, Timeout) as error:
        log.warning("The lab has no examples: %s", error)


def _make(file: Path) -> None:
    """Beside its place first: nobody ever opens half of it."""
    with tempfile.TemporaryDirectory(prefix="examples-", dir=file.parent) as folder:
        draft = Path(folder) / "examples.db"
        with RunStore(f"sqlite:///{draft.as_posix()}") as store:
            for run_id, archive in archives().items():
                import_archive(store, archive, run_id)
        draft.replace(file)
