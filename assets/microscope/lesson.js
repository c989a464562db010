// A short course on the page itself: each step says what to do and see, and its button prepares the apparatus.

import { el, say } from "./dom.js"

export class Lesson {
  constructor(page) {
    this.page = page
    this.steps = page.texts.lessons
    this.at = 0
    this.title = el("h3", { class: "lab-title" })
    this.text = el("p", { class: "labm-lesson-text" })
    this.place = el("span", { class: "labm-pace" })
    const turn = (by) => () => this.turn(by)
    this.back = el("button", { type: "button", class: "lab-tool", "aria-label": "Previous step", onclick: turn(-1) }, "‹")
    this.on = el("button", { type: "button", class: "lab-tool", "aria-label": "Next step", onclick: turn(1) }, "›")
    this.setter = el("button", { type: "button", class: "labm-button", "data-testid": "labm-lesson-set", onclick: () => page.prepare(this.steps[this.at].set) }, "Set this up")
    this.titles = this.steps.map((step, at) => el("button", { type: "button", class: "lab-tool", onclick: () => this.turn(at - this.at) }, step.title))
    this.node = el("section", { class: "lab-panel labm-panel labm-lesson", "data-testid": "labm-lesson", "aria-label": "Lesson" },
      el("div", { class: "lab-head" }, this.title, el("span", { class: "lab-tools" }, this.back, this.place, this.on)),
      this.text, el("div", {}, this.setter),
      el("ol", { class: "labm-steps" }, ...this.titles.map((title) => el("li", {}, title))))
    this.turn(0)
  }

  turn(by) {
    this.at = Math.max(0, Math.min(this.steps.length - 1, this.at + by))
    const step = this.steps[this.at]
    say(this.title, step.title)
    say(this.text, step.text)
    say(this.place, `${this.at + 1} of ${this.steps.length}`)
    this.titles.forEach((title, at) => title.setAttribute("aria-current", at === this.at ? "step" : "false"))
    this.back.disabled = this.at === 0
    this.on.disabled = this.at === this.steps.length - 1
  }
}
