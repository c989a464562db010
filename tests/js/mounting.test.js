// How a view is kept between Streamlit's calls, and when it ends.

import assert from "node:assert/strict"
import { test } from "node:test"
import { keepView } from "../../assets/shared/mounting.js"

/** What Streamlit calls `mount` with, for an element that is on the page, and the views made for it. */
function element() {
  const root = { isConnected: true }
  const views = []
  const create = ({ parentElement }) => {
    const view = { parent: parentElement, told: [], closed: 0 }
    view.update = (component) => view.told.push(component.data)
    view.close = () => {
      view.closed += 1
    }
    views.push(view)
    return view
  }
  return { root, views, call: (data) => keepView({ parentElement: root, data }, create) }
}

test("an element has one view, which every call tells of its data", () => {
  const { root, views, call } = element()
  call(1)
  call(2)
  assert.equal(views.length, 1)
  assert.equal(views[0].parent, root)
  assert.deepEqual(views[0].told, [1, 2])
})

test("the end of a call that another one overtook takes no view off the page", () => {
  const { views, call } = element()
  const endOfFirst = call(1)
  endOfFirst() // the second call is on its way
  call(2)
  endOfFirst() // and now it has been made
  call(3)
  assert.equal(views.length, 1)
  assert.deepEqual([views[0].told, views[0].closed], [[1, 2, 3], 0])
})

test("a view ends with its element, also where its only call was overtaken by that end", () => {
  const { root, views, call } = element()
  const end = call(1)
  root.isConnected = false
  end()
  assert.equal(views[0].closed, 1)
  call(2)
  assert.equal(views.length, 2)
})
