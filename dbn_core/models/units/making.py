"""The units of one side of an RBM, from their name in the table `dbn_core.kinds` or as somebody has made them."""

from pkgutil import resolve_name
from typing import Literal, Unpack

from dbn_core.errors import ModelError
from dbn_core.kinds import HIDDEN, KINDS, VISIBLE
from dbn_core.models.units.shapes import Place
from dbn_core.models.units.units import Units

Side = Literal["visible", "hidden"]
_THERE: dict[Side, tuple[str, ...]] = {"visible": VISIBLE, "hidden": HIDDEN}


def units_of(
    given: str | Units,
    side: Side,
    units: int,
    categories: int | None = None,
    **place: Unpack[Place],
) -> Units:
    """The units of a side of `units` units. Raises ModelError for a kind that it cannot have, or a wrong size."""
    if not isinstance(given, Units):
        given = _class_of(given, side).build(units, categories, **place)
    if given.kind.name not in _THERE[side] or (side == "hidden" and given.labels):
        what = "a label" if given.labels else f"{given.kind.name} units"
        raise ModelError(f"The {side} side cannot be {what}; give one of {', '.join(_THERE[side])}.")
    problem = given.why_no_size(units)
    if problem:
        raise ModelError(problem)
    return given


def _class_of(name: str, side: Side) -> type[Units]:
    if name not in _THERE[side]:
        raise ModelError(f"{name!r} is no kind of {side} units; give one of {', '.join(_THERE[side])}.")
    return resolve_name(KINDS[name].home)
