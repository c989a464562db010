"""What a picture shows: ids that stay, words that may change, and what older stores hold."""

import re
from typing import get_args

import pytest

from dbn_core.inference.projections import project
from dbn_core.projections import LABELS, ON_REQUEST, RECORDED, Projection, drawn_of


def test_ids_are_no_words_for_the_screen_and_each_has_its_label() -> None:
    assert all(re.fullmatch(r"[a-z_]*", drawn) for drawn in LABELS)
    assert set(get_args(Projection)) == {RECORDED, *ON_REQUEST} <= LABELS.keys()
    assert len(set(LABELS.values())) == len(LABELS)
    assert all(drawn_of(drawn) == drawn for drawn in LABELS)


def test_a_word_of_no_version_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="cannot show 'dreams'; there are weights, generative_weights"):
        drawn_of("dreams")
    assert project.__annotations__["projection"] is Projection
