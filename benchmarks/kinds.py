"""Do other kinds of units, deep stacks and few images learn where nobody sets anything else?

    python -m benchmarks.kinds [--only "NAME;NAME"] [--without]

Each choice on the bundled digits with the settings that go with it; `--without` leaves these out, as a comparison.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
import torch

from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.config.fitting import with_choices
from dbn_core.config.stages import layer_stage
from dbn_core.data import load_dataset
from dbn_core.errors import DivergedError
from dbn_core.training import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl
from dbn_core.training.start import new_learner

REAL: dict[str, Any] = {"visible": "gaussian"}
WIDE: dict[str, Any] = {"layers": [1000], "training.momentum_switch": 0}  # with momentum at once: what diverges does so
CHOICES: dict[str, dict[str, Any]] = {
    "gaussian": REAL,
    "gaussian, 1,000 units": REAL | WIDE | {"epochs": 4},
    "gaussian, whitened": REAL | {"data.preprocessing": "zca"},
    "gaussian, RobustScaler": REAL | {"data.preprocessing": "robust"},
    "gaussian, PCD": REAL | {"training.method": "pcd"},
    "gaussian, PCD, 1,000 units": REAL | {"training.method": "pcd", "layers": [1000], "epochs": 4},
    "gaussian and rectified": REAL | {"hidden": "relu"},
    "gaussian and rectified, 1,000 units": REAL | WIDE | {"hidden": "relu", "epochs": 4},
    "rectified, 1,000 units": WIDE | {"hidden": "relu", "epochs": 4},
    "rectified, PCD, 1,000 units": {"hidden": "relu", "training.method": "pcd", "layers": [1000], "epochs": 4},
    "stepped, 500 units": {"hidden": "stepped", "layers": [500], "training.momentum_switch": 0, "epochs": 4},
    "500-500-2000": {"layers": [500, 500, 2000]},
    "500-500-2000, PCD": {"layers": [500, 500, 2000], "training.method": "pcd"},
    "500 images": {"data.train_size": 500},
}
COUNTED = ("dead_units", "always_on_units", "constant_units")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended ("" for well), the last figures of each layer, and seconds of processor time."""

    failure: str
    layers: Sequence[Mapping[str, float]]
    seconds: float


def configuration(choice: Mapping[str, Any], *, fitted: bool = True, seed: int = 0) -> RunConfig:
    """The choice with what goes with it, or, not `fitted`, with the lab's defaults."""
    values = {**choice, "seed": seed}
    return with_choices(RunConfig(), values) if fitted else RunConfig().with_values(values)


def outcome(config: RunConfig) -> Outcome:
    """Trained to its end, or as far as its weights are numbers."""
    began, recorder, failure = time.process_time(), MemoryRecorder(), ""
    learner = new_learner(config, load_dataset(config.data.name), torch.device("cpu"))
    plan = run_plan(config, Cadence(cost_share=0.01))
    try:
        train(learner, plan, config, recorder, NullControl())
    except DivergedError:
        failure = f"diverged by epoch {recorder.rows[-1][0].epoch:.1f}"
    last: dict[str, dict[str, float]] = {}
    for position, values in recorder.rows:
        last.setdefault(position.stage, {}).update(values)
    layers = [last.get(layer_stage(depth), {}) for depth in range(1, len(config.layers) + 1)]
    return Outcome(failure, layers, time.process_time() - began)


def as_row(name: str, result: Outcome) -> str:
    """Markdown; figures of layers in their order."""
    counts = "; ".join(", ".join(f"{layer.get(key, 0):.0f}" for key in COUNTED) for layer in result.layers)
    activity = ", ".join(f"{100 * layer.get('sparsity', 0):.1f}" for layer in result.layers)
    error = ", ".join(f"{layer.get('heldout_recon_mse', 0):.4f}" for layer in result.layers)
    cells = [name, result.failure or "ended", counts, activity, error, f"{result.seconds:.0f}"]
    return f"| {' | '.join(cells)} |"


@click.command(help="Kinds of units, deep stacks and few images at the settings that go with them.")
@click.option("--only", metavar="NAME;NAME", help="These choices: " + "; ".join(CHOICES) + ".")
@click.option("--without", is_flag=True, help="At the lab's defaults instead.")
def main(*, only: str | None, without: bool) -> None:
    """Measure and print."""
    torch.set_flush_denormal(True)
    wanted = [name.strip() for name in only.split(";")] if only else list(CHOICES)
    if strangers := [name for name in wanted if name not in CHOICES]:
        raise click.BadParameter(f"there is no choice {strangers[0]!r}; choose from {'; '.join(CHOICES)}.")
    click.echo("\n".join([*this_machine().describe(), f"{torch.get_num_threads()} threads", ""]))
    click.echo("| choice | run | dead, always on, constant | activity, % | held-out error | s of processor time |")
    click.echo("|---|---|---|---|---|---:|")
    for name in wanted:
        click.echo(as_row(name, outcome(configuration(CHOICES[name], fitted=not without))))


if __name__ == "__main__":
    main()
