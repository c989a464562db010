"""Learners: what the one loop drives, one for each kind of stage; `relay` takes a run from stage to stage."""
