// What every view of the lab does when Streamlit calls it: one view an element, kept between calls; plotly.js once a page.

/** @import { Component, PlotlyLibrary } from "./scene.js" */

import { el } from "./dom.js"

/**
 * What a page draws in its element.
 *
 * @template Data
 * @typedef {{ update(component: Component<Data>): void, close(): void }} Mountable
 */

/** @type {WeakMap<HTMLElement, Mountable<any>>} */
const views = new WeakMap()

/**
 * For `mount`: `create(component)` makes a view with `update(component)` and `close()`, the first time an element is seen.
 *
 * Returns what Streamlit calls at the end: of the element, but also of a call that another one overtook while its module
 * was still on its way. Then the element stays where it is, and so does its view, which is the other call's as well.
 * @template Data
 * @param {Component<Data>} component
 * @param {(component: Component<Data>) => Mountable<Data>} create
 */
export function keepView(component, create) {
  const root = component.parentElement
  const view = views.get(root) ?? create(component)
  views.set(root, view)
  view.update(component)
  return () => {
    if (root.isConnected) return
    view.close()
    views.delete(root)
  }
}

/** @param {number} ms */
export const pause = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve)
  })

const PATIENCE = 3000 // ms for which plotly.js lets the first picture go first
/** @type {Promise<PlotlyLibrary> | null} */
let plotly = null

/**
 * The library, from the server of the lab; asked for once a page, and again only after a failure. It is fetched at once
 * and read when `shown` has resolved and is on the screen: reading it takes a third of a second in which nothing else is
 * drawn.
 * @param {string} address
 * @param {Promise<unknown> | null} shown
 * @returns {Promise<PlotlyLibrary>}
 */
export function loadPlotly(address, shown = null) {
  plotly ??= fetched(address, shown).catch((error) => {
    plotly = null
    throw error
  })
  return plotly
}

/**
 * @param {string} address
 * @param {Promise<unknown> | null} shown
 */
async function fetched(address, shown) {
  if (window.Plotly) return window.Plotly
  document.head.append(el("link", { rel: "preload", as: "script", href: address }))
  await Promise.race([shown, pause(PATIENCE)])
  await frame()
  await frame()
  await new Promise((resolve, reject) => {
    const script = el("script", { src: address, async: true, onload: resolve })
    script.onerror = () => reject(new Error("plotly.js did not load"))
    document.head.append(script)
  })
  return /** @type {PlotlyLibrary} */ (/** @type {unknown} */ (window.Plotly))
}

const SETTLING = 500 // ms: by then a browser knows that a click has the script running

/**
 * Tell Python that something changed, once the script stands still. News of what a click asked for often comes while the
 * rerun of that very click is on its way; to interrupt it there would have everything drawn once more.
 * @param {Component<unknown>} component
 * @param {string} value
 */
export async function tellPython(component, value) {
  const app = /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stApp]"))
  do await pause(SETTLING)
  while (app?.dataset.testScriptState === "running")
  component.setTriggerValue("changed", value)
}
