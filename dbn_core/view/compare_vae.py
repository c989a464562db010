"""DBN against VAE: sizes, the configuration of a matching VAE, and the one table of what was measured."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from dbn_core.config import RunConfig
from dbn_core.records import RunInfo

LATENT = 20
LATER = {"finetune.epochs": 0, "hybrid.epochs": 0, "updown.epochs": 0, "fewlabels.seeds": 0}
ROWS = {
    "recon_mse": ("Reconstruction, squared error", "per pixel, lower is better", 5),
    "recon_ce": ("Reconstruction, cross-entropy", "nats per pixel, lower is better", 4),
}


def is_vae(config: RunConfig) -> bool:
    """The run trains a VAE."""
    return config.vae.epochs > 0


def is_dbn(config: RunConfig) -> bool:
    """The run pretrains layers on binary units, so a VAE with a Bernoulli decoder can be set beside it."""
    return config.epochs > 0 and config.visible == "bernoulli"


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
    epochs = config.epochs if config.training.order == "together" else config.epochs * len(config.layers)
    changed = {"epochs": 0, "labels.joint": False, "likelihood.every": None, "updates_per_second": None}
    own = {"vae.epochs": min(epochs, 10_000), "vae.hidden": hidden, "vae.latent": LATENT}
    return config.with_values(LATER | changed | own)


def table(answer: Mapping[str, Any], runs: tuple[RunInfo, RunInfo], seconds: tuple[str, str]) -> list[dict[str, str]]:
    """Rows of measure, unit, DBN, VAE, all as text; bounds of one kind stand in the column they belong to."""
    dbn, vae = answer["rows"]
    rows = [
        _row("Run", "", runs[0].name, runs[1].name),
        _row("Model", "", dbn["title"], vae["title"]),
        _row("Parameters", "weights and biases", f"{dbn['parameters']:,}", f"{vae['parameters']:,}"),
        _row("How it redraws", "", dbn["definition"], vae["definition"]),
    ]
    rows += [
        _row(title, unit, f"{dbn[key]:.{digits}f}", f"{vae[key]:.{digits}f}")
        for key, (title, unit, digits) in ROWS.items()
    ]
    for place, model in enumerate((dbn, vae)):
        for _, kind, value, low, high in model["bounds"]:
            texts = ["–", "–"]
            interval = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
            texts[place] = f"{value:.2f}{interval}".replace("-", "−")
            rows.append(_row(f"{kind[0].upper()}{kind[1:]}", "nats per image, higher is better", *texts))
    return [*rows, _row("Training, by the clock", "min:s", *seconds)]


def _row(measure: str, unit: str, dbn: str, vae: str) -> dict[str, str]:
    return {"measure": measure, "unit": unit, "dbn": dbn, "vae": vae}


QUALITY = {
    "real": "Held-out images (the goal)",
    "copies": "Copies of training images",
    "noise": "Noise",
    "dreams": "DBN dreams",
    "held": "DBN dreams, label held",
    "vae": "VAE samples",
}
QUALITY_COLUMNS = {
    "score": ("Classifier score", "exp(H[mean p] − mean H[p]) by a judge network: 1 to the number of classes."),
    "precision": ("Precision", "Share of samples that lie where real images do."),
    "recall": ("Recall", "Share of real images that lie where samples do."),
    "coverage": ("Coverage", "Share of real images with a sample nearby."),
    "adversarial_real": ("Apart (real)", "How often a real image's nearest neighbour is real: 0.5 is ideal."),
    "nearest": ("To nearest training image", "Median root mean squared difference of a pixel; near 0: copied."),
    "laplacian_ks": ("Sharpness gap", "Kolmogorov-Smirnov distance of edge sharpness from training images: 0 is best."),
}


def quality(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of the quality table: a source and its measures; None where one does not apply."""
    return [
        {"source": QUALITY.get(row["key"], row["title"])} | {key: row["measures"].get(key) for key in QUALITY_COLUMNS}
        for row in answer["rows"]
    ]
