// All parameters as a table of coloured cells, and the slider of the chosen one. Arrow keys move, + and - change,
// Delete sets to 0; dragging a cell up or down changes it too.

import { signed } from "./colours.js"
import { el, say } from "./dom.js"
import { LIMIT } from "./model.js"
import { fixed } from "./panel.js"
import { sizeOf } from "./sheet.js"
import { parameterName } from "./words.js"

const PER_PIXEL = 0.04
const STEP = 0.1

export class Matrix {
  constructor(page) {
    this.page = page
    this.grid = el("div", { class: "labm-matrix", role: "grid", "aria-label": "Weights and biases" })
    this.grid.onkeydown = (event) => this.press(event)
    this.name = el("label", { class: "labm-chosen", for: "labm-value" })
    this.range = el("input", { type: "range", class: "labm-range", min: -LIMIT, max: LIMIT, step: 0.05, "data-testid": "labm-value-range" })
    this.number = el("input", { type: "number", id: "labm-value", class: "labm-number", min: -LIMIT, max: LIMIT, step: STEP, "data-testid": "labm-value" })
    this.range.oninput = () => page.setParameter(Number(this.range.value))
    this.number.onchange = () => {
      const value = Number(this.number.value)
      if (this.number.value.trim() !== "" && Number.isFinite(value)) page.setParameter(value)
      page.redraw()
    }
    this.node = el("div", { class: "labm-parameters" }, this.grid, el("div", { class: "labm-editor" }, this.name, this.range, this.number))
    this.cells = []
    this.states = [] // what each cell shows, so that only what differs is written
  }

  draw(scene) {
    const { model } = scene.experiment
    this.model = model
    if (this.shape !== `${model.visible} ${model.hidden}`) this.build(model)
    const { theta } = model
    const roomy = sizeOf(this.grid)[0] / (model.visible + 2) >= 29
    this.cells.forEach((cell) => {
      const at = Number(cell.dataset.at)
      const colour = signed(scene.stops, theta[at], scene.most)
      const chosen = at === scene.chosen
      const state = `${colour} ${theta[at]} ${chosen} ${roomy}`
      if (this.states[at] === state) return
      this.states[at] = state
      cell.style.background = colour
      cell.style.color = legible(colour)
      say(cell, roomy ? fixed(theta[at], 1) : "")
      cell.setAttribute("aria-selected", String(chosen))
      cell.setAttribute("aria-label", `${parameterName(at, model)}: ${fixed(theta[at])}`)
      cell.tabIndex = chosen ? 0 : -1
    })
    const value = theta[scene.chosen]
    say(this.name, parameterName(scene.chosen, model))
    this.range.value = String(value)
    this.range.setAttribute("aria-label", `${parameterName(scene.chosen, model)}, slider`)
    if (document.activeElement !== this.number) this.number.value = value.toFixed(2)
  }

  /** Rows: the visible biases, then one hidden unit each, its bias first. */
  build(model) {
    this.shape = `${model.visible} ${model.hidden}`
    const { visible, hidden } = model
    const first = hidden * visible
    this.grid.style.gridTemplateColumns = `26px repeat(${visible + 1}, minmax(0, 1fr))`
    const head = (text) => el("span", { class: "labm-head", role: "columnheader" }, text)
    const side = (text) => el("span", { class: "labm-head", role: "rowheader" }, text)
    const row = (...children) => el("div", { role: "row", class: "labm-row" }, ...children)
    const cell = (at) => el("button", { type: "button", class: "labm-cell", role: "gridcell", "data-at": at, tabindex: -1, onpointerdown: (event) => this.grab(event, at) })
    const rows = [row(head(""), head("bias"), ...Array.from({ length: visible }, (_, i) => head(`v${i + 1}`)))]
    rows.push(row(side("bias"), el("span", { role: "gridcell" }), ...Array.from({ length: visible }, (_, i) => cell(first + i))))
    for (let j = 0; j < hidden; j += 1) {
      rows.push(row(side(`h${j + 1}`), cell(first + visible + j), ...Array.from({ length: visible }, (_, i) => cell(j * visible + i))))
    }
    this.grid.replaceChildren(...rows)
    this.states = []
    this.cells = [...this.grid.querySelectorAll(".labm-cell")]
  }

  grab(event, at) {
    const cell = event.currentTarget
    this.page.choose(at)
    const start = { y: event.clientY, value: this.model.theta[at] }
    cell.setPointerCapture(event.pointerId)
    cell.onpointermove = (move) => {
      const away = start.y - move.clientY
      if (Math.abs(away) > 2) this.page.setParameter(start.value + away * PER_PIXEL)
    }
    cell.onpointerup = cell.onpointercancel = () => { cell.onpointermove = null }
  }

  press(event) {
    const at = this.page.chosen
    const { visible, hidden, theta } = this.model
    const moved = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    const added = { "+": STEP, "=": STEP, "-": -STEP, PageUp: 1, PageDown: -1 }[event.key]
    if (moved) {
      const next = beside(at, moved, visible, hidden)
      if (next !== null) this.page.choose(next)
      this.focused = true
    } else if (added) this.page.setParameter(theta[at] + added)
    else if (event.key === "Delete" || event.key === "Backspace") this.page.setParameter(0)
    else return
    event.preventDefault()
    this.page.redraw(() => this.cells.find((cell) => Number(cell.dataset.at) === this.page.chosen)?.focus())
  }
}

/** The parameter one column or row further in the table, or null at its edge. */
function beside(at, [right, down], visible, hidden) {
  const first = hidden * visible
  let [column, row] = at < first ? [at % visible + 1, Math.floor(at / visible) + 1] : at < first + visible ? [at - first + 1, 0] : [0, at - first - visible + 1]
  column += right
  row += down
  if (column < 0 || row < 0 || column > visible || row > hidden || (column === 0 && row === 0)) return null
  if (row === 0) return first + column - 1
  return column === 0 ? first + visible + row - 1 : (row - 1) * visible + column - 1
}

function legible(colour) {
  const [red, green, blue] = colour.match(/\d+/g).map(Number)
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#14191E" : "#FFFFFF"
}
