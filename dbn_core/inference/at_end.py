"""The evaluation of a run that is done: likelihood, classifiers and samples on its held-out images, in this order.

Each part stands alone: where one is not defined for this network, or fails by something a person can mend, the others
are still measured, and the reason is kept as a note.
"""

import math
from collections.abc import Callable, Iterator

from dbn_core.errors import LabError
from dbn_core.inference.classification import classify
from dbn_core.inference.generation import sample_quality
from dbn_core.inference.likelihood import log_likelihood
from dbn_core.inference.loading import trained

STAGE = "evaluation"  # the stage under which the figures are recorded
SAMPLES, STEPS = 500, 200  # dreams that are scored, Gibbs steps of each

Part = tuple[str, Callable[[], dict[str, float]]]


def parts(store_url: str, run_id: str, checkpoint_id: int) -> Iterator[Part]:
    """(a sentence on what is being evaluated, what evaluates it), for each part that this network has.

    Figures by name: those of `log_likelihood` (nats per image), `test_error_*` (%) of each classifier on all held-out
    images, and `samples.<source>.<measure>` as in `sample_quality`. Raises StoreError when the checkpoint is gone.
    """
    where = (store_url, run_id, checkpoint_id)
    model = trained(*where)
    config = model.config
    if model.depth:
        estimate = (config.likelihood.chains, config.likelihood.temperatures, config.seed)
        yield "Evaluating the log-likelihood", lambda: log_likelihood(*where, *estimate)["metrics"]
    if config.labels.joint or model.classifier is not None or model.hybrid is not None:
        yield "Evaluating the classifiers", lambda: classify(*where)["metrics"]
    if model.depth or model.vae is not None:
        yield "Evaluating samples", lambda: _samples(sample_quality(*where, SAMPLES, STEPS, config.seed)["metrics"])


def evaluate(
    found: Iterator[Part],
    tell: Callable[[str], None],
    record: Callable[[dict[str, float]], None],
    is_stopped: Callable[[], bool],
) -> str:
    """Measure each part; answers why some were not measured, "" when all were. Stops between parts when asked to."""
    notes: list[str] = []
    for sentence, measure in found:
        if is_stopped():
            notes.append("The evaluation was stopped before its end.")
            break
        tell(sentence)
        try:
            figures = measure()
        except LabError as error:
            notes.append(f"{sentence.replace('Evaluating', 'Not evaluated:', 1)}. {error}")
            continue
        record({name: value for name, value in figures.items() if math.isfinite(value)})
    return " ".join(notes)


def _samples(metrics: dict[str, float]) -> dict[str, float]:
    return {f"samples.{name}": value for name, value in metrics.items()}
