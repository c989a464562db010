// Keeping up to date with one run: a question, then a line that stays open, and what happens when either fails.

import assert from "node:assert/strict"
import { afterEach, beforeEach, mock, test } from "node:test"
import { Feed } from "../../assets/shared/feed.js"
import { fakeDocument, settled } from "./fake_page.js"

const ADDRESS = "/lab/runs/r/live"

/** A line as the browser's, opened and spoken on by the test. */
class FakeSocket {
  static OPEN = 1
  constructor(url) {
    this.url = url
    this.readyState = 0
    this.sent = 0
    lines.push(this)
  }

  open() {
    this.readyState = FakeSocket.OPEN
    this.onopen()
  }

  say(answer) {
    this.onmessage({ data: answer === null ? "" : JSON.stringify(answer) })
  }

  send() {
    this.sent += 1
  }

  close() {
    this.readyState = 3
  }
}

let page
let lines
let asked
let answers
let told
let trouble
let now
let feed

const news = (revision, alive = true) => ({ revision, cursor: { metric: Number(revision) }, status: { alive } })

beforeEach(() => {
  page = fakeDocument()
  lines = []
  asked = []
  told = []
  trouble = []
  answers = []
  now = 0
  globalThis.WebSocket = FakeSocket
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(performance, "now", () => now)
  globalThis.fetch = (url) => {
    asked.push(url)
    const answer = answers.shift() ?? 204
    if (answer === "offline") return Promise.reject(new TypeError("no network"))
    if (typeof answer === "number") return Promise.resolve({ status: answer, ok: answer === 204, json: () => null })
    return Promise.resolve({ status: 200, ok: true, json: () => Promise.resolve(answer) })
  }
})

afterEach(() => {
  feed.close()
  mock.timers.reset()
  mock.restoreAll()
})

async function begin(...first) {
  answers = first
  feed = new Feed(
    ADDRESS,
    (answer) => told.push(answer.revision),
    (kind) => trouble.push(kind),
  )
  await settled()
}

async function pass(milliseconds) {
  now += milliseconds
  mock.timers.tick(milliseconds)
  await settled()
}

test("the first question has no cursor; the line has that of the answer", async () => {
  await begin(news("4"))
  assert.deepEqual(asked, [`${ADDRESS}?revision=`])
  assert.deepEqual(told, ["4"])
  assert.equal(lines[0].url.href, "ws://lab.test/lab/runs/r/live?metric=4&revision=4")
})

test("what is heard is told once, and the line is answered only after a pause", async () => {
  await begin(news("1"))
  lines[0].open()
  lines[0].say(news("2"))
  lines[0].say(news("2"))
  assert.deepEqual(told, ["1", "2"])
  assert.equal(lines[0].sent, 0)
  await pass(499)
  assert.equal(lines[0].sent, 0)
  await pass(1)
  assert.equal(lines[0].sent, 2)
  assert.equal(asked.length, 1)
})

test("a line that is silent for 25 seconds is broken; an empty word keeps it", async () => {
  await begin(news("1"))
  lines[0].open()
  await pass(20_000)
  lines[0].say(null)
  await pass(24_999)
  assert.equal(asked.length, 1)
  await pass(1)
  await pass(500)
  assert.equal(asked.length, 2)
  assert.equal(lines.length, 2)
})

test("without a line the question is repeated, and a line is tried again after two, four, eight seconds", async () => {
  await begin(news("1"))
  const opened = []
  lines[0].onclose()
  for (let tick = 0; tick < 60; tick += 1) {
    const before = lines.length
    await pass(500)
    if (lines.length > before) {
      opened.push(now)
      lines.at(-1).onclose()
    }
  }
  assert.deepEqual(opened, [2000, 6000, 14_000, 30_000])
  assert.ok(asked.length > 50)
})

test("while the server is away the pauses double up to eight seconds, and it is said", async () => {
  await begin(...new Array(5).fill("offline"))
  const times = []
  for (let tick = 0; tick < 46; tick += 1) {
    const before = asked.length
    await pass(500)
    if (asked.length > before) times.push(now)
  }
  assert.deepEqual(times.slice(0, 5), [1000, 3000, 7000, 15_000, 23_000])
  assert.deepEqual(trouble, [...new Array(5).fill("offline"), ""])
})

test("a run that is gone is not asked for again", async () => {
  await begin(404)
  assert.deepEqual(trouble, ["gone"])
  await pass(60_000)
  assert.deepEqual([asked.length, lines.length], [1, 0])
})

test("a hidden page closes its line and asks every five seconds; looked at again, it asks at once", async () => {
  await begin(news("1"))
  lines[0].open()
  page.hidden = true
  page.dispatchEvent(new Event("visibilitychange"))
  assert.equal(lines[0].readyState, 3)
  await pass(4999)
  assert.equal(asked.length, 1)
  await pass(1)
  assert.equal(asked.length, 2)
  page.hidden = false
  page.dispatchEvent(new Event("visibilitychange"))
  await settled()
  assert.deepEqual([asked.length, lines.length], [3, 2])
})

test("a closed feed says nothing more, even of an answer on its way", async () => {
  answers = [news("1")]
  feed = new Feed(
    ADDRESS,
    (answer) => told.push(answer.revision),
    (kind) => trouble.push(kind),
  )
  feed.close()
  await settled()
  await pass(60_000)
  assert.deepEqual([told, trouble, lines.length], [[], [], 0])
})
