"""The set-up beside the Train page, without a browser."""

from html import unescape

from streamlit.testing.v1 import AppTest

from dbn_core.config import RunConfig, hyperparameters, preset
from dbn_core.config.fitting import with_choices
from dbn_core.records import RunStatus
from dbn_core.store import RunStore
from pages.parts.errors import plain
from pages.parts.train import layer_fields, name_and_note, setup_form
from tests.pages.opening import picker
from tests.pages.train import arrived, opened, unfold
from tests.samples import make_run
from web import permalink


def setup_config(page: AppTest) -> RunConfig:
    """What the address says that the form holds."""
    address = {
        key: next(iter(value if isinstance(value, list) else [value])) for key, value in page.query_params.items()
    }
    return permalink.read(address).config


def test_every_setting_is_in_the_form_with_its_help(store: RunStore) -> None:
    page = opened()
    widgets = [*page.sidebar.selectbox, *page.sidebar.number_input, *page.sidebar.text_input, *page.sidebar.toggle]
    helps = {widget.help for widget in widgets}
    for item in hyperparameters():
        assert item.help in helps or len(item.choices) == 1


def test_all_wrong_fields_are_named_at_once_and_nothing_typed_is_lost(store: RunStore) -> None:
    page = opened()
    page.text_input(key="setup layers").set_value("500,abc")
    page.number_input(key="setup training.learning_rate").set_value(0.0)
    page.number_input(key="setup training.clamp").set_value(0.0)
    page.run()
    complaint = page.sidebar.error[0].value
    assert all(f"**{name}**" in complaint for name in ("Layers", "Learning rate", "Clamp"))
    assert page.button(key="start").disabled
    assert page.text_input(key="setup layers").value == "500,abc"
    assert not store.runs()
    page.text_input(key="setup layers").set_value("500,300")
    page.number_input(key="setup epochs").set_value(3)
    page.number_input(key="setup training.learning_rate").set_value(0.02)
    page.number_input(key="setup training.clamp").set_value(None)
    page.run()
    assert not page.sidebar.error
    page.button(key="start").click().run()
    values = {"layers": [500, 300], "epochs": 3, "training.learning_rate": 0.02}
    assert store.runs()[0].config == with_choices(RunConfig.preset("first-look"), values)


def test_choosing_a_preset_fills_the_form_and_the_address(store: RunStore) -> None:
    page = opened()
    page.selectbox(key="setup preset").select("source-article").run()
    assert page.number_input(key="setup training.clamp").value == 4.0
    assert page.selectbox(key="setup training.schedule").value == "staged"
    assert dict(page.query_params) == {"preset": "source-article"}
    page.number_input(key="setup training.k").set_value(5).run()
    assert dict(page.query_params) == {"preset": "source-article", "training.k": "5"}


def test_a_changed_set_up_says_how_it_differs_from_its_preset(store: RunStore) -> None:
    page = opened()
    assert not [text for text in page.sidebar.caption if "Changed" in text.value]
    page.number_input(key="setup training.k").set_value(5).run()
    (changed,) = [text.value for text in page.sidebar.caption if "Changed" in text.value]
    assert changed == "**Changed:** k 5 (preset&#58; 1)."


def test_another_method_brings_the_settings_that_go_with_it_and_says_so(store: RunStore) -> None:
    page = opened()
    page.number_input(key="setup training.momentum").set_value(0.7).run()
    page.selectbox(key="setup training.method").select("pcd").run()
    assert page.number_input(key="setup training.learning_rate").value == 0.2
    assert page.selectbox(key="setup training.schedule").value == "linear"
    assert page.toggle(key="setup training.centring").value is True
    assert page.number_input(key="setup training.momentum").value == 0.7, "that was a person's own choice"
    (told,) = [text.value for text in page.sidebar.info]
    assert "Learning rate 0&#46;2" in told
    page.selectbox(key="setup training.method").select("cd").run()
    assert setup_config(page) == RunConfig.preset("first-look").with_values({"training.momentum": 0.7})


