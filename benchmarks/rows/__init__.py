"""The rows of `python -m benchmarks.numbers`: each trains by the lab's own engine and gives the figures it reached."""

from benchmarks.rows import autoencoder, classification, colour, few_labels, likelihood
from benchmarks.rows.row import Row

ROWS: tuple[Row, ...] = (
    *likelihood.ROWS,
    *classification.ROWS,
    *few_labels.ROWS,
    *autoencoder.ROWS,
    *colour.ROWS,
)
"""In the order of the table."""
