"""`presets`, `runs` and `show`: what there is."""

from typing import Any

import click

from dbn_core.cli.output import figure, measured, print_json, setting, table
from dbn_core.config import RunConfig, broken_presets, presets, setting_keys
from dbn_core.config.stages import stage_name
from dbn_core.metric_table import metric_of
from dbn_core.places import COMMAND
from dbn_core.records import MetricPoint, RunInfo
from dbn_core.store import Run, RunStore
from dbn_core.view import words
from dbn_core.view.status import status_line

ERRORS = ("recon_mse", "heldout_recon_mse")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")


@click.command("presets")
@_JSON
def list_presets(as_json: bool) -> None:
    """The named configurations, and how each differs from the defaults."""
    defaults, known = RunConfig(), (*presets(), *broken_presets())
    if as_json:
        print_json([item.model_dump() | {"config": RunConfig.preset(item.name).to_dict()} for item in known], indent=2)
        return
    for item in known:
        click.echo(f"{item.name}: {item.summary}")
        if item.question:
            click.echo(f"    {item.question} {item.expectation}")
        differences = RunConfig.preset(item.name).differences(defaults)
        click.echo("    " + ", ".join(f"{key}={words.number(value)}" for key, (value, _) in differences.items()))


@click.command("runs")
@_JSON
def list_runs(as_json: bool) -> None:
    """All runs of the store, newest first."""
    with RunStore.from_environment() as store:
        runs = store.runs()
        finals = {info.id: _latest(store.run(info.id), ERRORS) for info in runs}
    if as_json:
        print_json([_summary(info) | {"metrics": _by_stage(finals[info.id])} for info in runs], indent=2)
    elif not runs:
        click.echo(f"There are no runs yet. Start one with: {COMMAND} train --preset first-look", err=True)
    else:
        error = f"error train/held out, {metric_of(ERRORS[0]).sign}"
        header = ("id", "name", "status", "data", "layers", "epoch", error)
        table(header, [_row(info, finals[info.id]) for info in runs])


@click.command("show")
@click.argument("run")
@_JSON
def show_run(run: str, as_json: bool) -> None:
    """One run: its configuration, status and latest metrics. RUN is a name or an id."""
    with RunStore.from_environment() as store:
        wanted = store.run(run)
        info, latest = wanted.info(), _latest(wanted, None)
    if as_json:
        print_json(_summary(info) | {"metrics": _by_stage(latest)}, indent=2)
        return
    line = status_line(info)
    click.echo(f"{info.name} ({info.id})")
    for text in (", ".join((line.headline, *line.facts)), line.explanation, info.note):
        if text:
            click.echo(text)
    _show_configuration(info.config)
    _show_metrics(latest)


def _show_configuration(config: RunConfig) -> None:
    different = config.differences(RunConfig()) | config.given_to_layers()
    groups = {
        "Settings that differ from the defaults": [key for key in setting_keys(config) if key in different],
        "Other settings": [key for key in setting_keys(config) if key not in different],
    }
    for title, keys in groups.items():
        if keys:
            click.echo(f"\n{title}")
            for key in keys:
                click.echo(f"  {key} = {setting(key, config.value(key))}")


def _show_metrics(latest: list[MetricPoint]) -> None:
    for stage, points in _stages(latest).items():
        click.echo(f"\n{stage_name(stage).capitalize()}, epoch {points[0].position.epoch:.2f}")
        for point in points:
            click.echo(f"  {point.name} = {measured(point.name, point.value)}")


def _summary(info: RunInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "name": info.name,
        "note": info.note,
        "status": info.status.value,
        "message": info.message,
        "executor": info.executor,
        "attempt": info.attempt,
        "created_at": info.created_at,
        "started_at": info.started_at,
        "finished_at": info.finished_at,
        "step": info.progress.position.step,
        "epoch": info.progress.position.epoch,
        "epochs": info.config.total_epochs,
        "device": info.progress.device,
        "config": info.config.to_dict(),
    }


def _row(info: RunInfo, latest: list[MetricPoint]) -> tuple[str, ...]:
    values = {point.name: point.value for point in latest}  # of the last stage: it comes last
    errors = [figure(metric_of(name), values[name]) for name in ERRORS if name in values]
    return (
        info.id,
        info.name,
        status_line(info).state,
        info.config.data.name,
        "-".join(map(str, info.config.layers)),
        f"{info.progress.position.epoch:.4g} of {info.config.total_epochs}",
        " / ".join(errors),
    )


def _latest(run: Run, names: tuple[str, ...] | None) -> list[MetricPoint]:
    """The newest point of each metric and stage, in the order of the stages."""
    newest = {(point.position.stage, point.name): point for point in run.metrics(names=names)}
    return list(newest.values())


def _stages(points: list[MetricPoint]) -> dict[str, list[MetricPoint]]:
    stages: dict[str, list[MetricPoint]] = {}
    for point in points:
        stages.setdefault(point.position.stage, []).append(point)
    return stages


def _by_stage(points: list[MetricPoint]) -> dict[str, dict[str, float]]:
    return {stage: {point.name: point.value for point in own} for stage, own in _stages(points).items()}
