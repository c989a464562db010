// Hidden probabilities of a batch as a picture, with dead and always-on units marked above it and listed below.

import { Card } from "./card.js"
import { el, say } from "./dom.js"
import { figure } from "./drawing.js"

const MARKS = 4 // rows of the picture above the first case
const LISTED = 14

export class HiddenCard extends Card {
  constructor(spec, page) {
    super(spec, page)
    this.img = el("img", { class: "labd-hidden", decoding: "sync", draggable: "false", hidden: true, "data-testid": "labd-hidden" })
    this.tip = el("span", { class: "labd-tip", hidden: true })
    this.units = el("span", { class: "labd-axis" })
    this.body.append(el("span", { class: "labd-axis labd-axis-side" }, "cases"), el("div", { class: "labd-picture" }, this.img, this.tip), this.units)
    this.img.onmousemove = (event) => this.point(event)
    this.img.onmouseleave = () => { this.tip.hidden = true }
  }

  draw(scene) {
    const data = scene.moments.get(scene.frame)
    if (!data) return false
    this.data = data
    this.csv.href = `${scene.addresses.diagnose}/hidden.csv?frames=${scene.frame}`
    const scale = Math.max(1, Math.min(8, Math.ceil((this.body.clientWidth * (window.devicePixelRatio || 1)) / data.shown[1])))
    this.swap(`${scene.addresses.diagnose}/frame/${scene.frame}/hidden-${scale}-${scene.theme}.png`, scene.frame)
    const words = `${named("dead", data.dead)}; ${named("always on", data.always_on)}`
    this.img.alt = `Hidden probabilities of ${data.shown[0]} images (rows) and ${data.shown[1]} units (columns). ${words}.`
    say(this.units, data.shown[1] < data.units ? `the first ${data.shown[1]} of ${data.units.toLocaleString("en")} units` : `${data.units.toLocaleString("en")} units`)
    this.foot.replaceChildren(
      el("span", {}, el("i", { class: "lab-swatch", style: `background: ${scene.layers[0]}` }), named("dead", data.dead)),
      el("span", {}, el("i", { class: "lab-swatch", style: `background: ${scene.layers[1]}` }), named("always on", data.always_on)),
    )
    return true
  }

  async swap(url, id) {
    if (this.url === url) return
    this.url = url
    const next = new Image()
    next.src = url
    try {
      await next.decode()
    } catch {
      if (this.url === url) this.url = this.key = "" // thinned out or offline: the next drawing asks again
      return
    }
    if (this.url !== url) return
    this.img.src = url
    this.img.hidden = false
    this.img.dataset.frame = id
  }

  point(event) {
    const box = this.img.getBoundingClientRect()
    const [cases, units] = this.data.shown
    const unit = Math.min(units - 1, Math.floor(((event.clientX - box.left) / box.width) * units))
    const row = Math.floor(((event.clientY - box.top) / box.height) * (cases + MARKS)) - MARKS
    const where = row < 0 ? "" : `, image ${row}`
    say(this.tip, `unit ${unit}${where}: on ${figure(100 * this.data.activity[unit])} % of the time`)
    this.tip.hidden = false
  }

  clear() {
    super.clear()
    this.url = ""
    this.img.hidden = true
    say(this.units, "")
  }
}

function named(what, units) {
  if (!units.length) return `no unit ${what === "dead" ? "is dead" : "is always on"}`
  const listed = units.slice(0, LISTED).join(", ")
  const more = units.length > LISTED ? ` and ${units.length - LISTED} more` : ""
  return `${units.length} ${what}: ${listed}${more}`
}
