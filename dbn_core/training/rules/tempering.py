"""Parallel tempering: copies of the persistent chains at several temperatures, which swap places.

(Desjardins et al. 2010; Cho, Raiko & Ilin 2010.) The copies stand on the path of `likelihood.path`, from the base rates
of the data (t = 0: independent units, each step a fresh sample) to the model (t = 1: these are the chains of the
negative phase). Hot copies wander freely and cold ones exploit; a swap of neighbours i, i + 1 is accepted with

    min(1, exp(F_i(v_i) + F_i+1(v_i+1) - F_i(v_i+1) - F_i+1(v_i))),      F_t(v) = -log p*_t(v),

the free energy AT that temperature, hidden units summed out (t F(v) would be the free energy of another model). With h
summed out more swaps are accepted than by the joint energy. Even and odd pairs take turns.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from dbn_core.likelihood.path import Path
from dbn_core.models import RBM
from dbn_core.training.rules.gradients import Gradient, Offsets, Phases

MEMORY = 0.98  # of the running acceptance, per attempt of a pair
ADAPTATION = 0.005  # step of the logarithms of the gaps towards equal acceptance; assumed, slow against MEMORY


@dataclass
class Replicas:
    """The copies and what is known of their swaps; all of it is in the checkpoint."""

    states: Tensor  # (temperatures, chains, visible), the coldest copies last
    temperatures: Tensor  # (temperatures,) t from 0 to 1
    base: Tensor  # (visible,) biases of the base model
    acceptance: Tensor  # (temperatures - 1,) running share of accepted swaps of each pair
    sweeps: Tensor  # () int64 on the CPU: swap sweeps so far; even ones try pairs 0, 2, ..., odd ones 1, 3, ...

    @classmethod
    def start(
        cls, rbm: RBM, base: Tensor, chains: int, temperatures: int, generator: torch.Generator | None = None
    ) -> "Replicas":
        """All copies as samples of the base model, temperatures evenly spaced."""
        states = Path(rbm, base).start(temperatures * chains, generator).view(temperatures, chains, -1)
        ladder = torch.linspace(0, 1, temperatures, device=base.device, dtype=base.dtype)
        unknown = torch.zeros(temperatures - 1, device=base.device, dtype=base.dtype)
        return cls(states, ladder, base.clone(), unknown, torch.zeros((), dtype=torch.int64))

    @property
    def coldest(self) -> Tensor:
        """The chains of the model itself, (chains, visible), a view."""
        return self.states[-1]

    def tensors(self) -> dict[str, Tensor]:
        """By name, for a checkpoint."""
        return {
            "replicas.states": self.states,
            "replicas.temperatures": self.temperatures,
            "replicas.base": self.base,
            "replicas.acceptance": self.acceptance,
            "replicas.sweeps": self.sweeps,
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`, in place."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name])


def tempered_phases(
    rbm: RBM, v: Tensor, replicas: Replicas, k: int = 1, *, generator: torch.Generator | None = None
) -> Phases:
    """Both phases; `replicas` goes on by k rounds, IN PLACE: neighbours swap, then all take a Gibbs step."""
    h_data = rbm.hidden_mean(v)
    for _ in range(k):
        _round(rbm, replicas, generator)
    coupling, chains = rbm.visible_units.coupling, replicas.coldest
    return Phases(coupling(v), h_data, coupling(chains), rbm.hidden_mean(chains))


def parallel_tempering(
    rbm: RBM,
    v: Tensor,
    replicas: Replicas,
    k: int = 1,
    *,
    offsets: Offsets | None = None,
    generator: torch.Generator | None = None,
) -> Gradient:
    """The estimate of the gradient of log p at a batch by parallel tempering; `replicas` advances in place."""
    return tempered_phases(rbm, v, replicas, k, generator=generator).gradient(offsets)


def adapt(replicas: Replicas, step: float = ADAPTATION) -> None:
    """Move the inner temperatures a little, so that every pair swaps about as often: wider gaps where more is accepted.

    The ends stay at 0 and 1. While temperatures move the chains are not exactly at their distributions; so it is with
    the parameters, which move at every update too.
    """
    gaps = replicas.temperatures.diff().log() + step * (replicas.acceptance - replicas.acceptance.mean())
    inner = torch.softmax(gaps, 0).cumsum(0)[:-1]
    replicas.temperatures[1:-1] = inner


def swap_log_ratio(path: Path, v: Tensor, field: Tensor, t: Tensor, other: Tensor) -> Tensor:
    """What a state's move from temperature t to `other` adds to the logarithm of the joint probability, (..., chains).

    log p*_other(v) - log p*_t(v); v (..., chains, visible), field = c + W v, t and other (...). The ratio of a swap is
    the sum of both partners' moves.
    """
    gain = path.gain(v.flatten(0, -2)).view(v.shape[:-1])
    here, there = t[..., None, None], other[..., None, None]
    return gain * (other - t)[..., None] + path.rbm.hidden_units.partition_change(field * here, field * there)


def _round(rbm: RBM, replicas: Replicas, generator: torch.Generator | None) -> None:
    path, states, t = Path(rbm, replicas.base), replicas.states, replicas.temperatures[:, None, None]
    field = rbm.hidden_field(states.flatten(0, 1)).view(*states.shape[:2], -1)
    _swap(path, replicas, field, generator)
    h = rbm.hidden_units.draw((field * t).flatten(0, 1), generator)[1]
    sent = ((h.view_as(field) * t).flatten(0, 1) @ rbm.W).view_as(states)
    mean = rbm.visible_units.mean((sent + path.bias(t)).flatten(0, 1))
    states.copy_(rbm.visible_units.sample(mean, generator).view_as(states))


def _swap(path: Path, replicas: Replicas, field: Tensor, generator: torch.Generator | None) -> None:
    """One sweep over the pairs whose turn it is; states and their fields move together."""
    turn = int(replicas.sweeps) % 2
    replicas.sweeps += 1
    lower, upper = slice(turn, len(replicas.temperatures) - 1, 2), slice(turn + 1, None, 2)
    t, states = replicas.temperatures, replicas.states
    if len(t[lower]) == 0:  # two temperatures have one pair only
        return
    ratio = swap_log_ratio(path, states[lower], field[lower], t[lower], t[upper])
    ratio += swap_log_ratio(path, states[upper], field[upper], t[upper], t[lower])
    noise = torch.rand(ratio.shape, generator=generator, device=ratio.device, dtype=ratio.dtype)
    accepted = noise < ratio.exp()
    for rows in (states, field):
        low, high = rows[lower], rows[upper]
        exchanged = torch.where(accepted[..., None], high, low), torch.where(accepted[..., None], low, high)
        low.copy_(exchanged[0])
        high.copy_(exchanged[1])
    attempts = (int(replicas.sweeps) + 1) // 2  # of each of these pairs, this one included
    share = accepted.to(ratio.dtype).mean(1)
    # A plain mean at first, so that early numbers are not pulled to the start at 0.
    replicas.acceptance[lower].lerp_(share, max(1 - MEMORY, 1 / attempts))
