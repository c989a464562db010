"""One parameter update from the statistics of both phases: momentum, decay, centring, sparsity and clamp, in place.

    velocity <- momentum * velocity + rate * (gradient - decay * W - l1 * sign(W))
    parameter <- parameter + velocity

The gradient of W is never formed: its products are accumulated straight into the velocity. Parameters that the visible
units have themselves (deviations of Gaussian ones) move by the same rule, where they are learnt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dbn_core.config import TrainingConfig
from dbn_core.models import RBM
from dbn_core.models.mixed import RoundedProduct
from dbn_core.training.rules.gradients import Offsets, Phases
from dbn_core.training.rules.scalars import Scalar, add_product, add_scaled, fade

OFFSET_DECAY = 0.99  # memory of the centring offsets, per update; Melchior et al. use a sliding factor of 0.01


@dataclass
class UpdateState:
    """What an update carries to the next one; all of it is in the checkpoint."""

    W: Tensor  # velocity, (hidden, visible)
    v_bias: Tensor  # velocity
    h_bias: Tensor  # velocity
    offsets: Offsets  # running means of the units
    activity: Tensor  # running mean of p(h > 0 | data), (hidden,)
    own: dict[str, Tensor] = field(default_factory=dict)  # velocities of what the visible units have of their own

    @classmethod
    def zero(cls, rbm: RBM, v_mean: Tensor) -> "UpdateState":
        """At rest; running means start at the data's mean and at what the hidden units answer to it."""
        h_mean = rbm.hidden_mean(v_mean[None])[0]
        zeros = [torch.zeros_like(parameter) for parameter in (rbm.W, rbm.v_bias, rbm.h_bias)]
        units = rbm.visible_units
        own = {name: torch.zeros_like(parameter) for name, parameter in units.named_parameters()}
        seen = units.coupling(v_mean[None])
        offsets = Offsets(seen[0].clone(), h_mean.clone())
        activity = _activity(rbm, seen, h_mean[None], h_mean).clone()
        return cls(zeros[0], zeros[1], zeros[2], offsets, activity, own)

    def tensors(self) -> dict[str, Tensor]:
        """By name, for a checkpoint."""
        return {
            "velocity.W": self.W,
            "velocity.v_bias": self.v_bias,
            "velocity.h_bias": self.h_bias,
            "offsets.visible": self.offsets.visible,
            "offsets.hidden": self.offsets.hidden,
            "activity": self.activity,
        } | {f"velocity.{name}": velocity for name, velocity in self.own.items()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Inverse of `tensors`, in place."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name])


def apply_update(
    rbm: RBM,
    state: UpdateState,
    phases: Phases,
    training: TrainingConfig,
    rate: Scalar,
    momentum: Scalar,
    *,
    rounded: RoundedProduct | None = None,
) -> None:
    """Move the parameters of `rbm` and `state` by one update, in place.

    rounded: makes the gradient of W where its factors are rounded to bfloat16 (see `models.mixed`).
    """
    v_mean, h_mean = phases.v_data.mean(0), phases.h_data.mean(0)
    dv, dh = v_mean - phases.v_model.mean(0), h_mean - phases.h_model.mean(0)
    # Data-driven: the running mean is of p(h | data), never of the negative phase; kept even while the pull is off,
    # so that switching it on in mid-run starts from the truth.
    state.activity.lerp_(_activity(rbm, phases.v_data, phases.h_data, h_mean), 1 - training.sparsity_decay)
    outer: list[tuple[Tensor, Tensor]] = []  # further terms of the gradient of W: (hidden, visible) outer products
    mean_input = v_mean
    if training.centring:
        state.offsets.visible.lerp_(v_mean, 1 - OFFSET_DECAY)
        state.offsets.hidden.lerp_(h_mean, 1 - OFFSET_DECAY)
        outer += [(-state.offsets.hidden, dv), (-dh, state.offsets.visible)]
        dv, dh = _centred_biases(phases, state.offsets, dv, dh)
        mean_input = v_mean - state.offsets.visible
    if training.sparsity_target is not None:
        pull = (training.sparsity_target - state.activity).mul_(training.sparsity_cost)
        outer.append((pull, mean_input))
        dh = dh + pull
        if training.centring:  # both biases make up for what the pull does to W, as for the likelihood's gradient
            dh = dh - pull * (mean_input @ state.offsets.visible)
            dv = dv - mean_input * (pull @ state.offsets.hidden)

    if training.learn_variance:
        _learn_own(rbm, state, phases, training, rate, momentum)

    accumulate(state.W, phases, momentum, rate, rounded)
    if outer:
        add_product(state.W, torch.stack([h for h, _ in outer]), torch.stack([v for _, v in outer]), rate)
    if training.weight_decay:
        add_scaled(state.W, rbm.W, rate, -training.weight_decay)
    if training.l1_decay:
        add_scaled(state.W, rbm.W.sign(), rate, -training.l1_decay)
    add_scaled(state.v_bias.mul_(momentum), dv, rate)
    add_scaled(state.h_bias.mul_(momentum), dh, rate)

    for parameter, velocity in ((rbm.W, state.W), (rbm.v_bias, state.v_bias), (rbm.h_bias, state.h_bias)):
        parameter.add_(velocity)
        if training.clamp is not None:
            parameter.clamp_(-training.clamp, training.clamp)


def accumulate(
    velocity: Tensor, phases: Phases, momentum: Scalar, rate: Scalar, rounded: RoundedProduct | None = None
) -> None:
    """Velocity <- momentum * velocity + rate * (<h v^T>_data - <h v^T>_model), in place.

    Both phases are one product, of all their rows, so that the velocity is read and written once.
    """
    n, m = len(phases.h_data), len(phases.h_model)
    weighted = (phases.h_data * (rate / n), phases.h_model * (-rate / m))
    if rounded is None:
        add_product(velocity, torch.cat(weighted), torch.cat([phases.v_data, phases.v_model]), momentum=momentum)
    else:
        fade(velocity, momentum, rounded(weighted, (phases.v_data, phases.v_model)))


def _activity(rbm: RBM, v: Tensor, h: Tensor, h_mean: Tensor) -> Tensor:
    """Mean of p(h > 0 | v), (hidden,), which of binary units is that of h; v (cases, visible) coupled states."""
    if rbm.hidden_units.kind.is_binary:
        return h_mean
    return rbm.hidden_units.on(torch.addmm(rbm.h_bias, v, rbm.W.t()), h).mean(0)


def _learn_own(
    rbm: RBM, state: UpdateState, phases: Phases, training: TrainingConfig, rate: Scalar, momentum: Scalar
) -> None:
    """The parameters of the visible units themselves. Before W and b move: the statistics were taken with these."""
    sides = [(v, h @ rbm.W) for v, h in ((phases.v_data, phases.h_data), (phases.v_model, phases.h_model))]
    means = training.method == "cd" and not training.visible_samples
    for name, gradient in rbm.visible_units.gradients(sides[0], sides[1], rbm.v_bias, means=means).items():
        add_scaled(state.own[name].mul_(momentum), gradient, rate)
        rbm.visible_units.get_parameter(name).add_(state.own[name])
    rbm.visible_units.keep_in_bounds()


def _centred_biases(phases: Phases, offsets: Offsets, dv: Tensor, dh: Tensor) -> tuple[Tensor, Tensor]:
    """`Phases.gradient(offsets)`'s biases without forming the centred gradient of W: matrix-vector products only."""
    n, m = len(phases.v_data), len(phases.v_model)
    back = phases.v_data.t() @ (phases.h_data @ offsets.hidden) / n
    back = back - phases.v_model.t() @ (phases.h_model @ offsets.hidden) / m
    back = back - dv * (offsets.hidden @ offsets.hidden) - offsets.visible * (dh @ offsets.hidden)
    forth = phases.h_data.t() @ (phases.v_data @ offsets.visible) / n
    forth = forth - phases.h_model.t() @ (phases.v_model @ offsets.visible) / m
    forth = forth - offsets.hidden * (dv @ offsets.visible) - dh * (offsets.visible @ offsets.visible)
    return dv - back, dh - forth
