"""How soon does a person see it, and what does looking cost? A real app, job cluster, worker and Chromium.

    python -m benchmarks.latency [--quick] [--json]

One long run (the bundled digits, 784-500, as fast as it goes) is watched in turns by nobody, by a viewer on another
machine (a session, an open line and the pictures, without a browser) and by a viewer in a Chromium on this machine,
which shares the cores with the training. Then its pages are opened, its history is scrubbed through, and Start pressed:
in this lab, and in one whose server has just been started.

From commit to pixels: until the frame in which the browser shows that filters snapshot or a newer one. Slowdown:
updates per second while somebody looks, divided by those while nobody does, round by round.
"""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from benchmarks.beside import wait
from benchmarks.crowd import Crowd
from benchmarks.goals import Goal, as_data, as_table, percentile
from benchmarks.house import House, house
from benchmarks.machine import Machine, this_machine
from benchmarks.screen import MOSAIC, SETTLED, Screen, screen
from benchmarks.watch import StoreWatch, delays
from dbn_core.commands import Stop
from dbn_core.config import RunConfig
from dbn_core.store import Run

BATCH = 100
SETTLE = 2.0  # seconds after a viewer came or left that are not measured
WARM_UP = 8.0  # the first epochs look more often
STEPS = 60  # of the scrubber

# What makes a page more than its frame, where a component draws it.
PAGES = {
    "Train": ("", MOSAIC),
    "Runs": ("runs", SETTLED),
    "Features": ("features", ".labf-mosaic[src]"),
    "Diagnose": ("diagnose", "[data-testid=lab-diagnose]"),
    "Compare": ("compare", "[data-testid=lab-compare]"),
    "A/B": ("ab", SETTLED),
    "Classify": ("classify", SETTLED),
    "Generate": ("generate", SETTLED),
    "Microscope": ("microscope", SETTLED),
    "Stepper": ("stepper", SETTLED),
    "Report": ("report", SETTLED),
}


@dataclass(frozen=True)
class Length:
    """How long it is looked: rounds of so many seconds for each viewer."""

    rounds: int
    seconds: float


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
        with Crowd(self.home.address, self.run.id, 1):
            return self._rate()

    def here(self) -> float:
        """Images per second with a viewer in a browser on this machine; notes what it sees."""
        self.screen.watch(self.home.address, self.run.id)
        opened = time.time()
        rate = self._rate()
        closed = time.time() - 1.0  # a snapshot committed later may have had no chance yet
        self.delays += delays(self.watch.commits_between(opened, closed), self.screen.shown())
        self.screen.leave()
        return rate

    def _rate(self) -> float:
        time.sleep(SETTLE)
        return BATCH * self.watch.updates_per_second(self.seconds)


def measure(length: Length) -> list[Goal]:
    """Everything, one after the other."""
    with screen() as window:
        with house() as home:
            run = home.store.create_run(_endless(), "latency")
            first_to_train([run])
            with StoreWatch(run) as watch:
                session = Session(home, run, watch, window, length.seconds, [])
                time.sleep(WARM_UP)
                rates = _turns(session, length.rounds)
                run.send(Stop())
                _wait_for_end(run)
            pages = {name: _opened(window, home, run, *page) for name, page in PAGES.items()}
            steps = window.scrub(home.address, run.id, STEPS)
            started = window.start(home.address)
        with_server = _cold_start(window)
    return [
        *_sight(session.delays),
        Goal("click on Start to first filters, warm", started, "s", 2.0),
        Goal("starting the server, opening the page, click on Start, first filters", with_server, "s", 10.0),
        *(
            Goal(f"{name} in a browser that was never here, first paint", first, "s", 2.0, f"all of it: {whole:.2f} s")
            for name, (first, whole) in pages.items()
        ),
        Goal("a step of the scrubber, 95 % within", 1000 * percentile(steps, 0.95), "ms", 50.0, f"{len(steps)} steps"),
        *_cost(rates),
    ]


def _endless() -> RunConfig:
    flat = {"layers": [500], "batch_size": BATCH, "epochs": 10_000, "device": "cpu"}
    return RunConfig().with_values(flat)


def _opened(window: Screen, home: House, run: Run, path: str, content: str) -> tuple[float, float]:
    return window.open_anew(f"{home.address}/{path}?run={run.id}", content)


def _cold_start(window: Screen) -> float:
    """As after `make app` where all packages are installed."""
    begun = time.perf_counter()
    with house(is_cold=True) as home:
        window.start(home.address)
        return time.perf_counter() - begun


def _sight(seconds: list[float]) -> list[Goal]:
    count = f"{len(seconds)} snapshots"
    return [
        Goal("commit of a snapshot to pixels, median", 1000 * percentile(seconds, 0.5), "ms", None, count),
        Goal("commit of a snapshot to pixels, 95 % within", 1000 * percentile(seconds, 0.95), "ms", 300.0, count),
    ]


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


def _cost(rates: dict[str, list[float]]) -> list[Goal]:
    base = rates.pop("nobody")
    goals = [Goal("training while nobody looks", statistics.median(base), "images/s")]
    for who, mine in rates.items():
        ratio = 100 * statistics.median(a / b for a, b in zip(mine, base, strict=True))
        wanted = 95.0 if who == "a viewer elsewhere" else None
        goals.append(Goal(f"training beside {who}, of nobody's", ratio, "%", wanted, at_least=True))
    return goals


def first_to_train(runs: Sequence[Run]) -> Run:
    """Waits until one of them has made an update. Raises RuntimeError when none does."""
    wait(lambda: any(map(_has_begun, runs)), "no run began to train")
    return next(filter(_has_begun, runs))


def _has_begun(run: Run) -> bool:
    return run.info().progress.position.step > 0


def _wait_for_end(run: Run) -> None:
    wait(lambda: run.info().status.is_finished, "the run did not obey Stop")


def as_text(goals: list[Goal], machine: Machine, length: Length) -> str:
    """The table for people, Markdown enough for EXPERIMENTS.md."""
    return "\n".join(
        [
            f"Digits, 784-500, batches of {BATCH}, full speed; {length.rounds} rounds of {length.seconds:g} s a viewer",
            *machine.describe(),
            "Chromium is headless and renders on the processor, so it costs more than a browser with a graphics card.",
            "",
            as_table(goals),
        ]
    )


@click.command(help="Seconds from a snapshot's commit to pixels in a browser, and what a viewer costs the training.")
@click.option("--quick", is_flag=True, help="Fewer and shorter rounds: a look, not a result.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the table.")
def main(*, quick: bool, json_wanted: bool) -> None:
    """Measure and print."""
    machine = this_machine()
    length = Length(1, 4.0) if quick else Length(5, 8.0)
    goals = measure(length)
    data = {"benchmark": "latency", "machine": machine.to_dict(), "length": vars(length), "goals": as_data(goals)}
    click.echo(json.dumps(data) if json_wanted else as_text(goals, machine, length))


if __name__ == "__main__":
    main()
