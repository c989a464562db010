// What a worker says of a unit: the images that excite it, its activity, its parts and the wholes that use it.

/** @import { FeaturesData, LayerFilm, Part, UnitLife as Answer, Whole } from "../shared/messages.js" */
/** @import { Checkpoint, Scene } from "./scene.js" */

import { el, say, show } from "../shared/dom.js"
import { rounded } from "../shared/numbers.js"
import { askButton } from "./ask_button.js"
import { figure, Histogram } from "./bars.js"
import { section } from "./section.js"
import { nearest } from "./timeline.js"
import { WORDS } from "./words.js"

const REST = 500 // ms the scrubber has to rest before a worker is asked
const { answer: words } = WORDS

/**
 * @typedef {{
 *   pick(depth: number, unit: number): void,
 *   ask(body: unknown, done: (answer: Answer | null, problem: string) => void): void,
 * }} Host
 */

/** @typedef {{ scene: Scene, layer: LayerFilm, unit: number }} Subject which unit, at which moment */

/**
 * What no eye can tell from 0 or 1 is not spelled out.
 * @param {number | null} value
 */
function probability(value) {
  if (value !== null && value > 0 && value < 0.001) return words.almostNever
  return value !== null && value < 1 && value > 0.999 ? words.almostAlways : figure(value)
}

export class UnitAnswer {
  /**
   * @param {FeaturesData["texts"]} texts
   * @param {Host} host
   */
  constructor(texts, host) {
    this.host = host
    /** @type {Map<string, Answer>} */
    this.known = new Map()
    this.shown = "" // key of the answer on the screen
    this.asked = "" // key of the one on its way
    this.said = ""
    /** @type {{ subject: Subject, key: string, checkpoint: Checkpoint } | null} */
    this.wanted = null
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    this.most = new Extreme(words.most, words.mostPicture, "labf-most")
    this.least = new Extreme(words.least, words.leastPicture)
    this.responds = new Responds()
    this.histogram = new Histogram(words.activity, words.probability, words.activityInside)
    this.status = el("p", { class: "labf-about labf-status", role: "status", "data-testid": "labf-unit-status" })
    this.button = askButton(words.ask, () => this.askNow())
    this.answer = el(
      "div",
      { class: "labf-answer" },
      section("responds", texts.responds, this.responds.node),
      section("excites", texts.excites, el("div", { class: "labf-excites" }, this.most.node, this.least.node)),
      section("activity", texts.activity, this.histogram.node),
    )
    this.parts = el("div", { class: "labf-parts", "data-testid": "labf-parts" })
    this.wholes = el("div", { class: "labf-parts", "data-testid": "labf-wholes" })
    this.partsSection = section("parts", texts.parts, this.parts)
    this.wholesSection = section("wholes", texts.wholes, this.wholes)
    this.nodes = [
      el("div", { class: "labf-asked" }, this.status, this.button),
      this.answer,
      this.partsSection,
      this.wholesSection,
    ]
  }

  /**
   * Of the state of the network nearest to the scrubber.
   * @param {Subject} subject
   */
  update(subject) {
    const { scene, layer, unit } = subject
    clearTimeout(this.timer)
    const checkpoint = scene.timeline.checkpoint(scene.step, layer.depth)
    if (!checkpoint) {
      this.clear()
      say(this.status, words.noState)
      show(this.button, false)
      return
    }
    const key = `${checkpoint.id} ${layer.depth} ${unit} ${scene.theme} ${scene.address}`
    const known = this.known.get(key)
    if (known) {
      this.draw(subject, key, known)
      return
    }
    this.wanted = { subject, key, checkpoint }
    if (this.asked === key) return
    if (!scene.touched() || (scene.following() && this.shown)) {
      say(this.status, this.shown ? this.said : words.offer(checkpoint.epoch))
      show(this.button, true)
      return
    }
    show(this.button, false)
    say(this.status, words.asking(checkpoint.epoch))
    this.timer = setTimeout(() => this.askNow(), this.shown ? REST : 0)
  }

  askNow() {
    if (!this.wanted) return
    const { subject, key, checkpoint } = this.wanted
    this.asked = key
    show(this.button, false)
    say(this.status, words.working(checkpoint.epoch))
    const { layer, unit, scene } = subject
    this.host.ask({ checkpoint: checkpoint.id, layer: layer.depth, unit, theme: scene.theme }, (answer, problem) => {
      if (answer) this.known.set(key, answer)
      if (this.asked !== key) return // and not again by itself
      if (answer) {
        this.asked = ""
        this.draw(subject, key, answer)
        return
      }
      say(this.status, problem)
      say(this.button, WORDS.tryAgain)
      show(this.button, true)
    })
  }

