"""Your own images: a file becomes a data set to train on, as `datasets add` does on the command line."""

from dataclasses import dataclass

import streamlit as st

from dbn_core.data.own import Added, add_images, formats, limits
from dbn_core.errors import DataError
from dbn_core.view import thumbnails
from pages.parts.errors import plain

FILE, NAME, SIZE, GREY = "own file", "own name", "own size", "own grey"
OUTCOME = "own outcome"  # what the last try came to


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. told: a sentence; details: others; row: a PNG of some images, with its words."""

    is_added: bool
    told: str
    details: tuple[str, ...] = ()
    row: bytes = b""
    row_words: str = ""


def draw(chosen: str) -> None:
    """The form; `chosen`: key of the data set's widget, which moves to the new data set."""
    with st.expander("Your own images", expanded=OUTCOME in st.session_state):
        st.caption(f"{_capital(formats.described())}. It stays on the machine where the lab runs.")
        types = [ending for kind in formats.FORMATS for ending in kind.uploads]
        file = st.file_uploader(_capital(formats.named()), type=types, key=FILE, on_change=_forget)
        name = st.text_input(
            "Name",
            key=NAME,
            max_chars=40,
            placeholder="cats",
            help="Small letters, digits and hyphens.",
            on_change=_forget,
        )
        st.number_input(
            "Size (pixels a side)",
            min_value=limits.LEAST_SIDE,
            max_value=limits.SIDE,
            value=None,
            key=SIZE,
            placeholder="as they are",
            help="Every image is cut to the square in its middle and resized; needed where the images differ in size.",
        )
        st.toggle("As grey images", key=GREY, help="Keeps only the brightness of colour images.")
        st.button(
            "Add",
            icon=":material/add_photo_alternate:",
            key="own add",
            on_click=_add,
            args=(chosen,),
            disabled=file is None or not name,
            help="Choose a file and give it a name first." if file is None or not name else "Makes a data set of it.",
        )
        _tell()


def _add(chosen: str) -> None:
    state = st.session_state
    file = state[FILE]
    try:
        added = add_images((file.name, file), state[NAME].strip(), size=state[SIZE], grey=state[GREY])
    except DataError as error:
        state[OUTCOME] = Outcome(is_added=False, told=str(error))
        return
    state[chosen] = added.info.name
    state[OUTCOME] = _outcome(added)


def _outcome(added: Added) -> Outcome:
    info = added.info
    classes = f" in {len(info.label_names)} classes" if info.label_names else " without classes"
    told = f"{info.name}: {info.train_count:,} training and {info.test_count:,} held-out images{classes}, now chosen."
    return Outcome(True, told, added.sentences, thumbnails.row(added.samples), added.sample_words)


def _forget() -> None:
    st.session_state.pop(OUTCOME, None)


def _tell() -> None:
    outcome: Outcome | None = st.session_state.get(OUTCOME)
    if outcome is None:
        return
    (st.success if outcome.is_added else st.error)(plain(outcome.told))
    if outcome.row:
        st.image(outcome.row, alt=outcome.row_words, output_format="PNG")
        st.caption(plain(outcome.row_words))
    for sentence in outcome.details:
        st.caption(plain(sentence))


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
