"""Proof of the engine's mathematics: what is proved where.

| claim | file |
|---|---|
| 1. enumeration = autograd = closed form; CD-k tends to it | `test_rbm_mathematics`, `test_properties`, `_gaussian` |
|    parallel tempering estimates it without bias | `test_tempering` |
|    learnt deviations follow theirs | `test_deviations` |
| 2. F(v) = -logsumexp(-E(v, h)); log Z from either side | `test_rbm_mathematics`, `test_properties`, `test_labels` |
| 3. stationarity: Gibbs, PCD, CD with samples, top RBM of a DBN | `test_chains`; of Gaussian units `test_gaussian` |
|    tempering, all copies jointly, after swaps; detailed balance | `test_tempering`, `test_properties` |
|    chains with fast weights; held labels | `test_estimators`; label units `test_labels` |
| 4. AIS and its reverse bracket the truth; it shrinks | `test_likelihood`, `test_annealing` (sharp models) |
|    the same for label and Gaussian units; too few temperatures are told | `test_annealing` |
| 5. centred = plain after re-parameterisation; 1 - data learns as well | `test_rbm_mathematics`; `test_learning` |
| 6. a partial batch is unbiased, and moves the chains as a full one | `test_properties`, `test_estimators` |
| 7. 2 + 3 epochs = 5 epochs bit for bit; every estimator restored bit for bit | `test_loop`; `test_estimators` |
| 8. bars and stripes to near their entropy: PCD, fast PCD, tempering | `test_learning`, `test_estimators` |
| 9. up-down rules = autograd of their own likelihoods | `test_updown` |
| 10. CUDA = CPU within tolerance | not here: it needs a device |
"""
