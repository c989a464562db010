"""Hybrids on few labels: start a CNN on features and image, the CNN alone and the DBN's head alone; their errors."""

from typing import Any

import streamlit as st

from dbn_core.errors import LabError
from dbn_core.records import RunInfo, RunStatus
from dbn_core.view import compare_hybrid as view
from dbn_core.view.compare import TESTS
from dbn_core.view.status import status_line
from pages.parts import lab
from pages.parts.classify_start import source_of, why_not
from pages.parts.compare_choice import choosable, chosen
from pages.parts.errors import plain

RUN, LABELS, EPOCHS, PROBLEM = "hybrid run", "hybrid labels", "hybrid epochs", "hybrid problem"
EVERY = 2.0  # seconds between looks while something trains


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """The form and the table; answers what the address should say."""
    able = [info for info in runs if info.config.epochs and not info.parent and not why_not(info)]
    found = choosable(able, RUN)
    if not found:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="hybrid form"):
        info = chosen(found, RUN, "Pretrained run")
        _form(info, runs)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.warning(plain(problem), icon=":material/info:")
    busy = any(not run.status.is_finished for row in view.children(runs, info.id).values() for run in row.values())
    st.fragment(_results, run_every=EVERY if busy else None)(info.id, busy)
    return {"run": info.id}


def _form(info: RunInfo, runs: list[RunInfo]) -> None:
    with st.container(width=150):
        labels = st.number_input(
            "Labelled images", 10, 10_000, 100, 10, key=LABELS, help="Chosen from the training images, as many a class."
        )
    with st.container(width=150):
        epochs = st.number_input(
            "Epochs",
            1,
            2000,
            view.epochs_for(int(labels), info.config.batch_size),
            key=f"{EPOCHS} {labels}",
            help=f"The same for all three; as set here they make about {view.UPDATES:,} updates.",
        )
    source = source_of(info)
    ready = source is not None and source.complete
    todo = view.missing(runs, info.id, int(labels))
    st.button(
        f"Train the {_count(len(todo))}" if todo else "All three are there",
        type="primary",
        icon=":material/play_circle:",
        key="hybrid start",
        disabled=not (ready and todo),
        on_click=_start,
        args=(info, int(labels), int(epochs)),
        help="Branches of the run from the end of its pretraining, one after the other as workers are free."
        if ready
        else "Its pretraining has not finished.",
    )


def _count(number: int) -> str:
    return {1: "missing one", 2: "missing two"}.get(number, "three")


def _start(info: RunInfo, labels: int, epochs: int) -> None:
    store = lab.store()
    run, source = store.run(info.id), source_of(info)
    try:
        saved = None if source is None else run.checkpoint(source.checkpoint)
        if source is None or saved is None:
            st.session_state[PROBLEM] = "The end of its pretraining is no longer kept; choose another run."
            return
        for item in view.missing(store.runs(), info.id, labels):
            config = saved.config.with_values(view.OFF | item.settings(labels, epochs))
            child = store.branch(run, source.checkpoint, config, f"{info.name[:40]}: {item.title}, {labels:,}")
            lab.cluster().submit(child.id)
    except LabError as error:
        st.session_state[PROBLEM] = str(error)


# -- results ----------------------------------------------------------------------------------------------------------


def _results(parent: str, busy: bool) -> None:
    """One row for each number of labels; figures as they come."""
    found = view.children(lab.store().runs(), parent)
    if busy and all(run.status.is_finished for row in found.values() for run in row.values()):
        st.rerun()
    if not found:
        st.info("Nothing has been trained on few labels from this run yet.", icon=":material/info:")
        return
    rows = [_row(labels, branches) for labels, branches in found.items()]
    columns: dict[str, Any] = {item.key: _column(item) for item in view.CONTENDERS}
    columns["labels"] = st.column_config.NumberColumn("Labelled images", format="%,d")
    columns["gain"] = st.column_config.NumberColumn(
        "Features add (points)",
        help="CNN alone minus CNN on features and image, in percentage points: above 0 the DBN's features helped.",
        format="%+.2f",
    )
    columns["state"] = st.column_config.TextColumn("State")
    st.dataframe(
        rows,
        hide_index=True,
        column_order=["labels", *(item.key for item in view.CONTENDERS), "gain", "state"],
        column_config=columns,
        key="hybrid table",
        alt="Errors on few labels",
    )
    st.caption(
        "% of all held-out images given the wrong class (of the first 1,000 while a training is under way). One "
        "training each: another choice of labelled images moves a figure by a point or more where labels are few."
    )


def _column(item: view.Contender) -> Any:
    return st.column_config.NumberColumn(f"{item.title} (% wrong)", help=item.help, format="%.2f")


def _row(labels: int, branches: dict[str, RunInfo]) -> dict[str, Any]:
    errors = {key: _error(info) for key, info in branches.items()}
    both, images = errors.get("both"), errors.get("images")
    open_ones = [status_line(info).headline.lower() for info in branches.values() if info.status is not RunStatus.DONE]
    return {
        "labels": labels,
        **{item.key: errors.get(item.key) for item in view.CONTENDERS},
        "gain": None if both is None or images is None else images - both,
        "state": ", ".join(open_ones) or "finished",
    }


def _error(info: RunInfo) -> float | None:
    """Of the run's own classifier, not of label units that its parent may have had."""
    points = lab.store().run(info.id).metrics(names=TESTS)
    newest = {point.name: point.value for point in points if point.position.stage in {"hybrid", "finetune"}}
    return next((newest[name] for name in TESTS if name in newest), None)
