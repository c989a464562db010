// Annealed importance sampling of log Z and its reverse, as in the library (`dbn_core/likelihood/annealing.py`).
//
//   log p*_t(v) = ((1 - t) a + t b).v + sum_j softplus(t (c_j + W_j v)),     t from 0 to 1, a the base rates
//
// AIS (Neal 2001) climbs from independent units: mean exp(w) = Z / Z_0. The reverse (Burda, Grosse & Salakhutdinov
// 2015) descends from samples of the model, which enumeration gives exactly here: mean exp(-r) = Z_0 / Z.
// Both are generators that yield now and then, so that a page stays alive; their last value is the estimate.

/** @import { Tables } from "./model.js" */
/** @import { Random } from "./random.js" */

import { sigmoid, softplus } from "./model.js"
import { Drawer } from "./random.js"

/** @typedef {{ logZ: number, low: number, high: number }} Estimate in nats, with the ends of its 3 sigma interval */

const PAUSE = 1000 // steps of chains between two yields: about a millisecond

/**
 * { logZ, low, high }: the estimate in nats and the ends of its 3 sigma interval.
 * @param {Tables} tables
 * @param {Float64Array} base
 * @param {number} chains
 * @param {number} temperatures
 * @param {Random} random
 * @returns {Generator<null, Estimate>}
 */
export function* annealed(tables, base, chains, temperatures, random) {
  const path = new Path(tables, base)
  const states = Uint32Array.from({ length: chains }, () => drawBase(base, random))
  const weights = new Float64Array(chains)
  let done = 0
  for (let step = 1; step < temperatures; step += 1) {
    const [below, t] = [(step - 1) / (temperatures - 1), step / (temperatures - 1)]
    for (let at = 0; at < chains; at += 1) {
      weights[at] += path.logRatio(states[at], below, t)
      if (step + 1 < temperatures) states[at] = path.step(states[at], t, random)
    }
    done += chains
    if (done >= PAUSE) {
      done = 0
      yield null
    }
  }
  return estimate(
    weights.map((weight) => weight + path.logBase),
    1,
  )
}

/**
 * `p` is the exact p(h) of the model: its chains start at exact samples.
 * @param {Tables} tables
 * @param {Float64Array} p
 * @param {Float64Array} base
 * @param {number} chains
 * @param {number} temperatures
 * @param {Random} random
 * @returns {Generator<null, Estimate>}
 */
export function* reverseAnnealed(tables, p, base, chains, temperatures, random) {
  const path = new Path(tables, base)
  const drawer = new Drawer(p)
  const states = Uint32Array.from({ length: chains }, () => tables.sampleVisible(drawer.draw(random), random))
  const weights = new Float64Array(chains)
  let done = 0
  for (let step = temperatures - 2; step >= 0; step -= 1) {
    const [t, above] = [step / (temperatures - 1), (step + 1) / (temperatures - 1)]
    for (let at = 0; at < chains; at += 1) {
      states[at] = path.step(states[at], above, random)
      weights[at] += path.logRatio(states[at], t, above)
    }
    done += chains
    if (done >= PAUSE) {
      done = 0
      yield null
    }
  }
  return estimate(
    weights.map((weight) => weight + path.logBase),
    -1,
  )
}

/**
 * Run a generator to its end.
 * @param {Generator<null, Estimate>} generator
 */
export function finished(generator) {
  let next = generator.next()
  while (!next.done) next = generator.next()
  return next.value
}

class Path {
  /**
   * @param {Tables} tables
   * @param {Float64Array} base
   */
  constructor(tables, base) {
    this.tables = tables
    this.base = base
    this.logBase = base.reduce((sum, a) => sum + softplus(a), 0) + tables.hidden * Math.log(2)
    this.drift = tables.model.b.map((bias, i) => bias - base[i])
  }

  /**
   * @param {number} v
   * @param {number} below
   * @param {number} above
   */
  logRatio(v, below, above) {
    let visible = 0
    for (let i = 0; i < this.base.length; i += 1) if ((v >>> i) & 1) visible += this.drift[i]
    let sum = visible * (above - below)
    for (let j = 0; j < this.tables.hidden; j += 1) {
      const field = this.tables.field(v, j)
      sum += softplus(above * field) - softplus(below * field)
    }
    return sum
  }

  /**
   * One Gibbs step of p_t.
   * @param {number} v
   * @param {number} t
   * @param {Random} random
   */
  step(v, t, random) {
    const { tables, base } = this
    let h = 0
    for (let j = 0; j < tables.hidden; j += 1) {
      if (random.uniform() < sigmoid(t * tables.field(v, j))) h |= 1 << j
    }
    let next = 0
    const from = h * tables.visible
    for (let i = 0; i < tables.visible; i += 1) {
      if (random.uniform() < sigmoid(t * tables.visibleField[from + i] + (1 - t) * base[i])) next |= 1 << i
    }
    return next
  }
}

/**
 * @param {Float64Array} base
 * @param {Random} random
 */
function drawBase(base, random) {
  let v = 0
  for (let i = 0; i < base.length; i += 1) if (random.uniform() < sigmoid(base[i])) v |= 1 << i
  return v
}

/**
 * log mean exp(weights), or for sign -1 minus log mean exp(-weights), with 3 standard errors of that mean.
 * @param {Float64Array} weights
 * @param {number} sign
 * @returns {Estimate}
 */
function estimate(weights, sign) {
  const signed = weights.map((weight) => sign * weight)
  const most = signed.reduce((best, weight) => Math.max(best, weight), Number.NEGATIVE_INFINITY)
  const scaled = signed.map((weight) => Math.exp(weight - most))
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length
  const spread = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (scaled.length - 1)
  const error = 3 * Math.sqrt(spread / scaled.length)
  const logOf = (/** @type {number} */ value) => sign * (Math.log(Math.max(value, 0)) + most)
  const ends = [logOf(mean - error), logOf(mean + error)]
  return { logZ: logOf(mean), low: Math.min(...ends), high: Math.max(...ends) }
}
