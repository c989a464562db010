"""The commands together, and what happens to errors: one message and an exit status, never a traceback.

Exit status: 0 done; 1 the run or the cluster failed; 2 bad input; 3 the run diverged; 130 ended by Ctrl-C.
"""

import logging
from typing import Any

import click

from dbn_core import __version__
from dbn_core.cli.application import features, predict
from dbn_core.cli.datasets import datasets
from dbn_core.cli.disk import show_store
from dbn_core.cli.evaluation import evaluate
from dbn_core.cli.files import export_run, import_run
from dbn_core.cli.lists import list_presets, list_runs, show_run
from dbn_core.cli.onnx import onnx
from dbn_core.cli.output import for_terminal
from dbn_core.cli.reference import reference
from dbn_core.cli.service import cluster
from dbn_core.cli.tensorboard import tensorboard
from dbn_core.cli.training import resume, train
from dbn_core.errors import JobError, LabError
from dbn_core.places import COMMAND, default_store


class _Lab(click.Group):
    """Turns every error that is the user's to mend into its message; lists commands as a person meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except JobError as error:
            raise click.ClickException(for_terminal(str(error))) from error
        except LabError as error:
            raise BadInput(for_terminal(str(error))) from error
        except click.NoSuchOption as error:
            if error.option_name.startswith("--"):
                raise
            told = f"{error.format_message()} A file whose name begins with - is given as ./-NAME."
            raise click.UsageError(told, error.ctx) from error


class BadInput(click.ClickException):
    """A message on standard error and exit status 2."""

    exit_code = 2


@click.group(
    cls=_Lab,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Without DBN_STORE that is {default_store()}.",
)
@click.version_option(__version__, message="%(version)s")
def lab() -> None:
    """Deep Belief Lab: train Deep Belief Networks on images and watch features form.

    Runs are kept in the store that DBN_STORE names, so the app sees them too.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")


COMMANDS = (
    list_presets,
    datasets,
    train,
    resume,
    list_runs,
    show_run,
    evaluate,
    features,
    predict,
    export_run,
    import_run,
    show_store,
    onnx,
    tensorboard,
    reference,
    cluster,
)
for command in COMMANDS:
    lab.add_command(command)


def main() -> None:
    """Run the command line of this process."""
    lab(prog_name=COMMAND)
