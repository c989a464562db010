// Which charts of a run are on the screen: those of the stage in training by themselves, others by hand. More than four
// at once would be too low to read. Before a run is known there is none: its frame might be of a chart that the run lacks.

/** @import { Chart } from "../shared/chart.js" */
/** @import { Charts } from "../shared/charts.js" */
/** @import { RecordedStage } from "../shared/messages.js" */
/** @import { Series } from "../shared/series.js" */

import { el, show } from "../shared/dom.js"
import { WORDS } from "./words.js"

const USUAL = ["error", "activity", "dead"]
const MOST = 4

export class ChartChoice {
  /**
   * @param {Charts} charts
   * @param {() => void} onChange
   */
  constructor(charts, onChange) {
    this.charts = charts
    this.onChange = onChange
    this.buttons = new Map(charts.charts.map((chart) => [chart.spec.key, this.button(chart)]))
    this.node = el(
      "div",
      { class: "lab-choice lab-chart-choice", role: "group", "aria-label": WORDS.charts, hidden: true },
      ...this.buttons.values(),
    )
    charts.node.prepend(this.node)
    /** @type {string[] | null} */
    this.byHand = null
    this.key = "" // of what is on the screen
    charts.select([])
  }

  /** @param {Chart} chart */
  button({ spec }) {
    const node = el(
      "button",
      { type: "button", class: "lab-choice-item", "aria-pressed": "false", "data-testid": `lab-show-${spec.key}` },
      spec.name,
    )
    node.onclick = () => this.toggle(spec.key)
    return node
  }

  clear() {
    this.byHand = null
    this.key = ""
    this.charts.select([])
  }

  /** @param {string} key */
  toggle(key) {
    const shown = this.charts.shown.map((chart) => chart.spec.key)
    const next = shown.includes(key) ? shown.filter((other) => other !== key) : [...shown, key]
    if (!next.length) return
    this.byHand = next
    this.onChange()
  }

  /**
   * `stages`: of the run, each with the keys of its charts; `current`: keys of the stages in training; true if others show now.
   * @param {RecordedStage[]} stages
   * @param {string[]} current
   * @param {Series} series
   */
  update(stages, current, series) {
    const measured = (/** @type {Chart} */ chart) =>
      chart.spec.series.some(({ metric }) => series.of(metric, stages).length > 0)
    const planned = new Set(stages.flatMap((stage) => stage.charts))
    // The likelihood can be asked for while a run trains: it is offered once there is a number.
    const possible = this.charts.charts.filter(
      (chart) => measured(chart) || (planned.has(chart.spec.key) && chart.spec.key !== "likelihood"),
    )
    const now = new Set(stages.filter((stage) => current.includes(stage.key)).flatMap((stage) => stage.charts))
    const own = possible.filter(
      (chart) => now.has(chart.spec.key) || (chart.spec.key === "likelihood" && measured(chart)),
    )
    const best = (own.length ? own : possible).toSorted((a, b) => a.spec.rank - b.spec.rank).slice(0, MOST)
    const { byHand } = this
    const shown = byHand ? possible.filter((chart) => byHand.includes(chart.spec.key)) : best
    show(
      this.node,
      possible.some((chart) => !USUAL.includes(chart.spec.key)),
    )
    const key = `${possible.map((chart) => chart.spec.key)} ${shown.map((chart) => chart.spec.key)}`
    if (key === this.key || !shown.length) return false
    this.key = key
    this.charts.select(shown)
    for (const chart of this.charts.charts) {
      const button = this.buttons.get(chart.spec.key)
      if (!button) continue
      show(button, possible.includes(chart))
      button.setAttribute("aria-pressed", String(shown.includes(chart)))
    }
    return true
  }
}
