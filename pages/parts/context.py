"""What Streamlit knows of the browser and of the server: the theme that is shown, the server's path prefix."""

import streamlit as st

from dbn_core.view.palette import Theme


def theme() -> Theme:
    """Light unless the browser says dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def base() -> str:
    """The server's path prefix, "" or "/lab-of-mine"."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""
