"""The two parts of the Classify page that start runs: fine-tuning, and the few-labels experiment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dbn_core.config import RunConfig, hyperparameter
from dbn_core.config.stages import stage_name
from dbn_core.errors import ConfigError, LabError
from dbn_core.records import CommandRecord, RunInfo
from dbn_core.store import Run
from dbn_core.view.few_labels import few_labels_points, trainings_each_seed
from dbn_core.view.settings import shown
from dbn_core.view.status import status_line
from pages.parts import controls, run_picker, views
from pages.parts.errors import plain
from pages.parts.settings import widget
from web import classifiers, lab
from web.classifiers import Source

FIRST = (
    "finetune.mode",
    "finetune.epochs",
    "finetune.labels",
    "finetune.patience",
    "finetune.optimiser",
    "finetune.learning_rate",
    "finetune.dropout",
)
MORE = ("finetune.weight_decay", "finetune.input_dropout", "finetune.max_norm", "finetune.label_smoothing")
PRETRAINED = 50  # epochs a layer after which few labels gained by pretraining on the bundled digits (EXPERIMENTS.md)
EPOCHS = 20  # of a classifier that has not been asked for otherwise
START = {"pretrained": "the pretrained layers", "scratch": "scratch: the same net, random weights"}
PROBLEM = "classify problem"
SHORT = {
    "finetune.learning_rate": "Rate",
    "finetune.epochs": "Epochs (at most)",
    "finetune.patience": "Early stop after",
    "finetune.labels": "Labelled images",
}


# -- fine-tuning ------------------------------------------------------------------------------------------------------


def finetuning(info: RunInfo, runs: Sequence[RunInfo]) -> None:
    """The form, and below it the classifier in training or trained last, with its controls."""
    last = _head(info, runs, FINETUNING)
    if last is None:
        return
    trained, commands = last
    settled = [record.id for record in commands if record.position is not None or record.problem]
    views.live(
        trained.id,
        trained.config,
        seen=f"{status_line(trained).state}/{max(settled, default=0)}",
        poke=commands[-1].id if commands else 0,
        on_change=_moved_on,
    )


def _form(info: RunInfo) -> None:
    source = classifiers.source_of(info)
    _fill(info)
    ways = list(START) if source is not None else ["scratch"]
    if st.session_state.get("classify start from") not in ways:
        st.session_state["classify start from"] = ways[0]
    st.radio(
        "Begin with",
        ways,
        format_func=lambda way: START[way],
        key="classify start from",
        horizontal=True,
        help="The net has the layers of this run. From scratch nothing is learnt without labels beforehand.",
    )
    columns = st.columns(4)
    for at, key in enumerate(FIRST):
        with columns[at % 4]:
            widget(hyperparameter(key), _key(key), name=SHORT.get(key))
    with columns[len(FIRST) % 4], st.popover("More", icon=":material/tune:"):
        for key in MORE:
            widget(hyperparameter(key), _key(key))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Fine-tune", type="primary", icon=":material/play_circle:", key="classify go", on_click=_go, args=(info,)
        )
        st.caption(plain(_where(info, source)))


def _where(info: RunInfo, source: Source | None) -> str:
    if source is None:
        return "This run has no pretrained layers, so its net starts from scratch, as a run of its own."
    if st.session_state["classify start from"] == "scratch":
        return "A run of its own: the same layers, random weights at the start, no pretraining."
    if source.complete:
        return f"A child of {info.name}, from the end of its pretraining at epoch {source.position.epoch:g}."
    where = f"epoch {source.position.epoch:.2f}, in {stage_name(source.position.stage)}"
    return f"Pretraining stands at {where}: the child completes it first, then trains its classifier."


def _fill(info: RunInfo) -> None:
    config = info.config
    for key in (*FIRST, *MORE):
        item = hyperparameter(key)
        value = config.value(key) if key != "finetune.epochs" or config.finetune.epochs else EPOCHS
        st.session_state.setdefault(_key(key), shown(item, value))


def _go(info: RunInfo) -> None:
    settings: dict[str, Any] = {
        key: st.session_state[_key(key)] for key in (*FIRST, *MORE) if _key(key) in st.session_state
    }
    scratch = st.session_state["classify start from"] == "scratch"
    _try(lambda: (classifiers.from_scratch if scratch else classifiers.finetune)(info, settings))


# -- few labels -------------------------------------------------------------------------------------------------------


def few_labels(info: RunInfo, runs: Sequence[RunInfo]) -> None:
    """The experiment of this run, filling its chart, or what an example keeps of one; without it the form alone."""
    is_kept = info.is_example and bool(few_labels_points(lab.store().run(info.id).metrics()))
    last = _head(info, runs, FEW_LABELS, has_more=is_kept)
    if last is None and not is_kept:
        return
    running = last[0] if last else info
    views.classify("few", running.id, running.config, None, seen=status_line(running).state, on_change=_moved_on)


def _experiment(info: RunInfo) -> None:
    source = classifiers.source_of(info)
    st.markdown(
        "Error against number of labels, from ten of each class to all of them: the **pretrained** layers with only "
        "the head learning, with **all layers** learning, and the same net **from scratch**. It runs in the background."
    )
    if source is None:
        st.caption("This run has no pretrained layers to compare. Choose one that was pretrained.")
        return
    st.session_state.setdefault("classify seeds", 3)
    st.session_state.setdefault("classify updates", 1000)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=130):
            st.number_input(
                "Seeds",
                1,
                50,
                st.session_state["classify seeds"],
                key="classify seeds",
                help="How often each training is repeated, each time with other labelled images.",
            )
        with st.container(width=190):
            st.number_input(
                "Updates of each training",
                1,
                1_000_000,
                st.session_state["classify updates"],
                step=500,
                key="classify updates",
                help=hyperparameter("fewlabels.updates").help,
            )
        st.button(
            "Start", type="primary", icon=":material/play_circle:", key="classify few", on_click=_go_few, args=(info,)
        )
    _advise(info)
    trainings = st.session_state["classify seeds"] * trainings_each_seed()
    first = "" if source.complete else " Pretraining is completed first."
    st.caption(
        f"{trainings} short trainings, one after the other; whole curves come after {trainings_each_seed()}.{first}"
    )


def _advise(info: RunInfo) -> None:
    """A short pretraining is worth nothing, and whoever measures it should know why."""
    config = info.config
    fewest = min(config.layer_epochs)
    if config.updown.epochs or fewest >= PRETRAINED:
        return
    st.caption(
        f"Pretraining pays only when it is long enough: on the bundled digits {PRETRAINED} epochs a layer did, 3 "
        f"gained nothing. This run has {fewest}. The preset Few labels pretrains for {PRETRAINED} and then "
        f"runs this experiment."
    )
    st.page_link(
        "train.py",
        label="Train with the preset Few labels",
        icon=":material/model_training:",
        query_params={"preset": "few-labels"},
    )


def _go_few(info: RunInfo) -> None:
    seeds, updates = int(st.session_state["classify seeds"]), int(st.session_state["classify updates"])
    _try(lambda: classifiers.few_labels(info, seeds, updates))


# -- parts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Part:
    """`has`: whether a run has the part's stage; `promise`: what appears once one has."""

    title: str
    icon: str
    form: Callable[[RunInfo], None]
    has: Callable[[RunConfig], bool]
    promise: str = ""


