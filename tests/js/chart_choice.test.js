// Which charts of a run are on the screen.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { ChartChoice } = await import("../../assets/live/chart_choice.js")

const KEYS = ["error", "classified", "loss", "activity", "dead"]
const STAGES = [
  { key: "layer1", charts: ["error", "activity", "dead"] },
  { key: "finetune", charts: ["classified", "loss"] },
]
const series = { of: () => [] }

function choiceOf() {
  const charts = KEYS.map((key, rank) => ({
    spec: { key, rank, name: key, series: [{ metric: key }] },
    node: document.createElement("div"),
  }))
  const all = { charts, shown: charts, node: document.createElement("div"), select: (some) => (all.shown = some) }
  all.node.prepend = () => {}
  return { choice: new ChartChoice(all, () => {}), shown: () => all.shown.map((chart) => chart.spec.key) }
}

test("before a run is known no chart has a frame, then those of its stage have, and another run begins anew", () => {
  const { choice, shown } = choiceOf()
  assert.deepEqual(shown(), [])
  choice.update(STAGES.slice(0, 1), ["layer1"], series)
  assert.deepEqual(shown(), ["error", "activity", "dead"])
  choice.clear()
  assert.deepEqual(shown(), [])
  choice.update(STAGES, ["finetune"], series)
  assert.deepEqual(shown(), ["classified", "loss"])
})
