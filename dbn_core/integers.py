"""Whole numbers in texts that others have written: in files, addresses and archives.

Python refuses to read integers of thousands of digits (its limit is 4,300), with an error of its own. No number of the
lab has as many as `MOST`: longer ones are no numbers here, or in JSON so large that every range refuses them.
"""

import json
from typing import Any

MOST = 18  # digits; fits into the 64 bits of a database


def whole(text: str) -> int | None:
    """The number that decimal digits stand for; None for any other text."""
    return int(text) if text.isdecimal() and len(text) <= MOST else None


def from_json(text: str | bytes) -> Any:
    """`json.loads`, but integers of more digits become floats, infinite where they are beyond those. Raises as that."""
    return json.loads(text, parse_int=_integer)


def shown(value: object) -> str:
    """`repr`, also of an integer of thousands of digits."""
    try:
        return repr(value)
    except ValueError:  # Python writes no longer ones than it reads
        return "a number of thousands of digits"


def _integer(text: str) -> int | float:
    return int(text) if len(text.lstrip("-")) <= MOST else float(text)
