"""Opening a store: addresses, modes, other versions, and a sentence for everything that can be wrong with it."""

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text, update

from dbn_core.commands import Pause
from dbn_core.config import RunConfig
from dbn_core.errors import StoreError
from dbn_core.store import RunStore, reader
from dbn_core.store import database as database_module
from dbn_core.store import run as run_module
from dbn_core.store.schema import metadata, settings
from tests.store.samples import point, steps


def open_store(url: str) -> None:
    """Opens and closes."""
    RunStore(url).close()


class TestAddresses:
    def test_a_relative_file_is_meant_from_the_folder_in_which_the_store_was_opened(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with RunStore("sqlite:///deep/er/lab.db") as store:
            run = store.create_run(RunConfig())
        monkeypatch.chdir("/")
        assert store.url == f"sqlite:///{tmp_path}/deep/er/lab.db"
        with RunStore(store.url) as again:
            assert again.run(run.id).id == run.id

    @pytest.mark.parametrize("value", [None, "", "  "])
    def test_without_dbn_store_runs_are_kept_in_the_current_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
    ) -> None:
        monkeypatch.chdir(tmp_path)
        if value is None:
            monkeypatch.delenv("DBN_STORE")
        else:
            monkeypatch.setenv("DBN_STORE", value)
        with RunStore.from_environment():
            assert (tmp_path / "runs" / "lab.db").is_file()

    def test_dbn_store_names_the_store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DBN_STORE", f"sqlite:///{tmp_path / 'mine.db'}")
        with RunStore.from_environment():
            assert (tmp_path / "mine.db").is_file()

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("nonsense", r"'nonsense' is not the address.*sqlite:///folder/file.db"),
            ("postgresql:/lab:secret@host/x", "not the address"),
            ("sqlite://", "names no file"),
            ("sqlite:///:memory:", "names no file"),
            ("sqlite:///file:x?uri=true", "names no file"),
            ("mysql://lab:secret@host/lab", r"lab:\*\*\*@host.*kind the lab does not know"),
            ("postgresql+pg8000://lab:secret@host/lab", r"write it as postgresql\+psycopg"),
        ],
    )
    def test_a_wrong_address_is_refused_without_showing_a_password(self, url: str, reason: str) -> None:
        with pytest.raises(StoreError, match=f"(?i){reason}") as caught:
            open_store(url)
        assert "secret" not in str(caught.value)

    def test_a_server_that_does_not_answer_is_named_without_its_password(self) -> None:
        with pytest.raises(StoreError, match=r"lab:\*\*\*@127.0.0.1:1/lab cannot be reached") as caught:
            open_store("postgresql://lab:secret@127.0.0.1:1/lab")
        assert "secret" not in str(caught.value)

    def test_the_password_is_in_the_address_for_workers_and_not_in_the_one_for_people(self, store: RunStore) -> None:
        store._database.url = store._database.url.set(password="secret")
        assert store._database.is_sqlite or "secret" in store.url
        assert "secret" not in store.shown_url
        assert "secret" not in repr(store)


class TestFiles:
    def test_a_file_that_is_no_database_is_left_as_it_was(self, tmp_path: Path) -> None:
        file = tmp_path / "photo.db"
        file.write_bytes(b"not a database at all, but long enough to be read as one" * 100)
        before = file.read_bytes()
        with pytest.raises(StoreError, match="not an SQLite database"):
            open_store(f"sqlite:///{file}")
        assert file.read_bytes() == before

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StoreError, match=rf"folder '{tmp_path}/file' .* cannot be made"):
            open_store(f"sqlite:///{tmp_path}/file/lab.db")

    def test_a_folder_in_place_of_the_file_cannot_be_opened(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="cannot be opened"):
            open_store(f"sqlite:///{tmp_path}")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_read_only_folder_is_named(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        with pytest.raises(StoreError, match="folder is writable"):
            open_store(f"sqlite:///{tmp_path}/lab.db")

    def test_the_file_is_in_wal_mode_so_that_a_reader_never_waits_for_a_writer(self, tmp_path: Path) -> None:
        with RunStore(f"sqlite:///{tmp_path}/lab.db") as store:
            run = store.create_run(RunConfig(), "before")
            with store._database.write() as connection:
                connection.execute(text("UPDATE dbn_runs SET name = 'after'"))
                assert run.info().name == "before"
            assert run.info().name == "after"

    def test_a_file_that_another_program_holds_for_too_long_is_called_busy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
        with RunStore(f"sqlite:///{tmp_path}/lab.db") as store:
            other = sqlite3.connect(tmp_path / "lab.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE").close()
            with pytest.raises(StoreError, match="is busy"):
                store.create_run(RunConfig())
            other.close()
            store.create_run(RunConfig())

    def test_a_file_in_another_mode_that_is_held_is_called_busy(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
        other = sqlite3.connect(tmp_path / "lab.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE").close()
        with pytest.raises(StoreError, match="is busy"):
            open_store(f"sqlite:///{tmp_path}/lab.db")
        other.close()

    def test_a_file_that_another_program_is_about_to_write_is_waited_for(self, tmp_path: Path) -> None:
        # SQLite itself gives up at once here: a switch to WAL mode waits for no writer.
        other = sqlite3.connect(tmp_path / "lab.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE").close()
        opened: list[RunStore] = []
        opening = threading.Thread(target=lambda: opened.append(RunStore(f"sqlite:///{tmp_path}/lab.db")))
        opening.start()
        opening.join(0.2)
        assert not opened
        other.close()
        opening.join()
        assert opened[0].runs() == []
        opened[0].close()

    def test_a_file_on_a_disk_that_knows_no_wal_is_refused(self, tmp_path: Path) -> None:
        # As on a network disk: SQLite's dot-file locking has no shared memory either.
        url = make_url(f"sqlite:///file:{tmp_path}/lab.db?vfs=unix-dotfile&uri=true")
        engine = create_engine(url)  # the reason to test below `RunStore`, which refuses such addresses
        with pytest.raises(StoreError, match="WAL does not work on network disks"):
            database_module._switch_to_wal(engine, url)
        engine.dispose()

    def test_tables_lost_while_open_are_explained(self, tmp_path: Path) -> None:
        with RunStore(f"sqlite:///{tmp_path}/lab.db") as store:
            metadata.drop_all(store._database._engine)
            with pytest.raises(StoreError, match="lost its tables"):
                store.runs()

    def test_reading_on_uses_an_index_and_no_sorting(self, tmp_path: Path) -> None:
        with RunStore(f"sqlite:///{tmp_path}/lab.db") as store, store._database.read() as connection:
            for statement in (reader._METRICS, reader._COMMANDS):
                sql = str(statement.compile(connection, compile_kwargs={"render_postcompile": True}))
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1, 100)).all()
                assert [row.detail for row in plan] == [plan[0].detail]
                assert "cursor (run=? AND id>?)" in plan[0].detail


