"""How one RBM learns."""

from typing import Literal

from dbn_core.config.field import Group, field


class TrainingConfig(Group):
    """How one RBM learns."""

    order: Literal["greedy", "together"] = field("greedy", label="Order of layers")
    """greedy: one layer after the other, each until it is done. together: every update moves all layers, each on what
    the layers below make of the batch just then, so that all filters move from the first epoch.
    """
    method: Literal["cd", "pcd", "fpcd", "tempering"] = field("cd", label="Method")
    """Where the negative phase comes from. cd: contrastive divergence, started at the images of the batch. pcd:
    persistent chains that go on from update to update; a better density model, slower features. fpcd: the same, with
    fast weights that push the chains along. tempering: persistent chains at several temperatures that swap places; the
    best mixing, at the highest cost.
    """
    k: int = field(1, label="k", unit="steps", live=True, ge=1, le=100)
    """Gibbs steps of the negative phase in each update."""
    chains: int = field(100, label="Persistent chains", unit="chains", ge=1, le=10_000)
    """Persistent chains (not for cd)."""
    temperatures: int = field(10, label="Temperatures", unit="temperatures", ge=2, le=100)
    """Copies of the chains at different temperatures (only for tempering); the cost grows with them."""
    fast_learning_rate: float = field(0.05, label="Fast rate", live=True, ge=0, le=10)
    """Step size of the fast weights (only for fpcd)."""
    learning_rate: float = field(0.05, label="Learning rate", live=True, gt=0, le=10)
    """Step size. Good when an update moves the weights by about a thousandth of their size."""
    schedule: Literal["constant", "staged", "linear"] = field("constant", label="Rate schedule")
    """How the rate falls within a layer. constant: not at all. staged: as in the source article, by ten over epochs
    0-10, by ten more over 10-50 and again over 50-100. linear: to zero at the last epoch.
    """
    momentum: float = field(0.9, label="Momentum", live=True, ge=0, lt=1)
    """Share of the last move kept in the next one. Changing it while training ends the starting phase."""
    initial_momentum: float = field(0.5, label="Starting momentum", ge=0, lt=1)
    """Momentum before the switch."""
    momentum_switch: int = field(5, label="Momentum switch", unit="epochs", ge=0, le=1000)
    """Epoch of each layer at which momentum takes over from the starting momentum."""
    weight_decay: float = field(1e-4, label="Weight decay", live=True, ge=0, le=1)
    """Pull of the weights (not the biases) to zero in proportion to their size (L2), inside the learning rate."""
    l1_decay: float = field(0.0, label="L1 decay", live=True, ge=0, le=1)
    """Pull of the weights (not the biases) to zero by the same amount whatever their size, inside the learning rate:
    weak weights vanish and filters become local. 0.0003 to 0.001 on sparse units; 0 switches it off.
    """
    sparsity_target: float | None = field(None, label="Sparsity target", unit="probability", live=True, gt=0, lt=1)
    """Wanted mean activity of each hidden unit; empty switches it off. 0.05 to 0.15 gives stroke-like features."""
    sparsity_cost: float = field(0.1, label="Sparsity cost", live=True, ge=0, le=100)
    """Strength of the pull to the sparsity target."""
    sparsity_decay: float = field(0.95, label="Sparsity memory", ge=0, lt=1)
    """Memory of the running mean of each unit's activity, per update."""
    centring: bool = field(False, label="Centring")
    """Subtract running means of the units in the gradient (centred RBM): the strongest single stabiliser for pcd."""
    clamp: float | None = field(None, label="Clamp", live=True, gt=0, le=100)
    """Largest absolute value of a weight or bias, enforced after each update; empty means no limit."""
    visible_samples: bool = field(False, label="Sampled visible units")
    """In cd, pass 0/1 samples instead of probabilities to the visible units of the negative phase. pcd always samples:
    else its chains are no chains of the model.
    """
    propagate: Literal["probabilities", "samples"] = field("probabilities", label="Input of the next layer")
    """What the next layer learns from: hidden probabilities, or 0/1 samples drawn afresh for every batch."""
    initial_hidden_bias: float | None = field(0.0, label="Starting hidden bias", ge=-20, le=20)
    """Hidden bias at the start; -2 to -4 gives sparse starts. Empty: the bias at which each unit meets the sparsity
    target at once, logit(target) less what the mean input sends; 0 where there is no target.
    """
    learn_variance: bool = field(False, label="Learned deviations")
    """Learn the standard deviation of every gaussian visible unit, within 0.1 and 1.1; off: fixed at 1."""
