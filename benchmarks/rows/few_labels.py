"""Test error, %, with 100, 1,000 and 10,000 labels: the net pretrained on all images without labels, and from scratch.

The labelled images are balanced over the classes and drawn anew for each of a few seeds; figures are means over them.
"""

from collections.abc import Callable
from statistics import mean, stdev

from benchmarks.rows.bench import Bench
from benchmarks.rows.classification import fine_tuned, pretrained
from benchmarks.rows.row import Outcome, Row


def _scarce(labels: int, batch_size: int, epochs: int, seeds: int) -> Callable[[Bench], Outcome]:
    def measure(bench: Bench) -> Outcome:
        start = pretrained(bench, joint=False)
        errors: dict[str, list[float]] = {"pretrained": [], "from scratch": []}
        seconds, settings, draws = start.seconds, {}, bench.pick(min(seeds, 2), seeds)
        for seed in range(bench.seed, bench.seed + draws):
            values = {
                "seed": seed,
                "batch_size": batch_size,
                "finetune.epochs": epochs,
                "finetune.labels": min(labels, len(bench.dataset.train)),
                "finetune.dropout": 0.2,
            }
            for name, begin in (("pretrained", start), ("from scratch", None)):
                bench.say(f"{labels:,} labels, {name}, seed {seed}")
                done, error = fine_tuned(bench, values, begin)
                errors[name].append(error)
                seconds += done.seconds - (start.seconds if begin else 0)
                settings = settings or done.settings
        spread = [f"{name} {stdev(of_draws):.2f}" for name, of_draws in errors.items() if len(of_draws) > 1]
        note = f"mean of {draws} draws of labels" + (f", deviation: {', '.join(spread)}" if spread else "")
        return Outcome({name: mean(of_draws) for name, of_draws in errors.items()}, seconds, settings, note)

    return measure


def _row(labels: int, published: str, batch_size: int, epochs: int, seeds: int) -> Row:
    measure = _scarce(labels, batch_size, epochs, seeds)
    return Row(f"labels-{labels}", f"DBN 500-500-2000, {labels:,} labels", "%", published, measure)


ROWS = (
    _row(100, "18.30, random start 23.98 (boltzmann-machines)", 10, 100, 5),
    _row(1000, "6.35, random start 11.29 (the same)", 20, 40, 3),
    _row(10_000, "2.73, random start 5.27 (the same)", 100, 30, 1),
)
