"""What a preset asks, what one will see, and the way to the page on which it is seen."""

import streamlit as st

from dbn_core.config.nearest import preset_of
from dbn_core.config.preset import Preset
from dbn_core.records import RunInfo
from pages.parts.errors import plain


def of_preset(preset: Preset) -> None:
    """In the form, before anything was started."""
    if not preset.question:
        st.caption(plain(preset.summary))
        return
    st.caption(
        f"**{plain(preset.question)}** {plain(preset.expectation)} Seen on {_title(preset)}.", help=preset.summary
    )


def of_run(info: RunInfo, here: str) -> None:
    """With a run of the preset, from its start on; nothing for a run that is of none. here: the page's file."""
    preset = preset_of(info.config)
    if preset is None or not preset.question:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="asked"):
        st.markdown(f"**{plain(preset.question)}** {plain(preset.expectation)}", width="content")
        link(preset, info, here)


def of_example(preset: Preset | None, info: RunInfo) -> None:
    """On its card."""
    if preset is None or not preset.question:
        st.caption(plain(info.note))
        return
    st.caption(f"**{plain(preset.question)}** {plain(preset.expectation)}")


def link(preset: Preset, info: RunInfo, here: str = "train") -> None:
    """To its page, with the run, where that is another one than `here`."""
    if preset.page in (here, "train"):
        return
    st.page_link(
        f"{preset.page}.py",
        label=f"See it on {_title(preset)}",
        icon=":material/arrow_forward:",
        query_params=preset.address(info.id),
        width="content",
    )


def _title(preset: Preset) -> str:
    return preset.page.capitalize()
