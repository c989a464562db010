// p(v) against the data and against what the Gibbs chain has visited: as bars, or as maps of all states.

import { gray } from "./data.js"
import { choice, el, show } from "./dom.js"
import { fixed, painted, Panel } from "./panel.js"
import { cell, visibleWords } from "./words.js"

const MOST_BARS = 44
const OTHERS = 8 // bars kept for probable states that are not among the data
const LEFT = 44

export class StatesPanel extends Panel {
  constructor(page) {
    const chosen = choice("Show p(v) as", { bars: "bars", map: "map" }, "bars", (value) => {
      this.view = value
      page.redraw()
    })
    super("states", page, chosen)
    this.view = "bars"
    this.canvas = el("canvas", { class: "labm-paint", role: "img", tabindex: 0, "data-testid": "labm-states-canvas" })
    this.legend = el("div", { class: "labm-legend" })
    this.tip = el("div", { class: "labm-tip", hidden: true })
    this.body.append(this.legend, el("div", { class: "labm-plot-box" }, this.canvas, this.tip))
    this.canvas.onpointermove = (event) => this.hover(event.offsetX, event.offsetY)
    this.canvas.onpointerleave = () => show(this.tip, false)
    this.canvas.onkeydown = (event) => this.press(event)
    this.at = -1
  }

  draw(scene) {
    this.scene = scene
    const { experiment, colours, layers } = scene
    const place = painted(this.canvas)
    if (!place) return
    const logP = experiment.visible()
    const { walk, data } = experiment
    this.parts = [["data", layers[1]], ["model p(v)", layers[0]], [`chain, ${walk.total.toLocaleString("en")} visits`, layers[2]]]
    const key = `${this.view} ${this.parts}`
    if (this.legended !== key) {
      this.legended = key
      this.legend.replaceChildren(...this.parts.map(([name, colour]) => el("span", {}, el("i", { class: "lab-swatch", style: `background: ${colour}` }), name)))
    }
    this.spots = []
    if (this.view === "bars") this.bars(place, scene, logP)
    else this.maps(place, scene, logP)
    let covered = 0
    for (const state of data.states) covered += Math.exp(logP[state])
    const distance = walk.distance(logP)
    const chain = distance === null ? "The chain has visited nothing yet." : `Chain against model: ${fixed(100 * distance, 1)} % of the visits are in the wrong place (total variation).`
    this.words(this.canvas, `${fixed(100 * covered, 1)} % of the model's probability lies on the ${data.states.length.toLocaleString("en")} states of the data (of ${logP.length.toLocaleString("en")}). ${chain}`)
    if (this.at >= 0) this.point(this.at)
  }

  /** States in the order of the bars: those of the data, most frequent first, then the most probable others. */
  order(scene, logP) {
    const { data } = scene.experiment
    if (this.ordered?.data !== data) {
      const known = Array.from(data.states).sort((a, b) => data.share.get(b) - data.share.get(a) || a - b)
      this.ordered = { data, known: known.slice(0, MOST_BARS - OTHERS) }
    }
    const { known } = this.ordered
    const taken = new Set(known)
    const others = scene.top().filter((state) => !taken.has(state)).slice(0, OTHERS)
    return [...known, ...others]
  }

