"""The examples that come with the lab, on the pages of a lab that is empty or nearly so."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from tests.gallery import made_gallery
from tests.pages.opening import arrive, picker, words
from tests.samples import HERE, make_run

PAGES = ("features.py", "diagnose.py", "classify.py", "generate.py", "report.py", "stepper.py")
LOOK = "look at {}"


@pytest.fixture
def examples(store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of two of them."""
    made_gallery(tmp_path, monkeypatch)
    return [info.id for info in store.examples()]


def badges(page: AppTest) -> list[str]:
    return [element.value for element in page.markdown if "-badge[" in element.value]


def test_the_welcome_shows_them_and_one_click_opens_one(store: RunStore, examples: list[str]) -> None:
    page = arrive("train.py")
    assert [button.key for button in page.main.button] == ["start", *map(LOOK.format, examples), "examples switch"]
    assert "First look" in words(page)
    assert "What does a layer find in digits" in words(page)
    page.button(key=LOOK.format(examples[1])).click().run()
    assert not page.exception
    assert page.query_params["run"] == examples[1]
    assert picker(page).value == examples[1]
    assert "Example" in badges(page)[0]
    assert store.runs() == []


def test_runs_of_one_name_are_told_apart_wherever_one_is_chosen(store: RunStore) -> None:
    runs = [make_run(store, "the same", RunStatus.DONE, settings={"training.k": k}) for k in (1, 2)]
    other = make_run(store, "another", RunStatus.DONE)
    page = arrive("train.py", run=runs[0].id)
    offered = picker(page).options
    told = [f"the same · finished · {run.id[:4]}" for run in reversed(runs)]
    assert offered[:3] == ["another · finished", *told]
    picker(page).select(runs[1].id).run()
    assert page.query_params["run"] == runs[1].id
    compared = arrive("compare.py", runs=f"{runs[0].id},{other.id}")
    assert set(compared.multiselect[0].options) == {"another", *(f"the same · {run.id[:4]}" for run in runs)}


def test_they_stand_after_ones_own_runs_in_the_picker(store: RunStore, examples: list[str]) -> None:
    run = make_run(store, "mine", RunStatus.DONE)
    page = arrive("train.py", run=run.id)
    assert picker(page).options == [
        "mine · finished",
        "Example: First look",
        "Example: Edges to digits",
        "Welcome and examples",
    ]
    assert not badges(page)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_without_a_run_opens_one_and_never_another_run_of_the_lab(
    store: RunStore, examples: list[str], name: str
) -> None:
    make_run(store, "somebody else's")
    page = arrive(name)
    assert not page.exception
    assert picker(page).value == examples[0 if name == "stepper.py" else 1]
    assert "Example" in badges(page)[0]
    shown = picker(page).value
    assert picker(page.run()).value == shown
    page.query_params.clear()
    page.switch_page("train.py").run()
    assert page.title[0].value == "Watch a network learn to see", "what a page offers by itself is nobody's choice"


def test_a_link_to_one_opens_it_on_every_page(store: RunStore, examples: list[str]) -> None:
    page = arrive("features.py", run=examples[0])
    assert picker(page).value == examples[0]
    page.query_params.clear()
    page.switch_page("diagnose.py").run()
    assert picker(page).value == examples[0]


def test_they_can_be_put_out_of_sight_and_brought_back(store: RunStore, examples: list[str]) -> None:
    page = arrive("train.py")
    page.button(key="examples switch").click().run()
    assert [button.key for button in page.main.button] == ["start", "examples switch"]
    for name in ("features.py", "runs.py", "compare.py"):
        page.query_params.clear()
        page.switch_page(name).run()
        assert "Nothing has been trained yet" in page.info[0].value
        assert page.button(key="examples switch").label == "Show examples"
    page.query_params.clear()
    page.switch_page("generate.py").run()
    page.button(key="examples switch").click().run()
    assert picker(page).value in examples, "a page that has shown none shows one"
    page.query_params.clear()
    page.switch_page("train.py").run()
    assert page.button(key=LOOK.format(examples[0])).label == "Look at it"