def test_layers_kinds_of_units_and_few_images_bring_theirs_and_a_wrong_size_nothing(store: RunStore) -> None:
    page = opened(preset="source-article")
    page.text_input(key="setup layers").set_value("500-five").run()
    assert not page.sidebar.info
    page.text_input(key="setup layers").set_value("31-17-13").run()
    (told,) = [text.value for text in page.sidebar.info]
    assert "several layers" in told
    assert "Starting hidden bias by the target" in told
    assert page.number_input(key="setup training.sparsity_target").value == 0.1
    page.number_input(key="setup epochs").set_value(3).run()
    assert not page.sidebar.info, "it is said once"
    unfold(page, "Images and units")
    page.selectbox(key="setup visible").select("gaussian").run()
    assert page.selectbox(key="setup data.preprocessing").value == "standard"
    page.selectbox(key="setup visible").select("bernoulli").run()
    page.text_input(key="setup layers").set_value("500").run()
    assert setup_config(page) == RunConfig.preset("source-article").with_values({"epochs": 3})


def test_a_run_that_is_opened_fills_the_form_so_that_start_repeats_it(store: RunStore) -> None:
    run = make_run(store, status=RunStatus.DONE)
    other = store.create_run(RunConfig.preset("source-article").with_values({"training.k": 7}))
    page = opened(run=run.id)
    assert setup_config(page) == run.info().config
    picker(page).select(other.id).run()
    assert page.selectbox(key="setup preset").value == "source-article"
    assert setup_config(page) == other.info().config
    said = " ".join(text.value for text in page.sidebar.caption)
    assert "settings of the run, which are not the preset's:** k 7 (preset&#58; 1)" in said
    assert plain(preset("source-article").question) not in said, "what the preset asks the run need not ask"
    page.button(key="start").click().run()
    assert store.runs()[0].config == other.info().config


def test_a_run_gets_the_name_and_the_note_that_it_is_given_once(store: RunStore) -> None:
    page = opened()
    page.text_input(key=name_and_note.NAME).set_value(" mine ")
    page.text_area(key=name_and_note.NOTE).set_value("does <b>k</b> matter?")
    page.run()
    page.button(key="start").click().run()
    page.button(key="start").click().run()
    second, first = store.runs()
    assert (first.name, first.note) == ("mine", "does <b>k</b> matter?")
    assert (second.name, second.note) == ("First look", "")


def test_a_name_that_is_not_allowed_starts_nothing_and_is_not_lost(store: RunStore) -> None:
    page = opened()
    page.text_input(key=name_and_note.NAME).set_value("nul\0").run()
    page.button(key="start").click().run()
    assert "control characters" in page.main.error[0].value
    assert not store.runs()
    assert page.text_input(key=name_and_note.NAME).value == "nul\0"


def test_a_link_fills_the_form_and_starts_nothing(store: RunStore) -> None:
    page = opened(preset="deep-stack", training__k="7", layers="100-50", training__sparsity_target="0.1")
    assert page.selectbox(key="setup preset").value == "deep-stack"
    assert page.number_input(key="setup training.k").value == 7
    assert page.text_input(key="setup layers").value == "100-50"
    assert page.number_input(key="setup training.sparsity_target").value == 0.1
    assert not store.runs()
    assert not page.warning


def test_a_link_with_impossible_values_is_corrected_and_says_so(store: RunStore) -> None:
    page = opened(training__k="100000", data__name="imagenet")
    assert page.number_input(key="setup training.k").value == 100
    assert "k, Data set" in page.sidebar.warning[0].value or "Data set, k" in page.sidebar.warning[0].value


def test_the_browsers_back_brings_the_settings_back(store: RunStore) -> None:
    page = opened()
    page.number_input(key="setup training.k").set_value(5).run().run()
    page.query_params.clear()
    page.query_params["preset"] = "first-look"
    page.run()
    assert page.number_input(key="setup training.k").value == 1


def test_a_folded_group_draws_no_fields_and_keeps_what_was_set_in_it(store: RunStore) -> None:
    page = arrived(training__k="7").run()
    assert not [field for field in page.sidebar.number_input if field.key == "setup training.k"]
    assert page.query_params["training.k"] == "7"
    unfold(page, "Learning rule")
    page.run()
    assert page.number_input(key="setup training.k").value == 7
    page.number_input(key="setup training.k").set_value(5).run()
    unfold(page, "Learning rule", open_=False)
    page.run()
    assert not [field for field in page.sidebar.number_input if field.key == "setup training.k"]
    page.text_input(key="setup layers").set_value("40").run()
    page.button(key="start").click().run()
    assert store.runs()[0].config.training.k == 5
    unfold(page, "Learning rule")
    page.run()
    assert page.number_input(key="setup training.k").value == 5


