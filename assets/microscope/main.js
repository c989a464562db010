// The Microscope view: a tiny RBM of which everything is known. Streamlit mounts it once; from then on all happens here.
// Each change marks the view as stale; the next frame computes and draws all of it, far below 100 ms.

import * as address from "./address.js"
import { AnnealingPanel } from "./annealing_panel.js"
import { GradientPanel, LikelihoodPanel } from "./curves.js"
import { Data } from "./data.js"
import { el, resolved, themeOf } from "./dom.js"
import { EnergyPanel } from "./energies.js"
import { Experiment } from "./experiment.js"
import { Lesson } from "./lesson.js"
import { ModelPanel } from "./model_panel.js"
import { keepView } from "./mounting.js"
import { StatesPanel } from "./states.js"
import { Toolbar } from "./toolbar.js"

const PATIENCE = 30 // ms of a frame for updates, and as many for the chain
const TOP = 512 // most probable visible states that are kept at hand

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.sets = new Map()
    this.training = false
    this.chosen = 0
    this.took = 0
    this.after = []
    this.closed = false
    this.resized = new ResizeObserver(() => this.redraw())
  }

  update(component) {
    this.data = component.data
    this.texts = this.data.texts
    if (!this.node) this.build()
    this.theme = themeOf(this.node)
    this.coloured = null
    this.redraw()
  }

  build() {
    this.state = address.read(this.data.sets)
    this.toolbar = new Toolbar(this)
    this.model = new ModelPanel(this)
    this.annealing = new AnnealingPanel(this)
    this.panels = [this.model, new StatesPanel(this), new EnergyPanel(this), new LikelihoodPanel(this), new GradientPanel(this), this.annealing]
    this.lesson = new Lesson(this)
    this.node = el("div", { class: "lab-live labm", "data-testid": "lab-microscope" }, this.toolbar.node,
      el("div", { class: "labm-grid" }, ...this.panels.map((panel) => panel.node), this.lesson.node))
    const host = this.parent.querySelector(".lab-microscope-host") ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    this.node.addEventListener("labm-resized", () => this.redraw())
    this.open({})
  }

  // -- what is under the microscope -----------------------------------------------------------------------------------

  /** Another data set, size or seed: a new model, which begins untrained. */
  async open(change) {
    this.state = { ...this.state, ...change }
    const { set, hidden, seed, temperature, method } = this.state
    try {
      if (!this.sets.has(set)) this.sets.set(set, await fetched(`${this.data.addresses.sets}/${set}.json`))
    } catch (error) {
      this.toolbar.complain(error.message)
      return
    }
    if (this.closed || this.state.set !== set) return
    const rate = this.experiment?.rate
    this.toolbar.complain("")
    this.training = false
    this.experiment = new Experiment(this.sets.get(set), { hidden, seed, temperature })
    Object.assign(this.experiment, { method, rate: rate ?? this.experiment.rate })
    this.chosen = Math.min(this.chosen, this.experiment.model.theta.length - 1)
    this.remember()
  }

  /** What a step of the lesson asks for: data, size and seed anew if they differ, the rest as it is named. */
  async prepare(asked) {
    const { temperatures, rate, fresh, ...state } = asked
    const differs = ["set", "hidden", "seed"].some((key) => key in state && state[key] !== this.state[key])
    this.state = { ...this.state, ...state }
    if (differs || fresh) await this.open({})
    else if (this.experiment) {
      this.experiment.method = this.state.method
      this.experiment.setTemperature(this.state.temperature)
    }
    if (!this.experiment) return
    if (rate !== undefined) this.experiment.rate = rate
    if (temperatures) this.annealing.temperatures = temperatures
    this.remember()
  }

  remember() {
    address.write(this.state)
    this.annealing.restart()
    this.redraw()
  }

  reset(scale) {
    if (!this.experiment) return
    this.training = false
    this.experiment.reset(scale)
    this.redraw()
  }

  choose(at) {
    this.chosen = at
    this.redraw()
  }

  setParameter(value) {
    if (this.experiment) this.experiment.set(this.chosen, value)
    this.redraw()
  }

  setTemperature(temperature) {
    this.state.temperature = temperature
    this.experiment?.setTemperature(temperature)
    address.write(this.state)
    this.redraw()
  }

  setMethod(method) {
    this.state.method = method
    if (this.experiment) this.experiment.method = method
    this.toolbar.method = method
    address.write(this.state)
    this.redraw()
  }

  setRate(rate) {
    if (this.experiment) this.experiment.rate = rate
    this.redraw()
  }

  // -- what moves -----------------------------------------------------------------------------------------------------

  step() {
    if (!this.experiment) return
    this.experiment.update()
    this.experiment.record()
    this.redraw()
  }

  toggleTraining() {
    this.training = !this.training
    this.redraw()
  }

  halfStep() {
    if (!this.experiment) return
    this.experiment.walk.half(this.experiment.truth().tables)
    this.redraw()
  }

  forget() {
    this.experiment?.walk.forget()
    this.redraw()
  }

  tick() {
    this.redraw()
  }

  /** Draw at the next frame; then call `then`. */
  redraw(then = null) {
    if (then) this.after.push(then)
    if (this.asked || this.closed) return
    this.asked = requestAnimationFrame((now) => this.frame(now))
  }

  frame() {
    this.asked = 0
    const { experiment } = this
    if (!experiment || !this.node.clientWidth) return
    const began = performance.now()
    if (this.training) {
      do experiment.update()
      while (performance.now() - began < PATIENCE)
      experiment.record()
    }
    if (this.model.running) this.model.walk(experiment, performance.now(), PATIENCE)
    const drawn = performance.now()
    const scene = this.scene()
    this.toolbar.draw(scene)
    for (const panel of this.panels) panel.update(scene)
    this.took = performance.now() - drawn
    for (const then of this.after.splice(0)) then()
    if (this.annealing.work(experiment) || this.training || this.model.running) this.redraw()
    this.node.dataset.drawn = String(Number(this.node.dataset.drawn ?? 0) + 1)
  }

  scene() {
    const { experiment } = this
    const { layers, stops } = this.data.palette[this.theme]
    const most = experiment.model.theta.reduce((high, value) => Math.max(high, Math.abs(value)), 0)
    return {
      experiment, layers, stops, chosen: this.chosen, took: this.took, colours: this.colours(), page: this.colours().surface,
      most: [1, 2, 4, 6, 8, 12].find((end) => end >= most - 1e-9) ?? 12,
      top: () => topOf(experiment),
    }
  }

  colours() {
    if (!this.coloured) {
      const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", surface: "--st-background-color", accent: "--st-primary-color" }
      this.coloured = { ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
    }
    return this.coloured
  }

  close() {
    this.closed = true
    cancelAnimationFrame(this.asked)
    address.cancel()
    this.resized.disconnect()
    this.node?.remove()
  }
}

/** The most probable visible states, the most probable first; found once for the parameters. */
function topOf(experiment) {
  const truth = experiment.truth()
  if (!truth.top) {
    const logP = experiment.visible()
    const least = logP.length > TOP ? logP.slice().sort()[logP.length - TOP] : -Infinity
    const found = []
    for (let v = 0; v < logP.length; v += 1) if (logP[v] >= least) found.push(v)
    truth.top = found.sort((a, b) => logP[b] - logP[a]).slice(0, TOP)
  }
  return truth.top
}

async function fetched(place) {
  let answer
  try {
    answer = await fetch(place)
  } catch {
    throw new Error("The data set could not be fetched: the server does not answer. Start it again, then choose the data once more.")
  }
  if (!answer.ok) throw new Error(`The data set could not be fetched (status ${answer.status}). Reload the page.`)
  return new Data(await answer.json())
}
