// Draw a digit: the board at the left, what every classifier takes it for, and what each layer makes of it. Answers come
// at the end of each stroke, and while one is drawn as often as the worker keeps up.

import { ask, percent } from "./question.js"
import { DrawingBoard, uploader } from "./board.js"
import { el, say, show } from "./dom.js"
import { Layers } from "./layers.js"
import { panel, View } from "./view.js"

const WHILE_DRAWING = 200 // ms at least between two questions within a stroke
const KINDS = {
  "fine-tuned": "by the fine-tuned head",
  "label units": "by label units: free energy of each label",
  "up-down": "by label units after up-down",
  hybrid: "by the hybrid CNN",
  probe: "by a probe: logistic regression on the top features",
}

export class DrawView extends View {
  build() {
    const { texts, drawable, most_bytes: most } = this.data
    this.board = new DrawingBoard({ label: "Draw a digit here", onChange: (_, finished) => this.drawn(finished) })
    this.shown = el("img", { class: "labc-given", alt: "", hidden: true })
    const heldout = el("button", { type: "button", class: "draw-button", onclick: () => this.other() }, "Held-out image")
    const upload = uploader("Upload", most, (picture) => this.put({ picture }), (sentence) => this.complain(sentence))
    this.source = el("p", { class: "labc-foot", "aria-live": "polite" })
    this.opinions = el("div", { class: "labc-opinions" })
    this.seen = el("img", { class: "labc-seen", alt: "", hidden: true, "data-testid": "labc-seen" })
    this.verdict = el("p", { class: "labc-verdict", "aria-live": "polite", "data-testid": "labc-verdict" })
    this.layers = new Layers()
    this.sheet = el("div", { class: "labc-sheet" }, this.board.node)
    const left = el("section", { class: "lab-panel labc-panel" },
      el("div", { class: "lab-head" }, el("h3", { class: "lab-title" }, drawable ? "Draw, upload or take one" : "Upload one or take one")),
      this.sheet, this.shown, el("div", { class: "labc-row" }, heldout, upload), this.source)
    const middle = panel(texts.opinions, [], el("div", { class: "labc-what" }, this.seen, this.verdict), this.opinions)
    const right = panel(texts.layers, [], this.layers.node)
    return [el("div", { class: "labc-draw" }, left, middle, right)]
  }

  change() {
    show(this.sheet, this.data.drawable)
    this.layers.clear()
    this.opinions.replaceChildren()
    say(this.verdict, "")
    show(this.seen, false)
    this.question = null
    // Never an empty page: begin with a held-out image, which also wakes the worker.
    if (this.data.checkpoint) this.put(this.board.isEmpty || !this.data.drawable ? { heldout: 7 } : { picture: this.board.picture() })
    else this.complain("This run has not been saved yet: its first checkpoint comes a second after it starts.")
  }

  recolour() {
    if (this.question) this.put(this.question)
  }

  other() {
    this.put({ heldout: Math.floor(Math.random() * 1e6) })
  }

  /** The drawing has changed; `finished`: a stroke has ended. */
  drawn(finished) {
    if (this.board.isEmpty) {
      this.dirty = null
      if (finished) say(this.source, "The board is empty.")
      return
    }
    const now = performance.now()
    if (finished || (!this.asking && now - (this.asked ?? 0) > WHILE_DRAWING)) this.put({ picture: this.board.picture() }, finished ? now : null)
  }

  /** Ask about this; one question at a time, the newest one last. */
  put(question, since = null) {
    this.question = question
    this.dirty = { question, since }
    if (!this.asking) this.next()
  }

  async next() {
    const { question, since } = this.dirty
    const { run } = this.data
    this.dirty = null
    this.asking = true
    this.asked = performance.now()
    if (!this.answered) say(this.verdict, "Asking a worker…")
    try {
      const answer = await ask(`${this.data.addresses.classify}/recognise`, { ...question, theme: this.theme })
      if (run === this.data.run) {
        this.complain("")
        this.take(answer, question)
        if (since !== null) requestAnimationFrame(() => { this.node.dataset.ms = (performance.now() - since).toFixed(0) })
      }
    } catch (error) {
      this.complain(error.message)
      if (!this.answered) say(this.verdict, "")
    }
    this.asking = false
    if (this.dirty) this.next()
  }

  take(answer, question) {
    this.answered = true
    const { names, classifiers } = answer
    this.seen.src = answer.seen
    this.seen.alt = "The picture as the network sees it"
    show(this.seen, true)
    const own = question.picture !== undefined
    if (!this.data.drawable) {
      this.shown.src = answer.seen
      this.shown.alt = own ? "Your picture, as the network sees it" : `Held-out image ${answer.number + 1}`
    }
    show(this.shown, !this.data.drawable)
    const truth = answer.label === null ? "" : `: ${names[answer.label]}`
    say(this.source, own ? "As the network sees it: see beside." : `Held-out image ${(answer.number + 1).toLocaleString("en")} of ${this.data.images}${truth}. The network was not trained on it.`)
    this.say(classifiers, names, answer)
    this.opinions.replaceChildren(...classifiers.map((each) => opinion(each, names, answer)))
    this.layers.update(answer)
  }

  /** The answer in one word. */
  say(classifiers, names, answer) {
    if (!classifiers.length) {
      say(this.verdict, "The images of this run have no classes, so nothing can be named. What its layers make of the picture is beside.")
      return
    }
    const [{ probabilities }] = classifiers
    const best = probabilities.indexOf(Math.max(...probabilities))
    this.verdict.replaceChildren(el("b", {}, names[best]), el("span", {}, ` ${percent(probabilities[best])} sure`))
    this.node.dataset.answer = names[best]
    this.node.dataset.number = answer.number ?? "own"
  }
}

function opinion({ name, probabilities }, names, answer) {
  const best = probabilities.indexOf(Math.max(...probabilities))
  const bars = probabilities.map((share, index) =>
    el("li", { class: index === best ? "labc-bar labc-best" : "labc-bar" },
      el("span", { class: "labc-name" }, names[index]),
      el("span", { class: "labc-track" }, el("i", { style: `width: ${(100 * share).toFixed(2)}%` })),
      el("span", { class: "labc-share" }, percent(share))))
  const fitted = name === "probe" ? ` of ${answer.fitted.toLocaleString("en")} training images. Fine-tune this run for a classifier of its own` : ""
  return el("div", { class: "labc-opinion", "data-testid": `labc-opinion-${name}` },
    el("p", { class: "labc-kind" }, `${KINDS[name] ?? name}${fitted}`), el("ol", { class: "labc-bars" }, ...bars))
}
