"""A run as a file: export to `.zip` or `.csv`, import from `.zip`. See `form` for what is in it."""

from dbn_core.archive.reading import import_archive
from dbn_core.archive.writing import export

__all__ = ["export", "import_archive"]
