// Numbers as people read them.

import assert from "node:assert/strict"
import { test } from "node:test"
import { counted, fixed, rounded } from "../../assets/shared/numbers.js"

test("a number has three significant digits, its thousands apart and a true minus", () => {
  const shown = [0, 12.345, 0.012_345_6, -1, -98.47, 190.4, 12_345.6].map((value) => rounded(value))
  assert.deepEqual(shown, ["0", "12.3", "0.0123", "−1", "−98.5", "190", "12,300"])
})

test("a count keeps all of its digits, however few are asked for", () => {
  assert.deepEqual([rounded(1956), rounded(784, 2), rounded(123_456)], ["1,956", "784", "123,456"])
})

test("very small and very large numbers are powers of ten, and no number is no text", () => {
  assert.deepEqual(
    [rounded(-1.5e-5), rounded(2.5e7), rounded(Number.NaN), rounded(1 / 0)],
    ["−1.5 × 10⁻⁵", "2.5 × 10⁷", "", ""],
  )
  assert.equal(rounded(3e8), "3 × 10⁸")
  assert.deepEqual([rounded(193.7, 2), counted(60_000), fixed(2)], ["190", "60,000", "2.00"])
})
