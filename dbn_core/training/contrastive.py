"""The learner of greedy layer-wise pretraining: each stage trains one RBM on what the layers below make of the data."""

from collections.abc import Mapping

import torch
from torch import Tensor

from dbn_core import metrics
from dbn_core.config import RunConfig
from dbn_core.models import DBN
from dbn_core.records import Position, Snapshot
from dbn_core.training import schedules
from dbn_core.training.batches import Batches, preprocess
from dbn_core.training.diagnostics import chain_health, frame
from dbn_core.training.gradients import contrastive_phases, persistent_phases
from dbn_core.training.pictures import filters_snapshot, reconstructions_snapshot
from dbn_core.training.plan import Stage
from dbn_core.training.update import UpdateState, apply_update

MONITORED = 1000  # images of each split that the monitor looks at: the first ones, always the same
SHOWN = 20  # held-out images reconstructed in pictures, unless others are named
CHUNK = 2000  # rows propagated at once: bounds memory


class ContrastiveLearner:
    """CD-k or PCD-k for the layer of the current stage.

    train, heldout: uint8 (cases, pixels), on `device`; shape: (height, width) of an image; shown: which held-out
    images the pictures reconstruct (the first ones when None).
    """

    def __init__(
        self,
        dbn: DBN,
        train: Tensor,
        heldout: Tensor,
        shape: tuple[int, int],
        config: RunConfig,
        device: torch.device,
        shown: Tensor | None = None,
    ) -> None:
        self.dbn, self.config, self.device, self.shape = dbn, config, device, shape
        self.generator = torch.Generator(device=device).manual_seed(config.seed)
        self._train = train
        self._monitored = {"": self._fixed(train[:MONITORED]), "heldout_": self._fixed(heldout[:MONITORED])}
        self._shown = self._fixed(heldout[:SHOWN] if shown is None else heldout[shown.to(device)])
        self._depth = 0
        self._epoch = 0.0

    # -- a stage ----------------------------------------------------------------------------------------------------

    def begin(self, stage: Stage) -> Batches:
        """Inputs of layer `stage.index + 1`, its visible biases at the data's mean, fresh velocity and chains."""
        self._depth, self._epoch = stage.index + 1, 0.0
        self._stage_epochs = stage.epochs
        self._rbm = self.dbn.layers[stage.index]
        # The layers below stand still throughout a stage.
        self._below = {prefix: self.dbn.up(images, stage.index) for prefix, images in self._monitored.items()}
        batches = self._inputs(stage.index)
        mean = self._mean(batches.inputs)
        self._rbm.v_bias.copy_(self._rbm.visible_units.bias_for(mean))
        self._rbm.h_bias.fill_(self.config.training.initial_hidden_bias)
        self._update = UpdateState.zero(self._rbm, mean)
        chains = self.config.training.chains if self.config.training.method == "pcd" else 0
        self._chains = self._rbm.visible_units.sample(mean.expand(chains, -1), self.generator)
        return batches

    def configure(self, config: RunConfig) -> None:
        """In force from the next update."""
        self.config = config

    def step(self, batch: Tensor, epoch: float) -> None:
        """Both phases, then one update of the layer's parameters."""
        training = self.config.training
        if training.method == "pcd":
            phases = persistent_phases(self._rbm, batch, self._chains, training.k, generator=self.generator)
        else:
            sampled = training.visible_samples
            phases = contrastive_phases(self._rbm, batch, training.k, visible_samples=sampled, generator=self.generator)
        rate = schedules.learning_rate(training, epoch, self._stage_epochs)
        apply_update(self._rbm, self._update, phases, training, rate, schedules.momentum(training, epoch))
        self._epoch = epoch

    # -- what it tells ----------------------------------------------------------------------------------------------

    def measure(self) -> dict[str, float]:
        """Errors end to end in pixels, activity of the layer in training, and how the update compares with the weights.

        `recon_*`: mean-field through all layers so far, on a fixed part of the training images; `heldout_*` on held-out
        ones. `free_energy_gap`: mean F(held-out) - mean F(train) of the layer's RBM, nats. `weight_step`: |dW| / |W|.
        """
        values: dict[str, float] = {}
        free_energy: dict[str, float] = {}
        for prefix, images in self._monitored.items():
            below = self._below[prefix]
            field = self._rbm.hidden_field(below)  # once for the mean and the free energy: most of a look's cost
            hidden = self._rbm.hidden_units.mean(field)
            mean = self.dbn.down(hidden, self._depth)
            values[f"{prefix}recon_mse"] = metrics.squared_error(images, mean)
            values[f"{prefix}recon_ce"] = metrics.cross_entropy(images, mean)
            free_energy[prefix] = self._rbm.free_energy(below, field).mean().item()
            if not prefix:
                values["sparsity"] = metrics.mean_activity(hidden)
                values["dead_units"] = metrics.dead_units(hidden)
        values["free_energy_gap"] = free_energy["heldout_"] - free_energy[""]
        values["weight_step"] = (self._update.W.norm() / self._rbm.W.norm()).item()
        training = self.config.training
        values["learning_rate"] = schedules.learning_rate(training, self._epoch, self._stage_epochs)
        values["momentum"] = schedules.momentum(training, self._epoch)
        return values

    def pictures(self, position: Position) -> list[Snapshot]:
        """The layer's filters, and held-out images beside their reconstructions."""
        return [
            filters_snapshot(self.dbn, self._depth, self.shape, position),
            reconstructions_snapshot(self.dbn, self._depth, self._shown, self.shape, position),
        ]

    def diagnose(self, position: Position, *, spectra: bool) -> tuple[Snapshot, dict[str, float]]:
        """One frame of diagnostics and its numbers, for pcd also those of the chains; spectra cost most."""
        images = self._monitored[""]
        made, numbers = frame(self.dbn, self._depth, images, self.shape, self._update, position, spectra=spectra)
        if self.config.training.method == "pcd":
            numbers |= chain_health(self._rbm, self._chains, self._below[""])
        return made.to_snapshot(), numbers

    def is_finite(self) -> bool:
        """The layer's parameters are finite; the sum of squares is, only if all are."""
        total = sum(parameter.square().sum() for parameter in self._rbm.parameters())
        return bool(torch.isfinite(torch.as_tensor(total)))

    # -- checkpoints ------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Tensor]:
        """All layers, the update's state, chains and the generator."""
        tensors = {
            f"layer{i + 1}.{name}": p for i, rbm in enumerate(self.dbn.layers) for name, p in rbm.named_parameters()
        }
        tensors |= self._update.tensors()
        tensors |= {"chains": self._chains, "generator": self.generator.get_state()}
        return {name: tensor.detach().cpu().clone() for name, tensor in tensors.items()}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """All layers and the generator."""
        for i, rbm in enumerate(self.dbn.layers):
            for name, parameter in rbm.named_parameters():
                parameter.copy_(state[f"layer{i + 1}.{name}"])
        self.generator.set_state(state["generator"])

    def restore_stage(self, state: Mapping[str, Tensor]) -> None:
        """The inverse of `state`."""
        self.restore(state)
        self._update.load(state)
        if state["chains"].shape == self._chains.shape:  # else a branch that has switched the method: fresh chains
            self._chains.copy_(state["chains"])

    # -- inputs -----------------------------------------------------------------------------------------------------

    def _fixed(self, pixels: Tensor) -> Tensor:
        """Monitored images as visible units; a random binarisation is drawn once, from a seed of its own."""
        generator = torch.Generator(device=self.device).manual_seed(0)
        return preprocess(pixels, self.config.data.preprocessing, generator)

    def _inputs(self, depth: int) -> Batches:
        """uint8 pixels for the first layer; for deeper ones the means below, computed once a stage."""
        config = self.config
        inputs = self._train if depth == 0 else self._propagated(depth)
        drawn = depth > 0 and config.training.propagate == "samples"
        return Batches(inputs, config.batch_size, config.seed, depth, config.data.preprocessing, drawn)

    def _propagated(self, depth: int) -> Tensor:
        """Mean-field activities of layer `depth` for all training images, (cases, hidden) float32."""
        rows = torch.empty(len(self._train), self.dbn.sizes[depth], device=self.device)
        for start in range(0, len(rows), CHUNK):
            # The grey value is the mean of its binarisation, so that one input serves every epoch.
            how = "threshold" if self.config.data.preprocessing == "threshold" else "unit"
            rows[start : start + CHUNK] = self.dbn.up(preprocess(self._train[start : start + CHUNK], how), depth)
        return rows

    def _mean(self, inputs: Tensor) -> Tensor:
        """Mean of each visible unit over all inputs, (units,)."""
        total = torch.zeros(inputs.shape[1], dtype=torch.float64)
        how = "threshold" if self.config.data.preprocessing == "threshold" else "unit"
        for start in range(0, len(inputs), CHUNK):
            rows = inputs[start : start + CHUNK]
            rows = preprocess(rows, how) if rows.dtype == torch.uint8 else rows
            total += rows.sum(0).double().cpu()
        return (total / len(inputs)).float().to(self.device)
