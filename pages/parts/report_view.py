"""The report of a run as the store has it, for the Report page."""

from pathlib import Path

import streamlit as st

from dbn_core.findings import Finding
from dbn_core.records import RunInfo, SnapshotInfo
from dbn_core.view.palette import Theme
from dbn_core.view.report_document import CASES, COLUMNS, Material, document
from pages.parts import lab
from pages.parts.component import ASSETS, base
from pages.parts.routes import addresses

STYLES: tuple[Path, ...] = (ASSETS / "report" / "report.css", ASSETS / "report" / "page.css")
UNITS = 100  # filters of a picture, at most


def report_view(info: RunInfo, theme: Theme) -> None:
    """All of it; text of users is escaped where the document is made."""
    run = lab.store().run(info.id)
    found = [Finding.from_snapshot(run.snapshot(item.id)) for item in run.snapshots(kind="evaluation")]
    material = Material(
        info=info,
        points=run.metrics(),
        findings=found,
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
