"""The Deep Belief Network: a stack of RBMs.

After greedy training the top two layers are an undirected RBM and the layers below a directed net: a sample is drawn
by Gibbs steps in the TOP RBM only, followed by ONE down pass. An image is reconstructed by means, up through all layers
and down through all of them.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Unpack, cast

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from dbn_core.errors import ModelError
from dbn_core.kinds import KINDS
from dbn_core.models.images import Images, InputMap, units_of_images
from dbn_core.models.rbm import RBM
from dbn_core.models.sizes import refuse_no_dream, refuse_no_stack, whole
from dbn_core.models.units import BernoulliWithLabel, Place, Units

_OF_LAYER = re.compile(r"layer([0-9]{1,3})\.(.+)")  # in a checkpoint


class Recognition(NamedTuple):
    """The deterministic way up through one layer, x -> E[h | bias + W x]."""

    W: Tensor  # (above, below)
    bias: Tensor  # (above,)
    units: Units  # those above


class DBN(nn.Module):
    """A stack of RBMs over `sizes` = (visible, first hidden, ..., top hidden).

    `layers[0]` sees the image. Samples come from `generator` unless a call brings its own. With `n_labels` the top RBM
    sees, beside the features below it, a one-hot label: the last `n_labels` of its visible units. `visible` is the kind
    of the units that see the image, `hidden` that of the hidden ones; what stands between two layers is binary.
    Raises ModelError for kinds that do not go together.

    `features`, `reconstruct` and `classify` take images (`models.images`) and `sample` gives some, as those that it was
    trained on: `preprocessing`. `up` and `down` take and give visible units.

    `load_state_dict` takes its own names and those of a file that the lab has exported (`layer1.W`, ...), whose other
    tensors are left out.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        n_labels: int = 0,
        *,
        visible: str = "bernoulli",
        hidden: str = "bernoulli",
        categories: int | None = None,
        generator: torch.Generator | None = None,
        **place: Unpack[Place],
    ) -> None:
        super().__init__()
        refuse_no_stack(sizes, n_labels)
        if len(sizes) > 2:
            _refuse_between(hidden)
        top = len(sizes) - 2
        stack: list[RBM] = []
        for depth, (below, above) in enumerate(pairwise(sizes)):
            kind = visible if depth == 0 else "bernoulli"
            labels = n_labels if depth == top else 0
            if labels:
                _refuse_label(kind, hidden)
            rbm = RBM(
                below + labels,
                above,
                BernoulliWithLabel(labels) if labels else kind,
                hidden,
                categories=categories if depth == 0 else None,
                generator=generator,
                **place,
            )
            stack.append(rbm)
        self.generator = generator
        self.stack = nn.ModuleList(stack)
        self.register_load_state_dict_pre_hook(_take_names_of_checkpoint)

    @classmethod
    def of(cls, layers: Sequence[RBM], *, generator: torch.Generator | None = None) -> "DBN":
        """A DBN made of existing RBMs, at least one, which it shares; each must be as wide as the one below is tall.

        Raises ModelError where it is not, and where it cannot take what the units below it send.
        """
        if not layers:
            raise ModelError("A DBN needs at least one RBM, and there is none; give a list of them.")
        for below, above in pairwise(layers):
            fed = above.n_visible - above.n_labels
            if below.n_hidden != fed:
                raise ModelError(f"A layer of {below.n_hidden} units cannot feed an RBM of {fed} visible units.")
            if not above.visible_units.takes(below.hidden_units):
                raise ModelError(
                    f"{below.hidden_units.kind.name} hidden units cannot feed {above.visible_units.kind.name} visible "
                    f"ones; choose gaussian visible units above, or bernoulli hidden units below."
                )
        dbn = cls((1, 1), generator=generator)
        dbn.stack = nn.ModuleList(layers)
        return dbn

    @property
    def layers(self) -> list[RBM]:
        """The RBMs, from the one that sees the image to the top one."""
        return cast("list[RBM]", list(self.stack))

    @property
    def preprocessing(self) -> InputMap | None:
        """How images become visible units, once it was trained on some: that of the RBM which sees them."""
        return self.layers[0].preprocessing

    @property
    def n_labels(self) -> int:
        """Label units of the top RBM; 0 for none."""
        return self.layers[-1].n_labels

    @property
    def sizes(self) -> tuple[int, ...]:
        """(visible, first hidden, ..., top hidden)."""
        first = self.layers[0]
        return (first.n_visible - first.n_labels, *(rbm.n_hidden for rbm in self.layers))

    def up(self, v: Float[Tensor, "batch visible"], depth: int | None = None) -> Float[Tensor, "batch units"]:
        """Hidden means of layer `depth` (all layers when None, the image itself at 0), mean-field.

        A top layer with labels gets the label's probabilities given the image.
        """
        for rbm in self.layers[:depth]:
            v = rbm.hidden_mean(with_label(rbm, v))
        return v

    def way_up(self) -> list[Recognition]:
        """Through every layer, without labels: see `recognition`."""
        return [recognition(rbm) for rbm in self.layers]

    def down(self, h: Float[Tensor, "batch units"], depth: int | None = None) -> Float[Tensor, "batch visible"]:
        """The image that activities of layer `depth` (the top one when None) stand for, mean-field."""
        for rbm in reversed(self.layers[:depth]):
            h = without_label(rbm, rbm.visible_mean(h))
        return h

    def reconstruct(self, images: Images, depth: int | None = None) -> Float[Tensor, "batch visible"]:
        """Up through `depth` layers (all when None) and down again, mean-field; in the space of the images.

        Raises DataError for what are no images of so many numbers.
        """
        rows, v = self._seen(images)
        mean = self.down(self.up(v, depth), depth)
        return mean if self.preprocessing is None else self.preprocessing.to_pixels(mean, rows)

    def features(self, images: Images) -> Float[Tensor, "batch top"]:
        """Deterministic features of the top layer: `up` of the images as visible units. Raises DataError."""
        return self.up(self._seen(images)[1])

    def forward(self, images: Images) -> Float[Tensor, "batch top"]:
        """`features`, so that a DBN stands in `nn.Sequential`; gradients pass through it to what is below."""
        return self.features(images)

    def classify(self, images: Images) -> Float[Tensor, "batch labels"]:
        """p(label | features below the top), exact: a softmax over minus the free energies of the one-hot labels.

        The features are mean-field. Raises ModelError without label units, DataError for what are no images.
        """
        if not self.n_labels:
            raise ModelError(
                "This DBN has no label units; build it with n_labels, or train a classifier on its features."
            )
        return label_probabilities(self.layers[-1], self.up(self._seen(images)[1], len(self.layers) - 1))

    def sample(
        self, n: int, steps: int, label: int | None = None, *, generator: torch.Generator | None = None
    ) -> Float[Tensor, "n visible"]:
        """`n` images dreamt: `steps` Gibbs steps in the top RBM from random states, then one mean-field down pass.

        n: images, `steps` >= 1. With `label` (from 0) that label is held throughout. Returned are means, not binary
        samples, in the space of the images: in [0, 1] where these are pixels or lie there, else as they were given.
        Raises ModelError for a label the DBN does not have, and for no images or steps.
        """
        refuse_no_dream(n, steps)
        seen = self.down(dream(self.layers[-1], n, steps, label, generator or self.generator), len(self.layers) - 1)
        return seen if self.preprocessing is None else self.preprocessing.to_pixels(seen)

    def _seen(self, images: Images) -> tuple[Tensor, Tensor]:
        """(rows, visible units) of images."""
        return units_of_images(images, self.layers[0].W, self.sizes[0], self.preprocessing)


