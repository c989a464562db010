// States as people read them.

import { fromGray } from "./data.js"

/** A visible state: rows of an image as ones and zeros, or a cell of the plane. */
export function visibleWords(v, data) {
  if (data.kind === "plane") {
    const { column, row } = cell(v)
    return `column ${column + 1}, row ${row + 1}`
  }
  const [rows, columns] = data.shape
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => v >>> (row * columns + column) & 1).join("")).join("·")
}

export function hiddenWords(h, hidden) {
  return Array.from({ length: hidden }, (_, j) => h >>> j & 1).join("")
}

/** The cell of a pattern of the plane: four bits of Gray code for the column, four for the row. */
export function cell(v) {
  return { column: fromGray(v & 15), row: fromGray(v >>> 4) }
}

/** What a number of `Model.theta` is called. */
export function parameterName(at, model) {
  const { visible, hidden } = model
  if (at < hidden * visible) return `weight of v${at % visible + 1} – h${Math.floor(at / visible) + 1}`
  const rest = at - hidden * visible
  return rest < visible ? `bias of v${rest + 1}` : `bias of h${rest - visible + 1}`
}
