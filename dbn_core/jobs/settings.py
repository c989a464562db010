"""How Dask is set up for this lab, and the few names that both sides of a connection must agree on.

Nothing here imports torch: the web process and the scheduler process both load this file.
"""

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dask.config

TRAIN = "train"  # the resource of a worker that a training run takes, one each
WAKE = "dbn-wake"  # topic: "a run was queued, look at the store now"
STORE_METADATA = "dbn-store"  # scheduler metadata: which store a local cluster serves
THREADS = 2  # of a worker: one trains, one answers questions meanwhile
ALLOWED_KILLS = 5  # a run whose worker was killed more often than this is given up
# Torch's threads wait for each other without spinning: on a machine that also serves pages and runs a browser, a thread
# that spins keeps the one it waits for from its core (2 cores, load 9: 400 images/s spinning, 8,000 waiting; 784-500).
WAIT_POLICY = "OMP_WAIT_POLICY"
SELDOM = "30s"  # between two rounds of what Dask does by the clock and nobody waits for
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"

_DASK = {
    # Dask pins OMP to one thread in its workers by default; torch must be free to use every core.
    "distributed.nanny.pre-spawn-environ": {WAIT_POLICY: os.environ.get(WAIT_POLICY, "passive")},
    "distributed.scheduler.allowed-failures": ALLOWED_KILLS,
    # Torch's memory is not Dask's to manage: a worker is never paused, spilled or killed for its size.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    # A training step may hold the interpreter for long stretches; slow is not dead.
    "distributed.scheduler.worker-ttl": None,
    "distributed.admin.tick.limit": "1 hour",
    # Dask gives a killed worker 15 seconds to be back and then gives it up for good. A busy machine may take longer,
    # and a lab without workers trains nothing until somebody starts it again.
    "distributed.deploy.lost-worker-timeout": "1000 days",
    # Dask's pages about itself are not for the people of a lab.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # Statistical profiling samples every thread a hundred times a second.
    "distributed.worker.profile.enabled": False,
    # What Dask does by the clock costs an idle lab 5 % of a core. None of it is read here: how late the event loop is
    # (fifty times a second in each of five servers), what the machine is doing, copies of results, news of workers.
    "distributed.admin.tick.interval": SELDOM,
    "distributed.admin.tick.cycle": SELDOM,
    "distributed.admin.system-monitor.interval": SELDOM,
    "distributed.admin.system-monitor.disk": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.client.scheduler-info-interval": SELDOM,
    "distributed.client.heartbeat": SELDOM,
}


def configure() -> None:
    """Apply the lab's settings to Dask in this process; the nannies hand them on to their workers."""
    dask.config.set(_DASK)
    # A lost connection is our Jobs' business, which reconnects; Dask's own chatter about it helps nobody.
    for name in ("distributed", "distributed.client", "distributed.core", "distributed.worker", "distributed.nanny"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def store_digest(url: str) -> str:
    """A short name of a store that shows neither its path nor its password."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def beside_store(url: str, suffix: str) -> Path:
    """A file that belongs to a store: beside an SQLite database, else in the temporary folder of this user."""
    database = sqlite_path(url)
    if database is not None:
        return database.with_name(f"{database.name}.{suffix}")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"deep-belief-lab-{user}-{store_digest(url)}.{suffix}"


def sqlite_path(url: str) -> Path | None:
    """The absolute path of an SQLite database file, or None for every other store."""
    parts = urlsplit(url)
    if not parts.scheme.startswith("sqlite") or len(parts.path) < 2:
        return None
    return Path(unquote(parts.path[1:])).absolute()
