"""The evaluation of a run that is done: likelihood, classifiers and samples on its held-out images, in this order.

Each part stands alone: where one is not defined for this network, or fails by something a person can mend, the others
are still measured, and the reason is kept as a note. What is seen and not counted (who was taken for whom, the samples
themselves) is kept as a `Finding`, so that a report shows what was measured and computes nothing anew.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dbn_core.config import RunConfig
from dbn_core.errors import LabError
from dbn_core.findings import Finding
from dbn_core.inference.classification import classify, held_out_images
from dbn_core.inference.generation import sample_quality
from dbn_core.inference.likelihood import log_likelihood
from dbn_core.inference.loading import trained

SAMPLES, STEPS = 500, 200  # dreams that are scored, Gibbs steps of each
MISTAKES = 30  # kept with their images, of each classifier


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one part: figures by the name of their metric, and what there is to see."""

    figures: Mapping[str, float]
    finding: Finding | None = None


Part = tuple[str, Callable[[], Outcome]]


def parts(store_url: str, run_id: str, checkpoint_id: int) -> Iterator[Part]:
    """(a sentence on what is being evaluated, what evaluates it), for each part that this network has.

    Figures by name: those of `log_likelihood` (nats per image), `test_error_*` (%) of each classifier on all held-out
    images, and `samples.<source>.<measure>` as in `sample_quality`. Raises StoreError when the checkpoint is gone.
    """
    where = (store_url, run_id, checkpoint_id)
    model = trained(*where)
    config = model.config
    if model.depth:
        yield "Evaluating the log-likelihood", lambda: _likelihood(where, config)
    if config.labels.joint or model.classifier is not None or model.hybrid is not None:
        yield "Evaluating the classifiers", lambda: _classifiers(where)
    if model.depth or model.vae is not None:
        yield "Evaluating samples", lambda: _samples(where, config.seed)


def evaluate(
    measurements: Iterator[Part],
    tell: Callable[[str], None],
    record: Callable[[Outcome], None],
    is_stopped: Callable[[], bool],
) -> str:
    """Measure each part; answers why some were not measured, "" when all were. Stops between parts when asked to.

    Figures that are not finite are left out of what is recorded.
    """
    notes: list[str] = []
    for sentence, measure in measurements:
        if is_stopped():
            notes.append("The evaluation was stopped before its end.")
            break
        tell(sentence)
        try:
            outcome = measure()
        except LabError as error:
            notes.append(f"{sentence.replace('Evaluating', 'Not evaluated:', 1)}. {error}")
            continue
        finite = {name: value for name, value in outcome.figures.items() if math.isfinite(value)}
        record(Outcome(finite, outcome.finding))
    return " ".join(notes)


def _likelihood(where: tuple[str, str, int], config: RunConfig) -> Outcome:
    settings = config.likelihood
    estimate = log_likelihood(*where, settings.chains, settings.temperatures, config.seed)
    facts = {name: estimate[name] for name in ("kind", "binarisation", "images", "warning", "seconds")}
    if "log_likelihood_exact" not in estimate["metrics"]:
        facts |= {"chains": settings.chains, "temperatures": settings.temperatures}
    return Outcome(estimate["metrics"], Finding("likelihood", facts))


def _classifiers(where: tuple[str, str, int]) -> Outcome:
    started = time.perf_counter()
    answer = classify(*where)
    arrays: dict[str, np.ndarray] = {}
    for row in answer["rows"]:
        name, surest = row["classifier"], row["mistakes"][:MISTAKES]
        arrays[f"{name}.confusion"] = row["confusion"]
        if surest:
            arrays[f"{name}.mistakes"] = np.array([rest for _, *rest in surest], dtype=np.float64)
            arrays[f"{name}.pictures"] = held_out_images(*where, [number for number, *_ in surest])
    facts: dict[str, Any] = {
        "names": list(answer["label_names"]),
        "classifiers": [row["classifier"] for row in answer["rows"]],
        "images": answer["images"],
        "seconds": time.perf_counter() - started,
    }
    return Outcome(answer["metrics"], Finding("classifiers", facts, arrays))


def _samples(where: tuple[str, str, int], seed: int) -> Outcome:
    started = time.perf_counter()
    quality = sample_quality(*where, SAMPLES, STEPS, seed)
    facts: dict[str, Any] = {name: quality[name] for name in ("count", "reference", "steps", "seed", "scored")}
    facts |= {"of": quality["pairs_of"], "seconds": time.perf_counter() - started}
    if quality["judge"] is not None:
        facts["judge"] = quality["judge"]["error"]
    arrays = {"grid": quality["grid"], "pairs": quality["pairs"]["pictures"]}
    return Outcome(quality["figures"], Finding("samples", facts, arrays))
