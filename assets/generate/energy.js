// The free energy of every chain over its Gibbs steps: thin lines, the mean and a chosen chain in colour.

import { el, say } from "./dom.js"
import { axis, figure, react } from "./drawing.js"
import { help } from "./help.js"

/** A number's text with a true minus sign. */
export function minus(text) {
  return text.replace("-", "−")
}

export class EnergyPlot {
  constructor(texts, onChain) {
    this.onChain = onChain
    this.plot = el("div", { class: "lab-plot", role: "img", "data-testid": "labg-energy" })
    this.cursor = el("div", { class: "labg-cursor", hidden: true })
    this.foot = el("p", { class: "labd-foot" }, texts.empty)
    this.node = el("div", { class: "labg-right" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.help.question), el("span", { class: "lab-tools" }, ...help(texts.help))),
      el("div", { class: "labg-plot" }, this.plot, this.cursor), this.foot)
    this.energy = []
  }

  take(player, names) {
    this.steps = player.steps
    this.energy = player.energy
    this.columns = player.columns
    this.total = player.total
    this.names = names
  }

  draw(scene, chosen) {
    this.scene = scene
    if (!this.energy.length || !scene?.plotly) return
    const { steps, energy } = this
    const chains = energy[0].length
    const thin = { x: [], y: [] } // one line with gaps: a line each would be slow to draw
    for (let chain = 0; chain < chains; chain += 1) {
      thin.x.push(...steps, null)
      thin.y.push(...energy.map((row) => row[chain]), null)
    }
    const mean = energy.map((row) => row.reduce((sum, value) => sum + value, 0) / chains)
    const line = (name, y, colour, width) => ({ type: "scatter", mode: "lines", x: steps, y, name, line: { color: colour, width }, hovertemplate: `${name}  <b>%{y:.1f} nats</b><extra></extra>` })
    const traces = [
      { type: "scatter", mode: "lines", ...thin, line: { color: scene.colours.muted, width: 0.6 }, opacity: 0.35, hoverinfo: "skip" },
      line("mean", mean, scene.layers[0], 2.5),
      ...(chosen === null ? [] : [line(this.name(chosen), energy.map((row) => row[chosen]), scene.layers[1], 2)]),
    ]
    react(scene, this.plot, traces, {
      xaxis: axis(scene, { title: "Gibbs step", range: [0, Math.max(1, steps.at(-1))], nticks: 7, unifiedhovertitle: { text: "step %{x}" } }),
      yaxis: axis(scene, { title: "free energy, nats", nticks: 6, tickformat: "~g" }),
    }, "free energy")
    const words = `Mean over ${chains} chains: ${minus(figure(mean[0]))} at the start, ${minus(figure(mean.at(-1)))} nats at step ${steps.at(-1)}`
    const own = chosen === null ? "click a chain to see its own" : `${this.name(chosen)}: ${minus(figure(energy.at(-1)[chosen]))} nats`
    say(this.foot, `${words}; ${own}`)
    this.plot.setAttribute("aria-label", `${words}; ${own}`)
    this.mark(this.at ?? 0)
  }

  name(chain) {
    const [row, column] = [Math.floor(chain / this.columns), chain % this.columns]
    const label = this.names[column]
    return label ? `chain ${row + 1} of class ${label}` : `chain in row ${row + 1}, column ${column + 1}`
  }

  /** An upright line where the dream stands: an element, since redrawing the plot ten times a second would cost. */
  mark(at) {
    this.at = at
    const layout = this.plot._fullLayout
    if (!layout?.xaxis?.l2p || !(at < this.steps?.length)) return
    this.cursor.hidden = false
    const x = layout.xaxis._offset + layout.xaxis.l2p(this.steps[at])
    Object.assign(this.cursor.style, { transform: `translateX(${x}px)`, top: `${layout.yaxis._offset}px`, height: `${layout.yaxis._length}px` })
  }

  close() {
    if (this.plot.data) window.Plotly?.purge(this.plot)
  }
}
