"""`features` and `predict`: a trained network applied to images, into a file with a row for each."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from dbn_core.cli.output import for_terminal, print_json
from dbn_core.cli.table_file import (
    NAMES,
    NPY,
    OF_FEATURES,
    OF_TABLES,
    Column,
    refuse_other,
    save_features,
    save_table,
)
from dbn_core.data.own.formats import named
from dbn_core.data.own.given import GivenImages, given_images
from dbn_core.errors import DataError

if TYPE_CHECKING:  # it loads torch, which help and mistakes in a command need not wait for
    from dbn_core.loaded import LoadedModel

Command = Callable[..., Any]


def _images_into(suffixes: tuple[str, ...]) -> Callable[[Command], Command]:
    """What both commands are given."""
    options = (
        click.argument("run"),
        click.option(
            "--images",
            "source",
            required=True,
            type=click.Path(path_type=Path),
            metavar="FOLDER|FILE",
            help=f"A folder of images, an image, {named()}.",
        ),
        click.option(
            "--to",
            "file",
            required=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help=f"Ends in {' or '.join(suffixes)}.",
        ),
        click.option("--force", is_flag=True, help="Replace the file if there is one."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the file."),
    )

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


@click.command()
@_images_into(OF_FEATURES)
@click.option("--layer", type=int, help="From 1; without it the top one.")
def features(run: str, source: Path, file: Path, layer: int | None, force: bool, as_json: bool) -> None:
    """What a layer of a trained network makes of images. RUN is a name, an id, or an exported .zip or .safetensors.

    Images are read as `datasets add` reads them, cut and resized to the size that the run has learnt, on its scale, and
    preprocessed as in the run. A .npy holds the means of the units alone, float32 (images, units), in the order of the
    files' names, 2 before 10; beside x.npy, x.names.txt names the file of each row. A .csv or .parquet names the image
    in its first column (its file, or its row, from 1); the units follow, from 0.
    """
    refuse_other(file, OF_FEATURES)
    beside = file.with_suffix(NAMES)
    _refuse_source(file, source)
    _refuse_source(beside, source)
    model, images = _both(run, source)
    made = model.features(images.numbers, layer).numpy()
    has_names = images.has_files and file.suffix.lower() == NPY
    save_features(file, images.names, made, replace=force, names_file=beside if has_names else None)
    answer = {"layer": layer or model.layers, "images": len(made), "units": made.shape[1]}
    if has_names:
        answer["names"] = str(beside)
        click.echo(for_terminal(f"Wrote {beside}, the file of each row"), err=True)
    _tell("features", model, file, answer, as_json)


@click.command()
@_images_into(OF_TABLES)
def predict(run: str, source: Path, file: Path, force: bool, as_json: bool) -> None:
    """Classes of images, and how strange each is to a trained network. RUN and --images are as in `features`.

    A row an image: its file, or its row; the likeliest class, and p_CLASS, the probability of each, by the classifier
    that the run has trained last; free_energy, of the first layer, in nats (only differences mean anything); recon_mse,
    the squared error per pixel of its reconstruction, pixels in [0, 1]. Sort by one of these two, largest first, to
    find outliers. What the run has not learnt is left out, and said.
    """
    refuse_other(file, OF_TABLES)
    _refuse_source(file, source)
    model, images = _both(run, source)
    table = {"image": images.names, **_answers(model, images)}
    save_table(file, table, replace=force)
    _tell("predictions", model, file, {"images": len(images.names), "columns": list(table)}, as_json)


def _refuse_source(file: Path, source: Path) -> None:
    """Raises DataError where writing would replace what the images are read from, under whatever name."""
    if file.exists() and source.exists() and file.samefile(source):
        raise DataError(f"--to is {file}, which the images are read from; choose another name, it is never replaced.")


def _both(run: str, source: Path) -> "tuple[LoadedModel, GivenImages]":
    from dbn_core.loaded import load

    model = load(run)
    images = given_images(source, model.shape, model.scale, is_patch=model.config.data.patch is not None)
    for note in images.notes:
        click.echo(for_terminal(note), err=True)
    return model, images


def _answers(model: "LoadedModel", images: GivenImages) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    if model.can_classify:
        columns |= _classes(model, images)
    else:
        click.echo("Without class: this run has trained no classifier.", err=True)
    if model.has_free_energy:
        columns["free_energy"] = model.free_energy(images.numbers).numpy()
    else:
        click.echo("Without free_energy: the first layer was not pretrained, or its units have no energy.", err=True)
    if model.can_reconstruct:
        columns["recon_mse"] = model.reconstruction_error(images.numbers).numpy()
    else:
        click.echo("Without recon_mse: a network trained from scratch knows no way back to the image.", err=True)
    return columns


def _classes(model: "LoadedModel", images: GivenImages) -> dict[str, Column]:
    shares = model.predict_proba(images.numbers).numpy()
    best = tuple(model.class_names[place] for place in np.argmax(shares, axis=1).tolist())
    return {"class": best} | {f"p_{name}": shares[:, place] for place, name in enumerate(model.class_names)}


def _tell(event: str, model: "LoadedModel", file: Path, answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json({"event": event, "run": model.provenance.source, "file": str(file), **answer})
    else:
        click.echo(for_terminal(f"Wrote {file}, {answer['images']:,} images"), err=True)
