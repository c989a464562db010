"""A trained run as a generative model: its top RBM, the ways between that and the image, and many dreams at once."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dbn_core.errors import ModelError
from dbn_core.inference.loading import Trained
from dbn_core.models import DBN, RBM
from dbn_core.models.dbn import gibbs_step, random_states, without_label


@dataclass(frozen=True)
class GenerativeNet:
    """What is needed to dream: the top RBM and the ways between it and the visible units, both mean-field."""

    top: RBM
    up: Callable[[Tensor], Tensor]  # visible units -> what `top` sees, without label
    down: Callable[[Tensor], Tensor]
    below: int  # layers below the top RBM

    @property
    def n_labels(self) -> int:
        """Label units of the top RBM."""
        return self.top.n_labels


def generative_net(model: Trained) -> GenerativeNet:
    """The layers trained so far, the last of them as the top; after up-down its own generative weights.

    Raises ModelError where no layer was trained as a generative model.
    """
    if model.config.epochs == 0:
        raise ModelError(
            "This run trained no layer as a generative model (epochs is 0), so it cannot dream. "
            "Choose a run with pretrained layers."
        )
    if model.untied is not None:
        return GenerativeNet(model.untied.top, model.untied.up, model.untied.down, len(model.untied.directed))
    dbn, below = DBN.of(model.dbn.layers[: model.depth]), model.depth - 1
    return GenerativeNet(dbn.layers[-1], lambda v: dbn.up(v, below), lambda h: dbn.down(h, below), below)


@torch.no_grad()
def dream_many(
    net: GenerativeNet, count: int, steps: int, labels: Tensor | None = None, generator: torch.Generator | None = None
) -> Tensor:
    """(count, visible) means of `count` images, each from a chain of its own, after `steps` Gibbs steps from noise.

    labels: int64 (count,), the class at which each chain is held; None for none. At temperature 1.
    """
    top = net.top
    held = None if labels is None else F.one_hot(labels, net.n_labels).to(top.W.dtype)
    h = random_states(top, count, generator)
    v_mean = top.visible_mean(h)
    for _ in range(steps):
        v_mean, _, h = gibbs_step(top, h, held, generator=generator)
    return net.down(without_label(top, v_mean))
