// What the learning rules put in for the model's expectation. The positive phase is always the exact one of all data.
//
// CD-k (Hinton 2002): the distribution after k steps of the Gibbs kernel from the data, exactly where the states of
//   both sides together are at most 2^18, else a mean over sampled chains; visible units pass on samples.
// PCD (Tieleman 2008): chains that go on over all updates, one step an update.
// Tempering (Desjardins et al. 2010): PCD with replicas at lower inverse temperatures that trade places with
//   probability min(1, exp((beta_a - beta_b) (E_a - E_b))), E the joint energy of (v, h).

/** @import { Data } from "./data.js" */
/** @import { Random } from "./random.js" */

import { momentsOf } from "./exact.js"
import { Tables } from "./model.js"

export const CHAINS = 500
export const BETAS = [1, 0.75, 0.5, 0.25, 0]
const EXACT_STATES = 2 ** 18

/**
 * Can CD's expectation be had exactly?
 * @param {Tables} tables
 */
export function isExact(tables) {
  return tables.visibleCount * tables.hiddenCount <= EXACT_STATES
}

/**
 * p(h | v) for all pairs, row by row of v, and p(v | h), row by row of h; made once for these tables.
 * @param {Tables} tables
 */
function kernels(tables) {
  tables.kernels ??= {
    up: products(tables.visibleCount, tables.hidden, (v, j) => tables.hiddenMean(v, j)),
    down: products(tables.hiddenCount, tables.visible, (h, i) => tables.visibleMean[h * tables.visible + i]),
  }
  return tables.kernels
}

/**
 * Probabilities of all states of `units` independent units for each of `count` conditions, by doubling.
 * @param {number} count
 * @param {number} units
 * @param {(given: number, unit: number) => number} mean
 */
function products(count, units, mean) {
  const width = 2 ** units
  const found = new Float64Array(count * width)
  for (let given = 0; given < count; given += 1) {
    const from = given * width
    found[from] = 1
    for (let unit = 0; unit < units; unit += 1) {
      const on = mean(given, unit)
      const half = 1 << unit
      for (let at = from; at < from + half; at += 1) {
        found[at + half] = found[at] * on
        found[at] *= 1 - on
      }
    }
  }
  return found
}

/**
 * One half-step of a distribution: sum over the conditions of their weight times their row.
 * @param {Float64Array} weights
 * @param {Float64Array} rows
 * @param {number} width
 */
function pushed(weights, rows, width) {
  const found = new Float64Array(width)
  for (let given = 0; given < weights.length; given += 1) {
    const weight = weights[given]
    if (weight === 0) continue
    const from = given * width
    for (let at = 0; at < width; at += 1) found[at] += weight * rows[from + at]
  }
  return found
}

/**
 * The visible distribution after k Gibbs steps from the data, (2^visible).
 * @param {Tables} tables
 * @param {Data} data
 * @param {number} k
 */
export function pushedForward(tables, data, k) {
  const { up, down } = kernels(tables)
  let visible = new Float64Array(tables.visibleCount)
  for (let at = 0; at < data.states.length; at += 1) visible[data.states[at]] = data.p[at]
  for (let step = 0; step < k; step += 1) {
    visible = pushed(pushed(visible, up, tables.hiddenCount), down, tables.visibleCount)
  }
  return visible
}

/**
 * The moments of CD-k's negative phase.
 * @param {Tables} tables
 * @param {Data} data
 * @param {number} k
 * @param {Random} random
 */
export function contrastiveMoments(tables, data, k, random) {
  if (isExact(tables)) {
    const visible = pushedForward(tables, data, k)
    return momentsOf(tables, everyState(visible.length), visible)
  }
  const states = new Uint32Array(CHAINS)
  for (let at = 0; at < CHAINS; at += 1) {
    let v = data.draw(random)
    for (let step = 0; step < k; step += 1) v = tables.sampleVisible(tables.sampleHidden(v, random), random)
    states[at] = v
  }
  return momentsOf(tables, states)
}

/** @type {Map<number, Uint32Array>} */
const kept = new Map()

/** @param {number} count */
function everyState(count) {
  const states = kept.get(count) ?? Uint32Array.from({ length: count }, (_, v) => v)
  kept.set(count, states)
  return states
}

export class PersistentChains {
  /**
   * They start at cases of the data.
   * @param {Data} data
   * @param {Random} random
   * @param {number} count
   */
  constructor(data, random, count = CHAINS) {
    this.random = random
    this.states = Uint32Array.from({ length: count }, () => data.draw(random))
  }

  /** @param {Tables} tables */
  advance(tables) {
    const { states, random } = this
    for (let at = 0; at < states.length; at += 1) {
      states[at] = tables.sampleVisible(tables.sampleHidden(states[at], random), random)
    }
  }

  /** @param {Tables} tables */
  moments(tables) {
    return momentsOf(tables, this.states)
  }
}

export class Replicas {
  /**
   * `count` columns of one replica at each inverse temperature, started at cases of the data.
   * @param {Data} data
   * @param {Random} random
   * @param {number} count
   */
  constructor(data, random, count = CHAINS) {
    this.random = random
    this.rows = BETAS.map(() => Uint32Array.from({ length: count }, () => data.draw(random)))
    this.round = 0
    this.accepted = this.offered = 0
  }

  /**
   * One Gibbs step at every temperature, then one round of swaps between neighbours, even and odd pairs in turn.
   * @param {Tables} tables
   */
  advance(tables) {
    const { rows, random } = this
    const hidden = rows.map((states, level) => {
      const warm = level === 0 ? tables : new Tables(tables.model.times(BETAS[level]))
      const drawn = new Uint32Array(states.length)
      for (let at = 0; at < states.length; at += 1) {
        drawn[at] = warm.sampleHidden(states[at], random)
        states[at] = warm.sampleVisible(drawn[at], random)
      }
      return drawn
    })
    this.accepted = this.offered = 0
    for (let level = this.round % 2; level + 1 < rows.length; level += 2) this.swap(tables, hidden, level)
    this.round += 1
  }

  /**
   * @param {Tables} tables
   * @param {Uint32Array[]} hidden
   * @param {number} level the colder one of the pair
   */
  swap(tables, hidden, level) {
    const [cold, warm] = [this.rows[level], this.rows[level + 1]]
    const gap = BETAS[level] - BETAS[level + 1]
    for (let at = 0; at < cold.length; at += 1) {
      const gain = tables.energy(cold[at], hidden[level][at]) - tables.energy(warm[at], hidden[level + 1][at])
      this.offered += 1
      if (this.random.uniform() >= Math.exp(gap * gain)) continue
      this.accepted += 1
      const v = cold[at]
      cold[at] = warm[at]
      warm[at] = v
      const h = hidden[level][at]
      hidden[level][at] = hidden[level + 1][at]
      hidden[level + 1][at] = h
    }
  }

  /** @param {Tables} tables */
  moments(tables) {
    return momentsOf(tables, this.rows[0])
  }
}
