"""A run to take away: what there is to download."""

import streamlit as st

from dbn_core.places import ASSETS
from dbn_core.records import RunInfo
from pages.parts.context import base
from pages.parts.errors import plain
from web import lab
from web.routes.take_away import FORMS, Form, address

STYLES = ASSETS / "take_away.css"


@st.dialog("Take away", width="medium")
def take_away(info: RunInfo) -> None:
    """Links to every form of a run."""
    st.caption(plain(info.name))
    pictured = lab.store().run(info.id).latest_snapshot("filters") is not None
    st.html(STYLES)
    st.html("".join(_link(info.id, form, pictured or not form.pictured) for form in FORMS))
    st.caption(
        "The file is made when you click; a replay takes a few seconds. The command line makes the same files: "
        f"`python -m dbn_core export {info.id} --to replay.html`"
    )


def _link(run_id: str, form: Form, is_there: bool) -> str:
    """All text is ours; the id is hexadecimal."""
    words = form.words if is_there else "There is no picture of its filters yet."
    inside = f'<span class="take-name">{form.title}<small>{form.suffix}</small></span><span>{words}</span>'
    if not is_there:
        return f'<div class="take-away take-missing">{inside}</div>'
    return f'<a class="take-away" href="{address(base(), run_id, form)}" download>{inside}</a>'
