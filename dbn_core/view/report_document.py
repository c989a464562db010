"""A run's report: one document that a person reads from the top down, and prints.

HTML that needs no script, for the Report page and for the `.html` file alike. It says what was measured, each number
with its unit, split, estimator, time and machine, and measures nothing itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dbn_core.config import RunConfig
from dbn_core.config.stages import stage_name
from dbn_core.findings import Finding
from dbn_core.metric_table import JUDGE, metric_of
from dbn_core.projections import RECORDED
from dbn_core.records import EVALUATION, MetricPoint, RunInfo, SnapshotInfo
from dbn_core.view import curves, report, report_parts
from dbn_core.view.few_labels import TITLES, FewLabelsPoint, few_labels_points, few_labels_progress
from dbn_core.view.markup import THEMES, Section, chart, page, paragraph, picture, section, table
from dbn_core.view.palette import Theme
from dbn_core.view.plot import Axes, Line
from dbn_core.view.stages import drawn_units, recorded_stages
from dbn_core.view.words import duration, number

CASES = 10  # reconstructions shown
COLUMNS = 10  # of filters
HELD_OUT_DASH, ASIDE_DASH = "6 4", "2 3"
FEW_DASHES = ("6 4", "", "2 3")

Latest = Callable[[str, str], SnapshotInfo | None]
"""(kind, stage) -> the newest picture."""
Address = Callable[[SnapshotInfo, Theme], str]
"""Where a browser finds a picture of filters or reconstructions."""


@dataclass(frozen=True)
class Material:
    """What the store holds of a run."""

    info: RunInfo
    points: Sequence[MetricPoint]
    findings: Sequence[Finding] = ()
    latest: Latest = field(default=lambda *_: None)
    address: Address = field(default=lambda *_: "")


def document(material: Material) -> str:
    """The report, without the run's name."""
    parts = {finding.part: finding for finding in material.findings}  # the newest of each part
    figures = {point.name: point.value for point in material.points if point.position.stage == EVALUATION}
    return page(
        [
            _figures(material, "samples" in parts),
            *([report_parts.likelihood(parts["likelihood"], figures)] if "likelihood" in parts else []),
            *_few_labels(material),
            _curves(material),
            *_layers(material),
            *(report_parts.classifiers(parts["classifiers"]) if "classifiers" in parts else []),
            *([report_parts.samples(parts["samples"], figures)] if "samples" in parts else []),
            _settings(material.info.config),
            _circumstances(material.info, parts.get("machine")),
        ]
    )


# -- numbers ----------------------------------------------------------------------------------------------------------


def _figures(material: Material, apart: bool) -> Section:
    rows = [
        row
        for row in report.end_figures(material.points, material.info.config)
        if not (apart and row["estimator"] == JUDGE)
    ]
    if not rows:
        return section("What it came to", "figures", paragraph("Nothing measured yet.", "note"))
    names = ("stage", "figure", "value", "unit", "split", "estimator", "epoch")
    head = ("stage", "figure", "value", "unit", "measured on", "how", "at epoch")
    return section("What it came to", "figures", table(head, [[row[name] for name in names] for row in rows], (2, 6)))


def _settings(config: RunConfig) -> Section:
    rows = [(row["setting"], row["value"], row["default"]) for row in report.settings(config)]
    said = "Those that are not their defaults." if rows else "All settings are their defaults."
    return section(
        "How was it set up?", "settings", paragraph(said, "note"), table(("setting", "here", "default"), rows, (1, 2))
    )


def _circumstances(info: RunInfo, machine: Finding | None) -> Section:
    rows = [("Created", f"{info.created_at:%Y-%m-%d %H:%M} UTC")]
    if info.started_at and info.finished_at:
        took = duration((info.finished_at - info.started_at).total_seconds())
        starts = f"; started {info.attempt} times" if info.attempt > 1 else ""
        rows.append(("From start to end", f"{took} by the clock, evaluation and pauses included{starts}"))
    rows += report_parts.machine(machine) if machine else [("Device", info.progress.device or "not known")]
    why = "did not keep what machine it was trained on" if info.status.is_finished else "notes its machine when it ends"
    note = "" if machine else paragraph(f"This run {why}.", "note")
    return section("Where and when?", "machine", table(("what", "value"), rows), note)


# -- curves -----------------------------------------------------------------------------------------------------------


def _curves(material: Material) -> Section:
    planned = [stage.key for stage in recorded_stages(material.info.config)]
    stages = list(dict.fromkeys([*planned, *(point.position.stage for point in material.points)]))
    values: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for point in material.points:
        if point.position.stage == EVALUATION:
            continue  # one number is no curve, and has a part of its own
        values.setdefault((point.name, point.position.stage), []).append((point.position.epoch, point.value))
    return section("How did it get there?", "curves", *(_curve(item, stages, values) for item in curves.charts()))


