"""Workers are killed, viewers leave, runs go wrong: what the lab has learnt stays. Real processes, one cluster."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from dbn_core.commands import SetHyperparameter
from dbn_core.data import load_dataset
from dbn_core.jobs import Jobs
from dbn_core.records import CommandRecord, RunStatus
from dbn_core.store import Run
from dbn_core.training import train
from dbn_core.training.checkpoints import unpack
from dbn_core.training.plan import run_plan
from dbn_core.training.ports import MemoryRecorder, ScriptedControl
from dbn_core.training.start import new_learner
from tests.processes.lab import ClusterProcess, assert_identical, at_step, finished, hurry, slow_config, weights
from tests.waiting import until

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterProcess]:
    """Shared: each test waits for the end of its own runs, so that they do not share a processor."""
    cluster = ClusterProcess(f"sqlite:///{tmp_path_factory.mktemp('crashes') / 'lab.db'}", "--workers", "2")
    yield cluster
    cluster.end()


@pytest.fixture
def jobs(cluster: ClusterProcess) -> Iterator[Jobs]:
    """A connection as the web server has it."""
    jobs = Jobs.connect(cluster.store)
    yield jobs
    jobs.close()


def started(cluster: ClusterProcess, jobs: Jobs, **changes: object) -> Run:
    run = cluster.store.create_run(slow_config(**changes))
    jobs.submit(run.id)
    return run


def test_a_run_whose_worker_is_killed_ends_bit_identical_to_an_undisturbed_one(
    cluster: ClusterProcess, jobs: Jobs
) -> None:
    undisturbed = started(cluster, jobs, updates_per_second=None)
    finished(undisturbed)

    run = started(cluster, jobs)
    at_step(run, 27)  # in the middle of the second epoch
    os.kill(cluster.trainer_of(run), signal.SIGKILL)

    info = hurry(run)
    assert info.status is RunStatus.DONE
    assert info.attempt == 1, "it went on by itself, nobody queued it again"
    assert_identical(weights(run), weights(undisturbed))


def test_the_metrics_of_a_killed_run_have_no_gap_and_no_number_twice(cluster: ClusterProcess, jobs: Jobs) -> None:
    run = started(cluster, jobs)
    at_step(run, 23)
    os.kill(cluster.trainer_of(run), signal.SIGKILL)
    hurry(run)

    steps = [point.position.step for point in run.metrics(names=["recon_mse"])]
    assert steps == sorted(set(steps)), "each once and in order"
    assert set(range(20, 601, 20)) <= set(steps), "the end of every epoch is there"


def test_a_change_acknowledged_before_the_crash_is_made_at_the_same_update_again(
    cluster: ClusterProcess, jobs: Jobs
) -> None:
    change = SetHyperparameter("training.learning_rate", 0.29)
    run = started(cluster, jobs)
    at_step(run, 13)
    run.send(change)
    position = until(lambda: run.commands()[0].position, "the acknowledgement")
    assert position.step > 0
    os.kill(cluster.trainer_of(run), signal.SIGKILL)

    assert hurry(run).status is RunStatus.DONE
    again, _ = run.commands()
    assert again.position == position, "acknowledged once, where it first took effect"
    assert_identical(weights(run), uninterrupted(run, change, position.step))


def uninterrupted(run: Run, change: SetHyperparameter, step: int) -> dict[str, np.ndarray]:
    """The weights of the same training in this process, with the change made at that update, no store and no crash."""
    config = run.info().config.with_values({"updates_per_second": None})
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    recorder, device = MemoryRecorder(), torch.device("cpu")
    record = CommandRecord(1, change, run.info().created_at, None)
    threads = torch.get_num_threads()
    torch.set_num_threads(unpack(checkpoint.payload).threads)
    torch.set_flush_denormal(True)
    try:
        learner = new_learner(config, load_dataset("digits"), device)
        train(learner, run_plan(config), config, recorder, ScriptedControl({step: [record]}))
    finally:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)
    tensors = unpack(recorder.checkpoints[-1].payload).tensors
    return {name: tensor.numpy() for name, tensor in tensors.items()}


def test_two_runs_at_once_do_not_mix(cluster: ClusterProcess, jobs: Jobs) -> None:
    few = {"epochs": 3}  # the more updates, the further apart what different numbers of threads have summed
    alone = [started(cluster, jobs, updates_per_second=None, layers=[size], seed=size, **few) for size in (17, 31)]
    for run in alone:
        finished(run)
    together = [started(cluster, jobs, updates_per_second=3, layers=[size], seed=size, **few) for size in (17, 31)]
    until(lambda: jobs.status().training == 2, "two runs in training at the same time")

    for run, reference in zip(together, alone, strict=True):
        assert hurry(run).status is RunStatus.DONE
        learnt, expected = weights(run), weights(reference)
        # Not bit for bit: runs side by side share the cores, and another number of threads sums in another order.
        assert learnt.keys() == expected.keys()
        for name, values in learnt.items():
            np.testing.assert_allclose(values.astype(float), expected[name].astype(float), rtol=1e-3, atol=1e-5)


def test_training_goes_on_when_the_web_server_is_gone(cluster: ClusterProcess) -> None:
    first = Jobs.connect(cluster.store)
    run = started(cluster, first)
    step = at_step(run, 5).progress.position.step
    first.close()

    at_step(run, step + 10)
    second = Jobs.connect(cluster.store)
    try:
        assert second.status().training == 1
    finally:
        second.close()
    assert hurry(run).status is RunStatus.DONE


def test_a_run_whose_weights_are_no_numbers_any_more_explains_itself_and_keeps_its_last_good_state(
    cluster: ClusterProcess, jobs: Jobs
) -> None:
    # A rate of 10 with a decay of 1 multiplies every weight by -9 at each update.
    run = started(
        cluster,
        jobs,
        epochs=40,
        updates_per_second=None,
        **{"training.learning_rate": 10.0, "training.weight_decay": 1.0},
    )
    info = finished(run)
    assert info.status is RunStatus.DIVERGED
    remedy = "Lower the learning rate (it was 10; try 1), lower the weight decay, or set the clamp to 4."
    assert info.message.startswith(
        "The weights of layer 1 stopped being finite numbers by epoch 1.00, after 20 updates. "
    )
    assert remedy in info.message
    assert all(np.isfinite(values.astype(float)).all() for values in weights(run).values())


def test_a_killed_worker_comes_back_and_takes_the_run_that_would_wait_behind_another(
    cluster: ClusterProcess, jobs: Jobs
) -> None:
    long = started(cluster, jobs, epochs=5000)
    at_step(long, 3)
    short = started(cluster, jobs)
    at_step(short, 3)
    os.kill(cluster.trainer_of(short), signal.SIGKILL)

    assert hurry(short).status is RunStatus.DONE
    assert not long.info().status.is_finished, "it never had to wait for the long one"
    long.delete()
    until(lambda: jobs.status().training == 0, "the end of a deleted run's training")
