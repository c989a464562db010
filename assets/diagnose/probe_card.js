// How well simple classifiers read the class off each layer's features: computed by a worker when asked.

import { post } from "./asking.js"
import { Card } from "./card.js"
import { el, say, show } from "./dom.js"
import { axis, figure, react } from "./drawing.js"

export class ProbeCard extends Card {
  constructor(spec, page) {
    super(spec, page)
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": "labd-plot-probe" })
    this.button = el("button", { type: "button", class: "labd-button", onclick: () => this.ask() }, "Probe the newest epoch")
    this.problem = el("p", { class: "labd-problem", role: "alert", hidden: true })
    this.body.append(this.plot, el("div", { class: "labd-asking" }, this.button, this.problem))
    this.answer = null
    this.asking = false
  }

  reason(scene) {
    return scene.checkpoint ? "" : "There is no checkpoint to probe yet."
  }

  state(scene) {
    return `${scene.checkpoint} ${this.answer?.epoch} ${this.asking}`
  }

  draw(scene) {
    this.scene = scene
    const done = this.answer && this.answer.checkpoint === scene.checkpoint[0]
    show(this.button, !done)
    this.button.disabled = this.asking
    say(this.button, this.asking ? "Asking a worker…" : `Probe epoch ${scene.checkpoint[1].toFixed(2)}`)
    this.body.classList.toggle("labd-is-answered", Boolean(this.answer))
    this.tabler.disabled = !this.answer
    show(this.csv, Boolean(this.answer))
    if (!this.answer) return
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(this.text())}`
    this.csv.download = `run-${scene.run}-probe.csv`
    const { rows, fitted, judged, epoch } = this.answer
    const names = rows.map((row) => `${row.features} (${row.units})`)
    const bar = (name, values, colour) => ({
      type: "bar", name, x: names, y: values, marker: { color: colour }, text: values.map((value) => `${figure(value)} %`),
      textposition: "outside", cliponaxis: false, hovertemplate: `${name}  <b>%{y:.3~g} %</b><extra></extra>`, textfont: { size: 10 },
    })
    react(scene, this.plot, [
      bar("k-nearest neighbours", rows.map((row) => row.knn_error), scene.layers[0]),
      bar("logistic regression", rows.map((row) => row.logistic_error), scene.layers[1]),
    ], {
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11 } },
      margin: { l: 46, r: 10, t: 26, b: 26 },
      barmode: "group",
      xaxis: axis(scene, {}),
      yaxis: axis(scene, { title: "% wrong, held out", rangemode: "tozero", nticks: 5 }),
    }, `${scene.run} probe`)
    const words = `Epoch ${epoch.toFixed(2)}; fitted on ${fitted.toLocaleString("en")} training images, judged on ${judged.toLocaleString("en")} held-out ones`
    this.plot.setAttribute("aria-label", `${this.spec.help.question} ${rows.map((row) => `${row.features}: ${row.knn_error} % and ${row.logistic_error} %`).join("; ")}. ${words}.`)
    say(this.foot, words)
  }

  async ask() {
    const { scene } = this
    const [checkpoint] = scene.checkpoint
    this.asking = true
    show(this.problem, false)
    this.page.draw()
    const run = scene.run
    const [found, problem] = await post(`${scene.addresses.diagnose}/probe`, { checkpoint })
    if (found && this.scene.run === run) this.answer = { ...found, checkpoint }
    say(this.problem, problem)
    show(this.problem, Boolean(problem))
    this.asking = false
    this.key = ""
    this.page.draw()
  }

  text() {
    const { rows, epoch, fitted, judged } = this.answer
    const head = "features,units,epoch,knn_error_percent,logistic_error_percent,fitted_on,judged_on"
    return [head, ...rows.map((row) => [row.features, row.units, epoch, row.knn_error, row.logistic_error, fitted, judged].join(","))].join("\n") + "\n"
  }

  clear() {
    super.clear()
    this.answer = null
    show(this.problem, false)
    this.body.classList.remove("labd-is-answered")
  }

  close() {
    if (this.plot.data) window.Plotly?.purge(this.plot)
  }
}
