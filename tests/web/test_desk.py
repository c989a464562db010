"""The desk: each question is answered once for all who ask, in the lane of its kind, and its answer is kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dbn_core.errors import JobError, StoreError
from dbn_core.questions import HANDLERS, AtCheckpoint, PrepareJudge, Probe, Question, SampleQuality
from dbn_core.store import RunStore
from tests import asynchronous
from tests.waiting import PATIENCE, until
from web.asking.desk import Asked, Desk, desk
from web.asking.ways import LANES, WAYS, Lane, Way


@dataclass(frozen=True, slots=True)
class Quick(AtCheckpoint[str]):
    """What a person waits for."""


@dataclass(frozen=True, slots=True)
class Long(AtCheckpoint[str]):
    """What takes a minute."""

    number: int = 0


class Workers:
    """Answers with the arguments, as soon as it may go on; fails while it has a problem."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.may_go_on = threading.Event()
        self.problem: BaseException | None = None

    def ask(
        self, name: str, *arguments: Any, timeout: float, long: bool = False, stop: threading.Event | None = None
    ) -> str:
        self.asked.append((name, *arguments[1:]))
        assert timeout > 0
        if name == "long":
            signs = [sign for sign in (self.may_go_on, stop) if sign is not None]
            until(lambda: any(sign.is_set() for sign in signs), "a sign to go on or to stop")
            if not self.may_go_on.is_set():
                raise JobError("Stopped.")
        if self.problem is not None:
            raise self.problem
        return f"{name} {arguments[2]}"


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.may_go_on.set()


