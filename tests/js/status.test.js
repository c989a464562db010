// The status line: what a run is doing, and what became of what was asked of it.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { Status } = await import("../../assets/shared/status.js")

const STATE = {
  state: "running",
  tone: "live",
  headline: "Training layer 1",
  facts: ["epoch 1.00 of 4", "update 200"],
  explanation: "",
  share: 0.250_49,
  alive: true,
  epoch: 1,
  step: 200,
  epochs: 4,
  stages: ["layer1"],
}
const obeyed = (more = {}) => ({ epoch: 1.25, step: 12_345, text: "learning rate = 0.02", problem: "", ...more })
const facts = (status) => status.facts.children.map((fact) => fact.textContent)

let now
let run = 0

beforeEach(() => {
  now = 1000
  run += 1
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(performance, "now", () => now)
})

function pass(milliseconds) {
  now += milliseconds
  mock.timers.tick(milliseconds)
}

function fresh() {
  const status = new Status()
  status.clear(`run ${run}`)
  return status
}

afterEach(() => {
  mock.timers.reset()
  mock.restoreAll()
})

test("headline, facts and progress are those of the state", () => {
  const status = fresh()
  assert.equal(status.headline.textContent, "Looking…")
  status.update(STATE, [], [], true)
  assert.equal(status.headline.textContent, "Training layer 1")
  assert.deepEqual(facts(status), ["epoch 1.00 of 4", "update 200"])
  assert.equal(status.progress.attributes["aria-valuenow"], "25")
  assert.deepEqual(status.node.dataset, { tone: "live", state: "running" })
  assert.equal(status.explanation.hidden, true)
})

test("facts that are gone leave no element behind, and an explanation is shown", () => {
  const status = fresh()
  status.update(STATE, [], [], true)
  status.update({ ...STATE, facts: ["update 201"], explanation: "Lower the learning rate." }, [], [], false)
  assert.deepEqual(facts(status), ["update 201"])
  assert.deepEqual([status.explanation.textContent, status.explanation.hidden], ["Lower the learning rate.", false])
})

test("a command is sent until it is obeyed, then says where, for six seconds", () => {
  const status = fresh()
  status.update(STATE, ["pause", "step"], [], false)
  assert.deepEqual([status.note.textContent, status.note.dataset.kind], ["sent: pause, step", "sent"])
  status.update(STATE, [], [obeyed()], false)
  assert.equal(status.note.textContent, "learning rate = 0.02 at epoch 1.25, update 12,345")
  pass(5999)
  assert.equal(status.note.dataset.kind, "done")
  pass(1)
  assert.deepEqual([status.note.textContent, status.note.dataset.kind], ["", ""])
})

test("a command that is no longer waited for, and left no mark, is no longer said to be sent", () => {
  const status = fresh()
  status.update(STATE, ["pause"], [], false)
  status.update(STATE, [], [], false)
  assert.equal(status.note.textContent, "")
})

test("a command that failed says why, one that took effect nowhere says no place", () => {
  const status = fresh()
  status.update(STATE, [], [obeyed({ problem: "must be below 1" })], false)
  assert.deepEqual(
    [status.note.textContent, status.note.dataset.kind],
    ["learning rate = 0.02: must be below 1", "bad"],
  )
  status.update(STATE, [], [obeyed({ epoch: null, step: null, text: "stop" })], false)
  assert.equal(status.note.textContent, "stop")
})

test("marks that were there before the page was are no news", () => {
  const status = fresh()
  status.update(STATE, [], [obeyed()], true)
  assert.equal(status.note.textContent, "")
})

test("what was said is said again by a line put up anew, for the rest of its time and for its own run only", () => {
  const status = fresh()
  status.update(STATE, [], [obeyed()], false)
  pass(4000)
  const again = fresh()
  assert.match(again.note.textContent, /^learning rate = 0\.02 at epoch/)
  const other = new Status()
  other.clear("another run")
  assert.equal(other.note.textContent, "")
  pass(2000)
  assert.equal(again.note.textContent, "")
})

test("trouble is shown while it lasts", () => {
  const status = fresh()
  status.setTrouble("gone")
  assert.deepEqual([status.trouble.hidden, status.node.classList.contains("lab-is-offline")], [false, true])
  assert.match(status.trouble.textContent, /no longer in the store/)
  status.setTrouble("")
  assert.deepEqual([status.trouble.hidden, status.trouble.textContent], [true, ""])
})
