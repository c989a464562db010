"""What a live page follows: questions, and a line that stays open."""

import gc
import json
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from dbn_core.records import MetricPoint, Position, RunInfo, Snapshot
from dbn_core.store import Run, RunStore, RunWriter
from dbn_core.view import status
from tests import asynchronous
from tests.samples import make_run
from tests.waiting import until
from web.answers import PROBLEMS
from web.live import feeds, watch
from web.live.feeds import Cursors, Feed
from web.live.watch import Watch
from web.routes import all_routes

HERE = {"origin": "http://testserver"}


class Diary:
    """A feed of the number of metrics, which counts how often it was put together."""

    def __init__(self) -> None:
        self.composed = 0

    def compose(self, run: Run, info: RunInfo, revision: str, cursors: Cursors) -> dict[str, Any]:
        self.composed += 1
        points = run.metrics(after=cursors["metric"])
        newest = max((point.id for point in points), default=cursors["metric"])
        values = [point.value for point in points]
        return {"revision": revision, "cursor": {"metric": newest}, "values": values, "state": info.status.value}


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def run(store: RunStore) -> Run:
    return make_run(store)


@pytest.fixture
def client(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(watch, "LINGER", 0.0)
    routes_of_feed = Feed(diary.compose, ("metric",)).routes("/lab/runs/{run}/diary")
    with TestClient(Starlette(routes=routes_of_feed, exception_handlers=PROBLEMS)) as client:
        yield client


@pytest.fixture
def writer(store: RunStore, run: Run) -> RunWriter:
    """The worker of the run."""
    return store.claim(run.id, "a test")


def learn(writer: RunWriter, *values: float) -> None:
    """The worker records these errors, in one change of the store."""
    writer.write(metrics=[MetricPoint("recon_mse", value, Position(300, 2.0, "layer1")) for value in values])


def line(client: TestClient, run: Run, seen: dict[str, Any]) -> WebSocketTestSession:
    """An open line for a page that has seen this answer."""
    query = "&".join(f"{name}={number}" for name, number in (seen["cursor"] | {"revision": seen["revision"]}).items())
    return client.websocket_connect(f"/lab/runs/{run.id}/diary?{query}", headers=HERE)


def question(client: TestClient, run: Run) -> dict[str, Any]:
    return client.get(f"/lab/runs/{run.id}/diary").json()


def test_a_line_says_what_is_new_as_soon_as_it_is_stored(client: TestClient, writer: RunWriter, run: Run) -> None:
    with line(client, run, question(client, run)) as open_line:
        learn(writer, 0.31, 0.29)
        assert open_line.receive_json()["values"] == [0.31, 0.29]


def test_a_line_says_at_once_what_was_stored_before_it_opened(client: TestClient, writer: RunWriter, run: Run) -> None:
    seen = question(client, run)
    learn(writer, 0.31)
    with line(client, run, seen) as open_line:
        assert open_line.receive_json()["values"] == [0.31]


def test_a_page_that_has_not_drawn_yet_gets_what_gathers_in_one_and_nothing_twice(
    client: TestClient, writer: RunWriter, run: Run
) -> None:
    with line(client, run, question(client, run)) as open_line:
        learn(writer, 0.31)
        assert open_line.receive_json()["values"] == [0.31]
        learn(writer, 0.29)
        learn(writer, 0.23)
        open_line.send_text("")
        assert open_line.receive_json()["values"] == [0.29, 0.23]
        open_line.send_text("")
        learn(writer, 0.19)
        assert open_line.receive_json()["values"] == [0.19]


def test_the_same_is_put_together_once_for_all_who_listen(
    client: TestClient, writer: RunWriter, run: Run, diary: Diary
) -> None:
    seen = question(client, run)
    before = diary.composed
    with ExitStack() as stack:
        lines = [stack.enter_context(line(client, run, seen)) for _ in range(30)]
        learn(writer, 0.31)
        heard = [open_line.receive_json() for open_line in lines]
    assert {tuple(answer["values"]) for answer in heard} == {(0.31,)}
    assert diary.composed == before + 1


def test_one_thread_looks_for_all_and_ends_when_nobody_listens(client: TestClient, run: Run) -> None:
    def looking() -> int:
        return sum(thread.name == "store watch" for thread in threading.enumerate())

    seen = question(client, run)
    with ExitStack() as stack:
        for _ in range(7):
            stack.enter_context(line(client, run, seen))
        until(lambda: looking() == 1, "one look for all lines")
    until(lambda: looking() == 0, "the end of the look")


def test_a_quiet_line_is_kept_alive_by_an_empty_word(
    client: TestClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "BEAT", 0.05)
    with line(client, run, question(client, run)) as open_line:
        assert open_line.receive_text() == ""
        assert open_line.receive_text() == ""


def test_a_worker_that_falls_silent_is_told_though_nothing_was_stored(
    client: TestClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "BEAT", 0.05)
    with line(client, run, question(client, run)) as open_line:
        monkeypatch.setattr(status, "LOST_AFTER", 0.0)
        heard = next(filter(None, iter(open_line.receive_text, None)))
    assert json.loads(heard)["revision"].endswith("-silent")


def test_a_run_that_is_deleted_ends_the_line_with_a_sentence(client: TestClient, run: Run) -> None:
    with line(client, run, question(client, run)) as open_line:
        run.delete()
        with pytest.raises(WebSocketDisconnect) as ended:
            open_line.receive_text()
    assert (ended.value.code, "There is no run" in ended.value.reason) == (1011, True)


@pytest.mark.parametrize("origin", [{}, {"origin": "http://evil.example"}])
def test_pages_of_other_sites_may_not_listen(client: TestClient, run: Run, origin: dict[str, str]) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(f"/lab/runs/{run.id}/diary", headers=origin),
    ):
        pass
    assert refused.value.code == 1008


