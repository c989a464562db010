"""What an evaluation measured, as parts of a report: likelihood, who was taken for whom, samples; and the machine.

All of it was recorded when the run was evaluated: nothing is computed anew, so what a report says is what was measured.
"""

from collections.abc import Mapping

import numpy as np

from dbn_core.classifiers import ClassifierId, classifier_of, label_of
from dbn_core.findings import Fact, Finding
from dbn_core.metric_table import SAMPLES, SOURCES, metric_of
from dbn_core.view import grid
from dbn_core.view.markup import THEMES, Section, address, paragraph, picture, section, table, text
from dbn_core.view.palette import Theme
from dbn_core.view.report import estimator_of
from dbn_core.view.words import duration

Figures = Mapping[str, float]
"""The newest number of each metric of the evaluation."""

SHOWN = 24  # mistakes of a classifier
ESTIMATORS: dict[ClassifierId, str] = {
    "fine_tuned": "softmax of the linear head on mean-field features",
    "label_units": "softmax over minus the free energy of each label, exact",
    "up_down": "label units of the network that up-down has tuned, exact",
    "hybrid": "softmax of the CNN",
}


def likelihood(finding: Finding, figures: Figures) -> Section:
    """Both estimates with their intervals, and what they are estimates of."""
    facts = finding.facts
    kind, images = str(facts.get("kind", "log-likelihood")), _whole(facts, "images")
    rows = [
        (f"{kind}, {name}", metric_of(key).text(figures[key]), _interval(figures, key), estimator_of(key, figures))
        for key, name in (
            ("log_likelihood_exact", "exact"),
            ("log_likelihood_ais", "AIS"),
            ("log_likelihood_rais", "reverse AIS"),
        )
        if key in figures
    ]
    settings = ""
    if "chains" in facts:
        settings = f"{_whole(facts, 'chains')} chains, {_whole(facts, 'temperatures')} temperatures; "
    said = f"{images} held-out images, {facts.get('binarisation', '')}; {settings}measured in {_seconds(facts)}."
    bound = " It is a lower bound of log p(v), because the network has several layers." if "bound" in kind else ""
    head = ("what", metric_of("log_likelihood_ais").unit, "3 σ interval", "how")
    return section(
        "How probable are held-out images?",
        "likelihood",
        table(head, rows, (1, 2)),
        paragraph(said[0].upper() + said[1:] + bound, "note"),
        paragraph(str(facts.get("warning") or ""), "warning") if facts.get("warning") else "",
    )


def classifiers(finding: Finding) -> list[Section]:
    """A confusion matrix and the surest mistakes of each classifier."""
    names = finding.facts.get("names")
    known = finding.facts.get("classifiers")
    if not isinstance(names, list) or not isinstance(known, list):
        return []
    return [_classifier(name, names, finding) for name in known if f"{name}.confusion" in finding.arrays]


def _classifier(name: str, names: list[str], finding: Finding) -> Section:
    counts = finding.arrays[f"{name}.confusion"].astype(np.int64)
    total, wrong = int(counts.sum()), int(counts.sum() - np.trace(counts))
    share = wrong / max(total, 1)
    row, deviation = metric_of("test_error"), (share * (1 - share) / max(total, 1)) ** 0.5
    error = f"{row.said(100 * share)} ± {row.text(100 * deviation)} (one standard error)"
    known, label = classifier_of(name), label_of(name)
    how = ESTIMATORS.get(known, label) if known else label
    said = (
        f"{error}: {wrong:,} of {total:,} held-out images, counted. Classifier: {how}. All "
        f"classifiers measured in {_seconds(finding.facts)}."
    )
    return section(
        f"Who is taken for whom? {label[0].upper()}{label[1:]}",
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
        '<div class="wide" tabindex="0"><table class="confusion"><caption>Held-out images, by true class (rows) and '
        f'answer (columns)</caption><thead><tr>{corner}{head}<th scope="col">wrong</th></tr></thead>'
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


def samples(finding: Finding, figures: Figures) -> Section:
    """Samples, their nearest training images, and the table of their quality."""
    facts, arrays = finding.facts, finding.arrays
    of = str(facts.get("of", "samples"))
    parts = []
    if "grid" in arrays:
        parts.append(picture(_tiles(arrays["grid"], 10), of, f"{of}: {len(arrays['grid'])} of them, none chosen"))
    if "pairs" in arrays:
        caption = "Above: samples. Below each: the training image nearest to it, by root mean squared difference"
        pairs = arrays["pairs"]
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
            f"{row.title} ({row.unit})",
            *(row.text(values[source, measure]) if (source, measure) in values else "–" for source in sources),
        ]
        for measure, row in SAMPLES.items()
        if any((source, measure) in values for source in sources)
    ]
    return table(["measure", *(SOURCES[name] for name in sources)], rows, range(1, len(sources) + 1))


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
    row = metric_of(key)
    return f"{'−∞' if low is None else row.text(low)} to {'∞' if high is None else row.text(high)}"


def _number(facts: Mapping[str, Fact], name: str) -> float | None:
    value = facts.get(name)
    return value if isinstance(value, int | float) else None


def _whole(facts: Mapping[str, Fact], name: str) -> str:
    value = _number(facts, name)
    return "" if value is None else f"{value:,.0f}"


def _seconds(facts: Mapping[str, Fact]) -> str:
    value = _number(facts, "seconds")
    return "a time that was not kept" if value is None else duration(value)
