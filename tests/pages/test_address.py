"""What a page follows of the address that a browser tells: it may not have heard of the newest one yet."""

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from pages.parts import address
from tests.pages.opening import arrive, picker
from tests.samples import make_run


def tell(page: AppTest, told: dict[str, str]) -> AppTest:
    """Ask as a browser does that stands at this address."""
    page.query_params.clear()
    for name, value in told.items():
        page.query_params[name] = value
    return page.run()


def where(page: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[-1] for name, value in page.query_params.items()}


def test_a_browser_that_has_not_heard_of_a_chosen_run_does_not_bring_the_old_one_back(store: RunStore) -> None:
    new, old = make_run(store, "new", RunStatus.DONE), make_run(store, "old", RunStatus.DONE)
    page = arrive("train.py", run=old.id)
    outdated = where(page)
    picker(page).select(new.id).run()
    tell(page, outdated)
    assert picker(page).value == new.id
    assert where(page)["run"] == new.id, "and it is told where it is"


def test_a_run_that_was_left_is_followed_again_once_the_browser_knows_that_it_was_left(store: RunStore) -> None:
    new, old = make_run(store, "new", RunStatus.DONE), make_run(store, "old", RunStatus.DONE)
    page = arrive("train.py", run=old.id)
    outdated = where(page)
    picker(page).select(new.id).run().run()
    tell(page, outdated)
    assert picker(page).value == old.id


def test_back_is_followed_at_once(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    new, old = make_run(store, "new", RunStatus.DONE), make_run(store, "old", RunStatus.DONE)
    page = arrive("train.py", run=old.id)
    outdated = where(page)
    picker(page).select(new.id).run()
    monkeypatch.setattr(address, "_is_back_or_forward", lambda: True)
    tell(page, outdated)
    assert picker(page).value == old.id


@pytest.mark.parametrize("name", ["features.py", "diagnose.py", "generate.py", "classify.py"])
def test_so_do_pages_that_ask_in_parts(store: RunStore, name: str) -> None:
    new, old = make_run(store, "new", RunStatus.DONE), make_run(store, "old", RunStatus.DONE)
    page = arrive(name, run=old.id)
    outdated = where(page)
    picker(page).select(new.id).run()
    tell(page, outdated)
    assert picker(page).value == new.id
    assert where(page)["run"] == new.id


def test_settings_typed_fast_one_after_the_other_all_stay(store: RunStore) -> None:
    page = arrive("train.py", preset="source-article")
    outdated = where(page)
    page.number_input(key="setup epochs").set_value(7).run()
    page.query_params.clear()
    page.query_params.update(outdated)
    page.number_input(key="setup batch_size").set_value(32).run()
    assert page.number_input(key="setup epochs").value == 7
    assert page.number_input(key="setup batch_size").value == 32
    assert where(page) == {"preset": "source-article", "epochs": "7", "batch_size": "32"}


def test_the_head_leads_on_with_the_run_that_is_open_also_from_a_page_that_is_about_none(store: RunStore) -> None:
    make_run(store, "newest", RunStatus.DONE)
    run = make_run(store, "open", RunStatus.DONE)
    page = arrive("features.py", run=run.id)
    page.query_params.clear()
    page.switch_page("runs.py").run()
    links = {link.proto.label: link.proto.query_string for link in page.main.get("page_link")}
    assert links["Diagnose"] == f"run={run.id}"
    assert links["Compare"] == ""


def test_a_picker_that_is_gone_picks_nothing(store: RunStore) -> None:
    """A browser tells for a moment what its fields held, also those of the run before."""
    new, old = make_run(store, "new", RunStatus.DONE), make_run(store, "old", RunStatus.DONE)
    page = arrive("train.py", run=old.id)
    outdated = picker(page).select(old.id).root
    tell(page, where(page) | {"run": new.id})
    outdated.run()
    assert picker(page).value == new.id
    assert where(page)["run"] == new.id
