// The energy of every joint state as a map: visible states along, hidden states down.

import { energyStops, ramp } from "./colours.js"
import { fromGray } from "./data.js"
import { choice, el } from "./dom.js"
import { fixed, painted, Panel } from "./panel.js"
import { hiddenWords, visibleWords } from "./words.js"

const MOST_COLUMNS = 512
const DEPTHS = [1, 2, 5, 10, 15, 25] // nats above the lowest energy at which the colour has faded
const STRIP = 7 // px at the top that mark states of the data

export class EnergyPanel extends Panel {
  constructor(page) {
    const chosen = choice("Order of the states", { probable: "probable", gray: "neighbours" }, "probable", (value) => {
      this.order = value
      page.redraw()
    })
    super("energies", page, chosen)
    this.order = "probable"
    this.canvas = el("canvas", { class: "labm-paint", role: "img", tabindex: 0, "data-testid": "labm-energies-canvas" })
    this.sheet = el("canvas")
    this.bar = el("i", { class: "lab-ramp" })
    this.most = el("span")
    this.lowest = el("span")
    this.body.append(el("div", { class: "labm-plot-box" }, this.canvas), el("div", { class: "labm-scale" }, this.lowest, this.bar, this.most))
    this.canvas.onpointermove = (event) => this.point(event.offsetX / this.canvas.clientWidth, (event.offsetY - STRIP) / (this.canvas.clientHeight - STRIP))
    this.canvas.onpointerleave = () => this.leave()
    this.canvas.onkeydown = (event) => this.press(event)
    this.cursor = null
  }

