"""What a person or a program at the terminal sees of a training: a progress bar, or one JSON event a line."""

from collections.abc import Callable, Mapping
from typing import Any, Self

import click
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from dbn_core.cli.output import figure, print_json
from dbn_core.config import RunConfig
from dbn_core.config.stages import kind_of, stage_name
from dbn_core.metric_table import metric_of
from dbn_core.places import COMMAND
from dbn_core.records import Position, Progress, RunInfo, RunStatus
from dbn_core.training.ports import NullRecorder
from dbn_core.view import words
from dbn_core.view.status import status_line

_SPEED = metric_of("images_per_second")
_ERRORS = ("recon_mse", "heldout_recon_mse")


class BarObserver(NullRecorder):
    """A progress bar over the whole run on standard error. Train within a `with` block, then call `end`."""

    def __init__(self, info: RunInfo) -> None:
        self._bar = Bar(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[facts]}", markup=False),
            console=Console(stderr=True),
            refresh_per_second=4,
        )
        click.echo(f"Training {info.name} ({info.id})", err=True)
        self._task = self._bar.add_task("getting ready", total=float(info.config.total_epochs), facts="")
        self._errors = ""

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._bar.stop()

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:  # noqa: ARG002
        errors = [figure(metric_of(name), values[name]) for name in _ERRORS if name in values]
        self._errors = f"error {' / '.join(errors)}{metric_of(_ERRORS[0]).behind}" if errors else ""

    def progress(self, progress: Progress) -> None:
        facts = [f"epoch {progress.position.epoch:.2f} of {progress.epochs:g}"]
        if self._errors:
            facts.append(self._errors)
        if progress.images_per_second:
            facts.append(f"{progress.images_per_second:,.0f}{_SPEED.behind}")
        if progress.seconds_left is not None:
            facts.append(f"{words.duration(progress.seconds_left)} left")
        description = stage_name(progress.position.stage)
        self._bar.update(self._task, description=description, completed=progress.position.epoch, facts=", ".join(facts))

    def event(self, text: str) -> None:
        self._bar.update(self._task, description=text or "getting ready")

    def end(self, info: RunInfo) -> None:
        """How the run ended and what to do next, on standard output."""
        line = status_line(info)
        click.echo(f"{info.name}: {', '.join((line.headline.lower(), *line.facts))}")
        if line.explanation:
            click.echo(line.explanation)
        if info.status is RunStatus.STOPPED:
            click.echo(f"Go on with: {COMMAND} resume {info.id}")
        elif info.status is RunStatus.DIVERGED:
            rate = kind_of(info.progress.position.stage).rate
            click.echo(f"Go on from there with: {COMMAND} resume {info.id} --set {rate}=...")


class JsonObserver(NullRecorder):
    """`run`, one `epoch` for each finished epoch of a stage, and `end`, a line each on standard output.

    `closed` is called once when nobody reads any more.
    """

    def __init__(self, info: RunInfo, closed: Callable[[], object]) -> None:
        self._run = info.id
        self._first_epochs = first_epochs(info.config)
        self._closed = closed
        self._open = True
        self._latest: dict[str, dict[str, float]] = {}
        self._print({"event": "run", "run": info.id, "name": info.name, "config": info.config.to_dict()})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None: ...

    def metrics(self, position: Position, values: Mapping[str, float]) -> None:
        """At a whole epoch that is not the beginning of a stage."""
        self._latest[position.stage] = dict(values)
        epoch = position.epoch - self._first_epochs.get(position.stage, 0)
        if position.epoch.is_integer() and epoch >= 1:
            event = {"event": "epoch", "run": self._run, "stage": position.stage, "epoch": int(epoch)}
            self._print(event | {"metrics": dict(values)})

    def end(self, info: RunInfo) -> None:
        """The last event."""
        position = info.progress.position
        event = {"event": "end", "run": info.id, "name": info.name, "status": info.status.value}
        facts = {"message": info.message, "step": position.step, "epoch": position.epoch, "metrics": self._latest}
        self._print(event | facts)

    def _print(self, event: dict[str, Any]) -> None:
        if not self._open:
            return
        try:
            print_json(event)
        except BrokenPipeError:
            self._open = False
            self._closed()


def first_epochs(config: RunConfig) -> dict[str, int]:
    """Epochs of the run before each stage; layers that train together all begin at 0."""
    begins, done = {}, 0
    for stage, epochs in config.stages.items():
        begins[stage] = done
        done += epochs
    return begins
