"""A whole lab for a measurement: job cluster, workers and web server as processes, a store in a temporary folder."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from dbn_core.store import RunStore

ROOT = Path(__file__).parent.parent
START_SECONDS = 90


@dataclass(frozen=True)
class House:
    """Where the lab is served, its store, and the process that serves it."""

    address: str
    store: RunStore
    server: psutil.Process


@contextmanager
def house(*, is_cold: bool = False) -> Generator[House]:
    """The lab, up and answering; gone afterwards. Raises RuntimeError with the end of its log if it does not start.

    Cold: as `make app` leaves it the moment its server answers. The job cluster, which it starts, is not up yet.
    """
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        store = RunStore(f"sqlite:///{folder / 'lab.db'}")
        port = free_port()
        server = ["streamlit", "run", "app.py", "--server.address=127.0.0.1", f"--server.port={port}"]
        with (folder / "log").open("wb") as log:
            processes = [] if is_cold else [start(["dbn_core", "cluster"], store, log)]
            processes.append(start(server, store, log))
            try:
                _wait_until_up(f"http://127.0.0.1:{port}/lab/health", processes, folder / "log")
                yield House(f"http://127.0.0.1:{port}", store, psutil.Process(processes[-1].pid))
            finally:
                _end(processes)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """With all that they started: a cold server starts a job cluster that would outlive it."""
    family = [child for process in processes for child in psutil.Process(process.pid).children(recursive=True)]
    for process in reversed(processes):
        process.terminate()
        process.wait(30)
    _, left = psutil.wait_procs(family, timeout=1)
    for child in left:
        child.terminate()
    for child in psutil.wait_procs(left, timeout=30)[1]:
        child.kill()


def start(module: list[str], store: RunStore, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """`python -m` with these words, on this store; what it says goes to the log."""
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=os.environ | {"DBN_STORE": store.url},
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(url: str, processes: list[subprocess.Popen[bytes]], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 our own address
                return
        except (urllib.error.URLError, TimeoutError) as error:
            ended = any(process.poll() is not None for process in processes)
            if ended or time.monotonic() > deadline:
                raise RuntimeError(f"the lab did not start ({error}):\n{log.read_text()[-2000:]}") from error
        time.sleep(0.1)
