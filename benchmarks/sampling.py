"""How fast the lab dreams: many chains in the top RBM, and one frame of a dream that somebody watches.

python -m benchmarks.sampling [--dreams 1000] [--steps 200] [--repeat 3]
"""

import argparse
import statistics
import time

import torch

from benchmarks.machine import this_machine
from dbn_core.inference.generative_net import GenerativeNet, dream_many
from dbn_core.models import DBN
from dbn_core.models.dbn import gibbs_step

SIZES = (784, 500, 500, 2000)
LABELS = 10
WANTED = 30.0  # seconds for 1,000 dreams of 200 steps
WATCHED = 50  # chains of a dream on the page


def net(generator: torch.Generator) -> GenerativeNet:
    """A network with label units, its weights ten times those of a start: units are neither all even nor all off."""
    dbn = DBN(SIZES, LABELS, generator=generator)
    for rbm in dbn.layers:
        rbm.W.mul_(10)
    below = len(dbn.layers) - 1
    return GenerativeNet(dbn.layers[-1], lambda v: dbn.up(v, below), lambda h: dbn.down(h, below), below)


def products(model: GenerativeNet, dreams: int, steps: int) -> float:
    """Seconds of the two matrix products of each step alone: the limit."""
    top = model.top
    h = torch.rand(dreams, top.n_hidden)
    v, up = torch.empty(dreams, top.n_visible), torch.empty_like(h)
    started = time.perf_counter()
    for _ in range(steps):
        torch.mm(h, top.W, out=v)
        torch.mm(v, top.W.t(), out=up)
    return time.perf_counter() - started


def dreaming(model: GenerativeNet, dreams: int, steps: int, generator: torch.Generator) -> float:
    """Seconds for all dreams, a class held in each, down to their pixels."""
    started = time.perf_counter()
    dream_many(model, dreams, steps, torch.arange(dreams) % LABELS, generator)
    return time.perf_counter() - started


def watching(model: GenerativeNet, steps: int, generator: torch.Generator) -> float:
    """Steps a second of a dream on the page, every second one passed down to be seen."""
    top = model.top
    held = torch.eye(LABELS).repeat(WATCHED // LABELS, 1)
    h = torch.bernoulli(torch.full((WATCHED, top.n_hidden), 0.5), generator=generator)
    started = time.perf_counter()
    for step in range(steps):
        v_mean, v, h = gibbs_step(top, h, held, 1.0, generator)
        if step % 2:
            model.down(v_mean[:, :-LABELS])
            top.free_energy(v)
    return steps / (time.perf_counter() - started)


@torch.no_grad()
def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dreams", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    here = this_machine()
    torch.set_flush_denormal(True)
    generator = torch.Generator().manual_seed(0)
    model = net(generator)
    dreaming(model, 100, 3, generator)  # the first products are slower
    limits: list[float] = []
    timed: list[float] = []
    for _ in range(options.repeat):  # in turns, so that a busy moment hits both
        limits.append(products(model, options.dreams, options.steps))
        timed.append(dreaming(model, options.dreams, options.steps, generator))
    limit, seconds = statistics.median(limits), statistics.median(timed)
    print("\n".join(here.describe()))
    print(f"network {'-'.join(map(str, SIZES))} with {LABELS} label units, top RBM {SIZES[-2]}-{SIZES[-1]}")
    print(f"{options.dreams:,} dreams of {options.steps} Gibbs steps: {seconds:.1f} s (median of {options.repeat})")
    print(f"  the matrix products of the steps alone: {limit:.1f} s, so {100 * limit / seconds:.0f} % of the limit")
    if (options.dreams, options.steps) == (1000, 200):
        print(f"  wanted: under {WANTED:.0f} s: {'reached' if seconds < WANTED else 'not reached'}")
    print(f"a watched dream, {WATCHED} chains: {watching(model, options.steps, generator):.0f} steps/s")


if __name__ == "__main__":
    main()
