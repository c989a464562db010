"""The head of every page: whose lab it is, which page this is, and the way to every other one, in groups."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dbn_core import __version__
from pages.parts import run_picker, views
from pages.parts.context import base
from web.routes import reference

PRODUCT = "Deep Belief Lab"
ABOUT_A_RUN = frozenset({"Features", "Diagnose", "Classify", "Generate", "Report", "Stepper"})
"""Pages whose address is that of the run they show, and nothing else."""


def about() -> str:
    """What the menu of every page says of the lab, as Markdown."""
    return f"{PRODUCT} {__version__}\n\n[API reference]({reference.address(base())}): the lab from Python"


def draw(shown: StreamlitPage, groups: Mapping[str, Sequence[StreamlitPage]]) -> None:
    """One row at one place on all pages, above a sidebar, too; where it does not fit, it scrolls sideways."""
    query = run_picker.query()  # else the page adds it: one more step for the browser's Back
    with st.container(horizontal=True, vertical_alignment="bottom", key="header"):
        with st.container(width="content", key=f"on {shown.title}"):
            st.html(f"<p>{PRODUCT}</p><h1>{shown.title}</h1>", width="content")
        for name, pages in groups.items():
            here = "here " if shown in pages else ""
            with st.container(width="content", gap=None, key=f"group {here}{name}"):
                st.html(f"<p>{name}</p>")
                with st.container(horizontal=True, gap=None):
                    for page in pages:
                        st.page_link(page, width="content", query_params=query if page.title in ABOUT_A_RUN else None)
        views.keys(shown.url_path)
