"""Real processes for tests: a job cluster on a store of its own, what is going on in it, and how to kill it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from distributed import Client

from dbn_core.commands import SetHyperparameter
from dbn_core.config import RunConfig
from dbn_core.jobs.launch import find
from dbn_core.records import RunInfo
from dbn_core.store import Run, RunStore
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]


def slow_config(**changes: object) -> RunConfig:
    """23 hidden units, 20 updates an epoch, so slow that none ends before it was caught: see `hurry`."""
    values = {
        "data.train_size": 200,
        "batch_size": 10,
        "layers": [23],
        "epochs": 30,
        "updates_per_second": 30.0,
        "device": "cpu",
    }
    return RunConfig().with_values(values | changes)


class ClusterProcess:
    """`python -m dbn_core cluster` on the store of `url`."""

    def __init__(self, url: str, *options: str) -> None:
        self.store = RunStore(url)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dbn_core", "cluster", *options],
            cwd=ROOT,
            env=os.environ | {"DBN_STORE": url},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.client: Client = until(self._find, "the start of the cluster")

    def _find(self) -> Client | None:
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
        return find(self.store)

    def trainer_of(self, run: Run) -> int:
        """The process id of the worker that trains the run."""

        def look() -> int | None:
            pids: Any = self.client.run(os.getpid)
            processing: Any = self.client.processing()
            busy = [address for address, keys in processing.items() if _trains(keys, run)]
            return pids.get(busy[0]) if busy else None

        return until(look, "a worker at the run")

    def kill(self) -> None:
        """End it without warning."""
        self.client.close()
        self.process.kill()
        self.process.communicate()

    def end(self) -> str:
        """Ask it to end; what it wrote."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=PATIENCE)[1]


def _trains(keys: tuple[str, ...], run: Run) -> bool:
    return any(key.startswith(f"train-{run.id}-") for key in keys)


def finished(run: Run) -> RunInfo:
    """The run once it has ended."""

    def look() -> RunInfo | None:
        info = run.info()
        return info if info.status.is_finished else None

    return until(look, "the end of the run")


def hurry(run: Run) -> RunInfo:
    """A slow run once it has ended, told to make the rest of its updates as fast as it can."""
    run.send(SetHyperparameter("updates_per_second", None))
    return finished(run)


def at_step(run: Run, step: int) -> RunInfo:
    """The run once it has made so many updates, and not yet all of them."""

    def look() -> RunInfo | None:
        info = run.info()
        assert not info.status.is_finished, f"too late: {info.status}, {info.message}"
        return info if info.progress.position.step >= step else None

    return until(look, f"update {step}")


def weights(run: Run) -> dict[str, np.ndarray]:
    """The tensors of the newest checkpoint."""
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    return safetensors.numpy.load(checkpoint.payload)


def assert_identical(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> None:
    """Bit for bit."""
    assert first.keys() == second.keys()
    different = [name for name, values in first.items() if values.tobytes() != second[name].tobytes()]
    assert not different, f"these tensors differ: {different}"
