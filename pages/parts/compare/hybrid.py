"""Hybrids on few labels: start a CNN on features and image, the CNN alone and the DBN's head alone; their errors."""

from typing import Any

import streamlit as st

from dbn_core.errors import LabError
from dbn_core.metric_table import metric_of
from dbn_core.records import RunInfo, RunStatus
from dbn_core.store import Run
from dbn_core.view import compare_hybrid as view
from dbn_core.view.compare import TESTS
from dbn_core.view.compare_claims import hybrids
from dbn_core.view.status import status_line
from pages.parts import address
from pages.parts.compare.choice import choosable, chosen
from pages.parts.errors import plain
from web import classifiers, lab
from web.classifiers import source_of, why_not
from web.kept import keep_of_run

RUN, LABELS, DRAWS, EPOCHS, PROBLEM = "hybrid run", "hybrid labels", "hybrid draws", "hybrid epochs", "hybrid problem"
EVERY = 2.0  # seconds between looks while something trains


def panel(runs: list[RunInfo]) -> dict[str, str]:
    """The form and the table; answers what the address should say."""
    able = [info for info in runs if info.config.epochs and not info.parent and not why_not(info)]
    by_id = choosable(able, RUN)
    if not by_id:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="hybrid form"):
        info = chosen(by_id, RUN, "Pretrained run")
        _form(info, runs)
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.warning(plain(problem), icon=":material/info:")
    busy = any(_open(row) for row in view.children(runs, info.id).values())
    st.fragment(_results, run_every=EVERY if busy else None)(info.id, busy)
    return {"run": info.id}


def _form(info: RunInfo, runs: list[RunInfo]) -> None:
    labels = _number(
        "Labelled images", (10, 10_000, 100, 10), LABELS, "Chosen from the training images, as many a class."
    )
    draws = _number(
        "Draws",
        (1, 10, view.DRAWS, 1),
        DRAWS,
        "Each training is repeated with other labelled images, the same ones for all three.",
    )
    epochs = _number(
        "Epochs",
        (1, 2000, view.epochs_for(labels, info.config.batch_size), 1),
        f"{EPOCHS} {labels}",
        f"The same for all three; as set here they make about {view.UPDATES:,} updates.",
    )
    source = source_of(info)
    ready = source is not None and source.complete
    todo = view.missing(runs, info.id, labels, draws)
    st.button(
        f"Train {len(todo)} on {labels:,} labels" if todo else "All are there",
        type="primary",
        icon=":material/play_circle:",
        key="hybrid start",
        disabled=not (ready and todo),
        on_click=_start,
        args=(info, labels, draws, epochs),
        help="Branches of the run from the end of its pretraining, one after the other as workers are free."
        if ready
        else "Its pretraining has not finished.",
    )


def _number(label: str, bounds: tuple[int, int, int, int], key: str, tip: str) -> int:
    with st.container(width=150):
        return int(st.number_input(label, *bounds, key=key, help=tip))


def _start(info: RunInfo, labels: int, draws: int, epochs: int) -> None:
    try:
        classifiers.hybrids(info, labels, draws, epochs)
    except LabError as error:
        st.session_state[PROBLEM] = str(error)


# -- results ----------------------------------------------------------------------------------------------------------


def _results(parent: str, busy: bool) -> None:
    """One row for each number of labels; figures as they come."""
    children = view.children(lab.store().runs(), parent)
    if busy and not any(_open(row) for row in children.values()):
        address.draw_again()
    if not children:
        _say_what_comes(parent)
        return
    columns: dict[str, Any] = {
        item.key: st.column_config.TextColumn(f"{item.title} ({metric_of('test_error').unit})", help=item.help)
        for item in view.CONTENDERS
    }
    columns["labels"] = st.column_config.NumberColumn("Labelled images", format="%,d")
    columns["gain"] = st.column_config.TextColumn(
        "Features add (points)",
        help="CNN alone minus CNN on features and image, draw by draw, in percentage points: above 0 the features "
        "helped.",
    )
    columns["state"] = st.column_config.TextColumn("State")
    st.dataframe(
        [_row(labels, row) for labels, row in children.items()],
        hide_index=True,
        column_order=["labels", *(item.key for item in view.CONTENDERS), "gain", "state"],
        column_config=columns,
        key="hybrid table",
        alt="Errors on few labels",
    )
    st.caption(
        "% of all held-out images given the wrong class: mean ± standard deviation over the draws of the labelled "
        "images that are finished. Where the gain is smaller than its deviation, nothing is shown either way."
    )


def _say_what_comes(parent: str) -> None:
    """Before anything was trained: what the button starts, and what an example came to when it was made."""
    run = lab.store().run(parent)
    found = hybrids(view.kept(run.metrics())) if run.info().is_example else None
    st.info(
        plain(f"When this example was made: {found.figures} ({found.what}). The button repeats it here.")
        if found
        else "Nothing has been trained on few labels from this run yet.",
        icon=":material/info:",
    )
    st.markdown("\n".join(f"- **{item.title}.** {item.help}" for item in view.CONTENDERS))
    st.caption("All three see the same labelled images, and are judged on all held-out images.")


def _row(labels: int, row: view.Row) -> dict[str, Any]:
    errors = {info.id: error(info) for draws in row.values() for info in draws.values()}
    by_key = {key: [errors[info.id] for info in draws.values()] for key, draws in row.items()}
    return {
        "labels": labels,
        **{item.key: view.summary([x for x in by_key.get(item.key, []) if x is not None]) for item in view.CONTENDERS},
        "gain": view.gain(*view.paired(row, errors)),
        "state": _state([info for draws in row.values() for info in draws.values()]),
    }


def _state(infos: list[RunInfo]) -> str:
    done = sum(info.status is RunStatus.DONE for info in infos)
    others = sorted({status_line(info).headline.lower() for info in infos if info.status is not RunStatus.DONE})
    return f"{done} of {len(infos)} finished" + (f"; {', '.join(others)}" if others else "")


def _open(row: view.Row) -> bool:
    return any(not info.status.is_finished for draws in row.values() for info in draws.values())


def error(info: RunInfo) -> float | None:
    """% wrong of a branch's own classifier, once it is done: one just begun would spoil the mean of its draws."""
    if info.status is not RunStatus.DONE:
        return None
    return _error(info.id)


@keep_of_run(1024)
def _error(run: Run) -> float | None:
    return view.error_of(run.metrics(names=TESTS))
