// A short course on the page itself: each step says what to do and see, and its button prepares the apparatus.

/** @import { Page } from "./scene.js" */

import { el, say } from "../shared/dom.js"
import { head } from "../shared/tools.js"
import { WORDS } from "./words.js"

export class Lesson {
  /** @param {Page} page */
  constructor(page) {
    this.steps = page.data.texts.lessons
    this.at = 0
    this.title = el("h2", { class: "lab-title" })
    this.text = el("p", { class: "labm-lesson-text" })
    this.place = el("span", { class: "labm-pace" })
    this.back = tool("‹", () => this.turn(this.at - 1), WORDS.lesson.previous)
    this.on = tool("›", () => this.turn(this.at + 1), WORDS.lesson.next)
    const onclick = () => page.prepare(this.steps[this.at].set)
    const setter = el(
      "button",
      { type: "button", class: "labm-button", "data-testid": "labm-lesson-set", onclick },
      WORDS.lesson.setUp,
    )
    this.titles = this.steps.map((step, at) => tool(step.title, () => this.turn(at)))
    this.node = el(
      "section",
      {
        class: "lab-panel labm-panel labm-lesson",
        "data-testid": "labm-lesson",
        "aria-label": WORDS.lesson.title,
      },
      head(this.title, this.back, this.place, this.on),
      this.text,
      el("div", {}, setter),
      el("ol", { class: "labm-steps" }, ...this.titles.map((title) => el("li", {}, title))),
    )
    this.turn(0)
  }

  /** @param {number} at */
  turn(at) {
    const { steps } = this
    this.at = Math.max(0, Math.min(steps.length - 1, at))
    const step = steps[this.at]
    say(this.title, step.title)
    say(this.text, step.text)
    say(this.place, WORDS.lesson.place(this.at + 1, steps.length))
    for (const [place, title] of this.titles.entries()) {
      title.setAttribute("aria-current", place === this.at ? "step" : "false")
    }
    this.back.disabled = this.at === 0
    this.on.disabled = this.at === steps.length - 1
  }
}

/**
 * @param {string} label
 * @param {() => void} onclick
 * @param {string | null} name for those who do not see it, where it is another
 */
function tool(label, onclick, name = null) {
  return el("button", { type: "button", class: "lab-tool", "aria-label": name, onclick }, label)
}
