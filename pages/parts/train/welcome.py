"""Where no run is open: what the lab is, its one button, and finished runs to look at meanwhile."""

from functools import cache

import streamlit as st

from dbn_core.config.nearest import preset_of
from dbn_core.config.stages import stage_name
from dbn_core.data import load_dataset
from dbn_core.records import RunInfo
from dbn_core.view import reconstructions
from dbn_core.view.palette import Theme
from pages.parts import address, asked, examples, run_list, run_picker
from pages.parts.context import theme
from pages.parts.errors import plain
from pages.parts.train import setup_form, starting
from web import lab
from web.examples import are_coming
from web.run_facts import filters_of_layers, thumbnail

DIGITS = (2, 21)  # rows and columns
FILTERS = (5, 15)  # rows and columns of a card's picture; the layers of a run share the columns
WIDTH, INSIDE, GAP = 1050, 306, 16  # pixels: three cards in a row, the pictures of a card, between two pictures
EVERY = 1.0  # seconds between two looks whether the examples have been made


def draw() -> None:
    """All of it."""
    with st.container(horizontal_alignment="center"), st.container(width=WIDTH, key="empty"):
        run_picker.explain_missing()
        st.title("Watch a network learn to see", anchor=False)
        st.markdown(
            "A Deep Belief Network looks at images of handwritten digits and finds out, without being told what they "
            "show, which strokes they are made of. Press the button: within seconds its filters turn from noise into "
            "blobs of whole digits, and these into thin lines, pieces of digits, before your eyes."
        )
        st.image(digits(theme()), alt="Some of the digits that the lab comes with", output_format="PNG")
        starting.button("Start" if setup_form.problems() else f"Start {setup_form.title()}")
        st.caption(
            "It trains in the background on this machine. Close the page, come back, open it on a second screen: "
            "the run goes on. The set-up at the left holds every setting."
        )
        coming = are_coming()
        st.fragment(gallery, run_every=EVERY if coming else None)(coming=coming)
        run_list.draw()


@cache
def digits(theme: Theme) -> bytes:
    """Some of the bundled digits, as PNG."""
    rows, columns = DIGITS
    images = load_dataset("digits").train[: rows * columns]
    return reconstructions.strip(images.reshape(rows, columns, *images.shape[1:]), columns, theme)


def gallery(*, coming: bool) -> None:
    """The examples as cards; looks again by itself while they are being made. A click runs this alone at first."""
    if run_picker.is_opened() or (coming and not are_coming()):
        address.draw_again()
    shown = examples.shown()
    if shown:
        st.markdown("**Or look at a network that has learnt already**")
        with st.container(key="gallery"):
            for info in shown:
                card(info)
    examples.switch()


def card(info: RunInfo) -> None:
    """What it has learnt, what it is, and the way in."""
    with st.container(border=True, horizontal=True, height="stretch", key=f"example {info.id}", gap="small"):
        with st.container(width=INSIDE):
            pictures(info)
        with st.container(key=f"words of {info.id}", gap="small"):
            words(info)


def words(info: RunInfo) -> None:
    """What an example is, and the ways in."""
    st.markdown(f"**{plain(info.name)}**")
    preset = preset_of(info.config)
    asked.of_example(preset, info)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Look at it",
            key=f"look at {info.id}",
            icon=":material/visibility:",
            on_click=run_picker.open_run,
            args=(info.id,),
            help=f"Open the example {plain(info.name)}.",
        )
        if preset is not None:
            asked.link(preset, info)


def pictures(info: RunInfo) -> None:
    """The newest filters of each layer, side by side."""
    newest = filters_of_layers(lab.store().run(info.id), info.config)
    rows, columns = FILTERS
    width = (INSIDE - GAP * (len(newest) - 1)) // max(1, len(newest))
    with st.container(horizontal=True, gap="small", wrap=False):
        for item in newest:
            st.image(
                thumbnail(info.id, item.id, theme(), rows, columns // len(newest)),
                alt=f"Filters of {stage_name(item.position.stage)}",
                width=width,
                output_format="PNG",
            )
