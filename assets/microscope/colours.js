// Colours of numbers: signed ones by the lab's palette, energies by its blue half.

/** @type {Map<string, number[][]>} */
const made = new Map()

/**
 * [r, g, b] of #rrggbb.
 * @param {string} colour
 */
export function channels(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

/**
 * 256 colours [r, g, b] along the stops.
 * @param {string[]} stops
 */
export function ramp(stops) {
  const key = stops.join()
  const known = made.get(key)
  if (known) return known
  const ends = stops.map(channels)
  const colours = Array.from({ length: 256 }, (_, at) => {
    const place = (at / 255) * (ends.length - 1)
    const low = Math.min(ends.length - 2, Math.floor(place))
    return ends[low].map((value, channel) => Math.round(value + (place - low) * (ends[low + 1][channel] - value)))
  })
  made.set(key, colours)
  return colours
}

/**
 * The colour of a weight on a scale of -most..most.
 * @param {string[]} stops
 * @param {number} value
 * @param {number} most
 */
export function signed(stops, value, most) {
  return `rgb(${signedChannels(stops, value, most).join(" ")})`
}

/**
 * The colour of text on `signed`.
 * @param {string[]} stops
 * @param {number} value
 * @param {number} most
 */
export function textOnSigned(stops, value, most) {
  const [red, green, blue] = signedChannels(stops, value, most)
  return red * 0.299 + green * 0.587 + blue * 0.114 > 140 ? "#14191E" : "#FFFFFF"
}

/**
 * @param {string[]} stops
 * @param {number} value
 * @param {number} most
 */
function signedChannels(stops, value, most) {
  const share = Math.max(-1, Math.min(1, value / (most || 1)))
  return ramp(stops)[Math.round(127.5 + 127.5 * share)]
}

/**
 * Low energies stand out, high ones fade into the page.
 * @param {string[]} stops
 */
export const energyStops = (stops) => stops.slice(0, 4)
