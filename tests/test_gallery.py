"""The examples that come with the lab: made once, read-only, and what the committed archives hold."""

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dbn_core import gallery, places
from dbn_core.commands import Pause
from dbn_core.config import RunConfig, preset
from dbn_core.errors import RunNotFoundError, StoreError
from dbn_core.gallery import make_examples
from dbn_core.inference.loading import trained
from dbn_core.records import EVALUATION, Checkpoint, MetricPoint, Position, RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.store.examples import examples_file
from dbn_core.training.checkpoints import unpack
from pages.parts import run_picker
from tests.gallery import made_gallery, small_gallery
from tests.samples import HERE, make_run
from tools import gallery as tool
from tools.gallery import PRESETS, archive_of, settings_of

MOST_BYTES = 12_000_000


@pytest.fixture
def store(store_url: str) -> RunStore:
    return RunStore(store_url)


@pytest.fixture
def example(store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    made_gallery(tmp_path, monkeypatch)
    return store.run(store.examples()[0].id)


# -- made once --------------------------------------------------------------------------------------------------------


def test_examples_are_listed_in_the_order_of_their_archives_by_ids_that_are_digests(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_gallery(tmp_path, monkeypatch)
    assert store.examples() == [], "not made yet"
    make_examples()
    infos = store.examples()
    assert [info.name for info in infos] == ["First look", "Edges to digits"]
    assert all(info.is_example and info.status is RunStatus.DONE for info in infos)
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(places.GALLERY.iterdir())]
    assert [info.id for info in infos] == [digest[:12] for digest in digests]
    assert store.runs() == [], "they are nobody's runs"


def test_they_are_made_once_also_when_several_begin_at_once(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_gallery(tmp_path, monkeypatch)
    made: list[Path] = []
    make = gallery._make
    monkeypatch.setattr(gallery, "_make", lambda file: (made.append(file), make(file)))
    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(make_examples) for _ in range(4)]:
            each.result()
    make_examples()
    assert made == [examples_file()]
    assert len(store.examples()) == 2
    left = {path.name.removeprefix(examples_file().name) for path in examples_file().parent.iterdir()}
    assert left <= {"", ".lock", "-wal", "-shm"}, "nothing half made lies about"


def test_other_archives_are_another_store(store: RunStore, example: Run) -> None:
    before = examples_file()
    others = places.GALLERY.parent / "others"
    others.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "GALLERY", others)
        assert examples_file() != before
        make_examples()
        assert store.examples() == [], "there are no archives"
        with pytest.raises(RunNotFoundError):
            store.run(example.id)
    assert len(store.examples()) == 2


def test_without_a_cache_folder_there_are_no_examples_and_the_log_says_so(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small_gallery(tmp_path, monkeypatch)
    (tmp_path / "cache").write_text("no folder")
    with caplog.at_level(logging.WARNING):
        make_examples()
    assert "The lab has no examples" in caplog.text
    assert store.examples() == []


def test_a_file_that_is_no_store_hides_them_and_is_told_in_the_log(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small_gallery(tmp_path, monkeypatch)
    examples_file().parent.mkdir()
    examples_file().write_text("no store" * 1000)
    with caplog.at_level(logging.WARNING):
        assert store.examples() == []
    assert "The lab has no examples" in caplog.text


# -- read-only --------------------------------------------------------------------------------------------------------


def test_every_store_finds_them_by_id_and_its_own_runs_first(store: RunStore, example: Run) -> None:
    assert store.run(example.id).info().is_example
    assert store.revisions([example.id, "none"]) == {example.id: example.revision()}
    with pytest.raises(RunNotFoundError):
        store.run("First look")  # names are for runs of one's own
    own = store.create_run(example.info().config, id=example.id)
    assert not store.run(own.id).info().is_example


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run.rename("mine"),
        lambda run: run.annotate("mine"),
        lambda run: run.delete(),
        lambda run: run.queue(),
        lambda run: run.send(Pause()),
    ],
)
def test_nobody_changes_them(store: RunStore, example: Run, change: Callable[[Run], object]) -> None:
    before = example.info()
    with pytest.raises(StoreError) as refused:
        change(store.run(example.id))
    assert str(refused.value) == (
        "'First look' is an example that comes with the lab: branch it, then the copy is yours."
    )
    with pytest.raises(RunNotFoundError):
        store.claim(example.id, "a worker")
    after = example.info()
    assert (after.name, after.note, after.status, after.revision) == (
        before.name,
        before.note,
        before.status,
        before.revision,
    )