  /**
   * @param {Subject} subject
   * @param {string} key
   * @param {Answer} answer
   */
  draw({ scene, layer, unit }, key, answer) {
    show(this.button, false)
    this.said = words.about(answer.epoch, answer.cases)
    say(this.status, this.said)
    if (this.shown === key) return
    this.shown = key
    this.responds.draw(answer, unit)
    this.most.draw(answer.most, unit)
    this.least.draw(answer.least, unit)
    this.histogram.draw(answer.histogram, 0, 1)
    show(this.answer, true)
    const { parts = [], wholes = [] } = answer
    const [below, above] = [layer.depth - 1, layer.depth + 1]
    this.parts.replaceChildren(
      ...parts.map((part) => this.part(below, part, el("img", { src: part.picture, alt: "" }))),
    )
    this.wholes.replaceChildren(...wholes.map((whole) => this.part(above, whole, pictureOf(scene, above, whole.unit))))
    show(this.partsSection, parts.length > 0)
    show(this.wholesSection, wholes.length > 0)
  }

  /**
   * @param {number} depth
   * @param {Part | Whole} part
   * @param {HTMLElement} picture
   */
  part(depth, { unit, weight }, picture) {
    const size = weight ?? 0
    const sign = size < 0 ? "−" : "+"
    return el(
      "button",
      {
        type: "button",
        class: "labf-part",
        "data-sign": sign,
        "data-unit": unit,
        "aria-label": words.part(unit, depth, figure(weight)),
        onclick: () => this.host.pick(depth, unit),
      },
      picture,
      el("span", {}, `${unit}`),
      el("span", { class: "labf-weight" }, `${sign}${rounded(Math.abs(size), 2)}`),
    )
  }

  /** Another unit. */
  change() {
    this.asked = ""
    this.clear()
  }

  /** Nothing is known here. */
  clear() {
    this.shown = ""
    for (const part of [this.answer, this.partsSection, this.wholesSection, this.button]) show(part, false)
    say(this.button, words.ask)
    say(this.status, "")
  }

  /** Another run. */
  forget() {
    this.known.clear()
    this.rest()
  }

  rest() {
    clearTimeout(this.timer)
  }
}

/** Two pictures that sum up what a unit responds to. */
class Responds {
  constructor() {
    this.average = el("img", { class: "labf-summary", "data-testid": "labf-responds" })
    this.best = el("img", { class: "labf-summary", "data-testid": "labf-best" })
    this.title = el("h4")
    this.classes = el("p", { class: "labf-about", "data-testid": "labf-answers-to" })
    const pictures = el(
      "div",
      { class: "labf-excites" },
      el("div", {}, el("h4", {}, words.average), this.average),
      el("div", {}, this.title, this.best),
    )
    this.node = el("div", {}, pictures, this.classes)
  }

  /**
   * @param {Answer} answer
   * @param {number} unit
   */
  draw({ responds, best, best_mean, answers_to }, unit) {
    this.average.src = responds
    this.average.alt = words.averagePicture(unit)
    this.best.src = best_mean
    this.best.alt = words.bestPicture(best, unit)
    say(this.title, words.best(best))
    say(this.classes, answers_to)
    show(this.classes, Boolean(answers_to))
  }
}

/** The images at one end of a unit's activity. */
class Extreme {
  /**
   * @param {string} title
   * @param {(unit: number) => string} description of them
   * @param {string | null} testid
   */
  constructor(title, description, testid = null) {
    this.description = description
    this.image = el("img", { class: "labf-images", "data-testid": testid })
    this.note = el("p", { class: "labf-about" })
    this.node = el("div", {}, el("h4", {}, title), this.image, this.note)
  }

  /**
   * @param {Answer["most"]} images
   * @param {number} unit
   */
  draw(images, unit) {
    this.image.src = images.picture
    this.image.alt = this.description(unit)
    say(this.note, words.range(probability(images.from), probability(images.to)))
  }
}

/**
 * A unit's filter at the scrubber's moment.
 * @param {Scene} scene
 * @param {number} depth
 * @param {number} unit
 */
function pictureOf({ timeline, step, options, theme, address }, depth, unit) {
  const layer = timeline.layers[depth - 1]
  const place = nearest(layer.pictures.step, step)
  if (unit >= layer.shown || place < 0) return el("span", { class: "labf-nopicture" }, words.notDrawn)
  return el("img", {
    src: `${address}/film/${layer.pictures.id[place]}/${unit}x2-${options.scheme}-each-${theme}.png`,
    alt: "",
  })
}
