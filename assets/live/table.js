// The numbers of a chart as a table, the newest first.

import { el } from "./dom.js"

const MOST = 200

/** One row an epoch at which something was measured, one column a curve. */
export function table(spec, drawn) {
  const columns = drawn.map(({ stage, series }) => spec.series.length > 1 ? `${stage.label}, ${series.name}` : stage.label)
  const rows = new Map()
  drawn.forEach(({ curve, series }, column) => {
    for (let at = Math.max(0, curve.x.length - MOST); at < curve.x.length; at += 1) {
      const row = rows.get(curve.x[at]) ?? Array(columns.length).fill("")
      row[column] = curve.y[at] === null ? "not a number" : String(Number((curve.y[at] * series.factor).toPrecision(4)))
      rows.set(curve.x[at], row)
    }
  })
  const epochs = [...rows.keys()].sort((a, b) => b - a).slice(0, MOST)
  const head = el("tr", {}, el("th", { scope: "col" }, "epoch"), ...columns.map((name) => el("th", { scope: "col" }, name)))
  const body = epochs.map((epoch) =>
    el("tr", {}, el("th", { scope: "row" }, epoch.toFixed(2)), ...rows.get(epoch).map((text) => el("td", {}, text))))
  const caption = `${spec.help.unit}; the newest ${MOST} at most, the CSV holds all`
  return el("table", { class: "lab-table" }, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...body))
}
