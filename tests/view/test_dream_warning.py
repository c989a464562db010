"""The sentence above dreams that were found to be poor."""

import pytest

from dbn_core.records import EVALUATION, MetricPoint, Position
from dbn_core.view.dream_warning import UNMEASURED, dream_warning


def scored(precision: float, coverage: float, step: int = 7) -> list[MetricPoint]:
    values = {"dreams": (precision, coverage), "real": (0.97, 0.95), "noise": (0.0, 0.0)}
    return [
        MetricPoint(f"samples.{source}.{measure}", value, Position(step, 1.0, EVALUATION))
        for source, both in values.items()
        for measure, value in zip(("precision", "coverage"), both, strict=True)
    ]


SELDOM = (
    "As measured, its dreams are hardly ever like the images it has learnt: precision 0.054, where held-out images "
    "have 0.970."
)


@pytest.mark.parametrize(
    ("precision", "coverage", "words"),
    [
        (0.98, 0.8, ""),
        (0.5, 0.11, ""),
        (
            1.0,
            0.004,
            "As measured, its dreams are all alike: coverage 0.004, where held-out images have 0.950.",
        ),
        (0.054, 0.002, SELDOM),
    ],
)
def test_dreams_short_of_a_tenth_of_the_way_to_images_are_called_poor(
    precision: float, coverage: float, words: str
) -> None:
    assert dream_warning(scored(precision, coverage), "cd") == words


def test_the_newest_evaluation_counts_and_none_says_nothing() -> None:
    assert dream_warning([*scored(1.0, 0.004, 3), *scored(0.98, 0.8, 7)], "cd") == ""
    assert dream_warning(scored(1.0, 0.004)[:-1], "pcd") == "", "without noise there is no way from it"


def test_where_nobody_has_scored_them_the_estimator_says_what_to_expect() -> None:
    assert dream_warning([], "cd") == UNMEASURED
    assert dream_warning([], "pcd") == ""
