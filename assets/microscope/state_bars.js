// A bar for a visible state: the model's probability, a mark at the data's, a dot at the share of the chain's visits.

/** @import { Colours } from "../shared/scene.js" */
/** @import { Painting } from "./canvas.js" */
/** @import { Data } from "./data.js" */
/** @import { Shares } from "./experiment.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Spot } from "./states.js" */

import { cell, visibleState } from "./names.js"
import { percent } from "./numbers.js"
import { WORDS } from "./words.js"

const LEFT = 44

/**
 * `v`: the state, null for all others together.
 * @typedef {Shares & { v: number | null, name: string }} Bar
 */

/** The upright axis: from 0 at `floor` to the probability `end`. */
class Axis {
  /**
   * @param {number} end
   * @param {number} floor
   */
  constructor(end, floor) {
    this.end = end
    this.floor = floor
  }

  /** @param {number} value */
  y(value) {
    return this.floor - Math.min(1, value / this.end) * (this.floor - 8)
  }
}

/**
 * One for each of the states, and one for all others; returns where they stand.
 * @param {Painting} painting
 * @param {Scene} scene
 * @param {number[]} states
 * @returns {Spot[]}
 */
export function drawBars({ paint, width, height }, scene, states) {
  const { data } = scene.experiment
  const bars = barsOf(scene, states)
  const thumb = data.kind === "image" ? data.shape[0] * 3 + 4 : 19
  const axis = new Axis(endOf(bars.slice(0, -1)), height - thumb - 8)
  paint.font = `11px ${scene.colours.font}`
  drawAxis(paint, axis, width, scene.colours)
  const step = (width - LEFT - 6) / bars.length
  return bars.map((bar, at) => {
    const middle = LEFT + (at + 0.5) * step
    drawModel(paint, axis, bar, middle, Math.min(18, step * 0.62), scene)
    if (scene.experiment.walk.total) drawChain(paint, axis, bar, middle, scene)
    drawThumb(paint, bar.v, data, { middle, top: axis.floor + 5, step }, scene.colours)
    return {
      left: middle - step / 2,
      right: middle + step / 2,
      bottom: height,
      wordsAt: () => WORDS.states.shares(bar.name, bar),
    }
  })
}

/**
 * @param {Scene} scene
 * @param {number[]} states
 * @returns {Bar[]} the last one is that of all others
 */
function barsOf({ experiment }, states) {
  const { data, walk } = experiment
  const bars = states.map((v) => ({ v, name: visibleState(v, data), ...experiment.sharesOf(v) }))
  const rest = (/** @type {"data" | "model" | "chain"} */ key) => 1 - bars.reduce((sum, bar) => sum + bar[key], 0)
  return [
    ...bars,
    {
      v: null,
      name: WORDS.states.others(experiment.truth().logP.length - states.length),
      data: rest("data"),
      model: rest("model"),
      chain: walk.total ? rest("chain") : 0,
    },
  ]
}

/**
 * The end of the axis: a chain that has just begun does not stretch it.
 * @param {Bar[]} bars
 */
function endOf(bars) {
  const heights = bars.map(({ data, model, chain }) =>
    Math.max(data, model, Math.min(chain, 1.5 * Math.max(model, data))),
  )
  const tallest = Math.max(...heights, 1e-9)
  const power = 10 ** Math.floor(Math.log10(tallest))
  return ([1, 1.2, 1.6, 2, 3, 4, 6, 8].find((step) => step * power >= tallest * 1.04) ?? 10) * power
}

/**
 * @param {CanvasRenderingContext2D} paint
 * @param {Axis} axis
 * @param {number} width
 * @param {Colours} colours
 */
function drawAxis(paint, axis, width, colours) {
  paint.textAlign = "right"
  paint.lineWidth = 1
  for (let part = 0; part <= 4; part += 1) {
    const value = (axis.end * part) / 4
    const y = axis.y(value)
    paint.strokeStyle = colours.grid
    paint.beginPath()
    paint.moveTo(LEFT, Math.round(y) + 0.5)
    paint.lineTo(width, Math.round(y) + 0.5)
    paint.stroke()
    paint.fillStyle = colours.muted
    paint.fillText(percent(value), LEFT - 5, y + 4)
  }
}

/**
 * The bar itself and the mark of the data.
 * @param {CanvasRenderingContext2D} paint
 * @param {Axis} axis
 * @param {Bar} bar
 * @param {number} middle
 * @param {number} thickness
 * @param {Scene} scene
 */
function drawModel(paint, axis, { data, model }, middle, thickness, { colours, layers }) {
  const top = axis.y(model)
  paint.fillStyle = layers[0]
  paint.fillRect(middle - thickness / 2, top, thickness, axis.floor - top)
  if (model > axis.end) {
    paint.save()
    paint.fillStyle = colours.surface
    paint.textAlign = "left"
    paint.translate(middle + 4, axis.floor - 6)
    paint.rotate(-Math.PI / 2)
    paint.fillText(`↑ ${percent(model)}`, 0, 0)
    paint.restore()
  }
  if (data <= 1e-9) return
  paint.fillStyle = layers[1]
  paint.fillRect(middle - thickness / 2 - 2, axis.y(data) - 1.5, thickness + 4, 3)
}

/**
 * A dot, or an arrow where it lies beyond the axis.
 * @param {CanvasRenderingContext2D} paint
 * @param {Axis} axis
 * @param {Bar} bar
 * @param {number} middle
 * @param {Scene} scene
 */
function drawChain(paint, axis, { chain }, middle, { colours, layers }) {
  paint.fillStyle = layers[2]
  paint.beginPath()
  if (chain <= axis.end) paint.arc(middle, axis.y(chain), 3.2, 0, 7)
  else {
    paint.moveTo(middle, 0)
    paint.lineTo(middle + 5, 9)
    paint.lineTo(middle - 5, 9)
    paint.closePath()
  }
  paint.fill()
  paint.strokeStyle = colours.surface
  paint.lineWidth = 1
  paint.stroke()
}

/**
 * The image under its bar; of the plane its cell in a small square; "…" for all others.
 * @param {CanvasRenderingContext2D} paint
 * @param {number | null} v
 * @param {Data} data
 * @param {{ middle: number, top: number, step: number }} place
 * @param {Colours} colours
 */
function drawThumb(paint, v, data, { middle, top, step }, colours) {
  paint.fillStyle = colours.muted
  if (v === null) {
    paint.textAlign = "center"
    paint.fillText("…", middle, top + 8)
    return
  }
  const [rows, columns] = data.shape
  const size = data.kind === "image" ? Math.max(1, Math.min(3, Math.floor((step - 2) / columns))) : 1
  const left = Math.round(middle - (columns * size) / 2)
  paint.fillStyle = colours.grid
  paint.fillRect(left - 1, top - 1, columns * size + 2, rows * size + 2)
  paint.fillStyle = colours.text
  if (data.kind === "plane") {
    const { column, row } = cell(v)
    paint.fillRect(left + column - 1, top + row - 1, 3, 3)
    return
  }
  for (let at = 0; at < rows * columns; at += 1) {
    if ((v >>> at) & 1) {
      paint.fillRect(left + (at % columns) * size, top + Math.floor(at / columns) * size, size, size)
    }
  }
}
