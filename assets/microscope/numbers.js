// Numbers as people read them.

/**
 * A few significant digits.
 * @param {number | null} value
 * @param {number} digits
 */
export function figure(value, digits = 4) {
  if (value === null || Number.isNaN(value)) return "–"
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞"
  const size = Math.abs(value)
  const words =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(1)
      : value.toLocaleString("en", { maximumSignificantDigits: digits })
  return words.replace("-", "−")
}

/**
 * With so many decimals, and a true minus.
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals = 2) {
  if (!Number.isFinite(value)) return figure(value)
  const digits = value.toFixed(decimals)
  return Number(digits) === 0 ? digits.replace("-", "") : digits.replace("-", "−")
}

/**
 * A probability in per cent, with three significant digits.
 * @param {number} share
 */
export const percent = (share) => `${Number((100 * share).toPrecision(3))} %`
