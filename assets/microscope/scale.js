// An axis: where a value lies on it, which value lies at a pixel, and its round numbers.

/**
 * What an axis shows. `at`: its round numbers, where they are chosen by hand.
 * @typedef {{ range: [number, number], label: string, log?: boolean, at?: number[] }} Axis
 */

export class Scale {
  /**
   * @param {Axis} axis
   * @param {number} from the pixel of its low end
   * @param {number} to
   */
  constructor(axis, from, to) {
    this.axis = axis
    this.from = from
    this.to = to
    const [low, high] = axis.range
    this.first = this.place(low)
    this.span = this.place(high) - this.first
  }

  /** @param {number} value */
  place(value) {
    return this.axis.log ? Math.log(value) : value
  }

  /**
   * The pixel of a value.
   * @param {number} value
   */
  at(value) {
    return this.from + ((this.place(value) - this.first) / (this.span || 1)) * (this.to - this.from)
  }

  /**
   * The value at a pixel.
   * @param {number} pixel
   */
  valueAt(pixel) {
    const value = this.first + ((pixel - this.from) / (this.to - this.from)) * this.span
    return this.axis.log ? Math.exp(value) : value
  }

  /**
   * Round numbers within the range, about `count` of them.
   * @param {number} count
   */
  ticks(count) {
    const { range, log, at } = this.axis
    if (at) return at
    return log ? powers(range) : steps(range, count)
  }
}

/** @param {[number, number]} range */
function powers([low, high]) {
  const found = []
  for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power += 1) {
    found.push(10 ** power)
  }
  return found
}

/**
 * @param {[number, number]} range
 * @param {number} count
 */
function steps([low, high], count) {
  const rough = (high - low) / Math.max(2, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10)
  const found = []
  for (let tick = Math.ceil(low / step - 1e-9); tick * step <= high + step * 1e-9; tick += 1) {
    found.push(tick * step || 0)
  }
  return found
}
