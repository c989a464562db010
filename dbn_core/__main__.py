"""`python -m dbn_core`: the command line."""

from dbn_core.cli import main

# Worker processes import this file under another name and must not start a second command line.
if __name__ == "__main__":
    main()
