"""The report: what was recorded stands in it, with its conditions, and names of users are text."""

import base64
import re
from dataclasses import replace

import numpy as np
import pytest

from dbn_core.config import RunConfig
from dbn_core.findings import Finding
from dbn_core.records import MetricPoint, Position
from dbn_core.view import markup
from dbn_core.view.plot import Axes, Line, coloured, plot, ticks
from dbn_core.view.report_document import Material, document
from tests.view.samples import run_info

HOSTILE = "<img src=x onerror=alert(1)>"
WHERE = Position(900, 120.0, "evaluation")


def point(name: str, value: float, where: Position = WHERE) -> MetricPoint:
    return MetricPoint(name, value, where)


def report(*findings: Finding, points: list[MetricPoint] | None = None, config: RunConfig | None = None) -> str:
    info = run_info()
    return document(Material(replace(info, config=config or info.config), points or [], findings))


def part(html: str, name: str) -> str:
    section = re.search(rf'<section class="part part-{name}" id="[^"]*">.*?</section>', html)
    assert section is not None, name
    return section[0]


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def drawings(html: str) -> list[str]:
    """The charts in it, as SVG text; samples of a legend are not charts."""
    images = [base64.b64decode(code).decode() for code in re.findall(r"svg\+xml;base64,([^\"]+)", html)]
    return [svg for svg in images if "<title>" in svg]


def test_a_list_of_its_parts_leads_to_each_of_them() -> None:
    html = report(points=[point("recon_mse", 0.02, WHERE)])
    parts = dict(re.findall(r'id="([^"]+)"><h2>([^<]+)</h2>', html))
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', html))
    assert links == parts
    assert {"What it came to", "How was it set up?", "Where and when?"} <= set(parts.values())


@pytest.mark.parametrize("stored", ["fine_tuned", "fine-tuned"])  # older findings hold words
def test_a_confusion_matrix_is_the_recorded_one_with_its_error_and_the_images_of_its_mistakes(stored: str) -> None:
    counts = np.array([[30, 2, 0], [0, 33, 0], [1, 0, 14]])
    finding = Finding(
        "classifiers",
        {"names": ["zero", HOSTILE, "two"], "classifiers": [stored], "images": 80, "seconds": 4.2},
        {
            f"{stored}.confusion": counts,
            f"{stored}.mistakes": np.array([[0, 1, 0.9996], [2, 0, 0.97]]),
            f"{stored}.pictures": np.full((2, 5, 3), 200, np.uint8),
        },
    )
    html = part(report(finding), "confusion")
    assert HOSTILE not in html
    assert html.count("&lt;img src=x onerror") == 5, "a column, a row, and a mistake with two pictures"
    assert "3.75 % ± 2.12" in html
    assert "3 of 80 held-out images" in html
    assert "measured in 0:04" in html
    assert "Who is taken for whom? Fine-tuned" in html
    assert "softmax of the linear head" in html
    rows = [re.findall(r"<td[^>]*>(\d*)</td>", row) for row in html.split("<tbody>")[1].split("</tr>")[:3]]
    assert [[int(cell or 0) for cell in row] for row in rows] == counts.tolist()
    assert html.count("data:image/png") == 4, "two mistakes in the colours of two themes"
    assert "&gt; 99.9 %" in html
    assert "97 %" in html


def test_a_likelihood_says_its_kind_its_interval_and_how_it_was_measured() -> None:
    facts = {"kind": "variational lower bound", "binarisation": "threshold at one half", "images": 2000}
    finding = Finding("likelihood", {**facts, "warning": "", "seconds": 75.0, "chains": 100, "temperatures": 5000})
    points = [
        point("log_likelihood_ais", -108.84),
        point("log_likelihood_ais_low", -109.0),
        point("log_likelihood_ais_high", -108.5),
        point("log_likelihood_rais", -108.1),
        point("log_likelihood_rais_high", -107.5),
    ]
    said = text(part(report(finding, points=points), "likelihood"))
    assert "variational lower bound, AIS" in said
    assert "−108.8" in said
    assert "−109.0 to −108.5" in said
    assert "−∞ to −107.5" in said
    assert "100 chains, 5,000 temperatures; measured in 1:15" in said
    assert "lower bound of log p(v)" in said
    assert said.count("both ways agree, as far as the error is known") == 2, "one interval has no end"


def test_estimates_of_a_likelihood_that_lie_apart_are_called_optimistic_and_pessimistic() -> None:
    ends = {
        "ais_low": -101.0,
        "ais": -100.5,
        "ais_high": -100.0,
        "rais_low": -105.0,
        "rais": -104.0,
        "rais_high": -103.0,
    }

    def said(ends: dict[str, float]) -> str:
        points = [point(f"log_likelihood_{name}", value) for name, value in ends.items()]
        return text(part(report(Finding("likelihood", {"images": 9, "seconds": 1.0}), points=points), "likelihood"))

    apart = said(ends)
    assert "from below, optimistic" in apart
    assert "from above, pessimistic" in apart
    assert "agree" not in apart
    assert said(ends | {"rais_high": -100.9}).count("both ways agree within the error") == 2


