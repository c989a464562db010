"""The web server keeps a job cluster alive as long as runs are unfinished."""

import threading
from collections.abc import Iterator

import pytest

from dbn_core.errors import JobError
from pages.parts import lab


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
    moment = threading.Event()
    while len(flaky.said) < 6:
        moment.wait(0.01)
    stop.set()
    keeper.join()
    assert flaky.said[:5] == ["", "", "", "it did not start", ""]
