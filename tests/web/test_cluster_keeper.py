"""The web server keeps a job cluster alive as long as runs are unfinished."""

import threading
from collections.abc import Iterator

import pytest

from dbn_core.errors import JobError
from tests.waiting import until
from web import lab


class Flaky:
    """A connection whose cluster died: the next one fails to start at first."""

    def __init__(self, reached: lab.Cluster) -> None:
        self.reached = reached
        self.outcomes: Iterator[Exception | bool] = iter(
            [False, ConnectionError("cut"), JobError("it did not start"), True]
        )
        self.said: list[str] = []

    def mend(self) -> bool:
        self.said.append(self.reached.problem)
        outcome = next(self.outcomes, False)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def starts_as(monkeypatch: pytest.MonkeyPatch, *outcomes: object) -> None:
    """What comes of each attempt to start a cluster: an error, or what it is reached by."""
    left = iter(outcomes)

    def ensure(_store: object) -> object:
        outcome = next(left)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(lab.Jobs, "ensure", ensure)


def test_it_looks_again_and_again_says_what_is_wrong_and_takes_it_back_once_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached, stop = lab.Cluster(lab.store), threading.Event()
    flaky = Flaky(reached)
    monkeypatch.setattr(lab.Jobs, "ensure", lambda _store: flaky)
    monkeypatch.setattr(lab, "LOOK", 0.01)
    reached.start()
    keeper = threading.Thread(target=reached.keep, args=(stop,))
    keeper.start()
    until(lambda: len(flaky.said) >= 6, "six looks at the cluster")
    stop.set()
    keeper.join()
    assert flaky.said[:5] == ["", "", "", "it did not start", ""]


def test_a_run_that_waits_behind_a_failed_start_does_not_wait_for_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The next start is asked for at the moment in which the first one has failed and the first run's turn has come.
    reached, go_on, second_asked = lab.Cluster(lab.store), threading.Event(), threading.Event()
    submitted: list[str] = []

    class Reached:
        def submit(self, run_id: str) -> None:
            submitted.append(run_id)

    def ensure(_store: object) -> Reached:
        if not second_asked.is_set():
            go_on.wait()
            raise JobError("it did not start")
        return Reached()

    def ask_again(_failed: object) -> None:
        second_asked.set()
        reached.submit("two")

    monkeypatch.setattr(lab.Jobs, "ensure", ensure)
    reached.start().add_done_callback(ask_again)
    reached.submit("one")
    go_on.set()
    until(lambda: submitted == ["two"], "the second start")


@pytest.mark.parametrize("trouble", [ConnectionError("cut"), TimeoutError(), JobError("it is gone")])
def test_whatever_keeps_the_workers_from_being_made_ready_the_next_visitor_tries_again(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = lab.Cluster(lab.store)
    outcomes: Iterator[Exception | None] = iter([trouble, None])
    asked: list[Exception | None] = []

    class Reached:
        def expect_work(self) -> None:
            asked.append(outcome := next(outcomes))
            if outcome is not None:
                raise outcome

    monkeypatch.setattr(lab.Jobs, "ensure", lambda _store: Reached())
    reached.start()
    for _ in range(3):
        reached.expect_work()
        reached.wait()
    assert asked == [trouble, None]


@pytest.mark.parametrize("trouble", [ConnectionError("cut"), TimeoutError()])
def test_a_run_that_cannot_be_handed_over_is_said_to_wait(trouble: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    reached = lab.Cluster(lab.store)

    class Reached:
        def submit(self, run_id: str) -> None:
            if run_id == "one":
                raise trouble

    monkeypatch.setattr(lab.Jobs, "ensure", lambda _store: Reached())
    reached.submit("one")
    reached.wait()
    what = str(trouble) or "TimeoutError"
    assert reached.problem == f"The connection to the job cluster was lost ({what}); the run waits until it is back."
    reached.submit("two")
    reached.wait()
    assert reached.problem == ""


def test_a_cluster_that_the_machine_cannot_start_is_a_problem_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = lab.Cluster(lab.store)
    starts_as(monkeypatch, PermissionError(13, "Permission denied"), object())
    with pytest.raises(JobError, match=r"did not start \(\[Errno 13\] Permission denied\)"):
        reached.ask("module:function")
    assert "did not start" in reached.problem
    reached.start()
    reached.wait()
    assert reached.problem == ""


def test_who_comes_while_the_cluster_cannot_start_does_not_keep_the_next_one_from_being_made_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = lab.Cluster(lab.store)
    made_ready: list[str] = []

    class Reached:
        def expect_work(self) -> None:
            made_ready.append("workers")

    starts_as(monkeypatch, JobError("it did not start"), Reached())
    for _ in range(2):
        reached.start()
        reached.expect_work()
        reached.wait()
    assert made_ready == ["workers"]
    reached.expect_work()
    reached.wait()
    assert made_ready == ["workers"]  # once is enough
