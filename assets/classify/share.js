// Shares as people read them.

import { fixed } from "../shared/numbers.js"
import { WORDS } from "./words.js"

/**
 * A probability: "87 %", "3.2 %", "0.04 %". A softmax is never quite 0 or 1, though its rounding may be.
 * @param {number} share
 */
export function percent(share) {
  const value = 100 * share
  if (value >= 99.95) return WORDS.almostAll
  if (value >= 99.5 && value < 100) return WORDS.percent(fixed(value, 1)) // "100 %" would leave nothing for the others
  if (value >= 10) return WORDS.percent(fixed(value, 0))
  if (value >= 0.95) return WORDS.percent(fixed(value, 1))
  return value < 0.01 ? WORDS.almostNone : WORDS.percent(value.toPrecision(1))
}