def dream(
    top: RBM, n: int, steps: int, label: int | None = None, generator: torch.Generator | None = None
) -> Float[Tensor, "n features"]:
    """Means of the features that `top` sees after `steps` >= 1 Gibbs steps from random states, a label held if given.

    Raises ModelError for a label that it does not have, and for no steps.
    """
    refuse_no_dream(n, steps)
    if label is not None and not 0 <= whole(label, "label") < top.n_labels:
        raise ModelError(f"The label {label} is not one of the {top.n_labels} labels of this DBN.")
    h = random_states(top, n, generator)
    held = None
    if label is not None:
        held = F.one_hot(torch.full((n,), label, device=h.device), top.n_labels).to(h.dtype)
    for _ in range(steps):
        v_mean, _, h = gibbs_step(top, h, held, generator=generator)
    return without_label(top, v_mean)  # pyright: ignore[reportPossiblyUnboundVariable]


def random_states(top: RBM, n: int, generator: torch.Generator | None = None) -> Float[Tensor, "n hidden"]:
    """Hidden states from which a dream starts: drawn in a field of 0, so that binary units are on half of the time."""
    field = torch.zeros(n, top.n_hidden, device=top.W.device, dtype=top.W.dtype)
    return top.hidden_units.draw(field, generator)[1]


