// The Microscope view: a tiny RBM of which everything is known. Streamlit mounts it once; from then on all happens here.
// Each change marks the view as stale; the next frame computes and draws all of it, far below 100 ms.

/** @import { MicroscopeData } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */
/** @import { Method } from "./experiment.js" */
/** @import { Preparation, Scene, Settings } from "./scene.js" */

import { el } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { View } from "../shared/view.js"
import * as address from "./address.js"
import { AnnealingPanel } from "./annealing_panel.js"
import { EnergyPanel } from "./energies.js"
import { Experiment, methodOf } from "./experiment.js"
import { GradientPanel } from "./gradient.js"
import { Lesson } from "./lesson.js"
import { LikelihoodPanel } from "./likelihood.js"
import { ModelPanel } from "./model_panel.js"
import { DataSets } from "./sets.js"
import { StatesPanel } from "./states.js"
import { Toolbar } from "./toolbar.js"

const PATIENCE = 30 // ms of a frame for updates, and as many for the chain
const RATE = 0.3
const SCALE = 0.1 // of the weights where training begins
const ENDS = [1, 2, 4, 6, 8, 12] // of the scale of weights

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<MicroscopeData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new Microscope(first))
}

/** @extends {View<MicroscopeData>} */
class Microscope extends View {
  /** @param {Component<MicroscopeData>} component */
  constructor(component) {
    super(component, "microscope", { class: "lab-live labm", "data-testid": "lab-microscope" })
    const { sets, addresses } = component.data
    this.sets = new DataSets(addresses.sets)
    /** @type {Settings} */
    this.settings = address.read(sets)
    /** @type {Experiment | null} */
    this.experiment = null // until the data are there
    this.training = false
    this.chosen = 0
    this.took = 0
    this.asked = 0 // the frame that is to come
    this.closed = false
    /** @type {(() => void)[]} */
    this.after = [] // what is to be done when that frame is drawn
    this.toolbar = new Toolbar(this)
    this.model = new ModelPanel(this)
    this.annealing = new AnnealingPanel(this)
    this.panels = [
      this.model,
      new StatesPanel(this),
      new EnergyPanel(this),
      new LikelihoodPanel(this),
      new GradientPanel(this),
      this.annealing,
    ]
    const lesson = new Lesson(this)
    this.node.append(
      this.toolbar.node,
      el("div", { class: "labm-grid" }, ...this.panels.map((panel) => panel.node), lesson.node),
    )
    this.resized.observe(this.host)
    this.node.addEventListener("labm-resized", () => this.redraw())
    this.open({})
  }

  /** @param {Component<MicroscopeData>} component */
  update(component) {
    super.update(component)
    this.redraw()
  }

  onResize() {
    this.redraw()
  }

  // -- what is under the microscope -----------------------------------------------------------------------------------

  /**
   * Another data set, size or seed: a new model, which begins untrained.
   * @param {Partial<Settings>} change
   */
  async open(change) {
    this.settings = { ...this.settings, ...change }
    const { set } = this.settings
    const [data, problem] = await this.sets.get(set)
    if (this.closed || this.settings.set !== set) return
    this.toolbar.complain(problem)
    if (!data) return
    const { rate } = this.experiment ?? { rate: RATE }
    this.training = false
    this.experiment = new Experiment(data, { ...this.settings, rate, scale: SCALE })
    this.chosen = Math.min(this.chosen, this.experiment.model.theta.length - 1)
    this.remember()
  }

  /**
   * What a step of the lesson asks for: data, size and seed anew if they differ, the rest as it is named.
   * @param {Preparation} asked
   */
  async prepare({ temperatures, rate, fresh = false, ...asked }) {
    const old = this.settings
    const { set = old.set, hidden = old.hidden, seed = old.seed, temperature = old.temperature } = asked
    const method = methodOf(asked.method ?? "") ?? old.method
    this.settings = { set, hidden, seed, temperature, method }
    const differs = set !== old.set || hidden !== old.hidden || seed !== old.seed
    if (differs || fresh) await this.open({})
    else this.experiment?.adjust(temperature, method)
    if (!this.experiment) return
    if (rate !== undefined) this.experiment.rate = rate
    if (temperatures) this.annealing.temperatures = temperatures
    this.remember()
  }

  remember() {
    address.write(this.settings)
    this.annealing.restart()
    this.redraw()
  }

  /** @param {number} scale */
  reset(scale) {
    this.training = false
    this.experiment = this.experiment?.afresh(scale) ?? null
    this.redraw()
  }

  /** @param {number} parameter */
  choose(parameter) {
    this.chosen = parameter
    this.redraw()
  }

  /** @param {number} value */
  setParameter(value) {
    this.experiment?.set(this.chosen, value)
    this.redraw()
  }

  /** @param {number} temperature */
  setTemperature(temperature) {
    this.settings.temperature = temperature
    this.experiment?.setTemperature(temperature)
    address.write(this.settings)
    this.redraw()
  }

  /** @param {Method} method */
  setMethod(method) {
    this.settings.method = method
    if (this.experiment) this.experiment.method = method
    address.write(this.settings)
    this.redraw()
  }

  /** @param {number} rate */
  setRate(rate) {
    if (this.experiment) this.experiment.rate = rate
    this.redraw()
  }

  // -- what moves -----------------------------------------------------------------------------------------------------

  step() {
    this.experiment?.update()
    this.experiment?.record()
    this.redraw()
  }

  toggleTraining() {
    this.training = !this.training
    this.redraw()
  }

  halfStep() {
    this.experiment?.walk.half(this.experiment.truth().tables)
    this.redraw()
  }

  forget() {
    this.experiment?.walk.forget()
    this.redraw()
  }

  /**
   * Draw at the next frame; then call `then`.
   * @param {(() => void) | null} then
   */
  redraw(then = null) {
    if (then) this.after.push(then)
    if (this.asked || this.closed) return
    this.asked = requestAnimationFrame(() => this.frame())
  }

  frame() {
    this.asked = 0
    const { experiment } = this
    if (!experiment || !this.node.clientWidth) return
    if (this.training) train(experiment)
    if (this.model.running) this.model.walk(experiment, performance.now(), PATIENCE)
    const began = performance.now()
    this.draw(this.scene(experiment))
    this.took = performance.now() - began
    for (const then of this.after.splice(0)) then()
    if (this.annealing.work(experiment) || this.training || this.model.running) this.redraw()
    this.node.dataset.drawn = String(Number(this.node.dataset.drawn ?? 0) + 1)
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.toolbar.draw(scene)
    for (const panel of this.panels) panel.update(scene)
  }

  /**
   * @param {Experiment} experiment
   * @returns {Scene}
   */
  scene(experiment) {
    const { layers, stops } = this.data.palette[this.theme]
    const most = experiment.model.theta.reduce((high, value) => Math.max(high, Math.abs(value)), 0)
    return {
      experiment,
      layers,
      stops: stops.signed,
      chosen: this.chosen,
      most: ENDS.find((end) => end >= most - 1e-9) ?? ENDS[ENDS.length - 1],
      took: this.took,
      training: this.training,
      colours: this.colours,
    }
  }

  close() {
    this.closed = true
    cancelAnimationFrame(this.asked)
    address.cancel()
    super.close()
  }
}

/**
 * As many updates as fit into a frame, one at least.
 * @param {Experiment} experiment
 */
function train(experiment) {
  const began = performance.now()
  do experiment.update()
  while (performance.now() - began < PATIENCE)
  experiment.record()
}
