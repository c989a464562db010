// The model under the microscope, its data, its training and its history. Knows nothing of the page.

/** @import { Data } from "./data.js" */
/** @import { Comparison } from "./exact.js" */

import { CHAINS, contrastiveMoments, isExact, PersistentChains, Replicas } from "./estimators.js"
import { compare, difference, momentVariance } from "./exact.js"
import { LIMIT, Model } from "./model.js"
import { Random } from "./random.js"
import { Truth } from "./truth.js"
import { Walk } from "./walk.js"

export const ESTIMATORS = /** @type {const} */ (["cd1", "cd10", "pcd", "tempering"])
const METHODS = /** @type {const} */ (["exact", ...ESTIMATORS])
export const COMPARED = /** @type {const} */ ([...ESTIMATORS, "noise"])
export const MOST_SEED = 999_999
const MOST_POINTS = 1200

/** @typedef {typeof METHODS[number]} Method a gradient that training can follow */
/** @typedef {typeof COMPARED[number]} Compared an estimator, or exact samples in its place */
/** @typedef {Record<Compared, Comparison>} Comparisons each against the exact gradient */
/** @typedef {{ update: number, logLikelihood: number, comparisons: Comparisons }} Point of the history */

/**
 * Probabilities of a visible state: among the data, by the model, among the visits of the chain.
 * @typedef {{ data: number, model: number, chain: number }} Shares
 */

/**
 * `scale`: of the random weights that it begins with.
 * @typedef {{ hidden: number, seed: number, temperature: number, method: Method, rate: number, scale: number }} Options
 */

/**
 * The method of that name, if there is one.
 * @param {string} name
 */
export const methodOf = (name) => METHODS.find((method) => method === name)

export class Experiment {
  /**
   * @param {Data} data
   * @param {Options} options
   */
  constructor(data, { hidden, seed, temperature, method, rate, scale }) {
    this.data = data
    this.seed = seed
    this.temperature = temperature
    this.method = method
    this.rate = rate
    this.model = new Model(data.visible, hidden)
    this.model.randomise(new Random(seed), scale)
    this.random = new Random(seed + 1)
    this.chains = new PersistentChains(data, this.random)
    this.replicas = new Replicas(data, this.random)
    const walker = new Random(seed + 2)
    this.walk = new Walk(data.draw(walker), hidden, walker)
    this.updates = 0
    this.stride = 1
    /** @type {Point[]} */
    this.history = []
    /** @type {number[]} */
    this.marks = [] // updates after which something was changed by hand
    /** @type {Truth | null} */
    this.found = null
    /** @type {Comparisons | null} */
    this.compared = null
    this.record()
  }

  // -- parameters -----------------------------------------------------------------------------------------------------

  /**
   * The same with other random weights and no biases, untrained.
   * @param {number} scale
   */
  afresh(scale) {
    const { seed, temperature, method, rate, model } = this
    return new Experiment(this.data, { hidden: model.hidden, seed, temperature, method, rate, scale })
  }

  /**
   * @param {number} at
   * @param {number} value
   */
  set(at, value) {
    this.model.theta[at] = Math.max(-LIMIT, Math.min(LIMIT, value))
    this.mark()
    this.changed()
  }

  /** @param {number} temperature */
  setTemperature(temperature) {
    this.temperature = temperature
    this.mark()
    this.changed()
  }

  /**
   * @param {number} temperature
   * @param {Method} method
   */
  adjust(temperature, method) {
    this.method = method
    this.setTemperature(temperature)
  }

  mark() {
    if (this.updates && this.marks.at(-1) !== this.updates) this.marks.push(this.updates)
  }

  changed() {
    this.found = null
    this.compared = null
    this.walk.forget()
  }

  /** What is true of the model as it is; computed once for the parameters and the temperature. */
  truth() {
    this.found ??= new Truth(this.model.times(1 / this.temperature), this.data)
    return this.found
  }

  /**
   * @param {number} v
   * @returns {Shares}
   */
  sharesOf(v) {
    return { data: this.data.shareOf(v), model: Math.exp(this.truth().logP[v]), chain: this.walk.shareOf(v) }
  }

  // -- the estimators -------------------------------------------------------------------------------------------------

  /**
   * The gradient that a rule would follow, per case, with respect to the parameters over T.
   * @param {Method} method
   */
  gradientOf(method) {
    const { tables, positive, gradient } = this.truth()
    if (method === "exact") return gradient
    const negative = {
      cd1: () => contrastiveMoments(tables, this.data, 1, this.random),
      cd10: () => contrastiveMoments(tables, this.data, 10, this.random),
      pcd: () => this.chains.moments(tables),
      tempering: () => this.replicas.moments(tables),
    }[method]()
    return difference(positive, negative)
  }

  /** For each estimator its angle and relative error against the exact gradient; `noise`: that of exact samples. */
  comparisons() {
    this.compared ??= this.compare()
    return this.compared
  }

  /** @returns {Comparisons} */
  compare() {
    const { tables, gradient, moments, size, logP } = this.truth()
    const of = (/** @type {Method} */ method) => compare(this.gradientOf(method), gradient)
    const scatter = Math.sqrt(momentVariance(tables, logP, moments) / CHAINS)
    return {
      cd1: of("cd1"),
      cd10: of("cd10"),
      pcd: of("pcd"),
      tempering: of("tempering"),
      noise: noiseOf(scatter, size),
    }
  }

  /** Is CD compared by its exact expectation, and not by a mean of chains? */
  get isExact() {
    return isExact(this.truth().tables)
  }

  // -- training -------------------------------------------------------------------------------------------------------

  /** One update: the chains of PCD and tempering move on whatever the method, so that they can be compared. */
  update() {
    const { tables } = this.truth()
    this.chains.advance(tables)
    this.replicas.advance(tables)
    const gradient = this.gradientOf(this.method)
    const { theta } = this.model
    const step = this.rate / this.temperature // the chain rule: theta is divided by T in the model
    for (let at = 0; at < theta.length; at += 1) theta[at] += step * gradient[at]
    this.model.clamp()
    this.updates += 1
    this.changed()
  }

  /** Keep where the training stands; when there are too many points every other one goes. */
  record() {
    const last = this.history.at(-1)
    if (last && this.updates - last.update < this.stride) return
    const { logLikelihood } = this.truth()
    this.history.push({ update: this.updates, logLikelihood, comparisons: this.comparisons() })
    if (this.history.length < MOST_POINTS) return
    this.history = this.history.filter((_, at) => at % 2 === 0)
    this.stride *= 2
  }
}

/**
 * An estimate from exact samples misses by `scatter`, at right angles to the truth in nearly all directions.
 * @param {number} scatter
 * @param {number} size
 * @returns {Comparison}
 */
function noiseOf(scatter, size) {
  if (size < 1e-12) return { angle: null, error: null }
  return { angle: (Math.atan2(scatter, size) * 180) / Math.PI, error: scatter / size }
}
