"""Rules for texts from people and programs: what a name or a note may hold, and how messages are made storable.

Texts are never markup here; whoever shows them escapes them.
"""

import re
import unicodedata

from dbn_core.errors import StoreError

NAME_LENGTH = 80
NOTE_LENGTH = 10_000
MESSAGE_LENGTH = 2_000

# Cc: control characters (PostgreSQL refuses NUL). Cs: halves of characters, which UTF-8 cannot write.
# Zl, Zp: line ends that a one-line list would follow.
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
# They turn the reading direction of what follows, so that one name can pass for another.
_DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_name(text: str) -> str:
    """A run's name, trimmed, in Unicode's composed form. Raises StoreError when empty, too long or unprintable."""
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise StoreError(f"A run needs a name of 1 to {NAME_LENGTH} characters; this one is empty.")
    if len(name) > NAME_LENGTH:
        raise StoreError(f"A run's name has at most {NAME_LENGTH} characters; this one has {len(name)}. Shorten it.")
    _refuse_unprintable(name, "A run's name", allowed="")
    return name


def clean_note(text: str) -> str:
    """A run's note; may be empty and have several lines. Raises StoreError when too long or unprintable."""
    note = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if len(note) > NOTE_LENGTH:
        raise StoreError(f"A note has at most {NOTE_LENGTH:,} characters; this one has {len(note):,}. Shorten it.")
    _refuse_unprintable(note, "A note", allowed="\n\t")
    return note


def clean_message(text: str) -> str:
    """A text from a program (an exception, perhaps), made storable, not refused: it must not hide a failure."""
    storable = "".join("\ufffd" if _is_unprintable(char) and char not in "\n\t" else char for char in text).strip()
    return storable if len(storable) <= MESSAGE_LENGTH else storable[: MESSAGE_LENGTH - 3] + "..."


def free_name(base: str, taken: list[str]) -> str:
    """`base` itself, else `base #n`, n one more than the largest in use: `digits 256`, `digits 256 #2`."""
    if base not in taken:
        return base
    pattern = re.compile(re.escape(base) + r" #(\d{1,9})")
    numbers = [int(match[1]) for match in map(pattern.fullmatch, taken) if match]
    return f"{base} #{max(numbers, default=1) + 1}"


def _refuse_unprintable(text: str, what: str, allowed: str) -> None:
    bad = sorted({char for char in text if _is_unprintable(char) and char not in allowed})
    if bad:
        shown = ", ".join(f"U+{ord(char):04X}" for char in bad[:5])
        raise StoreError(f"{what} may hold letters, digits, signs and spaces, but no control characters ({shown}).")


def _is_unprintable(char: str) -> bool:
    return unicodedata.category(char) in _UNPRINTABLE or char in _DIRECTION_MARKS