# -- settings per layer -----------------------------------------------------------------------------------------------


def layered(**address: str) -> AppTest:
    """With the settings per layer unfolded."""
    page = arrived(**address)
    unfold(page, layer_fields.TITLE)
    return page.run()


def test_each_layer_may_have_settings_of_its_own_and_empty_ones_are_as_for_all(store: RunStore) -> None:
    page = layered(layers="13-11")
    assert page.number_input(key="setup layer_settings.2.epochs").value is None
    page.number_input(key="setup layer_settings.2.epochs").set_value(3)
    page.number_input(key="setup layer_settings.1.training.l1_decay").set_value(0.0005)
    page.text_input(key="setup layer_settings.2.training.sparsity_target").set_value("off")
    page.selectbox(key="setup layer_settings.2.training.method").set_value("pcd")
    page.run()
    own = {
        "layer_settings.1.training.l1_decay": 0.0005,
        "layer_settings.2.epochs": 3,
        "layer_settings.2.training.method": "pcd",
        "layer_settings.2.training.sparsity_target": None,
    }
    written = {key: "none" if value is None else str(value) for key, value in own.items()}
    assert dict(page.query_params) == {"preset": "first-look", "layers": "13-11"} | written
    page.button(key="start").click().run()
    assert store.runs()[0].config == RunConfig.preset("first-look").with_values({"layers": [13, 11]} | own)
    page.number_input(key="setup layer_settings.2.epochs").set_value(None).run()
    assert "layer_settings.2.epochs" not in page.query_params


def test_what_a_field_would_show_by_itself_is_what_the_session_has(store: RunStore) -> None:
    page = layered(layers="13-11", training__learning_rate="0.123", layer_settings__2__epochs="3")
    numbers = {
        field.key: (field.proto.default, field.value) for field in page.number_input if field.proto.HasField("default")
    }
    assert numbers["setup training.learning_rate"] == (0.123, 0.123)
    assert {key: pair for key, pair in numbers.items() if pair[0] != pair[1]} == {}
    chosen = {field.key: (field.proto.default, field.index) for field in page.selectbox if field.index is not None}
    assert {key: pair for key, pair in chosen.items() if pair[0] != pair[1]} == {}
    assert [field.proto.default for field in page.toggle] == [field.value for field in page.toggle]


def test_a_link_fills_the_fields_of_the_layers_also_those_not_usually_shown(store: RunStore) -> None:
    own = {"layer_settings__2__training__k": "7", "layer_settings__1__training__sparsity_target": "none"}
    page = layered(layers="13-11", **own)
    assert page.number_input(key="setup layer_settings.2.training.k").value == 7
    assert page.text_input(key="setup layer_settings.1.training.sparsity_target").value == "off"
    assert dict(page.query_params)["layer_settings.2.training.k"] == "7"
    page.selectbox(key="setup preset").select("source-article").run()
    assert dict(page.query_params) == {"preset": "source-article"}, "another preset, without settings of its layers"


def test_what_is_wrong_with_a_layer_is_named_with_its_number(store: RunStore) -> None:
    page = layered(layers="13-11")
    page.text_input(key="setup layer_settings.2.training.sparsity_target").set_value("much").run()
    complaint = page.sidebar.error[0].value
    assert "**Layer 2: Sparsity target**" in unescape(complaint)
    assert page.button(key="start").disabled


def test_a_layer_that_goes_takes_its_settings_along_and_one_layer_has_no_fields(store: RunStore) -> None:
    page = layered(layers="13-11", layer_settings__2__epochs="3")
    page.text_input(key="setup layers").set_value("13").run()
    assert not page.sidebar.error
    assert dict(page.query_params) == {"preset": "first-look", "layers": "13"}
    assert layer_fields.TITLE not in [group.label for group in page.sidebar.expander]


def test_layers_that_train_together_have_no_epochs_of_their_own_in_the_form(store: RunStore) -> None:
    page = layered(layers="13-11", training__order="together")
    assert "setup layer_settings.2.training.learning_rate" in {field.key for field in page.sidebar.number_input}
    assert "setup layer_settings.2.epochs" not in {field.key for field in page.sidebar.number_input}


def test_no_setting_is_in_two_places_of_the_form() -> None:
    placed = [*setup_form.MAIN, *(key for keys in setup_form.groups().values() for key in keys)]
    assert len(placed) == len(set(placed))