class TestOpening:
    def test_a_store_of_a_newer_version_is_refused_and_left_alone(self, store: RunStore, url: str) -> None:
        store.create_run(RunConfig(), "kept")
        with store._database.write() as connection:
            connection.execute(update(settings).values(value="7"))
        with pytest.raises(StoreError, match=r"form 7, this version reads form 1.*Update the lab"):
            open_store(url)
        assert [info.name for info in store.runs()] == ["kept"]

    def test_opening_again_keeps_what_is_there(self, store: RunStore, url: str) -> None:
        run = store.create_run(RunConfig(), "kept")
        with RunStore(url) as again:
            assert again.url == store.url
            assert again.run("kept").info() == run.info()

    def test_tables_of_others_are_left_alone(self, url: str, tmp_path: Path) -> None:
        database = database_module.Database(url)
        with database.write() as connection:
            connection.execute(text("CREATE TABLE runs (mine INTEGER)"))
            connection.execute(text("INSERT INTO runs VALUES (41)"))
        with RunStore(url) as store:
            store.create_run(RunConfig())
        with database.read() as connection:
            assert connection.execute(text("SELECT mine FROM runs")).scalar_one() == 41
        database.close()

    def test_a_new_store_opened_by_several_threads_at_once_is_made_once(self, url: str) -> None:
        barrier = threading.Barrier(6)

        def create(_: int) -> str:
            barrier.wait()
            with RunStore(url) as store:
                return store.create_run(RunConfig()).info().name

        with ThreadPoolExecutor(6) as pool:
            names = list(pool.map(create, range(6)))
        assert sorted(names) == ["digits 256", *(f"digits 256 #{number}" for number in range(2, 7))]

    def test_one_store_serves_many_threads_that_read_send_and_write(self, store: RunStore) -> None:
        run = store.create_run(RunConfig())
        writer = store.claim(run.id, "worker")

        def visit(number: int) -> int:
            if number % 4 == 0:
                writer.write([point(number)])
            elif number % 4 == 1:
                run.send(Pause())
            return len(run.metrics()) + len(store.runs())

        with ThreadPoolExecutor(32) as pool:
            assert min(pool.map(visit, range(160))) >= 1
        assert sorted(steps(run.metrics())) == list(range(0, 160, 4))
        assert len(run.commands()) == 40

    def test_a_run_that_another_program_holds_for_too_long_is_called_busy(
        self, store: RunStore, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = store.create_run(RunConfig(), "before")
        monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
        with RunStore(url) as other:
            with store._database.write() as connection:
                connection.execute(run_module._TOUCH_UNFINISHED, {"at_run": run._key})
                with pytest.raises(StoreError, match=r"is busy.*Close the other program"):
                    other.run("before").rename("after")
                assert other.run("before").id == run.id
            other.run("before").rename("after")
        assert run.info().name == "after"

    def test_a_closed_store_opens_again_by_itself(self, store: RunStore) -> None:
        store.create_run(RunConfig(), "kept")
        store.close()
        assert [info.name for info in store.runs()] == ["kept"]
