// Where epochs and values lie in a chart, and their round numbers.

const MARGIN = { left: 68, right: 12, top: 10 }

/** @typedef {[number, number]} Range */

export class Axes {
  /**
   * @param {number} width of the picture
   * @param {number} bottom of the values, px from the top
   * @param {Range} epochs
   * @param {Range} values
   * @param {boolean} log are values on a logarithmic axis?
   */
  constructor(width, bottom, epochs, values, log) {
    this.left = MARGIN.left
    this.right = width - MARGIN.right
    this.top = MARGIN.top
    this.bottom = bottom
    this.epochs = epochs
    this.values = values
    this.log = log
  }

  /** @param {number} epoch */
  x(epoch) {
    const [from, to] = this.epochs
    return this.left + ((epoch - from) / (to - from)) * (this.right - this.left)
  }

  /** @param {number} value */
  y(value) {
    const place = (/** @type {number} */ at) => (this.log ? Math.log(at) : at)
    const [low, high] = this.values.map(place)
    return this.bottom - ((place(value) - low) / (high - low)) * (this.bottom - this.top)
  }

  /**
   * The epoch at a pixel, within the axis.
   * @param {number} x
   */
  epochAt(x) {
    const [from, to] = this.epochs
    const share = (x - this.left) / (this.right - this.left)
    return from + Math.max(0, Math.min(1, share)) * (to - from)
  }

  epochTicks() {
    return ticks(this.epochs, Math.min(10, (this.right - this.left) / 70))
  }

  valueTicks() {
    return this.log ? logTicks(this.values) : ticks(this.values, Math.max(2, (this.bottom - this.top) / 34))
  }
}

/**
 * At 1, 2 or 5 times a power of ten.
 * @param {Range} range
 * @param {number} count
 */
function ticks([low, high], count) {
  const rough = (high - low) / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10)
  const found = []
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) {
    found.push(Number(tick.toPrecision(12)))
  }
  return found
}

/** @param {Range} range */
function logTicks([low, high]) {
  const within = (/** @type {number} */ tick) => tick >= low && tick <= high
  const found = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    found.push(...[1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(6))).filter(within))
  }
  return found.length > 1 ? found : [low, high].map((end) => Number(end.toPrecision(2))).filter(within)
}

/**
 * What an axis shows: a little more than the values, and zero where it is near.
 * @param {number[]} values those that can be drawn
 * @param {{ band: Range | null, from_zero: boolean }} spec
 * @param {boolean} log
 * @returns {Range}
 */
export function valueRange(values, { band, from_zero: fromZero }, log) {
  if (!values.length) return [0, 1]
  const least = values.reduce((best, value) => Math.min(best, value))
  const most = values.reduce((best, value) => Math.max(best, value))
  if (log) return [least / 1.15, most * 1.15]
  const low = band ? Math.min(least, band[0]) : least
  const high = band ? Math.max(most, band[1]) : most
  if (!fromZero) {
    const room = Math.max((high - low) * 0.08, Math.abs(high) * 0.005)
    return [low - room, high + room]
  }
  return withZero(low > 0 && low < 0.6 * high ? 0 : low, high < 0 && high > 0.6 * low ? 0 : high)
}

/**
 * Room beyond both ends; none beyond zero.
 * @param {number} low
 * @param {number} high
 * @returns {Range}
 */
function withZero(low, high) {
  if (low === 0 && high === 0) return [0, 1]
  const room = (high - low || Math.abs(high)) * 0.06
  return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room]
}
