// Where axes begin and end. They move in steps and rarely, so that curves do not swim while one looks.

/** @import { Chart } from "./messages.js" */

const LABEL = 15 // px that a label of the y axis needs
const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

/**
 * The smallest calm number that is at least `value`.
 * @param {number} value
 */
export function calm(value) {
  if (!(value > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return power * (STEPS.find((step) => step * power >= value * (1 - 1e-9)) ?? 10)
}

/**
 * [start, end]: from the first epoch that has something to show to a little further than the run is, never beyond its last.
 * @param {number} reached
 * @param {number} total
 * @param {number} start
 * @returns {[number, number]}
 */
export function epochRange(reached, total, start = 0) {
  const end = start + calm(Math.max((reached - start) * 1.04, 0.2))
  return [start, total > start ? Math.min(total, end) : end]
}

/**
 * [low, high] of all finite values, or null.
 * @param {{ y: (number | null)[] }[]} curves
 * @returns {[number, number] | null}
 */
export function extent(curves) {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const { y } of curves) {
    for (const value of y) {
      if (value === null) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return high >= low ? [low, high] : null
}

/**
 * A range for the y axis of a chart: linear from zero, or the logarithms of calm ends.
 * @param {[number, number] | null} range
 * @param {Chart} chart
 * @param {boolean} log
 * @returns {[number, number]}
 */
export function valueRange(range, chart, log) {
  const floor = leastHeight(chart)
  if (!range) return log ? [-3, 0] : [0, Math.max(floor, 1)]
  if (chart.from_zero === false) return between(range)
  if (!log) {
    const high = Math.max(floor, calm(range[1] * 1.05)) || 1
    return [0, chart.suffix === " %" ? Math.min(high, 100) : high]
  }
  const low = Math.max(range[0], 1e-9)
  const high = Math.max(range[1], low * 1.01)
  return [Math.log10(low) - 0.08, Math.log10(high) + 0.08]
}

/**
 * How high an axis from zero reaches at least: a band fits in, and a few dead units look few.
 * @param {Chart} chart
 */
function leastHeight(chart) {
  if (chart.band) return chart.band[1] * 1.35
  return chart.key === "dead" ? 5 : 0
}

/**
 * Ticks of a y axis whose labels have room for themselves: on a low plot fewer, one at the least. Between two ticks is at
 * least the height over their number, since their step is rounded up.
 * @param {number} height of the plot without its margins, px
 * @param {[number, number]} range
 * @param {Chart} chart
 */
export function tickCount(height, [low, high], chart) {
  const count = Math.min(Math.max(3, Math.round(height / 21)), Math.floor(height / LABEL))
  return Math.max(1, chart.key === "dead" ? Math.min(count, Math.floor(high - low)) : count)
}

/**
 * Where labels stand on a plot so low that round numbers between its ends have no room: at its ends, which are calm, or at
 * the upper one alone. Null: at round numbers.
 * @param {number} height of the plot without its margins, px
 * @param {number} count of `tickCount`
 * @param {[number, number]} range
 */
export function endTicks(height, count, [low, high]) {
  if (count > 1) return null
  return height < LABEL ? [high] : [low, high]
}

/**
 * Where the labels of a logarithmic axis stand: at 1, 2, 5 and 10, where these have room and powers of ten were too few.
 * @param {number} height of the plot without its margins, px
 * @param {[number, number]} range logarithms
 */
export function logStep(height, [low, high]) {
  if (high - low <= 0.6) return null // as plotly.js likes
  return (Math.log10(2) * height) / (high - low) < LABEL ? 1 : "D2"
}

/**
 * Around values that may be far from zero: whole steps of a size that fits.
 * @param {[number, number]} range
 * @returns {[number, number]}
 */
function between([low, high]) {
  const step = calm(Math.max((high - low) / 4, Math.abs(high) * 0.01, 0.1))
  return [step * Math.floor(low / step - 0.05), step * Math.ceil(high / step + 0.05)]
}
