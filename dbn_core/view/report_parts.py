"""What an evaluation found, as parts of a report: likelihood, who was taken for whom, samples; and the machine.

All of it was recorded when the run was evaluated: nothing is computed anew, so what a report says is what was measured.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from dbn_core.findings import Fact, Finding
from dbn_core.view import grid
from dbn_core.view.markup import THEMES, address, paragraph, picture, section, table, text
from dbn_core.view.palette import Theme
from dbn_core.view.words import duration, signed

Figures = Mapping[str, float]
"""The newest number of each metric of the evaluation."""

SHOWN = 24  # mistakes of a classifier
ESTIMATORS = {
    "fine-tuned": "softmax of the linear head on mean-field features",
    "label units": "softmax over minus the free energy of each label, exact",
    "up-down": "label units of the network that up-down has tuned, exact",
    "hybrid": "softmax of the CNN",
}
SOURCES = {
    "real": "held-out images",
    "copies": "copies of training images",
    "noise": "noise, pixel by pixel",
    "dreams": "dreams",
    "held": "dreams, label held",
    "vae": "VAE samples",
}
TEXTS = Path(__file__).parents[2] / "assets" / "texts" / "generate.json"


def likelihood(finding: Finding, figures: Figures) -> str:
    """Both estimates with their intervals, and what they are estimates of."""
    facts = finding.facts
    kind, images = str(facts.get("kind", "log-likelihood")), _whole(facts, "images")
    rows = [
        (name, signed(figures[key]), _interval(figures, key), how)
        for key, name, how in (
            ("log_likelihood_exact", f"{kind}, exact", "log Z by enumeration of the top layer"),
            ("log_likelihood_ais", f"{kind}, AIS", "log Z from below, so optimistic"),
            ("log_likelihood_rais", f"{kind}, reverse AIS", "log Z from above, so pessimistic"),
        )
        if key in figures
    ]
    settings = ""
    if "chains" in facts:
        settings = f"{_whole(facts, 'chains')} chains, {_whole(facts, 'temperatures')} temperatures; "
    said = f"{images} held-out images, {facts.get('binarisation', '')}; {settings}measured in {_seconds(facts)}."
    bound = " It is a lower bound of log p(v), because the network has several layers." if "bound" in kind else ""
    head = ("what", "nats per image", "3 σ interval", "how")
    return section(
        "How probable are images it has never seen?",
        "likelihood",
        table(head, rows, (1, 2)),
        paragraph(said[0].upper() + said[1:] + bound, "note"),
        paragraph(str(facts.get("warning") or ""), "warning") if facts.get("warning") else "",
    )


def classifiers(finding: Finding) -> str:
    """A confusion matrix and the surest mistakes of each classifier."""
    names = finding.facts.get("names")
    known = finding.facts.get("classifiers")
    if not isinstance(names, list) or not isinstance(known, list):
        return ""
    return "".join(_classifier(name, names, finding) for name in known if f"{name}.confusion" in finding.arrays)


def _classifier(name: str, names: list[str], finding: Finding) -> str:
    counts = finding.arrays[f"{name}.confusion"].astype(np.int64)
    total, wrong = int(counts.sum()), int(counts.sum() - np.trace(counts))
    share = wrong / max(total, 1)
    error = f"{100 * share:.2f} % ± {100 * (share * (1 - share) / max(total, 1)) ** 0.5:.2f} (one standard error)"
    said = (
        f"{error}: {wrong:,} of {total:,} held-out images, counted. Classifier: {ESTIMATORS.get(name, name)}. All "
        f"classifiers measured in {_seconds(finding.facts)}."
    )
    return section(
        f"Who is taken for whom? {name[0].upper()}{name[1:]}",
        "confusion",
        paragraph(said, "note"),
        f'<div class="beside">{_matrix(counts, names)}{_mistakes(name, names, finding)}</div>',
    )


def _matrix(counts: np.ndarray, names: list[str]) -> str:
    """Ink off the diagonal is the share of a row's mistakes."""
    wrong = counts - np.diag(np.diag(counts))
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in names)
    body = []
    for truth, name in enumerate(names):
        most = max(1, int(wrong[truth].max()))
        few = min(1.0, wrong[truth].sum() / 3)
        cells = [
            f'<td class="right">{counts[truth, truth]:,}</td>'
            if truth == guess
            else f'<td class="ink-{round(9 * few * wrong[truth, guess] / most)}">{counts[truth, guess] or ""}</td>'
            for guess in range(len(names))
        ]
        total = int(counts[truth].sum())
        share = f"{100 * wrong[truth].sum() / total:.1f} %" if total else "none"
        body.append(f'<tr><th scope="row">{text(name)}</th>{"".join(cells)}<td class="wrong">{share}</td></tr>')
    corner = "<td>shows ↓ taken for →</td>"
    return (
        f'<div class="wide"><table class="confusion"><caption>Held-out images, by true class (rows) and answer '
        f'(columns)</caption><thead><tr>{corner}{head}<th scope="col">wrong</th></tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _mistakes(name: str, names: list[str], finding: Finding) -> str:
    pixels, rows = finding.arrays.get(f"{name}.pictures"), finding.arrays.get(f"{name}.mistakes")
    if pixels is None or rows is None:
        return paragraph("Not a single mistake.", "note")
    tiles = [
        picture(
            _tiles(pixels[at : at + 1], 1),
            f"{names[int(truth)]} taken for {names[int(guess)]}",
            f"{names[int(truth)]} → {names[int(guess)]}, {_sure(sure)}",
        )
        for at, (truth, guess, sure) in enumerate(rows[:SHOWN])
    ]
    caption = "What it was surest of, and wrong: class shown → answer, probability of the answer"
    return f'<div class="mistakes"><p class="caption">{caption}</p><div class="tiles">{"".join(tiles)}</div></div>'


def _sure(share: float) -> str:
    """As the Classify page writes it: a softmax is never quite 1, though its rounding may be."""
    if share >= 0.9995:
        return "> 99.9 %"
    return f"{100 * share:.{1 if share >= 0.995 else 0}f} %"


def samples(finding: Finding, figures: Figures) -> str:
    """Samples, their nearest training images, and the table of their quality."""
    facts, found = finding.facts, finding.arrays
    of = str(facts.get("of", "samples"))
    parts = []
    if "grid" in found:
        parts.append(picture(_tiles(found["grid"], 10), of, f"{of}: {len(found['grid'])} of them, none chosen"))
    if "pairs" in found:
        caption = "Above: samples. Below each: the training image nearest to it, by root mean squared difference"
        pairs = found["pairs"]
        tiles = np.concatenate([np.concatenate([own, near]) for own, near in _halves(pairs)])
        parts.append(
            picture(_tiles(tiles, pairs.shape[1] // 2), "Samples above their nearest training images", caption)
        )
    return section(
        "How good are its samples?",
        "samples",
        paragraph(_conditions(facts), "note"),
        f'<div class="beside">{"".join(parts)}</div>',
        _quality(figures),
    )


def _halves(pairs: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """The pairs in two rows."""
    half = pairs.shape[1] // 2
    return [(pairs[0, :half], pairs[1, :half]), (pairs[0, half : 2 * half], pairs[1, half : 2 * half])]


def _conditions(facts: Mapping[str, Fact]) -> str:
    wrong = _number(facts, "judge")
    judge = "" if wrong is None else f"; the judge network is wrong on {wrong:.2f} % of held-out images"
    return (
        f"{_whole(facts, 'count')} images of each source against {_whole(facts, 'reference')} training images; dreams: "
        f"{facts.get('scored', '')} after {_whole(facts, 'steps')} Gibbs steps from noise, seed "
        f"{_whole(facts, 'seed')}{judge}; measured in {_seconds(facts)}."
    )


def _quality(figures: Figures) -> str:
    values = {tuple(name.split(".")[1:]): value for name, value in figures.items() if name.startswith("samples.")}
    sources = [name for name in SOURCES if any(key[0] == name for key in values)]
    rows = [
        [
            f"{measure['label']} ({measure['unit']})",
            *(
                f"{values[source, measure['key']]:.{measure['digits']}f}" if (source, measure["key"]) in values else "–"
                for source in sources
            ),
        ]
        for measure in _measures()
        if any((source, measure["key"]) in values for source in sources)
    ]
    return table(["measure", *(SOURCES[name] for name in sources)], rows, range(1, len(sources) + 1))


@cache
def _measures() -> list[dict[str, Any]]:
    """Those of the Generate page, in its words."""
    return json.loads(TEXTS.read_text("utf-8"))["quality"]["measures"]


def machine(finding: Finding) -> list[tuple[str, str]]:
    """(what, value) of the machine and of the time that training took there."""
    facts = finding.facts
    threads = f"{_whole(facts, 'threads')} thread{'s' if facts.get('threads') != 1 else ''}"
    rows = [
        ("Machine", f"{facts.get('processor', '')}, {_whole(facts, 'cores')} cores"),
        ("Trained on", f"{facts.get('device', '')}, {threads}, torch {facts.get('torch', '')}"),
    ]
    processor = _number(facts, "processor_seconds")
    if processor is not None:
        took = f"{_seconds(facts)} by the clock, {duration(processor)} of processor time, evaluation not included"
        rows.append(("Training took", took))
    return rows


def _tiles(pixels: np.ndarray, columns: int) -> dict[Theme, str]:
    rows = -(-len(pixels) // columns)
    return {theme: address(grid.grid(pixels, columns, rows, theme, 2)) for theme in THEMES}


def _interval(figures: Figures, key: str) -> str:
    low, high = (figures.get(f"{key}_{end}") for end in ("low", "high"))
    if low is None and high is None:
        return ""
    # An end that is not finite is not stored: there the estimate is open.
    return f"{'−∞' if low is None else signed(low)} to {'∞' if high is None else signed(high)}"


def _number(facts: Mapping[str, Fact], name: str) -> float | None:
    value = facts.get(name)
    return value if isinstance(value, int | float) else None


def _whole(facts: Mapping[str, Fact], name: str) -> str:
    value = _number(facts, name)
    return "" if value is None else f"{value:,.0f}"


def _seconds(facts: Mapping[str, Fact]) -> str:
    value = _number(facts, "seconds")
    return "a time that was not kept" if value is None else duration(value)
