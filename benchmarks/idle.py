"""What does a lab cost that nobody uses? Server, job cluster and workers as `make app` leaves them, no browser, no run.

    python -m benchmarks.idle [--seconds 60] [--settle 20] [--json]

The store holds fifty finished runs. Processor time is what the operating system charged each process while it was
watched, as a share of one core. Memory is that of a worker that has done nothing yet: RSS counts all that is resident,
PSS divides what is shared among those who share it, USS is what would be free if the process ended. Linux knows PSS.
"""

import json
import time
from dataclasses import dataclass

import click
import psutil

from benchmarks.beside import wait
from benchmarks.goals import Goal, as_data, as_table
from benchmarks.house import House, house
from benchmarks.machine import Machine, this_machine
from dbn_core.config import RunConfig
from dbn_core.jobs import Jobs
from dbn_core.records import RunStatus

RUNS = 50  # in the store, finished: a lab that was used has some
SHARE = 1.0  # % of one core for all of them together
WORKER = 350.0  # MB


@dataclass(frozen=True, slots=True)
class Member:
    """One process of the lab, and what it was."""

    role: str  # "web server", "job cluster", "worker", "helper"
    process: psutil.Process

    @property
    def seconds(self) -> float:
        """Processor time so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> dict[str, float]:
        """MB by kind of count, those that this system knows."""
        full = self.process.memory_full_info()
        return {kind: getattr(full, kind) / 2**20 for kind in ("rss", "pss", "uss") if hasattr(full, kind)}


def measure(seconds: float, settle: float) -> list[Goal]:
    """A lab of its own, watched for so long; `settle` seconds earlier all of it was up (imports are not idleness)."""
    with house(is_cold=True) as home:
        for _ in range(RUNS):
            run = home.store.create_run(RunConfig(), executor="foreground")
            home.store.claim(run.id, "benchmark").set_status(RunStatus.DONE)
        wait(lambda: workers(home) > 0, "the workers did not start")
        time.sleep(settle)
        members = family(home.server)
        before = [member.seconds for member in members]
        begun = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - begun
        shares = [100 * (member.seconds - was) / elapsed for member, was in zip(members, before, strict=True)]
        memory = [member.memory() for member in members]
    watched = f"{elapsed:.0f} s"
    largest = max(item["rss"] for member, item in zip(members, memory, strict=True) if member.role == "worker")
    return [
        Goal("processor time of the whole lab", sum(shares), "% of a core", SHARE, watched),
        Goal("memory of a worker that has done nothing yet (RSS)", largest, "MB", WORKER),
        *(
            Goal(f"{member.role}: processor time", share, "% of a core", None, _kinds(item))
            for member, share, item in zip(members, shares, memory, strict=True)
        ),
    ]


def workers(home: House) -> int:
    """How many are there to train; looking leaves no connection behind."""
    if home.store.cluster_address() is None:
        return 0
    jobs = Jobs.connect(home.store)
    try:
        return jobs.status().workers
    finally:
        jobs.close()


def family(server: psutil.Process) -> list[Member]:
    """The server and all that it started."""
    return [Member(role_of(process.cmdline()), process) for process in (server, *server.children(recursive=True))]


def role_of(command: list[str]) -> str:
    """What a process of the lab is, by its command line."""
    line = " ".join(command)
    if "streamlit" in line:
        return "web server"
    if "dbn_core cluster" in line:
        return "job cluster"
    return "worker" if "spawn_main" in line else "helper"


def _kinds(memory: dict[str, float]) -> str:
    return ", ".join(f"{kind.upper()} {value:.0f} MB" for kind, value in memory.items())


def as_text(goals: list[Goal], machine: Machine) -> str:
    """The table for people, Markdown enough for EXPERIMENTS.md."""
    return "\n".join(["An idle lab: no browser, no run", *machine.describe(), "", as_table(goals)])


@click.command(help="Processor time and memory of a lab that nobody uses.")
@click.option(
    "--seconds", type=click.FloatRange(min=1), default=60.0, show_default=True, help="How long it is watched."
)
@click.option("--settle", type=click.FloatRange(min=0), default=20.0, show_default=True, help="How long to wait first.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the table.")
def main(*, seconds: float, settle: float, json_wanted: bool) -> None:
    """Measure and print."""
    machine = this_machine()
    goals = measure(seconds, settle)
    data = {"benchmark": "idle", "machine": machine.to_dict(), "seconds": seconds, "goals": as_data(goals)}
    click.echo(json.dumps(data) if json_wanted else as_text(goals, machine))


if __name__ == "__main__":
    main()
