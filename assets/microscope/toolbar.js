// What one chooses: data, size, seed, temperature; how it is trained; and the figures of the moment.

/** @import { Page, Scene } from "./scene.js" */

import { choice, el, say } from "../shared/dom.js"
import { help } from "../shared/help.js"
import { MOST_SEED } from "./experiment.js"
import { Figures } from "./figures.js"
import { COLDEST, HOTTEST, MOST_HIDDEN } from "./model.js"
import { WORDS } from "./words.js"

const RATES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
const EVEN = 0.03 // a temperature as near to 1 is 1
const [SMALL, LARGE] = [0.1, 1.2] // scales of random weights: for training, and to look at

let count = 0

export class Toolbar {
  /** @param {Page} page */
  constructor(page) {
    this.page = page
    const { panels } = page.data.texts
    this.set = el(
      "select",
      { class: "labm-select", "data-testid": "labm-set", onchange: () => page.open({ set: this.set.value }) },
      ...Object.entries(page.data.sets).map(([name, title]) => el("option", { value: name }, title)),
    )
    this.hidden = el(
      "select",
      {
        class: "labm-select",
        "data-testid": "labm-hidden",
        onchange: () => page.open({ hidden: Number(this.hidden.value) }),
      },
      ...Array.from({ length: MOST_HIDDEN }, (_, at) => el("option", { value: at + 1 }, String(at + 1))),
    )
    this.seed = el("input", {
      type: "number",
      class: "labm-number",
      min: 1,
      max: MOST_SEED,
      step: 1,
      "data-testid": "labm-seed",
      onchange: () => this.takeSeed(),
    })
    this.temperature = slider("temperature", Math.log(COLDEST), Math.log(HOTTEST), 0.01, () =>
      page.setTemperature(this.asked()),
    )
    this.degrees = el("output", { class: "labm-pace" })
    this.rate = slider("rate", 0, RATES.length - 1, 1, () => page.setRate(RATES[Number(this.rate.value)]))
    this.speed = el("output", { class: "labm-pace" })
    this.runner = button("train", WORDS.training.train, () => page.toggleTraining())
    this.runner.setAttribute("aria-pressed", "false")
    this.method = "" // the one that is pressed
    this.methods = el("span")
    this.problem = el("p", { class: "labm-problem", role: "alert", hidden: true })
    this.figures = new Figures(page.data.texts.figures)
    this.about = el("p", { class: "labm-about" })
    this.node = el(
      "div",
      { class: "labm-tools" },
      this.apparatus(help(panels.temperature)),
      this.training(help(panels.training)),
      this.problem,
      el("div", { class: "labm-summary" }, this.figures.node, ...help(panels.figures)),
      this.about,
    )
  }

  /**
   * The line of what is under the microscope.
   * @param {HTMLElement[]} about the temperature
   */
  apparatus(about) {
    const { apparatus } = WORDS
    return el(
      "div",
      { class: "labm-bar" },
      labelled(apparatus.data, this.set),
      labelled(apparatus.hidden, this.hidden),
      labelled(apparatus.seed, this.seed),
      button("reset", apparatus.startOver, () => this.page.reset(SMALL)),
      button("random", apparatus.randomWeights, () => this.page.reset(LARGE)),
      together(labelled(apparatus.temperature, this.temperature, this.degrees), ...about),
    )
  }

  /**
   * The line of how it learns.
   * @param {HTMLElement[]} about training
   */
  training(about) {
    const { training } = WORDS
    return el(
      "div",
      { class: "labm-bar" },
      el("span", { class: "labm-field" }, training.follow, this.methods),
      labelled(training.rate, this.rate, this.speed),
      together(
        button("step", training.step, () => this.page.step()),
        this.runner,
        ...about,
      ),
    )
  }

  asked() {
    const value = Math.exp(Number(this.temperature.value))
    return Math.abs(value - 1) < EVEN ? 1 : Math.max(COLDEST, Math.min(HOTTEST, value))
  }

  takeSeed() {
    const seed = Number(this.seed.value)
    if (Number.isInteger(seed) && seed >= 1 && seed <= MOST_SEED) return this.page.open({ seed })
    this.complain(WORDS.apparatus.badSeed(this.seed.value, MOST_SEED, this.page.settings.seed))
    this.seed.value = String(this.page.settings.seed)
  }

  /** @param {string} sentence "": there is no problem any more */
  complain(sentence) {
    this.problem.hidden = !sentence
    say(this.problem, sentence)
  }

  /** @param {Scene} scene */
  draw({ experiment, training, took }) {
    const { data, model, method, rate, temperature } = experiment
    this.set.value = data.name
    this.hidden.value = String(model.hidden)
    if (document.activeElement !== this.seed) this.seed.value = String(experiment.seed)
    this.temperature.value = String(Math.log(temperature))
    say(this.degrees, WORDS.apparatus.degree(temperature))
    this.temperature.setAttribute("aria-valuetext", WORDS.apparatus.degree(temperature))
    this.rate.value = String(RATES.indexOf(rate))
    this.rate.setAttribute("aria-valuetext", String(rate))
    say(this.speed, String(rate))
    say(this.runner, training ? WORDS.training.pause : WORDS.training.train)
    this.runner.setAttribute("aria-pressed", String(training))
    this.runner.classList.toggle("labm-is-on", training)
    if (this.method !== method) {
      this.method = method
      this.methods.replaceChildren(
        choice(WORDS.training.rule, WORDS.methods, method, (name) => this.page.setMethod(name)),
      )
    }
    this.figures.draw(experiment, took)
    say(this.about, data.about)
  }
}

/**
 * A label in front of a control.
 * @param {string} text
 * @param {HTMLElement} control
 * @param {HTMLElement[]} more
 */
function labelled(text, control, ...more) {
  control.id = `labm-control-${++count}`
  return el("span", { class: "labm-field" }, el("label", { for: control.id }, text), control, ...more)
}

/**
 * What stays in one line where the bar wraps.
 * @param {HTMLElement[]} nodes
 */
function together(...nodes) {
  return el("span", { class: "labm-together" }, ...nodes)
}

/**
 * @param {string} key
 * @param {string} label
 * @param {() => void} onclick
 */
function button(key, label, onclick) {
  return el("button", { type: "button", class: "labm-button", "data-testid": `labm-${key}`, onclick }, label)
}

/**
 * @param {string} key
 * @param {number} min
 * @param {number} max
 * @param {number} step
 * @param {() => void} oninput
 */
function slider(key, min, max, step, oninput) {
  return el("input", { type: "range", class: "labm-range", min, max, step, "data-testid": `labm-${key}`, oninput })
}
