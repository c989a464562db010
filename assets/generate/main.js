// The Generate view: dreams, interpolation, quality of samples. Streamlit calls `mount` again whenever the script or the
// theme changes; what is on the screen stays, unless it is about another run or epoch.

import { DreamPanel } from "./dream_panel.js"
import { el, resolved, say, show, themeOf } from "./dom.js"
import { InterpolationPanel } from "./interpolation.js"
import { keepView, loadPlotly } from "./mounting.js"
import { QualityPanel } from "./quality.js"

/** Called by Streamlit; returns what to do when the element leaves the page. */
export function mount(component) {
  return keepView(component, (parent) => new View(parent))
}

class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
    this.resized = new ResizeObserver(() => this.draw())
  }

  update(component) {
    this.data = component.data
    if (!this.node) this.build()
    this.theme = themeOf(this.node)
    const subject = `${this.data.run} ${this.data.checkpoint}`
    if (subject !== this.subject) this.change(subject)
    this.draw()
  }

  build() {
    this.words = el("p", { class: "lab-explanation", "data-testid": "labg-words" })
    this.body = el("div", { class: "labg-panels" })
    this.node = el("div", { class: "lab-live labg", "data-testid": "lab-generate" }, this.words, this.body)
    const host = this.parent.querySelector(".lab-generate-host") ?? this.parent
    host.replaceChildren(this.node)
    this.resized.observe(host)
    loadPlotly(this.data.addresses.plotly).then((library) => {
      this.plotly = library
      this.draw()
    }, () => say(this.words, "A part of the page did not load; reload it."))
  }

  /** Another run or epoch: nothing of the old one may stay. */
  change(subject) {
    for (const panel of this.panels ?? []) panel.close()
    this.subject = subject
    say(this.words, this.data.words)
    show(this.words, Boolean(this.data.words))
    const { dreams, own_vae: vae } = this.data
    this.panels = [
      ...(dreams ? [new DreamPanel(this.data), new InterpolationPanel(this.data)] : []),
      ...(dreams || vae ? [new QualityPanel(this.data)] : []),
    ]
    this.body.replaceChildren(...this.panels.map((panel) => panel.node))
  }

  draw() {
    if (!this.panels) return
    const scene = {
      plotly: this.plotly,
      theme: this.theme,
      layers: this.data.palette[this.theme].layers,
      colours: this.colours(),
    }
    for (const panel of this.panels) panel.update(scene)
  }

  colours() {
    if (this.coloured?.key !== this.theme) {
      const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", surface: "--st-background-color" }
      this.coloured = { key: this.theme, ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
    }
    return this.coloured
  }

  close() {
    this.resized.disconnect()
    for (const panel of this.panels ?? []) panel.close()
    this.node?.remove()
  }
}
