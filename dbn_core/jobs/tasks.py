"""What runs inside Dask: on a worker (train, answer, warm up) and inside the scheduler (slots, spread).

Tasks travel as references to these functions and name everything else by dotted text, imported on the worker; so
neither the web process nor the scheduler ever loads torch. No exception of a library leaves a worker either: to read
one, the other side would have to import that library.
"""

import importlib
import logging
import signal
import threading
import traceback
from collections.abc import Callable
from typing import Any

from distributed import Scheduler, Worker, WorkerPlugin, get_worker, secede
from distributed.scheduler import TaskState, WorkerState

from dbn_core import interruption
from dbn_core.errors import JobError, LabError
from dbn_core.jobs.settings import LOG_FORMAT, TRAIN
from dbn_core.store import RunStore

log = logging.getLogger("dbn_core.jobs")


def train(store_url: str, run_id: str, attempt: int) -> str:
    """Train one run to its end on this worker; returns its status.

    Does nothing when the run has ended meanwhile, was deleted or was queued anew: the supervisor may be late.
    Raises JobError with the traceback as a note when the trainer itself breaks.
    """
    info = RunStore(store_url).run(run_id).info()
    if info.status.is_finished or info.attempt != attempt:
        return info.status.value
    return _guarded("dbn_core.worker:train_run", store_url, run_id)


def answer(name: str, arguments: tuple[Any, ...]) -> Any:
    """Call `module:function` of this project with plain data. Raises JobError for anything that breaks there."""
    return _guarded(name, *arguments)


def long_answer(name: str, arguments: tuple[Any, ...]) -> Any:
    """As `answer`, beside the worker's threads and not in one of them: quick questions are answered meanwhile.

    A function that calls `interruption.check` ends soon after whoever asked has cancelled the question.
    """
    worker = get_worker()
    key = worker.get_current_task()
    secede()
    with interruption.answering(lambda: _is_wanted(worker, key)):
        return _guarded(name, *arguments)


def _is_wanted(worker: Worker, key: Any) -> bool:
    """Dask never ends a task that runs: it only marks it as cancelled."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state != "cancelled"


def resolve(name: str) -> Callable[..., Any]:
    """The function behind `dbn_core.inference:classify`. Raises JobError for names outside this project."""
    module, separator, function = name.partition(":")
    if not separator or module.split(".")[0] != "dbn_core":
        raise JobError(f"{name!r} names no question; give dbn_core.module:function")
    try:
        question = getattr(importlib.import_module(module), function)
    except (ModuleNotFoundError, AttributeError) as error:
        raise JobError(f"{name!r} names no question: {error}") from error
    return question


def _guarded(name: str, *arguments: Any) -> Any:
    try:
        return resolve(name)(*arguments)
    except LabError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again as one that needs no library to be read
        problem = JobError(f"{name.partition(':')[2]} failed: {type(error).__name__}: {error}")
        problem.add_note(traceback.format_exc())
        # `from None`: the cause would travel along and be imported by whoever reads it.
        raise problem from None


class Manners(WorkerPlugin):
    """How every worker of a local cluster behaves, also one that takes the place of a killed one."""

    name = "dbn-manners"
    idempotent = True

    def setup(self, worker: Worker) -> None:  # noqa: ARG002
        """Ctrl-C in a terminal reaches every process of the group and is the cluster's alone to obey."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)


class WarmUp(WorkerPlugin):
    """Loads torch in a background thread of each worker, at once and in those that start later.

    It costs each of them half a gigabyte, so it is given to a cluster when work is to be expected, and not before.
    """

    name = "dbn-warm-up"
    idempotent = True

    def setup(self, worker: Worker) -> None:  # noqa: ARG002
        """Start warming."""
        threading.Thread(target=_warm, name="warm-up", daemon=True).start()


def _warm() -> None:
    try:
        resolve("dbn_core.worker:warm")()
    except Exception:
        # A worker that cannot warm up cannot train either, and says so in the run; here it only leaves its traceback.
        log.exception("a worker could not warm up")


def slots(dask_scheduler: Scheduler) -> int:
    """How many runs the workers can train at once."""
    return int(sum(worker.resources.get(TRAIN, 0) for worker in dask_scheduler.workers.values()))


def in_training(dask_scheduler: Scheduler) -> int:
    """How many runs are with a worker now."""
    return sum(len(_training_on(worker)) for worker in dask_scheduler.workers.values())


def spread(dask_scheduler: Scheduler) -> int:
    """Move runs that wait on a busy worker to one that is free; returns how many moves were asked for.

    The scheduler places a task by what a worker has and not by what is in use, so the run of a killed worker may land
    behind another run while its own worker is back and idle. A run in progress never moves: its worker refuses to give
    it up. Tasks are counted here because `used_resources` is not kept right when a task moves.
    """
    workers = list(dask_scheduler.workers.values())
    training = {worker: _training_on(worker) for worker in workers}
    free = [worker for worker in workers if len(training[worker]) < worker.resources.get(TRAIN, 0)]
    crowded = [worker for worker in workers if len(training[worker]) > worker.resources.get(TRAIN, 0)]
    stealing: Any = dask_scheduler.extensions["stealing"]
    candidates = [(task, victim) for victim in crowded for task in training[victim] if task not in stealing.in_flight]
    if not free:
        return 0
    for task, victim in candidates:
        stealing.move_task_request(task, victim, free[0])
    return len(candidates)


def _training_on(worker: WorkerState) -> list[TaskState]:
    return [task for task in worker.processing if TRAIN in (task.resource_restrictions or {})]