def test_the_few_labels_say_mean_spread_and_that_all_ways_had_the_same_training() -> None:
    config = RunConfig().with_values(
        {"epochs": 50, "fewlabels.seeds": 2, "fewlabels.updates": 700, "finetune.dropout": 0.3, "batch_size": 20}
    )
    here = Position(9, 9.0, "fewlabels")
    points = [
        point(f"error/{way}/100/{seed}", 20.0 + seed + shift, here)
        for way, shift in (("global", 0), ("scratch", 4))
        for seed in (0, 1)
    ]
    html = part(report(points=points, config=config), "few")
    said = text(html)
    assert "20.50 ± 0.71" in said
    assert "24.50 ± 0.71" in said
    assert "4 of 30 trainings" in said
    assert "700 updates of 20 images" in said
    assert "50 epochs a layer" in said
    assert sum(svg.count("<circle") for svg in drawings(html)) == 2 * 2, "two ways in two themes"


def test_samples_stand_beside_their_conditions_and_the_table_of_their_quality() -> None:
    facts = {
        "of": "Dreams",
        "count": 500,
        "reference": 500,
        "steps": 200,
        "seed": 0,
        "scored": "probabilities",
        "judge": 1.5,
        "seconds": 9.0,
    }
    arrays = {"grid": np.zeros((7, 5, 3), np.uint8), "pairs": np.zeros((2, 4, 5, 3), np.uint8)}
    points = [point("samples.real.precision", 0.97), point("samples.dreams.precision", 0.825)]
    html = part(report(Finding("samples", facts, arrays), points=points), "samples")
    assert "200 Gibbs steps from noise, seed 0" in html
    assert "wrong on 1.50 %" in html
    assert '<td class="number">0.970</td><td class="number">0.825</td>' in html
    assert "7 of them, none chosen" in html


def test_machine_and_time_are_named_and_a_run_without_them_says_so() -> None:
    facts = {
        "processor": "A & B",
        "cores": 2,
        "threads": 1,
        "device": "cpu",
        "torch": "2",
        "seconds": 61.0,
        "processor_seconds": 50.0,
    }
    said = part(report(Finding("machine", facts)), "machine")
    assert "A &amp; B, 2 cores" in said
    assert "1 thread, torch 2" in said
    assert "1:01 by the clock, 0:50 of processor time" in said
    assert "notes its machine when it ends" in part(report(), "machine"), "it is still in training"


def test_the_newest_finding_of_a_part_counts() -> None:
    old, new = (Finding("machine", {"processor": name}) for name in ("the old one", "the new one"))
    assert "the new one" in report(old, new)
    assert "the old one" not in report(old, new)


def test_curves_are_drawn_for_every_stage_with_its_unit_and_split() -> None:
    points = [point("recon_mse", 0.1 / step, Position(step, float(step), "layer1")) for step in range(1, 5)]
    html = part(report(points=points), "curves")
    assert "layer 1, train" in html
    assert "Squared error per pixel. Solid: training images; dashed: held-out images." in html
    assert len(re.findall(r'<path d="M[^"]*L', "".join(drawings(html)))) == 2, "one line in two themes"


# -- the chart --------------------------------------------------------------------------------------------------------


def places(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)]


def test_a_chart_is_true_to_scale_also_on_a_logarithmic_axis() -> None:
    line = Line("a", 0, [(100, 10), (1000, 20), (10_000, 40)], spread=[1, 1, 1])
    (x0, y0), (x1, y1), (x2, y2) = places(plot([line], Axes("labels", "%", log_x=[100, 1000, 10_000]), "d"))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    assert y1 - y2 == pytest.approx(2 * (y0 - y1), abs=0.2)
    assert y0 > y1 > y2, "more is higher"


def test_what_is_not_finite_is_left_out_and_long_lines_are_thinned_with_their_last_point() -> None:
    assert plot([Line("a", 0, [(1, float("nan"))])], Axes("x", "y"), "d") == ""
    path = re.findall(
        r'<path d="M([^"]+)" fill="none"', plot([Line("a", 0, [(n, n % 7) for n in range(5000)])], Axes("x", "y"), "d")
    )
    assert len(path[0].split("L")) <= 301
    assert path[0].split("L")[-1].startswith("626.0"), "the last point at the right end"


def test_names_are_text_in_charts_too() -> None:
    svg = plot([Line("a", 0, [(1, 2)])], Axes("<x>", "<y>"), '"><b>')
    assert not re.search(r"<[xyb]>", svg + markup.chart([Line("<b>", 0, [(1, 2)])], Axes("x", "y"), "d"))


def test_a_coloured_chart_leaves_no_colour_to_the_page() -> None:
    svg = coloured(plot([Line("a", place, [(1, 2), (2, 3)]) for place in range(9)], Axes("x", "y"), "d"), "dark")
    assert "var(" not in svg
    assert "currentColor" not in svg


def test_ticks_are_round_numbers_within_their_range() -> None:
    assert ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert ticks(-109.3, -107.2, 6) == [-109, -108.5, -108, -107.5]
