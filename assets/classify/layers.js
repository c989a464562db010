// What each layer makes of a picture: its activity, what it gives back, and the filters of the units it excites most.

import { el, say } from "./dom.js"
import { figure } from "./drawing.js"

export class Layers {
  constructor() {
    this.about = el("p", { class: "labc-foot" })
    this.list = el("div", { class: "labc-layers" })
    this.node = el("div", { class: "labc-layered" }, this.list, this.about)
    this.rows = []
  }

  update(answer) {
    while (this.rows.length < answer.layers.length) this.rows.push(new Row(this.rows.length + 1))
    this.rows.length = answer.layers.length
    this.list.replaceChildren(...this.rows.map((row) => row.node))
    for (const [index, layer] of answer.layers.entries()) this.rows[index].update(layer)
    const none = answer.layers.some((layer) => layer.reconstruction === null)
      ? " This net was trained from scratch, as a classifier: it knows no way back to the image."
      : ""
    say(this.about, answer.layers.length ? `These are the ${answer.stack} at epoch ${answer.epoch.toFixed(2)}.${none}` : "No layer has learnt anything yet.")
  }

  clear() {
    this.rows = []
    this.list.replaceChildren()
    say(this.about, "")
  }
}

class Row {
  constructor(depth) {
    this.depth = depth
    this.activity = el("img", { class: "labc-pixels labc-activity", "data-testid": `labc-activity-${depth}` })
    this.back = el("img", { class: "labc-pixels labc-back", "data-testid": `labc-back-${depth}` })
    this.filters = el("img", { class: "labc-pixels labc-filters", "data-testid": `labc-filters-${depth}` })
    this.on = el("figcaption")
    this.off = el("figcaption")
    this.tip = el("figcaption")
    this.title = el("h4", { class: "labc-depth" })
    this.node = el("div", { class: "labc-layer" }, this.title,
      el("figure", {}, this.activity, this.on), el("figure", {}, this.back, this.off), el("figure", {}, this.filters, this.tip))
    this.activity.onmousemove = (event) => this.point(event)
    this.activity.onmouseleave = () => this.rest()
    this.filters.onmousemove = (event) => this.pointFilter(event)
    this.filters.onmouseleave = () => this.rest()
  }

  update(layer) {
    this.layer = layer
    this.levels = Uint8Array.from(atob(layer.activity), (sign) => sign.charCodeAt(0))
    say(this.title, `Layer ${this.depth} · ${layer.units.toLocaleString("en")} units`)
    this.activity.src = layer.picture
    this.activity.alt = `Activity of the ${layer.units} units of layer ${this.depth}; on average ${figure(100 * layer.mean)} %`
    this.back.parentElement.hidden = layer.reconstruction === null
    if (layer.reconstruction !== null) {
      this.back.src = layer.reconstruction
      this.back.alt = `What layer ${this.depth} gives back`
      say(this.off, `given back, error ${figure(layer.error)}`)
    }
    this.filters.src = layer.filters
    this.filters.alt = `Filters of the units that are excited most: ${layer.strongest.join(", ")}`
    this.rest()
  }

  rest() {
    say(this.on, `activity, ${figure(100 * this.layer.mean)} % on average`)
    say(this.tip, `most excited: ${this.layer.strongest.slice(0, 4).join(", ")} …`)
  }

  point(event) {
    const { columns, units } = this.layer
    const rows = Math.ceil(units / columns)
    const box = this.activity.getBoundingClientRect()
    const unit = Math.floor(((event.clientY - box.top) / box.height) * rows) * columns + Math.floor(((event.clientX - box.left) / box.width) * columns)
    if (unit >= 0 && unit < units) say(this.on, `unit ${unit}: ${figure((100 * this.levels[unit]) / 255)} %`)
  }

  pointFilter(event) {
    const { strongest, above, filter_columns: columns } = this.layer
    const box = this.filters.getBoundingClientRect()
    const rows = Math.ceil(strongest.length / columns)
    const place = Math.floor(((event.clientY - box.top) / box.height) * rows) * columns + Math.floor(((event.clientX - box.left) / box.width) * columns)
    if (place >= 0 && place < strongest.length) say(this.tip, `unit ${strongest[place]}: ${figure(100 * above[place])} points above its average`)
  }
}
