// The model itself: its graph with the Gibbs chain, and its parameters to be changed by hand.

/** @import { Experiment } from "./experiment.js" */
/** @import { Page, Scene } from "./scene.js" */

import { el, say } from "../shared/dom.js"
import { Graph } from "./graph.js"
import { Matrix } from "./matrix.js"
import { bits, parameterName, visibleState } from "./names.js"
import { fixed } from "./numbers.js"
import { Panel } from "./panel.js"
import { WORDS } from "./words.js"

const SPEEDS = [1, 3, 10, 30, 100, 1000, 10_000, 100_000] // half-steps a second

export class ModelPanel extends Panel {
  /** @param {Page} page */
  constructor(page) {
    super("model", page)
    this.graph = new Graph((at) => page.choose(at))
    this.matrix = new Matrix(page)
    this.half = button(WORDS.model.drawHidden, () => page.halfStep())
    this.runner = button(WORDS.model.runChain, () => this.toggleRun())
    this.runner.setAttribute("aria-pressed", "false")
    this.speed = el("input", {
      type: "range",
      class: "labm-range",
      min: 0,
      max: SPEEDS.length - 1,
      step: 1,
      value: 3,
      "aria-label": WORDS.model.chainSpeed,
    })
    this.pace = el("output", { class: "labm-pace" })
    this.speed.oninput = () => page.redraw()
    const clear = button(WORDS.model.clearVisits, () => page.forget())
    this.body.append(
      this.graph.node,
      el("div", { class: "labm-gibbs" }, this.half, this.runner, clear, this.speed, this.pace),
      this.matrix.node,
    )
    this.owed = 0 // half-steps that are due
    this.last = 0 // when they were counted last, in ms
    this.running = false
  }

  toggleRun() {
    this.running = !this.running
    this.last = performance.now()
    this.page.redraw()
  }

  get perSecond() {
    return SPEEDS[Number(this.speed.value)]
  }

  /**
   * Half-steps that are due by now; what does not fit into a frame is forgone.
   * @param {Experiment} experiment
   * @param {number} now
   * @param {number} patience
   */
  walk(experiment, now, patience) {
    this.owed = Math.min(this.owed + ((now - this.last) / 1000) * this.perSecond, 60_000)
    this.last = now
    const { tables } = experiment.truth()
    const end = performance.now() + patience
    while (this.owed >= 1) {
      experiment.walk.half(tables)
      this.owed -= 1
      if (experiment.walk.steps % 256 === 0 && performance.now() > end) this.owed = 0
    }
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { experiment } = scene
    const { drawHidden, drawVisible, runChain, stopChain } = WORDS.model
    this.graph.draw(scene)
    this.matrix.draw(scene)
    say(this.half, experiment.walk.next === "hidden" ? drawHidden : drawVisible)
    say(this.runner, this.running ? stopChain : runChain)
    this.runner.setAttribute("aria-pressed", String(this.running))
    say(this.pace, WORDS.units.perSecond(this.perSecond))
    const { data, model, walk } = experiment
    const state = WORDS.names.joint(visibleState(walk.v, data), bits(walk.h, model.hidden))
    say(this.foot, WORDS.model.chain(walk.steps, state))
  }

  /** @param {Scene} scene */
  rows({ experiment }) {
    const { model } = experiment
    return {
      head: WORDS.model.head,
      rows: Array.from(model.theta, (value, at) => [
        parameterName(at, model),
        Number(fixed(value, 6).replace("−", "-")),
      ]),
    }
  }
}

/**
 * @param {string} label
 * @param {() => void} onclick
 */
function button(label, onclick) {
  return el("button", { type: "button", class: "labm-button", onclick }, label)
}
