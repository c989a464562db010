"""Choosing labelled images: balanced, by seed, complete, and what is set aside."""

import pytest
import torch

from dbn_core.errors import DataError
from dbn_core.training.few_labels import balanced, held_back

NAMES = ("a", "b", "c")
LABELS = torch.tensor([0] * 5 + [1] * 23 + [2] * 19)


def counts(chosen: torch.Tensor) -> list[int]:
    return torch.bincount(LABELS[chosen], minlength=3).tolist()


@pytest.mark.parametrize("wanted", [3, 7, 11, 15])
def test_classes_differ_by_one_image_at_most(wanted: int) -> None:
    chosen = balanced(LABELS, wanted, NAMES, 1, "finetune.labels")
    assert len(set(chosen.tolist())) == wanted
    assert max(counts(chosen)) - min(counts(chosen)) <= 1


def test_a_class_with_fewer_images_gives_all_it_has() -> None:
    assert counts(balanced(LABELS, 31, NAMES, 1, "finetune.labels")) == [5, 13, 13]
    assert counts(balanced(LABELS, 46, NAMES, 1, "finetune.labels")) == [5, 22, 19]


def test_the_seed_decides_which_and_nothing_else_does() -> None:
    one, again, other = (balanced(LABELS, 11, NAMES, seed, "finetune.labels") for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_every_image_of_a_class_is_as_likely_as_another() -> None:
    drawn = torch.zeros(len(LABELS))
    for seed in range(2003):
        drawn[balanced(LABELS, 6, NAMES, seed, "finetune.labels")] += 1
    share = 2 / 23
    band = 4 * (share * (1 - share) / 2003) ** 0.5
    assert ((drawn[5:28] / 2003 - share).abs() < band).all()


def test_all_of_them_in_another_order_when_no_number_is_given() -> None:
    chosen = balanced(LABELS, None, NAMES, 1, "finetune.labels")
    assert chosen.sort().values.tolist() == list(range(47))
    assert chosen.tolist() != list(range(47))


@pytest.mark.parametrize(
    ("wanted", "names", "sentence"),
    [
        (2, NAMES, "x is 2 but there are 3 classes; give at least 3"),
        (48, NAMES, "x is 48 but the run has 47 training images"),
        (10, (*NAMES, "d", "e"), "shows 'd', 'e'"),
        (10, ("a",), "at least 2 classes; these images have 1"),
    ],
)
def test_what_cannot_be_chosen_is_told(wanted: int, names: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        balanced(LABELS, wanted, names, 1, "x")


def test_a_tenth_of_each_class_is_set_aside() -> None:
    chosen = balanced(LABELS, None, NAMES, 1, "x")
    learnt, aside = held_back(chosen, LABELS)
    assert counts(aside) == [0, 2, 1]
    assert sorted([*learnt.tolist(), *aside.tolist()]) == list(range(47))


def test_at_least_one_image_is_set_aside() -> None:
    chosen = balanced(LABELS, 3, NAMES, 1, "x")
    learnt, aside = held_back(chosen, LABELS)
    assert (len(learnt), len(aside)) == (2, 1)
