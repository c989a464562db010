"""The Features page in every state of the lab, without a browser."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from dbn_core.view.texts import texts
from tests.film_samples import make_film
from tests.pages.opening import open_page, picker
from tests.samples import make_run

EXPERIMENT = "Start the experiment"


def opened(**address: str) -> AppTest:
    return open_page("features.py", **address)


def views(page: AppTest) -> int:
    return sum(getattr(element, "key", None) == "features view" for element in page.main)


def start(page: AppTest) -> AppTest:
    return next(button for button in page.button if button.label == EXPERIMENT).click().run()


def test_an_empty_lab_leads_on(store: RunStore) -> None:
    page = opened()
    assert not page.exception
    assert "Nothing has been trained yet" in page.info[0].value
    assert views(page) == 0


def test_the_words_beside_the_articles_table_name_the_experiment_as_its_button_does(store: RunStore) -> None:
    page = opened()
    (popover,) = (block for block in page.main if block.type == "popover")
    assert popover.proto.popover.label == "Start the article's experiment"
    assert popover.proto.popover.label in texts("features")["article"]["look"]


@pytest.mark.parametrize("data", ["digits", "mnist"])
def test_the_experiment_is_exactly_the_articles_on_the_chosen_images(store: RunStore, data: str) -> None:
    page = opened()
    page.radio(key="experiment data").set_value(data).run()
    assert not store.runs()
    page = start(page)
    (info,) = store.runs()
    assert not page.exception
    assert info.config == RunConfig.preset("source-article").with_values({"data.name": data})
    assert (info.config.layers, info.config.epochs) == ((500,), 30)
    assert info.name == f"the article's experiment, {data}"
    assert info.status is RunStatus.QUEUED
    assert picker(page).value == info.id
    assert page.query_params["run"] == info.id
    assert views(page) == 1


def test_the_address_names_the_run(store: RunStore) -> None:
    old, new = make_film(store, "old"), make_film(store, "new")
    page = opened(run=new.id)
    assert picker(page).value == new.id
    assert page.query_params["run"] == new.id
    assert picker(opened(run=old.id)).value == old.id


def test_a_place_in_the_address_outlives_a_run_of_the_script(store: RunStore) -> None:
    run = make_film(store)
    page = opened(run=run.id, epoch="1.5", layer="2", unit="7")
    assert dict(page.query_params) == {"run": run.id, "epoch": "1.5", "layer": "2", "unit": "7"}


def test_a_run_that_is_gone_says_so_and_nobody_elses_is_shown(store: RunStore) -> None:
    run = make_film(store)
    page = opened(run="gone")
    assert "no longer here" in page.info[0].value
    assert "No run is open" in page.info[1].value
    assert views(page) == 0
    page.button(key=f"look at {run.id}").click().run()
    assert picker(page).value == run.id
    assert views(page) == 1


@pytest.mark.parametrize("status", [RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.DIVERGED])
def test_a_run_in_any_state_opens(store: RunStore, status: RunStatus) -> None:
    make_run(store, status=status)
    page = opened()
    assert not page.exception
    assert views(page) == 1


def test_what_the_component_gets_stays_small(store: RunStore) -> None:
    make_film(store)
    (view,) = [element for element in opened().main if getattr(element, "key", None) == "features view"]
    sent: Any = view.proto
    assert len(sent.SerializeToString()) < 40_000
