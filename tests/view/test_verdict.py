"""What a run's own numbers say, in words."""

import pytest

from dbn_core.view.verdict import LayerFigures, Size, found, verdict

BEFORE = Size(0.22, 8.1)


def said(last: Size) -> str:
    (sentence,) = verdict([LayerFigures(1, first=BEFORE, last=last)])
    return sentence


def test_filters_that_became_finer_are_not_called_larger() -> None:
    assert said(Size(0.16, 6.3)) == (
        "Layer 1: filters became finer, not larger; after its first epoch and at last they use 22 → 16 % of the image, "
        "with details of 8.1 → 6.3 px."
    )


def test_filters_that_grew_are_said_to_have_grown() -> None:
    assert said(Size(0.3, 9.9)).startswith("Layer 1: filters grew larger and coarser, as from edges to parts; ")


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (Size(0.16, 8.1), "became smaller, their details stayed"),
        (Size(0.16, 9.9), "became smaller, with coarser strokes"),
        (Size(0.23, 6.3), "became finer at the same size"),
        (Size(0.21, 8.5), "kept their size and their details"),
        (Size(0.22, 9.9), "became coarser at the same size"),
        (Size(0.3, 6.3), "grew larger and finer"),
        (Size(0.3, 8.0), "grew larger, their details stayed"),
    ],
)
def test_every_way_that_two_figures_can_go_has_its_words(last: Size, words: str) -> None:
    assert said(last).startswith(f"Layer 1: filters {words}; ")


def between(*shares: float) -> str:
    (sentence,) = verdict([LayerFigures(depth, responses=Size(share, 9.0)) for depth, share in enumerate(shares, 1)])
    return sentence


def test_layers_are_compared_by_what_their_units_respond_to() -> None:
    assert between(0.15, 0.17, 0.19) == (
        "What units respond to, their response images, is larger from layer to layer: 15 → 17 → 19 % of the image in "
        "layers 1, 2 and 3."
    )
    assert "is smaller from layer to layer: 19 → 15 %" in between(0.19, 0.15)
    assert "is of one size in all layers: " in between(0.18, 0.185, 0.18)
    assert "is neither larger nor smaller from layer to layer: " in between(0.15, 0.25, 0.15)


def test_small_steps_that_add_up_are_noticed() -> None:
    assert "is larger from layer to layer" in between(0.16, 0.17, 0.18)


def purity(*values: float | None) -> list[str]:
    return verdict([LayerFigures(depth, purity=value) for depth, value in enumerate(values, 1)])


def test_class_purity_rises_falls_or_stays() -> None:
    assert purity(0.66, 0.74, 0.85) == [
        "Units of deeper layers keep more to one class: class purity 66 → 74 → 85 % in layers 1, 2 and 3."
    ]
    assert purity(0.85, 0.66)[0].startswith("Units of deeper layers keep less to one class: ")
    assert purity(0.7, 0.71)[0].startswith("Units of all layers keep to one class alike: ")
    assert purity(0.5, 0.7, 0.5)[0].startswith("Units keep to one class more in some layers and less in others: ")
    assert purity(None, 0.7) == []


def test_a_layer_of_dead_units_is_said_to_show_no_features_and_is_compared_with_none() -> None:
    alive = LayerFigures(1, responses=Size(0.15, 9.0), purity=0.6)
    dead = LayerFigures(2, "responses", BEFORE, Size(0.3, 9.9), Size(0.4, 9.0), 0.0, idle=0.98)
    assert verdict([alive, dead]) == [
        "Most units of layer 2 take no part (98 % are dead or never change): its pictures show no features."
    ]


def test_nothing_is_said_of_what_was_not_measured() -> None:
    assert verdict([]) == []
    assert verdict([LayerFigures(1, last=BEFORE)]) == []


@pytest.mark.parametrize(
    ("share", "words"), [(0.05, "Small pieces: 5 %"), (0.16, "Parts: 16 %"), (0.2, "Whole shapes: 20 %")]
)
def test_what_a_layer_found_is_said_from_its_pictures_and_its_purity(share: float, words: str) -> None:
    layer = LayerFigures(2, last=Size(share, 9.0), purity=0.77)
    assert found(layer) == (
        f"{words} of the image. Of the forty images that excite a unit most, 77 % are of one class."
    )
    assert found(LayerFigures(2, last=Size(share, 9.0))) == f"{words} of the image.", "images without classes"


def test_a_layer_most_of_whose_units_take_no_part_found_nothing() -> None:
    dead = LayerFigures(3, last=Size(0.2, 9.0), purity=0.24, idle=0.98)
    assert found(dead) == "Most units take no part (98 % are dead or never change)."
    assert found(LayerFigures(3)) == "", "nothing is known yet"
