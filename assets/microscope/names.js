// What units, states and parameters of a tiny model are called.

/** @import { Data } from "./data.js" */
/** @import { Model } from "./model.js" */

import { fromGray } from "./data.js"
import { WORDS } from "./words.js"

const { names } = WORDS

/**
 * A visible state: rows of an image as ones and zeros, or a cell of the plane.
 * @param {number} v
 * @param {Pick<Data, "kind" | "shape">} data
 */
export function visibleState(v, data) {
  if (data.kind === "plane") {
    const { column, row } = cell(v)
    return names.cell(column + 1, row + 1)
  }
  const [rows, columns] = data.shape
  return Array.from({ length: rows }, (_, row) => bits(v >>> (row * columns), columns)).join("·")
}

/**
 * A state of so many units as ones and zeros.
 * @param {number} state
 * @param {number} units
 */
export function bits(state, units) {
  return Array.from({ length: units }, (_, unit) => (state >>> unit) & 1).join("")
}

/**
 * The cell of a pattern of the plane: four bits of Gray code for the column, four for the row.
 * @param {number} v
 */
export function cell(v) {
  return { column: fromGray(v & 15), row: fromGray(v >>> 4) }
}

/** @param {number} i from 0 */
export const visibleUnit = (i) => `v${i}`

/** @param {number} j from 0 */
export const hiddenUnit = (j) => `h${j}`

/**
 * What a number of `Model.theta` is called.
 * @param {number} at
 * @param {Pick<Model, "visible" | "hidden">} model
 */
export function parameterName(at, { visible, hidden }) {
  if (at < hidden * visible) return names.weight(visibleUnit(at % visible), hiddenUnit(Math.floor(at / visible)))
  const rest = at - hidden * visible
  return names.bias(rest < visible ? visibleUnit(rest) : hiddenUnit(rest - visible))
}
