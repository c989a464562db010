"""The Generate page, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from dbn_core.records import Checkpoint, RunStatus
from dbn_core.store import RunStore
from tests.pages.samples import HERE, make_run

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"


def opened() -> AppTest:
    page = AppTest.from_file(str(SHELL), default_timeout=60).run()
    page.switch_page("generate.py").run()
    assert not page.exception
    return page


def test_without_a_run_the_page_says_where_to_begin(store: RunStore) -> None:
    assert "no network to dream yet" in opened().info[0].value


def test_a_run_without_a_checkpoint_cannot_dream_yet(store: RunStore) -> None:
    make_run(store, status=RunStatus.DONE)
    assert "no checkpoint yet" in opened().info[-1].value


def test_the_newest_checkpoint_is_chosen_and_others_can_be(store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")
    for keep in ("epoch", "latest"):
        writer.save_checkpoint(Checkpoint(HERE, b"weights", run.info().config, keep))
    page = opened()
    box = next(each for each in page.selectbox if each.label == "Weights at")
    assert box.value == run.checkpoints()[-1].id
    assert box.options == ["epoch 1.25, layer 1"] * 2
