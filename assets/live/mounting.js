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

/** Have the browser fetch a script that will be needed soon, without reading it yet. */
export function preload(address) {
  document.head.append(el("link", { rel: "preload", as: "script", href: address }))
}

let plotly = null

/** The library, from the server of the lab; asked for once, and again only after a failure. */
export function loadPlotly(address) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly)
    const script = el("script", { src: address, async: true })
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      plotly = null
      reject(new Error("plotly.js did not load"))
    }
    document.head.append(script)
  })
  return plotly
}

const SETTLING = 500 // ms: by then a browser knows that a click has the script running

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

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
