"""`onnx`: a trained network as a file for programs without the lab."""

from pathlib import Path
from typing import IO

import click

from dbn_core.archive import save
from dbn_core.cli.output import for_terminal, print_json
from dbn_core.cli.table_file import refuse_other

SUFFIX = ".onnx"


@click.command()
@click.argument("run")
@click.option("--to", "file", required=True, type=click.Path(path_type=Path), metavar="FILE", help=f"Ends in {SUFFIX}.")
@click.option("--layer", type=int, help="Whose features come out, from 1; without it the top one's.")
@click.option("--classifier", is_flag=True, help="Probabilities of the classes come out instead.")
@click.option("--force", is_flag=True, help="Replace the file if there is one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the file.")
def onnx(run: str, file: Path, layer: int | None, classifier: bool, force: bool, as_json: bool) -> None:
    """Write a trained network as .onnx. RUN is a name, an id, or an exported .zip or .safetensors.

    What goes in is called images: float32 (images, height, width), or (images, height, width, 3) for colours, from 0
    for black to 1 for white: pixels / 255. The preprocessing of the run is inside; nothing is drawn. What comes out is
    called features, or probabilities, a row an image. The file names the classes in its metadata.
    """
    refuse_other(file, (SUFFIX,))
    from dbn_core.loaded import onnx_graph

    def write(out: IO[bytes]) -> None:
        out.write(graph.content)

    graph = onnx_graph(run, layer, classifier=classifier)
    save(file, write, replace=force)
    size = " x ".join(map(str, graph.shape))
    if as_json:
        print_json({"event": "onnx", "file": str(file), "images": graph.shape, graph.output: graph.width})
    else:
        click.echo(for_terminal(f"Wrote {file}: images of {size} in, {graph.width:,} {graph.output} out"), err=True)
