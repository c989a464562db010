"""Where the lab's own files lie and where what a person makes goes, in a checkout and where the lab is installed.

In a checkout `app.py`, `pages`, `web` and `assets` lie beside `dbn_core`. A wheel has them in `dbn_core/lab`, so that
no folder called `pages` or `web` is installed among other people's packages.
"""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent


def lab_folder(package: Path) -> Path:
    """The folder with `app.py`, `pages`, `web` and `assets` that belongs to a `dbn_core` in the folder `package`."""
    inside = package / "lab"
    return inside if inside.is_dir() else package.parent


def personal_folder(package: Path) -> Path:
    """Where runs and data sets go unless the environment says otherwise.

    The current folder in a checkout, which is where it is started; the user's data folder where the lab is installed.
    """
    if lab_folder(package) == package.parent:
        return Path()
    return platformdirs.user_data_path("deep-belief-lab", appauthor=False)


LAB = lab_folder(PACKAGE)
IS_INSTALLED = LAB.parent == PACKAGE
ASSETS = LAB / "assets"
GALLERY = ASSETS / "gallery"  # finished runs that come with the lab, as archives
COMMAND = "dbn" if IS_INSTALLED else "python -m dbn_core"  # the command line, as a message names it


def default_store() -> str:
    """The address of the run store where DBN_STORE names none."""
    return f"sqlite:///{(personal_folder(PACKAGE) / 'runs' / 'lab.db').as_posix()}"


def default_data() -> Path:
    """The folder of data sets where DBN_DATA names none."""
    return personal_folder(PACKAGE) / "data"


def default_reference() -> Path:
    """The folder of the API reference, once it is built."""
    return personal_folder(PACKAGE) / "reference"


def cache() -> Path:
    """The folder of what the lab can make again: what DBN_CACHE names, else one of this user."""
    named = os.environ.get("DBN_CACHE", "").strip()
    return Path(named) if named else platformdirs.user_cache_path("deep-belief-lab", appauthor=False)
