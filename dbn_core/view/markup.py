"""Text, tables and pictures as HTML for pages that stand still. Text is always text: names of users are no markup."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dbn_core.view import plot
from dbn_core.view.palette import Theme
from dbn_core.view.plot import Axes, Line

THEMES: tuple[Theme, ...] = ("light", "dark")
MANY = 5  # columns that fit a phone


def text(words: object) -> str:
    """Words as they are."""
    return escape(str(words))


def paragraph(words: str, kind: str = "") -> str:
    """Of text."""
    return f"<p{_class(kind)}>{text(words)}</p>"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading. `name` tells tests and styles which it is."""

    title: str
    name: str
    inside: str


def section(title: str, name: str, *parts: str) -> Section:
    """Of HTML."""
    return Section(title, name, "".join(parts))


def page(sections: Sequence[Section]) -> str:
    """Those in which there is something, under a list of them that leads to each."""
    shown = [each for each in sections if each.inside]
    links = "".join(f'<li><a href="#report-{at}">{text(each.title)}</a></li>' for at, each in enumerate(shown))
    contents = f'<nav class="contents" aria-label="Contents"><ol>{links}</ol></nav>' if len(shown) > 1 else ""
    return contents + "".join(
        f'<section class="part part-{each.name}" id="report-{at}"><h2>{text(each.title)}</h2>{each.inside}</section>'
        for at, each in enumerate(shown)
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = (), caption: str = "") -> str:
    """Of text; columns in `numbers` are set to the right. The first cell of a row is its heading.

    Cells of a table of many columns know the name of theirs, which stands beside them where there is no room for all.
    """
    if not rows:
        return ""
    kinds = [_class("number" if at in numbers else "") for at in range(len(head))]
    top = "".join(f'<th scope="col"{kind}>{text(cell)}</th>' for cell, kind in zip(head, kinds, strict=True))
    is_long = len(head) > MANY
    cells = [f'{kind} data-name="{text(name)}"' if is_long else kind for name, kind in zip(head, kinds, strict=True)][
        1:
    ]
    body = "".join(
        f'<tr><th scope="row"{kinds[0]}>{text(first)}</th>'
        + "".join(f"<td{kind}>{text(cell)}</td>" for cell, kind in zip(rest, cells, strict=True))
        + "</tr>"
        for first, *rest in rows
    )
    below = f"<caption>{text(caption)}</caption>" if caption else ""
    kind = _class("wide many" if is_long else "wide")
    return f'<div{kind} tabindex="0"><table>{below}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def picture(sources: Mapping[Theme, str], alt: str, caption: str = "", kind: str = "") -> str:
    """An image in the colours of each theme, of which the style shows one; sources: addresses."""
    images = "".join(f'<img class="on-{theme}" src="{text(sources[theme])}" alt="{text(alt)}">' for theme in THEMES)
    below = f"<figcaption>{text(caption)}</figcaption>" if caption else ""
    return f"<figure{_class(kind)}>{images}{below}</figure>"


def address(png: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def chart(lines: Sequence[Line], axes: Axes, title: str) -> str:
    """Curves under their legend; "" when there is nothing to draw."""
    svg = plot.plot(lines, axes, title)
    if not svg:
        return ""
    samples = "".join(f"<span>{_drawing(plot.sample(line), '', 'sample')}{text(line.name)}</span>" for line in lines)
    return f'<p class="key">{samples}</p>{_drawing(svg, title, "plot")}'


def _drawing(svg: str, alt: str, kind: str) -> str:
    """SVG as an image in each theme."""
    return "".join(
        f'<img class="{kind} on-{theme}" src="{_svg_address(plot.coloured(svg, theme))}" alt="{text(alt)}">'
        for theme in THEMES
    )


def _svg_address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
