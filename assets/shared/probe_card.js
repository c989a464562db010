// How well simple classifiers read the class off each layer's features: computed by a worker when asked.

/** @import { Page } from "./card.js" */
/** @import { Card as CardSpec, ProbeAnswer } from "./messages.js" */
/** @import { CardScene } from "./scene.js" */

import { post } from "./asking.js"
import { Card } from "./card.js"
import { el, say, show } from "./dom.js"
import { axis, figure, LEGEND_ABOVE, plotArea, purge, react } from "./plotting.js"
import { offerCsv } from "./tools.js"
import { WORDS } from "./words.js"

const { probe: words } = WORDS

/**
 * @template {CardScene} Scene
 * @extends {Card<Scene>}
 */
export class ProbeCard extends Card {
  /**
   * @param {CardSpec} spec
   * @param {Page} page
   */
  constructor(spec, page) {
    super(spec, page)
    this.plot = plotArea({ class: "lab-plot", "data-testid": "labd-plot-probe" })
    this.button = el("button", { type: "button", class: "labd-button", onclick: () => this.ask() }, words.newest)
    this.problem = el("p", { class: "labd-problem", role: "alert", hidden: true })
    this.body.append(this.plot, el("div", { class: "labd-asking" }, this.button, this.problem))
    /** @type {(ProbeAnswer & { checkpoint: number }) | null} */
    this.answer = null
    this.asking = false
    /** @type {Scene | null} */
    this.scene = null // as it was drawn last
  }

  /** @param {Scene} scene */
  reason(scene) {
    return scene.checkpoint ? "" : words.nothing
  }

  /** @param {Scene} scene */
  state(scene) {
    return `${scene.checkpoint} ${this.answer?.epoch} ${this.asking}`
  }

  /** @param {Scene} scene */
  draw(scene) {
    this.scene = scene
    const { answer, asking } = this
    const [newest, at] = scene.checkpoint ?? [0, 0]
    show(this.button, answer?.checkpoint !== newest)
    this.button.disabled = asking
    say(this.button, asking ? WORDS.asking : words.ask(at))
    this.body.classList.toggle("labd-is-answered", answer !== null)
    this.tabler.disabled = !answer
    show(this.csv, answer !== null)
    if (!answer) return true
    offerCsv(this.csv, text(answer), `run-${scene.run}-probe.csv`)
    const { rows, fitted, judged, epoch } = answer
    const names = rows.map((row) => words.features(row.features, row.units))
    const bar = (/** @type {string} */ name, /** @type {number[]} */ values, /** @type {string} */ colour) => ({
      type: "bar",
      name,
      x: names,
      y: values,
      marker: { color: colour },
      text: values.map((value) => `${figure(value)} ${this.spec.sign}`),
      textposition: "outside",
      cliponaxis: false,
      hovertemplate: `${name}  <b>%{y:.3~g} ${this.spec.sign}</b><extra></extra>`,
      textfont: { size: 10 },
    })
    react(
      scene,
      this.plot,
      [
        bar(
          words.neighbours,
          rows.map((row) => row.knn_error),
          scene.layers[0],
        ),
        bar(
          words.regression,
          rows.map((row) => row.logistic_error),
          scene.layers[1],
        ),
      ],
      {
        ...LEGEND_ABOVE,
        margin: { l: 46, r: 10, t: 26, b: 26 },
        barmode: "group",
        xaxis: axis(scene, {}),
        yaxis: axis(scene, { title: words.axis(this.spec.axis), rangemode: "tozero", nticks: 5 }),
      },
      `${scene.run} probe`,
    )
    const how = words.how(epoch, fitted, judged)
    const results = rows.map((row) => words.result(row.features, row.knn_error, row.logistic_error, this.spec.axis))
    this.plot.setAttribute("aria-label", `${this.spec.help.question} ${results.join("; ")}. ${how}.`)
    say(this.foot, how)
    return true
  }

  async ask() {
    const { scene } = this
    if (!scene?.checkpoint) return
    const [checkpoint] = scene.checkpoint
    this.asking = true
    show(this.problem, false)
    this.page.draw()
    const { run } = scene
    /** @type {[ProbeAnswer, ""] | [null, string]} */
    const [answer, problem] = await post(`${scene.addresses.diagnose}/probe`, { checkpoint })
    if (answer && this.scene?.run === run) this.answer = { ...answer, checkpoint }
    say(this.problem, problem)
    show(this.problem, Boolean(problem))
    this.asking = false
    this.key = ""
    this.page.draw()
  }

  clear() {
    super.clear()
    this.answer = null
    show(this.problem, false)
    this.body.classList.remove("labd-is-answered")
  }

  close() {
    purge(this.plot)
  }
}

/** @param {ProbeAnswer} answer */
function text({ rows, epoch, fitted, judged }) {
  const head = "features,units,epoch,knn_error_percent,logistic_error_percent,fitted_on,judged_on"
  const lines = rows.map((row) => [row.features, row.units, epoch, row.knn_error, row.logistic_error, fitted, judged])
  return `${[head, ...lines.map((line) => line.join(","))].join("\n")}\n`
}
