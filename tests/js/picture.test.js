// A picture that changes only once the next one has been decoded.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { Picture } = await import("../../assets/shared/picture.js")

test("a picture on its way has not come, one that was decoded has, and one that was cleared has not", async () => {
  const decoded = Promise.withResolvers()
  globalThis.Image = class {
    decode() {
      return decoded.promise
    }
  }
  const picture = new Picture({})
  const shown = picture.show("/a.png", "a", 7)
  assert.equal(picture.hasCome, false)
  decoded.resolve()
  assert.equal(await shown, true)
  assert.deepEqual([picture.hasCome, picture.img.hidden], [true, false])
  picture.clear()
  assert.deepEqual([picture.hasCome, picture.img.hidden], [false, true])
})
