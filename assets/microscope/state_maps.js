// Three squares with a cell a visible state: the data, the model, the chain. The lower half of the bits runs along, the
// upper half down, both in Gray order; ink goes with the square root of the probability.

/** @import { Painting } from "./canvas.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Spot } from "./states.js" */

import { enlarge } from "./canvas.js"
import { channels } from "./colours.js"
import { gray } from "./data.js"
import { visibleState } from "./names.js"
import { WORDS } from "./words.js"

/** Where states lie in a square. */
class Grid {
  /** @param {number} bits */
  constructor(bits) {
    this.low = Math.floor(bits / 2)
    this.across = 2 ** this.low
    this.down = 2 ** Math.ceil(bits / 2)
  }

  /**
   * @param {number} column
   * @param {number} row
   */
  state(column, row) {
    return gray(column) | (gray(row) << this.low)
  }
}

/**
 * Returns where the squares lie.
 * @param {Painting} painting
 * @param {Scene} scene
 * @returns {Spot[]}
 */
export function drawMaps({ paint, width, height }, { experiment, colours, layers }) {
  const { data, walk } = experiment
  const { logP } = experiment.truth()
  const grid = new Grid(data.visible)
  const side = Math.min((width - 40) / 3, height - 24)
  const gap = (width - 3 * side) / 4
  const most = data.p.reduce((best, p) => Math.max(best, p), 0)
  const parts = [
    { name: WORDS.states.data, colour: layers[1], p: (/** @type {number} */ v) => data.shareOf(v) },
    { name: WORDS.states.model, colour: layers[0], p: (/** @type {number} */ v) => Math.exp(logP[v]) },
    { name: WORDS.states.chain(walk.total), colour: layers[2], p: (/** @type {number} */ v) => walk.shareOf(v) },
  ]
  return parts.map(({ name, colour, p }, part) => {
    const left = gap + part * (side + gap)
    enlarge(
      paint,
      inked(grid, colour, (v) => Math.sqrt(p(v) / most)),
      left,
      0,
      side,
      side,
    )
    paint.strokeStyle = colours.grid
    paint.strokeRect(left - 0.5, 0.5, side + 1, side)
    paint.fillStyle = colours.muted
    paint.textAlign = "center"
    paint.font = `11.5px ${colours.font}`
    paint.fillText(name, left + side / 2, side + 16)
    return {
      left,
      right: left + side,
      bottom: side,
      wordsAt: (x, y) => {
        const v = grid.state(Math.floor(((x - left) / side) * grid.across), Math.floor((y / side) * grid.down))
        return WORDS.states.shares(visibleState(v, data), experiment.sharesOf(v))
      },
    }
  })
}

/**
 * @param {Grid} grid
 * @param {string} colour
 * @param {(v: number) => number} ink from 0, beyond 1 as much as 1
 */
function inked(grid, colour, ink) {
  const picture = new ImageData(grid.across, grid.down)
  const [red, green, blue] = channels(colour)
  for (let row = 0; row < grid.down; row += 1) {
    for (let column = 0; column < grid.across; column += 1) {
      const at = 4 * (row * grid.across + column)
      picture.data.set([red, green, blue, 255 * Math.min(1, ink(grid.state(column, row)))], at)
    }
  }
  return picture
}
