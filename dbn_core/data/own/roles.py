"""Which array of a file is which: under what names images, labels and the parts of a split are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from dbn_core.data.own.names import shown

PARTS = ("train", "val", "test")
_PART_NAMES = {
    "train": ("train", "training"),
    "val": ("val", "valid", "validation", "dev"),
    "test": ("test", "testing"),
}
_WHOLE = {
    "images": ("images", "image", "x", "data", "arr_0"),
    "labels": ("labels", "label", "y", "target", "targets", "arr_1"),
    "class_names": ("class_names", "target_names"),
    "split": ("split",),
}


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """An array of a file, with the names of both."""

    name: str
    file: str
    values: npt.NDArray[Any] = field(repr=False)

    @property
    def what(self) -> str:
        """What a sentence calls it."""
        return called(self.name, self.file)


def called(name: str, file: str) -> str:
    """An array of a file, as in "`y_test` in digits.npz"."""
    return f"`{name}` in {shown(file)}"


def by_role(names: Iterable[str]) -> dict[str, str]:
    """Role -> the name of the array that has it: `images`, `labels`, `class_names`, `split`, and `x_train`, `y_train`
    and so on for each of `PARTS`. Case does not matter; of several names the first of its role's list counts.
    """
    there = {name.lower(): name for name in sorted(names, reverse=True)}
    known = {role: next((there[name] for name in names if name in there), None) for role, names in _NAMES.items()}
    return {role: name for role, name in known.items() if name is not None}


def _names_of_parts() -> Mapping[str, tuple[str, ...]]:
    """Of images and labels of each part: as Keras has them (`x_train`), and as others do (`train_images`)."""
    roles = {"x": ("images", "data", "x"), "y": ("labels", "targets", "y")}
    return {
        f"{role}_{part}": (
            *(f"{role}_{name}" for name in _PART_NAMES[part]),
            *(f"{name}_{word}" for name in _PART_NAMES[part] for word in words),
        )
        for part in PARTS
        for role, words in roles.items()
    }


_NAMES = {**_WHOLE, **_names_of_parts()}
