"""How soon does a person see it, and what does looking cost? A real app, job cluster, worker and Chromium.

    python -m benchmarks.latency [--quick] [--json]

One long run (the bundled digits, 784-500, as fast as it goes) is watched in turns by nobody, by a viewer on another
machine (the same questions and pictures, fetched without a browser) and by a viewer in a Chromium on this machine,
which shares the cores with the training.

Latency: from the commit of a filters snapshot to the frame in which the browser shows it or a newer one. Slowdown:
updates per second while somebody looks, divided by those while nobody does, round by round.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from benchmarks.house import House, house
from benchmarks.machine import Machine, this_machine
from benchmarks.viewers import RemoteViewer, Screen, screen
from benchmarks.watch import Commit, StoreWatch
from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.store import Run

BATCH = 100
SETTLE = 2.0  # seconds after a viewer came or left that are not measured
WARM_UP = 8.0  # the first epochs look more often
START_SECONDS = 60


@dataclass(frozen=True)
class Latency:
    """Seconds from commit to pixels."""

    count: int
    median: float
    p95: float
    worst: float


@dataclass(frozen=True)
class Speed:
    """Training while somebody, or nobody, looks."""

    who: str
    images_per_second: float  # median of the rounds
    ratio: float | None  # to nobody, median of the rounds; None for nobody itself


@dataclass
class Session:
    """A run in progress with everything that looks at it."""

    home: House
    run: Run
    watch: StoreWatch
    screen: Screen
    seconds: float  # of a window
    delays: list[float]

    def nobody(self) -> float:
        """Images per second with no viewer."""
        return self._rate()

    def elsewhere(self) -> float:
        """Images per second with a viewer on another machine."""
        with RemoteViewer(self.home.address, self.run.id):
            return self._rate()

    def here(self) -> float:
        """Images per second with a viewer in a browser on this machine; notes what it sees."""
        self.screen.watch(self.home.address, self.run.id)
        opened = time.time()
        rate = self._rate()
        closed = time.time() - 1.0  # a snapshot committed later may have had no chance yet
        commits = [commit for commit in list(self.watch.commits) if opened <= commit.when <= closed]
        self.delays += delays(commits, self.screen.shown())
        self.screen.leave()
        return rate

    def _rate(self) -> float:
        time.sleep(SETTLE)
        start = time.time()
        time.sleep(self.seconds)
        return BATCH * self.watch.updates_per_second(start, time.time())


def delays(commits: Sequence[Commit], shown: Sequence[tuple[int, float]]) -> list[float]:
    """Seconds from each commit to the first frame with that snapshot or a newer one; what was never shown is left out.

    A page that asks twice a second skips snapshots that were replaced meanwhile: then the newer one counts.
    """
    found = []
    for commit in commits:
        frames = [when for snapshot, when in shown if snapshot >= commit.snapshot]
        if frames:
            found.append(min(frames) - commit.when)
    return found


def measure(rounds: int, seconds: float) -> tuple[Latency, list[Speed]]:
    """Start everything, let the viewers take turns, stop everything."""
    with house() as home, screen() as window:
        flat = {"layers": [500], "batch_size": BATCH, "epochs": 10_000, "device": "cpu"}
        run = home.store.create_run(RunConfig().with_values(flat), "latency")
        _wait_for_training(run)
        with StoreWatch(run) as watch:
            session = Session(home, run, watch, window, seconds, [])
            time.sleep(WARM_UP)
            rates = _turns(session, rounds)
            run.send(Stop())
            _wait_for_end(run)
    return _latency(session.delays), _speeds(rates)


def _turns(session: Session, rounds: int) -> dict[str, list[float]]:
    viewers: dict[str, Callable[[], float]] = {
        "nobody": session.nobody,
        "a viewer elsewhere": session.elsewhere,
        "a viewer here, in Chromium": session.here,
    }
    session.here()  # the browser's first sight of the scripts is not counted
    session.delays.clear()
    rates: dict[str, list[float]] = {who: [] for who in viewers}
    for number in range(rounds):
        order = list(viewers) if number % 2 == 0 else list(reversed(viewers))
        for who in order:
            rates[who].append(viewers[who]())
    return rates


def _speeds(rates: dict[str, list[float]]) -> list[Speed]:
    base = rates["nobody"]
    return [
        Speed(
            who,
            statistics.median(mine),
            None if mine is base else statistics.median(a / b for a, b in zip(mine, base, strict=True)),
        )
        for who, mine in rates.items()
    ]


def _latency(seconds: list[float]) -> Latency:
    if len(seconds) < 2:
        raise RuntimeError("the browser showed no new mosaic while it was watched")
    return Latency(
        count=len(seconds),
        median=statistics.median(seconds),
        p95=statistics.quantiles(seconds, n=20, method="inclusive")[-1],
        worst=max(seconds),
    )


def _wait_for_training(run: Run) -> None:
    _wait(lambda: run.info().progress.position.step > 0, "the run did not begin to train")


def _wait_for_end(run: Run) -> None:
    _wait(lambda: run.info().status.is_finished, "the run did not obey Stop")


def _wait(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(complaint)
        time.sleep(0.05)


def as_text(latency: Latency, speeds: Sequence[Speed], machine: Machine, rounds: int, seconds: float) -> str:
    """The tables for people, Markdown enough for EXPERIMENTS.md."""
    lines = [
        f"Digits, 784-500, batches of {BATCH}, full speed; {rounds} rounds of {seconds:g} s for each viewer",
        *machine.describe(),
        "Chromium is headless and renders on the processor, so it costs more than a browser with a graphics card.",
        "",
        "| commit of a snapshot to pixels | median | 95 % within | worst | snapshots |",
        "|---|---:|---:|---:|---:|",
        f"| filters mosaic | {latency.median:.2f} s | {latency.p95:.2f} s | {latency.worst:.2f} s | {latency.count} |",
        "",
        "| who looks | images/s | of nobody's |",
        "|---|---:|---:|",
    ]
    for speed in speeds:
        ratio = "" if speed.ratio is None else f"{100 * speed.ratio:.1f} %"
        lines.append(f"| {speed.who} | {speed.images_per_second:,.0f} | {ratio} |")
    return "\n".join(lines)


def as_json(latency: Latency, speeds: Sequence[Speed], machine: Machine, rounds: int, seconds: float) -> dict[str, Any]:
    """Plain data."""
    return {
        "benchmark": "latency",
        "machine": machine.to_dict(),
        "setting": {"rounds": rounds, "window_seconds": seconds, "batch_size": BATCH},
        "latency_seconds": vars(latency),
        "speeds": [vars(speed) for speed in speeds],
    }


@click.command(help="Seconds from a snapshot's commit to pixels in a browser, and what a viewer costs the training.")
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds: a look, not a result.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the tables.")
def main(*, quick: bool, json_wanted: bool) -> None:
    """Measure and print."""
    machine = this_machine()
    rounds, seconds = (2, 4.0) if quick else (8, 8.0)
    latency, speeds = measure(rounds, seconds)
    arguments = (latency, speeds, machine, rounds, seconds)
    click.echo(json.dumps(as_json(*arguments)) if json_wanted else as_text(*arguments))


if __name__ == "__main__":
    main()
