"""Trains the examples that come with the lab and writes them as archives: `assets/gallery/*.zip`.

    python -m tools.gallery [--measure] [PRESET ...]

Each is a preset, trained to its end and evaluated. Small ones are trained on few labels, too, and keep what that comes
to, so that the claims of the source article can be judged on them; `--measure` does that alone and trains none anew.

Of its checkpoints only the newest comes along, with weights of eight significant bits and without momentum, which packs
them to less than half; of its pictures about a dozen of each kind and layer, among them those of the epochs that the
Features page speaks of.
Their ids are digests of the archives: a new archive is another run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch

from dbn_core.archive import export, import_archive
from dbn_core.config import RunConfig, preset
from dbn_core.findings import Finding
from dbn_core.inference import probe
from dbn_core.places import GALLERY
from dbn_core.records import Checkpoint, RunStatus, SnapshotInfo
from dbn_core.store import Run, RunStore
from dbn_core.training.checkpoints import pack, unpack
from dbn_core.training.learners.descent import CARRIED
from dbn_core.view import compare_hybrid
from dbn_core.view.claims_cost import LABELS, SEEDS
from dbn_core.view.evolution import ARTICLE
from dbn_core.view.few_labels import few_labels_config
from dbn_core.worker import train_run

PRESETS = ("first-look", "edges-to-digits", "digit-movie")
"""In the order in which the welcome shows them. The names of the archives begin with their places."""

ON_FEW_LABELS = ("first-look",)
"""Those that are trained on few labels, too: sixty short trainings, too long for networks of three layers."""

EVALUATED = {"evaluation.at_end": True}
"""What is set beside a preset."""

WITH_VAE = {"digit-movie": {"vae.epochs": 20, "vae.hidden": 200}}
"""What is set beside single ones: a VAE on the same images, so that the two can be compared at once."""

LIVE = {"filters", "reconstructions", "diagnostics"}
PICTURES = 9  # of one kind and stage,
FEW = 4  # and of runs with more units than
MANY = 1000
AT_REST = ("velocity.", CARRIED)
BITS = 8  # significant ones, of a weight


def main() -> int:
    """Make those that are named, else all. The exit status."""
    parser = argparse.ArgumentParser(description="Train the examples of the gallery and write their archives.")
    parser.add_argument("presets", nargs="*", metavar="PRESET", help=", ".join(PRESETS))
    parser.add_argument("--measure", action="store_true", help="only measure the archives that there are")
    asked = parser.parse_args()
    wanted = asked.presets or PRESETS
    if unknown := set(wanted) - set(PRESETS):
        parser.error(f"no example is made of {', '.join(sorted(unknown))}; there are {', '.join(PRESETS)}")
    GALLERY.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, RunStore(f"sqlite:///{folder}/gallery.db") as store:
        for name in wanted:
            file = archive_of(name)
            run = import_archive(store, file) if asked.measure else slim(store, trained(store, name))
            if name in ON_FEW_LABELS:
                run.keep_figures(run.require_checkpoint().position, on_few_labels(store, run))
            run.rename(preset(name).title)  # a page finds its own by the name
            export(run, file, replace=True)
            print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")
    print(f"together {sum(file.stat().st_size for file in GALLERY.glob('*.zip')) / 1e6:.2f} MB")
    return 0


def archive_of(name: str) -> Path:
    """The file of a preset."""
    return GALLERY / f"{10 * (PRESETS.index(name) + 1)}-{name}.zip"


def settings_of(name: str) -> RunConfig:
    """What the example of a preset is trained with."""
    return RunConfig.preset(name).with_values(beside(name))


def beside(name: str) -> dict[str, Any]:
    """What the example of a preset sets beside it."""
    return EVALUATED | WITH_VAE.get(name, {})


def trained(store: RunStore, name: str) -> Run:
    """The preset's run, at its end, evaluated and probed."""
    about = preset(name)
    settings = [part for key, value in beside(name).items() for part in ("--set", f"{key}={json.dumps(value)}")]
    told = ["--name", about.title, "--note", about.summary]
    command = [sys.executable, "-m", "dbn_core", "train", "--preset", name, *settings, *told]
    subprocess.run(command, env=os.environ | {"DBN_STORE": store.url}, check=True)
    run = store.run(about.title)
    info = run.info()
    if info.status is not RunStatus.DONE or info.message:
        raise SystemExit(f"{about.title} ended as {info.status}. {info.message}")
    answer = probe.probe(store.url, run.id, run.require_checkpoint().id)
    run.keep_figures(answer["position"], answer["figures"])
    return run


