"""The runs of this lab, to open one: a short list for where none is open."""

import streamlit as st

from pages.parts import run_picker
from pages.parts.errors import plain
from web import lab

MOST = 6


def draw() -> None:
    """The newest ones by name and state; nothing where there are none."""
    runs = lab.store().runs()
    if not runs:
        return
    st.markdown("**In this lab**")
    with st.container(horizontal=True, gap="small", key="run list"):
        for info in runs[:MOST]:
            st.button(
                plain(run_picker.label(info)),
                key=f"look at {info.id}",
                type="tertiary",
                icon=":material/grid_view:",
                on_click=run_picker.open_run,
                args=(info.id,),
            )
        if len(runs) > MOST:
            st.page_link("runs.py", label=f"All {len(runs):,} runs", icon=":material/list:")
