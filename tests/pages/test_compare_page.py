"""Compare: runs over one another, and what its buttons start."""

import html
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.frames import Frame
from dbn_core.questions import BoundBoth, CompareWithVae, Probe, SampleBoth, SampleQuality
from dbn_core.records import Checkpoint, MetricPoint, Position, Progress, RunStatus, Snapshot, SnapshotInfo
from dbn_core.store import Run, RunStore
from dbn_core.worker import train_run
from pages.parts.compare.tables import nearest_preset
from tests.pages.opening import open_page, words
from tests.pages.worker import Gated
from tests.samples import HERE, make_run
from tests.waiting import until
from web import lab
from web.asking.desk import desk
from web.routes import all_routes


def opened(**query: str) -> AppTest:
    return open_page("compare.py", **query)


def pretrained(store: RunStore) -> Run:
    run = make_run(store, "pretrained")
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(Position(800, 20.0, "layer1"), b"state", run.info().config, "stage"))
    writer.set_status(RunStatus.DONE)
    return run


def test_an_empty_lab_leads_to_the_train_page(store: RunStore) -> None:
    app = opened()
    assert not app.exception
    assert "Nothing has been trained yet" in app.info[0].value


def test_a_link_chooses_the_runs_and_starts_nothing(store: RunStore) -> None:
    a, _, c = (make_run(store, name, RunStatus.DONE, settings={"training.k": k}) for k, name in enumerate("abc", 1))
    app = opened(runs=f"{c.id},{a.id},gone")
    assert not app.exception
    assert app.multiselect[0].value == [c.id, a.id]
    assert "no longer here" in words(app)
    figures, differences = (frame.value for frame in app.dataframe)
    assert list(figures["name"]) == ["c", "a"]
    assert list(figures["heldout"]) == [0.0145, 0.0145]
    assert list(differences["key"]) == ["training.k"]
    assert len(store.runs()) == 3


def test_more_than_six_runs_are_cut_to_six(store: RunStore) -> None:
    runs = [make_run(store, f"run {number}") for number in range(7)]
    app = opened(runs=",".join(run.id for run in runs))
    assert not app.exception
    assert len(app.multiselect[0].value) == 6


def test_the_button_starts_a_vae_on_the_same_images(store: RunStore) -> None:
    run = pretrained(store)
    app = opened(view="vae")
    assert "No run has trained a VAE" in words(app)
    app.button(key="compare vae start").click().run()
    assert not app.exception
    newest = store.runs()[0]
    assert newest.config.stages == {"vae": 20}
    assert newest.config.data == run.info().config.data


# -- a DBN beside a VAE -----------------------------------------------------------------------------------------------

ASKED = {SampleBoth: "sample_both", CompareWithVae: "compare_with_vae", BoundBoth: "bound_both"}
TINY = {"layers": [11], "data.train_size": 60, "epochs": 1, "batch_size": 20, "device": "cpu"}
OF_VAE = TINY | {"epochs": 0, "vae.epochs": 1, "vae.hidden": 7, "vae.latent": 3}
SCORED = {
    "rows": [{"key": "real", "title": "", "count": 97, "measures": {"precision": 0.75}}],
    "count": 97,
    "position": HERE,
    "figures": {"samples.real.precision": 0.75},
}

PROBED = {f"probe.{features}.{kind}_error": 9.0 for features in ("pixels", "layer1") for kind in ("knn", "logistic")}
PROBED |= {"probe.fitted": 60.0, "probe.judged": 97.0}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gated]:
    cluster = Gated({"sample_quality": SCORED, "prepare_judge": None})
    monkeypatch.setattr(lab, "cluster", lambda: cluster)
    yield cluster
    cluster.close()


def trained(store: RunStore, name: str, settings: dict[str, Any]) -> Run:
    run = store.create_run(RunConfig().with_values(settings), name)
    assert train_run(store.url, run.id) == RunStatus.DONE
    return run


@pytest.fixture
def pair(store: RunStore) -> dict[str, str]:
    """A link to a DBN and a VAE that are trained."""
    dbn, vae = trained(store, "deep", TINY), trained(store, "other", OF_VAE)
    return {"view": "vae", "dbn": dbn.id, "vae": vae.id}


def answered(*kinds: type[Any]) -> None:
    """Wait until the questions of these kinds have their answers."""
    for kind in kinds:
        until(lambda kind=kind: all(not asked.is_open for _, asked in desk().every(kind)), f"an answer to {kind}")


def plainly(app: AppTest) -> str:
    """The words on it as a person reads them."""
    return html.unescape(words(app))


def keys(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button if str(button.key).startswith("compare vae")]


def pictures(app: AppTest) -> int:
    return len(app.get("image"))


