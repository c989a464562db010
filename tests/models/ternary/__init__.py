"""A kind of visible units that the lab does not have, to see how many files it takes to add one."""
