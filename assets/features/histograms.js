// How weights and biases are spread at the frame of diagnostics nearest to the scrubber.

import { calm } from "./axis.js"
import { Histogram } from "./bars.js"
import { el, say } from "./dom.js"
import { help } from "./help.js"

const SHOWN = { W: ["Weights", "W"], v_bias: ["Visible biases", "b"], h_bias: ["Hidden biases", "c"] }

export class Histograms {
  constructor(texts) {
    const [button, panel] = help(texts)
    this.charts = Object.fromEntries(Object.entries(SHOWN).map(([key, [title, sign]]) => [key, new Histogram(title, sign, title.toLowerCase())]))
    this.about = el("p", { class: "labf-about", "data-testid": "labf-histograms" })
    this.csv = el("button", { type: "button", class: "lab-tool", onclick: () => this.download(), "aria-label": `Download as CSV: ${texts.question}` }, "csv")
    this.node = el(
      "section",
      { class: "labf-histograms lab-panel" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.question), el("span", { class: "lab-tools" }, this.csv, button, panel)),
      el("div", { class: "labf-histogram-row" }, ...Object.values(this.charts).map((chart) => chart.node)),
      this.about,
    )
  }

  update(frame, data) {
    if (!frame) {
      this.clear("No frame of diagnostics was recorded yet.")
      return
    }
    if (!data || this.shown === frame.id) return
    this.shown = frame.id
    this.data = data
    for (const [key, chart] of Object.entries(this.charts)) {
      const found = data.histograms[key]
      if (!found) chart.clear()
      else {
        const end = found.high > 1e-9 ? calm(found.high) : 1 // biases begin at zero, all of them
        chart.draw(found.counts, found.low, found.high, [-end, end])
      }
    }
    say(this.about, `${frame.label}, epoch ${frame.epoch.toFixed(2)} · heights are square roots of counts`)
  }

  download() {
    if (!this.data) return
    const rows = Object.entries(this.data.histograms).flatMap(([name, { counts, low, high }]) => {
      const wide = (high - low) / counts.length
      return counts.map((count, at) => [name, low + at * wide, low + (at + 1) * wide, count].join(","))
    })
    const text = ["array,from,to,count", ...rows, ""].join("\n")
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: `histograms-update-${this.data.step}.csv` })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  clear(text = "") {
    this.shown = null
    this.data = null
    for (const chart of Object.values(this.charts)) chart.clear()
    say(this.about, text)
  }
}
