"""The Generate page, without a browser."""

from html import unescape

from streamlit.testing.v1 import AppTest

from dbn_core.records import EVALUATION, Checkpoint, Position, RunStatus
from dbn_core.store import RunStore
from tests.pages.opening import open_page
from tests.samples import HERE, make_run


def opened() -> AppTest:
    page = open_page("generate.py")
    assert not page.exception
    return page


def test_without_a_run_the_page_says_where_to_begin(store: RunStore) -> None:
    words = opened().info[0].value
    assert "Nothing has been trained yet" in words
    assert "after its first epoch it dreams" in words


def test_a_run_without_a_checkpoint_cannot_dream_yet(store: RunStore) -> None:
    make_run(store, status=RunStatus.DONE)
    assert "no checkpoint yet" in opened().info[-1].value


def test_the_newest_checkpoint_is_chosen_and_others_can_be(store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")
    for keep in ("epoch", "latest"):
        writer.save_checkpoint(Checkpoint(HERE, b"weights", run.info().config, keep))
    writer.set_status(RunStatus.STOPPED)
    page = opened()
    box = next(each for each in page.selectbox if each.label == "Weights at")
    assert box.value == run.checkpoints()[-1].id
    assert box.options == ["epoch 1.25, layer 1"] * 2


def test_while_a_run_trains_only_what_will_still_be_there_can_be_chosen(store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")
    lasting = writer.save_checkpoint(Checkpoint(HERE, b"weights", run.info().config, "epoch"))
    writer.save_checkpoint(Checkpoint(Position(300, 2.75, "layer1"), b"weights", run.info().config, "latest"))
    box = next(each for each in opened().selectbox if each.label == "Weights at")
    assert (box.value, box.options) == (lasting, ["epoch 1.25, layer 1"])


def test_dreams_that_were_found_to_be_poor_are_called_so(store: RunStore) -> None:
    run = make_run(store)
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(HERE, b"weights", run.info().config, "epoch"))
    writer.set_status(RunStatus.STOPPED)
    assert not any("dreams are" in item.value for item in opened().markdown)
    figures = {"dreams": (1.0, 0.004), "real": (0.97, 0.95), "noise": (0.0, 0.0)}
    run.keep_figures(
        Position(7, 1.0, EVALUATION),
        {
            f"samples.{source}.{measure}": value
            for source, both in figures.items()
            for measure, value in zip(("precision", "coverage"), both, strict=True)
        },
    )
    words = [item.value for item in opened().markdown if "dreams are all alike" in item.value]
    assert len(words) == 1
    assert "coverage 0.004" in unescape(words[0])
