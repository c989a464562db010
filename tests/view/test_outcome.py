"""What a run that has ended says of itself."""

from datetime import UTC, datetime, timedelta

from dbn_core.config import RunConfig
from dbn_core.records import MetricPoint, Position, Progress, RunInfo, RunStatus
from dbn_core.view.outcome import outcome
from tests.view.samples import run_info

START = datetime(2026, 1, 1, tzinfo=UTC)


def ended(status: RunStatus, message: str = "") -> RunInfo:
    return run_info(
        status=status,
        message=message,
        config=RunConfig(layers=(500, 300)),
        started_at=START,
        finished_at=START + timedelta(seconds=72),
        progress=Progress(Position(900, 7.5, "layer2"), epochs=20),
    )


def points(**values: float | list[float]) -> list[MetricPoint]:
    return [
        MetricPoint(name, value, Position(step, float(step), stage))
        for key, given in values.items()
        for stage, _, name in [key.partition("_")]
        for step, value in enumerate(given if isinstance(given, list) else [given], 1)
    ]


def test_a_good_run_says_how_far_its_error_fell_and_that_all_units_work() -> None:
    measured = points(layer1_heldout_recon_mse=[0.068, 0.0149], layer1_dead_units=[12, 0], layer1_sparsity=0.09)
    end, errors, units = outcome(ended(RunStatus.DONE), measured, seconds=65.0)
    assert end == "It trained for its 20 epochs in 1:05."  # its own time: from start to end 1:12 passed
    assert "layer 1 0.068" in errors
    assert "→ 0.0149" in errors
    assert units == "Units of layer 1: all 500 at work, 9.0 % of them on at a time."


def test_dead_units_are_counted_and_not_called_at_work() -> None:
    measured = points(layer1_dead_units=0, layer2_dead_units=[5, 290], layer2_constant_units=[0, 4])
    (end, units) = outcome(ended(RunStatus.DONE), measured)
    assert end == "It trained for its 20 epochs."
    assert units == "Units of layer 1: all 500 at work; layer 2: 290 of 300 dead, 4 the same for every image."


def test_it_says_how_well_classes_are_told_apart_by_whoever_did_it_last() -> None:
    measured = points(layer2_heldout_recon_mse=[0.05, 0.02], finetune_test_error=[5.0, 2.1])
    errors = outcome(ended(RunStatus.DONE), measured)[1]
    assert errors.endswith("layer 2 0.0500 → 0.0200. Of their classes 2.10 % wrong (classifier).")


def test_a_run_that_did_not_come_to_its_end_says_why_and_no_more_than_was_measured() -> None:
    assert outcome(ended(RunStatus.STOPPED), []) == ("It was stopped at epoch 7.50 of 20; Resume goes on from there.",)
    (diverged,) = outcome(ended(RunStatus.DIVERGED, "Lower the rate."), [])
    assert diverged == "It diverged; its last good state is that of epoch 7.50 of 20."  # the status line says why
    (failed,) = outcome(ended(RunStatus.FAILED, "A defect."), [])
    assert failed == "It ended at epoch 7.50 of 20 by a failure; Resume goes on from its last checkpoint."
