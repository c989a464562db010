"""Presets: each is a question with what one will see, on a page that exists."""

from typing import Any

import pytest
from pydantic import ValidationError

from dbn_core.config import RunConfig, preset, presets
from dbn_core.config.nearest import preset_of
from dbn_core.config.preset import Preset
from dbn_core.places import LAB

ASKS = {"name": "a", "title": "A", "summary": "It.", "question": "What?", "expectation": "This.", "settings": {}}


def test_every_preset_asks_says_what_one_will_see_and_names_a_page() -> None:
    assert presets()
    for item in presets():
        assert item.question, item.name
        assert item.expectation.endswith("."), item.name
        assert (LAB / "pages" / f"{item.page}.py").is_file(), item.name


def test_a_movie_is_seen_on_generate_and_few_labels_in_their_view() -> None:
    assert (preset("digit-movie").page, preset("digit-movie").address("r1")) == ("generate", {"run": "r1"})
    assert (preset("few-labels").page, preset("few-labels").address("r1")) == ("classify", {"run": "r1", "view": "few"})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"question": ""}, "needs a question and an expectation, or neither"),
        ({"question": "What."}, "has to end in a question mark, not as 'What.'"),
        ({"page": "classify", "view": "none"}, "the page classify has draw, finetune, few, mistakes, features"),
        ({"page": "generate", "view": "few"}, "the page generate has none"),
        ({"page": "nowhere"}, "'train', 'features'"),
    ],
)
def test_a_preset_that_asks_badly_is_refused_in_words(wrong: dict[str, Any], sentence: str) -> None:
    Preset.model_validate(ASKS)
    with pytest.raises(ValidationError, match=sentence):
        Preset.model_validate(ASKS | wrong)


def test_a_run_is_of_a_preset_however_it_is_evaluated_and_of_none_with_another_knob() -> None:
    settings = RunConfig.preset("first-look")
    found = preset_of(settings.with_values({"evaluation.at_end": True, "seed": 7}))
    assert found is not None
    assert found.name == "first-look"
    assert preset_of(settings.with_values({"vae.epochs": 5, "vae.hidden": 7})) == found, "a VAE learns beside it"
    assert preset_of(settings.with_values({"training.k": 7})) is None
