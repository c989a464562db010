"""`evaluate`: figures of a trained run on held-out data, each with its unit and estimator."""

import math
from typing import Any

import click

from dbn_core.cli.output import print_json, table
from dbn_core.errors import StoreError
from dbn_core.store import RunStore
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def evaluate(run: str, what: str, chains: int, temperatures: int, samples: int, as_json: bool) -> None:
    """Evaluate a run's newest state on its held-out images. RUN is a name or an id.

    likelihood: nats per image, exact where the top layer can be enumerated (at most 20 units on a side), else between
    annealed importance sampling and its reverse; about a minute for 500 units with the defaults on two cores.

    classify: share of wrong classes among all held-out images, in %, for every classifier that the run has.

    generate: how good dreams are, beside held-out images, noise, copies of the training set and a VAE, by measures of
    diversity and of sharpness; the first time for a data set a small network is trained to judge them.

    The figures are kept with the run, as metrics of the stage `evaluation`.
    """
    # torch is loaded here and not before, so that help and mistakes in the command cost nothing.
    from dbn_core.inference.classification import classify
    from dbn_core.inference.generation import sample_quality
    from dbn_core.inference.likelihood import likelihood_cost, log_likelihood

    with RunStore.from_environment() as store:
        found = store.run(run)
        saved = found.checkpoints()
        if not saved:
            raise StoreError(f"Run {found.info().name!r} has no saved state yet. Train it first.")
        where = (store.url, found.id, saved[-1].id)
        if what == "classify":
            answer, show = classify(*where), _show_classification
        elif what == "generate":
            answer, show = sample_quality(*where, samples), _show_quality
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
