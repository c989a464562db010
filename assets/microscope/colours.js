// Colours of numbers: signed ones by the lab's palette, energies by its blue half.

const made = new Map()

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
}

/** 256 colours [r, g, b] along the stops. */
export function ramp(stops) {
  const key = stops.join()
  if (!made.has(key)) {
    const known = stops.map(channels)
    made.set(key, Array.from({ length: 256 }, (_, at) => {
      const place = at / 255 * (known.length - 1)
      const low = Math.min(known.length - 2, Math.floor(place))
      return known[low].map((value, channel) => Math.round(value + (place - low) * (known[low + 1][channel] - value)))
    }))
  }
  return made.get(key)
}

/** The colour of a weight on a scale of -most..most. */
export function signed(stops, value, most) {
  const share = Math.max(-1, Math.min(1, value / (most || 1)))
  return `rgb(${ramp(stops)[Math.round(127.5 + 127.5 * share)].join(" ")})`
}

/** Low energies stand out, high ones fade into the page. */
export const energyStops = (stops) => stops.slice(0, 4)
