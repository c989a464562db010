"""Real numbers that survive a database: nan and the infinities are stored as a kind beside an empty value.

SQLite turns nan into NULL and JSON has no word for it, yet a diverging run does write it.
"""

import math


def encode(value: float) -> tuple[float | None, str]:
    """A value as `(number, kind)`; the number is None unless the kind is `finite`."""
    number = float(value)
    if math.isfinite(number):
        return number + 0.0, "finite"  # -0.0 becomes 0.0 here, since SQLite would do it alone
    if math.isnan(number):
        return None, "nan"
    return None, "inf" if number > 0 else "-inf"


def decode(number: float | None, kind: str) -> float:
    """Inverse of `encode`. Raises ValueError on a kind that `encode` never writes."""
    if kind == "finite" and number is not None:
        return number
    if kind not in {"nan", "inf", "-inf"}:
        raise ValueError(f"no value has the kind {kind!r}")
    return float(kind)
