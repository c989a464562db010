// The model under the microscope, its data, its training and its history. Knows nothing of the page.

import { compare, difference, hiddenDistribution, meanLogWeight, modelMoments, momentsOf, momentVariance, norm, visibleDistribution } from "./exact.js"
import { CHAINS, contrastiveMoments, isExact, PersistentChains, Replicas } from "./estimators.js"
import { LIMIT, Model, Tables } from "./model.js"
import { Random } from "./random.js"
import { Walk } from "./walk.js"

export const METHODS = ["exact", "cd1", "cd10", "pcd", "tempering"]
export const ESTIMATORS = METHODS.slice(1)
const MOST_POINTS = 1200

export class Experiment {
  constructor(data, { hidden, seed, temperature = 1 }) {
    this.data = data
    this.seed = seed
    this.temperature = temperature
    this.method = "exact"
    this.rate = 0.3
    this.model = new Model(data.visible, hidden)
    this.reset()
  }

  // -- parameters -----------------------------------------------------------------------------------------------------

  /** Small weights and no biases: where training begins. */
  reset(scale = 0.1) {
    this.model.randomise(new Random(this.seed), scale)
    this.random = new Random(this.seed + 1)
    this.chains = new PersistentChains(this.data, this.random)
    this.replicas = new Replicas(this.data, this.random)
    const walker = new Random(this.seed + 2)
    this.walk = new Walk(this.data.draw(walker), this.model.hidden, walker)
    this.updates = 0
    this.stride = 1
    this.history = []
    this.marks = []
    this.changed()
    this.record()
  }

  set(at, value) {
    this.model.theta[at] = Math.max(-LIMIT, Math.min(LIMIT, value))
    if (this.updates && this.marks.at(-1) !== this.updates) this.marks.push(this.updates)
    this.changed()
  }

  setTemperature(temperature) {
    this.temperature = temperature
    if (this.updates && this.marks.at(-1) !== this.updates) this.marks.push(this.updates)
    this.changed()
  }

  changed() {
    this.found = null
    this.angles = null
    this.walk?.forget()
  }

  // -- the truth ------------------------------------------------------------------------------------------------------

  /** log Z, p(h), the likelihood and its gradient; computed once for the parameters and the temperature. */
  truth() {
    if (!this.found) {
      const tables = new Tables(this.model.times(1 / this.temperature))
      const { logZ, logWeight, p } = hiddenDistribution(tables)
      const moments = modelMoments(tables, p)
      const positive = momentsOf(tables, this.data.states, this.data.p)
      const logLikelihood = meanLogWeight(tables, this.data) - logZ
      const gradient = difference(positive, moments)
      this.found = { tables, logZ, hiddenLogWeight: logWeight, p, moments, positive, logLikelihood, gradient, size: norm(gradient) }
    }
    return this.found
  }

  /** log p(v) of every visible state. */
  visible() {
    const truth = this.truth()
    truth.logP ??= visibleDistribution(truth.tables, truth.logZ)
    return truth.logP
  }

  // -- the estimators -------------------------------------------------------------------------------------------------

  /** The gradient that a rule would follow, per case, with respect to the parameters over T. */
  gradientOf(method) {
    const { tables, positive, gradient } = this.truth()
    const negative = {
      exact: () => null,
      cd1: () => contrastiveMoments(tables, this.data, 1, this.random),
      cd10: () => contrastiveMoments(tables, this.data, 10, this.random),
      pcd: () => this.chains.moments(tables),
      tempering: () => this.replicas.moments(tables),
    }[method]()
    return negative ? difference(positive, negative) : gradient
  }

  /** For each estimator its angle and relative error against the exact gradient; `noise`: that of exact samples. */
  estimates() {
    if (!this.angles) {
      const truth = this.truth()
      const found = Object.fromEntries(ESTIMATORS.map((name) => [name, compare(this.gradientOf(name), truth.gradient)]))
      const scatter = Math.sqrt(momentVariance(truth.tables, this.visible(), truth.moments) / CHAINS)
      this.angles = { ...found, noise: noiseOf(scatter, truth.size), exactly: isExact(truth.tables) }
    }
    return this.angles
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
    if (this.history.length && this.updates - this.history.at(-1).update < this.stride) return
    const { angle, error } = columns(this.estimates())
    this.history.push({ update: this.updates, logLikelihood: this.truth().logLikelihood, angle, error })
    if (this.history.length < MOST_POINTS) return
    this.history = this.history.filter((_, at) => at % 2 === 0)
    this.stride = Math.max(1, this.stride) * 2
  }
}

/** An estimate from exact samples misses by `scatter`, at right angles to the truth in nearly all directions. */
function noiseOf(scatter, size) {
  if (size < 1e-12) return { angle: null, error: null }
  return { angle: Math.atan2(scatter, size) * 180 / Math.PI, error: scatter / size }
}

function columns(estimates) {
  const names = [...ESTIMATORS, "noise"]
  return {
    angle: Object.fromEntries(names.map((name) => [name, estimates[name].angle])),
    error: Object.fromEntries(names.map((name) => [name, estimates[name].error])),
  }
}