def on_few_labels(store: RunStore, run: Run) -> dict[str, float]:
    """Errors (%) of branches that learn from few labels, by the names of their metrics: `error/scratch/100/0`."""
    source, quiet = run.require_checkpoint(), {"evaluation.at_end": False}
    before = run.info().config.with_values(quiet)

    def learnt(config: RunConfig) -> Run:
        child = store.branch(run, source.id, config)
        if train_run(store.url, child.id) != RunStatus.DONE:
            raise SystemExit(f"{run.info().name} on few labels: {child.info().message}")
        return child

    experiment = learnt(few_labels_config(before, SEEDS, compare_hybrid.UPDATES))
    errors = {point.name: point.value for point in experiment.metrics() if point.name.startswith("error/")}
    epochs = compare_hybrid.epochs_for(LABELS, before.batch_size)
    wrong: dict[str, float | None] = {}
    for item, draw in compare_hybrid.missing(store.runs(), run.id, LABELS, compare_hybrid.DRAWS):
        settings = compare_hybrid.OFF | item.settings(LABELS, epochs) | {"labels.draw": draw}
        child = learnt(before.with_values(settings))
        wrong[child.id] = compare_hybrid.error_of(child.metrics())
    row = compare_hybrid.children(store.runs(), run.id)[LABELS]
    # A head on features that stand still is in the experiment already.
    return errors | compare_hybrid.figures(LABELS, {key: row[key] for key in ("both", "images")}, wrong)


def slim(store: RunStore, run: Run) -> Run:
    """A copy with what is worth its bytes."""
    info, saved = run.info(), run.checkpoint()
    assert saved is not None
    copy = store.create_run(info.config, info.name, executor="foreground", note=info.note)
    writer = store.claim(copy.id, "gallery")
    most = FEW if sum(info.config.layers) > MANY else PICTURES
    pictures = [run.snapshot(item.id) for item in kept(run.snapshots(), most)]
    writer.write(run.metrics(), pictures, replace(info.progress, images_per_second=None))
    writer.save_checkpoint(slim_checkpoint(saved))
    writer.set_status(info.status)
    assert info.started_at is not None
    writer.backdate(info.created_at, info.started_at, info.started_at + training_time(run))
    return copy


def training_time(run: Run) -> timedelta:
    """Without the evaluation after it."""
    findings = (Finding.from_snapshot(run.snapshot(item.id)) for item in run.snapshots(kind="evaluation"))
    (machine,) = (finding for finding in findings if finding.part == "machine")
    return timedelta(seconds=float(str(machine.facts["seconds"])))


def kept(pictures: Iterable[SnapshotInfo], most: int) -> Iterator[SnapshotInfo]:
    """Findings all; of what was drawn while training the first moments and then even steps, to the last."""
    groups: dict[tuple[str, str], list[SnapshotInfo]] = {}
    for item in pictures:
        groups.setdefault((item.kind, item.position.stage), []).append(item)
    for (kind, stage), items in groups.items():
        if kind == "projection":  # beside filters, now and then: where those stay
            moments = {item.position.step for item in drawn(groups["filters", stage], most)}
            yield from (item for item in items if item.position.step in moments)
        elif kind == "filters":
            yield from drawn(items, most)
        else:
            yield from spread(items, most) if kind in LIVE else items


def drawn(items: list[SnapshotInfo], most: int) -> list[SnapshotInfo]:
    """Those of `spread`, and of the epochs that the verdict on a layer and the article's table look at."""
    begin = items[0].position.epoch
    told = [1, *(at.epoch for at in ARTICLE)] if begin == 0 else [1]
    wanted = [min(items, key=lambda item: abs(item.position.epoch - begin - epoch)) for epoch in told]
    chosen = {item.id for item in (*spread(items, most), *wanted)}
    return [item for item in items if item.id in chosen]


def spread(items: list[SnapshotInfo], most: int) -> list[SnapshotInfo]:
    """At most so many: early ones closer together, since features change most at first."""
    if len(items) <= most:
        return items
    last = len(items) - 1
    places = sorted({round(last * (place / (most - 1)) ** 1.5) for place in range(most)})
    return [items[place] for place in places]


def slim_checkpoint(saved: Checkpoint) -> Checkpoint:
    """Weights of `BITS` bits; momentum and what an optimiser has gathered as at its start."""
    state = unpack(saved.payload)
    tensors = {
        name: torch.zeros_like(tensor) if name.startswith(AT_REST) else rounded(tensor)
        for name, tensor in state.tensors.items()
    }
    return replace(saved, payload=pack(replace(state, tensors=tensors)), id=0)


def rounded(tensor: torch.Tensor) -> torch.Tensor:
    """Floats with `BITS` significant bits, as float32 of the same range: the other bits are zero."""
    if tensor.dtype != torch.float32:
        return tensor
    fraction, exponent = torch.frexp(tensor)
    return torch.ldexp(torch.round(fraction * 2**BITS) / 2**BITS, exponent)


if __name__ == "__main__":
    sys.exit(main())