  bars({ paint, width, height }, scene, logP) {
    const { experiment, colours, layers } = scene
    const { data, walk } = experiment
    const states = this.order(scene, logP)
    const values = states.map((v) => ({ v, name: visibleWords(v, data), data: data.share.get(v) ?? 0, model: Math.exp(logP[v]), chain: walk.total ? (walk.visits.get(v) ?? 0) / walk.total : 0 }))
    const sum = (key) => values.reduce((total, value) => total + value[key], 0)
    values.push({ v: null, name: `all ${(logP.length - states.length).toLocaleString("en")} other states together`, data: 1 - sum("data"), model: 1 - sum("model"), chain: walk.total ? 1 - sum("chain") : 0 })
    const thumb = data.kind === "image" ? data.shape[0] * 3 + 4 : 19
    const floor = height - thumb - 8
    const tallest = Math.max(...values.slice(0, -1).map((value) => Math.max(value.data, value.model, Math.min(value.chain, 1.5 * Math.max(value.model, value.data)))), 1e-9)
    const end = nice(tallest)
    const y = (value) => floor - Math.min(1, value / end) * (floor - 8)
    paint.font = `11px ${colours.font}`
    this.yAxis(paint, width, y, end, colours)
    const step = (width - LEFT - 6) / values.length
    const bar = Math.min(18, step * 0.62)
    values.forEach((value, at) => {
      const middle = LEFT + (at + 0.5) * step
      paint.fillStyle = layers[0]
      paint.fillRect(middle - bar / 2, y(value.model), bar, floor - y(value.model))
      if (value.model > end) {
        paint.save()
        paint.fillStyle = colours.surface
        paint.textAlign = "left"
        paint.translate(middle + 4, floor - 6)
        paint.rotate(-Math.PI / 2)
        paint.fillText(`↑ ${Number((100 * value.model).toPrecision(3))} %`, 0, 0)
        paint.restore()
      }
      if (value.data > 1e-9) {
        paint.fillStyle = layers[1]
        paint.fillRect(middle - bar / 2 - 2, y(value.data) - 1.5, bar + 4, 3)
      }
      if (walk.total) {
        paint.fillStyle = layers[2]
        paint.beginPath()
        if (value.chain <= end) paint.arc(middle, y(value.chain), 3.2, 0, 7)
        else arrow(paint, middle) // beyond the axis
        paint.fill()
        paint.strokeStyle = colours.surface
        paint.lineWidth = 1
        paint.stroke()
      }
      this.thumb(paint, value.v, data, middle, floor + 5, colours, step)
      this.spots.push({ ...value, left: middle - step / 2, right: middle + step / 2, top: 0, bottom: height })
    })
  }

  yAxis(paint, width, y, end, colours) {
    paint.textAlign = "right"
    paint.lineWidth = 1
    for (let part = 0; part <= 4; part += 1) {
      const value = end * part / 4
      paint.strokeStyle = colours.grid
      paint.beginPath()
      paint.moveTo(LEFT, Math.round(y(value)) + 0.5)
      paint.lineTo(width, Math.round(y(value)) + 0.5)
      paint.stroke()
      paint.fillStyle = colours.muted
      paint.fillText(`${Number((100 * value).toPrecision(3))} %`, LEFT - 5, y(value) + 4)
    }
  }

  /** The image under its bar; of the plane its cell in a small square; "…" for all others. */
  thumb(paint, v, data, middle, top, colours, step) {
    paint.fillStyle = colours.muted
    if (v === null) {
      paint.textAlign = "center"
      paint.fillText("…", middle, top + 8)
      return
    }
    const [rows, columns] = data.shape
    const size = data.kind === "image" ? Math.max(1, Math.min(3, Math.floor((step - 2) / columns))) : 1
    const left = Math.round(middle - columns * size / 2)
    paint.fillStyle = colours.grid
    paint.fillRect(left - 1, top - 1, columns * size + 2, rows * size + 2)
    paint.fillStyle = colours.text
    if (data.kind === "plane") {
      const { column, row } = cell(v)
      paint.fillRect(left + column - 1, top + row - 1, 3, 3)
      return
    }
    for (let at = 0; at < rows * columns; at += 1) {
      if (v >>> at & 1) paint.fillRect(left + at % columns * size, top + Math.floor(at / columns) * size, size, size)
    }
  }

