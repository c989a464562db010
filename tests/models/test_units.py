"""Kinds of units: one table, one interface, and one sentence for what does not fit."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
import torch

from dbn_core.errors import LabError, ModelError
from dbn_core.kinds import HIDDEN, KINDS, VISIBLE
from dbn_core.models import DBN, RBM
from dbn_core.models.units import BernoulliWithLabel, Gaussian, Units

ENGINE = Path(__file__).parents[2] / "dbn_core"
OPTIONS: dict[str, Any] = {"softmax": {"categories": 3}}


def test_every_row_of_the_table_names_a_class_that_says_it_is_of_this_kind() -> None:
    for name, kind in KINDS.items():
        home = resolve_name(kind.home)
        assert issubclass(home, Units)
        assert home.kind is kind
        assert kind.name == name
        assert kind.visible or kind.hidden


@pytest.mark.parametrize("name", VISIBLE)
def test_an_rbm_has_the_visible_units_it_was_asked_for(name: str) -> None:
    rbm = RBM(6, 5, name, **OPTIONS.get(name, {}))
    assert rbm.visible_units.kind is KINDS[name]
    assert rbm.visible_units.settings()["visible"] == name
    assert rbm.hidden_units.kind is KINDS["bernoulli"]


@pytest.mark.parametrize("name", HIDDEN)
def test_an_rbm_has_the_hidden_units_it_was_asked_for(name: str) -> None:
    rbm = RBM(7, 5, hidden=name)
    assert rbm.hidden_units.kind is KINDS[name]
    assert rbm.visible_units.kind is KINDS["bernoulli"]


def test_no_room_of_the_engine_names_a_kind_but_the_table_and_the_kinds_own_files() -> None:
    # Bernoulli units are what RBMs have when nothing is said, so their name stands as a default.
    names = set(KINDS) - {"bernoulli"}
    classes = {kind.home.rpartition(":")[2] for kind in KINDS.values()} | {"BernoulliWithLabel"}
    for path in ENGINE.rglob("*.py"):
        if path == ENGINE / "kinds.py" or path.parent == ENGINE / "models" / "units":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and node.value in names), f"{path}: {ast.unparse(node)}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                asked = {part.id for part in ast.walk(node.args[1]) if isinstance(part, ast.Name)}
                assert not asked & classes, f"{path}: {ast.unparse(node)}"


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "an unknown visible kind": (
        lambda: RBM(7, 5, "spin"),
        "'spin' is no kind of visible units; give one of bernoulli,",
    ),
    "an unknown hidden kind": (lambda: RBM(7, 5, hidden="spin"), "'spin' is no kind of hidden units; give one of bern"),
    "hidden units that can only be visible": (lambda: RBM(7, 5, hidden="gaussian"), "'gaussian' is no kind of hidden"),
    "the same as an object": (lambda: RBM(7, 5, hidden=Gaussian(5)), "The hidden side cannot be gaussian units"),
    "a hidden label": (lambda: RBM(7, 5, hidden=BernoulliWithLabel(3)), "The hidden side cannot be a label"),
    "no visible unit": (lambda: RBM(0, 5), "at least 1 visible and 1 hidden unit, not 0 and 5"),
    "fewer than no hidden unit": (lambda: RBM(7, -2), "at least 1 visible and 1 hidden unit, not 7 and -2"),
    "units made for another size": (lambda: RBM(7, 5, Gaussian(11)), "gaussian units are 11, but the side has 7"),
    "a label wider than the side": (
        lambda: RBM(3, 5, BernoulliWithLabel(7)),
        "label of 7 units does not fit on a side",
    ),
    "a label of no class": (lambda: RBM(3, 5, BernoulliWithLabel(0)), "label of 0 units does not fit on a side of 3"),
    "categories of binary units": (lambda: RBM(6, 5, categories=3), "categories is 3, but bernoulli units have none"),
    "categories of real units": (lambda: RBM(6, 5, "gaussian", categories=3), "3, but gaussian units have none"),
    "softmax units without categories": (lambda: RBM(6, 5, "softmax"), "give categories, how many units make one"),
    "a group of one": (lambda: RBM(6, 5, "softmax", categories=1), "at least 2 categories, not 1"),
    "a part of a group": (
        lambda: RBM(7, 5, "softmax", categories=3),
        "7 softmax units are no whole number of groups of 3",
    ),
    "hidden categories": (
        lambda: RBM(7, 5, hidden="softmax"),
        "'softmax' is no kind of hidden units; give one of bern",
    ),
    "a label beside categories": (
        lambda: DBN([6, 5], 3, visible="softmax", categories=3),
        "Label units stand beside binary units, not softmax ones",
    ),
    "categories above hidden units": (
        lambda: DBN.of([RBM(7, 6), RBM(6, 5, "softmax", categories=3)]),
        "bernoulli hidden units cannot feed softmax visible ones",
    ),
    "a label over units without energies": (
        lambda: DBN([7, 5], 3, hidden="relu"),
        "Label units are read off free energies, which relu hidden units do not have",
    ),
    "a label beside real units": (
        lambda: DBN([7, 5], 3, visible="gaussian"),
        "Label units stand beside binary units, not gaussian ones",
    ),
    "a DBN of one size": (lambda: DBN([7]), "a visible and at least one hidden layer, not sizes [7]"),
    "layers of other widths": (lambda: DBN.of([RBM(7, 5), RBM(11, 3)]), "A layer of 5 units cannot feed an RBM of 11"),
    "a chain of no step": (lambda: RBM(7, 5).gibbs(torch.zeros(2, 5), 0), "A Gibbs chain needs at least one step"),
    "too narrow images": (
        lambda: RBM(7, 5).sample_h(torch.zeros(2, 5)),
        "rows of 7, one row a case, not of shape (2, 5)",
    ),
    "too wide hidden states": (
        lambda: RBM(7, 5).sample_v(torch.zeros(2, 7)),
        "rows of 5, one row a case, not of shape",
    ),
    "one column of real units": (lambda: RBM(7, 5, "gaussian").hidden_mean(torch.zeros(2, 1)), "rows of 7, one row a"),
    "one column of h": (
        lambda: RBM(7, 5).energy(torch.zeros(2, 7), torch.zeros(2, 1)),
        "hidden units must be rows of 5",
    ),
    "one column of v": (
        lambda: RBM(7, 5).energy(torch.zeros(2, 1), torch.zeros(2, 5)),
        "visible units must be rows of 7",
    ),
    "an image of another width": (lambda: RBM(7, 5).free_energy(torch.zeros(2, 11)), "rows of 7, one row a case"),
    "another precision": (
        lambda: RBM(7, 5).hidden_mean(torch.zeros(2, 7).double()),
        "float64, but the RBM computes in",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_does_not_fit_is_refused_with_a_sentence(what: str) -> None:
    attempt, sentence = REFUSED[what]
    with pytest.raises(ModelError, match=re.escape(sentence)) as caught:
        attempt()
    # For the lab it is a person's to mend; a notebook may go on catching ValueError.
    assert isinstance(caught.value, LabError)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).endswith(".")


def test_an_up_down_network_of_real_units_is_refused() -> None:
    from dbn_core.models import UntiedDBN

    with pytest.raises(ModelError, match="for binary units, and this DBN has gaussian ones"):
        UntiedDBN(DBN([7, 5, 3], visible="gaussian"))
