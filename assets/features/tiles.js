// A grid of invisible buttons above a mosaic, one a unit; arrow keys walk over it.

/** @import { UnitStates } from "../shared/messages.js" */
/** @import { Order, Selected, Shape } from "./scene.js" */

import { el, show } from "../shared/dom.js"
import { stateOf } from "../shared/unit_marks.js"
import { WORDS } from "./words.js"

const { tiles: words } = WORDS

export class Tiles {
  /**
   * @param {number} depth of the layer on the page
   * @param {string} label of the layer
   * @param {boolean} isAskable whether its units can be looked at
   * @param {(unit: number) => void} onPick
   */
  constructor(depth, label, isAskable, onPick) {
    this.depth = depth
    this.label = label
    this.isAskable = isAskable
    this.onPick = onPick
    this.columns = 0
    /** @type {number[]} */
    this.units = [] // by place
    /** @type {HTMLButtonElement[]} */
    this.buttons = []
    this.key = ""
    /** @type {number | null | undefined} */
    this.selected = undefined // not looked up yet
    this.wantsFocus = false // it had the keyboard when it was hidden, or was given it since
    this.node = el("div", {
      class: "labf-grid",
      role: "group",
      "aria-label": words.label(depth),
    })
    this.node.onkeydown = (event) => this.press(event)
  }

  /**
   * As the picture lies.
   * @param {Shape} shape
   * @param {Order} order
   * @param {Selected | null} selected
   */
  lay({ columns, rows, shown }, order, selected) {
    const key = `${columns} ${shown} ${order.name} ${order.frame}`
    if (this.key !== key) {
      this.key = key
      this.node.style.gridTemplateColumns = `repeat(${columns}, 1fr)`
      this.node.style.gridTemplateRows = `repeat(${rows}, 1fr)`
      this.columns = columns
      this.rest()
      const before = this.units[this.buttons.findIndex((button) => button.tabIndex === 0)]
      this.units = Array.from({ length: shown }, (_, place) => order.units?.[place] ?? place)
      this.buttons = this.units.map((unit, place) => this.button(unit, place))
      this.node.replaceChildren(...this.buttons)
      this.selected = undefined
      this.rove(Math.max(0, this.units.indexOf(before)))
    }
    this.select(selected)
    show(this.node, true)
    if (this.wantsFocus && document.activeElement === document.body) this.focus()
    this.wantsFocus = false
  }

  /** While there is no picture. */
  hide() {
    this.rest()
    show(this.node, false)
  }

  /** Its buttons are about to go: remember which one has the keyboard. */
  rest() {
    const place = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    if (place < 0) return
    this.wantsFocus = true
    this.rove(place)
  }

  /**
   * @param {number} unit
   * @param {number} place
   */
  button(unit, place) {
    return el("button", {
      type: "button",
      class: "labf-tile",
      disabled: !this.isAskable,
      tabindex: place ? -1 : 0,
      "data-unit": unit,
      "aria-label": words.unit(unit, this.label),
      title: words.title(unit),
      onclick: () => this.onPick(unit),
    })
  }

  /**
   * Say on each tile whose unit takes no part that it is so.
   * @param {UnitStates} states
   */
  mark(states) {
    for (const [place, button] of this.buttons.entries()) {
      const unit = this.units[place]
      const state = stateOf(states, unit)
      if ((button.dataset.sign ?? "") === (state?.sign ?? "")) continue
      const said = (/** @type {string} */ plain) => (state ? words.state(plain, state.one) : plain)
      button.title = said(words.title(unit))
      button.setAttribute("aria-label", said(words.unit(unit, this.label)))
      if (state) button.dataset.sign = state.sign
      else delete button.dataset.sign
    }
  }

  /** @param {Selected | null} selected */
  select(selected) {
    const unit = selected?.depth === this.depth ? selected.unit : null
    if (unit === this.selected) return
    this.selected = unit
    for (const [place, button] of this.buttons.entries())
      button.setAttribute("aria-pressed", String(this.units[place] === unit))
    const chosen = unit === null ? -1 : this.units.indexOf(unit)
    if (chosen >= 0) this.rove(chosen)
  }

  /** @param {number} place the one that the Tab key reaches */
  rove(place) {
    for (const [at, button] of this.buttons.entries()) button.tabIndex = at === place ? 0 : -1
  }

  focus() {
    this.wantsFocus = Boolean(this.node.hidden) || this.buttons.length === 0
    this.buttons.find((button) => button.tabIndex === 0)?.focus()
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const place = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target))
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns }
    const step = steps[event.key] ?? 0
    if (place < 0 || step === 0) return
    event.preventDefault()
    const next = this.buttons[place + step]
    if (!next) return
    this.rove(place + step)
    next.focus()
  }
}
