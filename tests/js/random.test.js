// Random numbers that a seed repeats, against the published recurrences in whole numbers of any size.

import assert from "node:assert/strict"
import { test } from "node:test"
import { Drawer, Random } from "../../assets/microscope/random.js"

const MASK = 0xffff_ffffn

/** splitmix32 and sfc32 in BigInt, where nothing overflows. */
function* reference(seed) {
  let state = BigInt(seed)
  const start = () => {
    state = (state + 0x9e37_79b9n) & MASK
    let mixed = state ^ (state >> 16n)
    mixed = (mixed * 0x21f0_aaadn) & MASK
    mixed ^= mixed >> 15n
    mixed = (mixed * 0x735a_2d97n) & MASK
    return mixed ^ (mixed >> 15n)
  }
  let [a, b, c, count] = [start(), start(), start(), 1n]
  for (let at = 0; ; at += 1) {
    const sum = (a + b + count) & MASK
    count = (count + 1n) & MASK
    a = b ^ (b >> 9n)
    b = (c + ((c << 3n) & MASK)) & MASK
    c = ((((c << 21n) & MASK) | (c >> 11n)) + sum) & MASK
    if (at >= 15) yield Number(sum)
  }
}

for (const seed of [0, 1, 7, 999_999, 4_294_967_295])
  test(`words of seed ${seed} are those of the recurrence`, () => {
    const random = new Random(seed)
    const expected = reference(seed)
    for (let at = 0; at < 101; at += 1) assert.equal(random.word(), expected.next().value, `word ${at}`)
  })

test("a uniform number is a word over 2^32, below one", () => {
  const [random, words] = [new Random(3), reference(3)]
  for (let at = 0; at < 53; at += 1) assert.equal(random.uniform(), words.next().value / 2 ** 32)
})

test("normal numbers have mean 0, variance 1 and a fourth moment of 3", () => {
  const random = new Random(11)
  const count = 200_000
  const sums = [0, 0, 0]
  for (let at = 0; at < count; at += 1) {
    const value = random.normal()
    for (const [place, power] of [1, 2, 4].entries()) sums[place] += value ** power
  }
  // Six standard errors: sqrt(1/n), sqrt(2/n), sqrt(96/n).
  for (const [place, [truth, variance]] of [
    [0, 1],
    [1, 2],
    [3, 96],
  ].entries())
    assert.ok(Math.abs(sums[place] / count - truth) < 6 * Math.sqrt(variance / count), `moment ${place}`)
})

test("a drawer gives the index in whose share the number falls, and never one of weight 0", () => {
  const drawer = new Drawer([1, 0, 3, 0, 4])
  const drawn = (uniform) => drawer.draw({ uniform: () => uniform })
  assert.equal(drawer.total, 8)
  assert.deepEqual([0, 0.124, 0.125, 0.499, 0.5, 0.999].map(drawn), [0, 0, 2, 2, 4, 4])
})
