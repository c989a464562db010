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

from dbn_core.store import RunStore

ROOT = Path(__file__).parent.parent
START_SECONDS = 90


@dataclass(frozen=True)
class House:
    """Where the lab is served, and its store."""

    address: str
    store: RunStore


@contextmanager
def house() -> Generator[House]:
    """The lab, up and answering; gone afterwards. Raises RuntimeError with the end of its log if it does not start."""
    with tempfile.TemporaryDirectory(prefix="dbn-benchmark-") as name:
        folder = Path(name)
        store = RunStore(f"sqlite:///{folder / 'lab.db'}")
        port = _free_port()
        server = ["streamlit", "run", "app.py", "--server.address=127.0.0.1", f"--server.port={port}"]
        with (folder / "log").open("wb") as log:
            processes = [_start(["dbn_core", "cluster"], store, log), _start(server, store, log)]
            try:
                _wait_until_up(f"http://127.0.0.1:{port}/lab/health", processes, folder / "log")
                yield House(f"http://127.0.0.1:{port}", store)
            finally:
                for process in reversed(processes):
                    process.terminate()
                    process.wait(30)


def _start(module: list[str], store: RunStore, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=os.environ | {"DBN_STORE": store.url},
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _free_port() -> int:
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