def test_a_link_to_a_dbn_and_a_vae_measures_nothing_and_has_one_button_that_does(
    store: RunStore, worker: Gated, pair: dict[str, str]
) -> None:
    app = opened(**pair)
    assert not app.exception
    assert worker.asked == []
    assert keys(app) == ["compare vae start", "compare vae go"]
    app.button(key="compare vae go").click().run()
    assert keys(app) == ["compare vae start", "compare vae stop"]
    assert "Samples side by side" in words(app)
    worker.let("sample_both")
    answered(SampleBoth)
    app.run()
    assert (pictures(app), "held-out images, mean over images" in words(app)) == (2, False), "samples come first"
    worker.let("compare_with_vae")
    answered(CompareWithVae)
    table = words(app.run())
    assert "held-out images, mean over images" in table
    assert "ELBO" not in table
    worker.let("bound_both", "prepare_judge", "sample_quality")
    answered(BoundBoth, SampleQuality)
    app.run()
    assert "ELBO" in words(app)
    assert list(app.dataframe[0].value["precision"]) == [0.75]
    assert keys(app) == ["compare vae start"], "nothing is left to be measured"
    assert pictures(opened(**pair)) == 2, "whoever follows the link later sees it at once"


def test_choosing_the_view_measures_by_itself_and_can_be_stopped(
    store: RunStore, worker: Gated, pair: dict[str, str]
) -> None:
    make_run(store, "without a VAE", RunStatus.DONE)
    app = opened(runs=pair["dbn"])
    assert worker.asked == []
    app.segmented_control[0].set_value("vae").run()
    assert not app.exception
    assert app.selectbox(key="compare dbn").value == pair["dbn"], "one that a VAE can be set beside"
    until(lambda: {"sample_both", "prepare_judge"} <= set(worker.asked), "the worker is asked")
    app.button(key="compare vae stop").click().run()
    assert keys(app) == ["compare vae start", "compare vae go"]
    assert not [1 for kind in ASKED for _ in desk().every(kind)]
    app.run()
    assert keys(app) == ["compare vae start", "compare vae go"], "what was stopped does not begin again by itself"


def test_a_training_that_ends_while_it_is_watched_begins_the_comparison(
    store: RunStore, worker: Gated, pair: dict[str, str]
) -> None:
    vae = store.run(pair["vae"])
    vae.queue()
    app = opened(**pair)
    assert "still in training" in words(app)
    assert keys(app) == ["compare vae start"]
    store.claim(vae.id, "a test").set_status(RunStatus.DONE)
    app.run()
    assert keys(app) == ["compare vae start", "compare vae stop"]
    worker.let("sample_both")
    answered(SampleBoth)
    assert pictures(app.run()) == 2
    app.button(key="compare vae stop").click().run()


# -- hybrids and claims -----------------------------------------------------------------------------------------------


def test_three_trainings_on_few_labels_are_branches_and_their_errors_come_into_the_table(store: RunStore) -> None:
    run = pretrained(store)
    app = opened(view="hybrid")
    app.button(key="hybrid start").click().run()
    assert not app.exception
    children = [info for info in store.runs() if info.parent == run.id]
    assert sorted((*info.config.stages, info.config.labels.draw) for info in children) == [
        ("layer1", kind, draw) for kind in ("finetune", "hybrid") for draw in (0, 1, 2) for _ in range(1 + (kind > "g"))
    ]
    errors = {"both": 7.0, "images": 9.0, "frozen": 5.0}
    for info in children:
        kind = info.config.hybrid.inputs if info.config.hybrid.epochs else "frozen"
        where = Position(900, 21.0, "hybrid" if info.config.hybrid.epochs else "finetune")
        writer = store.claim(info.id, "a test")
        writer.write([MetricPoint("test_error", errors[kind] + info.config.labels.draw, where)])
        # The last head is still at work, and may be far from what it will come to.
        writer.set_status(RunStatus.RUNNING if (kind, info.config.labels.draw) == ("frozen", 2) else RunStatus.DONE)
    app = opened(view="hybrid")
    (row,) = app.dataframe[0].value.to_dict("records")
    assert [row[key] for key in ("labels", "both", "images")] == [100, "8.00 ± 1.00", "10.00 ± 1.00"]
    assert row["frozen"] == "5.50 ± 0.71"
    assert row["gain"] == "2.00 ± 0.00"
    assert row["state"].startswith("8 of 9 finished")
    assert app.button(key="hybrid start").disabled
    claims = words(opened(view="claims"))
    assert "8.00 ± 1.00 % with features, 10.00 ± 1.00 % without" in claims.replace("&#46;", ".")


def test_claims_without_measurements_say_which_click_measures_them(store: RunStore) -> None:
    pretrained(store)
    app = opened(view="claims")
    assert not app.exception
    assert words(app).count("[not measured]") == 5
    assert words(app).count("No run has measured this yet") == 5
    assert not app.button(key="claims measure").disabled
    app.button(key="claims hybrids").click().run()
    assert app.session_state["compare view chosen"] == "hybrid"


