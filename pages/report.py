"""Report: one run on one page that can be printed: figures, curves, filters, mistakes, samples, settings, time."""

import streamlit as st

from dbn_core.config.stages import leaves_classifier
from dbn_core.findings import Finding
from dbn_core.places import ASSETS
from dbn_core.records import RunInfo, SnapshotInfo
from dbn_core.view.palette import Theme
from dbn_core.view.report_document import CASES, COLUMNS, Material, document
from dbn_core.view.status import status_line
from pages.parts import address, notices, run_picker
from pages.parts.context import base, theme
from pages.parts.errors import plain
from pages.parts.take_away import take_away
from web import lab
from web.routes.train import addresses

STYLES = (ASSETS / "report" / "report.css", ASSETS / "report" / "page.css")
UNITS = 100  # filters of a picture, at most


def area() -> None:
    """The run that is open, else an example."""
    info = run_picker.suited("Report")
    if info is None:
        notices.no_run("The preset `full-workflow` trains and evaluates a network in one go.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="report-head"):
        run_picker.pick(info)
        if st.button("Take away", icon=":material/download:", key="report take away"):
            take_away(info)
    run_picker.explain_missing()
    address.write({"run": info.id})
    head(info)
    report(info, theme())
    further(info)


def report(info: RunInfo, theme: Theme) -> None:
    """The report as the store has it; text of users is escaped where the document is made."""
    run = lab.store().run(info.id)
    findings = [Finding.from_snapshot(run.snapshot(item.id)) for item in run.snapshots(kind="evaluation")]
    material = Material(
        info=info,
        points=run.metrics(),
        findings=findings,
        latest=run.latest_snapshot,
        address=lambda picture, theme: _address(info.id, picture, theme),
    )
    styles = "\n".join(path.read_text("utf-8") for path in STYLES)
    st.html(f"<style>{styles}</style>")
    st.html(f'<article class="report" data-theme="{theme}">{document(material)}</article>')


def _address(run_id: str, picture: SnapshotInfo, theme: Theme) -> str:
    where = addresses(base(), run_id)
    if picture.kind == "filters":
        rows = -(-min(picture.shape[0], UNITS) // COLUMNS)
        return f"{where['filters']}/{picture.id}/{COLUMNS}x{rows}x2-signed-shared-{theme}.png"
    return f"{where['strip']}/{picture.id}/{min(CASES, picture.shape[1])}x2-{theme}.png"


def head(info: RunInfo) -> None:
    """Name, state, time, and a note if there is one."""
    line = status_line(info)
    st.title(plain(info.name), anchor=False)
    facts = [line.headline, f"{info.created_at:%Y-%m-%d %H:%M} UTC", *line.facts]
    st.caption(plain(" · ".join(facts)))
    for text in (info.message, info.note):
        if text:
            st.markdown(plain(text))


def further(info: RunInfo) -> None:
    """Where to look closer; `report-head` is not printed."""
    here = {"run": info.id}
    with st.container(horizontal=True, gap="small", key="report-further"):
        st.page_link(
            "features.py", label="Its features, epoch by epoch", icon=":material/grid_view:", query_params=here
        )
        if leaves_classifier(info.config.stages) or info.config.labels.joint:
            st.page_link(
                "classify.py",
                label="Its mistakes, with their images",
                icon=":material/draw:",
                query_params=here | {"view": "mistakes"},
            )
        st.page_link(
            "generate.py", label="Its dreams, and how good they are", icon=":material/auto_awesome:", query_params=here
        )


area()
