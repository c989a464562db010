// All parameters as a table of coloured cells, and the slider of the chosen one. Arrow keys move, + and - change,
// Delete sets to 0; dragging a cell up or down changes it too.

/** @import { Model } from "./model.js" */
/** @import { Page, Scene } from "./scene.js" */

import { el, say } from "../shared/dom.js"
import { signed, textOnSigned } from "./colours.js"
import { moved } from "./keys.js"
import { LIMIT } from "./model.js"
import { hiddenUnit, parameterName, visibleUnit } from "./names.js"
import { fixed } from "./numbers.js"
import { sizeOf } from "./sheet.js"
import { WORDS } from "./words.js"

const PER_PIXEL = 0.04
const STEP = 0.1
const ROOM = { two: 38, one: 29 } // px of a cell in which so many decimals fit, whatever the number
/** @type {Record<string, number>} */
const ADDED = { "+": STEP, "=": STEP, "-": -STEP, PageUp: 1, PageDown: -1 }

/**
 * `state`: what it shows, so that only what differs is written.
 * @typedef {{ node: HTMLButtonElement, at: number, state: string }} Cell
 */

export class Matrix {
  /** @param {Page} page */
  constructor(page) {
    this.page = page
    /** @type {Model | null} */
    this.model = null
    this.shape = "" // of the table that is there
    this.grid = el("div", { class: "labm-matrix", role: "grid", "aria-label": WORDS.model.parameters })
    this.grid.onkeydown = (event) => this.press(event)
    this.name = el("label", { class: "labm-chosen", for: "labm-value" })
    this.range = el("input", {
      type: "range",
      class: "labm-range",
      min: -LIMIT,
      max: LIMIT,
      step: 0.05,
      "data-testid": "labm-value-range",
    })
    this.number = el("input", {
      type: "number",
      id: "labm-value",
      class: "labm-number",
      min: -LIMIT,
      max: LIMIT,
      step: STEP,
      "data-testid": "labm-value",
    })
    this.range.oninput = () => page.setParameter(Number(this.range.value))
    this.number.onchange = () => {
      const value = Number(this.number.value)
      if (this.number.value.trim() !== "" && Number.isFinite(value)) page.setParameter(value)
      page.redraw()
    }
    this.node = el(
      "div",
      { class: "labm-parameters" },
      this.grid,
      el("div", { class: "labm-editor" }, this.name, this.range, this.number),
    )
    /** @type {Cell[]} */
    this.cells = []
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { model } = scene.experiment
    this.model = model
    const shape = `${model.visible} ${model.hidden}`
    if (this.shape !== shape) {
      this.shape = shape
      this.build(model)
    }
    const room = sizeOf(this.grid)[0] / (model.visible + 2)
    for (const cell of this.cells) this.drawCell(cell, scene, room)
    const value = model.theta[scene.chosen]
    const name = parameterName(scene.chosen, model)
    say(this.name, name)
    this.range.value = String(value)
    this.range.setAttribute("aria-label", WORDS.model.slider(name))
    if (document.activeElement !== this.number) this.number.value = value.toFixed(2)
  }

  /**
   * @param {Cell} cell
   * @param {Scene} scene
   * @param {number} room px for a cell: where no number fits it has its colour only
   */
  drawCell(cell, { experiment, stops, most, chosen }, room) {
    const { node, at } = cell
    const value = experiment.model.theta[at]
    const colour = signed(stops, value, most)
    const isChosen = at === chosen
    const isShown = room >= ROOM.one
    const text = fixed(value, isShown && room < ROOM.two ? 1 : 2)
    const shown = isShown ? text : ""
    const state = `${colour} ${value} ${isChosen} ${shown}`
    if (cell.state === state) return
    cell.state = state
    node.style.background = colour
    node.style.color = textOnSigned(stops, value, most)
    say(node, shown)
    node.setAttribute("aria-selected", String(isChosen))
    node.setAttribute("aria-label", `${parameterName(at, experiment.model)}: ${text}`)
    node.tabIndex = isChosen ? 0 : -1
  }

  /**
   * Rows: the visible biases, then one hidden unit each, its bias first.
   * @param {Model} model
   */
  build({ visible, hidden }) {
    const first = hidden * visible
    const places = Array.from({ length: visible }, (_, i) => i)
    this.cells = []
    this.grid.style.gridTemplateColumns = `26px repeat(${visible + 1}, minmax(0, 1fr))`
    const { bias } = WORDS.model
    const rows = [
      row(
        el("span", { role: "gridcell" }),
        head("columnheader", bias),
        ...places.map((i) => head("columnheader", visibleUnit(i))),
      ),
      row(head("rowheader", bias), el("span", { role: "gridcell" }), ...places.map((i) => this.cell(first + i))),
    ]
    for (let j = 0; j < hidden; j += 1) {
      const cells = places.map((i) => this.cell(j * visible + i))
      rows.push(row(head("rowheader", hiddenUnit(j)), this.cell(first + visible + j), ...cells))
    }
    this.grid.replaceChildren(...rows)
  }

  /** @param {number} at */
  cell(at) {
    const node = el("button", { type: "button", class: "labm-cell", role: "gridcell", "data-at": at, tabindex: -1 })
    node.onpointerdown = (event) => this.grab(event, node, at)
    this.cells.push({ node, at, state: "" })
    return node
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLButtonElement} cell
   * @param {number} at
   */
  grab(event, cell, at) {
    if (!this.model) return
    this.page.choose(at)
    const start = { y: event.clientY, value: this.model.theta[at] }
    cell.setPointerCapture(event.pointerId)
    cell.onpointermove = (move) => {
      const away = start.y - move.clientY
      if (Math.abs(away) > 2) this.page.setParameter(start.value + away * PER_PIXEL)
    }
    cell.onpointerup = cell.onpointercancel = () => {
      cell.onpointermove = null
    }
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.model) return
    const at = this.page.chosen
    const by = moved(event)
    const added = ADDED[event.key]
    if (by) {
      const next = beside(at, by, this.model)
      if (next !== null) this.page.choose(next)
    } else if (added) this.page.setParameter(this.model.theta[at] + added)
    else if (event.key === "Delete" || event.key === "Backspace") this.page.setParameter(0)
    else return
    event.preventDefault()
    this.page.redraw(() => this.cells.find((cell) => cell.at === this.page.chosen)?.node.focus())
  }
}

/**
 * @param {"columnheader" | "rowheader"} role
 * @param {string} text
 */
const head = (role, text) => el("span", { class: "labm-head", role }, text)

/** @param {HTMLElement[]} cells */
const row = (...cells) => el("div", { role: "row", class: "labm-row" }, ...cells)

/**
 * The parameter one column or row further in the table, or null at its edge.
 * @param {number} at
 * @param {[number, number]} by
 * @param {Model} model
 */
function beside(at, [right, down], { visible, hidden }) {
  const first = hidden * visible
  const [from, under] = cellOf(at, visible, hidden)
  const [column, line] = [from + right, under + down]
  if (column < 0 || line < 0 || column > visible || line > hidden || (column === 0 && line === 0)) return null
  if (line === 0) return first + column - 1
  return column === 0 ? first + visible + line - 1 : (line - 1) * visible + column - 1
}

/**
 * [column, row] of a parameter: row 0 holds the visible biases, column 0 the hidden ones.
 * @param {number} at
 * @param {number} visible
 * @param {number} hidden
 */
function cellOf(at, visible, hidden) {
  const first = hidden * visible
  if (at < first) return [(at % visible) + 1, Math.floor(at / visible) + 1]
  return at < first + visible ? [at - first + 1, 0] : [0, at - first - visible + 1]
}
