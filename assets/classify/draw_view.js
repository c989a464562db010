// Draw a digit: the board at the left, what every classifier takes it for, and what each layer makes of it. Answers come
// at the end of each stroke, and while one is drawn as often as the worker keeps up.

/** @import { ClassifyData, Opinion, Recognition } from "../shared/messages.js" */
/** @import { Component } from "../shared/scene.js" */

import { ask } from "../shared/asking.js"
import { DrawingBoard, drawButton, uploader } from "../shared/board.js"
import { el, say, show } from "../shared/dom.js"
import { WORDS as SHARED } from "../shared/words.js"
import { Layers } from "./layers.js"
import { percent } from "./share.js"
import { ClassifyView, panel, plainPanel } from "./view.js"
import { WORDS } from "./words.js"

const WHILE_DRAWING = 200 // ms at least between two questions within a stroke
const { draw: words } = WORDS

/** @typedef {{ picture: string } | { heldout: number }} Asked a drawing or file in base64, or the number of an image */

export class DrawView extends ClassifyView {
  /** @param {Component<ClassifyData>} component */
  constructor(component) {
    super(component)
    /** @type {Asked | null} */
    this.question = null // the one asked last
    /** @type {{ question: Asked, since: number | null } | null} */
    this.dirty = null // what is to be asked, and when the stroke that asks for it ended
    this.asking = false
    this.asked = 0 // ms
    this.answered = false
    const { texts, drawable, most_bytes: most } = this.data
    this.board = new DrawingBoard({ label: words.board, onChange: (_, finished) => this.drawn(finished) })
    this.shown = el("img", { class: "labc-given", alt: "", hidden: true })
    const heldout = drawButton(words.heldout, () => this.other())
    const upload = uploader(
      words.upload,
      most,
      (picture) => this.put({ picture }),
      (sentence) => this.complain(sentence),
    )
    this.source = el("p", { class: "labc-foot", "aria-live": "polite" })
    this.opinions = el("div", { class: "labc-opinions" })
    this.seen = el("img", { class: "labc-seen", alt: "", hidden: true, "data-testid": "labc-seen" })
    this.verdict = el("p", { class: "labc-verdict", "aria-live": "polite", "data-testid": "labc-verdict" })
    this.before = el("p", { class: "labc-before", "data-testid": "labc-before" }, words.before)
    this.layers = new Layers()
    this.sheet = el("div", { class: "labc-sheet" }, this.board.node)
    const left = plainPanel(
      drawable ? words.title : words.titleWithoutBoard,
      this.sheet,
      this.shown,
      el("div", { class: "labc-row" }, heldout, upload),
      this.source,
    )
    const middle = panel(
      texts.opinions,
      [],
      el("div", { class: "labc-what" }, this.seen, this.verdict),
      this.before,
      this.opinions,
    )
    const right = panel(texts.layers, [], this.layers.node)
    this.node.append(el("div", { class: "labc-draw" }, left, middle, right))
  }

  change() {
    show(this.sheet, this.data.drawable)
    this.layers.clear()
    this.opinions.replaceChildren()
    say(this.verdict, "")
    show(this.seen, false)
    this.question = null
    // Never an empty page: begin with a held-out image, which also wakes the worker.
    if (this.data.checkpoint)
      this.put(this.board.isEmpty || !this.data.drawable ? { heldout: 7 } : { picture: this.board.picture() })
    else this.complain(WORDS.notSaved)
  }

  recolour() {
    if (this.question) this.put(this.question)
  }

  other() {
    this.put({ heldout: Math.floor(Math.random() * 1e6) })
  }

  /**
   * The drawing has changed; `finished`: a stroke has ended.
   * @param {boolean} finished
   */
  drawn(finished) {
    this.mark(true)
    if (this.board.isEmpty) {
      this.dirty = null
      if (finished) say(this.source, words.emptyBoard)
      return
    }
    const now = performance.now()
    if (finished || (!this.asking && now - this.asked > WHILE_DRAWING))
      this.put({ picture: this.board.picture() }, finished ? now : null)
  }

