"""Your own images: files or a folder become a data set to train on, as by `datasets add` on the command line.

They are looked at first: nothing is stored before a person has seen what the lab makes of them.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from dbn_core.data.own import Added, Prepared, formats, limits, prepare
from dbn_core.data.own.decoding import SUFFIXES
from dbn_core.data.own.reading import OpenFile, Source
from dbn_core.errors import DataError
from dbn_core.view import thumbnails
from pages.parts.errors import plain

FILES, FOLDER = "own file", "own folder"
WHAT, NAME, SIZE, GREY = "own what", "own name", "own size", "own grey"
CHOICES = {FILES: "Files", FOLDER: "A folder"}
PREPARED = "own prepared"  # what has been looked at and not been added yet
OUTCOME = "own outcome"  # what the last try came to
MOST = limits.FILE_BYTES // limits.MIB


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a choice. told: a sentence; details: others; row: a PNG of some images, with its words."""

    is_good: bool
    told: str
    details: tuple[str, ...] = ()
    row: bytes = b""
    row_words: str = ""


def draw(chosen: str) -> None:
    """The form; `chosen`: key of the data set's widget, which moves to the new data set."""
    with st.expander("Your own images", expanded=OUTCOME in st.session_state):
        st.caption(f"At most {MOST} MB, which stay on the machine where the lab runs.")
        files = _uploader()
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
            on_change=_forget,
        )
        st.toggle("As grey images", key=GREY, help="Keeps only the brightness of colour images.", on_change=_forget)
        _buttons(chosen, is_ready=bool(files and name))
        _tell()


def _uploader() -> list[Any]:
    """What is chosen of the two kinds: a browser lets people choose files or a folder, and not both at once."""
    kind = st.segmented_control(
        "What to add",
        list(CHOICES),
        default=FILES,
        format_func=CHOICES.__getitem__,
        key=WHAT,
        required=True,
        label_visibility="collapsed",
        on_change=_forget,
    )
    if kind == FOLDER:
        found = st.file_uploader(
            "A folder of images",
            accept_multiple_files="directory",
            key=FOLDER,
            on_change=_forget,
            max_upload_size=MOST,
            help="Folders in it name the classes; folders train and test, above or below them, name the split.",
        )
    else:
        types = [ending for each in formats.FORMATS for ending in each.uploads]
        types += [suffix.removeprefix(".") for suffix in SUFFIXES]
        found = st.file_uploader(
            f"Image files, or {formats.named()}",
            type=types,
            help=f"{_capital(formats.described())}.",
            accept_multiple_files=True,
            key=FILES,
            on_change=_forget,
            max_upload_size=MOST,
        )
    return list(found or ())


def _buttons(chosen: str, *, is_ready: bool) -> None:
    is_looked_at = PREPARED in st.session_state
    with st.container(horizontal=True):
        st.button(
            "Look at them",
            icon=":material/visibility:",
            key="own look",
            on_click=_look,
            disabled=not is_ready or is_looked_at,
            help="Says what the lab makes of them; nothing is stored yet."
            if is_ready
            else "Choose images and give them a name first.",
        )
        st.button(
            "Add",
            icon=":material/add_photo_alternate:",
            key="own add",
            type="primary" if is_looked_at else "secondary",
            on_click=_add,
            args=(chosen,),
            disabled=not is_looked_at,
            help="Makes a data set of them." if is_looked_at else "Look at them first.",
        )


def _look() -> None:
    state = st.session_state
    files = state.get(FOLDER if state.get(WHAT) == FOLDER else FILES) or []
    try:
        prepared = prepare(_source(files), state[NAME].strip(), size=state[SIZE], grey=state[GREY])
    except DataError as error:
        state[OUTCOME] = Outcome(is_good=False, told=str(error))
        return
    state[PREPARED] = prepared
    state[OUTCOME] = _outcome(prepared.answer, is_added=False)


def _source(files: list[Any]) -> Source:
    """One file that is no image is one of the `FORMATS`; everything else is as the files of a folder."""
    opened: list[OpenFile] = [(file.name, file) for file in files]
    is_one = len(opened) == 1 and not opened[0][0].lower().endswith(SUFFIXES)
    return opened[0] if is_one and st.session_state.get(WHAT) != FOLDER else opened


def _add(chosen: str) -> None:
    state = st.session_state
    prepared: Prepared = state.pop(PREPARED)
    try:
        added = prepared.keep()
    except DataError as error:
        state[OUTCOME] = Outcome(is_good=False, told=str(error))
        return
    state[chosen] = added.info.name
    state[OUTCOME] = _outcome(added, is_added=True)


def _outcome(added: Added, *, is_added: bool) -> Outcome:
    info = added.info
    classes = f" in {len(info.label_names)} classes" if info.label_names else " without classes"
    size = f"{info.shape[1]} x {info.shape[0]}{' in colour' if info.shape[2] > 1 else ''}"
    counts = f"{info.train_count:,} training and {info.test_count:,} held-out images of {size}{classes}"
    told = f"{info.name}: {counts}, now chosen." if is_added else f"{info.name} would have {counts}."
    return Outcome(True, told, added.sentences, thumbnails.row(added.samples), added.sample_words)


def _forget() -> None:
    for key in (PREPARED, OUTCOME):
        st.session_state.pop(key, None)


def _tell() -> None:
    outcome: Outcome | None = st.session_state.get(OUTCOME)
    if outcome is None:
        return
    told = st.error if not outcome.is_good else st.info if PREPARED in st.session_state else st.success
    told(plain(outcome.told))
    if outcome.row:
        st.image(outcome.row, alt=outcome.row_words, output_format="PNG")
        st.caption(plain(outcome.row_words))
    for sentence in outcome.details:
        st.caption(plain(sentence))


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
