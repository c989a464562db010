"""The evaluation of a run that is done: every part stands alone, and the trained run is never lost."""

from collections.abc import Iterator

import numpy as np
import pytest

from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.errors import DataError
from dbn_core.findings import Finding
from dbn_core.inference import at_end
from dbn_core.records import EVALUATION, RunStatus
from dbn_core.store import RunStore
from dbn_core.worker import train_run

TINY = {"layers": [11], "data.train_size": 130, "epochs": 1, "batch_size": 13, "evaluation.at_end": True}


def failing() -> at_end.Outcome:
    raise DataError("Too few images.")


def some_parts(*_: object) -> Iterator[at_end.Part]:
    seen = Finding("classifiers", {"names": ["a", "b"]}, {"x.confusion": np.array([[3, 1], [0, 2]])})
    figures = {"test_error_x": 4.5, "log_likelihood_ais_low": float("-inf")}
    yield "Evaluating one", lambda: at_end.Outcome(figures, seen)
    yield "Evaluating two", failing
    yield "Evaluating three", lambda: at_end.Outcome({"samples.dreams.score": 2.5})


def test_a_part_that_fails_leaves_a_note_and_the_others_their_figures() -> None:
    told: list[str] = []
    kept: dict[str, float] = {}
    seen: list[Finding | None] = []

    def record(outcome: at_end.Outcome) -> None:
        kept.update(outcome.figures)
        seen.append(outcome.finding)

    note = at_end.evaluate(some_parts(), told.append, record, lambda: False)
    assert note == "Not evaluated: two. Too few images."
    assert kept == {"test_error_x": 4.5, "samples.dreams.score": 2.5}
    assert told == ["Evaluating one", "Evaluating two", "Evaluating three"]
    assert [finding and finding.part for finding in seen] == ["classifiers", None]


def test_it_stops_between_parts() -> None:
    told: list[str] = []
    note = at_end.evaluate(some_parts(), told.append, lambda _: None, lambda: len(told) == 1)
    assert told == ["Evaluating one"]
    assert "stopped before its end" in note


def test_the_worker_records_the_figures_under_a_stage_of_their_own(
    store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_end, "parts", some_parts)
    store = RunStore(store_url)
    run = store.create_run(RunConfig().with_values(TINY))
    assert train_run(store.url, run.id) == RunStatus.DONE
    figures = {point.name: point.value for point in run.metrics() if point.position.stage == EVALUATION}
    assert figures == {"test_error_x": 4.5, "samples.dreams.score": 2.5}
    info = run.info()
    assert info.status is RunStatus.DONE
    assert info.message == "Not evaluated: two. Too few images."
    kept = [Finding.from_snapshot(run.snapshot(item.id)) for item in run.snapshots(kind="evaluation")]
    assert [finding.part for finding in kept] == ["machine", "classifiers"]
    assert kept[0].facts["device"] == "cpu"
    assert kept[1].arrays["x.confusion"].tolist() == [[3, 1], [0, 2]]


def test_a_stop_ends_the_evaluation_of_a_run_that_is_trained(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RunStore(store_url)
    run = store.create_run(RunConfig().with_values(TINY))

    def interrupted(*_: object) -> Iterator[at_end.Part]:
        run.send(Stop())
        yield from some_parts()

    monkeypatch.setattr(at_end, "parts", interrupted)
    assert train_run(store.url, run.id) == RunStatus.DONE
    assert not [point for point in run.metrics() if point.position.stage == EVALUATION]
    assert "stopped" in run.info().message


def test_the_parts_are_those_that_the_network_has(store_url: str) -> None:
    store = RunStore(store_url)
    run = store.create_run(RunConfig().with_values(TINY | {"evaluation.at_end": False}))
    train_run(store.url, run.id)
    measurements = dict(at_end.parts(store.url, run.id, run.checkpoints()[-1].id))
    assert list(measurements) == ["Evaluating the log-likelihood", "Evaluating samples"]
    assert set(measurements["Evaluating the log-likelihood"]().figures) == {
        "log_likelihood_exact"
    }  # 11 units: enumerated


def test_what_is_kept_of_a_classifier_is_what_the_figures_were_counted_from(store_url: str) -> None:
    store = RunStore(store_url)
    run = store.create_run(RunConfig().with_values(TINY | {"evaluation.at_end": False, "finetune.epochs": 2}))
    train_run(store.url, run.id)
    where = (store.url, run.id, run.checkpoints()[-1].id)
    outcome = dict(at_end.parts(*where))["Evaluating the classifiers"]()
    assert outcome.finding is not None
    counts = outcome.finding.arrays["fine_tuned.confusion"]
    assert 100 * (1 - np.trace(counts) / counts.sum()) == pytest.approx(outcome.figures["test_error_fine_tuned"])
    truth, answer, sure = outcome.finding.arrays["fine_tuned.mistakes"].T
    assert len(outcome.finding.arrays["fine_tuned.pictures"]) == len(truth) == at_end.MISTAKES
    assert (truth != answer).all()
    assert (np.diff(sure) <= 0).all()
