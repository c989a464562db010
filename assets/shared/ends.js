// What the two ends of the colours of a signed picture mean, in words.

import { WORDS } from "./words.js"

/**
 * @param {boolean} responds whether it shows what units respond to, around the mean image, and not weights
 * @param {boolean} colour
 */
export function endsOf(responds, colour) {
  const { weights, ink, colour: brightness } = WORDS.mosaic.ends
  if (!responds) return weights
  return colour ? brightness : ink
}