def test_a_watch_answers_none_when_nothing_changes_and_gone_for_a_deleted_run(
    store: RunStore, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LINGER", 0.0)
    one_look = Watch(lambda: store)
    revision = run.revision()
    assert asynchronous.run(one_look.change(run.id, revision, patience=0.1)) is None
    assert asynchronous.run(one_look.change(run.id, revision - 1, patience=30)) == revision
    run.delete()
    assert asynchronous.run(one_look.change(run.id, revision, patience=30)) == watch.GONE
    until(lambda: not one_look.is_looking, "the end of the look")


def test_an_answer_of_the_train_page_is_small_while_a_run_trains(store: RunStore) -> None:
    run = make_run(store)
    client = TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))
    address = f"/lab/runs/{run.id}/live"
    seen = client.get(address).json()
    writer = store.claim(run.id, "a test")
    taken = [info for kind in ("filters", "reconstructions") if (info := run.latest_snapshot(kind))]
    for step in range(300, 1500, 100):  # a dozen looks of every metric that the page draws, in one tick
        position = Position(step, step / 160, "layer1")
        names = {point.name for point in run.metrics()}
        writer.write(
            metrics=[MetricPoint(name, step / 7, position) for name in names],
            snapshots=[Snapshot(info, run.snapshot(info.id).pixels) for info in taken],
        )
    tick = client.get(address, params=seen["cursor"] | {"revision": seen["revision"]})
    assert len(tick.json()["points"]["recon_mse/layer1"][0]) == 12
    assert len(tick.content) < 5000


def test_viewers_who_come_and_go_leave_nothing_behind(client: TestClient, writer: RunWriter, run: Run) -> None:
    def visits(count: int) -> int:
        """Bytes in use after so many viewers watched some ticks each."""
        for _ in range(count):
            with line(client, run, question(client, run)) as open_line:
                for _ in range(3):
                    learn(writer, 0.31)
                    assert open_line.receive_json()["values"]
                    open_line.send_text("")
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        visits(40)  # caches fill
        before = visits(5)
        growth = visits(40) - before
    finally:
        tracemalloc.stop()
    assert growth < 40 * 1500
