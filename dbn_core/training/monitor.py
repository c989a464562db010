"""The monitor: fixed images of both splits, and what a layer of a DBN makes of them."""

from functools import cached_property

import torch
from torch import Tensor

from dbn_core import metrics
from dbn_core.metric_table import MONITORED
from dbn_core.models import DBN
from dbn_core.models.dbn import label_probabilities, with_label, without_label
from dbn_core.projections import RECORDED
from dbn_core.records import Position
from dbn_core.training.data import TrainingData
from dbn_core.training.diagnostics import chain_health, frame
from dbn_core.training.drafts import Draft
from dbn_core.training.pictures import FILTERS, PictureKind, linear_filters, reconstructions_draft, signed_draft
from dbn_core.training.responses import LEAST, Responses
from dbn_core.training.rules.layer import LayerTraining


class Split:
    """Monitored images of one split, as pixels and as visible units, with their labels."""

    def __init__(self, data: TrainingData, rows: Tensor, labels: Tensor) -> None:
        self._data, self._rows, self.labels = data, rows, labels
        # A random binarisation is drawn once, from a seed of its own.
        generator = torch.Generator(device=rows.device).manual_seed(0)
        self.visible = data.preprocessing(rows, generator)
        # Binary and grey units are compared as they are, real ones as pixels.
        self.pixels = self.visible if data.preprocessing.is_unit else data.preprocessing.numbers(rows)

    def to_pixels(self, visible: Tensor) -> Tensor:
        """Reconstructions of these very images, (cases, pixels) in [0, 1]."""
        preprocessing = self._data.preprocessing
        return visible if preprocessing.is_unit else preprocessing.to_pixels(visible, like=self._rows)

    def errors(self, visible: Tensor) -> dict[str, float]:
        """`recon_mse`, and for units in [0, 1] `recon_ce`, of mean-field reconstructions."""
        pixels = self.to_pixels(visible)
        values = {"recon_mse": metrics.squared_error(self.pixels, pixels)}
        if self._data.preprocessing.is_unit:
            values["recon_ce"] = metrics.cross_entropy(self.pixels, pixels)
        return values


