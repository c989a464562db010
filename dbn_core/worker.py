"""Composition root of a training job: configuration -> data -> learner -> loop, with the run store behind the ports.

It joins the loop's ports (`outbox`) to a run's writer, and the end of a training to its evaluation
(`inference.at_end`). A cluster calls `train_run` by its dotted name; the command line calls it directly.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch

from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.data import load_dataset
from dbn_core.errors import DeviceError, DivergedError, LabError, LeaseLostError, RunNotFoundError
from dbn_core.findings import Finding
from dbn_core.inference import at_end
from dbn_core.machine import processor
from dbn_core.models.mixed import has_bfloat16_products
from dbn_core.outbox import StoreControl, StoreRecorder
from dbn_core.records import EVALUATION, RunInfo, RunStatus
from dbn_core.store import Run, RunStore, RunWriter
from dbn_core.store.checkpoint_info import newest
from dbn_core.training import train
from dbn_core.training.checkpoints import Resumption, unpack
from dbn_core.training.learners.matrix_products import has_tf32_products
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import NullControl, NullRecorder, Recorder
from dbn_core.training.start import new_learner

log = logging.getLogger(__name__)

_TRAINED = (RunStatus.DONE, RunStatus.STOPPED, RunStatus.DIVERGED)
HEARTBEAT_SECONDS = 3.0
PARK_SECONDS = 60.0  # a run paused for longer gives its worker back; a command brings it on again


def train_run(store_url: str, run_id: str, observer: Recorder | None = None) -> str:
    """Train a run to its end, from its last checkpoint if it has one; returns the final status, or `paused` if parked.

    Errors of the user's making end the run with a sentence; a defect ends it as `failed`, is logged and raised again.
    A run deleted or taken over by another writer while it trains ends quietly: the answer is `stopped`.
    """
    store = RunStore(store_url)
    run = store.run(run_id)
    if run.info().status.is_finished:
        return run.info().status.value
    writer = store.claim(run_id, f"process {os.getpid()} on {socket.gethostname()}")
    recorder = StoreRecorder(writer, observer)
    try:
        started = time.perf_counter(), time.process_time()
        status, message = _train(store, run_id, writer, recorder)
        recorder.flush()
        if status in _TRAINED:
            _record_machine(run, recorder, started)
        if status is RunStatus.DONE:
            message = _evaluate(store, run_id, writer, recorder) or message
        if status.is_finished:
            writer.set_status(status, message)
    except (LeaseLostError, RunNotFoundError) as error:
        log.warning("run %s is no longer ours to write: %s", run_id, error)
        return RunStatus.STOPPED.value
    except LabError as error:
        _leave(writer, RunStatus.FAILED, str(error))
        raise
    except BaseException as error:
        if isinstance(error, Exception):
            log.exception("run %s failed", run_id)
            _leave(
                writer, RunStatus.FAILED, f"A defect of the lab, not of your settings: {type(error).__name__}: {error}"
            )
        raise
    finally:
        recorder.close()
    return status.value


def _leave(writer: RunWriter, status: RunStatus, message: str) -> None:
    try:
        writer.set_status(status, message)
    except LabError:
        log.exception("the run's end could not be written")


def _train(store: RunStore, run_id: str, writer: RunWriter, recorder: StoreRecorder) -> tuple[RunStatus, str]:
    run = store.run(run_id)
    info = run.info()
    try:
        saved = run.checkpoint()
        resumption = unpack(saved.payload) if saved else None
        config = saved.config if saved else info.config
        torch.set_flush_denormal(True)  # weights of always-black pixels decay into denormals: many times slower
        torch.set_num_threads(_threads(store, info, resumption))
        device = _device(config.device)
        _refuse_emulation(config, device)
        recorder.event(f"Reading {config.data.name}")
        data = load_dataset(config.data.name, progress=recorder.event)
        learner = new_learner(config, data, device, resumption.tensors if resumption else None)
        recorder.event("")
        control = StoreControl(writer, resumption.cursor.step if resumption else 0)
        recorder.resume_at(*writer.recorded())
        park_after = PARK_SECONDS if info.executor == "cluster" else None
        return train(learner, run_plan(config), config, recorder, control, resumption, park_after), ""
    except DivergedError as error:
        return RunStatus.DIVERGED, str(error)
    except torch.OutOfMemoryError:
        return RunStatus.FAILED, (
            "The GPU has too little free memory for this run; other runs may share it. Resume this one when they have "
            "ended, or start one with smaller layers, smaller batches or device cpu."
        )
    except (LeaseLostError, RunNotFoundError):
        raise
    except LabError as error:
        return RunStatus.FAILED, str(error)


def _evaluate(store: RunStore, run_id: str, writer: RunWriter, recorder: StoreRecorder) -> str:
    """What `evaluation.at_end` asks for, recorded under a stage of its own; answers why parts of it are missing.

    The trained run is stored by now: whatever a person can mend here becomes a note and never a failure.
    """
    run = store.run(run_id)
    saved = newest(run.checkpoints())  # `latest` too: whoever holds the lease is the only one to replace it
    if not run.info().config.evaluation.at_end or saved is None:
        return ""
    where = replace(saved.position, stage=EVALUATION)
    recorder.resume_at(0, frozenset())  # an evaluation that was cut off is recorded anew

    def record(outcome: at_end.Outcome) -> None:
        recorder.metrics(where, outcome.figures)
        if outcome.finding is not None:
            recorder.snapshot(outcome.finding.to_snapshot(where))

    with _alive(writer):
        try:
            note = at_end.evaluate(
                at_end.parts(store.url, run_id, saved.id),
                recorder.event,
                record,
                lambda: any(isinstance(record.command, Stop) for record in writer.pending()),
            )
        except (LeaseLostError, RunNotFoundError):
            raise
        except LabError as error:
            note = f"Not evaluated. {error}"
        recorder.flush()
    return note


def _record_machine(run: Run, recorder: StoreRecorder, started: tuple[float, float]) -> None:
    """What the training ran on and took, without what comes after it: a report says so beside its figures."""
    finding = Finding(
        "machine",
        {
            "processor": processor(),
            "cores": os.cpu_count() or 1,
            "threads": torch.get_num_threads(),
            "device": run.info().progress.device,
            "torch": str(torch.__version__),
            "seconds": time.perf_counter() - started[0],
            "processor_seconds": time.process_time() - started[1],
        },
    )
    recorder.resume_at(0, frozenset())
    recorder.snapshot(finding.to_snapshot(replace(run.info().progress.position, stage=EVALUATION)))
    recorder.flush()


@contextmanager
def _alive(writer: RunWriter) -> Iterator[None]:
    """A heartbeat while nothing else is written: a silent run would be taken for a dead one."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT_SECONDS):
            try:
                writer.write()
            except LabError:
                return  # the next record raises it where it can be told

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _threads(store: RunStore, info: RunInfo, resumption: Resumption | None) -> int:
    """The processor's cores shared among the runs in training now; a run that goes on keeps the number it had."""
    if resumption and resumption.threads:
        return resumption.threads
    others = sum(run.status is RunStatus.RUNNING and run.id != info.id for run in store.runs())
    return max(1, (os.cpu_count() or 1) // (1 + others))


def _device(wanted: str) -> torch.device:
    """The device of a setting. Raises DeviceError when this machine has none."""
    present: dict[str, Callable[[], bool]] = {
        "cuda": torch.cuda.is_available,
        "mps": torch.backends.mps.is_available,
        "cpu": lambda: True,
    }
    if wanted == "auto":
        return torch.device(next(name for name, is_there in present.items() if is_there()))
    if not present[wanted]():
        raise DeviceError(f"device is {wanted} but this machine has none; choose auto or cpu.")
    return torch.device(wanted)


def _refuse_emulation(config: RunConfig, device: torch.device) -> None:
    """Raises DeviceError for a precision that the device has no products of: slower than float32, or nothing at all."""
    if config.precision == "mixed" and not has_bfloat16_products(device):
        raise DeviceError(
            f"precision is mixed but this machine's {device.type} makes no bfloat16 products itself, so that training "
            f"would be slower; choose float32."
        )
    if config.precision == "tf32" and not has_tf32_products(device):
        raise DeviceError(
            f"precision is tf32 but this machine's {device.type} makes no products in TF32, which takes an NVIDIA GPU "
            f"of compute capability 8.0 or more; choose float32."
        )


def warm() -> None:
    """Import what a run needs and make a few updates where runs will be made, so that a first run starts at once."""
    torch.set_flush_denormal(True)
    data = load_dataset("digits")
    config = RunConfig().with_values({"data.train_size": 200, "layers": [16], "epochs": 1})
    train(new_learner(config, data, _device("auto")), run_plan(config), config, NullRecorder(), NullControl())
