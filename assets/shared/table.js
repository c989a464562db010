// The numbers of a chart as a table, the newest first.

/** @import { Chart } from "./messages.js" */
/** @import { Line } from "./chart.js" */

import { el } from "./dom.js"
import { fixed, rounded } from "./numbers.js"
import { WORDS } from "./words.js"

const MOST = 200

/**
 * One row an epoch at which something was measured, one column a curve.
 * @param {Pick<Chart, "help" | "series">} spec
 * @param {Line[]} drawn
 */
export function table(spec, drawn) {
  const columns = drawn.map(({ stage, series }) =>
    spec.series.length > 1 ? WORDS.chart.line(stage.label, series.name) : stage.label,
  )
  /** @type {Map<number, string[]>} */
  const rows = new Map()
  for (const [column, { curve, series }] of drawn.entries()) {
    for (let at = Math.max(0, curve.x.length - MOST); at < curve.x.length; at += 1) {
      const row = rows.get(curve.x[at]) ?? new Array(columns.length).fill("")
      const value = curve.y[at]
      row[column] = value === null ? WORDS.noNumber : rounded(value * series.factor, 4)
      rows.set(curve.x[at], row)
    }
  }
  const epochs = [...rows.keys()].sort((a, b) => b - a).slice(0, MOST)
  return plainTable(
    WORDS.chart.tableCaption(spec.help.unit, MOST),
    [WORDS.epoch, ...columns],
    epochs.map((epoch) => [fixed(epoch), ...(rows.get(epoch) ?? [])]),
  )
}

/**
 * Each row begins with what it is about.
 * @param {string} caption
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function plainTable(caption, head, rows) {
  const row = (/** @type {string[]} */ [first, ...others]) =>
    el("tr", {}, el("th", { scope: "row" }, first), ...others.map((text) => el("td", {}, text)))
  return el(
    "table",
    { class: "lab-table" },
    el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, ...rows.map(row)),
  )
}
