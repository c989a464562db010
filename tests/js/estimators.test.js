// What learning rules put in for the model's expectation, against kernels multiplied out state by state.

import assert from "node:assert/strict"
import { test } from "node:test"
import { annealed, finished, reverseAnnealed } from "../../assets/microscope/annealing.js"
import {
  BETAS,
  contrastiveMoments,
  isExact,
  PersistentChains,
  pushedForward,
  Replicas,
} from "../../assets/microscope/estimators.js"
import { hiddenDistribution, modelMoments } from "../../assets/microscope/exact.js"
import { Model } from "../../assets/microscope/model.js"
import { Random } from "../../assets/microscope/random.js"
import { assertClose, bit, marginalOf, meansOf, range, tablesOf, tinyData, tinyModel } from "./tiny.js"

const model = tinyModel(4, 3)
const tables = tablesOf(model)
const data = tinyData(4, [5, 2, 11], [3, 1, 4])

/** p(h | v) or p(v | h) as a product over units. */
const chance = (means, state) =>
  means.reduce((product, mean, unit) => product * (bit(state, unit) ? mean : 1 - mean), 1)
const up = (v, h) =>
  chance(
    range(3).map((j) => tables.hiddenMean(v, j)),
    h,
  )
const down = (h, v) =>
  chance(
    range(4).map((i) => tables.visibleMean[h * 4 + i]),
    v,
  )

/** One Gibbs step v -> h -> v' of a distribution. */
function stepped(p) {
  return range(16).map((to) =>
    range(16).reduce(
      (sum, from) => sum + p[from] * range(8).reduce((inner, h) => inner + up(from, h) * down(h, to), 0),
      0,
    ),
  )
}

function start() {
  const p = new Array(16).fill(0)
  for (const [at, state] of data.states.entries()) p[state] = data.p[at]
  return p
}

test("CD-k's distribution is k Gibbs steps from the data", () => {
  assertClose(pushedForward(tables, data, 0), start())
  assertClose(pushedForward(tables, data, 1), stepped(start()))
  assertClose(pushedForward(tables, data, 3), stepped(stepped(stepped(start()))))
})

test("after many steps CD's moments are the model's own", () => {
  const moments = contrastiveMoments(tables, data, 300, new Random(1))
  assertClose(moments, modelMoments(tables, hiddenDistribution(tables).p), 1e-9)
})

test("CD-1's moments are those of its distribution, hidden units by their probability", () => {
  const states = stepped(start()).flatMap((p, v) => range(8).map((h) => ({ v, h, p: p * up(v, h) })))
  assertClose(contrastiveMoments(tables, data, 1, new Random(1)), meansOf(model, states))
})

test("CD is exact up to 2^18 joint states", () => {
  assert.ok(isExact(tablesOf(new Model(12, 6))))
  assert.ok(!isExact(tablesOf(new Model(12, 7))))
})

/** Six standard errors of a share p among `count` independent draws; chains that mix fast are nearly that. */
const slack = (count) => 6 * Math.sqrt(0.25 / count)

test("persistent chains reach the model's distribution", () => {
  const chains = new PersistentChains(data, new Random(3), 4000)
  for (let step = 0; step < 100; step += 1) chains.advance(tables)
  const share = range(16).map((v) => chains.states.filter((state) => state === v).length / 4000)
  assertClose(share, marginalOf(model), slack(4000))
})

test("replicas at every temperature reach the distribution of that temperature", () => {
  const replicas = new Replicas(data, new Random(5), 4000)
  for (let round = 0; round < 100; round += 1) replicas.advance(tables)
  for (const [level, beta] of BETAS.entries()) {
    const share = range(16).map((v) => replicas.rows[level].filter((state) => state === v).length / 4000)
    assertClose(share, marginalOf(model.times(beta)), slack(4000))
  }
})

test("a swap to a lower energy in the colder replica is always made, one without difference too", () => {
  const replicas = new Replicas(data, { uniform: () => 0.999_999 }, 2)
  const energies = range(16).map((v) => tables.energy(v, 0))
  const [low, high] = [energies.indexOf(Math.min(...energies)), energies.indexOf(Math.max(...energies))]
  replicas.rows[0].set([high, low])
  replicas.rows[1].set([low, high])
  const hidden = [new Uint32Array(2), new Uint32Array(2)]
  replicas.swap(tables, hidden, 0)
  // The first pair gains; the second would lose, and 0.999999 is above exp(-0.25 * loss).
  assert.deepEqual(
    [[...replicas.rows[0]], [...replicas.rows[1]]],
    [
      [low, low],
      [high, high],
    ],
  )
  assert.deepEqual([replicas.accepted, replicas.offered], [1, 2])
})

test("annealing is exact where the model is independent units at the base rates", () => {
  const independent = new Model(4, 3)
  independent.b.set([0.5, -1, 2, 0])
  const truth = [...independent.b, 0, 0, 0].reduce((sum, bias) => sum + Math.log(1 + Math.exp(bias)), 0)
  const its = tablesOf(independent)
  for (const estimate of [
    finished(annealed(its, independent.b, 5, 7, new Random(1))),
    finished(reverseAnnealed(its, hiddenDistribution(its).p, independent.b, 5, 7, new Random(1))),
  ])
    assertClose([estimate.logZ, estimate.low, estimate.high], [truth, truth, truth], 1e-10)
})

test("AIS and its reverse lie around the true log Z", () => {
  const { logZ, p } = hiddenDistribution(tables)
  const base = data.baseRates()
  const below = finished(annealed(tables, base, 200, 300, new Random(11)))
  const above = finished(reverseAnnealed(tables, p, base, 200, 300, new Random(12)))
  for (const { low, high } of [below, above]) assert.ok(low < logZ && logZ < high)
  assert.ok(Math.abs(below.logZ - logZ) < 0.1)
  assert.ok(Math.abs(above.logZ - logZ) < 0.1)
})
