// Where the lines of several runs end, in words.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { ends } = await import("../../assets/compare/ends.js")

const TRAIN = { metric: "recon_mse", name: "train" }
const HELDOUT = { metric: "heldout_recon_mse", name: "held out", dashed: true }
const STAGES = [
  { key: "layer1", label: "layer 1" },
  { key: "layer3", label: "layer 3" },
]

function line(name, series, stage, value) {
  return { side: { data: { name, stages: STAGES } }, series, curve: { x: [1], y: [value], stage: [stage] } }
}

test("runs that end in different layers say which, and only held-out lines are told where there are such", () => {
  const spec = { series: [TRAIN, HELDOUT], suffix: "" }
  const deep = [line("deep", TRAIN, "layer3", 0.04), line("deep", HELDOUT, "layer3", 0.0421)]
  const flat = [line("flat", TRAIN, "layer1", 0.01), line("flat", HELDOUT, "layer1", 0.0149)]
  assert.deepEqual(ends([...deep, ...flat], spec), [
    "deep (held out), layer 3: 0.0421",
    "flat (held out), layer 1: 0.0149",
  ])
})

test("runs that end in the same layer are told apart by their names alone", () => {
  const spec = { series: [TRAIN], suffix: " %" }
  const lines = [line("one", TRAIN, "layer1", 12), line("two", TRAIN, "layer1", 7)]
  assert.deepEqual(ends(lines, spec), ["one: 12 %", "two: 7 %"])
})