  /** Three squares with a cell a state: the lower half of the bits along, the upper half down, both in Gray order. */
  maps({ paint, width, height }, scene, logP) {
    const { experiment, colours, layers } = scene
    const { data, walk } = experiment
    const bits = data.visible
    const [across, down] = [2 ** Math.floor(bits / 2), 2 ** Math.ceil(bits / 2)]
    const side = Math.min((width - 40) / 3, height - 24)
    const values = [
      (v) => data.share.get(v) ?? 0,
      (v) => Math.exp(logP[v]),
      (v) => walk.total ? (walk.visits.get(v) ?? 0) / walk.total : 0,
    ]
    const most = data.p.reduce((best, p) => Math.max(best, p), 0)
    const gap = (width - 3 * side) / 4
    values.forEach((value, part) => {
      const picture = new ImageData(across, down)
      const colour = rgb(paint, layers[[1, 0, 2][part]])
      for (let row = 0; row < down; row += 1) {
        for (let column = 0; column < across; column += 1) {
          const v = gray(column) | gray(row) << Math.floor(bits / 2)
          const at = 4 * (row * across + column)
          picture.data.set([...colour, 255 * Math.min(1, Math.sqrt(value(v) / most))], at)
        }
      }
      const left = gap + part * (side + gap)
      draw(paint, picture, left, 0, side)
      paint.strokeStyle = colours.grid
      paint.strokeRect(left - 0.5, 0.5, side + 1, side)
      paint.fillStyle = colours.muted
      paint.textAlign = "center"
      paint.font = `11.5px ${colours.font}`
      paint.fillText(this.parts[part][0], left + side / 2, side + 16)
      this.spots.push({ map: { across, down, low: Math.floor(bits / 2) }, left, right: left + side, top: 0, bottom: side })
    })
  }

  hover(x, y) {
    const at = this.spots.findIndex((spot) => x >= spot.left && x < spot.right && y >= spot.top && y < spot.bottom)
    if (at < 0) return show(this.tip, false)
    this.at = -1
    this.tell(this.spots[at], x, y)
  }

  press(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by || this.view !== "bars") return
    event.preventDefault()
    this.at = Math.max(0, Math.min(this.spots.length - 1, this.at + by))
    this.point(this.at)
  }

  point(at) {
    const spot = this.spots[at]
    if (spot && this.view === "bars") this.tell(spot, (spot.left + spot.right) / 2, 20)
  }

  tell(spot, x, y) {
    let value = spot
    if (spot.map) {
      const size = (spot.right - spot.left)
      const column = Math.floor((x - spot.left) / size * spot.map.across)
      const row = Math.floor((y - spot.top) / size * spot.map.down)
      const v = gray(column) | gray(row) << spot.map.low
      const { data, walk } = this.scene.experiment
      value = { v, name: visibleWords(v, data), data: data.share.get(v) ?? 0, model: Math.exp(this.scene.experiment.visible()[v]), chain: walk.total ? (walk.visits.get(v) ?? 0) / walk.total : 0 }
    }
    const percent = (share) => `${Number((100 * share).toPrecision(3))} %`
    this.tip.textContent = `${value.name}: data ${percent(value.data)}, model ${percent(value.model)}, chain ${percent(value.chain)}`
    show(this.tip, true)
    const left = x > this.canvas.clientWidth / 2
    this.tip.style.left = left ? "auto" : `${x + 12}px`
    this.tip.style.right = left ? `${this.canvas.clientWidth - x + 12}px` : "auto"
  }

  rows() {
    const { experiment } = this.scene
    const { data, walk } = experiment
    const logP = experiment.visible()
    const states = Array.from(new Set([...this.order(this.scene, logP), ...data.states, ...this.scene.top()]))
    return {
      head: ["v", "data", "model p(v)", "share of visits"],
      rows: states.map((v) => [visibleWords(v, data).replace(",", ""), data.share.get(v) ?? 0, Math.exp(logP[v]), walk.total ? (walk.visits.get(v) ?? 0) / walk.total : null]),
    }
  }
}

function arrow(paint, middle) {
  paint.moveTo(middle, 0)
  paint.lineTo(middle + 5, 9)
  paint.lineTo(middle - 5, 9)
  paint.closePath()
}

function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].find((step) => step * power >= value * 1.04) * power || 10 * power
}

function rgb(paint, colour) {
  paint.fillStyle = colour
  return [1, 3, 5].map((at) => parseInt(paint.fillStyle.slice(at, at + 2), 16))
}

function draw(paint, picture, left, top, side) {
  const sheet = el("canvas", { width: picture.width, height: picture.height })
  sheet.getContext("2d").putImageData(picture, 0, 0)
  paint.imageSmoothingEnabled = false
  paint.drawImage(sheet, left, top, side, side)
}

