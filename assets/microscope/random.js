// Random numbers that a seed repeats: sfc32 (Chris Doty-Humphrey, PractRand), started by splitmix32.

export class Random {
  /** @param {number} seed */
  constructor(seed) {
    let state = seed >>> 0
    const next = () => {
      state = (state + 0x9e_37_79_b9) >>> 0
      let mixed = state ^ (state >>> 16)
      mixed = Math.imul(mixed, 0x21_f0_aa_ad)
      mixed ^= mixed >>> 15
      mixed = Math.imul(mixed, 0x73_5a_2d_97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    this.state = Int32Array.of(next(), next(), next(), 1)
    for (let skipped = 0; skipped < 15; skipped += 1) this.word()
  }

  /** 32 random bits. */
  word() {
    const { state } = this
    const [a, b, c, count] = [state[0], state[1], state[2], state[3]]
    const sum = (((a + b) | 0) + count) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = (c + (c << 3)) | 0
    state[2] = (((c << 21) | (c >>> 11)) + sum) | 0
    state[3] = count + 1
    return sum >>> 0
  }

  /** Uniform on [0, 1), a multiple of 2^-32. */
  uniform() {
    return this.word() / 4_294_967_296
  }

  /** Standard normal, by Box and Muller. */
  normal() {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return radius * Math.cos(2 * Math.PI * this.uniform())
  }
}

/** Draws from weights that need not sum to 1, by bisection of their running sum. */
export class Drawer {
  /** @param {ArrayLike<number>} weights */
  constructor(weights) {
    this.sums = new Float64Array(weights.length)
    let sum = 0
    for (let at = 0; at < weights.length; at += 1) {
      sum += weights[at]
      this.sums[at] = sum
    }
    this.total = sum
  }

  /**
   * The index of one.
   * @param {Random} random
   */
  draw(random) {
    const target = random.uniform() * this.total
    let [low, high] = [0, this.sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.sums[middle] > target) high = middle
      else low = middle + 1
    }
    return low
  }
}
