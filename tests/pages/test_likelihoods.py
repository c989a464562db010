"""Log-likelihoods asked for on the Diagnose page: the cost first, one at a time, once for everybody."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.errors import JobError, LikelihoodError
from dbn_core.records import Position
from dbn_core.store import RunStore
from pages.parts import diagnose_routes, lab, likelihoods
from pages.parts.likelihoods import Desk
from pages.parts.routes import PROBLEMS
from tests.pages.samples import make_run

HERE = {"origin": "http://testserver"}
ASKED = {"checkpoint": 3, "chains": 20, "temperatures": 100}
FOUND = {
    "metrics": {"log_likelihood_ais": -101.25, "log_likelihood_ais_high": float("inf")},
    "images": 97,
    "kind": "log-likelihood",
    "warning": "",
    "seconds": 1.5,
    "position": Position(30, 3.0, "layer1"),
}


class Worker:
    """Answers as the cluster does; an estimate waits until it may go on."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.may_go_on = threading.Event()
        self.problem: Exception | None = None
        self.seconds = 12.25

    def ask(
        self, name: str, *arguments: Any, timeout: float, long: bool = False, stop: threading.Event | None = None
    ) -> dict[str, Any]:
        self.asked.append((name.rpartition(":")[2], long))
        if name.endswith("likelihood_cost"):
            return {"seconds": self.seconds, "exact": False, "images": 97, "position": Position(30, 3.0, "layer1")}
        assert stop is not None
        while not self.may_go_on.wait(0.01):
            if stop.is_set():
                raise JobError("Stopped.")
        if self.problem is not None:
            raise self.problem
        return dict(FOUND)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    found, reached = Worker(), lab.Cluster(lab.store)
    monkeypatch.setattr(lab.Jobs, "ensure", lambda _store: found)
    monkeypatch.setattr(lab, "cluster", lambda: reached)
    fresh = Desk()
    monkeypatch.setattr(diagnose_routes, "desk", fresh)
    yield found
    found.may_go_on.set()
    fresh._thread.shutdown(wait=True)  # nothing of this test may reach the next one's worker


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=diagnose_routes.diagnose_routes(), exception_handlers=PROBLEMS), headers=HERE)


def until(there: Callable[[], bool]) -> None:
    moment = threading.Event()
    while not there():
        moment.wait(0.01)


def test_the_cost_is_told_before_anything_starts(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    told = client.post(f"{address}/cost", json=ASKED).json()
    assert (told["seconds"], told["too_long"]) == (12.25, False)
    assert worker.asked == [("likelihood_cost", False)]
    assert client.get(address).json() == []


def test_what_takes_longer_than_the_lab_waits_is_told_beforehand(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    worker.seconds = likelihoods.LONGEST + 1
    assert client.post(f"/lab/runs/{make_run(store).id}/diagnose/likelihood/cost", json=ASKED).json()["too_long"]


def test_an_estimate_is_computed_once_for_all_and_stays(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    for _ in range(3):
        (entry,) = client.post(address, json=ASKED | {"expected": 13}).json()
        assert (entry["state"] in {"waiting", "running"}, entry["expected"]) == (True, 13.0)
    worker.may_go_on.set()
    until(lambda: client.get(address).json()[0]["state"] == "done")
    assert worker.asked == [("log_likelihood", True)], "beside the worker's threads, so that nobody waits for it"
    (found,) = client.get(address).json()
    assert found["metrics"] == {"log_likelihood_ais": -101.25, "log_likelihood_ais_high": None}
    assert (found["epoch"], found["images"], found["chains"]) == (3.0, 97, 20)
    assert client.post(address, json=ASKED | {"expected": 13}).json() == [found]


def test_what_has_no_likelihood_is_a_sentence_and_may_be_asked_again(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    worker.problem = LikelihoodError("Layer 1 of 2 is in training.")
    worker.may_go_on.set()
    client.post(address, json=ASKED | {"expected": 1})
    until(lambda: client.get(address).json()[0]["state"] == "failed")
    assert client.get(address).json()[0]["problem"] == "Layer 1 of 2 is in training."
    worker.problem = None
    client.post(address, json=ASKED | {"expected": 1})
    until(lambda: client.get(address).json()[0]["state"] == "done")


def test_only_so_many_wait(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    answers = [
        client.post(address, json=ASKED | {"chains": 2 + number, "expected": 1})
        for number in range(likelihoods.MOST_WAITING + 1)
    ]
    worker.may_go_on.set()
    assert [answer.status_code for answer in answers] == [200] * likelihoods.MOST_WAITING + [400]
    assert "try again later" in answers[-1].json()["problem"]


def test_one_that_runs_and_one_that_waits_are_given_up_and_may_be_asked_again(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    later = ASKED | {"chains": 21}
    client.post(address, json=ASKED | {"expected": 1})
    client.post(address, json=later | {"expected": 1})
    until(lambda: client.get(address).json()[0]["state"] == "running")
    assert [entry["chains"] for entry in client.post(f"{address}/stop", json=later).json()] == [20]
    assert client.post(f"{address}/stop", json=ASKED).json() == []
    client.post(address, json=later | {"expected": 1})
    worker.may_go_on.set()
    until(lambda: client.get(address).json()[0]["state"] == "done")
    assert len(worker.asked) == 2, "the one that waited was never begun"
    (found,) = client.post(f"{address}/stop", json=later).json()
    assert found["state"] == "done", "what is known stays known"


@pytest.mark.parametrize("wrong", [{"chains": 1}, {"temperatures": 10**7}, {"chains": "all"}, {"checkpoint": 0}])
def test_a_number_out_of_bounds_is_refused(
    wrong: dict[str, Any], client: TestClient, store: RunStore, worker: Worker
) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    assert client.post(address, json=ASKED | {"expected": 1} | wrong).status_code == 400
    assert client.post(f"{address}/cost", json=ASKED | wrong).status_code == 400
    assert worker.asked == []


def test_a_link_or_another_site_starts_nothing(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    assert client.get(f"{address}/cost").status_code == 405
    elsewhere = client.post(address, json=ASKED | {"expected": 1}, headers={"origin": "http://elsewhere"})
    assert elsewhere.status_code == 403
    assert worker.asked == []