FINETUNING = _Part(
    "Train a classifier on this run",
    ":material/tune:",
    _form,
    lambda config: config.finetune.epochs > 0,
    "Its curves of loss and error will appear here, as on the Train page.",
)
FEW_LABELS = _Part("Start the experiment", ":material/science:", _experiment, lambda config: config.fewlabels.seeds > 0)


def _head(
    info: RunInfo, runs: Sequence[RunInfo], part: _Part, *, has_more: bool = False
) -> tuple[RunInfo, Sequence[CommandRecord]] | None:
    """The form, and the controls of the run that has the part's stage; that run with its commands, None without one.

    has_more: something else is shown below, for which the form is folded.
    """
    reason = classifiers.why_not(info)
    if reason:
        st.info(reason, icon=":material/label_off:")
        return None
    run = _run_with(info, runs, part.has)
    with st.expander(part.title, icon=part.icon, expanded=run is None and not has_more):
        part.form(info)
    _complain()
    if run is None:
        if part.promise:
            st.caption(part.promise)
        return None
    commands = lab.store().run(run.id).commands()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="controls"):
        _name(info, run)
        controls.buttons(run, commands)
    return run, commands


def _run_with(info: RunInfo, runs: Sequence[RunInfo], has: Callable[[RunConfig], bool]) -> RunInfo | None:
    """The run itself, or else its newest child, that has a stage."""
    if has(info.config):
        return info
    return next((child for child in runs if child.parent == info.id and has(child.config)), None)


def _name(info: RunInfo, other: RunInfo) -> None:
    """Whose curves these are, where they are not the chosen run's."""
    if other.id != info.id:
        st.markdown(f"**{plain(other.name)}**")


def _try(start: Callable[[], Run]) -> None:
    """Start a run and choose it, or keep what is wrong for the page to say."""
    try:
        run_picker.choose(start().id)
    except ConfigError as error:
        known = ((_label(key), text) for key, text in error.problems.items())
        st.session_state[PROBLEM] = "\n".join(f"{label}: {text}" for label, text in known)
    except LabError as error:
        st.session_state[PROBLEM] = str(error)


def _label(key: str) -> str:
    try:
        return hyperparameter(key).label
    except KeyError:
        return key


def _complain() -> None:
    problem = st.session_state.pop(PROBLEM, "")
    if problem:
        st.error(plain(problem), icon=":material/error:")


def _moved_on() -> None:
    """Nothing to do: the rerun that comes with it draws the buttons anew."""


def _key(key: str) -> str:
    return f"classify {key}"