def test_what_is_measured_on_them_later_stays_with_them(store: RunStore, example: Run) -> None:
    example.keep_figures(HERE, {"probe.layer1": 0.5})
    (kept,) = store.run(example.id).metrics(names=["probe.layer1"])
    assert (kept.value, kept.position.stage) == (0.5, EVALUATION)


def test_a_branch_is_a_run_of_ones_own(store: RunStore, example: Run) -> None:
    saved = example.require_checkpoint()
    child = store.branch(example, saved.id, example.info().config.with_values({"epochs": 30}))
    info = child.info()
    assert (info.parent, info.is_example, info.status) == (example.id, False, RunStatus.QUEUED)
    assert [mine.id for mine in store.runs()] == [child.id]
    child.rename("mine")
    child.delete()


def test_what_an_example_comes_to_on_few_labels_is_kept_as_figures_of_its_own(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(store, "small")
    writer = store.claim(run.id, "a test")
    writer.save_checkpoint(Checkpoint(HERE, b"state", run.info().config, "stage"))
    writer.set_status(RunStatus.DONE)
    trained: list[RunConfig] = []

    def train(url: str, run_id: str) -> str:
        assert url == store.url
        config = store.run(run_id).info().config
        trained.append(config)
        wrong = 7.0
        if config.hybrid.epochs:
            wrong = {"images": 20.0, "both": 10.0}[config.hybrid.inputs] + config.labels.draw
        where = "fewlabels" if config.fewlabels.seeds else "hybrid" if config.hybrid.epochs else "finetune"
        name = "error/scratch/100/2" if config.fewlabels.seeds else "test_error"
        learner = store.claim(run_id, "a test")
        learner.write([MetricPoint(name, wrong, Position(900, 21.0, where))])
        learner.set_status(RunStatus.DONE)
        return RunStatus.DONE.value  # a word, as `train_run` answers

    monkeypatch.setattr(tool, "train_run", train)
    figures = tool.on_few_labels(store, run)
    assert figures.pop("error/scratch/100/2") == 7.0
    assert figures == {
        f"error/{key}/100/{draw}": wrong + draw
        for key, wrong in (("images", 20.0), ("both", 10.0))
        for draw in range(3)
    }
    assert not any(config.evaluation.at_end for config in trained), "only the run itself is evaluated"
    assert len(trained) == 1 + 9


# -- those that come with the lab -------------------------------------------------------------------------------------


def test_the_archives_are_those_of_todays_presets_and_small_enough() -> None:
    assert sorted(places.GALLERY.iterdir()) == sorted(map(archive_of, PRESETS))
    assert sum(file.stat().st_size for file in places.GALLERY.iterdir()) < MOST_BYTES
    assert {run_picker.USUAL, *run_picker.SUITED.values()} <= set(PRESETS), "what a page opens by itself is there"


def test_they_can_be_looked_at_asked_and_branched_and_a_changed_preset_asks_for_new_ones(
    store: RunStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBN_CACHE", str(tmp_path / "cache"))
    make_examples()
    infos = store.examples()
    assert [info.config for info in infos] == [settings_of(name) for name in PRESETS], "run python -m tools.gallery"
    titles = [preset(name).title for name in PRESETS]
    assert [info.name for info in infos] == titles, "a page finds its own by the name"
    for info in infos:
        run = store.run(info.id)
        assert info.status is RunStatus.DONE
        stages = {item.position.stage for item in run.snapshots(kind="filters")}
        assert stages == set(info.config.stages)
        names = {point.name for point in run.metrics() if point.position.stage == EVALUATION}
        assert any(name.startswith("log_likelihood") for name in names)
        assert {"samples.dreams.precision", "samples.dreams.coverage"} <= names
        model = trained(store.url, info.id, run.require_checkpoint().id)
        assert model.depth == len(info.config.layers)
        newest = run.checkpoint()
        assert newest is not None
        assert unpack(newest.payload).made, "a branch with more epochs goes on where it ended"
        child = store.branch(
            run, run.require_checkpoint().id, info.config.with_values({"epochs": info.config.epochs + 1})
        )
        child.delete()
