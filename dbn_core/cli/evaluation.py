"""`evaluate`: figures of a trained run on held-out data, each with its unit and estimator."""

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import numpy as np

from dbn_core.classifiers import label_of
from dbn_core.cli.output import figure, print_json, table
from dbn_core.errors import StoreError
from dbn_core.metric_table import metric_of
from dbn_core.questions.classification import Classification
from dbn_core.questions.likelihood import Likelihood
from dbn_core.questions.quality import Scored
from dbn_core.store import Run, RunStore
from dbn_core.view.reconstructions import strip

WRONG = metric_of("test_error")


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
        wanted = store.run(run)
        where = (store.url, *_state_of(wanted))
        warning = ""
        if what == "classify":
            answer = classify(*where)
            kept, show = answer["metrics"], partial(_show_classification, answer)
        elif what == "generate":
            other = None if vae is None else _state_of(store.run(vae))
            answer = sample_quality(*where, samples, vae=other)
            kept, show = answer["figures"], partial(_show_quality, answer)
            if pictures is not None:
                _write_pairs(answer["pairs"]["pictures"], pictures)
        else:
            _say_cost(likelihood_cost(*where, chains, temperatures)["seconds"])
            answer = log_likelihood(*where, chains, temperatures)
            kept, show, warning = answer["metrics"], partial(_show_likelihood, answer), answer["warning"]
        wanted.keep_figures(answer["position"], {name: value for name, value in kept.items() if math.isfinite(value)})
    if as_json:
        print_json({"event": "evaluation", "run": wanted.id, "what": what, "metrics": answer["metrics"]})
    else:
        show()
    if warning:
        click.echo(warning, err=True)


def _refuse_misplaced(what: str, vae: str | None, pictures: Path | None) -> None:
    for name, value in (("--vae", vae), ("--pictures", pictures)):
        if value is not None and what != "generate":
            raise click.UsageError(f"{name} is for --what generate, not for {what}.")
    if pictures is not None and pictures.suffix.lower() != ".png":
        raise click.BadParameter(f"{str(pictures)!r} must end in .png.", param_hint="--pictures")


def _state_of(run: Run) -> tuple[str, int]:
    return run.id, run.require_checkpoint().id


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


def _show_likelihood(answer: Likelihood) -> None:
    click.echo(f"{answer['kind']} of {answer['images']:,} held-out images, {answer['binarisation']}")
    rows = {metric_of(name).finer: value for name, value in answer["metrics"].items()}
    table(
        ("figure", "value", "unit", "how"),
        [(row.name, figure(row, value), row.unit, row.estimator) for row, value in rows.items()],
    )


def _show_quality(answer: Scored) -> None:
    click.echo(
        f"{answer['count']:,} images of each source against {answer['reference']:,} training images; dreams: "
        f"{answer['scored']} after {answer['steps']} Gibbs steps from noise, seed {answer['seed']}"
    )
    rows = answer["rows"]
    names = dict.fromkeys(name for row in rows for name in row["measures"])
    measures = {name: replace(metric_of(f"samples.real.{name}"), name=name) for name in names}
    table(
        ("measure", *(row["key"] for row in rows), "unit"),
        [
            (row.name, *(figure(row, source["measures"].get(name)) for source in rows), row.unit)
            for name, row in measures.items()
        ],
    )
    if answer["judge"] is not None:
        click.echo(f"The judge is wrong on {WRONG.said(answer['judge']['error'])} of the held-out images.")


def _show_classification(answer: Classification) -> None:
    rows, names = answer["rows"], answer["label_names"]
    click.echo(f"{answer['unit']}, of {answer['images']:,}")
    loss = metric_of("loss").finer
    table(
        ("classifier", "error", "± standard error", f"loss ({loss.sign})"),
        [
            (
                label_of(row["classifier"]),
                WRONG.said(row["error"]),
                WRONG.text(row["error_deviation"]),
                loss.text(row["loss"]),
            )
            for row in rows
        ],
    )
    for row in rows:
        click.echo(f"\n{label_of(row['classifier'])}: errors by class")
        errors = [
            (name, "none to judge" if error is None else WRONG.said(error))
            for name, error in zip(names, row["class_errors"], strict=True)
        ]
        table(("class", "error"), errors)
