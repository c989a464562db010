"""Names that come from files: made fit to be shown, to be told apart, and to be put in order.

A file may be called anything: signs that steer a terminal, turn the reading direction or are half a character are shown
as U+FFFD wherever a name is told.
"""

import re
import unicodedata
from collections.abc import Sequence

from dbn_core.data.own import limits
from dbn_core.errors import DataError

# Cc: control characters, escape sequences among them. Cs: halves of characters. Zl, Zp: line ends.
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
# What turns the reading direction, or takes no room, so that one name can pass for another. Joiners stay: scripts and
# emoji need them.
_UNSEEN = set("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\ufff9\ufffa\ufffb")
_UNSEEN |= {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_MARK = "\ufffd"


def printable(text: str, allowed: str = "") -> str:
    """The text with U+FFFD for every sign that is not to be shown, but for those `allowed`."""
    return "".join(sign if sign in allowed or not _is_unfit(sign) else _MARK for sign in text)


def shown(name: str, most: int = 80) -> str:
    """A file's name for a sentence: printable, and where it is long its end."""
    text = printable(name)
    return text if len(text) <= most else f"…{text[1 - most :]}"


def listed(names: Sequence[str], most: int = 10) -> str:
    """As in "a, b and c", or "a, b and 7 more" where there are more than `most`."""
    texts = [shown(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(texts)} and {len(names) - most:,} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def class_names(texts: Sequence[str]) -> tuple[str, ...]:
    """Of classes that differ: printable, trimmed and bounded. Raises DataError when two look alike, or one is empty."""
    names = [printable(unicodedata.normalize("NFC", text)).strip()[: limits.CLASS_NAME] for text in texts]
    if not all(names):
        raise DataError("A class has no name but spaces; give every class a name.")
    alike = next((name for name in names if names.count(name) > 1), None)
    if alike is not None:
        raise DataError(
            f"Several classes are called {alike!r}, once signs that cannot be shown and all beyond {limits.CLASS_NAME} "
            f"characters are left out; rename them."
        )
    return tuple(names)


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """What sorts names as people do: 2 before 10, a beside A."""
    return (*(_sorted_part(part) for part in re.split(r"(\d+)", text.casefold()) if part), (2, 0, text))


def _sorted_part(part: str) -> tuple[int, int, str]:
    # By length first, not by value: Python refuses to read numbers of thousands of digits.
    digits = part.lstrip("0")
    return (0, len(digits), digits) if part.isdecimal() else (1, 0, part)


def _is_unfit(sign: str) -> bool:
    return unicodedata.category(sign) in _UNPRINTABLE or sign in _UNSEEN
