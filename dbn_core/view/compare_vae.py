"""DBN against VAE: sizes, the configuration of a matching VAE, and the one table of what was measured."""

import math
from itertools import pairwise
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.config.stages import LATER, LAYER, LAYERS, kind_of, without
from dbn_core.kinds import KINDS
from dbn_core.metric_table import SOURCES, Metric, metric_of
from dbn_core.questions.comparison import Bounded, Compared
from dbn_core.questions.quality import Scored
from dbn_core.records import RunInfo
from dbn_core.view.report import LIKELIHOODS, estimator_of

ESTIMATED = LIKELIHOODS[1:]
LATENT = 20
ERRORS = ("recon_mse", "recon_ce")


def is_vae(config: RunConfig) -> bool:
    """The run trains a VAE."""
    return config.vae.epochs > 0


def is_dbn(config: RunConfig) -> bool:
    """The run pretrains layers on binary units and has a likelihood, so a VAE can be set beside it."""
    has_likelihood = KINDS[config.hidden].has_energy
    return config.epochs > 0 and KINDS[config.visible].is_binary and has_likelihood


def same_images(one: RunConfig, other: RunConfig) -> bool:
    """Data set, training images, preprocessing and seed of the split are the same."""
    return one.data == other.data and one.seed == other.seed


def dbn_parameters(pixels: int, layers: tuple[int, ...], labels: int = 0) -> int:
    """Weights and biases of every layer's RBM; `labels`: label units, which the top one sees too."""
    sizes = (pixels, *layers)
    return sum(below * above + below + above for below, above in pairwise(sizes)) + labels * (layers[-1] + 1)


def vae_parameters(pixels: int, hidden: int, latent: int) -> int:
    """Weights and biases of the encoder, its two heads, and the decoder."""
    encoder = (pixels + 1) * hidden + 2 * (hidden + 1) * latent
    return encoder + (latent + 1) * hidden + (hidden + 1) * pixels


def matching(config: RunConfig, pixels: int, labels: int = 0) -> RunConfig:
    """A VAE of about as many parameters, on the same images, for as many epochs as the DBN has over all its layers."""
    wanted = dbn_parameters(pixels, config.layers, labels)
    each = vae_parameters(pixels, 1, LATENT) - vae_parameters(pixels, 0, LATENT)
    hidden = min(20_000, max(1, round((wanted - vae_parameters(pixels, 0, LATENT)) / each)))
    epochs = sum(count for stage, count in config.stages.items() if kind_of(stage) in {LAYER, LAYERS})
    changed = {"epochs": 0, "labels.joint": False, "likelihood.every": None, "updates_per_second": None}
    own = {"vae.epochs": min(epochs, 10_000), "vae.hidden": hidden, "vae.latent": LATENT}
    return config.with_values(without(*LATER) | changed | own)


def table(
    answer: Compared, runs: tuple[RunInfo, RunInfo], seconds: tuple[str, str], bounded: Bounded | None = None
) -> list[dict[str, str]]:
    """Rows of measure, unit, DBN, VAE, all as text; bounds, once they are there, stand in the column they belong to."""
    dbn, vae = answer["rows"]
    errors = [metric_of(name).finer for name in ERRORS]
    rows = [
        _row("Run", "", runs[0].name, runs[1].name),
        _row("Model", "", dbn["title"], vae["title"]),
        _row("Parameters", "weights and biases", f"{dbn['parameters']:,}", f"{vae['parameters']:,}"),
        _row("How it reconstructs", "", dbn["definition"], vae["definition"]),
    ]
    both = {"recon_mse": (dbn["recon_mse"], vae["recon_mse"]), "recon_ce": (dbn["recon_ce"], vae["recon_ce"])}
    rows += [_row(row.title, _unit(row), *(row.text(value) for value in both[row.name])) for row in errors]
    rows += [] if bounded is None else bounds_table(bounded)
    return [*rows, _row("Training, by the clock", "min:s", *seconds)]


def bounds_table(bounded: Bounded) -> list[dict[str, str]]:
    """A row each: bounds of different kinds say different things."""
    row = metric_of("log_likelihood_ais").finer
    rows: list[dict[str, str]] = []
    for place, bounds in enumerate(bounded["bounds"]):
        ends = {f"{name}_low": low for name, _, _, low, _ in bounds if low is not None}
        ends |= {f"{name}_high": high for name, _, _, _, high in bounds if high is not None}
        for name, kind, value, low, high in bounds:
            texts = ["–", "–"]
            texts[place] = f"{row.text(value)}{_interval(row, low, high)}"
            how = f", {estimator_of(name, ends)}" if name in ESTIMATED else ""
            rows.append(_row(f"{kind[0].upper()}{kind[1:]}{how}", _unit(row), *texts))
    return rows


def _interval(row: Metric, low: float | None, high: float | None) -> str:
    """An end that is not finite is open."""
    if low is None or high is None:
        return ""
    if not math.isfinite(high):
        return f" (from {row.text(low)} up)" if math.isfinite(low) else " (no bound on its error)"
    return f" ({row.text(low)} to {row.text(high)})" if math.isfinite(low) else f" (up to {row.text(high)})"


def _unit(row: Metric) -> str:
    return f"{row.unit}, {row.direction}"


def _row(measure: str, unit: str, dbn: str, vae: str) -> dict[str, str]:
    return {"measure": measure, "unit": unit, "dbn": dbn, "vae": vae}


QUALITY = {"real": "Held-out images (the goal)", "dreams": "DBN dreams", "held": "DBN dreams, label held"}
"""Sources that have another name here."""
QUALITY_COLUMNS = {
    "score": "exp(H[mean p] − mean H[p]) by a judge network: 1 to the number of classes.",
    "precision": "Share of samples that lie where real images do: a smaller one among more images, so compare figures "
    "of as many samples only.",
    "recall": "Share of real images that lie where samples do.",
    "coverage": "Share of real images with a sample nearby.",
    "adversarial_real": "How often a real image's nearest neighbour is real: 0.5 is ideal.",
    "nearest": "Median root mean squared difference of a pixel; near 0: copied.",
    "laplacian_ks": "Kolmogorov-Smirnov distance of edge sharpness from training images: 0 is best.",
}
"""What each measure says."""


def quality(answer: Scored) -> list[dict[str, Any]]:
    """Rows of the quality table: a source and its measures; None where one does not apply."""
    return [
        {"source": _source(row["key"], row["title"])} | {key: row["measures"].get(key) for key in QUALITY_COLUMNS}
        for row in answer["rows"]
    ]


def _source(key: str, title: str) -> str:
    words = QUALITY.get(key) or SOURCES.get(key, title)
    return f"{words[0].upper()}{words[1:]}"