def gibbs_step(
    top: RBM,
    h: Float[Tensor, "batch hidden"],
    held: Float[Tensor, "batch labels"] | None = None,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> tuple[Float[Tensor, "batch visible"], Float[Tensor, "batch visible"], Float[Tensor, "batch hidden"]]:
    """One step of v ~ p(v | h), h ~ p(h | v), both at `temperature`: (mean of v, v, the new h).

    A chain of p(v, h) proportional to exp(-E / temperature); given `held`, one-hot rows, of that with the label held:
    the label of every drawn v is replaced before h is drawn.
    """
    generator = generator or top.generator
    v_mean, v = top.visible_units.sample_tempered(top.visible_field(h), temperature, generator)
    if held is not None:
        v[:, -top.n_labels :] = held
    return v_mean, v, top.hidden_units.sample_tempered(top.hidden_field(v), temperature, generator)[1]


def with_label(rbm: RBM, x: Float[Tensor, "batch features"]) -> Float[Tensor, "batch visible"]:
    """Features as an RBM with label units sees them: followed by the label's probabilities given them."""
    return torch.cat([x, label_probabilities(rbm, x)], dim=1) if rbm.n_labels else x


def without_label(rbm: RBM, v: Float[Tensor, "batch visible"]) -> Float[Tensor, "batch features"]:
    """The visible units without the label."""
    return v[:, : rbm.n_visible - rbm.n_labels]


def recognition(rbm: RBM) -> Recognition:
    """The way up through an RBM, v -> E[h | v]; label units give what all labels together would give on average."""
    # W coupling(v) as W' v: the coupling is linear, and a factor for each unit.
    W, bias = rbm.visible_units.coupling(rbm.W), rbm.h_bias
    if rbm.n_labels:
        W, bias = W[:, : -rbm.n_labels], bias + W[:, -rbm.n_labels :].mean(dim=1)
    return Recognition(W, bias, rbm.hidden_units)


def label_probabilities(rbm: RBM, x: Float[Tensor, "batch features"]) -> Float[Tensor, "batch labels"]:
    """p(y | x) of an RBM with label units: exact, in one product and a sum for each label."""
    return torch.softmax(_label_scores(rbm, x), dim=1)


def marginal_free_energy(rbm: RBM, x: Float[Tensor, "batch features"]) -> Float[Tensor, " batch"]:
    """F(x) = -log sum_y exp(-F(x, y)), in nats: the label summed out, exact. Without label units F(x) itself."""
    if not rbm.n_labels:
        return rbm.free_energy(x)
    no_label = torch.cat([x, x.new_zeros(len(x), rbm.n_labels)], dim=1)
    return rbm.visible_units.energy(no_label, rbm.v_bias) - _label_scores(rbm, x).logsumexp(dim=1)


def _label_scores(rbm: RBM, x: Tensor) -> Tensor:
    """(batch, labels): -F(x, y) = b_y + sum_j log_partition(c_j + W_j x + W_jy), but for terms without y."""
    labels, partition = rbm.n_labels, rbm.hidden_units.log_partition
    field = torch.addmm(rbm.h_bias, x, rbm.W[:, :-labels].t())
    scores = [partition(field + rbm.W[:, y - labels]) + rbm.v_bias[y - labels] for y in range(labels)]
    return torch.stack(scores, dim=1)


def _take_names_of_checkpoint(dbn: nn.Module, state: dict[str, Tensor], prefix: str, *_: Any) -> None:
    """In a checkpoint layers count from 1, and other networks and the state of a training lie beside them."""
    del dbn
    if f"{prefix}layer1.W" not in state:
        return
    for name in [name for name in state if name.startswith(prefix)]:
        tensor, of_layer = state.pop(name), _OF_LAYER.fullmatch(name.removeprefix(prefix))
        if of_layer:
            state[f"{prefix}stack.{int(of_layer[1]) - 1}.{of_layer[2]}"] = tensor


def _refuse_between(hidden: str) -> None:
    """Between two layers stand units that both take for probabilities."""
    if hidden in KINDS and not KINDS[hidden].is_binary:
        raise ModelError(
            f"{hidden} hidden units have values above 1, which the next layer cannot take for probabilities; give one "
            f"layer, or choose hidden = bernoulli."
        )


def _refuse_label(visible: str, hidden: str) -> None:
    """A label stands beside units that are binary, and is read off free energies."""
    if visible in KINDS and not KINDS[visible].is_binary:
        raise ModelError(
            f"Label units stand beside binary units, not {visible} ones; give a DBN of such units a second layer, or "
            f"no labels."
        )
    if hidden in KINDS and not KINDS[hidden].has_energy:
        raise ModelError(
            f"Label units are read off free energies, which {hidden} hidden units do not have; choose another kind, or "
            f"no labels."
        )
