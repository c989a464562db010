"""Proof of the engine's mathematics: what is proved where. Folders mirror the rooms of `dbn_core`.

`rules/` and `learners/` stand for the folders of `training/`.

| claim | file |
|---|---|
| 1. enumeration = autograd = closed form; CD-k nears it | `models/test_rbm_mathematics`, `_properties`, `_gaussian` |
|    parallel tempering estimates it without bias | `rules/test_tempering` |
|    learnt deviations follow theirs | `rules/test_deviations` |
| 2. F(v) = -logsumexp(-E(v, h)); log Z from either side | `models/test_rbm_mathematics`, `_properties`, `_labels` |
| 3. stationarity: Gibbs, PCD, CD samples, top RBM of a DBN | `rules/test_chains`; Gaussian `models/test_gaussian` |
|    tempering, all copies jointly, after swaps; detailed balance | `rules/test_tempering`; `models/test_properties` |
|    chains with fast weights; held labels | `rules/test_estimators`; label units `models/test_labels` |
| 4. AIS and its reverse bracket the truth; it shrinks | `likelihood/test_likelihood`, `_annealing` (sharp models) |
|    the same for label and Gaussian units; too few temperatures are told | `likelihood/test_annealing` |
| 5. centred = plain after re-parameterisation | `models/test_rbm_mathematics` |
|    1 - data learns as well | `training/test_learning` |
| 6. a partial batch is unbiased, moves chains as a full one | `models/test_properties`, `rules/test_estimators` |
| 7. 2 + 3 epochs = 5 epochs bit for bit | `training/test_loop`; every estimator `rules/test_estimators` |
|    looking often or never teaches the same, bit for bit, at every stage | `training/test_looking` |
| 8. bars and stripes to near their entropy | `training/test_learning`; fast PCD, tempering `rules/test_estimators` |
| 9. up-down rules = autograd of their own likelihoods | `rules/test_updown` |
| 10. CUDA = CPU within tolerance | `training/test_cuda`, where there is a device |
"""
