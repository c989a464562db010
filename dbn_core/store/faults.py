"""What a database error means to a person: one StoreError with the store's address and the next step.

Only faults of the surroundings are translated (unreachable, locked, read-only, full, damaged). A statement that the
database refuses is a defect of ours and passes as it is.
"""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dbn_core.errors import StoreError, StoreUnavailableError

_PASSES = "is busy", "cannot grow", "cannot be reached", "is on a disk that", "has no connection left"
"""How sentences begin that may not be true any more in a minute."""

_BUSY = "is busy: another program has held its write lock for too long. Close the other program."
_NO_CONNECTION = "has no connection left. Raise max_connections of the server, or close other programs."

# Part of the driver's message -> what to say. The first that fits counts.
_SQLITE = {
    "database is locked": _BUSY,
    "database table is locked": _BUSY,
    "readonly": "is read-only. Make the file and its folder writable, or name another store in DBN_STORE.",
    "unable to open": "cannot be opened. Make sure that it is a file and that its folder is writable.",
    "not a database": "is not an SQLite database. Name another file in DBN_STORE; this one was left as it is.",
    "malformed": "is damaged. Move the file away to begin anew, or put a copy of it back.",
    "full": "cannot grow: the disk is full. Free some space, or delete runs.",
    "locking protocol": "is on a disk that cannot share it (a network disk?). Use a local disk, or PostgreSQL by URL.",
    "disk i/o error": "is on a disk that failed (a network disk?). Use a local disk, or PostgreSQL by URL.",
    "no such table": "has lost its tables. Restart the program to make them anew.",
    "no such column": "has tables of another version of the lab. Name another store in DBN_STORE.",
}
_POSTGRESQL = {
    "password": "refused the user or password. Correct them in DBN_STORE.",
    "does not exist": "does not exist. Create the database and its user, or correct DBN_STORE.",
    "lock timeout": _BUSY,
    "too many clients": _NO_CONNECTION,
    "remaining connection slots": _NO_CONNECTION,
    "no space left": "cannot grow: the disk of the server is full. Free some space, or delete runs.",
    "resolve host": "is at an unknown host. Correct the host in DBN_STORE.",
    "connection": "cannot be reached. Start the server, or correct the host and port in DBN_STORE.",
}


@contextmanager
def explained(url: URL) -> Generator[None]:
    """Turns faults of the surroundings of the store at `url` into StoreError."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailableError(
            f"The run store {shown(url)} is busy: too many questions at once. Try again."
        ) from error
    except DBAPIError as error:
        if not _is_of_surroundings(error):
            raise
        meaning = _meaning(error, url)
        kind = StoreUnavailableError if meaning.startswith(_PASSES) else StoreError
        raise kind(f"The run store {shown(url)} {meaning}") from error


def shown(url: URL) -> str:
    """The address as people may see it: no password."""
    return url.render_as_string(hide_password=True)


def _is_of_surroundings(error: DBAPIError) -> bool:
    # DatabaseError itself (a damaged file) but not its other children: those are statements the database refused.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def _meaning(error: DBAPIError, url: URL) -> str:
    told = " ".join(str(error.orig).split())
    known = _SQLITE if url.get_backend_name() == "sqlite" else _POSTGRESQL
    lowered = told.lower()
    meaning = next((meaning for part, meaning in known.items() if part in lowered), "failed.")
    return f"{meaning} (The database said: {told[:300]})"
