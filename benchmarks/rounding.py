"""Does rounding the products of training harm what is learnt? Held-out log-likelihood, nats an image, by precision.

    DBN_DATA=... python -m benchmarks.rounding [--epochs 10] [--seeds 3] [--temperatures 5000]

An RBM of 16 hidden units, whose log Z is exact, and one of 500, by AIS and its reverse; both learn by centred PCD-1.
On a CUDA device the products are the device's own. The processor has no TF32, so there it is played: the factors of
each product lose the bits that a GPU would not read. Whatever is learnt, the likelihood is computed in float32 and
float64.
"""

import math
import os
import statistics
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import click
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from benchmarks.likelihoods import likelihoods
from benchmarks.machine import this_machine
from dbn_core.config import RunConfig
from dbn_core.data.catalogue import dataset_info
from dbn_core.models.mixed import has_bfloat16_products
from dbn_core.training.learners.matrix_products import has_tf32_products

SIZES = (16, 500)  # hidden units
SETTINGS: dict[str, Any] = {
    "data.preprocessing": "bernoulli",
    "training.method": "pcd",
    "training.centring": True,
    "training.schedule": "linear",
    "training.weight_decay": 0.0,
}


class PlayedTF32(TorchDispatchMode):
    """A device with TF32, played on the processor: heeds the switch of CUDA's products and rounds as a GPU does.

    Of the 23 bits behind a factor's leading one the last 13 are not read, which is the most that a GPU may leave out.
    """

    PRODUCTS = (torch.ops.aten.mm, torch.ops.aten.addmm, torch.ops.aten.addmm_, torch.ops.aten.bmm)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.overloadpacket in self.PRODUCTS and torch.backends.cuda.matmul.fp32_precision == "tf32":
            args = (*args[:-2], *(as_tf32(factor) for factor in args[-2:]))
        return func(*args, **(kwargs or {}))


def as_tf32(factor: Tensor) -> Tensor:
    """A float32 factor as a product in TF32 reads it; others as they are."""
    return (factor.view(torch.int32) & ~0x1FFF).view(torch.float32) if factor.dtype == torch.float32 else factor


def precisions(device: torch.device) -> list[str]:
    """Those that the device has, float32 first; TF32 is played where it is not."""
    return ["float32", "tf32", *(["mixed"] if has_bfloat16_products(device) else [])]


def log_likelihoods(config: RunConfig, device: torch.device, temperatures: int) -> dict[str, float]:
    """`likelihoods` in this precision, played where the device lacks it."""
    played: AbstractContextManager[object] = nullcontext() if has_tf32_products(device) else PlayedTF32()
    return likelihoods(config, device, temperatures, played)


def line(precision: str, hidden: int, figures: Sequence[dict[str, float]], exact: Sequence[dict[str, float]]) -> str:
    """A row of the table: each seed's figures, and how far their mean is from that of float32.

    A seed counts with what is exact, or half-way between AIS and its reverse; behind ± the standard error of the means'
    difference, where there are several seeds.
    """
    told = ", ".join(" / ".join(f"{value:.2f}" for value in seed.values()) for seed in figures)
    own, reference = ([statistics.mean(seed.values()) for seed in seeds] for seeds in (figures, exact))
    off = statistics.mean(own) - statistics.mean(reference)
    if min(len(own), len(reference)) < 2:
        return f"| 784-{hidden} | {precision} | {told} | {off:+.2f} |"
    unsure = math.sqrt(sum(statistics.variance(one) / len(one) for one in (own, reference)))
    return f"| 784-{hidden} | {precision} | {told} | {off:+.2f} ± {unsure:.2f} |"


def table(
    device: torch.device, data: str, epochs: int, seeds: int, temperatures: int, say: Callable[[str], object]
) -> None:
    """Say the table row by row."""
    say("| RBM | precision | by seed: exact, or AIS / reverse AIS | mean less float32's |")
    say("|---|---|---|---:|")
    for hidden in SIZES:
        exact: list[dict[str, float]] = []
        for precision in precisions(device):
            figures = [
                log_likelihoods(configuration(data, hidden, precision, seed, epochs), device, temperatures)
                for seed in range(seeds)
            ]
            exact = exact or figures
            say(line(precision, hidden, figures, exact))


def configuration(data: str, hidden: int, precision: str, seed: int, epochs: int) -> RunConfig:
    """One training."""
    flat = {"data.name": data, "layers": [hidden], "precision": precision, "seed": seed, "epochs": epochs}
    return RunConfig().with_values(SETTINGS | flat)


@click.command(help="Held-out log-likelihood of RBMs trained with products in float32, in TF32 and in bfloat16.")
@click.option("--epochs", type=click.IntRange(min=1), default=10, show_default=True)
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--temperatures", type=click.IntRange(min=2), default=5000, show_default=True, help="Of AIS.")
def main(*, epochs: int, seeds: int, temperatures: int) -> None:
    """Measure and print."""
    torch.set_flush_denormal(True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = "mnist" if dataset_info("mnist").is_present() else "digits"
    how = "the device's own" if has_tf32_products(device) else "played on the processor"
    click.echo("\n".join([*this_machine().describe(), f"{data}, {epochs} epochs of centred PCD-1; TF32 is {how}", ""]))
    table(device, data, epochs, seeds, temperatures, click.echo)


if __name__ == "__main__":
    main()
