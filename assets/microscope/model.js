// A tiny RBM of Bernoulli units. A state of either side is a whole number: bit i is unit i.
//
//   E(v, h) = -b.v - c.h - h.W v        p_T(v, h) = exp(-E(v, h) / T) / Z_T
//
// The model at temperature T is the model with all parameters divided by T, so that everything here knows T = 1 only.
// W is hidden x visible, row by row. Parameters stay within +-LIMIT and T at or above COLDEST: no exponential overflows.

/** @import { Random } from "./random.js" */

export const LIMIT = 12
export const COLDEST = 0.3
export const HOTTEST = 4
export const MOST_HIDDEN = 8
const LOW = 8 // visible units that the first of two tables holds

export class Model {
  /**
   * @param {number} visible
   * @param {number} hidden
   */
  constructor(visible, hidden) {
    this.visible = visible
    this.hidden = hidden
    this.theta = new Float64Array(hidden * visible + visible + hidden) // W, b, c in one row
    this.W = this.theta.subarray(0, hidden * visible)
    this.b = this.theta.subarray(hidden * visible, hidden * visible + visible)
    this.c = this.theta.subarray(hidden * visible + visible)
  }

  /**
   * Weights N(0, scale^2), biases 0.
   * @param {Random} random
   * @param {number} scale
   */
  randomise(random, scale) {
    this.theta.fill(0)
    for (let at = 0; at < this.W.length; at += 1) this.W[at] = scale * random.normal()
    this.clamp()
  }

  clamp() {
    for (let at = 0; at < this.theta.length; at += 1) {
      this.theta[at] = Math.max(-LIMIT, Math.min(LIMIT, this.theta[at]))
    }
  }

  copy() {
    const other = new Model(this.visible, this.hidden)
    other.theta.set(this.theta)
    return other
  }

  /**
   * All parameters times `factor`: 1/T, or an inverse temperature.
   * @param {number} factor
   */
  times(factor) {
    const other = this.copy()
    for (let at = 0; at < other.theta.length; at += 1) other.theta[at] *= factor
    return other
  }
}

/** What a model says about states, read from tables made once for its parameters. */
export class Tables {
  /** @param {Model} model */
  constructor(model) {
    const { visible, hidden, W, b, c } = model
    this.model = model
    /** @type {{ up: Float64Array, down: Float64Array } | null} */
    this.kernels = null // of Gibbs sampling, once somebody has made them
    this.visible = visible
    this.hidden = hidden
    this.visibleCount = 2 ** visible
    this.hiddenCount = 2 ** hidden
    const low = Math.min(LOW, visible)
    this.mask = 2 ** low - 1
    // The field of hidden unit j, c_j + W_j v, is the sum of an entry for the low and one for the high bits of v.
    this.lowField = new Float64Array(2 ** low * hidden)
    this.highField = new Float64Array(2 ** (visible - low) * hidden)
    this.lowBias = new Float64Array(2 ** low)
    this.highBias = new Float64Array(2 ** (visible - low))
    this.lowField.set(c)
    fillSums(this.lowField, this.lowBias, W, b, visible, hidden, 0)
    fillSums(this.highField, this.highBias, W, b, visible, hidden, low)
    this.lowExp = this.lowField.map(Math.exp)
    this.highExp = this.highField.map(Math.exp)
    // The field of visible unit i, b_i + (W^T h)_i, and its probability, for every h.
    this.visibleField = new Float64Array(this.hiddenCount * visible)
    this.visibleField.set(b)
    for (let h = 1; h < this.hiddenCount; h += 1) {
      const unit = 31 - Math.clz32(h)
      const before = (h ^ (1 << unit)) * visible
      for (let i = 0; i < visible; i += 1) {
        this.visibleField[h * visible + i] = this.visibleField[before + i] + W[unit * visible + i]
      }
    }
    this.visibleMean = this.visibleField.map(sigmoid)
  }

  /**
   * c_j + W_j v.
   * @param {number} v
   * @param {number} j
   */
  field(v, j) {
    return this.lowField[(v & this.mask) * this.hidden + j] + this.highField[(v >>> LOW) * this.hidden + j]
  }

