"""Programs that tests of several processes start: `python -m tests.store.actors ROLE URL ...`.

Each says on stdout what it did, one line at a time, and ends with the name of the error that stopped it, or `end`.
"""

import sys
from collections.abc import Callable

from dbn_core.config import RunConfig
from dbn_core.errors import LabError
from dbn_core.records import MetricPoint, Progress, RunStatus
from dbn_core.store import RunStore
from tests.store.samples import at, picture

BATCH = 7


def say(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def record(url: str, run_id: str, first: str, count: str, halt: str = "") -> None:
    """Claims a run and stores `count` batches of metrics from step `first` on, with a picture every tenth time.

    With `halt` it waits after the first batch until it is told to go on.
    """
    with RunStore(url) as store:
        writer = store.claim(run_id, f"worker from {first}")
        for step in range(int(first), int(first) + int(count)):
            points = [MetricPoint(f"metric{number}", step, at(step)) for number in range(BATCH)]
            writer.write(points, [picture(step)] if step % 10 == 0 else [], Progress(at(step)))
            say(str(step))
            if halt and step == int(first):
                sys.stdin.readline()
        writer.set_status(RunStatus.DONE)


def open_and_create(url: str) -> None:
    """Opens the store, when told to, and creates a run."""
    say("ready")
    sys.stdin.readline()
    with RunStore(url) as store:
        say(store.create_run(RunConfig()).info().name)


ROLES: dict[str, Callable[..., None]] = {"record": record, "open_and_create": open_and_create}

if __name__ == "__main__":
    try:
        ROLES[sys.argv[1]](*sys.argv[2:])
        say("end")
    except LabError as error:
        say(type(error).__name__)
