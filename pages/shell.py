"""The frame of every page: its title, the navigation, and where its errors end."""

import streamlit as st

from dbn_core.errors import LabError
from dbn_core.places import ASSETS
from pages.parts import address, drawn, header
from pages.parts.errors import show_error

GROUPS = {
    "Watch": [
        st.Page("train.py", title="Train", default=True),
        st.Page("features.py", title="Features"),
        st.Page("diagnose.py", title="Diagnose"),
    ],
    "Use": [st.Page("classify.py", title="Classify"), st.Page("generate.py", title="Generate")],
    "Compare": [
        st.Page("compare.py", title="Compare"),
        st.Page("ab.py", title="A/B"),
        st.Page("report.py", title="Report"),
        st.Page("runs.py", title="Runs"),
    ],
    "Understand": [st.Page("microscope.py", title="Microscope"), st.Page("stepper.py", title="Stepper")],
}

page = st.navigation(GROUPS, position="hidden")
# The icon is a file: Streamlit would fetch a named one from the network.
st.set_page_config(
    page_title=f"{page.title} · {header.PRODUCT}",
    page_icon=ASSETS / "icon.png",
    layout="wide",
    menu_items={"About": header.about()},
)
st.html(ASSETS / "page.css")
address.hear(page.url_path)
header.draw(page, GROUPS)
try:
    with drawn.anew():
        page.run()
except LabError as error:
    show_error(error)
