// What the legend of a chart says, without a page around it.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { chartLayout } = await import("../../assets/shared/chart_traces.js")
const { Legend } = await import("../../assets/shared/legend.js")

const TRAIN = { metric: "recon_mse", name: "train" }
const HELDOUT = { metric: "heldout_recon_mse", name: "held out", dashed: true }
const OTHER = { metric: "active", name: "on", dotted: true }
const LAYERS = [
  { key: "layer1", label: "layer 1" },
  { key: "layer2", label: "layer 2" },
]
const scene = { theme: "light", layers: ["#111111", "#222222"] }

function lines(...series) {
  return LAYERS.flatMap((stage, index) => series.map((each) => ({ stage, index, series: each })))
}

function said(legend) {
  return legend.node.children.map((item) => item.textContent)
}

test("stages are named once, then the lines, then the parent", () => {
  const legend = new Legend({ series: [TRAIN, HELDOUT] })
  legend.draw(lines(TRAIN, HELDOUT), scene, true)
  assert.deepEqual(said(legend), ["layer 1", "layer 2", "train", "held out", "parent"])
})

test("a single line needs no name, and the lines alone name no stage", () => {
  const legend = new Legend({ series: [TRAIN, HELDOUT] })
  legend.draw(lines(TRAIN), scene, false)
  assert.deepEqual(said(legend), ["layer 1", "layer 2"])
  legend.drawLines(lines(TRAIN, HELDOUT), scene)
  assert.deepEqual(said(legend), ["train", "held out"])
  legend.clear()
  assert.deepEqual(said(legend), [])
})

test("the words of a band stand in the legend, never in the plot, and stay when another legend says the rest", () => {
  const spec = { series: [TRAIN], band: [5, 15] }
  const legend = new Legend(spec)
  legend.draw(lines(TRAIN), scene, false)
  assert.deepEqual(said(legend), ["layer 1", "layer 2", "5 to 15 %"])
  legend.drawBand()
  assert.deepEqual(said(legend), ["5 to 15 %"])
  const chart = { spec, plot: { clientWidth: 300, clientHeight: 130 }, isFirst: true, isLast: true, log: false }
  const layout = chartLayout(chart, [], { colours: {}, series: { marks: [], revision: 1 } }, [0, 3])
  assert.deepEqual(layout.shapes[0].y1, 15)
  assert.equal(JSON.stringify(layout).includes("15 %"), false)
})

test("another legend speaks for one whose lines mean the same", () => {
  const first = new Legend({ series: [TRAIN, HELDOUT] })
  assert.equal(new Legend({ series: [TRAIN, HELDOUT] }).saysAs(first), true)
  assert.equal(new Legend({ series: [OTHER] }).saysAs(first), true)
  assert.equal(new Legend({ series: [TRAIN, OTHER] }).saysAs(first), false)
})
