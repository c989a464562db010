"""The contract of a run's writer: what it stores, what it bounds, and when it must stop."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dbn_core.commands import Pause
from dbn_core.config import RunConfig
from dbn_core.errors import LeaseLostError, RunNotFoundError, StoreError
from dbn_core.records import EVALUATION, MetricPoint, Position, Progress, RunStatus, Snapshot
from dbn_core.store import Run, RunStore, RunWriter
from dbn_core.store.schema import runs
from tests.store.samples import at, checkpoint, picture, point, row_counts, steps

WRITES: dict[str, Callable[[RunWriter], object]] = {
    "write": lambda writer: writer.write([point(3)], [picture(3)], Progress(at(3))),
    "heartbeat": lambda writer: writer.write(),
    "save_checkpoint": lambda writer: writer.save_checkpoint(checkpoint(3)),
    "set_status": lambda writer: writer.set_status(RunStatus.DONE),
    "acknowledge": lambda writer: writer.acknowledge(1, at(3)),
}


class TestClaiming:
    def test_a_claimed_run_is_running_and_keeps_its_first_start(self, store: RunStore, run: Run) -> None:
        assert run.info().started_at is None
        store.claim(run.id, "first").set_status(RunStatus.STOPPED, "stopped by hand")
        started = run.info().started_at
        run.queue()
        store.claim(run.id, "second")
        info = run.info()
        assert (info.status, info.message, info.finished_at) == ("running", "", None)
        assert started is not None
        assert info.started_at == started

    @pytest.mark.parametrize("what", WRITES)
    def test_a_writer_whose_run_was_taken_over_stores_nothing(self, store: RunStore, run: Run, what: str) -> None:
        old = store.claim(run.id, "old worker")
        run.send(Pause())
        new = store.claim(run.id, "new worker")
        new.write([point(2)])
        before = (row_counts(store), run.revision(), run.commands(), run.info().status)
        with pytest.raises(LeaseLostError, match=r"'a run'.*old worker.*new worker"):
            WRITES[what](old)
        assert before == (row_counts(store), run.revision(), run.commands(), run.info().status)
        new.write([point(5)])
        assert steps(run.metrics()) == [2, 5]

    def test_a_second_claim_of_the_same_owner_counts_too(self, store: RunStore, run: Run) -> None:
        first, second = store.claim(run.id, "worker"), store.claim(run.id, "worker")
        with pytest.raises(LeaseLostError):
            first.write([point(2)])
        second.write([point(3)])
        assert steps(run.metrics()) == [3]

    def test_queueing_again_takes_the_run_from_its_writer(self, writer: RunWriter) -> None:
        writer.run.queue()
        with pytest.raises(LeaseLostError, match="queued again"):
            writer.write([point(2)])

    @pytest.mark.parametrize("what", WRITES)
    def test_a_writer_whose_run_was_deleted_stores_nothing(self, store: RunStore, writer: RunWriter, what: str) -> None:
        writer.write([point(2)], [picture(2)])
        writer.run.delete()
        with pytest.raises(RunNotFoundError, match="deleted"):
            WRITES[what](writer)
        assert row_counts(store) == {"dbn_settings": 1}


class TestFigures:
    def test_figures_are_kept_beside_a_writer_at_work_under_a_stage_of_their_own(self, writer: RunWriter) -> None:
        writer.write([point(5)])
        revision = writer.run.revision()
        writer.run.keep_figures(at(3), {"samples.dreams.recall": 0.5, "probe.judged": 1000.0})
        writer.write([point(7)])  # the lease is still its own
        assert writer.run.revision() == revision + 2
        figures = [(each.name, each.value, each.position.step, each.position.stage) for each in writer.run.metrics()]
        assert figures[1:3] == [("samples.dreams.recall", 0.5, 3, EVALUATION), ("probe.judged", 1000.0, 3, EVALUATION)]
        assert steps(writer.run.metrics()) == [5, 3, 3, 7]
        assert writer.recorded() == (7, frozenset({"layer1"}))

    def test_no_figures_are_no_change_and_those_of_a_deleted_run_are_refused(self, writer: RunWriter) -> None:
        revision = writer.run.revision()
        writer.run.keep_figures(at(3), {})
        assert writer.run.revision() == revision
        writer.run.delete()
        with pytest.raises(RunNotFoundError):
            writer.run.keep_figures(at(3), {"x": 0.5})


class TestMetrics:
    def test_every_value_comes_back_as_it_was_also_of_a_diverging_run(self, writer: RunWriter) -> None:
        values = [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf, math.nan]
        values += [cast("Any", np.float32(0.1)), cast("Any", np.int64(7))]
        writer.write([point(step, value) for step, value in enumerate(values)])
        read = [metric.value for metric in writer.run.metrics()]
        assert [value.hex() for value in read] == [(float(value) + 0.0).hex() for value in values]

    def test_a_metric_keeps_its_name_and_position(self, writer: RunWriter) -> None:
        position = Position(np.int64(2**40), 12.345678901234567, "updown")  # pyright: ignore[reportArgumentType]
        writer.write([MetricPoint("heldout_recon_ce", 0.3, position)])
        (metric,) = writer.run.metrics()
        assert metric == MetricPoint("heldout_recon_ce", 0.3, position, metric.id)

    def test_reading_goes_on_after_the_last_id_by_name_and_in_pieces(self, writer: RunWriter) -> None:
        writer.write([point(2), point(3, name="sparsity"), point(5)])
        first = writer.run.metrics()
        writer.write([point(7), point(11, name="sparsity")])
        assert steps(writer.run.metrics(after=first[-1].id)) == [7, 11]
        assert steps(writer.run.metrics(names=["sparsity"])) == [3, 11]
        assert steps(writer.run.metrics(after=first[0].id, names={"sparsity", "recon_mse"}, limit=3)) == [3, 5, 7]
        assert writer.run.metrics(names=[]) == writer.run.metrics(limit=0) == []

    def test_runs_do_not_mix(self, store: RunStore, writer: RunWriter) -> None:
        other = store.claim(store.create_run(RunConfig()).id, "other")
        writer.write([point(2)], [picture(3)])
        other.write([point(5)], [picture(7)])
        writer.write([point(11)])
        assert steps(writer.run.metrics()) == [2, 11]
        assert steps(other.run.snapshots()) == [7]
        with pytest.raises(StoreError, match="no picture"):
            other.run.snapshot(writer.run.snapshots()[0].id)

    def test_a_write_is_stored_as_a_whole_or_not_at_all(self, store: RunStore, writer: RunWriter) -> None:
        before = (row_counts(store), writer.run.revision())
        nameless = MetricPoint(cast("Any", None), 0.5, at(3))
        with pytest.raises(IntegrityError):
            writer.write([point(2), nameless], [], Progress(at(3)))
        misshapen = Snapshot(picture(5).info, np.zeros((2, 3, 7), np.uint8))
        with pytest.raises(ValueError, match=r"\(2, 3, 7\)"):
            writer.write([point(2)], [picture(3), misshapen], Progress(at(3)))
        assert (row_counts(store), writer.run.revision()) == before
        writer.write([point(2)], [picture(3)], Progress(at(3)))  # the same writer goes on
        assert writer.run.info().progress.position == at(3)

    def test_one_writer_may_be_used_from_several_threads(self, writer: RunWriter) -> None:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda step: writer.write([point(step)], [picture(step)]), range(1, 61)))
        assert sorted(steps(writer.run.metrics())) == sorted(steps(writer.run.snapshots())) == list(range(1, 61))

    def test_what_is_recorded_is_told_by_the_largest_step_and_the_stages_at_it(self, writer: RunWriter) -> None:
        assert writer.recorded() == (0, frozenset())
        writer.write([point(7), point(5)])
        first = point(7).position.stage
        assert writer.recorded() == (7, {first})
        later = replace(point(7), position=Position(7, 1.0, "another stage"))
        writer.write([later], [picture(11)])
        writer.save_checkpoint(checkpoint(99))
        assert writer.recorded() == (7, {first, "another stage"})


class TestHeartbeat:
    def test_its_age_is_measured_by_the_database(self, store: RunStore, writer: RunWriter) -> None:
        with store._database.write() as connection:
            connection.execute(update(runs).values(heartbeat_at=runs.c.heartbeat_at - 1000))
        age = store.runs()[0].heartbeat_age
        assert age is not None
        assert age >= 1000
        writer.write()
        age = writer.run.info().heartbeat_age
        assert age is not None
        assert 0 <= age < 1000

    def test_a_bare_one_and_unchanged_progress_are_no_change_for_a_view(self, writer: RunWriter) -> None:
        writer.write([], [], Progress(at(2)))
        before = writer.run.revision()
        writer.write()
        writer.write([], [], Progress(at(2)))
        assert writer.run.revision() == before
        writer.write([], [], Progress(at(3)))
        assert writer.run.revision() > before

    def test_progress_comes_back_with_rates_that_are_no_numbers_as_unknown(self, writer: RunWriter) -> None:
        progress = Progress(at(23), 30.0, 2, 3, 31_007.5, 48.25, "cpu")
        writer.write(progress=progress)
        assert writer.run.info().progress == progress
        writer.write(progress=Progress(at(29), 30.0, 2, 3, math.nan, math.inf, "cpu"))
        writer.write([point(31)])  # a write without progress leaves it
        assert writer.run.info().progress == Progress(at(29), 30.0, 2, 3, None, None, "cpu")


CHANGES: dict[str, Callable[[RunStore, RunWriter], Any]] = {
    "metrics": lambda store, writer: writer.write([point(2)]),
    "pictures": lambda store, writer: writer.write([], [picture(2)]),
    "progress": lambda store, writer: writer.write(progress=Progress(at(2))),
    "checkpoint": lambda store, writer: writer.save_checkpoint(checkpoint(2)),
    "status": lambda store, writer: writer.set_status(RunStatus.PAUSED),
    "command": lambda store, writer: writer.run.send(Pause()),
    "acknowledgement": lambda store, writer: writer.acknowledge(writer.pending()[0].id, at(2)),
    "name": lambda store, writer: writer.run.rename("other"),
    "note": lambda store, writer: writer.run.annotate("other"),
    "queueing": lambda store, writer: writer.run.queue(),
    "claiming": lambda store, writer: store.claim(writer.run.id, "other"),
}


class TestRevision:
    @pytest.mark.parametrize("what", CHANGES)
    def test_it_grows_with_every_kind_of_change(self, store: RunStore, writer: RunWriter, what: str) -> None:
        writer.run.send(Pause())
        before = writer.run.revision()
        CHANGES[what](store, writer)
        assert writer.run.revision() > before

    def test_reading_and_other_runs_leave_it_alone(self, store: RunStore, writer: RunWriter) -> None:
        before = writer.run.revision()
        store.create_run(RunConfig()).annotate("other")
        for read in (writer.run.info, writer.run.metrics, writer.pending, writer.recorded, store.runs):
            read()
        assert writer.run.revision() == before


class TestStatus:
    @pytest.mark.parametrize("status", list(RunStatus))
    def test_only_an_end_has_a_time(self, writer: RunWriter, status: RunStatus) -> None:
        writer.set_status(status, "why")
        info = writer.run.info()
        assert (info.status, info.message) == (status, "why")
        assert (info.finished_at is not None) == status.is_finished

    def test_a_message_is_kept_whatever_a_failing_program_puts_in_it(self, writer: RunWriter) -> None:
        writer.set_status(RunStatus.FAILED, " \0bad \ud83d \x1b[31m\n" + "x" * 5000)
        message = writer.run.info().message
        assert message.startswith("\ufffdbad \ufffd \ufffd[31m\nxxx")
        assert len(message) == 2000
