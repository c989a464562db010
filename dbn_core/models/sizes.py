"""Sizes of layers, as a person gives them."""

from collections.abc import Sequence
from itertools import pairwise
from operator import index

from dbn_core.errors import ModelError

LARGEST = 999_999_999  # units, images, steps: beyond what a machine has room for


def whole(size: object, what: str) -> int:
    """`size` as a whole number. Raises ModelError for anything else, and for more than any tensor has."""
    try:
        number = index(size)  # pyright: ignore[reportArgumentType]
    except TypeError as error:
        raise ModelError(f"{what} must be a whole number, not {size!r}; give one of at least 1.") from error
    if abs(number) > LARGEST:
        raise ModelError(f"{what} has more than 9 digits; give a number from 1 to {LARGEST:,}.")
    return number


def refuse_no_sizes(n_visible: object, n_hidden: object) -> None:
    """Raises ModelError for a side of an RBM without units."""
    visible, hidden = whole(n_visible, "n_visible"), whole(n_hidden, "n_hidden")
    if visible < 1 or hidden < 1:
        raise ModelError(
            f"An RBM needs at least 1 visible and 1 hidden unit, not {visible} and {hidden}; give both sizes."
        )


def refuse_no_stack(sizes: Sequence[object], n_labels: object) -> None:
    """Raises ModelError for what is no DBN."""
    if len(sizes) < 2:
        raise ModelError(f"A DBN needs a visible and at least one hidden layer, not sizes {list(sizes)}.")
    for below, above in pairwise(sizes):
        refuse_no_sizes(below, above)
    if whole(n_labels, "n_labels") < 0:
        raise ModelError(f"n_labels is {n_labels}; give how many classes there are, or 0 for none.")


def refuse_no_dream(n: object, steps: object) -> None:
    """Raises ModelError for no images, or no Gibbs step that would make them."""
    if whole(n, "n") < 1:
        raise ModelError(f"There are no {n} images to dream; give n of at least 1.")
    if whole(steps, "steps") < 1:
        raise ModelError(f"A dream needs at least one Gibbs step, not {steps}; 100 or more leave the start behind.")
