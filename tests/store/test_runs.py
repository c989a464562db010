"""The contract of runs as a whole: creating, finding, naming, deleting, old versions."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from dbn_core.commands import Pause
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError, RunNotFoundError, StoreError
from dbn_core.records import Progress, RunStatus
from dbn_core.store import Run, RunStore, RunWriter
from dbn_core.store.schema import runs
from tests.store.samples import checkpoint, picture, point, row_counts

CONFIG = RunConfig.from_dict({"layers": [31, 37], "seed": 41, "training": {"learning_rate": 0.013, "clamp": 3}})


def rewrite(store: RunStore, run: Run, **values: Any) -> None:
    """Changes columns of a run behind the store's back."""
    with store._database.write() as connection:
        connection.execute(update(runs).where(runs.c.id == run.id).values(**values))


class TestRuns:
    def test_a_new_run_is_queued_with_the_configuration_it_was_given(self, store: RunStore) -> None:
        info = store.create_run(CONFIG, "  deep  stack ", executor="foreground").info()
        assert (info.name, info.status, info.executor, info.attempt) == ("deep  stack", "queued", "foreground", 1)
        assert (info.note, info.message, info.progress) == ("", "", Progress())
        assert (info.started_at, info.finished_at, info.heartbeat_age) == (None, None, None)
        assert info.config == CONFIG

    def test_times_are_utc_by_the_clock_of_the_database(self, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
        now = datetime.now(UTC)
        with monkeypatch.context() as patch:
            patch.setenv("TZ", "Asia/Tokyo")
            time.tzset()
            patch.setattr(time, "time", lambda: 0.0)
            created = store.create_run(CONFIG).info().created_at
        time.tzset()
        assert created.tzinfo is UTC
        assert abs(created - now) < timedelta(minutes=5)

    def test_runs_are_listed_newest_first_in_one_query(self, store: RunStore) -> None:
        names = [store.create_run(CONFIG, f"run {number}").info().name for number in range(5)]
        statements: list[str] = []
        engine = store._database._engine
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert [info.name for info in store.runs()] == names[::-1]
        assert len(statements) == 1

    def test_a_run_is_found_by_its_id_or_its_name_the_newest_of_a_name_first(self, store: RunStore) -> None:
        first = store.create_run(CONFIG, "twice")
        second = store.create_run(CONFIG, "twice")
        assert store.run("twice").id == second.id
        assert store.run(first.id).id == first.id

    def test_an_id_wins_over_another_run_of_that_name(self, store: RunStore) -> None:
        first = store.create_run(CONFIG, "one")
        store.create_run(CONFIG, first.id)
        assert store.run(first.id).info().name == "one"

    @pytest.mark.parametrize("wanted", ["no such run", "", "nul\0", "%", "' OR 1=1 --"])
    def test_what_is_not_there_is_not_found(self, store: RunStore, run: Run, wanted: str) -> None:
        with pytest.raises(RunNotFoundError, match="no run with the id or name"):
            store.run(wanted)

    def test_a_run_without_a_name_gets_a_short_unique_one(self, store: RunStore) -> None:
        assert store.create_run(RunConfig()).info().name == "digits 256"
        store.create_run(RunConfig(), "digits 256 #7")
        store.create_run(RunConfig(), "digits 256 #99 of mine")
        assert store.create_run(RunConfig()).info().name == "digits 256 #8"
        assert store.create_run(CONFIG).info().name == "digits 31-37"
        assert store.create_run(CONFIG).info().name == "digits 31-37 #2"

    def test_an_automatic_name_begins_as_asked_and_a_given_one_stays_as_it_is(self, store: RunStore) -> None:
        names = [store.create_run(CONFIG, name, base="First look").info().name for name in ("", "", "mine", "mine")]
        assert names == ["First look", "First look #2", "mine", "mine"]

    def test_names_given_at_the_same_moment_are_unique(self, store: RunStore) -> None:
        with ThreadPoolExecutor(6) as pool:
            names = list(pool.map(lambda _: store.create_run(RunConfig()).info().name, range(24)))
        assert sorted(names) == sorted(["digits 256", *(f"digits 256 #{number}" for number in range(2, 25))])

    def test_a_change_of_name_or_note_is_seen_by_everybody(self, store: RunStore, run: Run) -> None:
        run.rename(" <b>Größe</b> & 数字 ")
        run.annotate("two\r\nlines\t🙂\n")
        assert store.run("<b>Größe</b> & 数字").info().note == "two\nlines\t🙂"

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("", "empty"),
            (" \t ", "empty"),
            ("x" * 81, "81"),
            ("nul\0", r"U\+0000"),
            ("two\nlines", r"U\+000A"),
            ("escape\x1b[31m", r"U\+001B"),
            ("half \ud83d", r"U\+D83D"),
            ("turned \u202e round", r"U\+202E"),
            ("line\u2028end", r"U\+2028"),
        ],
    )
    def test_a_name_that_is_no_plain_line_is_refused_with_a_sentence(
        self, store: RunStore, run: Run, name: str, reason: str
    ) -> None:
        with pytest.raises(StoreError, match=reason):
            run.rename(name)
        if name.strip():
            with pytest.raises(StoreError, match=reason):
                store.create_run(CONFIG, name)
        assert [info.name for info in store.runs()] == ["a run"]

    def test_the_longest_name_and_note_fit(self, run: Run) -> None:
        run.rename("数" * 80)
        run.annotate("数" * 10_000)
        assert (len(run.info().name), len(run.info().note)) == (80, 10_000)

    @pytest.mark.parametrize(("note", "reason"), [("x" * 10_001, "10,001"), ("nul\0", r"U\+0000")])
    def test_a_note_that_cannot_be_kept_is_refused(self, run: Run, note: str, reason: str) -> None:
        run.annotate("before")
        with pytest.raises(StoreError, match=reason):
            run.annotate(note)
        assert run.info().note == "before"

    def test_deleting_a_run_deletes_everything_of_it_and_nothing_else(self, store: RunStore, run: Run) -> None:
        def fill(run: Run) -> None:
            writer = store.claim(run.id, "worker")
            writer.write([point(2)], [picture(3)])
            writer.save_checkpoint(checkpoint(5))
            run.send(Pause())

        other = store.create_run(CONFIG, "other")
        fill(other)
        alone = row_counts(store) | {"dbn_runs": 1}
        fill(run)
        assert row_counts(store)["dbn_snapshot_blobs"] == 2
        run.delete()
        assert row_counts(store) == alone
        assert [info.name for info in store.runs()] == ["other"]

    def test_a_deleted_run_says_so_and_its_lists_are_empty(self, run: Run) -> None:
        run.delete()
        for action in (
            run.info,
            run.revision,
            run.delete,
            run.queue,
            lambda: run.rename("x"),
            lambda: run.send(Pause()),
        ):
            with pytest.raises(RunNotFoundError, match="was deleted"):
                action()
        assert run.metrics() == run.snapshots() == run.checkpoints() == run.commands() == []
        assert run.checkpoint() is None
        assert run.latest_snapshot("filters") is None

    def test_ids_of_a_deleted_run_are_never_used_again(self, store: RunStore, writer: RunWriter) -> None:
        writer.write([point(2)], [picture(3)])
        before = (writer.run.metrics()[0].id, writer.run.snapshots()[0].id)
        writer.run.delete()
        again = store.claim(store.create_run(CONFIG).id, "worker")
        again.write([point(2)], [picture(3)])
        assert again.run.metrics()[0].id > before[0]
        assert again.run.snapshots()[0].id > before[1]

    def test_queueing_again_counts_the_attempt_and_clears_the_end(self, writer: RunWriter) -> None:
        writer.set_status(RunStatus.FAILED, "no memory left")
        assert writer.run.info().finished_at is not None
        assert writer.run.queue() == 2
        info = writer.run.info()
        assert (info.status, info.attempt, info.message, info.finished_at) == ("queued", 2, "", None)
        assert writer.run.queue() == 3

    def test_the_address_of_the_cluster_is_kept_until_it_is_taken_back(self, store: RunStore, url: str) -> None:
        assert store.cluster_address() is None
        for address in ("tcp://127.0.0.1:2", "tcp://127.0.0.1:3"):
            store.set_cluster_address(address)
            with RunStore(url) as other:
                assert other.cluster_address() == address
        store.set_cluster_address(None)
        assert store.cluster_address() is None


