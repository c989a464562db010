// What the views of this page have in common: run and theme that may change, one line for problems.

/** @import { ClassifyData, Help } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { el, say, show } from "../shared/dom.js"
import { head, questionHead } from "../shared/tools.js"
import { View } from "../shared/view.js"
import { WORDS } from "../shared/words.js"

/**
 * Its heirs fill `node` when they are made.
 * @extends {View<ClassifyData>}
 */
export class ClassifyView extends View {
  /** @param {Component<ClassifyData>} component */
  constructor(component) {
    super(component, "classify", {
      class: "lab-live labc",
      "data-testid": `lab-classify-${component.data.view}`,
    })
    this.run = "" // none yet
    this.problem = el("p", { class: "labc-problem", role: "alert", hidden: true })
    this.node.append(this.problem)
  }

  /** @param {Component<ClassifyData>} component */
  update(component) {
    const before = this.theme
    super.update(component)
    const { run } = this.data
    this.node.dataset.run = run
    if (run !== this.run) {
      this.run = run
      this.change()
    } else if (this.theme !== before) this.recolour()
    this.redraw()
  }

  /** Another run. */
  change() {}

  /** For views with plots: they are drawn once plotly.js has come, and again at another size. */
  preparePlots() {
    this.resized.observe(this.host)
    this.bringPlotly(
      this.data.addresses.plotly,
      () => this.redraw(),
      () => this.complain(WORDS.noPlotly),
    )
  }

  /** Another theme: pictures have to be asked for anew. */
  recolour() {}

  redraw() {}

  onResize() {
    this.redraw()
  }

  /** @param {string} sentence */
  complain(sentence) {
    say(this.problem, sentence)
    show(this.problem, Boolean(sentence))
  }
}

/**
 * A panel with a question as its title, tools and a (?).
 * @param {Pick<Help, "question" | "look"> & Partial<Help>} texts
 * @param {Node[]} tools
 * @param {Node[]} children
 */
export function panel(texts, tools, ...children) {
  return el("section", { class: "lab-panel labc-panel" }, questionHead(texts, ...tools), ...children)
}

/**
 * One with a plain title.
 * @param {string} title
 * @param {Node[]} children
 */
export function plainPanel(title, ...children) {
  return el("section", { class: "lab-panel labc-panel" }, head(title), ...children)
}
