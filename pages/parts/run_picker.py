"""Which run a page is about: the one that the address or this session names, else an example that comes with the lab.

Never another one of the lab: what somebody else trains is opened by a person or a link, and not by itself.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from dbn_core.config import preset
from dbn_core.errors import RunNotFoundError
from dbn_core.records import RunInfo, RunStatus
from pages.parts import address, drawn, examples
from pages.parts.settings import place
from web import lab

KEY = "run"
HOME = ""  # in the place of a run's id
CHOSEN = "run chosen"  # by a person of this session, or by a link that was followed
SHOWN = "run shown"  # what pages have written into the address: no link that somebody follows
MISSING = "run missing"
OPENED = "run opened"
USUAL = "edges-to-digits"
SUITED = {"Stepper": "first-look", "Generate": "digit-movie"}
"""The preset whose example a page opens by itself, where it is another one than `USUAL`."""


def choose(run_id: str) -> None:
    """Make this the run that the pages show, before they are drawn."""
    st.session_state[CHOSEN] = st.session_state[SHOWN] = run_id
    address.write_at_once(address.with_run(run_id))


def open_run(run_id: str) -> None:
    """The same for one that a person opens, to look at it and perhaps to repeat it."""
    choose(run_id)
    st.session_state[OPENED] = True


def leave() -> None:
    """Back to where no run is shown."""
    for key in (CHOSEN, SHOWN):
        st.session_state.pop(key, None)
    address.write_at_once({name: value for name, value in address.told().items() if name != "run"})


def chosen() -> RunInfo | None:
    """The run that this session or the address asks for; None where it asks for none, or for one that is gone."""
    wanted = _asked()
    if wanted:
        st.session_state[CHOSEN] = wanted
    asked = wanted or address.told().get("run", "")
    info = _info(asked) if asked else None
    if asked and info is None:
        leave()
        st.session_state[MISSING] = True
    return _shown(info)


def query() -> dict[str, str]:
    """What the address of a page says of the run that a person has open, before the page is drawn."""
    run_id = _asked()
    return {"run": run_id} if run_id else {}


def suited(page: str) -> RunInfo | None:
    """The same, else the example that suits the page of this title; None where there is none either."""
    return chosen() or _shown(example(page))


def begin_with(able: Sequence[RunInfo]) -> RunInfo:
    """Of several runs, not empty, the one to choose at first: what this session has open, else an example."""
    mine = st.session_state.get(CHOSEN)
    return next((info for info in able if info.id == mine), None) or next(
        (info for info in able if info.is_example), able[0]
    )


def pick(shown: RunInfo, home: str = "") -> None:
    """The picker: runs of one's own first, then examples; `home`: what to call the way back to no run at all.

    Each run that is shown has a picker of its own, and only the one that was drawn last counts, see `drawn`. A browser
    may not have heard yet that another run is shown (Back, a link, Start): in one picker for all the run before would
    seem picked.
    """
    by_id, key = _by_id(), f"{KEY} {shown.id}"
    drawn.note(key)
    hidden = examples.are_hidden()
    offered = [run_id for run_id, info in by_id.items() if run_id == shown.id or not (info.is_example and hidden)]
    st.session_state[key] = shown.id
    labels = told_apart({run_id: label(info) for run_id, info in by_id.items()})
    st.selectbox(
        "Run",
        [*offered, HOME] if home else offered,
        place(offered, key),
        format_func=lambda run_id: labels.get(run_id, home),
        key=key,
        label_visibility="collapsed",
        width=270,
        on_change=_picked,
        args=(key,),
    )
    if shown.is_example:
        st.badge(
            "Example", color="blue", help="It comes with the lab, and nothing changes it. A branch of it is yours."
        )


def name(info: RunInfo) -> str:
    """What a run is called in a list to choose from."""
    return f"Example: {info.name}" if info.is_example else info.name


def label(info: RunInfo) -> str:
    """The same, with how it ended; of a run in training the view says how it goes, and a list would lag behind."""
    if info.is_example or not info.status.is_finished:
        return name(info)
    return f"{info.name} · {'finished' if info.status is RunStatus.DONE else info.status}"


def names(runs: Iterable[RunInfo]) -> dict[str, str]:
    """What runs are called in a list to choose from, by their ids; never two alike."""
    return told_apart({info.id: name(info) for info in runs})


def told_apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by the ids of runs, with the beginning of the id where several would be the same: a browser answers with
    the words that it shows, and of equal ones with the first.
    """
    often = Counter(labels.values())
    return {run_id: f"{text} · {run_id[:4]}" if often[text] > 1 else text for run_id, text in labels.items()}


def explain_missing() -> None:
    """Say that the run somebody asked for is gone, once."""
    if st.session_state.pop(MISSING, False):
        st.info("The run that was asked for is no longer here.", icon=":material/info:")


def is_opened() -> bool:
    """Whether a person has picked a run, and it has not been drawn since."""
    return bool(st.session_state.get(OPENED))


def was_opened() -> bool:
    """Whether a person has picked the run since this was last asked."""
    return bool(st.session_state.pop(OPENED, False))


def _asked() -> str:
    """The id of the run that a person asks for: by a link that is news, else by a choice made before; "" for none."""
    linked = address.told().get("run", "")
    is_news = linked and linked != st.session_state.get(SHOWN)
    return linked if is_news else st.session_state.get(CHOSEN) or ""


def _picked(key: str) -> None:
    if not drawn.counts(key):
        return
    st.session_state.pop(MISSING, None)
    picked = st.session_state[key]
    if picked == HOME:
        leave()
    elif picked in _by_id():  # a browser that has not heard of a run's new name or end still answers with the old words
        open_run(picked)


def _info(run_id: str) -> RunInfo | None:
    """Of the run or example with this id, and no other name; None where it is gone."""
    try:
        info = lab.store().run(run_id).info()
    except RunNotFoundError:
        return None
    return info if info.id == run_id else None


def _by_id() -> dict[str, RunInfo]:
    store = lab.store()
    return {info.id: info for info in (*store.runs(), *store.examples())}


def example(page: str) -> RunInfo | None:
    """The example that suits the page of this title; None where there is none."""
    by_name = {info.name: info for info in reversed(examples.shown())}
    wanted = [preset(name).title for name in (SUITED.get(page, USUAL), USUAL)]
    return next((by_name[title] for title in (*wanted, *reversed(by_name)) if title in by_name), None)


def _shown(info: RunInfo | None) -> RunInfo | None:
    if info is not None:
        st.session_state[SHOWN] = info.id
    return info
