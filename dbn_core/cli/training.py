"""`train` and `resume`: training in this process, recorded in the store like any other run."""

import os
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from dbn_core.cli.interrupt import Interrupts
from dbn_core.cli.options import configuration, parsed, silent
from dbn_core.commands import SetHyperparameter, Stop
from dbn_core.config import RunConfig
from dbn_core.errors import ConfigError, StoreError
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import Run, RunStore
from dbn_core.view.naming import run_name
from dbn_core.view.status import is_interrupted

# Anything else is a run that somebody else took over meanwhile.
_EXIT = defaultdict(lambda: 1, {RunStatus.DONE: 0, RunStatus.STOPPED: 0, RunStatus.DIVERGED: 3})
_BAD_INPUT, _INTERRUPTED = 2, 130
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one event a line instead of a progress bar.")


@click.command()
@click.option("--preset", metavar="NAME", help="Begin from a named configuration; see `presets`.")
@click.option(
    "--config", "file", type=click.Path(path_type=Path), metavar="FILE", help="Change it by a JSON file of settings."
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one setting; may be repeated.")
@click.option("--name", default="", help="What to call the run; without it the name says what differs.")
@click.option("--note", default="", help="A few words that stay with the run.")
@_JSON
def train(
    preset: str | None, file: Path | None, settings: tuple[str, ...], name: str, note: str, as_json: bool
) -> None:
    """Train a new run here and now, into the store.

    Ctrl-C stops it and keeps its state; a second Ctrl-C ends at once. `resume` goes on.
    """
    config = configuration(preset, file, settings, silent if as_json else partial(click.echo, err=True))
    with RunStore.from_environment() as store:
        run = store.create_run(config, name, executor="foreground", base=run_name(config), note=note)
        _train_here(store, run, as_json)


@click.command()
@click.argument("run")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one live setting first; may be repeated."
)
@_JSON
def resume(run: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Go on with a run from its last checkpoint, here and now. RUN is a name or an id."""
    with RunStore.from_environment() as store:
        wanted = store.run(run)
        info = wanted.info()
        if info.status is RunStatus.DONE:
            raise StoreError(f"Run {info.name!r} has made all of its epochs. Start a new one to train longer.")
        if info.status in {RunStatus.RUNNING, RunStatus.PAUSED} and not is_interrupted(info):
            raise StoreError(f"Run {info.name!r} is being trained at this moment ({info.status}). Stop it first.")
        changes = _live_changes(info.config, settings)
        wanted.queue(executor="foreground")
        for key, value in changes.items():
            wanted.send(SetHyperparameter(key, value))
        _train_here(store, wanted, as_json)


def _live_changes(config: RunConfig, settings: tuple[str, ...]) -> dict[str, Any]:
    """Valid values of live fields. Raises ConfigError with every problem."""
    values, problems = parsed(settings)
    changes: dict[str, Any] = {}
    for key, value in values.items():
        try:
            changes[key] = config.with_live_value(key, value).value(key)
        except ConfigError as error:
            problems |= error.problems
    if problems:
        raise ConfigError(problems)
    return changes


def _train_here(store: RunStore, run: Run, as_json: bool) -> None:
    """Train to the end, tell how it ended and leave with the exit status."""
    # Before torch is loaded: its threads must not spin for a core that somebody else needs (figures in jobs.settings).
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    observer = None
    # Before torch is loaded, which takes seconds: a run that is interrupted meanwhile would be queued for ever.
    with Interrupts(lambda: _ask_to_stop(run)) as interrupts:
        try:
            from dbn_core.cli.observers import BarObserver, JsonObserver
            from dbn_core.worker import train_run

            # A reader who closes the pipe (`| head`) wants no more: the run is stopped, as quietly as others end.
            observer = JsonObserver(run.info(), lambda: run.send(Stop())) if as_json else BarObserver(run.info())
            with observer:
                train_run(store.url, run.id, observer)
        except KeyboardInterrupt:
            _leave(store, run)
    info = run.info()
    if observer:
        observer.end(info)
    sys.exit(_INTERRUPTED if interrupts.count else _exit_status(info))


def _exit_status(info: RunInfo) -> int:
    """A run that was refused before its first update was given bad input, such as a classifier and no labels."""
    refused = info.status is RunStatus.FAILED and info.progress.position.step == 0
    return _BAD_INPUT if refused else _EXIT[info.status]


def _ask_to_stop(run: Run) -> None:
    try:
        run.send(Stop())
    except StoreError as error:
        click.echo(str(error), err=True)
    else:
        click.echo("Stopping: the state is being saved. Ctrl-C again ends at once.", err=True)


def _leave(store: RunStore, run: Run) -> None:
    """After the second Ctrl-C: the run goes on from its last checkpoint one day, and must not look alive until then."""
    store.claim(run.id, "command line").set_status(RunStatus.STOPPED, "Ended at once by a second Ctrl-C.")
