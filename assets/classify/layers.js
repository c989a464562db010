// What each layer makes of a picture: its activity, its reconstruction, and the filters of the units it excites most.

/** @import { LayerSight, Recognition } from "../shared/messages.js" */

import { el, say } from "../shared/dom.js"
import { figure } from "../shared/plotting.js"
import { WORDS } from "./words.js"

const { layers: words } = WORDS

export class Layers {
  constructor() {
    this.about = el("p", { class: "labc-foot" })
    this.list = el("div", { class: "labc-layers" })
    this.node = el("div", { class: "labc-layered" }, this.list, this.about)
    /** @type {Row[]} */
    this.rows = []
  }

  /** @param {Recognition} answer */
  update(answer) {
    this.rows = answer.layers.map((layer, index) => {
      const row = this.rows[index] ?? new Row(index + 1)
      row.update(layer)
      return row
    })
    this.list.replaceChildren(...this.rows.map((row) => row.node))
    say(this.about, aboutOf(answer))
  }

  clear() {
    this.rows = []
    this.list.replaceChildren()
    say(this.about, "")
  }
}

class Row {
  /** @param {number} depth */
  constructor(depth) {
    this.depth = depth
    /** @type {LayerSight | null} */
    this.layer = null
    this.levels = new Uint8Array() // of the units' activity
    this.activity = el("img", { class: "labc-pixels labc-activity", "data-testid": `labc-activity-${depth}` })
    this.back = el("img", { class: "labc-pixels labc-back", "data-testid": `labc-back-${depth}` })
    this.filters = el("img", { class: "labc-pixels labc-filters", "data-testid": `labc-filters-${depth}` })
    this.on = el("figcaption")
    this.off = el("figcaption")
    this.tip = el("figcaption")
    this.given = el("figure", {}, this.back, this.off)
    this.title = el("h3", { class: "labc-depth" })
    this.node = el(
      "div",
      { class: "labc-layer" },
      this.title,
      el("figure", {}, this.activity, this.on),
      this.given,
      el("figure", {}, this.filters, this.tip),
    )
    this.activity.onmousemove = (event) => this.point(event)
    this.activity.onmouseleave = () => this.rest()
    this.filters.onmousemove = (event) => this.pointFilter(event)
    this.filters.onmouseleave = () => this.rest()
  }

  /** @param {LayerSight} layer */
  update(layer) {
    this.layer = layer
    this.levels = Uint8Array.from(atob(layer.activity), (sign) => sign.charCodeAt(0))
    say(this.title, words.title(this.depth, layer.units))
    this.activity.src = layer.picture
    this.activity.alt = words.activityPicture(layer.units, this.depth, figure(100 * layer.mean))
    this.given.hidden = layer.reconstruction === null
    if (layer.reconstruction !== null) {
      this.back.src = layer.reconstruction
      this.back.alt = words.backPicture(this.depth)
      say(this.off, words.back(figure(layer.error)))
    }
    this.filters.src = layer.filters
    this.filters.alt = words.filtersPicture(layer.strongest)
    this.rest()
  }

  rest() {
    if (!this.layer) return
    say(this.on, words.activity(figure(100 * this.layer.mean)))
    say(this.tip, words.strongest(this.layer.strongest.slice(0, 4)))
  }

  /** @param {MouseEvent} event */
  point(event) {
    if (!this.layer) return
    const { columns, units } = this.layer
    const unit = placeAt(event, this.activity, columns, Math.ceil(units / columns))
    if (unit >= 0 && unit < units) say(this.on, words.unit(unit, figure((100 * this.levels[unit]) / 255)))
  }

  /** @param {MouseEvent} event */
  pointFilter(event) {
    if (!this.layer) return
    const { strongest, above, filter_columns: columns } = this.layer
    const place = placeAt(event, this.filters, columns, Math.ceil(strongest.length / columns))
    if (place >= 0 && place < strongest.length) say(this.tip, words.above(strongest[place], figure(100 * above[place])))
  }
}

/** @param {Recognition} answer */
function aboutOf({ layers, stack, epoch }) {
  if (!layers.length) return words.none
  const about = words.about(stack, epoch)
  return layers.some((layer) => layer.reconstruction === null) ? words.noWayBack(about) : about
}

/**
 * The place under the pointer in a grid of equal tiles.
 * @param {MouseEvent} event
 * @param {HTMLElement} grid
 * @param {number} columns
 * @param {number} rows
 */
function placeAt({ clientX, clientY }, grid, columns, rows) {
  const box = grid.getBoundingClientRect()
  const row = Math.floor(((clientY - box.top) / box.height) * rows)
  return row * columns + Math.floor(((clientX - box.left) / box.width) * columns)
}