  /**
   * Ask about this; one question at a time, the newest one last.
   * @param {Asked} question
   * @param {number | null} since
   */
  put(question, since = null) {
    this.mark(true)
    if ("picture" in question) say(this.source, words.besides) // of no held-out image any more
    this.question = question
    this.dirty = { question, since }
    if (!this.asking) this.next()
  }

  async next() {
    if (!this.dirty) return
    const { question, since } = this.dirty
    const { run } = this.data
    this.dirty = null
    this.asking = true
    this.asked = performance.now()
    if (!this.answered) say(this.verdict, SHARED.asking)
    try {
      /** @type {Recognition} */
      const answer = await ask(`${this.data.addresses.classify}/recognise`, { ...question, theme: this.theme })
      if (run === this.data.run) {
        this.complain("")
        this.take(answer, question)
        this.mark(this.dirty !== null || ("picture" in question && this.board.isEmpty))
        if (since !== null)
          requestAnimationFrame(() => {
            this.node.dataset.ms = (performance.now() - since).toFixed(0)
          })
      }
    } catch (error) {
      this.complain(/** @type {Error} */ (error).message)
      if (!this.answered) say(this.verdict, "")
    }
    this.asking = false
    this.next()
  }

  /**
   * Whether the answer on the screen is of a picture before the one on the board.
   * @param {boolean} isStale
   */
  mark(isStale) {
    this.node.classList.toggle("labc-is-stale", isStale && this.answered)
  }

  /**
   * @param {Recognition} answer
   * @param {Asked} question
   */
  take(answer, question) {
    this.answered = true
    const { names, classifiers } = answer
    this.seen.src = answer.seen
    this.seen.alt = words.seen
    show(this.seen, true)
    const own = "picture" in question
    const place = (answer.number ?? 0) + 1
    if (!this.data.drawable) {
      this.shown.src = answer.seen
      this.shown.alt = own ? words.own : words.image(place)
    }
    show(this.shown, !this.data.drawable)
    const truth = answer.label === null ? null : names[answer.label]
    say(this.source, own ? words.besides : words.source(place, this.data.images, truth))
    this.say(classifiers, names, answer)
    this.opinions.replaceChildren(...classifiers.map((each) => opinion(each, names, answer)))
    this.layers.update(answer)
  }

  /**
   * The answer in one word.
   * @param {Opinion[]} classifiers
   * @param {string[]} names
   * @param {Recognition} answer
   */
  say(classifiers, names, answer) {
    if (!classifiers.length) {
      say(this.verdict, words.noClasses)
      return
    }
    const [{ probabilities }] = classifiers
    const best = probabilities.indexOf(Math.max(...probabilities))
    this.verdict.replaceChildren(el("b", {}, names[best]), el("span", {}, words.sure(percent(probabilities[best]))))
    this.node.dataset.answer = names[best]
    this.node.dataset.number = String(answer.number ?? "own")
  }
}

/**
 * @param {Opinion} classifier
 * @param {string[]} names
 * @param {Recognition} answer
 */
function opinion({ id, label, probabilities }, names, answer) {
  const best = probabilities.indexOf(Math.max(...probabilities))
  const bars = probabilities.map((share, index) =>
    el(
      "li",
      { class: index === best ? "labc-bar labc-best" : "labc-bar" },
      el("span", { class: "labc-name" }, names[index]),
      el("span", { class: "labc-track" }, el("i", { style: `width: ${(100 * share).toFixed(2)}%` })),
      el("span", { class: "labc-share" }, percent(share)),
    ),
  )
  const classifier = words.classifiers[id] ?? label
  const about = id === "probe" ? words.fitted(classifier, answer.fitted) : classifier
  return el(
    "div",
    { class: "labc-opinion", "data-testid": `labc-opinion-${id}` },
    el("p", { class: "labc-kind" }, about),
    el("ol", { class: "labc-bars" }, ...bars),
  )
}
