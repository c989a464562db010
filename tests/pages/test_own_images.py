"""Your own images on the Train page: added, chosen at once, refused in a sentence, gone without breaking a link."""

import html
import tomllib
from pathlib import Path

import pytest

from dbn_core.data.own import add_images, limits, own_info, own_names, remove_own
from dbn_core.store import RunStore
from tests.data.own_samples import many, zipped
from tests.pages.test_train_page import opened
from web import permalink


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DBN_DATA", str(tmp_path))
    return tmp_path


def test_an_uploaded_zip_becomes_the_chosen_data_set(store: RunStore) -> None:
    page = opened()
    page.file_uploader(key="own file").upload("pets.zip", zipped(many(31, "a/") | many(31, "b/")).getvalue())
    page.text_input(key="own name").set_value("pets")
    page.run()
    page.button(key="own look").click().run()
    assert "own/pets would have 52 training and 10 held&#45;out images of 11 x 7 in 2 classes" in (
        page.sidebar.info[0].value
    )
    assert not own_names(), "nothing is stored yet"
    page.button(key="own add").click().run()
    assert "52 training and 10 held&#45;out images of 11 x 7 in 2 classes" in page.sidebar.success[0].value
    (own,) = [item for item in page.sidebar.expander if item.label == "Your own images"]
    assert own.proto.expanded, "the answer is in sight"
    assert page.selectbox(key="setup data.name").value == "own/pets"
    assert page.query_params["data.name"] == "own/pets"
    page.button(key="start").click().run()
    assert store.runs()[0].config.data.name == "own/pets"


def test_the_answer_shows_images_classes_values_and_what_was_left_out(store: RunStore) -> None:
    page = opened()
    files = many(31, "a/") | many(31, "*b*/") | {f"{index}.avif": b"x" for index in range(7)}
    page.file_uploader(key="own file").upload("pets.zip", zipped(files).getvalue())
    page.text_input(key="own name").set_value("pets")
    page.run()
    page.button(key="own look").click().run()
    told = " ".join(html.unescape(caption.value) for caption in page.sidebar.caption)
    assert "Classes (training + held out): *b* " in told
    assert "Values from 0 to 255 were found" in told
    assert "Left out: 7 .avif files: save those that are pictures as JPEG or PNG" in told
    assert "The first image of each class: *b* and a" in told
    assert len(page.sidebar.get("image")) == 1
    page.text_input(key="own name").set_value("other").run()
    assert not page.sidebar.get("image"), "the answer is of the last file alone"
    assert page.button(key="own add").disabled, "and what was looked at is no longer what is chosen"


def test_what_is_wrong_with_an_upload_is_said_as_text_and_nothing_is_chosen(store: RunStore) -> None:
    page = opened()
    page.file_uploader(key="own file").upload("x.zip", zipped(many(53) | {"**b**/<i>.png": b"no image"}).getvalue())
    page.text_input(key="own name").set_value("pets")
    page.run()
    page.button(key="own look").click().run()
    assert page.button(key="own add").disabled
    message = page.sidebar.error[0].value
    assert "<i>" not in message
    assert "**b**" not in message
    assert page.selectbox(key="setup data.name").value == "digits"


def test_the_buttons_wait_for_a_file_and_a_name_and_for_a_look(store: RunStore) -> None:
    page = opened()
    assert page.button(key="own look").disabled
    page.file_uploader(key="own file").upload("pets.zip", zipped(many(31)).getvalue())
    page.text_input(key="own name").set_value("pets")
    page.run()
    assert not page.button(key="own look").disabled
    assert page.button(key="own add").disabled


def test_several_image_files_become_a_set_without_classes(store: RunStore) -> None:
    page = opened()
    chosen = [(name, content, "image/png") for name, content in many(53).items()]
    page.file_uploader(key="own file").set_value([*chosen, ("notes.csv", b"1,2", "text/csv")])
    page.text_input(key="own name").set_value("loose")
    page.run()
    page.button(key="own look").click().run()
    assert "43 training and 10 held&#45;out images of 11 x 7 without classes" in page.sidebar.info[0].value
    assert "Left out: 1 .csv file" in html.unescape(" ".join(caption.value for caption in page.sidebar.caption))
    page.button(key="own add").click().run()
    assert own_names() == ("own/loose",)


def test_a_folder_names_its_classes(store: RunStore) -> None:
    page = opened()
    page.segmented_control(key="own what").set_value("own folder").run()
    files = many(31, "pets/cat/") | many(31, "pets/dog/")
    page.file_uploader(key="own folder").set_value([(name, content, "image/png") for name, content in files.items()])
    page.text_input(key="own name").set_value("pets")
    page.run()
    page.button(key="own look").click().run()
    told = html.unescape(" ".join(caption.value for caption in page.sidebar.caption))
    assert "Classes (training + held out): cat " in told
    page.button(key="own add").click().run()
    assert own_info("own/pets").label_names == ("cat", "dog")


def test_a_name_that_was_taken_meanwhile_is_a_sentence(store: RunStore) -> None:
    page = opened()
    page.file_uploader(key="own file").upload("pets.zip", zipped(many(53)).getvalue())
    page.text_input(key="own name").set_value("pets")
    page.run()
    page.button(key="own look").click().run()
    add_images(("x.zip", zipped(many(61))), "pets")
    page.button(key="own add").click().run()
    assert "already a data set own/pets" in html.unescape(page.sidebar.error[0].value)
    assert own_info("own/pets").train_count == 51


def test_the_browser_may_bring_as_much_as_the_command_line() -> None:
    options = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert options["server"]["maxUploadSize"] * limits.MIB == limits.FILE_BYTES


def test_a_link_to_ones_own_images_opens_while_they_are_there(store: RunStore) -> None:
    add_images(("x.zip", zipped(many(53))), "mine")
    page = opened(data__name="own/mine")
    assert page.selectbox(key="setup data.name").value == "own/mine"
    assert not page.warning
    remove_own("own/mine")
    page.run()
    assert "no longer here" in page.sidebar.error[0].value
    assert page.button(key="start").disabled


def test_a_link_to_images_that_are_not_here_is_corrected_with_a_notice(store: RunStore) -> None:
    link = permalink.read({"data.name": "own/gone"})
    assert link.config.data.name == "digits"
    assert link.corrected == ("Data set",)
    page = opened(data__name="own/gone")
    assert page.selectbox(key="setup data.name").value == "digits"
    assert "Data set" in page.sidebar.warning[0].value


def test_every_stage_has_an_expander_of_its_own(store: RunStore) -> None:
    page = opened()
    titles = [expander.label for expander in page.sidebar.expander]
    assert titles == [
        "Name and note",
        "Your own images",
        "Images and units",
        "Learning rule",
        "Step size",
        "Limits and sparsity",
        "Labels and up-down",
        "Classifier",
        "Likelihood",
        "VAE to compare with",
        "Hybrid with a CNN",
        "Evaluation",
        "Machine",
    ]
