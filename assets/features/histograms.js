// How weights and biases are spread at the frame of diagnostics nearest to the scrubber.

/** @import { FeaturesData, Histogram as Counts, LayerFrame } from "../shared/messages.js" */
/** @import { Frame } from "./scene.js" */

import { calm } from "../shared/axis.js"
import { el, say } from "../shared/dom.js"
import { questionHead } from "../shared/tools.js"
import { WORDS as SHARED } from "../shared/words.js"
import { Histogram } from "./bars.js"
import { WORDS } from "./words.js"

/** @type {Counts} */
const NONE = { counts: [], low: null, high: null }
const { histograms: words } = WORDS

export class Histograms {
  /** @param {FeaturesData["texts"]["histograms"]} texts */
  constructor(texts) {
    this.shown = 0 // id of the frame on the screen
    /** @type {LayerFrame | null} */
    this.data = null
    this.charts = Object.fromEntries(
      Object.entries(words.arrays).map(([key, { title, sign, inside }]) => [key, new Histogram(title, sign, inside)]),
    )
    this.about = el("p", { class: "labf-about", "data-testid": "labf-histograms" })
    this.csv = el(
      "button",
      {
        type: "button",
        class: "lab-tool",
        onclick: () => this.download(),
        "aria-label": SHARED.tools.csvOf(texts.question),
      },
      SHARED.tools.csv,
    )
    this.node = el(
      "section",
      { class: "labf-histograms lab-panel" },
      questionHead(texts, this.csv),
      el("div", { class: "labf-histogram-row" }, ...Object.values(this.charts).map((chart) => chart.node)),
      this.about,
    )
  }

  /**
   * @param {Frame | null} frame
   * @param {LayerFrame | null} data
   */
  update(frame, data) {
    if (!frame) {
      this.clear(words.none)
      return
    }
    if (!data || this.shown === frame.id) return
    this.shown = frame.id
    this.data = data
    for (const [key, chart] of Object.entries(this.charts)) {
      const { counts, low, high } = data.histograms[key] ?? NONE
      if (low !== null && high !== null) {
        const end = high > 1e-9 ? calm(high) : 1 // biases begin at zero, all of them
        chart.draw(counts, low, high, [-end, end])
      } else chart.clear()
    }
    say(this.about, words.about(frame.label, frame.epoch))
  }

  download() {
    if (!this.data) return
    const rows = Object.entries(this.data.histograms).flatMap(([name, { counts, low, high }]) => {
      if (low === null || high === null) return []
      const wide = (high - low) / counts.length
      return counts.map((count, at) => [name, low + at * wide, low + (at + 1) * wide, count].join(","))
    })
    const text = ["array,from,to,count", ...rows, ""].join("\n")
    const link = el("a", {
      href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
      download: `histograms-update-${this.data.step}.csv`,
    })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  clear(text = "") {
    this.shown = 0
    this.data = null
    for (const chart of Object.values(this.charts)) chart.clear()
    say(this.about, text)
  }
}