  /**
   * p(h_j = 1 | v).
   * @param {number} v
   * @param {number} j
   */
  hiddenMean(v, j) {
    const odds = this.lowExp[(v & this.mask) * this.hidden + j] * this.highExp[(v >>> LOW) * this.hidden + j]
    return odds / (1 + odds)
  }

  /**
   * E(v, h) in nats.
   * @param {number} v
   * @param {number} h
   */
  energy(v, h) {
    let sum = this.lowBias[v & this.mask] + this.highBias[v >>> LOW]
    for (let j = 0; j < this.hidden; j += 1) if ((h >>> j) & 1) sum += this.field(v, j)
    return -sum
  }

  /**
   * E(v, h) of the given visible states, all hidden states of one together, and the extremes of all.
   * @param {number[]} visible
   */
  energies(visible) {
    const count = this.hiddenCount
    const energies = new Float64Array(visible.length * count)
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    visible.forEach((v, at) => {
      const from = at * count
      energies[from] = this.energy(v, 0)
      for (let h = 0; h < count; h += 1) {
        if (h > 0) {
          const unit = 31 - Math.clz32(h)
          energies[from + h] = energies[from + (h ^ (1 << unit))] - this.field(v, unit)
        }
        if (energies[from + h] < lowest) lowest = energies[from + h]
        if (energies[from + h] > highest) highest = energies[from + h]
      }
    })
    return { energies, lowest, highest }
  }

  /**
   * -F(v) = b.v + sum_j log(1 + exp(c_j + W_j v)), the log of the unnormalised p(v).
   * @param {number} v
   */
  logWeight(v) {
    const low = (v & this.mask) * this.hidden
    const high = (v >>> LOW) * this.hidden
    let sum = this.lowBias[v & this.mask] + this.highBias[v >>> LOW]
    // One logarithm of the product where it cannot overflow; what 1 + odds loses of tiny odds is below 1e-16 nats.
    let product = 1
    for (let j = 0; j < this.hidden; j += 1) {
      const factor = 1 + this.lowExp[low + j] * this.highExp[high + j]
      if (factor > 1e35) sum += Math.log(factor)
      else product *= factor
    }
    return sum + Math.log(product)
  }

  /**
   * @param {number} v
   * @param {Random} random
   */
  sampleHidden(v, random) {
    const low = (v & this.mask) * this.hidden
    const high = (v >>> LOW) * this.hidden
    let h = 0
    for (let j = 0; j < this.hidden; j += 1) {
      const odds = this.lowExp[low + j] * this.highExp[high + j]
      if (random.uniform() * (1 + odds) < odds) h |= 1 << j
    }
    return h
  }

  /**
   * @param {number} h
   * @param {Random} random
   */
  sampleVisible(h, random) {
    let v = 0
    const from = h * this.visible
    for (let i = 0; i < this.visible; i += 1) if (random.uniform() < this.visibleMean[from + i]) v |= 1 << i
    return v
  }
}

/**
 * @param {Float64Array} fields
 * @param {Float64Array} biases
 * @param {Float64Array} W
 * @param {Float64Array} b
 * @param {number} visible
 * @param {number} hidden
 * @param {number} first
 */
function fillSums(fields, biases, W, b, visible, hidden, first) {
  for (let bits = 1; bits < biases.length; bits += 1) {
    const unit = 31 - Math.clz32(bits)
    const before = bits ^ (1 << unit)
    biases[bits] = biases[before] + b[first + unit]
    for (let j = 0; j < hidden; j += 1) {
      fields[bits * hidden + j] = fields[before * hidden + j] + W[j * visible + first + unit]
    }
  }
}

/** @param {number} x */
export function sigmoid(x) {
  return 1 / (1 + Math.exp(-x))
}

/**
 * log(1 + e^x) without overflow.
 * @param {number} x
 */
export function softplus(x) {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}

/**
 * log of the sum of exponentials.
 * @param {Float64Array} values
 */
export function logSumExp(values) {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > most) most = value
  let sum = 0
  for (const value of values) sum += Math.exp(value - most)
  return most + Math.log(sum)
}
