"""The head of every page: whose lab it is, which page this is, and the way to every other one, in groups."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.parts import views

PRODUCT = "Deep Belief Lab"


def draw(shown: StreamlitPage, groups: Mapping[str, Sequence[StreamlitPage]]) -> None:
    """One row at one place on all pages, above a sidebar, too; where it does not fit, it scrolls sideways."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="header"):
        with st.container(width="content", key=f"on {shown.title}"):
            st.html(f"<p>{PRODUCT}</p><h1>{shown.title}</h1>", width="content")
        for name, pages in groups.items():
            here = "here " if shown in pages else ""
            with st.container(width="content", gap=None, key=f"group {here}{name}"):
                st.html(f"<p>{name}</p>")
                with st.container(horizontal=True, gap=None):
                    for page in pages:
                        st.page_link(page, width="content")
        views.keys(shown.url_path)
