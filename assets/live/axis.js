// Where axes begin and end. They move in steps and rarely, so that curves do not swim while one looks.

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

/** The smallest calm number that is at least `value`. */
export function calm(value) {
  if (!(value > 0)) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return power * STEPS.find((step) => step * power >= value * (1 - 1e-9))
}

/** [start, end]: from the first epoch that has something to show to a little further than the run is, never beyond its last. */
export function epochRange(reached, total, start = 0) {
  const end = start + calm(Math.max((reached - start) * 1.04, 0.2))
  return [start, total > start ? Math.min(total, end) : end]
}

/** [low, high] of all finite values, or null. */
export function extent(curves) {
  let low = Infinity
  let high = -Infinity
  for (const { y } of curves) {
    for (const value of y) {
      if (value === null) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return high >= low ? [low, high] : null
}

/** A range for the y axis of a chart: linear from zero, or the logarithms of calm ends. */
export function valueRange(range, chart, log) {
  const floor = chart.band ? chart.band[1] * 1.35 : chart.key === "dead" ? 5 : 0
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

/** Around values that may be far from zero: whole steps of a size that fits. */
function between([low, high]) {
  const step = calm(Math.max((high - low) / 4, Math.abs(high) * 0.01, 0.1))
  return [step * Math.floor(low / step - 0.05), step * Math.ceil(high / step + 0.05)]
}
