"""Your own images: a `.zip` or `.npz` becomes a data set to train on, as `datasets add` does on the command line."""

import streamlit as st

from dbn_core.data.own import add_images, limits
from dbn_core.errors import DataError
from pages.parts.errors import plain

FILE, NAME, SIZE, GREY = "own file", "own name", "own size", "own grey"
OUTCOME = "own outcome"  # what the last try came to: (is it added, a sentence)


def draw(chosen: str) -> None:
    """The form; `chosen`: key of the data set's widget, which moves to the new data set."""
    with st.expander("Your own images"):
        st.caption(
            "A .zip of images, in which sub-folders name the classes, or an .npz with `images` (uint8) and if you like "
            "`labels`, `class_names` and `split`. It stays on the machine where the lab runs."
        )
        file = st.file_uploader("A .zip or .npz", type=["zip", "npz"], key=FILE, on_change=_forget)
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
            min_value=3,
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
        info = add_images((file.name, file), state[NAME].strip(), size=state[SIZE], grey=state[GREY])
    except DataError as error:
        state[OUTCOME] = (False, str(error))
        return
    state[chosen] = info.name
    classes = f" in {len(info.label_names)} classes" if info.label_names else " without classes"
    text = f"{info.name}: {info.train_count:,} training and {info.test_count:,} held-out images{classes}, now chosen."
    state[OUTCOME] = (True, text)


def _forget() -> None:
    st.session_state.pop(OUTCOME, None)


def _tell() -> None:
    is_added, text = st.session_state.get(OUTCOME, (False, ""))
    if text:
        (st.success if is_added else st.error)(plain(text))
