"""Final figures, differing settings and reproducing links of several runs, as tables."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dbn_core.config import RunConfig, presets
from dbn_core.records import RunInfo
from dbn_core.store import Run
from dbn_core.view import compare
from pages.parts.errors import plain
from web import permalink
from web.kept import keep_of_run

FORMATS = {key: f"%.{places}f" for key, places in compare.DECIMALS.items()} | {"speed": "%,.0f"}


@keep_of_run(256)
def row(run: Run) -> dict[str, Any]:
    """Final figures of a run."""
    return compare.figures(run.info(), run.metrics(names=compare.FIGURES))


def figures_table(runs: Sequence[RunInfo]) -> None:
    """A click on a heading sorts."""
    st.markdown("**Final figures**")
    rows = [row(info.id) for info in runs]
    # Columns in which nobody has a number are left out, but for the errors.
    shown = [key for key in compare.COLUMNS if key in {"train", "heldout"} or any(item[key] for item in rows)]
    st.dataframe(
        [{key: item[key] for key in shown} for item in rows],
        hide_index=True,
        column_config={key: _column(key) for key in shown},
        placeholder="–",
        key="compare figures",
        alt="Final figures of the runs",
    )


def _column(key: str) -> Any:
    title, words = compare.COLUMNS[key]
    if key in FORMATS:
        return st.column_config.NumberColumn(title, help=words or None, format=FORMATS[key])
    return st.column_config.TextColumn(title, help=words or None)


def differences_table(runs: Sequence[RunInfo]) -> None:
    """Only the settings that are not the same in all."""
    if len(runs) < 2:
        return
    differences = compare.differences(runs)
    if not differences:
        st.caption("All of these runs have the same settings: on the processor their curves lie on each other.")
        return
    st.markdown("**Settings that differ**")
    titles = {info.id: st.column_config.TextColumn(info.name) for info in runs}
    st.dataframe(
        differences,
        hide_index=True,
        column_config={"setting": st.column_config.TextColumn("Setting"), "key": None, **titles},
        key="compare differences",
        alt="Settings in which the runs differ",
    )


def links(runs: Sequence[RunInfo]) -> None:
    """A link a run that fills the Train form with its settings; it starts nothing."""
    st.markdown("**Reproduce**", help="Each link fills the form on the Train page with a run's settings.")
    with st.container(horizontal=True, gap="small", key="compare links"):
        for info in runs:
            st.page_link(
                "train.py",
                label=plain(info.name),
                icon=":material/link:",
                query_params=permalink.write(nearest_preset(info.config), info.config, None),
            )
    if any(info.parent for info in runs):
        st.caption("A branched run began from a checkpoint of another one; its link has its settings only.")


def nearest_preset(config: RunConfig) -> str:
    """The preset from which the fewest settings differ: it makes the shortest link."""
    return min((item.name for item in presets()), key=lambda name: len(config.differences(RunConfig.preset(name))))
