"""Every test that asks for `store` runs on every backend: an SQLite file, and PostgreSQL where a server is named."""

import os
import secrets
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from dbn_core.config import RunConfig
from dbn_core.store import Run, RunStore, RunWriter

POSTGRES = os.environ.get("DBN_TEST_POSTGRES_URL", "")
BACKENDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRES, reason="DBN_TEST_POSTGRES_URL names no server")),
]


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The address of a store that does not exist yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'lab.db'}"
        return
    parsed = make_url(POSTGRES).set(drivername="postgresql")
    schema = sql.Identifier(f"test_{secrets.token_hex(6)}")
    with psycopg.connect(parsed.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            # A strange time zone: it must not matter.
            options = f"-csearch_path={schema.as_string().strip(chr(34))} -ctimezone=Asia/Tokyo"
            mine = parsed.update_query_dict({"options": options}).set(drivername="postgresql+psycopg")
            yield mine.render_as_string(hide_password=False)
        finally:
            server.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))


@pytest.fixture
def store(url: str) -> Generator[RunStore]:
    """An empty store."""
    with RunStore(url) as store:
        yield store


@pytest.fixture
def run(store: RunStore) -> Run:
    """A queued run."""
    return store.create_run(RunConfig(), "a run")


@pytest.fixture
def writer(store: RunStore, run: Run) -> RunWriter:
    """The writer of `run`."""
    return store.claim(run.id, "first worker")