def test_the_list_of_runs_has_them_apart_at_its_end_with_nothing_to_change(
    store: RunStore, examples: list[str]
) -> None:
    run = make_run(store, "mine", RunStatus.DONE)
    page = arrive("runs.py")
    assert page.header[0].value == "Examples that come with the lab"
    opens = [button.key for button in page.button if button.label == "Open"]
    assert opens == [f"open {key}" for key in (run.id, *examples)]
    menus = [list(menu.proto.options) for menu in page.get("menu_button")]
    assert menus == [
        ["Report", "Branch", "Take away", "Rename", "Note", "Delete"],
        *[["Report", "Branch", "Take away"]] * 2,
    ]


def test_they_are_compared_and_measured_until_others_are_chosen(store: RunStore, examples: list[str]) -> None:
    make_run(store, "somebody else's")
    page = arrive("compare.py")
    assert page.multiselect[0].value == examples
    assert "Example: First look" in page.multiselect[0].options
    measurable = arrive("compare.py", view="claims").selectbox(key="claims run")
    assert measurable.options == ["somebody else's", "Example: First look", "Example: Edges to digits"]
    assert measurable.value == examples[0]


def test_an_examples_verdicts_are_those_it_came_with_and_nothing_measures_it(
    store: RunStore, examples: list[str]
) -> None:
    few = {f"error/{kind}/100/{seed}": wrong for kind, wrong in (("global", 9.0), ("scratch", 20.0)) for seed in (0, 1)}
    cnn = {f"error/{kind}/100/{draw}": wrong for kind, wrong in (("both", 30.0), ("images", 10.0)) for draw in (0, 1)}
    store.run(examples[0]).keep_figures(HERE, few | cnn)
    page = arrive("compare.py", view="claims")
    assert not page.exception
    assert "claims measure" not in [button.key for button in page.button]
    assert "it was measured when it was made" in words(page)
    assert ":green-badge[for] 1" in words(page), "pretraining"
    assert ":red-badge[against] 1" in words(page), "hybrids"
    assert words(page).count("[not measured]") == 3


def test_what_an_example_came_to_on_few_labels_is_shown_where_such_runs_are_trained(
    store: RunStore, examples: list[str]
) -> None:
    where = {"run": examples[0], "view": "few"}
    assert curves(arrive("classify.py", **where)) == 0
    assert "Nothing has been trained on few labels" in words(arrive("compare.py", run=examples[0], view="hybrid"))
    few = {f"error/{kind}/100/{seed}": wrong for kind, wrong in (("global", 9.0), ("scratch", 20.0)) for seed in (0, 1)}
    cnn = {f"error/{kind}/100/{draw}": wrong for kind, wrong in (("both", 30.0), ("images", 10.0)) for draw in (0, 1)}
    store.run(examples[0]).keep_figures(HERE, few | cnn)
    assert curves(arrive("classify.py", **where)) == 1
    told = unescape(words(arrive("compare.py", run=examples[0], view="hybrid")))
    assert "When this example was made: 100 labels: 30.00 ± 0.00 % with features, 10.00 ± 0.00 % without" in told


def curves(page: AppTest) -> int:
    return sum(getattr(element, "key", None) == "classify view few" for element in page.main)


def test_a_b_shows_two_of_them_until_a_pair_is_started(store: RunStore, examples: list[str]) -> None:
    page = arrive("ab.py")
    assert not page.exception
    assert "Until then two examples" in words(page)
    assert "The same settings" in words(page), "those of both, which are made alike here"
    assert not {"a", "b"} & set(page.query_params), "nobody asked for this pair, and a link to the page asks for none"
    run = make_run(store, "mine", RunStatus.DONE, settings={"training.k": 7})
    asked = words(arrive("ab.py", a=run.id, b=examples[1]))
    assert "A is mine, B is Edges to digits" in asked
    assert "Until then" not in asked


def test_one_changed_knob_can_start_from_one(store: RunStore, examples: list[str]) -> None:
    page = arrive("ab.py", base=f"run {examples[0]}")
    assert page.selectbox(key="ab base").value == f"run {examples[0]}"
    assert "Choose a knob and two values" in words(page)
