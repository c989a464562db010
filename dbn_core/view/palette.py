"""Colours that mean something, for both themes: layers, signed weights, ink.

Lines and weights use the Okabe-Ito family, which survives the common kinds of colour blindness: blue is negative,
vermillion is positive, and never red against green. Every line colour has a contrast of at least 3:1 on its page.
"""

from functools import cache
from typing import Literal, TypedDict

import numpy as np

Theme = Literal["light", "dark"]
Scheme = Literal["signed", "grey"]

PAGE: dict[Theme, str] = {"light": "#FFFFFF", "dark": "#11161B"}
INK: dict[Theme, str] = {"light": "#14191E", "dark": "#ECEFF2"}

# One colour a layer, in this order; a run has at most eight layers.
LAYERS: dict[Theme, tuple[str, ...]] = {
    "light": ("#0072B2", "#D55E00", "#00805E", "#A8487F", "#7A5200", "#14191E", "#5145A8", "#5B6670"),
    "dark": ("#56B4E9", "#E8741E", "#1DB488", "#D98DB8", "#F0E442", "#ECEFF2", "#A99CF0", "#9BA6B0"),
}

# Stops from the most negative to the most positive weight; the middle one is zero and is near the page's own colour,
# so that a weight of zero is the absence of colour.
_STOPS: dict[tuple[Scheme, Theme], tuple[str, ...]] = {
    ("signed", "light"): ("#08395E", "#0072B2", "#7DB9DE", "#F7F8F9", "#F0AC7C", "#D55E00", "#7A2E00"),
    ("signed", "dark"): ("#C9E8FB", "#56B4E9", "#1B5F8C", "#1B2229", "#8F4310", "#E8741E", "#FFDDC4"),
    ("grey", "light"): ("#000000", "#808080", "#FFFFFF"),
    ("grey", "dark"): ("#000000", "#808080", "#FFFFFF"),
}

TRANSPARENT = 0  # palette index kept for gaps: they show the page, whatever its theme


class Palette(TypedDict):
    """Colours of a theme as pages are told them. `stops`: see `stops`."""

    page: str
    ink: str
    layers: tuple[str, ...]
    stops: dict[Scheme, tuple[str, ...]]


@cache
def palettes() -> dict[Theme, Palette]:
    """Of both themes."""
    themes: tuple[Theme, ...] = ("light", "dark")
    schemes: tuple[Scheme, ...] = ("signed", "grey")
    return {
        theme: {
            "page": PAGE[theme],
            "ink": INK[theme],
            "layers": LAYERS[theme],
            "stops": {scheme: stops(scheme, theme) for scheme in schemes},
        }
        for theme in themes
    }


def rgb(colour: str) -> tuple[int, int, int]:
    """`#RRGGBB` as three numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours by WCAG 2: 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def stops(scheme: Scheme, theme: Theme) -> tuple[str, ...]:
    """Evenly spaced colours from the most negative to the most positive weight, for a colour bar."""
    return _STOPS[scheme, theme]


@cache
def weights(scheme: Scheme, theme: Theme) -> bytes:
    """256 x RGB for pixels as in a `filters` snapshot: 1 is -scale, 128 is zero, 255 is +scale; 0 is a gap."""
    colours = np.array([rgb(stop) for stop in _STOPS[scheme, theme]], dtype=float)
    at = np.linspace(1, 255, len(colours))
    table = [np.interp(np.arange(256), at, colours[:, channel]) for channel in range(3)]
    return np.stack(table, axis=1).round().astype(np.uint8).tobytes()


@cache
def ink(theme: Theme) -> bytes:
    """256 x RGB for intensities: 1 is no ink (the page), 255 is full ink (the text colour); 0 is a gap."""
    paper, full = np.array(rgb(PAGE[theme]), dtype=float), np.array(rgb(INK[theme]), dtype=float)
    share = np.clip((np.arange(256) - 1) / 254, 0, 1)[:, None]
    return (paper + share * (full - paper)).round().astype(np.uint8).tobytes()


def _luminance(colour: str) -> float:
    channels = np.array(rgb(colour)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))