class Monitor:
    """Looks at a DBN in training."""

    def __init__(self, dbn: DBN, data: TrainingData) -> None:
        self.dbn, self.data = dbn, data
        shown = data.shown
        self.splits = {
            "": Split(data, data.train[:MONITORED], data.train_labels[:MONITORED]),
            "heldout_": Split(data, data.heldout[:MONITORED], data.heldout_labels[:MONITORED]),
        }
        self.shown = Split(data, data.heldout[shown], data.heldout_labels[shown])

    def measure(self, layer: LayerTraining, depth: int, below: dict[str, Tensor]) -> dict[str, float]:
        """Errors end to end in pixels, activity of the layer, and how the update compares with the weights.

        `below`: what the layer's RBM gets from the layers under it, by split. `recon_*`: mean-field through all layers
        so far, on a fixed part of the training images; `heldout_*` on held-out ones. `free_energy_gap`: mean
        F(held-out) - mean F(train) of the layer's RBM, nats; with label units of (features, true label) pairs, and
        `*_error` is the share of images, in %, to which the free energy gives a wrong label. `_told_apart` says what
        else is measured on held-out images.
        """
        rbm, values, free_energy = layer.rbm, {}, {}
        for prefix, split in self.splits.items():
            features = below[prefix]
            field = rbm.hidden_field(with_label(rbm, features))
            hidden = rbm.hidden_units.mean(field)
            seen = without_label(rbm, rbm.visible_mean(hidden))
            errors = split.errors(self.dbn.down(seen, depth - 1))
            values |= {f"{prefix}{name}": value for name, value in errors.items()}
            if rbm.n_labels:
                pairs = joined(features, split.labels, rbm.n_labels)
                free_energy[prefix] = rbm.free_energy(pairs).mean().item()
                said = label_probabilities(rbm, features)
                values[f"{prefix or 'train_'}error"] = metrics.error_rate(said, split.labels)
            else:
                # The field served the mean already: it is most of a look's cost.
                free_energy[prefix] = rbm.free_energy(features, field).mean().item()
            on = rbm.hidden_units.on(field, hidden)
            if prefix:
                values |= self._told_apart(field, on, split.labels)
            else:
                values["sparsity"] = metrics.mean_activity(on)
                values["dead_units"] = metrics.dead_units(on)
                values["quietest_tenth"] = metrics.quietest_tenth(on)
        values["free_energy_gap"] = free_energy["heldout_"] - free_energy[""]
        return values | layer.numbers()

    def _told_apart(self, field: Tensor, on: Tensor, labels: Tensor) -> dict[str, float]:
        """What units of a layer tell apart among these images: `constant_units`, their `likeness`, and where there
        are classes `class_purity`, the mean over units that are neither dead nor constant; 0 where none is so.
        """
        constant = metrics.is_constant(on)
        values = {"constant_units": float(constant.sum()), "likeness": metrics.likeness(on)}
        alive = ~(constant | metrics.is_dead(on))
        if self.data.is_labelled and self.data.classes > 1:
            purity = metrics.class_purity(field, labels, self.data.classes)
            values["class_purity"] = purity[alive].mean().item() if bool(alive.any()) else 0.0
        return values

    @cached_property
    def responses(self) -> Responses:
        """The images over which responses of units are averaged."""
        return Responses(self.data)

    def pictures(
        self, depth: int, position: Position, responding: Tensor, *, last: bool = False, reconstructions: bool = True
    ) -> list[Draft]:
        """What a layer's units respond to and, unless told otherwise, held-out images beside their reconstructions.

        responding: what the layer's RBM gets of the images of `responses`; last: nothing comes after this moment.
        A first layer is drawn by its weights, and beside them by responses after 1, 2, 4, 8, ... updates and epochs.
        """
        data = self.data
        if depth > 1:
            drafts = [self._responses_draft(depth, position, responding, "filters")]
        else:
            weights = data.preprocessing.filters_to_pixels(linear_filters(self.dbn, 1, FILTERS))
            drafts = [signed_draft(weights, data.shape, position, "weights")]
            if last or _is_doubling(position):
                drafts.append(self._responses_draft(1, position, responding, "projection"))
        if reconstructions:
            mean = self.shown.to_pixels(self.dbn.down(self.dbn.up(self.shown.visible, depth), depth))
            drafts.append(reconstructions_draft(self.shown.pixels, mean, data.shape, position))
        return drafts

    def _responses_draft(self, depth: int, position: Position, responding: Tensor, kind: PictureKind) -> Draft:
        averages = self.responses.averages(self.dbn.layers[depth - 1], responding, slice(FILTERS))
        return signed_draft(averages, self.data.shape, position, RECORDED, kind, LEAST)

    def diagnose(
        self, layer: LayerTraining, depth: int, below: Tensor, position: Position, *, spectra: bool
    ) -> tuple[Draft, dict[str, float]]:
        """One frame of diagnostics and its numbers, with persistent chains also theirs; spectra cost most.

        `below`: what the layer's RBM gets of the monitored training images.
        """
        made, numbers = frame(self.dbn, depth, below, self.data, layer.update, position, spectra=spectra)
        if layer.chains is not None:
            labels = layer.rbm.n_labels
            cases = joined(below, self.splits[""].labels, labels) if labels else below
            numbers |= chain_health(layer.rbm, layer.chains, cases) | layer.estimator.health()
        return made, numbers


def _is_doubling(position: Position) -> bool:
    """At the beginning, and after 1, 2, 4, 8, ... updates or epochs."""
    step, epoch = position.step, int(position.epoch)
    return step & (step - 1) == 0 or (epoch == position.epoch and epoch & (epoch - 1) == 0)


def joined(features: Tensor, labels: Tensor, classes: int) -> Tensor:
    """What an RBM with label units sees: (cases, features + classes), the true labels one-hot."""
    return torch.cat([features, one_hot(labels, classes).to(features.dtype)], dim=1)


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """(cases, classes) 0 and 1; unlike torch's own it never asks the host whether the labels are allowed."""
    return torch.arange(classes, device=labels.device) == labels[:, None]
