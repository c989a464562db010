"""The contract between processes: one writes while others read, take over, delete or open the store."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run, RunStore
from tests.store.actors import BATCH
from tests.store.samples import point, row_counts, steps

ROOT = Path(__file__).parents[2]
Actor = Callable[..., Popen[str]]

pytestmark = pytest.mark.processes


@pytest.fixture
def actor(url: str) -> Generator[Actor]:
    """Starts a program of `actors`; whatever still runs at the end is killed."""
    started: list[Popen[str]] = []

    def start(role: str, *arguments: object) -> Popen[str]:
        command = [sys.executable, "-W", "error", "-m", "tests.store.actors", role, url, *map(str, arguments)]
        started.append(Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: Popen[str]) -> str:
    """The next line a program says."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: Popen[str]) -> None:
    """Tells a program that waits for it."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def rest(process: Popen[str]) -> list[str]:
    """All it says until its end, which must be an orderly one."""
    assert process.stdout is not None
    assert process.stderr is not None
    # Not `communicate`: it passes over what `line` has read ahead.
    said, complaints = process.stdout.read(), process.stderr.read()
    assert (process.wait(), complaints) == (0, "")
    return said.split()


class TestProcesses:
    def test_a_reader_beside_a_writer_sees_each_row_once_in_order_and_whole_batches(
        self, run: Run, actor: Actor
    ) -> None:
        process = actor("record", run.id, 1, 150, "halt")
        line(process)
        first = run.metrics()
        seen, cursor, pictures = steps(first), first[-1].id, 0
        assert seen == [1] * BATCH
        go_on(process)
        drawn: list[int] = []
        while True:
            status = run.info().status  # before the rows: what is stored before the end is then seen below
            new = run.metrics(after=cursor)
            assert [metric.id for metric in new] == sorted({metric.id for metric in new})
            assert set(Counter(steps(new)).values()) <= {BATCH}
            seen += steps(new)
            cursor = new[-1].id if new else cursor
            fresh = run.snapshots(after=pictures)
            pictures = fresh[-1].id if fresh else pictures
            drawn += steps(fresh)
            if status is RunStatus.DONE:
                break
        assert rest(process)[-1] == "end"
        assert seen == [step for step in range(1, 151) for _ in range(BATCH)]
        assert drawn == list(range(10, 151, 10))

    def test_two_writers_of_two_runs_do_not_mix(self, store: RunStore, run: Run, actor: Actor) -> None:
        other = store.create_run(RunConfig(), "other")
        processes = [actor("record", run.id, 1, 60), actor("record", other.id, 1001, 60)]
        assert [rest(process)[-1] for process in processes] == ["end", "end"]
        assert steps(run.metrics(names=["metric3"])) == list(range(1, 61))
        assert steps(other.metrics(names=["metric3"])) == list(range(1001, 1061))

    def test_a_writer_that_lost_its_run_stops_and_nothing_it_did_later_is_stored(
        self, store: RunStore, run: Run, actor: Actor
    ) -> None:
        process = actor("record", run.id, 1, 10**9)
        line(process)
        writer = store.claim(run.id, "new worker")
        before = len(run.metrics())
        writer.write([point(77, name="mine")])
        told = rest(process)
        assert told[-1] == "LeaseLostError"
        assert len(run.metrics()) == before + 1
        assert steps(run.metrics(names=["metric0"])) == [1, *map(int, told[:-1])]
        assert run.info().status is RunStatus.RUNNING

    def test_a_run_deleted_under_its_writer_is_gone_as_a_whole(self, store: RunStore, run: Run, actor: Actor) -> None:
        process = actor("record", run.id, 1, 10**9)
        while line(process) != "12":  # by then it has a picture
            pass
        run.delete()
        assert rest(process)[-1] == "RunNotFoundError"
        assert row_counts(store) == {"dbn_settings": 1}

    def test_a_killed_writer_leaves_whole_batches_and_the_next_goes_on(
        self, store: RunStore, run: Run, actor: Actor
    ) -> None:
        process = actor("record", run.id, 1, 10**9)
        while line(process) != "5":
            pass
        process.kill()
        process.wait()
        writer = store.claim(run.id, "next worker")
        last, _ = writer.recorded()
        assert last >= 5
        assert Counter(steps(run.metrics())) == dict.fromkeys(range(1, last + 1), BATCH)
        writer.write([point(last + 1)])
        assert steps(run.metrics())[-1] == last + 1

    def test_a_new_store_opened_by_several_programs_at_once_is_made_once(self, url: str, actor: Actor) -> None:
        processes = [actor("open_and_create") for _ in range(4)]
        assert [line(process) for process in processes] == ["ready"] * 4
        for process in processes:
            go_on(process)
        names = [line(process) for process in processes]
        assert [rest(process) for process in processes] == [["end"]] * 4
        assert sorted(names) == ["digits 256", *(f"digits 256 #{number}" for number in range(2, 5))]
        with RunStore(url) as store:
            assert row_counts(store) == {"dbn_runs": 4, "dbn_settings": 1}


def test_importing_the_store_needs_no_database_driver_but_sqlite() -> None:
    code = (
        "import sys, dbn_core.store; print(*({'psycopg', 'torch', 'streamlit', 'dask', 'plotly'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
