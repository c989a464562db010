// The model itself: its graph with the Gibbs chain, and its parameters to be changed by hand.

import { el, say } from "./dom.js"
import { Graph } from "./graph.js"
import { Matrix } from "./matrix.js"
import { fixed, Panel } from "./panel.js"
import { hiddenWords, parameterName, visibleWords } from "./words.js"

const SPEEDS = [1, 3, 10, 30, 100, 1000, 10000, 100000] // half-steps a second

export class ModelPanel extends Panel {
  constructor(page) {
    super("model", page)
    this.graph = new Graph((at) => page.choose(at))
    this.matrix = new Matrix(page)
    this.half = el("button", { type: "button", class: "labm-button", onclick: () => page.halfStep() }, "Half-step")
    this.runner = el("button", { type: "button", class: "labm-button", "aria-pressed": "false", onclick: () => this.toggleRun() }, "Run chain")
    this.clear = el("button", { type: "button", class: "labm-button", onclick: () => page.forget() }, "Clear visits")
    this.speed = el("input", { type: "range", class: "labm-range", min: 0, max: SPEEDS.length - 1, step: 1, value: 3, "aria-label": "Speed of the chain" })
    this.pace = el("output", { class: "labm-pace" })
    this.speed.oninput = () => page.redraw()
    this.body.append(this.graph.node, el("div", { class: "labm-gibbs" }, this.half, this.runner, this.clear, this.speed, this.pace), this.matrix.node)
    this.owed = 0
    this.running = false
  }

  toggleRun() {
    this.running = !this.running
    this.last = performance.now()
    this.page.tick()
  }

  get perSecond() {
    return SPEEDS[Number(this.speed.value)]
  }

  /** Half-steps that are due by now; what does not fit into a frame is forgone. */
  walk(experiment, now, patience) {
    this.owed = Math.min(this.owed + (now - this.last) / 1000 * this.perSecond, 60000)
    this.last = now
    const { tables } = experiment.truth()
    const end = performance.now() + patience
    while (this.owed >= 1) {
      experiment.walk.half(tables)
      this.owed -= 1
      if (experiment.walk.steps % 256 === 0 && performance.now() > end) this.owed = 0
    }
  }

  draw(scene) {
    const { model, walk } = scene.experiment
    this.graph.draw(scene)
    this.matrix.draw(scene)
    say(this.half, walk.next === "hidden" ? "Draw h given v" : "Draw v given h")
    say(this.runner, this.running ? "Stop chain" : "Run chain")
    this.runner.setAttribute("aria-pressed", String(this.running))
    say(this.pace, `${this.perSecond.toLocaleString("en")}/s`)
    const where = `v = ${visibleWords(walk.v, scene.experiment.data)}, h = ${hiddenWords(walk.h, model.hidden)}`
    say(this.foot, `${walk.steps.toLocaleString("en")} half-steps; ${where}`)
    this.scene = scene
  }

  rows() {
    const { model } = this.scene.experiment
    return { head: ["parameter", "value"], rows: Array.from(model.theta, (value, at) => [parameterName(at, model), Number(fixed(value, 6).replace("−", "-"))]) }
  }
}
