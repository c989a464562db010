"""What costs something is made once, whoever asks."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests import asynchronous
from tests.waiting import PATIENCE
from web.once import Once


class Maker:
    """Doubles numbers, counts its work, and does not finish any before it may."""

    def __init__(self) -> None:
        self.made: list[int] = []
        self.may_finish = threading.Event()

    def double(self, number: int) -> int:
        self.made.append(number)
        assert self.may_finish.wait(PATIENCE)
        return 2 * number

    def seventeen(self) -> int:
        return self.double(17)


@pytest.fixture
def maker() -> Maker:
    return Maker()


def test_thirty_threads_that_ask_at_once_get_what_is_made_once(maker: Maker) -> None:
    once = Once[int](7)
    with ThreadPoolExecutor(30) as threads:
        answers = [threads.submit(once, 17, maker.seventeen) for _ in range(30)]
        maker.may_finish.set()
        assert {answer.result() for answer in answers} == {34}
    assert maker.made == [17]


def test_thirty_tasks_that_wait_at_once_get_what_is_made_once_and_hold_nothing_up(maker: Maker) -> None:
    once = Once[int](7)

    async def ask_all() -> list[int]:
        waiting = [asyncio.create_task(once.soon(17, maker.seventeen)) for _ in range(30)]
        await asyncio.sleep(0)  # all of them have asked and none has an answer: the loop still runs
        maker.may_finish.set()
        return await asyncio.gather(*waiting)

    assert set(asynchronous.run(ask_all())) == {34}
    assert maker.made == [17]


def test_who_stops_waiting_takes_the_answer_from_nobody(maker: Maker) -> None:
    once = Once[int](7)

    async def ask_and_leave() -> int:
        hasty, patient = (
            asyncio.create_task(once.soon(17, maker.seventeen)),
            asyncio.create_task(once.soon(17, maker.seventeen)),
        )
        await asyncio.sleep(0)
        hasty.cancel()
        await asyncio.sleep(0)
        maker.may_finish.set()
        return await patient

    assert asynchronous.run(ask_and_leave()) == 34
    assert maker.made == [17]


def test_only_the_last_few_are_kept_those_asked_for_again_longest(maker: Maker) -> None:
    once = Once[int](2)
    maker.may_finish.set()
    for number in (3, 5, 3, 7, 3, 5):
        assert once(number, partial(maker.double, number)) == 2 * number
    assert maker.made == [3, 5, 7, 5]


def test_an_error_reaches_all_who_waited_and_the_next_one_tries_again() -> None:
    tries: list[int] = []

    def fail_at_first() -> int:
        tries.append(11)
        if len(tries) == 1:
            raise ValueError("the store was busy")
        return 11

    once = Once[int](7)
    with pytest.raises(ValueError, match="busy"):
        once(11, fail_at_first)
    assert once(11, fail_at_first) == 11
    assert tries == [11, 11]
