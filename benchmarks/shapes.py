"""Does the cost of an update grow as its matrix products do? Sizes, batches and estimators beside their own limit.

Each row is one epoch of updates of one RBM (the last row: of each of three), nothing recorded, beside the bare matrix
products of those very updates in the same round. If cost is linear in images, units and k, the share of the limit stays
level over the rows.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import torch

from benchmarks.engine import updates
from benchmarks.peers import Round
from dbn_core.config import RunConfig

SIZES = ((784, 500), (500, 2000))
BATCHES = (20, 100, 500)
RULES = (("cd", 1), ("cd", 10), ("pcd", 1))
STACK, STACK_BATCH = (784, 500, 500, 2000), 100


@dataclass
class Shape:
    """One row: seconds of each round, of the updates and of their products."""

    name: str  # 784-500, batch 100, CD-1
    images: int
    work: int  # multiply-adds of the products, for each image
    train: Round
    limit: Round
    trained: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Median of an epoch."""
        return statistics.median(self.trained)

    @property
    def of_limit(self) -> float:
        """Median of the products beside the median of the updates."""
        return statistics.median(self.bare) / self.seconds

    @property
    def nanoseconds(self) -> float:
        """Of an update, for each multiply-add of its products."""
        return self.seconds * 1e9 / (self.images * self.work)


def shapes(images: int, batches: Sequence[int] = BATCHES) -> list[Shape]:
    """All rows; images are random grey values, for speed does not depend on what they show."""
    generator = torch.Generator().manual_seed(0)
    rows: list[Shape] = []
    for visible, hidden in SIZES:
        pixels = torch.randint(0, 256, (images, visible), dtype=torch.uint8, generator=generator)
        for batch in batches:
            for method, k in RULES:
                rule = {"training.method": method, "training.k": k, "training.chains": batch}
                config = _config([hidden], batch).with_values(rule)
                products = _products(method, k)
                limit = _limit(images, batch, visible, hidden, products)
                name = f"{visible}-{hidden}, batch {batch}, {method.upper()}-{k}"
                train = updates(config, pixels, pixels[:100])
                rows.append(Shape(name, images, visible * hidden * products, train, limit))
    return [*rows, _stack(images)]


def _stack(images: int) -> Shape:
    """A deep network, an epoch a layer: the way up through the layers that are done is part of it."""
    pixels = torch.randint(0, 256, (images, STACK[0]), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    pairs, products = list(pairwise(STACK)), _products("cd", 1)
    limits = [_limit(images, STACK_BATCH, visible, hidden, products) for visible, hidden in pairs]
    work = products * sum(visible * hidden for visible, hidden in pairs)
    name = f"{'-'.join(map(str, STACK))}, batch {STACK_BATCH}, CD-1, an epoch a layer"
    train = updates(_config(STACK[1:], STACK_BATCH), pixels, pixels[:100])
    return Shape(name, images, work, train, lambda: sum(limit() for limit in limits))


def _config(layers: Sequence[int], batch: int) -> RunConfig:
    return RunConfig().with_values({"layers": list(layers), "batch_size": batch, "epochs": 1, "device": "cpu"})


def measure(rows: Sequence[Shape], rounds: int) -> None:
    """One uncounted round, then `rounds` that count; updates and products take turns."""
    for number in range(rounds + 1):
        for row in rows:
            trained, bare = row.train(), row.limit()
            if number:
                row.trained.append(trained)
                row.bare.append(bare)


def as_text(rows: Sequence[Shape]) -> str:
    """The table."""
    lines = [
        "| RBM, batch, rule | images/s | of the limit | ps per multiply-add |",
        "|---|---:|---:|---:|",
    ]
    for row in rows:
        rate = row.images / row.seconds
        lines.append(f"| {row.name} | {rate:,.0f} | {100 * row.of_limit:.0f} % | {1000 * row.nanoseconds:.1f} |")
    return "\n".join(lines)


def _products(method: str, k: int) -> int:
    """Matrix products of an update: up for the data, up and down for each step, up at the end, two for the gradient.

    CD shares the data's way up with its chain; persistent chains make one of their own.
    """
    return 2 * k + (3 if method == "cd" else 4)


def _limit(images: int, batch: int, visible: int, hidden: int, products: int) -> Round:
    """Seconds of that many products for every batch: half of them between the layers, half for the gradient."""
    v, W = torch.rand(batch, visible), torch.randn(hidden, visible) * 0.01
    h = torch.sigmoid(v @ W.t())
    up, down, gradient = torch.empty_like(h), torch.empty_like(v), torch.empty_like(W)
    count, ways = -(-images // batch), products - 2

    def fit() -> float:
        started = time.perf_counter()
        for _ in range(count):
            for way in range(ways):
                if way % 2:
                    torch.mm(h, W, out=down)
                else:
                    torch.mm(v, W.t(), out=up)
            torch.mm(h.t(), v, out=gradient)
            torch.mm(h.t(), v, out=gradient)
        return time.perf_counter() - started

    return fit
