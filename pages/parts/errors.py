"""Nothing raw ever reaches a page: errors of ours become sentences, defects become a friendly panel and a log entry."""

import logging
import secrets

import streamlit as st

from dbn_core.errors import LabError

log = logging.getLogger("dbn_lab")


def show_error(error: Exception) -> bool:
    """Draw what went wrong; for `st.App(on_script_error=...)`. True: Streamlit need not show anything more."""
    if isinstance(error, LabError):
        st.error(plain(str(error)), title="That did not work", icon=":material/error:")
        return True
    number = secrets.token_hex(4)
    log.error("Defect %s on a page", number, exc_info=error)
    text = f"The server's log has the details under number `{number}`. Training goes on; reload the page to go on here."
    st.error(text, title="Something broke on our side", icon=":material/bug_report:")
    return True


def plain(text: str) -> str:
    """Text of users or of errors for a Streamlit call that reads Markdown: every sign stands for itself."""
    return "".join(_ENTITIES.get(character, character) for character in text).replace("\n", "  \n")


# Entities rather than backslashes: they work for Streamlit's own directives (`:red[...]`, `:material/x:`) too.
_ENTITIES = {character: f"&#{ord(character)};" for character in "\\`*_{}[]<>#+-.|~$:&"}
