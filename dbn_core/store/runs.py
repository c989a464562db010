"""`RunStore`: all runs of a lab."""

import os
import secrets
import unicodedata
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import Connection, bindparam, desc, func, insert, null, or_, select, update

from dbn_core.config import RunConfig
from dbn_core.config.layer_settings import layer_key
from dbn_core.errors import ConfigError, RunNotFoundError, StoreError
from dbn_core.places import default_store
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import examples
from dbn_core.store.changes import Changes, changes
from dbn_core.store.clock import database_now
from dbn_core.store.database import Database
from dbn_core.store.disk import Disk
from dbn_core.store.faults import shown
from dbn_core.store.installation import install
from dbn_core.store.reader import RUN_COLUMNS
from dbn_core.store.rows import config_text, read_config, run_info_of
from dbn_core.store.run import Run
from dbn_core.store.schema import runs
from dbn_core.store.settings import LOCK, set_setting, setting
from dbn_core.store.texts import clean_message, clean_name, clean_note, free_name
from dbn_core.store.writer import RunWriter

_ALL = select(*RUN_COLUMNS).order_by(desc(runs.c.key))
_FIND = (
    select(runs.c.key, runs.c.id)
    .where(or_(runs.c.id == bindparam("wanted"), runs.c.name == bindparam("name")))
    .order_by(desc(runs.c.id == bindparam("wanted")), desc(runs.c.key))
    .limit(1)
)
_NAMES = select(runs.c.name).where(func.substr(runs.c.name, 1, bindparam("length")) == bindparam("base"))
_ADD = insert(runs).values(created_at=database_now()).returning(runs.c.key)
_CLAIM = (
    update(runs)
    .where(runs.c.id == bindparam("at_id"))
    .values(
        owner=bindparam("new_owner"),
        lease=runs.c.lease + 1,
        status=RunStatus.RUNNING.value,
        message="",
        started_at=func.coalesce(runs.c.started_at, database_now()),
        finished_at=null(),
        heartbeat_at=database_now(),
        revision=runs.c.revision + 1,
    )
    .returning(runs.c.key, runs.c.lease, runs.c.name, runs.c.config)
)
_REVISIONS = select(runs.c.id, runs.c.revision).where(runs.c.id.in_(bindparam("ids", expanding=True)))
_CLUSTER, _KEYS = "cluster address", "cluster keys"

BOUND = frozenset(
    {
        "data.name",
        "data.train_size",
        "data.contrast_normalisation",
        "data.grey",
        "data.patch",
        "layers",
        "visible",
        "hidden",
        "categories",
        "batch_size",
        "seed",
        "training.order",
        "training.learn_variance",
        "labels.joint",
    }
)
"""Settings a branch shares with its parent: the checkpoint's parameters and its place in the data depend on them."""


