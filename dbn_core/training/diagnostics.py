"""One frame of diagnostics: everything that is worth watching over the epochs, as small arrays.

Arrays of a frame, all of the layer in training, on the fixed monitored images:

    unit.norm, unit.bias, unit.activity, unit.lifetime_sparsity, unit.usefulness     (hidden,)
    unit.localisation, unit.scale                                                    (hidden,) of its pixel filter
    histogram.W, .v_bias, .h_bias, .dW     (BINS + 2,) counts, then the two ends of the range
    hidden                                 (CASES, UNITS) uint8, probability times 255
    singular_values, covariance            (modes,) only in frames that were asked for spectra
"""

import torch
from torch import Tensor

from dbn_core import metrics
from dbn_core.frames import Frame
from dbn_core.models import DBN, RBM
from dbn_core.models.dbn import with_label
from dbn_core.records import Position, Snapshot
from dbn_core.training.data import TrainingData
from dbn_core.training.drafts import Arrays, Draft
from dbn_core.training.pictures import linear_filters
from dbn_core.training.rules.update import UpdateState

BINS = 41
CASES = 60
UNITS = 250
MODES = 300  # largest singular values and eigenvalues kept
SPECTRUM_CASES = 500
LAG = 10  # Gibbs steps over which the chains' memory is measured


def frame(
    dbn: DBN,
    depth: int,
    below: Tensor,
    data: TrainingData,
    update: UpdateState,
    position: Position,
    *,
    spectra: bool,
) -> tuple[Draft, dict[str, float]]:
    """(the frame, the numbers that belong to it) of layer `depth` (from 1); below: what the monitored cases send it."""
    rbm = dbn.layers[depth - 1]
    field = rbm.hidden_field(with_label(rbm, below))
    hidden = rbm.hidden_units.mean(field)
    on = rbm.hidden_units.on(field, hidden)
    filters = data.preprocessing.filters_to_pixels(linear_filters(dbn, depth)).reshape(-1, *data.shape)
    if filters.dim() == 4:  # a colour filter is as strong at a pixel as its three weights together
        filters = filters.norm(dim=3)
    arrays = {
        "unit.norm": rbm.W.norm(dim=1),
        "unit.bias": rbm.h_bias,
        "unit.activity": on.mean(0),
        "unit.lifetime_sparsity": metrics.lifetime_sparsity(hidden),
        # How far the unit moves what the layer below receives: its spread over the cases times its weights' length.
        "unit.usefulness": hidden.std(0) * rbm.W.norm(dim=1),
        "unit.localisation": metrics.localisation(filters),
        "unit.scale": metrics.spatial_scale(filters),
        "histogram.W": histogram(rbm.W),
        "histogram.v_bias": histogram(rbm.v_bias),
        "histogram.h_bias": histogram(rbm.h_bias),
        "histogram.dW": histogram(update.W),
        "hidden": on[:CASES, :UNITS].mul(255).round().to(torch.uint8),
    }
    numbers = {
        "always_on_units": float(metrics.always_on_units(on)),
        "population_sparsity": metrics.population_sparsity(hidden),
        "lifetime_sparsity": arrays["unit.lifetime_sparsity"].mean().item(),
        "localisation": arrays["unit.localisation"].mean().item(),
        "spatial_scale": arrays["unit.scale"].mean().item(),
    }
    if spectra:
        eigenvalues = metrics.covariance_spectrum(hidden[:SPECTRUM_CASES])
        arrays |= {"singular_values": metrics.singular_values(rbm.W)[:MODES], "covariance": eigenvalues[:MODES]}
        numbers["participation_ratio"] = metrics.participation_ratio(eigenvalues)
        numbers["covariance_decay"] = metrics.decay_rate(eigenvalues)
    return _draft(arrays, position), numbers


def chain_health(rbm: RBM, chains: Tensor, data: Tensor) -> dict[str, float]:
    """Whether persistent chains wander, and whether they wander where the data are. `chains` is left as it is.

    chain_energy_gap: mean F(chains) - mean F(data), nats; near 0 when fantasies are as likely as data. Grey data are
    drawn as 0/1 first, as the chains are: F is concave, so that means alone would lie above their own samples.
    chain_autocorrelation: correlation of the chains with themselves after LAG Gibbs steps, over chains and units,
    around the data's mean: 0 a fresh sample, 1 no move. Around the chains' own mean, chains that sit together in one
    mode would look lively. Random numbers come from a generator of its own, so that looking changes no training.
    """
    generator = torch.Generator(device=chains.device).manual_seed(0)
    cases = rbm.visible_units.sample(data, generator)
    gap = rbm.free_energy(chains).mean() - rbm.free_energy(cases).mean()
    later = rbm.gibbs(rbm.sample_h(chains, generator)[1], LAG, generator).v
    before, after = chains - data.mean(0), later - data.mean(0)
    spread = (before.square().sum() * after.square().sum()).sqrt()
    correlation = (before * after).sum() / spread if spread > 0 else torch.ones(())
    return {"chain_energy_gap": gap.item(), "chain_autocorrelation": correlation.item()}


def histogram(values: Tensor) -> Tensor:
    """(BINS + 2,) float32: counts over equal bins of a range symmetric about zero, then its two ends."""
    end = max(values.abs().max().item(), 1e-12)
    counts = torch.histc(values.float(), BINS, -end, end)
    return torch.cat([counts, torch.tensor([-end, end], device=counts.device)])


def _draft(arrays: dict[str, Tensor], position: Position) -> Draft:
    """Of a frame of these: bytes stay bytes, all else is float32."""

    def finish(on_host: Arrays) -> Snapshot:
        return Frame(position, dict(on_host)).to_snapshot()

    return Draft({name: x if x.dtype == torch.uint8 else x.float() for name, x in arrays.items()}, finish)
