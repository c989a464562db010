"""The source article's claims for DBNs, each with what this lab has measured; nothing is said that was not measured."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from dbn_core.view.few_labels import FewLabelsPoint

SMALL = 10_000  # training images below which the article calls a set small
Verdict = Literal["for", "against", "undecided", "not measured"]


def claims(
    name: str,
    few: Sequence[FewLabelsPoint],
    probe: Mapping[str, Any] | None,
    quality: Mapping[str, Any] | None,
) -> list[dict[str, str]]:
    """A row for each claim: claim, what was measured, figures, verdict, and how to measure.

    few: of the newest experiment on the run's layers; probe, quality: answers of a worker about the run; empty or None
    where nobody has asked.
    """
    return [_small(name, few), _disentangled(name, probe), _generates(name, quality), _explains(name, quality)]


def _small(name: str, few: Sequence[FewLabelsPoint]) -> dict[str, str]:
    claim = "Pretraining pays on small training sets (under 10,000 labelled images)"
    how = "Classify page, Few labels: it trains the same net with and without pretraining"
    found = {(point.method, point.labels): point for point in few if point.labels < SMALL}
    sizes = sorted({labels for method, labels in found if method == "global" and ("scratch", labels) in found})
    if not sizes:
        return _row(claim, "error on held-out images against the number of labels", "", "not measured", how)
    pairs = [(labels, found["global", labels], found["scratch", labels]) for labels in sizes]
    figures = "; ".join(
        f"{labels:,} labels: {one.mean:.2f} ± {one.spread:.2f} % pretrained, {other.mean:.2f} ± {other.spread:.2f} % "
        f"from scratch"
        for labels, one, other in pairs
    )
    clear = [_sign(other.mean - one.mean, one.spread + other.spread) for _, one, other in pairs]
    seeds = min(len(one.errors) for _, one, _ in pairs)
    what = f"error on all held-out images of {name}, mean ± standard deviation over {seeds} seed{'s' * (seeds > 1)}"
    return _row(claim, what, figures, _together(clear), how)


def _disentangled(name: str, probe: Mapping[str, Any] | None) -> dict[str, str]:
    claim = "Its features are disentangled: simple classifiers read the class off them more easily than off pixels"
    how = "Diagnose page, probe of each layer; or the button above"
    if probe is None:
        return _row(claim, "error of simple classifiers on pixels and on each layer", "", "not measured", how)
    pixels, *layers = probe["rows"]
    figures = "; ".join(
        f"{row['features']}: logistic {row['logistic_error']:.2f} %, k-NN {row['knn_error']:.2f} %"
        for row in probe["rows"]
    )
    # Two shares of the same images: one standard error of their difference is at most this.
    noise = 100 * (2 * 0.25 * pixels["logistic_error"] / 100 / probe["judged"]) ** 0.5
    gains = [_sign(pixels[key] - layers[-1][key], noise) for key in ("logistic_error", "knn_error")] if layers else [0]
    what = f"error on {probe['judged']:,} held-out images of {name}, fitted on {probe['fitted']:,}; top layer judged"
    return _row(claim, what, figures, _together(gains), how)


def _generates(name: str, quality: Mapping[str, Any] | None) -> dict[str, str]:
    claim = "It generates new images of the kind it has seen"
    how = "Generate page, quality of samples; or the button above"
    rows = {} if quality is None else {row["key"]: row["measures"] for row in quality["rows"]}
    if quality is None or "dreams" not in rows or "noise" not in rows:
        return _row(
            claim, "coverage and precision of dreams against held-out images and noise", "", "not measured", how
        )
    figures = "; ".join(
        f"{words}: precision {rows[key]['precision']:.2f}, coverage {rows[key]['coverage']:.2f}"
        for key, words in (("dreams", "dreams"), ("real", "held-out images"), ("vae", "VAE"), ("noise", "noise"))
        if key in rows
    )
    # Halfway from noise to real images is where a judge would stop calling them noise.
    share = [_share(rows, name) for name in ("precision", "coverage")]
    verdict: Verdict = "for" if min(share) > 0.5 else "against" if max(share) < 0.5 else "undecided"
    what = f"{quality['count']:,} dreams of {quality['steps']} steps of {name}; for: past half way from noise to real"
    return _row(claim, what, figures, verdict, how)


def _explains(name: str, quality: Mapping[str, Any] | None) -> dict[str, str]:
    claim = "It generates with an explanation: a class held in the label units yields images of that class"
    how = "train with label units (labels.joint), then the button above"
    rows = {} if quality is None else {row["key"]: row["measures"] for row in quality["rows"]}
    accuracy = rows.get("held", {}).get("accuracy")
    if quality is None or accuracy is None:
        return _row(claim, "share of dreams that a judge takes for the class that was held", "", "not measured", how)
    real = rows["real"]["accuracy"]
    chance = 100 / max(1, quality["classes"])
    verdict: Verdict = "for" if accuracy > (real + chance) / 2 else "against"
    figures = f"{accuracy:.1f} % of dreams, {real:.1f} % of held-out images, chance {chance:.0f} %"
    return _row(claim, f"judged by a network trained on the data set of {name}", figures, verdict, how)


def _share(rows: Mapping[str, Mapping[str, float]], measure: str) -> float:
    low, high = rows["noise"][measure], rows["real"][measure]
    return (rows["dreams"][measure] - low) / (high - low) if high > low else 0.0


def _sign(gain: float, noise: float) -> int:
    return 0 if abs(gain) <= noise else 1 if gain > 0 else -1


def _together(signs: Sequence[int]) -> Verdict:
    """For where some say so and none the contrary."""
    if max(signs) == 1 and min(signs) >= 0:
        return "for"
    return "against" if min(signs) == -1 and max(signs) <= 0 else "undecided"


def _row(claim: str, what: str, figures: str, verdict: Verdict, how: str) -> dict[str, str]:
    return {"claim": claim, "verdict": verdict, "figures": figures or "–", "what": what, "how": how}
