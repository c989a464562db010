// Numbers of runs as they arrive, and of two runs side by side.

import assert from "node:assert/strict"
import { test } from "node:test"
import { difference, together } from "../../assets/shared/pairs.js"
import { Series } from "../../assets/shared/series.js"

const STAGES = ["layer1", "layer2"].map((key) => ({ key, label: key, units: 5, charts: [] }))
const mark = (epoch, problem = "") => ({ epoch, step: 7, text: "paused", problem })

test("points are appended to their curve, in the order in which they come", () => {
  const series = new Series()
  assert.ok(
    series.add(
      {
        "loss/layer1": [
          [1, 2],
          [0.5, null],
        ],
      },
      [],
    ),
  )
  assert.ok(series.add({ "loss/layer1": [[3], [0.25]], "dead/layer1": [[3], [0]] }, []))
  assert.deepEqual(series.curves.get("loss/layer1"), { x: [1, 2, 3], y: [0.5, null, 0.25] })
  assert.deepEqual(series.curves.get("dead/layer1"), { x: [3], y: [0] })
  assert.equal(series.epoch, 3)
})

test("nothing new leaves the revision; points, ghosts and marks each raise it by one", () => {
  const series = new Series()
  assert.equal(series.add({}, []), false)
  assert.equal(series.revision, 0)
  series.add({ "loss/layer1": [[1], [2]] }, [])
  series.add({}, [mark(1)])
  series.add({}, [], { "loss/layer1": [[0.5], [3]] })
  assert.equal(series.revision, 3)
})

test("ghosts are kept apart", () => {
  const series = new Series()
  series.add({}, [], { "loss/layer1": [[0.5], [3]] })
  assert.equal(series.curves.size, 0)
  assert.deepEqual(
    series.of("loss", STAGES, series.ghosts).map(({ curve }) => curve),
    [{ x: [0.5], y: [3] }],
  )
})

test("only commands that were obeyed leave a mark", () => {
  const series = new Series()
  series.add({}, [mark(1), mark(null), mark(2, "too large")])
  assert.deepEqual(
    series.marks.map(({ epoch }) => epoch),
    [1],
  )
})

test("a metric's curves come in the order of the stages, each with its place among them", () => {
  const series = new Series()
  series.add({ "loss/layer2": [[2], [1]], "loss/layer1": [[1], [4]], "losses/layer1": [[1], [9]] }, [])
  assert.deepEqual(
    series.of("loss", STAGES).map(({ stage, index, curve }) => [stage.key, index, curve.y]),
    [
      ["layer1", 0, [4]],
      ["layer2", 1, [1]],
    ],
  )
  series.curves.delete("loss/layer1")
  assert.deepEqual(
    series.of("loss", STAGES).map(({ index }) => index),
    [1],
  )
})

test("all layers make one curve with a hole where a layer ends", () => {
  const series = new Series()
  series.add(
    {
      "loss/layer1": [
        [1, 2],
        [0.123_456_789, null],
      ],
      "loss/layer2": [
        [3, 4],
        [2, 1],
      ],
    },
    [],
  )
  assert.deepEqual(together(series, "loss", STAGES, 100), {
    x: [1, 2, 3, 3, 4],
    y: [12.3457, null, null, 200, 100],
    stage: ["layer1", "layer1", "layer2", "layer2", "layer2"],
  })
  assert.deepEqual(together(series, "dead", STAGES, 1), { x: [], y: [], stage: [] })
})

const whole = (...rows) => ({
  x: rows.map(([x]) => x),
  y: rows.map(([, y]) => y),
  stage: rows.map(([, , stage]) => stage ?? "layer1"),
})

test("a difference is taken where both were measured at the same epoch of the same layer", () => {
  const a = whole([1, 5], [2, 6], [3, null], [4, 8], [5, 9, "layer2"])
  const b = whole([1, 7], [3, 1], [4, null], [5, 2])
  assert.deepEqual(difference(a, b), { x: [1], y: [2], a: [5], b: [7], stage: ["layer1"] })
})

test("layers that share their epochs are parted by a hole, so that no line runs back", () => {
  const a = whole([1, 1], [2, 2], [1, 3, "layer2"], [2, 4, "layer2"])
  const b = whole([1, 2], [2, 4], [1, 6, "layer2"], [2, 8, "layer2"])
  assert.deepEqual(difference(a, b), {
    x: [1, 2, 1, 1, 2],
    y: [1, 2, null, 3, 4],
    a: [1, 2, null, 3, 4],
    b: [2, 4, null, 6, 8],
    stage: ["layer1", "layer1", "layer2", "layer2", "layer2"],
  })
})
