"""What every program that uses a store agrees on, by name: where its job cluster is, how much room it may take."""

from sqlalchemy import bindparam, delete, insert, select

from dbn_core.store.database import Database
from dbn_core.store.schema import settings

LOCK = select(settings.c.value).where(settings.c.name == "schema").with_for_update()
"""Who executes this in a transaction takes turns with all others who do."""

_SETTING = select(settings.c.value).where(settings.c.name == bindparam("name"))
_DROP = delete(settings).where(settings.c.name == bindparam("at_name"))
_ADD = insert(settings)


def setting(database: Database, name: str) -> str | None:
    """Its value; None where nobody has set it."""
    with database.read() as connection:
        return connection.execute(_SETTING, {"name": name}).scalar_one_or_none()


def set_setting(database: Database, name: str, value: str | None) -> None:
    """For everybody; None: as if nobody had set it."""
    with database.write() as connection:
        connection.execute(LOCK)
        connection.execute(_DROP, {"at_name": name})
        if value is not None:
            connection.execute(_ADD, {"name": name, "value": value})
