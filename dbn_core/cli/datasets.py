"""`datasets`: the data sets there are; `add` and `remove` for images of one's own."""

from pathlib import Path

import click

from dbn_core.cli.output import for_terminal, print_json
from dbn_core.data import DatasetInfo, catalogue
from dbn_core.data.own import Added, add_images, damaged_sets, formats, own_sets, remove_own
from dbn_core.places import COMMAND


@click.group("datasets", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
@click.pass_context
def datasets(context: click.Context, as_json: bool) -> None:
    """The data sets, and whether their files are on this disk; add and remove your own."""
    if context.invoked_subcommand is not None:
        return
    known = (*catalogue(), *own_sets())
    for sentence in damaged_sets():
        click.echo(for_terminal(f"Left out: {sentence}"), err=True)
    if as_json:
        print_json([_entry(item) for item in known], indent=2)
        return
    for item in known:
        click.echo(_line(item))
        click.echo(f"    {item.source}")
        if not item.is_present():
            click.echo(for_terminal(f"    downloaded at first use into {item.raw_folder()}, or put the files there"))


@datasets.command(
    "add",
    help=f"""Images of your own as a data set: PATH is a folder, {formats.named()}.

    Sub-folders name the classes; sub-folders train and test above or below them name the split, else one image in six
    is held out. Files may be {formats.described().replace("`", "")}. The answer says how they were read.
    """,
)
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Small letters, digits and hyphens; train on it as own/NAME.")
@click.option(
    "--size", type=int, metavar="PIXELS", help="Cut every image to its middle square and resize it to this side."
)
@click.option("--grey", is_flag=True, help="Keep colour images as grey ones.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
def add(path: Path, name: str, size: int | None, grey: bool, as_json: bool) -> None:
    """A folder or file becomes a data set; its help says which."""
    added = add_images(path, name, size=size, grey=grey)
    info = added.info
    if as_json:
        print_json(_answer(added))
        return
    classes = f" in {len(info.label_names)} classes" if info.label_names else ", without classes"
    click.echo(f"Added {_line(info)}{classes}.")
    for sentence in added.sentences:
        click.echo(sentence)
    click.echo(f"Train on it with: {COMMAND} train --set data.name={info.name}")


@datasets.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove a data set of your own; NAME with or without own/. Runs that were trained on it stay."""
    full = name if name.startswith("own/") else f"own/{name}"
    remove_own(full)
    click.echo(f"Removed {full}.")


def _line(item: DatasetInfo) -> str:
    size = "x".join(map(str, item.shape[:2])) + (" in colour" if item.shape[2] > 1 else "")
    return f"{item.name}: {item.title}, {item.train_count:,} + {item.test_count:,} held-out images of {size}"


def _entry(item: DatasetInfo) -> dict[str, object]:
    return {
        "name": item.name,
        "title": item.title,
        "shape": item.shape,
        "train_count": item.train_count,
        "test_count": item.test_count,
        "classes": item.label_names,
        "present": item.is_present(),
        "missing": [str(item.raw_folder() / file.gz_name) for file in item.missing()],
        "source": item.source,
        "licence": item.licence,
    }


def _answer(added: Added) -> dict[str, object]:
    values = added.values
    rows = zip(added.info.label_names, added.train_counts, added.test_counts, strict=True)
    return {
        "event": "dataset",
        "name": added.info.name,
        "shape": added.info.shape,
        "train_count": added.info.train_count,
        "test_count": added.info.test_count,
        "classes": [{"name": name, "train_count": train, "test_count": test} for name, train, test in rows],
        "values": {"least": values.least, "most": values.most, "black": values.black, "white": values.white},
        "left_out": {item.kind: item.count for item in added.left_out},
        "notes": added.notes,
    }
