"""What a page says in words of its own, above the view."""

import streamlit as st

from dbn_core.records import RunInfo
from pages.parts import lab
from pages.parts.errors import plain


def no_cluster(info: RunInfo) -> None:
    """Nobody trains an unfinished run: why, and what to do."""
    problem = lab.cluster().problem
    if problem and not info.status.is_finished:
        st.warning(plain(problem), title="No job cluster", icon=":material/cloud_off:")
