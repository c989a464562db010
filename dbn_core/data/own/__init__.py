"""Images of one's own: a folder, a `.zip` or an `.npz` becomes a data set `own/<name>` in the folder of data sets.

`add_images` decodes, checks and splits them once; from then on they are a data set like any other.
"""

from dbn_core.data.own.intake import add_images
from dbn_core.data.own.shelf import load_own, own_info, own_names, own_sets, remove_own

__all__ = ["add_images", "load_own", "own_info", "own_names", "own_sets", "remove_own"]
