"""The eight panels of the stepper as HTML: what is known at a half-step is drawn, what is not yet is an empty frame.

All text here is ours; nothing of a run's is put in but numbers and pictures.
"""

import base64

import streamlit as st

from dbn_core.metric_table import significant
from dbn_core.view import half_steps, palette
from dbn_core.view.half_steps import HalfSteps, Signed
from dbn_core.view.palette import Theme

POSITIVE, RECONSTRUCTED, NEGATIVE, UPDATED = 1, 2, 3, 4  # what is known at a phase; 0: the digit alone


def states(steps: HalfSteps, phase: int, theme: Theme, words: str) -> None:
    """v0, h0, v1, h1: probabilities beside samples."""
    answer, shape = steps.answer, steps.shape
    digit, units = half_steps.digit, half_steps.units
    given = _picture(digit(answer["v0"], shape, theme), "the digit, as ink", "intensities 0 to 1")
    columns = st.columns(4)
    with columns[0]:
        _panel("v₀", "the digit", _pair(given, f'<div class="cd-words">{words}</div>'), phase == 0)
    for column, name, sign, title, known in (
        (columns[1], "h0", "h₀", "units look at it", POSITIVE),
        (columns[2], "v1", "v₁", "they reconstruct it", RECONSTRUCTED),
        (columns[3], "h1", "h₁", "units look again", NEGATIVE),
    ):
        draw = digit if name == "v1" else units
        pictures = [
            _picture(draw(answer[f"{name}_{kind}"], shape, theme), f"{sign}, {kind}", kind)
            if phase >= known
            else _blank(kind)
            for kind in ("probability", "sample")
        ]
        with column:
            _panel(sign, title, _pair(*pictures), phase == known)


def changes(steps: HalfSteps, phase: int, theme: Theme) -> None:
    """The two outer products, their difference and the weights, one tile a unit."""
    shape = steps.shape
    end = max(half_steps.strength(steps.positive), half_steps.strength(steps.negative))
    weights = max(half_steps.strength(steps.answer["W"]), half_steps.strength(steps.answer["W_after"]))
    shown = steps.answer["W_after" if phase >= UPDATED else "W"]
    panels = (
        ("+", "positive: h₀ v₀ᵀ", POSITIVE, steps.positive, end),
        ("−", "negative: h₁ v₁ᵀ", NEGATIVE, -steps.negative, end),
        ("η", "update: rate × both together", UPDATED, steps.update, None),
        ("W", "weights after it" if phase >= UPDATED else "weights before it", 0, shown, weights),
    )
    for column, (sign, title, known, values, scale) in zip(st.columns(4), panels, strict=True):
        with column:
            is_known = phase >= known
            body = _matrix(half_steps.matrix(values, shape, theme, scale), title, theme) if is_known else _no_matrix()
            _panel(sign, title, body, phase == known and known > 0)


# -- parts ----------------------------------------------------------------------------------------------------------


def _panel(sign: str, title: str, body: str, now: bool) -> None:
    mark = " cd-now" if now else ""
    st.html(f'<div class="cd-panel{mark}"><div class="cd-title"><b>{sign}</b><span>{title}</span></div>{body}</div>')


def _pair(first: str, second: str) -> str:
    return f'<div class="cd-pair">{first}{second}</div>'


def _picture(png: bytes, alt: str, caption: str) -> str:
    return f'<figure><img src="{_address(png)}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


def _blank(caption: str) -> str:
    return f'<figure><div class="cd-blank"></div><figcaption>{caption}</figcaption></figure>'


def _matrix(picture: Signed, title: str, theme: Theme) -> str:
    ends = f"<span>−{significant(picture.scale)}</span>", f"<span>+{significant(picture.scale)}</span>"
    stops = ", ".join(palette.stops("signed", theme))
    ramp = f'<span class="cd-ramp" style="background: linear-gradient(to right, {stops})"></span>'
    legend = f'<div class="cd-legend">{ends[0]}{ramp}{ends[1]}</div>'
    return f'<img src="{_address(picture.picture)}" alt="{title}, one tile a unit">{legend}'


def _no_matrix() -> str:
    return '<div class="cd-blank"></div><div class="cd-legend cd-hidden"><span>0</span></div>'


def _address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
