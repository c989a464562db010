"""Ways from a unit to an image: an id for each, which stores and archives hold, and the words that a person reads."""

from typing import Literal, get_args

Projection = Literal[
    "response_average",
    "most_exciting",
    "linear_combination",
    "activation_maximisation",
    "clamp_and_sample_down",
]
"""Ways from a unit to pixels, which differ; see `dbn_core.inference.projections`."""

Drawn = Literal[Projection, "weights", "generative_weights", "decoder_weights", ""]
"""What a picture shows: a projection, or weights that lie in pixel space as they are; "" where there is no choice."""

LABELS: dict[Drawn, str] = {
    "": "",
    "weights": "weights",
    "generative_weights": "generative weights",
    "decoder_weights": "decoder weights",
    "response_average": "what it responds to",
    "most_exciting": "mean of its top forty images",
    "linear_combination": "linear combination",
    "activation_maximisation": "activation maximisation",
    "clamp_and_sample_down": "clamp and sample down",
}

RECORDED: Projection = "response_average"  # while training; the others are computed when a person asks
ON_REQUEST: tuple[Projection, ...] = tuple(way for way in get_args(Projection) if way != RECORDED)
INK: frozenset[Drawn] = frozenset({"most_exciting", "activation_maximisation", "clamp_and_sample_down"})
"""Those that are images, intensities from 0 to 1; all others are signed, as weights are."""

_STORED: dict[str, Drawn] = {held: drawn for drawn in LABELS for held in (drawn, drawn.replace("_", " "))}


def first_of(depth: int) -> Drawn:
    """What is drawn of a layer (from 1) before a person chooses: weights lie in pixel space in the first one only."""
    return "weights" if depth == 1 else RECORDED


def drawn_of(stored: str) -> Drawn:
    """The id that a store or archive holds; older ones hold words, "linear combination".

    Raises ValueError for anything else.
    """
    if stored not in _STORED:
        raise ValueError(f"a picture cannot show {stored!r}; there are {', '.join(filter(None, LABELS))}")
    return _STORED[stored]