class TestSettingsOfAnotherVersion:
    OLD = json.dumps({"seed": 7, "epochs": -1, "training": {"k": 3, "gone": True, "momentum": "much"}, "colour": "red"})

    def test_the_run_is_listed_with_the_settings_that_still_hold(self, store: RunStore, run: Run) -> None:
        store.create_run(CONFIG, "new")
        rewrite(store, run, config=self.OLD, message="it stopped.")
        new, old = store.runs()
        assert new.config == CONFIG
        assert old.config == RunConfig().with_values({"seed": 7, "training.k": 3})
        assert old.message.startswith("it stopped. Made by another version of the lab")
        for field in ("epochs", "training.gone", "training.momentum", "colour"):
            assert field in old.message

    @pytest.mark.parametrize("stored", ["[]", '{"layers": [5, -5]}', '{"training": 3}', '{"data": {"name": 1}}'])
    def test_nothing_stored_breaks_the_list(self, store: RunStore, run: Run, stored: str) -> None:
        with pytest.raises(ConfigError):
            RunConfig.from_dict(json.loads(stored))
        rewrite(store, run, config=stored)
        assert store.runs()[0].config == RunConfig()

    def test_the_run_is_not_trained_further(self, store: RunStore, run: Run) -> None:
        rewrite(store, run, config=self.OLD)
        with pytest.raises(StoreError, match=r"another version.*Start a new run"):
            store.claim(run.id, "worker")
        with pytest.raises(StoreError, match=r"another version.*Start a new run"):
            run.queue()
        assert (run.info().status, run.info().attempt) == ("queued", 1)

    def test_progress_of_another_version_shows_what_is_known(self, store: RunStore, run: Run) -> None:
        rewrite(
            store, run, progress='{"device": "cpu", "moon": 1, "position": {"step": 2, "epoch": 0.5, "stage": "vae"}}'
        )
        progress = run.info().progress
        assert (progress.device, progress.position.stage, progress.epochs) == ("cpu", "vae", 0.0)


def test_claiming_what_is_not_there_is_not_found(store: RunStore, run: Run) -> None:
    with pytest.raises(RunNotFoundError, match="no run with the id"):
        store.claim("a run", "worker")  # by id only
