"""How good a run's dreams are, beside real images, noise, copies and a VAE: diversity and sharpness, each by measures.

Everything is compared with the same training images (the reference). All images are as this network could show them:
real ones go through its preprocessing and back, dreams are means (probabilities), never binary samples.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from dbn_core.errors import DataError
from dbn_core.inference.generative_net import dream_many, generative_net
from dbn_core.inference.loading import Trained, images, trained, vae_for
from dbn_core.inference.quality_judge import Court, court, planes
from dbn_core.metrics import samples as measures
from dbn_core.questions.quality import JudgeFacts, MeasuredSource, Pairs, Scored, Shares
from dbn_core.questions.question import Saved

LEAST = 50  # images: with fewer no distribution can be compared
NEIGHBOURS = 5
PAIRS = 20  # samples shown beside their nearest training images
GRID = 100  # samples shown
BINS = 30
COMPONENTS = 50  # of the pixels, where there are no classes to train a judge on
SHARPNESS = {"laplacian": measures.laplacian_variance, "grey": measures.grey_share, "ink": measures.ink}
SCORED = "probabilities"


@dataclass(frozen=True)
class Row:
    """Images of one source, to be measured: (cases, pixels) in [0, 1]; labels where each was made as one class."""

    key: str
    title: str
    images: Tensor
    labels: Tensor | None = None


@torch.no_grad()
def prepare_judge(store_url: str, run_id: str, checkpoint_id: int) -> JudgeFacts | None:
    """Have the judge of a run's data set trained, if it never was; answers how far it can be trusted.

    None where the images have no classes.
    """
    model = trained(store_url, run_id, checkpoint_id)
    return _about(_court(model))


@torch.no_grad()
def sample_quality(
    store_url: str,
    run_id: str,
    checkpoint_id: int,
    count: int = 1000,
    steps: int = 200,
    seed: int = 0,
    vae: Saved | None = None,
) -> Scored:
    """`count` dreams of `steps` Gibbs steps from noise (fewer images where the data have fewer), scored.

    vae: of a run whose VAE is scored too; by default this run's own, if it has one. Where the images have no classes,
    distances are taken between the first 50 principal components of the pixels.
    Raises StoreError for what is no longer kept, DataError for too few images, ConfigError for a VAE of other images.
    """
    model = trained(store_url, run_id, checkpoint_id)
    data = model.data
    count = min(count, len(data.train), len(data.heldout))
    if count < LEAST:
        raise DataError(
            f"{count} images are too few to compare distributions; it takes at least {LEAST} training and {LEAST} "
            f"held-out images, and as many dreams."
        )
    bench = _Bench(model, count)
    rows = bench.real_rows(seed) + _dreams(model, count, steps, seed) + _vae_rows(store_url, model, vae, count, seed)
    measured = [bench.measure(row) for row in rows]
    sources = {row.key: row for row in rows}
    own = next(sources[key] for key in ("held", "dreams", "vae") if key in sources)
    metrics = {
        f"{row['key']}.{name}": value
        for row in measured
        for name, value in row["measures"].items()
        if value is not None
    }
    told = metrics | {"count": float(count), "steps": float(steps)}
    return {
        "rows": measured,
        "metrics": metrics,
        "figures": {f"samples.{name}": value for name, value in told.items()},
        "pairs": bench.pairs(own),
        "pairs_of": own.title,
        "grid": _bytes(own.images[:GRID]).reshape(-1, *data.shape).numpy(),
        "histograms": bench.histograms([row for row in rows if row.key != "copies"]),
        "judge": _about(bench.court),
        "count": count,
        "reference": count,
        "steps": steps,
        "seed": seed,
        "scored": SCORED,
        "classes": data.classes,
        "position": model.position,
    }


class _Bench:
    """The reference and the measures."""

    def __init__(self, model: Trained, count: int) -> None:
        self.model, self.data, self.count = model, model.data, count
        self.court = _court(model)
        spread = torch.linspace(0, len(self.data.train) - 1, count).long()
        self.labels = self.data.train_labels[spread]
        self.reference = self._seen(self.data.train[spread])
        self._training = self._seen(self.data.train)
        self._components = None if self.court else _components(self.reference)
        self._features, probability = self._look(self.reference)
        self._within = None if probability is None else self._spread(self._features, probability)
        self._sharpness = {name: measure(self._grey(self.reference)) for name, measure in SHARPNESS.items()}

    def real_rows(self, seed: int) -> list[Row]:
        """What everybody should come near, and the two ways to cheat."""
        generator = torch.Generator().manual_seed(seed)
        size = self.reference.shape
        elsewhere = torch.randint(len(self.reference), size, generator=generator)
        known = self.data.is_labelled
        return [
            Row(
                "real",
                "Held-out images",
                self._seen(self.data.heldout[: self.count]),
                self.data.heldout_labels[: self.count] if known else None,
            ),
            Row("copies", "Copies of the training set", self.reference, self.labels if known else None),
            Row("noise", "Noise, pixel by pixel from training images", self.reference.gather(0, elsewhere)),
        ]

    def measure(self, row: Row) -> MeasuredSource:
        """All measures of one row."""
        features, probability = self._look(row.images)
        near, _ = measures.nearest(row.images, self._training)
        values: dict[str, float | None] = {}
        if probability is not None:
            values |= measures.classifier_score(probability)._asdict()
            assert self._within is not None
            values["within_class"] = self._spread(features, probability) / self._within
            if row.labels is not None:
                values["accuracy"] = 100 * (probability.argmax(1) == row.labels).double().mean().item()
        values |= measures.manifold(self._features, features, NEIGHBOURS)._asdict()
        for name, value in measures.adversarial_accuracy(self._features, features)._asdict().items():
            values[f"adversarial_{name}"] = value
        values["nearest"] = near.median().item()
        for name, measure in SHARPNESS.items():
            values[f"{name}_ks"] = measures.kolmogorov_smirnov(self._sharpness[name], measure(self._grey(row.images)))
        finite = {name: value if value is not None and value == value else None for name, value in values.items()}  # noqa: PLR0124 nan
        return {"key": row.key, "title": row.title, "count": len(row.images), "measures": finite}

    def pairs(self, row: Row) -> Pairs:
        """The first samples, one of each class where they were made so, above their nearest training images."""
        shown = row.images[:PAIRS]
        distance, index = measures.nearest(shown, self._training)
        both = _bytes(torch.stack([shown, self._training[index]]))
        return {
            "pictures": both.reshape(2, len(shown), *self.data.shape).numpy(),
            "distance": distance.numpy(),
        }

    def histograms(self, rows: list[Row]) -> dict[str, Shares]:
        """Each measure of sharpness over the images of each row, as shares."""
        spread: dict[str, Shares] = {}
        for name, measure in SHARPNESS.items():
            values = {row.key: measure(self._grey(row.images)) for row in rows}
            # The noise is so far off that on its range all others would be one bar.
            high = max(part.quantile(0.995).item() for key, part in values.items() if key != "noise")
            counts = {key: torch.histc(part.clamp(max=high), BINS, 0, high) for key, part in values.items()}
            shares = {key: (part / part.sum()).tolist() for key, part in counts.items()}
            spread[name] = {"low": 0.0, "high": high, "shares": shares}
        return spread

    def _seen(self, rows: Tensor) -> Tensor:
        """Images as this network could show them at best."""
        preprocessing = self.data.preprocessing
        return preprocessing.to_pixels(preprocessing.mean(rows), like=rows)

    def _look(self, pictures: Tensor) -> tuple[Tensor, Tensor | None]:
        """(features, class probabilities)."""
        if self._components is not None:
            return pictures @ self._components, None
        assert self.court is not None
        said = self.court.says(pictures, self.data.shape)
        return said.features, said.probability

    def _spread(self, features: Tensor, probability: Tensor) -> float:
        return measures.within_class_distance(features, probability.argmax(1), self.data.classes)

    def _grey(self, pictures: Tensor) -> Tensor:
        """(cases, height, width); colours averaged."""
        return planes(pictures, self.data.shape).mean(1)


def _court(model: Trained) -> Court | None:
    """The judge of all training images of the data set, however few this run has seen."""
    if not model.data.is_labelled:
        return None
    settings = model.config.data.model_copy(update={"train_size": None})
    return court(settings.name, images(settings, model.config.seed))


def _bytes(intensities: Tensor) -> Tensor:
    return intensities.mul(255).round().to(torch.uint8)


def _about(judge: Court | None) -> JudgeFacts | None:
    return None if judge is None else {"error": judge.error, "fitted": judge.fitted, "heldout": judge.heldout}


def _components(reference: Tensor) -> Tensor:
    """(pixels, 50) directions of largest variance."""
    covariance = torch.cov(reference.double().t())
    return torch.linalg.eigh(covariance).eigenvectors[:, -COMPONENTS:].to(reference.dtype)


def _dreams(model: Trained, count: int, steps: int, seed: int) -> list[Row]:
    """With the label free, and with every class held equally often where there are label units."""
    if model.config.epochs == 0 and model.vae is not None:
        return []
    net, to_pixels = generative_net(model), model.data.preprocessing.to_pixels
    free = dream_many(net, count, steps, None, torch.Generator().manual_seed(seed))
    rows = [Row("dreams", "Dreams of this run", to_pixels(free))]
    if net.n_labels:
        labels = torch.arange(count) % net.n_labels
        held = dream_many(net, count, steps, labels, torch.Generator().manual_seed(seed))
        rows.append(Row("held", "Dreams with the label held", to_pixels(held), labels))
    return rows


def _vae_rows(store_url: str, model: Trained, chosen: Saved | None, count: int, seed: int) -> list[Row]:
    if chosen is None and model.vae is None:
        return []
    other = model if chosen is None else trained(store_url, *chosen)
    drawn = vae_for(model, other).sample(count, torch.Generator().manual_seed(seed))
    title = "VAE of this run" if chosen is None else "VAE"
    return [Row("vae", title, other.data.preprocessing.to_pixels(drawn))]
