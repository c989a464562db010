"""The list of runs."""

from streamlit.testing.v1 import AppTest

from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.pages.opening import open_page, picker
from tests.samples import make_run
from tests.store.samples import trained


def opened() -> AppTest:
    return open_page("runs.py")


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def test_an_empty_list_leads_to_the_train_page(store: RunStore) -> None:
    page = opened()
    assert not page.exception
    assert "Nothing has been trained yet" in page.info[0].value


def test_a_card_says_name_state_what_differs_and_final_figures(store: RunStore) -> None:
    make_run(store, "slow", RunStatus.DONE, settings={"training.learning_rate": 0.01})
    make_run(store, "fast", RunStatus.DIVERGED, "Lower it.")
    page = opened()
    text = words(page)
    assert not page.exception
    assert "**slow**" in text
    assert "**fast**" in text
    assert "Learning rate 0&#46;01" in text
    assert "Learning rate 0&#46;05" not in text, "a usual setting tells nothing"
    assert "usual settings where the runs here differ" in text
    assert "Epochs" not in text  # the same in both
    assert "**0.0123** train, **0.0145** held out" in text
    assert "12.0 % of hidden units on" in text


def test_a_run_alone_tells_its_layers_and_what_is_unusual_about_it(store: RunStore) -> None:
    make_run(store, "alone", settings={"training.learning_rate": 0.01})
    text = words(opened())
    assert "Learning rate 0&#46;01" in text
    assert "Layers 256" in text
    assert "Learning rate 0&#46;05" not in text
    assert "Epochs 15" not in text, "a usual one"


def test_a_run_that_has_measured_nothing_yet_is_no_problem(store: RunStore) -> None:
    make_run(store, status=RunStatus.QUEUED)
    page = opened()
    assert not page.exception
    assert "nothing measured yet" in words(page)


def test_a_name_is_text_and_never_markup(store: RunStore) -> None:
    make_run(store, "<img src=x onerror=alert(1)> **b** :red[c] [d](http://e)")
    text = words(opened())
    for markup in ("<img", "**b**", ":red[", "[d](", "http:"):
        assert markup not in text


def test_open_goes_to_the_run(store: RunStore) -> None:
    old = make_run(store, "old")
    make_run(store, "new")
    page = opened()
    page.button(key=f"open {old.id}").click().run()
    assert not page.exception
    assert picker(page).value == old.id


def test_a_long_list_has_pages(store: RunStore) -> None:
    for _ in range(13):
        make_run(store, status=RunStatus.QUEUED)
    assert sum(button.label == "Open" for button in opened().button) == 12


def test_the_page_says_what_the_runs_take_on_disk(store: RunStore) -> None:
    trained(store, "large", 3, size=10**6)
    store.disk.set_budget(7 * 10**6)
    assert "All runs take 5 MB of 7 MB on disk: states 5 MB, pictures 0 kB." in words(opened()).replace("\u00a0", " ")
    store.disk.set_budget(10**6)
    assert "Delete runs, or give a larger budget." in words(opened())
