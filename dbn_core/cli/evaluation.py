"""`evaluate`: figures of a trained run on held-out data, each with its unit and estimator."""

from typing import Any

import click

from dbn_core.cli.output import print_json, table
from dbn_core.errors import StoreError
from dbn_core.store import RunStore


@click.command()
@click.argument("run")
@click.option("--what", required=True, type=click.Choice(["likelihood", "classify"]), help="What to evaluate.")
@click.option("--chains", default=100, show_default=True, type=click.IntRange(2, 10_000), help="Annealing chains.")
@click.option(
    "--temperatures", default=10_000, show_default=True, type=click.IntRange(2, 1_000_000), help="Annealing steps."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def evaluate(run: str, what: str, chains: int, temperatures: int, as_json: bool) -> None:
    """Evaluate a run's newest state on its held-out images. RUN is a name or an id.

    likelihood: nats per image, exact where the top layer can be enumerated (at most 20 units on a side), else between
    annealed importance sampling and its reverse; about a minute for 500 units with the defaults on two cores.

    classify: share of wrong classes among all held-out images, in %, for every classifier that the run has.
    """
    # torch is loaded here and not before, so that help and mistakes in the command cost nothing.
    from dbn_core.inference.classification import classify
    from dbn_core.inference.evaluation import log_likelihood

    with RunStore.from_environment() as store:
        found = store.run(run)
        saved = found.checkpoints()
        if not saved:
            raise StoreError(f"Run {found.info().name!r} has no saved state yet. Train it first.")
        where = (store.url, found.id, saved[-1].id)
        if what == "classify":
            answer, show = classify(*where), _show_classification
        else:
            answer, show = log_likelihood(*where, chains, temperatures), _show_likelihood
    if as_json:
        print_json({"event": "evaluation", "run": found.id, "what": what, "metrics": answer["metrics"]})
    else:
        show(answer)


def _show_likelihood(answer: dict[str, Any]) -> None:
    click.echo(f"{answer['kind']} of {answer['images']:,} held-out images, {answer['binarisation']}")
    table(("figure", "nats"), [(name, f"{value:.2f}") for name, value in answer["metrics"].items()])
    if answer["warning"]:
        click.echo(answer["warning"], err=True)


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
