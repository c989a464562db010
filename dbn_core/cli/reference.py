"""`reference`: the API reference as pages."""

from pathlib import Path

import click

from dbn_core.cli.output import for_terminal, print_json
from dbn_core.places import default_reference


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help=f"Without it {default_reference()}, where the lab serves it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the folder.")
def reference(folder: Path | None, as_json: bool) -> None:
    """Build the API reference for Python: a page a package, with a search. It needs no network, and pdoc once.

    Open index.html there; the lab serves it at /lab/reference/, and links to it under About in its menu.
    """
    from dbn_core.reference import build

    folder = folder or default_reference()
    pages = build(folder)
    if as_json:
        print_json({"event": "reference", "folder": str(folder), "pages": pages})
    else:
        click.echo(for_terminal(f"Wrote {pages} pages; open {folder / 'index.html'}"), err=True)
