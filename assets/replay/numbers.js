// Numbers as people read them.

/**
 * Significant digits, without a tail of zeros and without exponents where people would not write them.
 * @param {number | string | null} value a string: "nan", "inf" or "-inf"
 * @param {number} count
 */
export function digits(value, count) {
  if (value === null) return "–"
  const number = Number(value)
  if (!Number.isFinite(number)) return String(value)
  const rounded = Number(number.toPrecision(count))
  const size = Math.abs(number)
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return rounded.toExponential().replace("-", "−").replace("e−", "e-")
  return String(rounded).replace("-", "−")
}
