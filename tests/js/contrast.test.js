// The contrast of mosaics: what suits the images, until a person chooses.

import assert from "node:assert/strict"
import { test } from "node:test"
import { fakeDocument } from "./fake_page.js"

fakeDocument()
const { Options } = await import("../../assets/features/options.js")

/** Labels of the buttons that are pressed, in the order of the page. */
function pressed(node) {
  const own = node.attributes?.["aria-pressed"] === "true" ? [node.textContent] : []
  return [...own, ...node.children.flatMap((child) => (typeof child === "string" ? [] : pressed(child)))]
}

function button(node, label) {
  if (node.tag === "button" && node.textContent === label) return node
  for (const child of node.children) {
    const found = typeof child === "string" ? null : button(child, label)
    if (found) return found
  }
  return null
}

test("units of colour images have a contrast each, those of grey ones share it", () => {
  const options = new Options(() => {})
  assert.deepEqual(pressed(options.node), ["training order", "shared", "colour"])
  options.suit(true)
  assert.equal(options.values.contrast, "each")
  assert.deepEqual(pressed(options.node), ["training order", "each", "colour"])
  options.suit(false)
  assert.equal(options.values.contrast, "shared")
})

test("what a person has chosen stays, whatever the images", () => {
  const told = []
  const options = new Options((name) => told.push(name))
  button(options.node, "whole run").onclick()
  options.suit(true)
  assert.equal(options.values.contrast, "run")
  assert.deepEqual(pressed(options.node), ["training order", "whole run", "colour"])
  assert.deepEqual(told, ["contrast"])
})
