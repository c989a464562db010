// Numbers as people of one language write them.

const LANGUAGE = "en"
const RAISED = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"]

/**
 * A whole number: "60,000".
 * @param {number} value
 */
export function counted(value) {
  return value.toLocaleString(LANGUAGE)
}

/**
 * With so many decimals, two for an epoch.
 * @param {number} value
 */
export function fixed(value, decimals = 2) {
  return value.toFixed(decimals)
}

/**
 * With so many significant digits at most, a whole number with all of its own: "1,956", "−0.0123"; "" where it is no
 * number.
 * @param {number} value
 */
export function rounded(value, digits = 3) {
  if (!Number.isFinite(value)) return ""
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return power(value)
  const shown = Number.isInteger(value) ? value : Number(value.toPrecision(digits))
  return signed(shown.toLocaleString(LANGUAGE, { maximumFractionDigits: 10 }))
}

/**
 * "2.5 × 10⁷".
 * @param {number} value
 */
function power(value) {
  const [factor, exponent] = value.toExponential(1).replace(".0e", "e").replace("e+", "e").split("e")
  const raised = [...exponent].map((digit) => (digit === "-" ? "⁻" : RAISED[Number(digit)])).join("")
  return `${signed(factor)} × 10${raised}`
}

/** @param {string} text */
function signed(text) {
  return text.replaceAll("-", "−")
}