def _curve(
    item: curves.Chart, stages: Sequence[str], values: Mapping[tuple[str, str], list[tuple[float, float]]]
) -> str:
    lines = [
        Line(
            f"{stage_name(stage)}, {series.name}",
            colour,
            [(epoch, value * series.factor) for epoch, value in values[series.metric, stage]],
            HELD_OUT_DASH if series.dashed else ASIDE_DASH if series.dotted else "",
            series.dots or (item.marked and len(values[series.metric, stage]) == 1),
        )
        for series in item.series
        for colour, stage in enumerate(stages)
        if (series.metric, stage) in values
    ]
    drawn = chart(lines, Axes("epochs of the whole run", item.axis, from_zero=item.from_zero), item.help.question)
    if not drawn:
        return ""
    measured = paragraph(f"{_sentence(item.help.unit)} {_sentence(item.help.split)}", "caption")
    return f'<figure class="curve"><h3>{item.help.question}</h3>{drawn}{measured}</figure>'


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


# -- pictures ---------------------------------------------------------------------------------------------------------


def _layers(material: Material) -> list[Section]:
    """The last filters and reconstructions of each stage."""
    return [
        section(
            f"What has it learnt? {stage.label[0].upper()}{stage.label[1:]}",
            "layer",
            _beside(_filters(material, stage.key), _strip(material, stage.key)),
        )
        for stage in recorded_stages(material.info.config)
    ]


def _filters(material: Material, stage: str) -> str:
    info = material.latest("filters", stage)
    if info is None:
        return ""
    what, units = drawn_units(stage, info.projection, material.info.config)
    many = f"the first {info.shape[0]} of {units:,} units" if units > info.shape[0] else f"all {info.shape[0]} units"
    colours = "orange more ink, blue less" if info.projection == RECORDED else "blue inhibits, orange excites"
    caption = f"Filters: {what}, {many}, epoch {info.position.epoch:g}; {colours}"
    return picture(_sources(material, info), f"Filters of {what}", caption)


def _strip(material: Material, stage: str) -> str:
    info = material.latest("reconstructions", stage)
    if info is None:
        return ""
    caption = (
        f"Held-out images above their reconstructions, mean-field through all layers trained so far, epoch "
        f"{info.position.epoch:g}"
    )
    return picture(_sources(material, info), "Held-out images above their reconstructions", caption)


def _sources(material: Material, info: SnapshotInfo) -> dict[Theme, str]:
    return {theme: material.address(info, theme) for theme in THEMES}


def _beside(*parts: str) -> str:
    inside = "".join(parts)
    return f'<div class="beside">{inside}</div>' if inside else ""


# -- few labels -------------------------------------------------------------------------------------------------------


def _few_labels(material: Material) -> list[Section]:
    config = material.info.config
    points = few_labels_points(material.points)
    if not points:
        return []
    row = metric_of("test_error")
    methods = [name for name in TITLES if any(point.method == name for point in points)]
    counts = sorted({point.labels for point in points})
    lines = [_few_line(method, place, points) for place, method in enumerate(methods)]
    drawn = chart(lines, Axes("labelled images", row.axis_title, log_x=counts), "Error by labels")
    at = {(point.method, point.labels): point for point in points}
    rows = [[f"{count:,}", *(_cell(at.get((method, count))) for method in methods)] for count in counts]
    caption = f"{row.unit} of {row.split}, mean ± standard deviation over the seeds"
    return [
        section(
            "What is pretraining worth when labels are few?",
            "few",
            paragraph(_conditions(points, config), "note"),
            f'<div class="beside"><figure class="curve">{drawn}</figure>'
            + table(["labels", *(TITLES[method] for method in methods)], rows, range(1, len(methods) + 1), caption)
            + "</div>",
        )
    ]


def _few_line(method: str, place: int, points: Sequence[FewLabelsPoint]) -> Line:
    mine = [point for point in points if point.method == method]
    spread = [point.spread for point in mine]
    return Line(TITLES[method], place, [(point.labels, point.mean) for point in mine], FEW_DASHES[place], spread=spread)


def _cell(point: FewLabelsPoint | None) -> str:
    if point is None:
        return "…"
    row = metric_of("test_error")
    return f"{row.text(point.mean)} ± {row.text(point.spread)}" if len(point.errors) > 1 else row.text(point.mean)


def _conditions(points: Sequence[FewLabelsPoint], config: RunConfig) -> str:
    done, trainings = few_labels_progress(points, config)
    settings = config.finetune
    each = config.layer_epochs if len({*config.layer_epochs}) > 1 else config.layer_epochs[:1]
    epochs = f"{number(each)} epochs a layer" + (", then up-down" if config.updown.epochs else "")
    same = (
        f"{config.fewlabels.updates:,} updates of {config.batch_size} images, {settings.optimiser}, rate "
        f"{number(settings.learning_rate)} falling to 0, dropout {number(settings.dropout)}"
    )
    return (
        f"{done} of {trainings} trainings. All three ways get the same labelled images and the same training ({same}), "
        f"and each is judged once, after its last update: nothing is chosen by looking at held-out images. A seed "
        f"chooses the labelled images and the start from scratch. Pretraining: {epochs}, on all training images, "
        f"without labels; one pretrained network serves all seeds, so the spread does not hold the luck of pretraining."
    )
