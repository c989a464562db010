"""Measurements of the lab: speed beside other software and beside what the machine can do at most."""

import dbn_core as dbn_core  # before torch: it settles how torch's threads wait, for every row of a table alike
