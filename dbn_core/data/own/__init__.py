"""Images of one's own: a folder, or a file of one of the `formats`, becomes a data set `own/<name>`.

`add_images` decodes, checks and splits them once; from then on they are a data set like any other.
"""

from dbn_core.data.own.added import Added
from dbn_core.data.own.intake import Prepared, add_images, prepare
from dbn_core.data.own.shelf import damaged_sets, load_own, own_info, own_names, own_sets, remove_own

__all__ = [
    "Added",
    "Prepared",
    "add_images",
    "damaged_sets",
    "load_own",
    "own_info",
    "own_names",
    "own_sets",
    "prepare",
    "remove_own",
]
