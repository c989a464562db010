"""Log-likelihoods asked for on the Diagnose page: the cost first, one at a time, once for everybody."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.errors import JobError, LikelihoodError
from dbn_core.findings import Finding
from dbn_core.records import EVALUATION, MetricPoint, Position
from dbn_core.store import RunStore
from tests.samples import make_run
from tests.waiting import until
from web import lab
from web.answers import PROBLEMS
from web.asking.desk import desk
from web.asking.ways import LANES, LONGEST_LIKELIHOOD
from web.routes import all_routes

HERE = {"origin": "http://testserver"}
ASKED = {"checkpoint": 3, "chains": 20, "temperatures": 100}
FOUND = {
    "metrics": {"log_likelihood_ais": -101.25, "log_likelihood_ais_high": float("inf")},
    "images": 97,
    "binarisation": "threshold at one half",
    "kind": "log-likelihood",
    "unit": "nats per image",
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
def worker(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    worker, reached = Worker(), lab.Cluster(lab.store)
    monkeypatch.setattr(lab.Jobs, "ensure", lambda _store: worker)
    monkeypatch.setattr(lab, "cluster", lambda: reached)
    yield worker
    worker.may_go_on.set()
    desk().close()  # nothing of this test may reach the next one's worker


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS), headers=HERE)


def wait_for(state: str, client: TestClient, address: str) -> None:
    """Until the first of the estimates is in this state."""
    until(lambda: client.get(address).json()[0]["state"] == state, f"an estimate that is {state}")


def test_the_cost_is_told_before_anything_starts(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    told = client.post(f"{address}/cost", json=ASKED).json()
    assert (told["seconds"], told["too_long"]) == (12.25, False)
    assert worker.asked == [("likelihood_cost", False)]
    assert client.get(address).json() == []


def test_what_takes_longer_than_the_lab_waits_is_told_beforehand(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    worker.seconds = LONGEST_LIKELIHOOD + 1
    assert client.post(f"/lab/runs/{make_run(store).id}/diagnose/likelihood/cost", json=ASKED).json()["too_long"]


def test_an_estimate_is_computed_once_for_all_and_stays(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    for _ in range(3):
        (entry,) = client.post(address, json=ASKED | {"expected": 13}).json()
        assert (entry["state"] in {"waiting", "running"}, entry["expected"]) == (True, 13.0)
    worker.may_go_on.set()
    wait_for("done", client, address)
    assert worker.asked == [("log_likelihood", True)], "beside the worker's threads, so that nobody waits for it"
    (estimate,) = client.get(address).json()
    assert estimate["metrics"] == {"log_likelihood_ais": -101.25, "log_likelihood_ais_high": None}
    assert (estimate["epoch"], estimate["images"], estimate["chains"]) == (3.0, 97, 20)
    assert client.post(address, json=ASKED | {"expected": 13}).json() == [estimate]


def test_what_has_no_likelihood_is_a_sentence_and_may_be_asked_again(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    worker.problem = LikelihoodError("Layer 1 of 2 is in training.")
    worker.may_go_on.set()
    client.post(address, json=ASKED | {"expected": 1})
    wait_for("failed", client, address)
    assert client.get(address).json()[0]["problem"] == "Layer 1 of 2 is in training."
    worker.problem = None
    client.post(address, json=ASKED | {"expected": 1})
    wait_for("done", client, address)


def test_only_so_many_wait(client: TestClient, store: RunStore, worker: Worker) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    most = LANES["likelihood"].open
    assert most is not None
    answers = [client.post(address, json=ASKED | {"chains": 2 + number, "expected": 1}) for number in range(most + 1)]
    worker.may_go_on.set()
    assert [answer.status_code for answer in answers] == [200] * most + [400]
    assert "try again later" in answers[-1].json()["problem"]


def test_one_that_runs_and_one_that_waits_are_given_up_and_may_be_asked_again(
    client: TestClient, store: RunStore, worker: Worker
) -> None:
    address = f"/lab/runs/{make_run(store).id}/diagnose/likelihood"
    later = ASKED | {"chains": 21}
    client.post(address, json=ASKED | {"expected": 1})
    client.post(address, json=later | {"expected": 1})
    wait_for("running", client, address)
    assert [entry["chains"] for entry in client.post(f"{address}/stop", json=later).json()] == [20]
    assert client.post(f"{address}/stop", json=ASKED).json() == []
    client.post(address, json=later | {"expected": 1})
    worker.may_go_on.set()
    wait_for("done", client, address)
    assert len(worker.asked) == 2, "the one that waited was never begun"
    (estimate,) = client.post(f"{address}/stop", json=later).json()
    assert estimate["state"] == "done", "what is known stays known"


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


def test_what_a_run_was_evaluated_with_is_told_without_being_asked_for(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    where = Position(30, 3.0, EVALUATION)
    facts = {"kind": "variational lower bound", "images": 97, "chains": 20, "temperatures": 100, "seconds": 1.5}
    values = {"log_likelihood_ais": -101.25, "log_likelihood_ais_low": -102.0, "log_likelihood_rais": -101.5}
    while_training = MetricPoint("log_likelihood_ais", -120.0, Position(20, 2.0, "layer1"))
    store.claim(run.id, "a test").write(
        metrics=[while_training, *(MetricPoint(name, value, where) for name, value in values.items())],
        snapshots=[Finding("likelihood", facts).to_snapshot(where)],
    )
    (told,) = client.get(f"/lab/runs/{run.id}/diagnose/likelihood").json()
    assert (told["state"], told["checkpoint"], told["epoch"]) == ("done", 0, 3.0)
    assert (told["kind"], told["images"], told["chains"]) == ("variational lower bound", 97, 20)
    ends = {"log_likelihood_ais_high": None, "log_likelihood_rais_low": None, "log_likelihood_rais_high": None}
    assert told["metrics"] == values | ends, "an end that is not finite was not stored"
