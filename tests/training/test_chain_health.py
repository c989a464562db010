"""Health of persistent chains: numbers against known answers, and no trace of looking in what is learnt."""

import torch

from dbn_core.config import RunConfig
from dbn_core.models import DBN, RBM
from dbn_core.training.data import TrainingData
from dbn_core.training.diagnostics import chain_health
from dbn_core.training.learners.relay import StagedLearner
from dbn_core.training.loop import train
from dbn_core.training.plan import Cadence, run_plan
from dbn_core.training.ports import MemoryRecorder, NullControl

PIXELS = torch.randint(0, 256, (103, 35), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
PCD = {"layers": [13], "epochs": 3, "batch_size": 20, "training.method": "pcd", "training.chains": 17}


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def binary(cases: int, units: int) -> torch.Tensor:
    return torch.randint(0, 2, (cases, units), generator=generator()).float()


def two_wells(strength: float) -> RBM:
    """19 visible units that want to be all on or all off; one hidden unit decides which."""
    rbm = RBM(19, 7, generator=generator())
    rbm.W.fill_(strength)
    rbm.v_bias.fill_(-3.5 * strength)
    rbm.h_bias.fill_(-9.5 * strength)
    return rbm


def test_the_energy_gap_is_the_difference_of_the_mean_free_energies() -> None:
    rbm = RBM(19, 7, generator=generator())
    rbm.W.normal_(generator=generator())
    chains, data = binary(11, 19), binary(13, 19).flip(1)
    expected = rbm.free_energy(chains).mean() - rbm.free_energy(data).mean()
    assert chain_health(rbm, chains, data)["chain_energy_gap"] == expected.item()


def test_grey_data_are_drawn_before_they_are_compared() -> None:
    rbm = two_wells(2.0)
    grey = torch.full((5000, 19), 0.5)
    drawn = binary(5000, 19)
    gap = chain_health(rbm, drawn, grey)["chain_energy_gap"]
    assert abs(gap) < 0.5
    assert abs(rbm.free_energy(drawn).mean() - rbm.free_energy(grey).mean()) > 5


def test_independent_units_have_forgotten_where_they_were_and_deep_wells_have_not() -> None:
    loose = RBM(19, 7, generator=generator())
    loose.W.zero_()
    data, chains = binary(401, 19), binary(401, 19).flip(0)
    assert abs(chain_health(loose, chains, data)["chain_autocorrelation"]) < 0.05
    stuck = torch.cat([torch.zeros(13, 19), torch.ones(17, 19)])
    assert chain_health(two_wells(2.0), stuck, data)["chain_autocorrelation"] > 0.95


def test_chains_that_all_sit_in_one_well_count_as_stuck() -> None:
    data = torch.cat([torch.zeros(13, 19), torch.ones(17, 19)])
    assert chain_health(two_wells(2.0), torch.ones(11, 19), data)["chain_autocorrelation"] > 0.95


def data_of(config: RunConfig) -> TrainingData:
    return TrainingData.of(config, (PIXELS[:83], None), (PIXELS[83:], None), (), (5, 7))


def learnt(looks: bool) -> tuple[StagedLearner, MemoryRecorder]:
    config = RunConfig().with_values(PCD)
    dbn = DBN([35, 13], generator=generator())
    learner = StagedLearner(dbn, data_of(config), config, torch.device("cpu"))
    recorder = MemoryRecorder()
    cadence = Cadence(looks=looks, diagnosis_seconds=0.0, cost_share=1e9)
    train(learner, run_plan(config, cadence), config, recorder, NullControl())
    return learner, recorder


def test_looking_at_the_chains_changes_neither_them_nor_what_is_learnt() -> None:
    watched, recorder = learnt(looks=True)
    alone, _ = learnt(looks=False)
    assert any("chain_energy_gap" in values for _, values in recorder.rows)
    for name, tensor in watched.state().items():
        assert torch.equal(tensor, alone.state()[name]), name


def test_only_persistent_chains_are_judged() -> None:
    config = RunConfig().with_values(PCD | {"training.method": "cd"})
    dbn = DBN([35, 13], generator=generator())
    learner = StagedLearner(dbn, data_of(config), config, torch.device("cpu"))
    recorder = MemoryRecorder()
    train(learner, run_plan(config), config, recorder, NullControl())
    assert any("population_sparsity" in values for _, values in recorder.rows)
    assert not any("chain_energy_gap" in values for _, values in recorder.rows)
