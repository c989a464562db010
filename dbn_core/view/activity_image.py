"""Hidden probabilities of a batch as a picture: a row a case, a column a unit, with marks over units that fail."""

import numpy as np

from dbn_core.view import palette, png
from dbn_core.view.frame_data import restless, silent
from dbn_core.view.palette import Theme

MARK = 3  # rows of the marks
GAP = 1  # rows between marks and cases
LARGEST = 8


def activity_image(hidden: np.ndarray, activity: np.ndarray, theme: Theme, scale: int = 1) -> bytes:
    """PNG of `hidden` (cases, units) uint8, ink for probability; `activity` (all units) decides the marks.

    Above the cases a dead unit is marked in the colour of negative things, one that is always on in that of positive
    ones: the first two layer colours. Raises ValueError for a scale outside 1 to 8.
    """
    if not 1 <= scale <= LARGEST:
        raise ValueError(f"a picture of activities is enlarged 1 to {LARGEST} times, not {scale}")
    table = np.frombuffer(palette.ink(theme), np.uint8).reshape(256, 3)
    cases, units = hidden.shape
    sheet = np.empty((MARK + GAP + cases, units, 3), np.uint8)
    sheet[:] = palette.rgb(palette.PAGE[theme])
    # Index 0 of a palette is a gap: probabilities begin at 1.
    sheet[MARK + GAP :] = table[np.maximum(hidden, 1)]
    for marked, colour in zip((silent(activity), restless(activity)), palette.LAYERS[theme], strict=False):
        shown = [unit for unit in marked if unit < units]
        sheet[:MARK, shown] = palette.rgb(colour)
    return png.encode(sheet, b"", scale)
