"""`evaluate`: figures of a trained run on held-out data, each with its unit and estimator."""

import math
from pathlib import Path
from typing import Any

import click
import numpy as np

from dbn_core.cli.output import print_json, table
from dbn_core.errors import StoreError
from dbn_core.store import Run, RunStore
from dbn_core.view.reconstructions import strip
from dbn_core.view.words import figure


@click.command()
@click.argument("run")
@click.option(
    "--what", required=True, type=click.Choice(["likelihood", "classify", "generate"]), help="What to evaluate."
)
@click.option("--chains", default=100, show_default=True, type=click.IntRange(2, 10_000), help="Annealing chains.")
@click.option(
    "--temperatures", default=10_000, show_default=True, type=click.IntRange(2, 1_000_000), help="Annealing steps."
)
@click.option("--samples", default=1000, show_default=True, type=click.IntRange(50, 10_000), help="Dreams to score.")
@click.option("--vae", metavar="RUN", help="A run whose VAE is scored beside the dreams; without it the run's own.")
@click.option(
    "--pictures",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write 20 samples above their nearest training images to this .png file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def evaluate(
    run: str,
    what: str,
    chains: int,
    temperatures: int,
    samples: int,
    vae: str | None,
    pictures: Path | None,
    as_json: bool,
) -> None:
    """Evaluate a run's newest state on its held-out images. RUN is a name or an id.

    likelihood: nats per image, exact where the top layer can be enumerated (at most 20 units on a side), else between
    annealed importance sampling and its reverse; about a minute for 500 units with the defaults on two cores.

    classify: share of wrong classes among all held-out images, in %, for every classifier that the run has.

    generate: how good dreams are, beside held-out images, noise, copies of the training set and a VAE, by measures of
    diversity and of sharpness; the first time for a data set a small network is trained to judge them. --vae and
    --pictures are for this one.

    The figures are kept with the run, as metrics of the stage `evaluation`.
    """
    _refuse_misplaced(what, vae, pictures)
    # torch is loaded here and not before, so that help and mistakes in the command cost nothing.
    from dbn_core.inference.classification import classify
    from dbn_core.inference.generation import sample_quality
    from dbn_core.inference.likelihood import likelihood_cost, log_likelihood

    with RunStore.from_environment() as store:
        found = store.run(run)
        where = (store.url, *_newest(found))
        if what == "classify":
            answer, show = classify(*where), _show_classification
        elif what == "generate":
            other = None if vae is None else _newest(store.run(vae))
            answer, show = sample_quality(*where, samples, vae=other), _show_quality
            if pictures is not None:
                _write_pairs(answer["pairs"]["pictures"], pictures)
        else:
            _say_cost(likelihood_cost(*where, chains, temperatures)["seconds"])
            answer, show = log_likelihood(*where, chains, temperatures), _show_likelihood
        kept = answer.get("figures", answer["metrics"])
        found.keep_figures(answer["position"], {name: value for name, value in kept.items() if math.isfinite(value)})
    if as_json:
        print_json({"event": "evaluation", "run": found.id, "what": what, "metrics": answer["metrics"]})
    else:
        show(answer)
    if answer.get("warning"):
        click.echo(answer["warning"], err=True)


def _refuse_misplaced(what: str, vae: str | None, pictures: Path | None) -> None:
    for name, value in (("--vae", vae), ("--pictures", pictures)):
        if value is not None and what != "generate":
            raise click.UsageError(f"{name} is for --what generate, not for {what}.")
    if pictures is not None and pictures.suffix.lower() != ".png":
        raise click.BadParameter(f"{str(pictures)!r} must end in .png.", param_hint="--pictures")


def _newest(run: Run) -> tuple[str, int]:
    """(id of the run, id of its last checkpoint)."""
    saved = run.checkpoints()
    if not saved:
        raise StoreError(f"Run {run.info().name!r} has no saved state yet. Train it first.")
    return run.id, saved[-1].id


def _write_pairs(pairs: np.ndarray, target: Path) -> None:
    """uint8 (2, samples, height, width[, 3]), samples above their nearest training images."""
    try:
        target.write_bytes(strip(pairs, pairs.shape[1], "light", scale=2))
    except OSError as error:
        raise StoreError(f"Cannot write {target}: {error.strerror}. Choose another file.") from error


def _say_cost(seconds: float) -> None:
    """Said before it starts, where it is worth waiting for; on standard error, so that JSON stays alone."""
    if seconds >= 2:
        span = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
        click.echo(f"This will take about {span} on this machine; Ctrl-C gives it up.", err=True)


def _show_likelihood(answer: dict[str, Any]) -> None:
    click.echo(f"{answer['kind']} of {answer['images']:,} held-out images, {answer['binarisation']}")
    table(("figure", "nats"), [(name, f"{value:.2f}") for name, value in answer["metrics"].items()])


def _show_quality(answer: dict[str, Any]) -> None:
    click.echo(
        f"{answer['count']:,} images of each source against {answer['reference']:,} training images; dreams: "
        f"{answer['scored']} after {answer['steps']} Gibbs steps from noise, seed {answer['seed']}"
    )
    rows = answer["rows"]
    names = list(dict.fromkeys(name for row in rows for name in row["measures"]))
    table(
        ("measure", *(row["key"] for row in rows)),
        [(name, *(_measured(row["measures"].get(name)) for row in rows)) for name in names],
    )
    if answer["judge"] is not None:
        click.echo(f"The judge is wrong on {answer['judge']['error']:.2f} % of the held-out images.")


def _measured(value: float | None) -> str:
    return "–" if value is None else figure(value)


def _show_classification(answer: dict[str, Any]) -> None:
    rows, names = answer["rows"], answer["label_names"]
    click.echo(f"{answer['unit']}, of {answer['images']:,}")
    table(
        ("classifier", "error", "± standard error", "loss (nats)"),
        [
            (row["classifier"], f"{row['error']:.2f} %", f"{row['error_deviation']:.2f}", f"{row['loss']:.4f}")
            for row in rows
        ],
    )
    for row in rows:
        click.echo(f"\n{row['classifier']}: errors by class")
        errors = [
            (name, "none to judge" if error is None else f"{error:.2f} %")
            for name, error in zip(names, row["class_errors"], strict=True)
        ]
        table(("class", "error"), errors)
