// What the views of this page have in common: building once, theme and run that may change, one line for problems.

import { el, resolved, say, show, themeOf } from "./dom.js"
import { help } from "./help.js"

export class View {
  constructor(parent) {
    this.parent = parent
    this.node = null
  }

  update(component) {
    const before = this.data
    this.data = component.data
    if (!this.node) {
      this.problem = el("p", { class: "labc-problem", role: "alert", hidden: true })
      this.node = el("div", { class: "lab-live labc", "data-testid": `lab-classify-${this.data.view}` }, this.problem, ...this.build())
      const host = this.parent.querySelector(".lab-classify-host") ?? this.parent
      host.replaceChildren(this.node)
    }
    const theme = themeOf(this.node)
    const changed = before?.run !== this.data.run
    const recoloured = theme !== this.theme
    this.theme = theme
    this.node.dataset.run = this.data.run
    if (changed) this.change()
    else if (recoloured) this.recolour()
    this.redraw()
  }

  /** Another run. */
  change() {}

  /** Another theme: pictures have to be asked for anew. */
  recolour() {}

  redraw() {}

  complain(sentence) {
    say(this.problem, sentence)
    show(this.problem, Boolean(sentence))
  }

  colours() {
    if (this.coloured?.theme !== this.theme) {
      const names = { text: "--st-text-color", muted: "--lab-muted", grid: "--lab-grid", surface: "--st-background-color" }
      this.coloured = { theme: this.theme, ...resolved(this.node, names), font: getComputedStyle(this.node).fontFamily }
    }
    return this.coloured
  }

  close() {
    this.node?.remove()
  }
}

/** A panel with a question as its title, tools and a (?). */
export function panel(texts, tools, ...children) {
  return el(
    "section",
    { class: "lab-panel labc-panel" },
    el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, texts.question), el("span", { class: "lab-tools" }, ...tools, ...help(texts))),
    ...children,
  )
}
