"""The frame of every page: its title, the navigation, and where its errors end."""

from pathlib import Path

import streamlit as st

from dbn_core.errors import LabError
from pages.parts.errors import show_error

ASSETS = Path(__file__).parents[1] / "assets"

# The icon is a file: Streamlit would fetch a named one from the network.
st.set_page_config(page_title="Deep Belief Lab", page_icon=ASSETS / "icon.png", layout="wide")
st.html(ASSETS / "page.css")

page = st.navigation(
    [
        st.Page("train.py", title="Train", icon=":material/model_training:", default=True),
        st.Page("runs.py", title="Runs", icon=":material/view_list:"),
        st.Page("features.py", title="Features", icon=":material/grid_view:"),
        st.Page("diagnose.py", title="Diagnose", icon=":material/stethoscope:"),
        st.Page("compare.py", title="Compare", icon=":material/stacked_line_chart:"),
        st.Page("ab.py", title="A/B", icon=":material/difference:"),
        st.Page("classify.py", title="Classify", icon=":material/draw:"),
        st.Page("generate.py", title="Generate", icon=":material/auto_awesome:"),
        st.Page("microscope.py", title="Microscope", icon=":material/biotech:"),
        st.Page("stepper.py", title="Stepper", icon=":material/footprint:"),
        st.Page("report.py", title="Report", icon=":material/description:"),
    ],
    position="top",
)
try:
    page.run()
except LabError as error:
    show_error(error)
