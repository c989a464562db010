"""The theme that the browser shows."""

import streamlit as st

from dbn_core.view.palette import Theme


def theme() -> Theme:
    """Light unless the browser says dark."""
    return "dark" if st.context.theme.type == "dark" else "light"
