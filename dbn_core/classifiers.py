"""Who tells the class of an image: an id for each classifier, which findings and metrics hold, and its words."""

from typing import Literal

ClassifierId = Literal["label_units", "up_down", "fine_tuned", "hybrid", "probe"]

LABELS: dict[ClassifierId, str] = {
    "fine_tuned": "fine-tuned",
    "hybrid": "hybrid",
    "up_down": "up-down",
    "label_units": "label units",
    "probe": "probe",
}
"""In the order in which they are shown: usually the better ones first."""

_STORED: dict[str, ClassifierId] = {held: name for name, label in LABELS.items() for held in (name, label)}


def classifier_of(stored: str) -> ClassifierId | None:
    """The id that a finding holds; older ones hold words, "label units". None for one that no version has."""
    return _STORED.get(stored)


def label_of(stored: str) -> str:
    """In words; what no version knows stays as it is."""
    known = classifier_of(stored)
    return stored if known is None else LABELS[known]