def test_one_button_measures_all_claims_says_how_long_first_and_can_be_stopped(store: RunStore, worker: Gated) -> None:
    run = pretrained(store)  # at a speed that it has kept
    worker.canned["probe"] = {"position": HERE, "figures": PROBED}
    app = opened(view="claims", run=run.id)
    assert not app.exception
    assert "by the speed at which this run was trained" in words(app)
    assert re.search(r"Less than a minute|About \d+ (minute|hour)s?", words(app))
    assert worker.asked == []
    assert [info.id for info in store.runs()] == [run.id], "the page alone starts nothing"
    app.button(key="claims measure").click().run()
    assert not app.exception
    until(lambda: {"probe", "prepare_judge"} <= set(worker.asked), "the worker is asked")
    branches = [info for info in store.runs() if info.parent == run.id]
    assert [info.config.fewlabels.seeds for info in branches if info.config.fewlabels.seeds] == [3]
    assert len(branches) == 10
    assert set(worker.submitted) == {info.id for info in branches}
    for line in ("class is read off each layer", "1,000 dreams are scored", "0 of 45 trainings", "0 of 9 trainings"):
        assert line in plainly(app)
    assert "claims measure" not in [button.key for button in app.button]
    few = next(info for info in branches if info.config.fewlabels.seeds)
    writer, where = store.claim(few.id, "a test"), Position(7, few.config.total_epochs - 33, "fewlabels")
    writer.write([], [], Progress(where, few.config.total_epochs, 1, 1, None, None, "cpu"))
    worker.let("probe")
    answered(Probe)
    app.run()
    assert "12 of 45 trainings" in plainly(app)
    assert "held-out images, fitted on" in plainly(app), "the first verdict is there while the others are measured"
    app.button(key="claims stop").click().run()
    assert not [asked for _, asked in desk().every(SampleQuality) if asked.is_open]
    assert {type(record.command) for record in store.run(few.id).commands()} == {Stop}
    for info in branches:
        store.claim(info.id, "a test").set_status(RunStatus.STOPPED)
    app.run()
    assert "trainings done" in plainly(app)
    worker.submitted.clear()
    app.button(key="claims measure").click().run()
    assert set(worker.submitted) == {info.id for info in branches}, "those that were stopped go on"
    assert len(store.runs()) == 11
    app.button(key="claims stop").click().run()


def test_a_run_whose_pretraining_is_not_complete_cannot_be_measured_yet(store: RunStore) -> None:
    run = make_run(store, "begun")
    assert "after its first epoch" in words(opened(view="claims", run=run.id))
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(HERE, b"state", run.info().config, "epoch"))
    assert opened(view="claims", run=run.id).button(key="claims measure").disabled


def test_what_was_measured_speaks_for_or_against_from_the_store_alone(store: RunStore) -> None:
    run = pretrained(store)
    names = {"real": 0.9, "noise": 0.1, "dreams": 0.2}
    figures = {f"samples.{key}.{name}": value for key, value in names.items() for name in ("precision", "coverage")}
    run.keep_figures(HERE, figures)
    app = opened(view="claims")
    assert not app.exception
    assert ":red-badge[against] 1" in words(app)
    assert words(app).count("[not measured]") == 4


def test_the_shortest_link_is_taken(store: RunStore) -> None:
    run = make_run(store, settings={"training.k": 2})
    assert nearest_preset(run.info().config) == "first-look"


def test_the_feed_holds_numbers_and_the_list_of_filters_and_is_tiny_when_nothing_is_new(store: RunStore) -> None:
    run = make_run(store)
    client = TestClient(Starlette(routes=all_routes()))
    news = client.get(f"/lab/runs/{run.id}/compare").json()
    assert news["points"]["heldout_recon_mse/layer1"] == [[1.25], [0.0145]]
    (moment,) = news["moments"]
    assert (moment["epoch"], moment["units"], moment["of"]) == (1.25, 23, 256)
    again = client.get(f"/lab/runs/{run.id}/compare", params={"revision": news["revision"]})
    assert (again.status_code, again.content) == (204, b"")


def test_units_that_take_no_part_are_named_for_each_picture_as_they_were_then(store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")

    def frame(step: int, dead: int) -> Snapshot:
        activity = np.full(23, 0.2, np.float32)
        activity[:dead] = 0.0
        arrays = {"unit.activity": activity, "unit.norm": np.ones(23, np.float32), "unit.usefulness": activity}
        return Frame(Position(step, step / 160, "layer1"), arrays).to_snapshot()

    def filters(step: int) -> Snapshot:
        pixels = np.full((23, 5, 3), 128, np.uint8)
        info = SnapshotInfo("filters", Position(step, step / 160, "layer1"), pixels.shape, 0.2, "weights")
        return Snapshot(info, pixels)

    writer.write([], [frame(300, 1), filters(320), frame(400, 3), filters(400)], None)
    news = TestClient(Starlette(routes=all_routes())).get(f"/lab/runs/{run.id}/compare").json()
    dead = [None if moment["states"] is None else moment["states"]["dead"] for moment in news["moments"]]
    assert dead == [None, [0], [0, 1, 2]]


@pytest.mark.parametrize("name", ["compare/main.js", "compare/overlay.js", "shared/dom.js", "shared/plotting.js"])
def test_scripts_are_served(name: str) -> None:
    assert TestClient(Starlette(routes=all_routes())).get(f"/lab/assets/x/{name}").status_code == 200
