// What every view of the lab does when Streamlit calls it: one view an element, kept between calls; plotly.js once a page.

import { el } from "./dom.js"

const views = new WeakMap()

/** For `mount`: `create(parent)` makes a view with `update(component)` and `close()`, the first time an element is seen. */
export function keepView(component, create) {
  const root = component.parentElement
  const view = views.get(root) ?? create(root)
  views.set(root, view)
  view.update(component)
  return () => {
    view.close()
    views.delete(root)
  }
}

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })
const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve) })

const PATIENCE = 3000 // ms for which plotly.js lets the first picture go first
let plotly = null

/**
 * The library, from the server of the lab; asked for once a page, and again only after a failure. It is fetched at once
 * and read when `shown` has resolved and is on the screen: reading it takes a third of a second in which nothing else is
 * drawn.
 */
export function loadPlotly(address, shown = null) {
  plotly ??= fetched(address, shown).catch((error) => {
    plotly = null
    throw error
  })
  return plotly
}

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
  return window.Plotly
}

const SETTLING = 500 // ms: by then a browser knows that a click has the script running

/**
 * Tell Python that something changed, once the script stands still. News of what a click asked for often comes while the
 * rerun of that very click is on its way; to interrupt it there would take the view off the page for a moment.
 */
export async function tellPython(component, value) {
  const app = document.querySelector("[data-testid=stApp]")
  do await pause(SETTLING)
  while (app?.dataset.testScriptState === "running")
  component.setTriggerValue("changed", value)
}
