"""What the Diagnose and A/B pages fetch, over HTTP."""

import csv
import io

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dbn_core.config import RunConfig
from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from tests.samples import make_run
from tests.view.test_diagnosis import UNITS, frame
from web.answers import PROBLEMS
from web.routes import all_routes
from web.scripts import module_address


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=all_routes(), exception_handlers=PROBLEMS))


def diagnosed(store: RunStore, *epochs: float) -> Run:
    run = make_run(store)
    gap = MetricPoint("free_energy_gap", 1.25, Position(150, 1.5, "layer1"))
    store.claim(run.id, "a test").write(metrics=[gap], snapshots=[frame(epoch).to_snapshot() for epoch in epochs])
    return run


def frames_of(run: Run) -> list[int]:
    return [info.id for info in run.snapshots(kind="diagnostics")]


def test_frames_and_numbers_are_told_once(client: TestClient, store: RunStore) -> None:
    run = diagnosed(store, 0.5, 1.0)
    address = f"/lab/runs/{run.id}/diagnose/news"
    first = client.get(address).json()
    assert [(epoch, stage) for _, epoch, stage in first["frames"]] == [(0.5, "layer1"), (1.0, "layer1")]
    assert first["points"] == {"free_energy_gap/layer1": [[1.5], [1.25]]}
    assert first["checkpoint"] is None
    again = client.get(address, params=first["cursor"] | {"revision": first["revision"]})
    assert (again.status_code, again.content) == (204, b"")
    store.claim(run.id, "a test").write(snapshots=[frame(2.0).to_snapshot()])
    later = client.get(address, params=first["cursor"] | {"revision": first["revision"]}).json()
    assert ([epoch for _, epoch, _ in later["frames"]], later["points"]) == ([2.0], {})


def test_a_page_is_told_of_a_checkpoint_that_a_worker_will_still_find(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")
    lasting = writer.save_checkpoint(Checkpoint(Position(200, 2.0, "layer1"), b"state", RunConfig(), "epoch"))
    newer = writer.save_checkpoint(Checkpoint(Position(250, 2.5, "layer1"), b"state", RunConfig(), "latest"))
    address = f"/lab/runs/{run.id}/diagnose/news"
    assert client.get(address).json()["checkpoint"] == [lasting, 2.0]
    writer.set_status(RunStatus.STOPPED)
    assert client.get(address).json()["checkpoint"] == [newer, 2.5]


def test_a_frame_and_its_picture_may_be_kept_for_ever(client: TestClient, store: RunStore) -> None:
    run = diagnosed(store, 1.0)
    here = f"/lab/runs/{run.id}/diagnose/frame/{frames_of(run)[0]}"
    answer = client.get(f"{here}.json")
    assert (answer.json()["units"], answer.json()["dead"]) == (UNITS, [2])
    picture = client.get(f"{here}/hidden-3-dark.png")
    assert Image.open(io.BytesIO(picture.content)).size == (3 * UNITS, 3 * 9)
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" in picture.headers["cache-control"]


def test_a_csv_holds_the_numbers_of_its_card(client: TestClient, store: RunStore) -> None:
    run = diagnosed(store, 0.5, 1.0)
    ids = ",".join(map(str, frames_of(run)))
    answer = client.get(f"/lab/runs/{run.id}/diagnose/singular.csv?frames={ids}")
    assert list(csv.reader(io.StringIO(answer.text))) == [
        ["mode", "layer 1, epoch 0.50", "layer 1, epoch 1.00"],
        ["1", "4.0", "4.0"],
        ["2", "2.0", "2.0"],
        ["3", "1.0", "1.0"],
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nonsense.csv?frames=1", 404),
        ("hidden.csv?frames=", 400),
        ("hidden.csv?frames=1;2", 400),
        ("hidden.csv?frames=" + ",".join("1" * 70), 400),
        ("frame/FRAME/hidden-99-dark.png", 400),
        ("frame/FRAME/hidden-1-pink.png", 404),
        ("frame/FILTERS.json", 404),
        ("news?frame=-1", 400),
    ],
)
def test_nonsense_is_refused(client: TestClient, store: RunStore, path: str, status: int) -> None:
    run = diagnosed(store, 1.0)
    newest = run.latest_snapshot("filters")
    assert newest is not None
    path = path.replace("FRAME", str(frames_of(run)[0])).replace("FILTERS", str(newest.id))
    assert client.get(f"/lab/runs/{run.id}/diagnose/{path}").status_code == status


