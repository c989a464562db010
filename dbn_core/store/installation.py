"""The tables of a new store are made once, however many programs open it first at the same moment."""

from sqlalchemy import Connection, func, insert, inspect, select

from dbn_core.errors import StoreError
from dbn_core.store.database import Database
from dbn_core.store.faults import shown
from dbn_core.store.schema import SCHEMA_VERSION, metadata, settings

_VERSION = select(settings.c.value).where(settings.c.name == "schema")
_MAKING = 0x44424E  # any number that other users of a PostgreSQL server are unlikely to lock


def install(database: Database) -> None:
    """Makes missing tables. Raises StoreError if the store was made by another version of the lab."""
    with database.read() as connection:
        version = _version(connection)
    if version is None:
        with database.write() as connection:
            version = _make(connection, database)
    if version != str(SCHEMA_VERSION):
        raise StoreError(
            f"The run store {shown(database.url)} was made by another version of the lab: it has form {version}, this "
            f"version reads form {SCHEMA_VERSION}. Update the lab, or name another store in DBN_STORE."
        )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(settings.name):
        return None
    return connection.execute(_VERSION).scalar_one_or_none()


def _make(connection: Connection, database: Database) -> str:
    if not database.is_sqlite:  # SQLite has its write lock already
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    version = _version(connection)
    if version is not None:
        return version
    metadata.create_all(connection)
    connection.execute(insert(settings), {"name": "schema", "value": str(SCHEMA_VERSION)})
    return str(SCHEMA_VERSION)
