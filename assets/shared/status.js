// The status line: what the run is doing, how far it is, and what has been asked of it.

/** @import { Mark, Status as State } from "./messages.js" */

import { el, say, show } from "./dom.js"
import { WORDS } from "./words.js"

/** @typedef {keyof typeof words.trouble} Trouble "", "offline" or "gone": why a page hears nothing */

const { status: words } = WORDS
const SAID_FOR = 6000 // ms for which an acknowledgement is shown

// The acknowledgement shown last, kept outside of the view: Streamlit may put the view up again while it is to be read.
let said = { run: "", text: "", kind: "", until: 0 }

export class Status {
  constructor() {
    this.dot = el("span", { class: "lab-dot", "aria-hidden": "true" })
    this.headline = el("strong", { class: "lab-headline", role: "status", "data-testid": "lab-headline" })
    this.facts = el("span", { class: "lab-facts", "data-testid": "lab-facts" })
    this.note = el("span", { class: "lab-note", role: "status", "data-testid": "lab-note" })
    this.bar = el("span", { class: "lab-bar-fill" })
    this.progress = el(
      "div",
      {
        class: "lab-bar",
        role: "progressbar",
        "aria-label": words.progress,
        "aria-valuemin": 0,
        "aria-valuemax": 100,
      },
      this.bar,
    )
    this.explanation = el("p", { class: "lab-explanation", "data-testid": "lab-explanation" })
    this.trouble = el("p", { class: "lab-explanation lab-trouble", role: "alert", hidden: true })
    this.node = el(
      "header",
      { class: "lab-status" },
      el("div", { class: "lab-status-line" }, this.dot, this.headline, this.facts, this.note),
      this.progress,
      this.explanation,
      this.trouble,
    )
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = 0
    this.run = ""
  }

  /**
   * @param {State} status
   * @param {string[]} waiting
   * @param {Mark[]} marks
   * @param {boolean} first
   */
  update(status, waiting, marks, first) {
    this.node.dataset.tone = status.tone
    this.node.dataset.state = status.state
    say(this.headline, status.headline)
    this.setFacts(status.facts)
    say(this.explanation, status.explanation)
    show(this.explanation, Boolean(status.explanation))
    const percent = Math.round(status.share * 1000) / 10
    this.bar.style.transform = `scaleX(${status.share})`
    this.progress.setAttribute("aria-valuenow", String(percent))
    this.acknowledge(waiting, first ? [] : marks)
  }

  /** @param {string[]} facts */
  setFacts(facts) {
    while (this.facts.children.length > facts.length) this.facts.lastElementChild?.remove()
    while (this.facts.children.length < facts.length) this.facts.append(el("span", { class: "lab-fact" }))
    for (const [index, fact] of facts.entries()) say(this.facts.children[index], fact)
  }

  /**
   * "sent" until the worker has obeyed, then where it took effect, for a few seconds.
   * @param {string[]} waiting
   * @param {Mark[]} done
   */
  acknowledge(waiting, done) {
    const last = done.at(-1)
    if (last) {
      said = {
        run: this.run,
        text: wordsOf(last),
        kind: last.problem ? "bad" : "done",
        until: performance.now() + SAID_FOR,
      }
      this.recall()
    } else if (waiting.length) {
      clearTimeout(this.timer)
      this.tell(words.sent(waiting), "sent")
    } else if (this.note.dataset.kind === "sent") {
      this.tell("", "")
    }
  }

  /** What was said of this run last, for as long as it is to be read. */
  recall() {
    const left = said.until - performance.now()
    if (said.run !== this.run || left <= 0) return
    this.tell(said.text, said.kind)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.tell("", ""), left)
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  tell(text, kind) {
    this.note.dataset.kind = kind
    say(this.note, text)
  }

  /** @param {Trouble} kind */
  setTrouble(kind) {
    say(this.trouble, words.trouble[kind])
    show(this.trouble, Boolean(kind))
    this.node.classList.toggle("lab-is-offline", Boolean(kind))
  }

  /**
   * For `run`: nothing of another one may stay.
   * @param {string} run
   */
  clear(run) {
    this.run = run
    clearTimeout(this.timer)
    this.tell("", "")
    this.recall()
    this.setFacts([])
    say(this.headline, words.looking)
    say(this.explanation, "")
    show(this.explanation, false)
    this.setTrouble("")
    this.node.dataset.tone = "calm"
    this.node.dataset.state = ""
    this.bar.style.transform = "scaleX(0)"
    this.progress.setAttribute("aria-valuenow", "0")
  }
}

/**
 * What became of a command.
 * @param {Mark} mark
 */
function wordsOf({ text, problem, epoch, step }) {
  if (problem) return words.refused(text, problem)
  return epoch === null ? text : words.obeyed(text, epoch, step)
}
