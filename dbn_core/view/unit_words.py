"""Which classes a unit answers to, in words: what its two summarising pictures show, and why they may differ."""

import numpy as np
import numpy.typing as npt

from dbn_core.metric_table import metric_of
from dbn_core.questions.units import Life

NAMED = 3  # classes at most, of the images for which it is on
LEAST = 0.05  # share of these images below which a class is not named


def unit_words(answer: Life) -> str:
    """Sentences from the numbers of a worker's answer; nothing where the images have no classes."""
    classes = answer["classes"]
    if not classes:
        return ""
    best = _most(answer["on_best"])[0]
    pure = metric_of("class_purity")
    purity = f"{pure.said(answer['on_best'][best] / answer['best'])} ({pure.title.lower()})"
    lines = [
        _on(answer),
        f"Of the {answer['best']} that excite it most {answer['on_best'][best]:,} are {classes[best]}, {purity}.",
    ]
    count = int(answer["on"].sum())
    if count and (usual := _most(answer["on"])[0]) != best:
        lines.append(
            f"So it answers to more than one class: the left picture is led by {classes[usual]}, which is more "
            f"frequent, the right one by {classes[best]}, which excites it more."
        )
    return " ".join(lines)


def _on(answer: Life) -> str:
    count, cases = int(answer["on"].sum()), answer["cases"]
    if not count:
        return f"It is on, p > 0.5, for none of the {cases:,} images."
    told = [
        f"{metric_of('class_purity').said(share)} of them {answer['classes'][at]}"
        for at in _most(answer["on"])[:NAMED]
        if (share := answer["on"][at] / count) >= LEAST
    ]
    return f"It is on, p > 0.5, for {count:,} of {cases:,} images: {', '.join(told)}."


def _most(counts: npt.NDArray[np.int64]) -> list[int]:
    """Classes by falling count; of equal ones the first first."""
    return [int(at) for at in np.argsort(-counts, kind="stable")]
