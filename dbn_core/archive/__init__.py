"""A run as a file: exported as what `writing` says, imported from a `.zip`; `form` says what is in one."""

from dbn_core.archive.network import ArchivedNetwork, read_network
from dbn_core.archive.reading import import_archive
from dbn_core.archive.writing import export, refuse_there, save, write

__all__ = ["ArchivedNetwork", "export", "import_archive", "read_network", "refuse_there", "save", "write"]
