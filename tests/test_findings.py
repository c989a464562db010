"""A finding of an evaluation survives the store, and what is no finding is refused."""

import numpy as np
import pytest

from dbn_core.findings import Finding
from dbn_core.frames import packed
from dbn_core.records import Position, Snapshot, SnapshotInfo

HERE = Position(7, 3.0, "evaluation")


def raw(arrays: dict[str, np.ndarray]) -> Snapshot:
    pixels = packed(arrays)
    return Snapshot(SnapshotInfo("evaluation", HERE, pixels.shape), pixels)


def written(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def test_facts_and_arrays_come_back_as_they_were() -> None:
    facts = {"names": ["zéro", "<b>"], "images": 2000, "kind": "a bound"}
    kept = Finding("classifiers", facts, {"a.confusion": np.arange(4).reshape(2, 2)}).to_snapshot(HERE)
    assert (kept.info.kind, kept.info.position) == ("evaluation", HERE)
    back = Finding.from_snapshot(kept)
    assert (back.part, back.facts) == ("classifiers", facts)
    np.testing.assert_array_equal(back.arrays["a.confusion"], [[0, 1], [2, 3]])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"part": "a", "deep": {"er": 1}}', '{"part": "a", "b": [1]}'])
def test_facts_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"facts|JSON|Expecting"):
        Finding.from_snapshot(raw({"facts": written(text)}))


@pytest.mark.parametrize(
    "arrays",
    [
        {"a.confusion": np.zeros((2, 3), np.int64)},
        {"a.confusion": np.zeros((3, 3), np.int64)},
        {"a.confusion": np.zeros((2, 2))},
        {"a.mistakes": np.array([[0.0, 5.0, 0.9]]), "a.pictures": np.zeros((1, 4, 4), np.uint8)},
        {"a.mistakes": np.array([[0.0, 1.0, 0.9]]), "a.pictures": np.zeros((2, 4, 4), np.uint8)},
        {"a.mistakes": np.array([[0.0, 1.0, 0.9]])},
        {"grid": np.zeros((4, 4), np.uint8)},
        {"pairs": np.zeros((3, 2, 4, 4), np.uint8)},
        {"grid": np.zeros((5, 4, 4))},
    ],
)
def test_arrays_that_no_report_could_draw_are_refused(arrays: dict[str, np.ndarray]) -> None:
    facts = {"facts": written('{"part": "classifiers", "names": ["a", "b"]}')}
    with pytest.raises(ValueError, match="array"):
        Finding.from_snapshot(raw(facts | arrays))
