// The Generate view: dreams, interpolation, quality of samples. Streamlit calls `mount` again whenever the script or the
// theme changes; what is on the screen stays, unless it is about another run or epoch.

/** @import { GenerateData } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */
/** @import { Panel } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { keepView } from "../shared/mounting.js"
import { View } from "../shared/view.js"
import { DreamPanel } from "./dream_panel.js"
import { InterpolationPanel } from "./interpolation.js"
import { QualityPanel } from "./quality.js"
import { WORDS } from "./words.js"

/**
 * Called by Streamlit; returns what to do when the element leaves the page.
 * @param {Component<GenerateData>} component
 */
export function mount(component) {
  return keepView(component, (first) => new GenerateView(first))
}

/** @extends {View<GenerateData>} */
class GenerateView extends View {
  /** @param {Component<GenerateData>} component */
  constructor(component) {
    super(component, "generate", { class: "lab-live labg", "data-testid": "lab-generate" })
    this.subject = "" // run and checkpoint, none yet
    /** @type {Panel[]} */
    this.panels = []
    this.words = el("p", { class: "lab-explanation", "data-testid": "labg-words" })
    this.body = el("div", { class: "labg-panels" })
    this.node.append(this.words, this.body)
    this.resized.observe(this.host)
    this.bringPlotly(
      this.data.addresses.plotly,
      () => this.draw(),
      () => say(this.words, WORDS.unloaded),
    )
  }

  /** @param {Component<GenerateData>} component */
  update(component) {
    super.update(component)
    const subject = `${this.data.run} ${this.data.checkpoint}`
    if (subject !== this.subject) this.change(subject)
    this.draw()
  }

  onResize() {
    this.draw()
  }

  /**
   * Another run or epoch: nothing of the old one may stay.
   * @param {string} subject
   */
  change(subject) {
    for (const panel of this.panels) panel.close()
    this.subject = subject
    say(this.words, this.data.words)
    show(this.words, Boolean(this.data.words))
    const { dreams, own_vae: vae } = this.data
    const between = new InterpolationPanel(this.data)
    this.panels = [
      ...(dreams ? [new DreamPanel(this.data, () => between.ask()), between] : []),
      ...(dreams || vae ? [new QualityPanel(this.data)] : []),
    ]
    this.body.replaceChildren(...this.panels.map((panel) => panel.node))
  }

  draw() {
    const { plotly, theme, colours } = this
    const { layers } = this.data.palette[theme]
    for (const panel of this.panels) panel.update({ plotly, theme, layers, colours })
  }

  close() {
    for (const panel of this.panels) panel.close()
    super.close()
  }
}