def test_a_deleted_run_is_not_found(client: TestClient, store: RunStore) -> None:
    run = diagnosed(store, 1.0)
    run.delete()
    for what in ("news", "side"):
        assert client.get(f"/lab/runs/{run.id}/diagnose/{what}").status_code == 404


def test_only_a_page_of_the_lab_may_ask_for_a_probe(client: TestClient, store: RunStore) -> None:
    run = diagnosed(store, 1.0)
    address = f"/lab/runs/{run.id}/diagnose/probe"
    assert client.get(address).status_code == 405
    assert client.post(address, json={"checkpoint": 1}).status_code == 403
    elsewhere = client.post(address, json={"checkpoint": 1}, headers={"origin": "http://evil.example"})
    assert elsewhere.status_code == 403
    here = {"origin": "http://testserver"}
    assert client.post(address, json={"checkpoint": "1"}, headers=here).status_code == 400
    without_workers = client.post(address, json={"checkpoint": 1}, headers=here)
    assert without_workers.status_code == 400
    assert "127.0.0.1:9" in without_workers.json()["problem"]


def test_scripts_of_both_folders_are_served_under_one_address(client: TestClient) -> None:
    module = module_address("", "diagnose")
    assert "mount(component)" in client.get(module).text
    assert "export function el" in client.get(module.replace("diagnose/main.js", "shared/dom.js")).text
    assert client.get(module.replace("main.js", "../app.py")).status_code == 404


def test_one_side_of_a_pair_has_its_filters(client: TestClient, store: RunStore) -> None:
    run = make_run(store)
    answer = client.get(f"/lab/runs/{run.id}/diagnose/side").json()
    assert set(answer["points"]) == {"heldout_recon_mse/layer1", "sparsity/layer1", "dead_units/layer1"}
    assert answer["filters"]["units"] == 23


# -- a parent's ghost -------------------------------------------------------------------------------------------------


def branched(store: RunStore) -> tuple[Run, Run]:
    """A parent with points at epochs 1, 2 and 3, and its child from epoch 2."""
    parent = store.create_run(RunConfig(), "parent")
    writer = store.claim(parent.id, "a test")
    writer.write(metrics=[MetricPoint("recon_mse", 0.1 * at, Position(at, at, "layer1")) for at in (1, 2, 3)])
    writer.save_checkpoint(Checkpoint(Position(2, 2.0, "layer1"), b"state", RunConfig(), "epoch"))
    return parent, store.branch(parent, parent.checkpoints()[0].id, RunConfig())


def test_a_branch_comes_with_the_curve_of_its_parent_up_to_and_beyond_the_branching(
    client: TestClient, store: RunStore
) -> None:
    parent, child = branched(store)
    address = f"/lab/runs/{child.id}/live"
    first = client.get(address).json()
    assert first["ghosts"] == {"recon_mse/layer1": [[1, 2, 3], [0.1, 0.2, 0.3]]}
    assert first["points"] == {}
    store.claim(parent.id, "a test").write(metrics=[MetricPoint("recon_mse", 0.4, Position(4, 4, "layer1"))])
    store.claim(child.id, "a test").write(metrics=[MetricPoint("recon_mse", 0.25, Position(3, 3, "layer1"))])
    later = client.get(address, params=first["cursor"] | {"revision": first["revision"]}).json()
    assert later["ghosts"] == {"recon_mse/layer1": [[4], [0.4]]}
    assert later["points"] == {"recon_mse/layer1": [[3], [0.25]]}


def test_a_grandparent_shows_up_to_where_its_child_left(client: TestClient, store: RunStore) -> None:
    _, child = branched(store)
    writer = store.claim(child.id, "a test")
    writer.write(metrics=[MetricPoint("recon_mse", 0.25, Position(3, 3, "layer1"))])
    writer.save_checkpoint(Checkpoint(Position(3, 3.0, "layer1"), b"state", RunConfig(), "epoch"))
    grandchild = store.branch(child, child.checkpoints()[-1].id, RunConfig())
    ghosts = client.get(f"/lab/runs/{grandchild.id}/live").json()["ghosts"]
    assert ghosts == {"recon_mse/layer1": [[1, 2, 3], [0.1, 0.2, 0.25]]}


def test_a_branch_outlives_its_parent(client: TestClient, store: RunStore) -> None:
    parent, child = branched(store)
    parent.delete()
    answer = client.get(f"/lab/runs/{child.id}/live")
    assert (answer.status_code, answer.json()["ghosts"]) == (200, {})
