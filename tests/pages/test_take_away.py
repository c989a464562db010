"""Downloads of a run, as the Runs page offers them."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.samples import make_run
from tests.waiting import PATIENCE
from web.answers import PROBLEMS
from web.routes.take_away import FORMS, routes


@pytest.fixture
def client(store: RunStore) -> TestClient:
    return TestClient(Starlette(routes=routes(), exception_handlers=PROBLEMS))


def dialog() -> str:
    """The HTML of a dialog on a run, as the Runs page opens it."""

    def script() -> None:
        import streamlit as st

        from pages.parts.take_away import take_away
        from web import lab

        if st.button("open", key="open"):
            take_away(lab.store().runs()[0])

    page = AppTest.from_function(script, default_timeout=PATIENCE).run()
    page.button(key="open").click().run()
    assert not page.exception
    return "\n".join(element.proto.body for element in page.get("html"))


def test_every_form_is_one_link_away_and_leads_to_its_file(client: TestClient, store: RunStore) -> None:
    run = make_run(store, status=RunStatus.DONE)
    shown = dialog()
    for form in FORMS:
        address = f"/lab/runs/{run.id}/take-away/{form.title.lower()}{form.suffix}"
        assert f'href="{address}" download' in shown
        assert client.get(address).headers["content-type"].startswith(form.media_type)


def test_pictures_are_offered_when_there_are_any(store: RunStore) -> None:
    make_run(store, status=RunStatus.QUEUED)
    shown = dialog()
    assert shown.count("<a ") == 3
    assert shown.count("There is no picture of its filters yet.") == 2
