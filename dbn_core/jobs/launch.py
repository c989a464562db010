"""Finding the local cluster of a store, and starting one in a process of its own when there is none.

One cluster a store: whoever serves it holds a file lock for as long as it lives (the kernel frees it even after
SIGKILL) and writes its address into the store. Two web servers that start at once may both start a process; the one
that does not get the lock ends by itself, and both servers find the other.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from distributed import Client, Security
from filelock import FileLock, Timeout

from dbn_core.errors import JobError
from dbn_core.jobs.keys import known
from dbn_core.jobs.settings import STORE_METADATA, beside_store, configure, store_digest
from dbn_core.places import IS_INSTALLED, PACKAGE
from dbn_core.store import RunStore

START_SECONDS = 60  # a cold disk may take its time; on a warm machine it is about two
_LOG_BYTES = 2**20  # a log beyond this is put aside once before the next start


def cluster_lock(url: str) -> FileLock:
    """The lock that the cluster of a store holds while it lives."""
    return FileLock(beside_store(url, "cluster.lock"))


def cluster_log(url: str) -> Path:
    """Where a cluster that was started in the background writes its log."""
    return beside_store(url, "cluster.log")


def open_client(address: str, keys: Security | None = None, seconds: float = 5.0) -> Client:
    """A connection to a scheduler; without keys with those that Dask's own configuration names, if it names any.

    Raises JobError, at once when nothing listens there.
    """
    configure()
    parts = urlsplit(address)
    try:
        host, port = parts.hostname or "", parts.port or 0
        # Dask retries a refused connection until its time is up; a look at the port first makes "nobody" quick.
        socket.create_connection((host, port), timeout=seconds).close()
        return Client(address, timeout=seconds, set_as_default=False, security=keys)
    # TypeError: Dask is told of no keys, and they are needed; RuntimeError: of a connection that has none and must.
    except (OSError, ValueError, TimeoutError, TypeError, RuntimeError) as error:
        raise JobError(
            f"No job scheduler answers at {address}, which must read tcp://host:port or tls://host:port ({error})."
        ) from error


def find(store: RunStore) -> Client | None:
    """A connection to the cluster that the store names, or None if it does not answer or serves another store."""
    address = store.cluster_address()
    if address is None:
        return None
    try:
        client = open_client(address, known(store.cluster_keys() or ""))
    except JobError:
        return None
    if client.get_metadata(STORE_METADATA, default=None) == store_digest(store.url):
        return client
    client.close()
    return None


def find_or_start(store: RunStore) -> Client:
    """A connection to the store's cluster, which is started in the background when there is none. Raises JobError."""
    deadline = time.monotonic() + START_SECONDS
    child: subprocess.Popen[bytes] | None = None
    while True:
        client = find(store)
        if client is not None:
            return client
        if (child is None or child.poll() is not None) and _is_free(store):
            child = _start(store)
        if time.monotonic() > deadline:
            raise JobError(
                f"The job cluster did not start within {START_SECONDS} seconds. "
                f"Its log says why: {cluster_log(store.url)}"
            )
        time.sleep(0.1)


def _is_free(store: RunStore) -> bool:
    lock = cluster_lock(store.url)
    try:
        with lock.acquire(timeout=0):
            return True
    except Timeout:
        return False


def _start(store: RunStore) -> subprocess.Popen[bytes]:
    path = cluster_log(store.url)
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        with suppress(PermissionError):  # Windows moves no file that a cluster which is ending still has open
            path.replace(path.with_name(path.name + ".1"))
    with path.open("ab") as output:
        child = subprocess.Popen(
            # -P: this very package, and not a dbn_core that happens to lie in the current folder.
            [sys.executable, "-P", "-m", "dbn_core", "cluster"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | search_path(is_installed=IS_INSTALLED) | {"DBN_STORE": store.url},
            **apart(sys.platform),
        )
    # It may outlive this process; while it does not, somebody has to take note of its end.
    threading.Thread(target=child.wait, name="cluster-reaper", daemon=True).start()
    return child


def search_path(*, is_installed: bool) -> dict[str, str]:
    """What a child process needs in its environment to find this very package, from whatever folder it starts in.

    An installed package is found by itself; to name its folder would put everything installed before Python's own.
    """
    if is_installed:
        return {}
    return {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])])}


class Apart(TypedDict, total=False):
    """Arguments of Popen: the first is Windows's, the second all others'."""

    creationflags: int
    start_new_session: bool


def apart(platform: str) -> Apart:
    """Options of Popen for a child that neither Ctrl-C in this terminal nor the terminal's end reaches."""
    if platform == "win32":
        # CREATE_NEW_PROCESS_GROUP and CREATE_NO_WINDOW, which `subprocess` names on Windows only. Its workers share the
        # console without a window: with no console at all each of them would open one.
        return {"creationflags": 0x00000200 | 0x08000000}
    return {"start_new_session": True}