  draw(scene) {
    this.scene = scene
    const place = painted(this.canvas)
    if (!place) return
    const { experiment } = scene
    const { tables, hiddenLogWeight } = experiment.truth()
    const visible = this.columns(scene)
    const hidden = Array.from(hiddenLogWeight.keys())
    if (this.order === "gray") hidden.sort((a, b) => fromGray(a) - fromGray(b))
    else hidden.sort((a, b) => hiddenLogWeight[b] - hiddenLogWeight[a])
    Object.assign(this, { visible, hidden })
    const { energies, lowest, highest } = energiesOf(tables, visible)
    const depth = DEPTHS.find((nats) => nats >= highest - lowest) ?? DEPTHS.at(-1)
    const stops = energyStops(scene.stops)
    const colours = ramp(stops)
    const picture = new ImageData(visible.length, hidden.length)
    const pixels = new Uint32Array(picture.data.buffer)
    const packed = colours.map(([red, green, blue]) => (255 << 24 | blue << 16 | green << 8 | red) >>> 0)
    hidden.forEach((h, row) => {
      for (let column = 0; column < visible.length; column += 1) {
        const above = (energies[column * hidden.length + h] - lowest) / depth
        pixels[row * visible.length + column] = packed[above >= 1 ? 255 : Math.floor(255 * above)]
      }
    })
    this.sheet.width = visible.length
    this.sheet.height = hidden.length
    this.sheet.getContext("2d").putImageData(picture, 0, 0)
    const { paint, width, height } = place
    paint.imageSmoothingEnabled = false
    paint.drawImage(this.sheet, 0, STRIP, width, height - STRIP)
    this.marks(paint, width, scene)
    this.bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`
    this.lowest.textContent = `${fixed(lowest, 1)} nats`
    this.most.textContent = `${fixed(lowest + depth, 1)}${highest - lowest > depth ? " and above" : " nats"}`
    const all = visible.length === tables.visibleCount
    this.summary = `${all ? `All ${visible.length}` : `The ${visible.length} most probable of ${tables.visibleCount.toLocaleString("en")}`} visible × all ${hidden.length} hidden states. Lowest energy ${fixed(lowest)} nats.`
    this.tell()
    if (this.cursor) this.cross(paint, width, height, scene)
  }

  columns(scene) {
    const { experiment } = scene
    const logP = experiment.visible()
    const states = logP.length <= MOST_COLUMNS ? Array.from(logP.keys()) : scene.top().slice(0, MOST_COLUMNS)
    if (this.order === "gray") return states.sort((a, b) => fromGray(a) - fromGray(b))
    return states.sort((a, b) => logP[b] - logP[a])
  }

  marks(paint, width, { experiment, layers }) {
    paint.fillStyle = layers[1]
    const step = width / this.visible.length
    this.visible.forEach((v, at) => {
      if (experiment.data.share.has(v)) paint.fillRect(at * step, 0, Math.max(1, step), STRIP - 2)
    })
  }

  cross(paint, width, height, { colours }) {
    const [column, row] = this.cursor
    const [dx, dy] = [width / this.visible.length, (height - STRIP) / this.hidden.length]
    paint.strokeStyle = colours.text
    paint.lineWidth = 1.5
    paint.strokeRect(column * dx - 1, STRIP + row * dy - 1, dx + 2, dy + 2)
  }

  point(across, down) {
    if (!this.visible || down < 0) return
    this.cursor = [Math.min(this.visible.length - 1, Math.floor(across * this.visible.length)), Math.min(this.hidden.length - 1, Math.floor(down * this.hidden.length))]
    this.page.redraw()
  }

  leave() {
    this.cursor = null
    this.page.redraw()
  }

  press(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    if (!by || !this.visible) return
    event.preventDefault()
    const [column, row] = this.cursor ?? [0, 0]
    this.cursor = [Math.max(0, Math.min(this.visible.length - 1, column + by[0])), Math.max(0, Math.min(this.hidden.length - 1, row + by[1]))]
    this.page.redraw()
  }

  tell() {
    if (!this.cursor) return this.words(this.canvas, this.summary)
    const { experiment } = this.scene
    const { tables, logZ } = experiment.truth()
    const [v, h] = [this.visible[Math.min(this.cursor[0], this.visible.length - 1)], this.hidden[Math.min(this.cursor[1], this.hidden.length - 1)]]
    const energy = tables.energy(v, h)
    const percent = (p) => `${Number((100 * p).toPrecision(3))} %`
    this.words(this.canvas, `v = ${visibleWords(v, experiment.data)}, h = ${hiddenWords(h, tables.hidden)}: E = ${fixed(energy)} nats, p(v, h) = ${percent(Math.exp(-energy - logZ))}, p(v) = ${percent(Math.exp(experiment.visible()[v]))}`)
  }

  /** At most so many of the rows: all would be a hundred thousand. */
  rows(most = Infinity) {
    const { experiment } = this.scene
    const { tables, logZ } = experiment.truth()
    const total = this.visible.length * this.hidden.length
    const rows = Array.from({ length: Math.min(most, total) }, (_, at) => {
      const [v, h] = [this.visible[Math.floor(at / this.hidden.length)], this.hidden[at % this.hidden.length]]
      const energy = tables.energy(v, h)
      return [visibleWords(v, experiment.data).replace(",", ""), hiddenWords(h, tables.hidden), energy, Math.exp(-energy - logZ)]
    })
    return { head: ["v", "h", "E in nats", "p(v, h)"], rows, total }
  }
}

/** E(v, h) of the given visible states, all hidden states of one together, and the extremes of all. */
export function energiesOf(tables, visible) {
  const count = tables.hiddenCount
  const energies = new Float64Array(visible.length * count)
  let lowest = Infinity
  let highest = -Infinity
  visible.forEach((v, at) => {
    const from = at * count
    energies[from] = tables.energy(v, 0)
    for (let h = 0; h < count; h += 1) {
      if (h > 0) {
        const unit = 31 - Math.clz32(h)
        energies[from + h] = energies[from + (h ^ (1 << unit))] - tables.field(v, unit)
      }
      if (energies[from + h] < lowest) lowest = energies[from + h]
      if (energies[from + h] > highest) highest = energies[from + h]
    }
  })
  return { energies, lowest, highest }
}
