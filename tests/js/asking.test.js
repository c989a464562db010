// What becomes of a question: an answer, or a sentence for people.

import assert from "node:assert/strict"
import { afterEach, test } from "node:test"
import { ask, json, post } from "../../assets/shared/asking.js"
import { WORDS } from "../../assets/shared/words.js"

const { fetch } = globalThis

afterEach(() => {
  globalThis.fetch = fetch
})

/** The server's next answer; an Error is thrown instead. */
function answering(answer) {
  const asked = []
  globalThis.fetch = (...question) => {
    asked.push(question)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return asked
}

test("an answer comes as it was given, and a question is sent as JSON", async () => {
  const asked = answering(Response.json({ label: 7 }))
  assert.deepEqual(await post("/lab/recognise", { heldout: 3 }), [{ label: 7 }, ""])
  const [[address, { method, body, headers }]] = asked
  assert.deepEqual([address, method, body], ["/lab/recognise", "POST", '{"heldout":3}'])
  assert.equal(headers["Content-Type"], "application/json")
})

test("a refusal is the server's own sentence, with its status", async () => {
  answering(Response.json({ problem: "This run has no classes." }, { status: 422 }))
  await assert.rejects(json("/lab/confusion"), { message: "This run has no classes.", status: 422 })
  answering(new Response("", { status: 500 }))
  assert.deepEqual(await post("/lab/confusion", {}), [null, WORDS.server.answered(500)])
})

test("a server that is away is a sentence, and never the browser's own words", async () => {
  answering(new TypeError("Failed to fetch"))
  assert.deepEqual(await post("/lab/map", {}), [null, WORDS.server.unreachable])
  answering(new Response("<html>a proxy's page</html>"))
  assert.deepEqual(await post("/lab/map", {}), [null, WORDS.server.unreachable])
})

test("who gives up is told so, and not that the server is away", async () => {
  answering(new DOMException("aborted", "AbortError"))
  await assert.rejects(ask("/lab/dream", {}), { name: "AbortError" })
})
