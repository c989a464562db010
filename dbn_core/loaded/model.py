"""A trained network that answers for images: features, reconstructions, classes, free energies, dreams.

Images are what `models.images` takes: tensors, NumPy arrays, loaders; rows, or (cases, height, width) of the sides that
the run has learnt. Their numbers are on the scale of its images:

    usual data sets and image files     uint8 0..255; numbers of other types are grey values in [0, 1]
    one's own on another scale          numbers of every type on that one: `scale.black` is black, `scale.white` white.
                                        A run on masks of 0 and 1 takes 0 and 1, one on digits from 0 to 16 those
    bool                                False is black, True is white

What lies beyond that is refused, never cut off. What comes back, reconstructions and dreams, is in [0, 1]. Images
become visible units by the run's own preprocessing. Nothing is drawn, but for dreams.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from dbn_core.config import RunConfig
from dbn_core.data.scale import Scale
from dbn_core.errors import DataError, ModelError
from dbn_core.inference.classification import newest_classifier
from dbn_core.inference.generative_net import dream_many, generative_net
from dbn_core.inference.loading import Trained
from dbn_core.inference.stack import Stack, depth_in, learnt_stack
from dbn_core.metrics import squared_errors
from dbn_core.models import DBN
from dbn_core.models.dbn import marginal_free_energy
from dbn_core.models.images import Images, InputMap, units_of_images
from dbn_core.models.sizes import whole
from dbn_core.records import Position

CHUNK = 2000  # images at once: bounds memory


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a model comes from."""

    source: str  # the id of its run, or the file
    run: str  # the run's name
    data: str  # the data set that it has learnt
    position: Position  # how far it was trained: updates, epochs, stage


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A network as it stood at its newest checkpoint, on the CPU.

    dbn: the layers that were pretrained, from the image up; its own `features` and the like take images, too. shape:
    (height, width[, 3]) of an image. scale: on which its numbers are given. class_names: none without classes. config:
    the settings of the run.
    """

    dbn: DBN
    preprocessing: InputMap
    shape: tuple[int, ...]
    scale: Scale
    class_names: tuple[str, ...]
    config: RunConfig
    provenance: Provenance
    _trained: Trained = field(repr=False)

    @property
    def layers(self) -> int:
        """How many layers there are features of."""
        return len(self._stack.weights)

    @property
    def can_classify(self) -> bool:
        """The run has trained a classifier."""
        return newest_classifier(self._trained) is not None

    @property
    def can_reconstruct(self) -> bool:
        """There is a way back from the top layer: not in a net that was trained from scratch."""
        return bool(self._trained.depth)

    @property
    def has_free_energy(self) -> bool:
        """The first layer was pretrained, and its units have an energy."""
        return bool(self._trained.depth) and self.dbn.layers[0].hidden_units.kind.has_energy

    def features(self, images: Images, layer: int | None = None) -> Float[Tensor, "cases units"]:
        """Means of the units of a layer, from 1; the top one when None. After up-down by its recognition weights.

        Raises DataError for what are no images of this network, ModelError for a layer that it has not.
        """
        stack = self._stack
        depth = depth_in(stack, layer)
        return _in_parts(lambda v: stack.activities(v)[depth - 1], self._seen(images)[1])

    def reconstruct(self, images: Images) -> Float[Tensor, "cases pixels"]:
        """Up to the top layer and down again, mean-field, as images in [0, 1]. Raises ModelError without a way back."""
        rows, v = self._seen(images)
        return self.preprocessing.to_pixels(self._back(v), rows)

    def reconstruction_error(self, images: Images) -> Float[Tensor, " cases"]:
        """Of each image: the mean over pixels of (pixel - reconstruction)^2, both in [0, 1]. Errors as `reconstruct`.

        The image is compared as the network sees it: thresholded, where its preprocessing does that.
        """
        rows, v = self._seen(images)
        to_pixels = self.preprocessing.to_pixels
        return squared_errors(to_pixels(v, rows), to_pixels(self._back(v), rows))

    def free_energy(self, images: Images) -> Float[Tensor, " cases"]:
        """F(v) = -log sum_h exp(-E(v, h)) of the first RBM, in nats, exact; a label that it sees is summed out.

        Only differences between images mean anything: the lower, the likelier to this RBM. Raises ModelError without
        one.
        """
        if not self.has_free_energy:
            raise ModelError(
                "This run has no free energies: its first layer was not pretrained, or has units without an energy "
                "(relu). Choose a run with other hidden units, or reconstruction errors."
            )
        return _in_parts(lambda v: marginal_free_energy(self._trained.dbn.layers[0], v), self._seen(images)[1])

    def predict_proba(self, images: Images) -> Float[Tensor, "cases classes"]:
        """p(class | image) in the order of `class_names`, by the classifier that was trained last.

        That is the hybrid, else the fine-tuned network, else the label units, after up-down if there was some. Raises
        ModelError for a run without a classifier.
        """
        classifier = newest_classifier(self._trained)
        if classifier is None:
            raise ModelError(
                "This run has no classifier. Train one with finetune.epochs above 0, or labels.joint = true; or fit "
                "any classifier on its features."
            )
        return _in_parts(classifier, self._seen(images)[1])

    def predict(self, images: Images) -> tuple[str, ...]:
        """The name of the likeliest class of each image; as `predict_proba`."""
        return tuple(self.class_names[best] for best in self.predict_proba(images).argmax(dim=1).tolist())

    def dream(
        self, n: int, steps: int = 100, label: int | None = None, *, generator: torch.Generator | None = None
    ) -> Float[Tensor, "n pixels"]:
        """`n` images dreamt: `steps` Gibbs steps in the top RBM from noise and one mean-field way down; in [0, 1].

        label: index of the class held throughout, for a run with label units. Raises ModelError for one that is not
        there, and for a run whose layers were not pretrained.
        """
        net = generative_net(self._trained)
        if whole(n, "n") < 1 or whole(steps, "steps") < 0:
            raise ModelError(f"{n} images of {steps} steps cannot be dreamt; give at least 1 image and 0 steps.")
        if label is not None and not 0 <= whole(label, "label") < net.n_labels:
            raise ModelError(f"There is no class {label} among the {net.n_labels} label units of this network.")
        held = None if label is None else torch.full((n,), label)
        return self.preprocessing.to_pixels(dream_many(net, n, steps, held, generator))

    @property
    def _stack(self) -> Stack:
        return learnt_stack(self._trained)

    def _back(self, v: Tensor) -> Tensor:
        if not self.can_reconstruct:
            raise ModelError(
                "A network that was trained from scratch (epochs = 0) knows no way back to the image. Choose a run "
                "with pretrained layers."
            )
        return _in_parts(lambda part: _last(self._stack.reconstructions(part)), v)

    def _seen(self, images: Images) -> tuple[Tensor, Tensor]:
        """(rows, visible units)."""
        first = self._trained.dbn.layers[0]
        rows, v = units_of_images(images, first.W, self._trained.data.pixels, self.preprocessing)
        problem = first.visible_units.why_not(v)
        if problem:
            raise DataError(f"{problem}, and these images are not so. Give images like those that the run has learnt.")
        return rows, v


def _in_parts(answer: Callable[[Tensor], Tensor], v: Tensor) -> Tensor:
    with torch.no_grad():
        return torch.cat([answer(part) for part in v.split(CHUNK)])


def _last(reconstructions: list[Tensor] | None) -> Tensor:
    assert reconstructions, "asked only where there is a way back"
    return reconstructions[-1]
