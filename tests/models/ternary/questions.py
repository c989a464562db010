"""What pages and commands ask of a run with the new kind: run as `questions.py STORE RUN`, as `proofs` is."""

import json
import sys

from dbn_core.config.dreaming import DreamSettings
from dbn_core.inference import project, unit_life
from dbn_core.inference.dreams import dream_steps
from dbn_core.inference.likelihood import log_likelihood
from dbn_core.inference.recognition import recognise
from dbn_core.store import RunStore

if __name__ == "__main__":
    store, run = sys.argv[1:]
    where = (store, run, RunStore(store).run(run).checkpoints()[-1].id)
    dream = dream_steps(*where, DreamSettings(start="images", keep="left"), 0, 3)
    answers = {
        "likelihood": log_likelihood(*where)["metrics"]["log_likelihood_exact"],
        "dream": dream["pictures"].shape,
        "projected": project(*where, 1, "clamp_and_sample_down")["pixels"].shape,
        "life": int(unit_life(*where, 1, 5)["histogram"].sum()),
        "recognised": list(recognise(*where, 3)["classifiers"]),
    }
    print(json.dumps(answers))
