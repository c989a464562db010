"""The metrics that a run records while it trains."""

from dataclasses import replace

from dbn_core.metric_table.metric import Metric
from dbn_core.metric_table.splits import ALL_HELD_OUT, BINARISED, CHAINS, HELD_OUT, SPECTRAL, TRAIN
from dbn_core.metric_table.units import UNITS


def _both(metric: Metric) -> tuple[Metric, Metric]:
    """On training images, and the same on held-out ones."""
    return metric, replace(metric, name=f"heldout_{metric.name.removeprefix('train_')}", split=HELD_OUT)


_WRONG = Metric(
    name="train_error",
    title="Wrong classes",
    unit="% wrong",
    sign="%",
    split=TRAIN,
    estimator="exact count",
    better="lower",
    decimals=2,
)
_LIKELIHOOD = Metric(
    name="log_likelihood_exact",
    title="Log-likelihood",
    unit="nats per image",
    sign="nats",
    split=BINARISED,
    estimator="log Z exact, by enumeration",
    better="higher",
    digits=4,
    decimals=1,
)
_PARTITION = Metric(
    name="log_partition_ais",
    title="log Z",
    unit="nats",
    sign="nats",
    split="the model alone",
    estimator="AIS, from below",
    digits=4,
    decimals=1,
)
_AIS = {"estimator": "log Z by AIS from below, optimistic"}
MIXTURE = "as many Bernoullis as there are hidden units, exact"
_REVERSE = {"estimator": "log Z by reverse AIS from above, pessimistic"}

ROWS = (
    *_both(
        Metric(
            name="recon_mse",
            title="Reconstruction error",
            unit="squared error per pixel",
            sign="per pixel",
            split=TRAIN,
            estimator="mean-field",
            better="lower",
        )
    ),
    *_both(
        Metric(
            name="recon_ce",
            title="Reconstruction, cross-entropy",
            unit="nats per pixel",
            sign="nats per pixel",
            split=TRAIN,
            estimator="mean-field",
            better="lower",
        )
    ),
    *_both(_WRONG),
    replace(_WRONG, name="validation_error", split="a tenth of the training images, set aside"),
    replace(_WRONG, name="test_error", split=ALL_HELD_OUT),
    *_both(
        Metric(
            name="loss",
            title="Cross-entropy with the true class",
            unit="nats per image",
            sign="nats",
            split=TRAIN,
            estimator="exact, nothing dropped out",
            better="lower",
        )
    ),
    *_both(
        Metric(
            name="elbo",
            title="ELBO of the VAE",
            unit="nats per image",
            sign="nats",
            split=TRAIN,
            estimator="one draw, lower bound",
            better="higher",
            digits=4,
            decimals=1,
        )
    ),
    *UNITS,
    Metric(
        name="free_energy_gap",
        title="Free-energy gap",
        unit="nats per image",
        sign="nats",
        split=f"{HELD_OUT} minus {TRAIN}",
        estimator="exact",
        better="target",
        target=(0.0, 0.0),
    ),
    Metric(
        name="weight_step",
        title="Size of an update",
        unit="% of |W|",
        sign="%",
        split="the last update, momentum included",
        estimator="Frobenius norms",
        better="target",
        target=(0.1, 0.1),
        factor=100.0,
    ),
    Metric(name="learning_rate", title="Learning rate", split="the last update", estimator="as scheduled"),
    Metric(name="momentum", title="Momentum", split="the last update", estimator="as scheduled"),
    Metric(name="k", title="Gibbs steps", unit="steps", split="the last update", estimator="as scheduled", decimals=0),
    Metric(
        name="population_sparsity",
        title="Population sparsity",
        unit="0 alike to 1 selective",
        axis="sparsity, 0 to 1",
        split=TRAIN,
        estimator="over units, mean over images",
    ),
    Metric(
        name="lifetime_sparsity",
        title="Lifetime sparsity",
        unit="0 alike to 1 selective",
        axis="sparsity, 0 to 1",
        split=TRAIN,
        estimator="over images, mean over units",
    ),
    Metric(
        name="localisation",
        title="Localisation",
        unit="% of the image",
        sign="%",
        split="the filters, no images",
        estimator="participation ratio, mean over units",
        factor=100.0,
    ),
    Metric(
        name="spatial_scale",
        title="Spatial scale",
        unit="pixels",
        sign="px",
        split="the filters, no images",
        estimator="dominant wavelength, mean over units",
    ),
    Metric(
        name="participation_ratio",
        title="Directions in use",
        unit="directions",
        split=SPECTRAL,
        estimator="participation ratio of the covariance",
    ),
    Metric(
        name="covariance_decay",
        title="Decay of the covariance",
        unit="exponent of the power law",
        split=SPECTRAL,
        estimator="least squares in the logarithms",
    ),
    Metric(
        name="chain_energy_gap",
        title="Chains against images",
        unit="nats per image",
        sign="nats",
        split=f"{CHAINS} against {TRAIN}",
        estimator="free energies, exact",
        better="target",
        target=(0.0, 0.0),
    ),
    Metric(
        name="chain_autocorrelation",
        title="Memory of the chains",
        unit="correlation",
        split=CHAINS,
        estimator="after ten more Gibbs steps",
        better="lower",
    ),
    Metric(
        name="swap_acceptance",
        title="Swaps accepted",
        unit="share, 0 to 1",
        axis="share accepted, 0 to 1",
        split=CHAINS,
        estimator="running mean over updates and pairs",
    ),
    Metric(
        name="swap_acceptance_min",
        title="Swaps accepted, least",
        unit="share, 0 to 1",
        axis="share accepted, 0 to 1",
        split=CHAINS,
        estimator="running mean over updates, of the pair that swaps least",
    ),
    Metric(
        name="temperature_shift",
        title="Shift of the temperatures",
        unit="inverse temperature",
        split=CHAINS,
        estimator="largest, from even spacing",
    ),
    Metric(
        name="fast_weight_share",
        title="Size of the fast weights",
        unit="% of |W|",
        sign="%",
        factor=100.0,
        split="the last update",
        estimator="Frobenius norms",
    ),
    _LIKELIHOOD,
    replace(_LIKELIHOOD, name="log_likelihood_ais", **_AIS),
    replace(_LIKELIHOOD, name="log_likelihood_rais", **_REVERSE),
    replace(_LIKELIHOOD, name="log_likelihood_mixture", title="Log-likelihood of a mixture", estimator=MIXTURE),
    _PARTITION,
    replace(_PARTITION, name="log_partition_rais", estimator="reverse AIS, from above"),
    Metric(name="images_per_second", title="Training speed", unit="images/s", sign="images/s", better="higher"),
    Metric(
        name="free_energy",
        title="Free energy",
        unit="nats",
        sign="nats",
        split="one image",
        estimator="exact; only differences mean anything",
    ),
)
