"""How one RBM learns."""

from typing import Literal

from dbn_core.config.field import Group, field


class TrainingConfig(Group):
    """How one RBM learns."""

    order: Literal["greedy", "together"] = field(
        "greedy",
        "greedy: one layer after the other, each until it is done. together: every update moves all layers, each on "
        "what the layers below make of the batch just then, so that all filters move from the first epoch.",
        label="Order of layers",
    )
    method: Literal["cd", "pcd", "fpcd", "tempering"] = field(
        "cd",
        "Where the negative phase comes from. cd: contrastive divergence, started at the images of the batch. "
        "pcd: persistent chains that go on from update to update; a better density model, slower features. "
        "fpcd: the same, with fast weights that push the chains along. "
        "tempering: persistent chains at several temperatures that swap places; the best mixing, at the highest cost.",
        label="Method",
    )
    k: int = field(
        1, "Gibbs steps of the negative phase in each update.", unit="steps", live=True, ge=1, le=100, label="k"
    )
    chains: int = field(
        100, "Persistent chains (not for cd).", unit="chains", ge=1, le=10_000, label="Persistent chains"
    )
    temperatures: int = field(
        10,
        "Copies of the chains at different temperatures (only for tempering); the cost grows with them.",
        unit="temperatures",
        ge=2,
        le=100,
        label="Temperatures",
    )
    fast_learning_rate: float = field(
        0.05, "Step size of the fast weights (only for fpcd).", live=True, ge=0, le=10, label="Fast rate"
    )
    learning_rate: float = field(
        0.05,
        "Step size. Good when an update moves the weights by about a thousandth of their size.",
        live=True,
        gt=0,
        le=10,
        label="Learning rate",
    )
    schedule: Literal["constant", "staged", "linear"] = field(
        "constant",
        "How the rate falls within a layer. constant: not at all. staged: as in the source article, by ten over "
        "epochs 0-10, by ten more over 10-50 and again over 50-100. linear: to zero at the last epoch.",
        label="Rate schedule",
    )
    momentum: float = field(
        0.9,
        "Share of the last move kept in the next one. Changing it while training ends the starting phase.",
        live=True,
        ge=0,
        lt=1,
        label="Momentum",
    )
    initial_momentum: float = field(0.5, "Momentum before the switch.", ge=0, lt=1, label="Starting momentum")
    momentum_switch: int = field(
        5,
        "Epoch of each layer at which momentum takes over from the starting momentum.",
        unit="epochs",
        ge=0,
        le=1000,
        label="Momentum switch",
    )
    weight_decay: float = field(
        1e-4,
        "Pull of the weights (not the biases) to zero, inside the learning rate.",
        live=True,
        ge=0,
        le=1,
        label="Weight decay",
    )
    sparsity_target: float | None = field(
        None,
        "Wanted mean activity of each hidden unit; empty switches it off. 0.05 to 0.15 gives stroke-like features.",
        unit="probability",
        live=True,
        gt=0,
        lt=1,
        label="Sparsity target",
    )
    sparsity_cost: float = field(
        0.1, "Strength of the pull to the sparsity target.", live=True, ge=0, le=100, label="Sparsity cost"
    )
    sparsity_decay: float = field(
        0.95, "Memory of the running mean of each unit's activity, per update.", ge=0, lt=1, label="Sparsity memory"
    )
    centring: bool = field(
        False,
        "Subtract running means of the units in the gradient (centred RBM): the strongest single stabiliser for pcd.",
        label="Centring",
    )
    clamp: float | None = field(
        None,
        "Largest absolute value of a weight or bias, enforced after each update; empty means no limit.",
        live=True,
        gt=0,
        le=100,
        label="Clamp",
    )
    visible_samples: bool = field(
        False,
        "In cd, pass 0/1 samples instead of probabilities to the visible units of the negative phase. "
        "pcd always samples: else its chains are no chains of the model.",
        label="Sampled visible units",
    )
    propagate: Literal["probabilities", "samples"] = field(
        "probabilities",
        "What the next layer learns from: hidden probabilities, or 0/1 samples drawn afresh for every batch.",
        label="Input of the next layer",
    )
    initial_hidden_bias: float = field(
        0.0, "Hidden bias at the start; -2 to -4 gives sparse starts.", ge=-20, le=20, label="Starting hidden bias"
    )
    learn_variance: bool = field(
        False,
        "Learn the standard deviation of every gaussian visible unit, within 0.1 and 1.1; off: fixed at 1.",
        label="Learned deviations",
    )
