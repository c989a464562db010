"""A class of thirty looks at one run while more runs wait: how soon they see it, and what that costs.

    python -m benchmarks.viewers [--viewers 30] [--minutes 2] [--json]

Eight runs are queued on a real lab (server, job cluster, workers). Each viewer has a Streamlit session and an open line
and fetches the pictures, without a browser. Training with and without them takes turns; then they stay for `--minutes`,
in which the memory of the web process is looked at; then the run is paused, and nothing should be said any more.

The viewers' own work is done on this machine too, in this process: its share of the processors is told beside the
server's, since where viewers sit at machines of their own only the server's is paid.
"""

import json
import statistics
import time
from dataclasses import dataclass, field

import click
import psutil

from benchmarks.crowd import Crowd
from benchmarks.goals import Goal, as_data, as_table, percentile
from benchmarks.house import House, house
from benchmarks.latency import BATCH, first_to_train
from benchmarks.machine import this_machine
from benchmarks.watch import StoreWatch, delays
from dbn_core.commands import Pause
from dbn_core.config import RunConfig
from dbn_core.records import RunStatus
from dbn_core.store import Run

QUEUED = 8
ROUNDS = 3
WINDOW = 8.0  # seconds of a round
SETTLE = 4.0  # seconds after viewers came or left that are not measured
SAMPLE = 2.0  # seconds between two looks at the memory
QUIET = 6.0  # seconds that the run is paused


@dataclass
class Findings:
    """What was seen."""

    viewers: int
    ratios: list[float] = field(default_factory=list)  # training beside them / alone, round by round
    seconds: list[float] = field(default_factory=list)  # from commit to pictures, every viewer and snapshot
    sizes: list[int] = field(default_factory=list)  # bytes of an answer
    memory: list[float] = field(default_factory=list)  # MB of the web process
    server_share: float = 0.0  # of all processors
    own_share: float = 0.0
    said_in_quiet: int = 0
    lost: int = 0  # lines that broke
    minutes: float = 0.0

    def goals(self) -> list[Goal]:
        """Beside what was wanted."""
        quarter = max(1, len(self.memory) // 4)
        growth = statistics.median(self.memory[-quarter:]) - statistics.median(self.memory[:quarter])
        count = f"{self.viewers} viewers, {len(self.seconds)} sights"
        percent = 100 * statistics.median(self.ratios)
        return [
            Goal("commit to pictures at a viewer, median", percentile(self.seconds, 0.5), "s", None, count),
            Goal("commit to pictures at a viewer, 95 % within", percentile(self.seconds, 0.95), "s", 1.0, count),
            Goal("training beside them, of alone (their own work included)", percent, "%", 95.0, at_least=True),
            Goal("web process, of all processors", 100 * self.server_share, "%", 5.0),
            Goal("the viewers themselves, of all processors", 100 * self.own_share, "%"),
            Goal("largest answer", max(self.sizes), "bytes", 5000.0, f"median {statistics.median(self.sizes):.0f}"),
            Goal("answers while the run was paused", self.said_in_quiet, "", None, f"in {QUIET:g} s, wanted: 0"),
            Goal("lines that broke", self.lost, "", None, "wanted: 0"),
            Goal("memory of the web process", self.memory[-1], "MB"),
            Goal("growth of that memory", growth, "MB", 5.0, f"in {self.minutes:g} min, last quarter less first"),
        ]


def measure(viewers: int, minutes: float) -> Findings:
    """Start everything, let them look, stop everything."""
    findings = Findings(viewers, minutes=minutes)
    with house() as home:
        flat = {"layers": [500], "batch_size": BATCH, "epochs": 10_000, "device": "cpu"}
        runs = [home.store.create_run(RunConfig().with_values(flat), f"run {number}") for number in range(QUEUED)]
        run = first_to_train(runs)
        with StoreWatch(run) as watch:
            time.sleep(SETTLE)
            for _ in range(ROUNDS):
                _round(home, run, watch, findings)
            with Crowd(home.address, run.id, viewers) as crowd:
                _stay(home, watch, crowd, findings)
                _pause(run, crowd, findings)
    return findings


def _round(home: House, run: Run, watch: StoreWatch, findings: Findings) -> None:
    alone = _rate(watch)
    with Crowd(home.address, run.id, findings.viewers):
        findings.ratios.append(_rate(watch) / alone)


def _rate(watch: StoreWatch) -> float:
    time.sleep(SETTLE)
    return watch.updates_per_second(WINDOW)


def _stay(home: House, watch: StoreWatch, crowd: Crowd, findings: Findings) -> None:
    """For the whole time, with a look at the memory now and then."""
    time.sleep(SETTLE)
    crowd.forget()
    server, own = _Meter(home.server), _Meter(psutil.Process())
    begun = time.time()
    while time.time() - begun < 60 * findings.minutes:
        time.sleep(SAMPLE)
        findings.memory.append(home.server.memory_info().rss / 2**20)
    findings.server_share, findings.own_share = server.share(), own.share()
    commits = watch.commits_between(begun, time.time() - 2.0)
    for viewer in crowd.viewers:
        findings.seconds += delays(commits, list(viewer.shown))
        findings.sizes += viewer.sizes
        findings.lost += viewer.lost


def _pause(run: Run, crowd: Crowd, findings: Findings) -> None:
    """Nothing changes, so nothing is said."""
    run.send(Pause())
    while run.info().status is not RunStatus.PAUSED:
        time.sleep(0.05)
    time.sleep(SETTLE)
    crowd.forget()
    time.sleep(QUIET)
    findings.said_in_quiet = sum(len(viewer.sizes) for viewer in crowd.viewers)


class _Meter:
    """How much of all processors a process takes from now on."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._begun, self._used = time.monotonic(), self._seconds()

    def share(self) -> float:
        wall = time.monotonic() - self._begun
        return (self._seconds() - self._used) / wall / (psutil.cpu_count() or 1)

    def _seconds(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


@click.command(help="What thirty viewers of one run see, and what they cost the training and the web process.")
@click.option("--viewers", default=30, show_default=True, type=click.IntRange(1, 200))
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.1, 600), help="They stay so long.")
@click.option("--json", "json_wanted", is_flag=True, help="One JSON object instead of the table.")
def main(*, viewers: int, minutes: float, json_wanted: bool) -> None:
    """Measure and print."""
    machine = this_machine()
    goals = measure(viewers, minutes).goals()
    if json_wanted:
        click.echo(json.dumps({"benchmark": "viewers", "machine": machine.to_dict(), "goals": as_data(goals)}))
        return
    head = f"Digits, 784-500, batches of {BATCH}, full speed, {QUEUED} runs queued; {viewers} viewers of one of them"
    click.echo("\n".join([head, *machine.describe(), "", as_table(goals)]))


if __name__ == "__main__":
    main()
