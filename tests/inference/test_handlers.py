"""The table of questions: each has somebody who answers it, with these arguments and that answer."""

import importlib
import inspect
import pickle
import pkgutil
from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from dbn_core import questions
from dbn_core.config.dreaming import DreamSettings
from dbn_core.jobs.tasks import resolve
from dbn_core.questions import HANDLERS, Image, Interpolate, Question, Recognise, StepContrastiveDivergence, Update
from dbn_core.questions.dreaming import ChainState, DreamSteps

BASES = {"Question", "AtCheckpoint"}


def every_question() -> set[type[Question[Any]]]:
    modules = [
        importlib.import_module(f"dbn_core.questions.{item.name}") for item in pkgutil.iter_modules(questions.__path__)
    ]
    classes = {value for module in modules for value in vars(module).values() if inspect.isclass(value)}
    return {kind for kind in classes if issubclass(kind, Question) and kind.__name__ not in BASES}


def answer_of(question: type[Question[Any]]) -> Any:
    """`Cost` of `class LikelihoodCost(AtCheckpoint[Cost])`."""
    (base,) = question.__orig_bases__  # pyright: ignore[reportAttributeAccessIssue]
    return get_args(base)[0]


def test_every_question_has_a_handler_and_no_handler_is_left_over() -> None:
    assert set(HANDLERS) == every_question()
    assert len(set(HANDLERS.values())) == len(HANDLERS) > 10


@pytest.mark.parametrize("question", HANDLERS, ids=lambda kind: kind.__name__)
def test_a_handler_takes_the_fields_of_its_question_in_order_with_the_same_defaults(
    question: type[Question[Any]],
) -> None:
    store_url, *parameters = inspect.signature(resolve(HANDLERS[question])).parameters.values()
    assert store_url.name == "store_url"
    # A handler may have more, for others, but not between: arguments travel by their place.
    asked = fields(question)
    assert [parameter.name for parameter in parameters][: len(asked)] == [field.name for field in asked]
    for field, parameter in zip(asked, parameters, strict=False):
        if parameter.default is not inspect.Parameter.empty:
            assert parameter.default == field.default
    assert all(parameter.default is not inspect.Parameter.empty for parameter in parameters[len(asked) :])
    hints = get_type_hints(resolve(HANDLERS[question]))
    assert hints["return"] == answer_of(question)


@pytest.mark.parametrize(
    "question",
    [
        Recognise("run", 3, Image(bytes(6), (2, 3))),
        StepContrastiveDivergence("run", 3, Update(1, 2, 3, 0.5), (Update(3, 1, 0, 0.1),)),
        DreamSteps("run", 3, DreamSettings(rows=2), 0, 5, ChainState(b"h", b"g", 7), b"drawn"),
        Interpolate("run", 3, ((1, 0), (2, 5))),
    ],
    ids=lambda question: type(question).__name__,
)
def test_a_question_travels_and_whoever_asks_the_same_asks_an_equal_one(question: Question[Any]) -> None:
    again = pickle.loads(pickle.dumps(question))
    assert again == question
    assert hash(again) == hash(question)
    assert question.arguments[:2] == ("run", 3)