@pytest.fixture
def make(store: RunStore, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []
    names = {Quick: "quick", Long: "long"}
    monkeypatch.setattr("web.asking.desk.HANDLERS", names | {Probe: "probe"})

    def desk_of(**ways: Any) -> Desk:
        usual = {Quick: Way("quick", 7, 3), Long: Way("long", 7, 3, long=True)}
        lanes = {"quick": Lane(1), "long": Lane(1, open=3)}
        made.append(Desk(lambda: store, workers.ask, usual | ways.get("ways", {}), lanes))
        return made[-1]

    yield desk_of
    for each in made:
        each.close()


def state_of(asked: Asked[Any], state: str) -> None:
    until(lambda: asked.state == state, f"a question that is {state}")


def test_whoever_asks_the_same_gets_the_same_answer_from_one_computation(
    make: Callable[..., Desk], workers: Workers
) -> None:
    here = make()
    answers = {here.ask(Quick("run", 3)).answer() for _ in range(30)}
    assert answers == {"quick 3"}
    assert workers.asked == [("quick", "run", 3)]
    assert here.ask(Quick("run", 5)).answer() == "quick 5"


def test_a_short_question_never_waits_behind_a_long_one_and_long_ones_wait_for_each_other(
    make: Callable[..., Desk], workers: Workers
) -> None:
    here = make()
    first, second = here.ask(Long("run", 3, 1)), here.ask(Long("run", 3, 2))
    state_of(first, "running")
    assert here.ask(Quick("run", 3)).answer() == "quick 3"
    assert (first.state, second.state, second.elapsed) == ("running", "waiting", 0.0)
    assert first.elapsed > 0
    workers.may_go_on.set()
    assert (first.answer(), second.answer()) == ("long 3", "long 3")
    assert (first.state, first.elapsed, first.problem) == ("done", 0.0, "")


def test_an_answer_can_be_awaited_and_who_stops_waiting_takes_it_from_nobody(
    make: Callable[..., Desk], workers: Workers
) -> None:
    import asyncio

    here = make()

    async def ask_and_leave() -> str:
        hasty = asyncio.create_task(here.answer(Long("run", 3)))
        patient = asyncio.create_task(here.answer(Long("run", 3)))
        await asyncio.sleep(0)
        hasty.cancel()
        workers.may_go_on.set()
        return await asyncio.wait_for(patient, PATIENCE)

    assert asynchronous.run(ask_and_leave()) == "long 3"
    assert len(workers.asked) == 1


def test_what_has_failed_says_why_and_is_asked_anew(make: Callable[..., Desk], workers: Workers) -> None:
    here = make()
    workers.problem = StoreError("This checkpoint is gone.")
    failed = here.ask(Quick("run", 3))
    with pytest.raises(StoreError, match="gone"):
        failed.answer()
    assert here.find(Quick("run", 3)) is failed
    assert (failed.state, failed.is_open, failed.problem) == ("failed", False, "This checkpoint is gone.")
    workers.problem = None
    assert here.ask(Quick("run", 3)).answer() == "quick 3"


def test_a_defect_is_told_without_its_details_and_logged(
    make: Callable[..., Desk], workers: Workers, caplog: pytest.LogCaptureFixture
) -> None:
    workers.problem = ZeroDivisionError("of ours")
    asked = make().ask(Quick("run", 3))
    with pytest.raises(ZeroDivisionError):
        asked.answer()
    assert "its log says more" in asked.problem
    assert "of ours" in caplog.text


def test_one_that_runs_and_one_that_waits_can_be_given_up_and_one_that_is_done_stays(
    make: Callable[..., Desk], workers: Workers
) -> None:
    here = make()
    running, waiting = here.ask(Long("run", 3, 1)), here.ask(Long("run", 3, 2))
    state_of(running, "running")
    for asked in (waiting, running):
        here.stop(asked.question)
    for asked in (running, waiting):
        with pytest.raises(JobError, match="Stopped"):
            asked.answer()
    assert here.every(Long) == []
    assert [number for _, _, _, number in workers.asked] == [1], "the one that waited was never begun"
    workers.may_go_on.set()
    done = here.ask(Long("run", 3, 1))
    done.answer()
    here.stop(done.question)
    assert here.find(Long("run", 3, 1)) is done


def test_only_so_many_are_open_in_a_lane(make: Callable[..., Desk], workers: Workers) -> None:
    here = make()
    for number in range(3):
        here.ask(Long("run", 3, number))
    with pytest.raises(JobError, match="try again later"):
        here.ask(Long("run", 3, 3))
    here.ask(Long("run", 3, 2))  # one that is there already is no more work
    assert [question.number for question, _ in here.every(Long)] == [0, 1, 2]


def test_the_last_few_answers_are_kept_those_asked_for_again_longest(
    make: Callable[..., Desk], workers: Workers
) -> None:
    here = make()
    for number in (2, 3, 5, 2, 7, 2, 3):
        assert here.ask(Quick("run", number)).answer() == f"quick {number}"
        until(lambda: len(here.every(Quick)) <= 3, "old answers that are forgotten")
    assert [number for _, _, number in workers.asked] == [2, 3, 5, 7, 3]


def test_an_open_question_is_not_forgotten_however_many_others_are_asked(
    make: Callable[..., Desk], workers: Workers
) -> None:
    here = make(ways={Long: Way("long", 7, 0, long=True)})
    asked = here.ask(Long("run", 3))
    state_of(asked, "running")
    assert here.find(Long("run", 3)) is asked
    workers.may_go_on.set()
    assert asked.answer() == "long 3"
    until(lambda: here.every(Long) == [], "an answer that is not kept")


def test_phases_are_told_in_turn_the_last_one_answers_and_what_lasts_is_kept_before_anybody_is_told(
    make: Callable[..., Desk], workers: Workers, store: RunStore
) -> None:
    kept: list[tuple[str, Any, Any]] = []

    def phases(question: Quick) -> Iterator[tuple[str, Question[Any]]]:
        yield "first the long one", Long(question.run_id, question.checkpoint_id)
        yield "then the quick one", question

    here = make(
        ways={Quick: Way("quick", 7, 3, phases=phases, keep=lambda where, *rest: kept.append((where.url, *rest)))}
    )
    asked = here.ask(Quick("run", 3))
    until(lambda: asked.phase == "first the long one", "the first phase")
    workers.may_go_on.set()
    assert asked.answer() == "quick 3"
    assert asked.phase == "then the quick one"
    assert kept == [(store.url, Quick("run", 3), "quick 3")]


# -- the lab's own ----------------------------------------------------------------------------------------------------


def test_every_question_that_workers_answer_has_a_way_in_a_lane_that_is_there() -> None:
    assert set(WAYS) == set(HANDLERS)
    assert {way.lane for way in WAYS.values()} == set(LANES)


def test_the_judge_is_trained_before_samples_are_scored() -> None:
    question = SampleQuality("run", 3)
    parts = [part for _, part in WAYS[SampleQuality].phases(question)]
    assert parts == [PrepareJudge("run", 3), question]


def test_another_store_has_another_desk(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk()
    assert desk() is first
    monkeypatch.setenv("DBN_STORE", f"{store.url}.other")
    assert desk() is not first
