"""The learner of a VAE on the run's images: what its DBN is compared with."""

import torch
from torch import Tensor

from dbn_core.metric_table import MONITORED
from dbn_core.models import VAE
from dbn_core.records import Position
from dbn_core.training.batches import Batch, Batches
from dbn_core.training.drafts import Draft
from dbn_core.training.learners.descent import Descent, DescentLearner
from dbn_core.training.learners.learner import Values
from dbn_core.training.monitor import Split
from dbn_core.training.pictures import FILTERS, reconstructions_draft, signed_draft
from dbn_core.training.plan import Stage


class VaeLearner(DescentLearner[VAE]):
    """Ascends the ELBO with Adam; the DBN is left as it is."""

    prefix = "vae."

    def begin(self, stage: Stage) -> Batches:
        """A new VAE on all training images."""
        config, data = self.config, self.data
        model = VAE(data.pixels, config.vae.hidden, config.vae.latent, generator=self.generator, device=self.device)
        self.start(stage, model, Descent(dict(model.named_parameters())))
        self._splits = {
            "": Split(data, data.train[:MONITORED], data.train_labels[:MONITORED]),
            "heldout_": Split(data, data.heldout[:MONITORED], data.heldout_labels[:MONITORED]),
        }
        self._shown = Split(data, data.heldout[data.shown], data.heldout_labels[data.shown])
        return Batches(data.inputs, config.batch_size, config.seed, stage.index, data.preprocessing)

    def settings(self) -> tuple[float, float]:
        """Of `vae`; nothing decays."""
        return self.config.vae.learning_rate, 0.0

    def loss(self, batch: Batch) -> Tensor:
        """Minus the ELBO, nats per image, from one draw for each."""
        return self.model.loss(batch.v, self.generator)

    @torch.no_grad()
    def measure(self) -> Values:
        """`recon_mse`, `recon_ce`: as an RBM's, at the posterior mean, on a fixed part of the images of each split.

        `elbo`: nats per image, one draw of the posterior for each, always the same ones.
        """
        values: dict[str, float] = {}
        for prefix, split in self._splits.items():
            errors = split.errors(self.model.reconstruct(split.visible))
            values |= {f"{prefix}{name}": value for name, value in errors.items()}
            # A generator of its own, so that looking changes no training.
            generator = torch.Generator(device=split.visible.device).manual_seed(0)
            values[f"{prefix}elbo"] = self.model.elbo(split.visible, generator).mean().item()
        return {self.stage.name: values | {"learning_rate": self.rate()}}

    @torch.no_grad()
    def pictures(self, position: Position) -> list[Draft]:
        """What each hidden unit of the decoder adds to the pixels' logits; held-out images and what comes back."""
        weights = self.model.output.weight.t()[:FILTERS]
        means = self._shown.to_pixels(self.model.reconstruct(self._shown.visible))
        return [
            signed_draft(weights, self.data.shape, position, "decoder_weights"),
            reconstructions_draft(self._shown.pixels, means, self.data.shape, position),
        ]
