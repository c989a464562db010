"""What the folders around images say: which class each is of, and whether it is trained on or held out.

Two orders are known, `train/cat/1.png` and `cat/train/1.png`, with or without classes, below any number of folders that
hold everything. Where folders can be read in two ways nothing is guessed: that is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dbn_core.data.own.names import listed, natural, shown
from dbn_core.data.own.sources import ImageFile
from dbn_core.errors import DataError

Part = Literal["training", "test", "validation"]
Path = tuple[str, ...]
WORDS: dict[str, Part] = {
    "train": "training",
    "training": "training",
    "test": "test",
    "testing": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
}
RENAME = "Give the lab train/CLASS/... and test/CLASS/..., or classes alone; a class with such a name needs another one"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """classes: the class of each image, None without classes. split: True where held out, None where none is given.

    notes: sentences that say how the folders were read.
    """

    classes: tuple[str, ...] | None
    split: npt.NDArray[np.bool_] | None
    notes: tuple[str, ...] = ()


def layout(files: Sequence[ImageFile]) -> Layout:
    """Of all images of one source. Raises DataError for folders that can be read in more than one way."""
    every = [file.folders for file in files]
    shared = _shared(every)
    paths = [path[shared:] for path in every]
    level = _split_level(paths)
    if level is None:
        around = [name for name in every[0][:shared] if _word(name)]
        notes = _drawn(around[-1]) if around else ()
        return Layout(_classes(files, paths), None, notes)
    names = [path[level] for path in paths]
    below = _below(paths, level, [_part(name) for name in names])
    classes = _classes(files, [path[_shared(below) :] for path in below])
    split, notes = _split(names)
    if classes is not None and split is not None:
        _check_classes_meet(classes, split)
    return Layout(classes, split, notes)


# -- where the split is named ------------------------------------------------------------------------------------------


def _split_level(paths: Sequence[Path]) -> int | None:
    """The first level of folders of which each names a part; None where no level has such words."""
    for level in range(max(map(len, paths), default=0)):
        names = {path[level] for path in paths if len(path) > level}
        is_full = all(len(path) > level for path in paths)
        words = sorted((name for name in names if _word(name)), key=natural)
        if is_full and (len(words) == len(names) or _are_phrases(names)):
            return level
        if words:
            _refuse_mixture(words, sorted(names - set(words), key=natural))
    return None


def _word(name: str) -> Part | None:
    return WORDS.get(name.strip().casefold())


def _part(name: str) -> Part | None:
    """Also of names that hold one of the words, such as training_set."""
    parts: set[Part] = {WORDS[token] for token in re.findall(r"[a-z]+", name.casefold()) if token in WORDS}
    return parts.pop() if len(parts) == 1 else None


def _are_phrases(names: set[str]) -> bool:
    """Each holds one of the words, and no two the same: training_set and test_set, but not train_a and train_b."""
    parts = [_part(name) for name in names]
    return None not in parts and len(set(parts)) == len(parts) > 1


def _refuse_mixture(words: list[str], others: list[str]) -> None:
    beside = f"folders with other names ({listed(others, 5)})" if others else "images that lie in no such folder"
    raise DataError(
        f"Folders that name a split ({listed(words, 5)}) lie beside {beside}: that can be read in two ways. {RENAME}."
    )


def _below(paths: Sequence[Path], level: int, parts: Sequence[Part | None]) -> list[Path]:
    """The paths without the split, also where it is named twice, as in training_set/training_set/cats."""
    rest = [path[:level] + path[level + 1 :] for path in paths]
    while all(len(path) > level and _part(path[level]) == part for path, part in zip(rest, parts, strict=True)):
        rest = [path[:level] + path[level + 1 :] for path in rest]
    return rest


# -- what it says ------------------------------------------------------------------------------------------------------


def _split(names: Sequence[str]) -> tuple[npt.NDArray[np.bool_] | None, tuple[str, ...]]:
    """(who is held out, how that was found); validation images are held out only where there are no test images."""
    parts = [_part(name) for name in names]
    there = set(parts)
    if "training" not in there and len(there) > 1:
        raise DataError(f"There are folders {_folders(names)} but none for training. {RENAME}.")
    if len(there) == 1:
        return None, _drawn(listed(sorted(set(names), key=natural)))
    heldout: Part = "test" if "test" in there else "validation"
    trained = _folders(names, "training")
    notes = (f"The images below {trained} are trained on, those below {_folders(names, heldout)} held out.",)
    if heldout == "test" and "validation" in there:
        count, where = parts.count("validation"), _folders(names, "validation")
        notes += (f"Validation images (below {where}): {count:,}, trained on too, since test images are held out.",)
    return np.array([part == heldout for part in parts]), notes


def _folders(names: Sequence[str], part: Part | None = None) -> str:
    """Those that name this part, or all."""
    return listed(sorted({name for name in names if part in {None, _part(name)}}, key=natural), 5)


def _drawn(folder: str) -> tuple[str, ...]:
    return (f"All images lie below {shown(folder)}, so that names no split: the lab draws one.",)


# -- classes -----------------------------------------------------------------------------------------------------------


def _shared(paths: Sequence[Path]) -> int:
    """How many folders hold all images."""
    shared = 0
    while all(len(path) > shared for path in paths) and len({path[shared] for path in paths}) == 1:
        shared += 1
    return shared


def _classes(files: Sequence[ImageFile], paths: Sequence[Path]) -> tuple[str, ...] | None:
    if not any(paths):
        return None
    beside = next((file.name for file, path in zip(files, paths, strict=True) if not path), None)
    if beside is not None:
        raise DataError(
            f"Sub-folders name the classes, but {shown(beside)} lies beside them; put every image into a sub-folder, "
            f"or none."
        )
    return tuple(path[0] for path in paths)


def _check_classes_meet(classes: Sequence[str], split: npt.NDArray[np.bool_]) -> None:
    trained = {name for name, is_heldout in zip(classes, split, strict=True) if not is_heldout}
    heldout = set(classes) - trained
    if len(heldout) == len({name for name, is_heldout in zip(classes, split, strict=True) if is_heldout}):
        raise DataError(
            f"No class has both training and held-out images: these are {listed(sorted(trained, key=natural), 5)} and "
            f"{listed(sorted(heldout, key=natural), 5)}. Give the classes the same names on both sides."
        )
