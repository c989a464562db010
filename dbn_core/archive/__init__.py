"""A run as a file: export to `.zip`, `.csv`, `.html`, `.gif` or `.png`, import from `.zip`; see `form` and `replay`."""

from dbn_core.archive.reading import import_archive
from dbn_core.archive.writing import export, write

__all__ = ["export", "import_archive", "write"]
