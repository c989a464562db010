"""The database's clock: seconds since 1970 in UTC, so that machines with wrong clocks agree on one time.

Stored as a double on every database: neither SQLite's texts nor PostgreSQL's time zones get a say.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class database_now(GenericFunction[float]):  # noqa: N801 - SQLAlchemy writes functions small
    """Seconds since 1970, UTC, by the database's clock at the time of the statement."""

    type = Double()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    # julianday has milliseconds from SQLite's clock; 2440587.5 is the midnight on which 1970 began.
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now, "postgresql")
def _postgresql(_element: database_now, _compiler: SQLCompiler, **_options: Any) -> str:
    # clock_timestamp and not now: a transaction that waited for a lock must not write the time it began.
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


def to_datetime(seconds: float) -> datetime:
    """A stored time as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def to_optional_datetime(seconds: float | None) -> datetime | None:
    """As `to_datetime`; None stays None."""
    return None if seconds is None else to_datetime(seconds)
