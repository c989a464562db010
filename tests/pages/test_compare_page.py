"""Compare: runs over one another, and what its buttons start."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dbn_core.records import Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from pages.parts.compare_routes import compare_routes
from pages.parts.compare_tables import nearest_preset
from tests.pages.samples import HERE, make_run

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60).run().switch_page("compare.py")
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.error))


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
    client = TestClient(Starlette(routes=compare_routes()))
    news = client.get(f"/lab/runs/{run.id}/compare").json()
    assert news["points"]["heldout_recon_mse/layer1"] == [[1.25], [0.0145]]
    (moment,) = news["moments"]
    assert (moment["epoch"], moment["units"], moment["of"]) == (1.25, 23, 256)
    again = client.get(f"/lab/runs/{run.id}/compare", params={"revision": news["revision"]})
    assert (again.status_code, again.content) == (204, b"")


@pytest.mark.parametrize("name", ["main.js", "overlay.js", "dom.js", "drawing.js"])
def test_scripts_are_served(name: str) -> None:
    assert TestClient(Starlette(routes=compare_routes())).get(f"/lab/compare/x/{name}").status_code == 200