class RunStore:
    """All runs of a lab, in one database. Safe to use from several threads; each process makes its own from `url`.

    `RunStore("sqlite:///runs/lab.db")` makes the folder, the file and the tables where they are missing. A relative
    file is meant from the current folder, and `url` is its full address, fit to be given to a worker elsewhere.
    None is the default store, `places.default_store`.

    Raises:
        StoreError: the address is wrong, the database cannot be reached or is of another version of the lab. Every
            method raises it, with the next step in words, when the database fails later.

    """

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(default_store() if url is None else url)
        try:
            install(self._database)
        except BaseException:
            self._database.close()
            raise

    @classmethod
    def from_environment(cls) -> Self:
        """The store that DBN_STORE names, else the default one."""
        return cls(os.environ.get("DBN_STORE", "").strip() or None)

    @property
    def url(self) -> str:
        """The full address, with a password if there is one: for other programs, not for people."""
        return self._database.url.render_as_string(hide_password=False)

    @property
    def shown_url(self) -> str:
        """The address without a password: for people."""
        return shown(self._database.url)

    # -- runs -----------------------------------------------------------------------------------------------------

    def runs(self) -> list[RunInfo]:
        """Every run, newest first; one query.

        A run whose settings another version of the lab wrote shows the settings that still hold, defaults for the
        others, and names these in its message.
        """
        with self._database.read() as connection:
            return [run_info_of(row) for row in connection.execute(_ALL)]

    def examples(self) -> list[RunInfo]:
        """The runs that come with the lab, in their order; none before they were made. They are not among `runs`."""
        return examples.infos()

    def run(self, id_or_name: str) -> Run:
        """The run with this id, else the newest one of this name, else the example with this id.

        Raises:
            RunNotFoundError: there is none.

        """
        values = {"wanted": id_or_name, "name": unicodedata.normalize("NFC", id_or_name).strip()}
        # PostgreSQL refuses NUL even in a question; no id or name holds one.
        named = None if "\0" in id_or_name else self._find(values) or examples.find(id_or_name)
        if named is None:
            raise RunNotFoundError(
                f"There is no run with the id or name {id_or_name[:80]!r}. The list of runs shows those there are."
            )
        return named

    def create_run(
        self,
        config: RunConfig,
        name: str = "",
        executor: Literal["cluster", "foreground"] = "cluster",
        *,
        base: str = "",
        note: str = "",
        id: str | None = None,
    ) -> Run:
        """A new queued run.

        Without a name it gets a unique one: `base`, else data and layers, with a number where a run is called so
        already: "digits 256", "digits 256 #2". Without an id it gets one by chance.

        Raises:
            StoreError: the name is longer than 80 characters, the note than 10,000, or one holds control characters.

        """
        values: dict[str, Any] = {
            "note": clean_note(note),
            "id": id or secrets.token_hex(6),
            "config": config_text(config),
            "status": RunStatus.QUEUED.value,
            "executor": executor,
        }
        given = clean_name(name) if name.strip() else None
        with self._database.write() as connection:
            values["name"] = given or _unused_name(connection, clean_name(base) if base else _plain(config))
            key = connection.execute(_ADD, values).scalar_one()
        return Run(self._database, key, values["id"])

    def branch(self, parent: Run, checkpoint_id: int, config: RunConfig, name: str = "") -> Run:
        """A new queued run that goes on from a checkpoint of `parent`, with other settings if `config` differs.

        The child starts with a copy of the checkpoint and none of the parent's metrics or pictures; `RunInfo.parent`
        and `RunInfo.branched_at` say where it comes from. It outlives its parent.

        Raises:
            StoreError: the parent no longer has this checkpoint, or the name is not allowed.
            ConfigError: a setting in `BOUND` differs from the parent's.

        """
        source = parent.checkpoint(checkpoint_id)
        if source is None:
            raise StoreError(f"Run {parent.id} has no checkpoint {checkpoint_id} any more. Choose one that is listed.")
        refused = dict.fromkeys(config.differences(source.config), "cannot change in a branch; start a new run")
        refused = {key: text for key, text in refused.items() if layer_key(key)[1] in BOUND}
        if refused:
            raise ConfigError(refused)
        # Not a cluster's to train until it has its checkpoint.
        named = name or f"{parent.info().name[:60]} from epoch {source.position.epoch:g}"
        child = self.create_run(config, named, executor="foreground")
        try:
            writer = self.claim(child.id, "branch")
            writer.save_checkpoint(replace(source, config=config, keep="stage"))
            child.descend(parent.id, source.position)
        except BaseException:
            child.delete()
            raise
        return child

    def claim(self, run_id: str, owner: str) -> RunWriter:
        """Makes the caller the one writer of a run, which is `running` from now on.

        `owner` says for people who writes (a host and a process). An older writer, also one of the same owner, loses
        the run: its next write raises LeaseLostError and stores nothing.

        Raises:
            RunNotFoundError: no run has this id.
            StoreError: its settings are of another version of the lab, so nobody can train it.

        """
        with self._database.write() as connection:
            row = connection.execute(_CLAIM, {"at_id": run_id, "new_owner": clean_message(owner)}).one_or_none()
            if row is None:
                raise RunNotFoundError(f"There is no run with the id {run_id!r}.")
            complaint = read_config(row.config)[1]
            if complaint:
                raise StoreError(f"Run {row.name!r} cannot be trained. {complaint} Start a new run.")
        return RunWriter(self._database, Run(self._database, row.key, run_id), row.key, row.lease, owner)

    # -- change -------------------------------------------------------------------------------------------------------

    def changes(self) -> AbstractContextManager[Changes]:
        """For a `with` block in which to ask, at next to no cost, whether anybody has written to the store."""
        return changes(self._database)

    def revisions(self, ids: Collection[str]) -> dict[str, int]:
        """`Run.revision` of each of these runs that (still) exists; one query, and one for each example."""
        with self._database.read() as connection:
            numbered = connection.execute(_REVISIONS, {"ids": list(ids)})
            own = {row.id: row.revision for row in numbered}
        others = (examples.find(wanted) for wanted in ids if wanted not in own)
        return own | {example.id: example.revision() for example in others if example}

    @property
    def disk(self) -> Disk:
        """What it takes on disk, and its budget."""
        return Disk(self._database)

    # -- settings -------------------------------------------------------------------------------------------------

    def cluster_address(self) -> str | None:
        """Where the job cluster of this lab listens, as it last said; None if there is none."""
        return setting(self._database, _CLUSTER)

    def cluster_keys(self) -> str | None:
        """The file with the keys of that cluster, as it last said: other programs may have another cache."""
        return setting(self._database, _KEYS)

    def set_cluster_address(self, address: str | None, keys: str | None = None) -> None:
        """Tells every program that uses this store where the job cluster listens; None: nowhere."""
        set_setting(self._database, _KEYS, keys)
        set_setting(self._database, _CLUSTER, address)

    # -- life -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Closes the connections. The store may still be used: it opens new ones."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"RunStore({self.shown_url!r})"

    def _find(self, values: dict[str, str]) -> Run | None:
        with self._database.read() as connection:
            row = connection.execute(_FIND, values).one_or_none()
        return None if row is None else Run(self._database, row.key, row.id)


def _plain(config: RunConfig) -> str:
    return f"{config.data.name} {'-'.join(map(str, config.layers))}"


def _unused_name(connection: Connection, base: str) -> str:
    connection.execute(LOCK)  # two programs that name a run at the same moment take turns
    taken = connection.execute(_NAMES, {"base": base, "length": len(base)}).scalars().all()
    return free_name(base, list(taken))
