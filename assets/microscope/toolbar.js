// What one chooses: data, size, seed, temperature; how it is trained; and the figures of the moment.

import { choice, el, say } from "./dom.js"
import { NAMES } from "./curves.js"
import { METHODS } from "./experiment.js"
import { help } from "./help.js"
import { COLDEST, MOST_HIDDEN } from "./model.js"
import { figure, fixed } from "./panel.js"

export const HOTTEST = 4
const RATES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
export const MOST_SEED = 999999

let count = 0

/** A label in front of a control. */
function labelled(text, control, ...more) {
  control.id ||= `labm-control-${++count}`
  return el("span", { class: "labm-field" }, el("label", { for: control.id }, text), control, ...more)
}

/** What stays in one line where the bar wraps. */
function together(...nodes) {
  return el("span", { class: "labm-together" }, ...nodes)
}

function button(label, onclick, more = {}) {
  return el("button", { type: "button", class: "labm-button", onclick, ...more }, label)
}

export class Toolbar {
  constructor(page) {
    this.page = page
    this.set = el("select", { class: "labm-select", "data-testid": "labm-set", onchange: () => page.open({ set: this.set.value }) },
      ...Object.entries(page.data.sets).map(([name, title]) => el("option", { value: name }, title)))
    this.hidden = el("select", { class: "labm-select", "data-testid": "labm-hidden", onchange: () => page.open({ hidden: Number(this.hidden.value) }) },
      ...Array.from({ length: MOST_HIDDEN }, (_, at) => el("option", { value: at + 1 }, String(at + 1))))
    this.seed = el("input", { type: "number", class: "labm-number", min: 1, max: MOST_SEED, step: 1, "data-testid": "labm-seed", onchange: () => this.takeSeed() })
    this.temperature = el("input", { type: "range", class: "labm-range", min: Math.log(COLDEST), max: Math.log(HOTTEST), step: 0.01, "data-testid": "labm-temperature", oninput: () => page.setTemperature(this.asked()) })
    this.degrees = el("output", { class: "labm-pace" })
    this.rate = el("input", { type: "range", class: "labm-range", min: 0, max: RATES.length - 1, step: 1, "data-testid": "labm-rate", oninput: () => page.setRate(RATES[Number(this.rate.value)]) })
    this.speed = el("output", { class: "labm-pace" })
    this.step = button("One update", () => page.step(), { "data-testid": "labm-step" })
    this.runner = button("Train", () => page.toggleTraining(), { "data-testid": "labm-train", "aria-pressed": "false" })
    this.methods = el("span")
    this.problem = el("p", { class: "labm-problem", role: "alert", hidden: true })
    this.figures = new Map()
    this.node = el(
      "div",
      { class: "labm-tools" },
      el("div", { class: "labm-bar" },
        labelled("Data", this.set), labelled("Hidden units", this.hidden), labelled("Seed", this.seed),
        button("Start over", () => page.reset(0.1), { "data-testid": "labm-reset" }), button("Random weights", () => page.reset(1.2), { "data-testid": "labm-random" }),
        together(labelled("Temperature", this.temperature, this.degrees), ...help(page.texts.panels.temperature))),
      el("div", { class: "labm-bar" },
        el("span", { class: "labm-field" }, "Follow the gradient of", this.methods),
        labelled("Rate", this.rate, this.speed), together(this.step, this.runner, ...help(page.texts.panels.training))),
      this.problem,
      el("div", { class: "labm-summary" },
        el("dl", { class: "labm-figures", "data-testid": "labm-figures" }, ...["likelihood", "best", "gap", "logz", "gradient", "updates", "time"].map((key) => this.figure(key))),
        ...help(page.texts.panels.figures)),
      this.about = el("p", { class: "labm-about" }),
    )
  }

  figure(key) {
    const value = el("dd", { "data-testid": `labm-figure-${key}` })
    this.figures.set(key, value)
    return el("div", {}, el("dt", {}, this.page.texts.figures[key]), value)
  }

  asked() {
    const value = Math.exp(Number(this.temperature.value))
    return Math.abs(value - 1) < 0.03 ? 1 : Math.max(COLDEST, Math.min(HOTTEST, value))
  }

  takeSeed() {
    const seed = Number(this.seed.value)
    if (Number.isInteger(seed) && seed >= 1 && seed <= MOST_SEED) return this.page.open({ seed })
    this.complain(`The seed is a whole number from 1 to ${MOST_SEED.toLocaleString("en")}, not ${this.seed.value || "empty"}; it stays ${this.page.state.seed}.`)
    this.seed.value = String(this.page.state.seed)
  }

  complain(sentence) {
    this.problem.hidden = !sentence
    say(this.problem, sentence)
  }

  draw({ experiment, took }) {
    const { page } = this
    const { data, model, method, rate, temperature, updates } = experiment
    this.set.value = data.name
    this.hidden.value = String(model.hidden)
    if (document.activeElement !== this.seed) this.seed.value = String(experiment.seed)
    this.temperature.value = String(Math.log(temperature))
    say(this.degrees, `T = ${fixed(temperature, 2)}`)
    this.temperature.setAttribute("aria-valuetext", `T = ${fixed(temperature, 2)}`)
    this.rate.value = String(RATES.indexOf(rate))
    this.rate.setAttribute("aria-valuetext", String(rate))
    say(this.speed, String(rate))
    say(this.runner, page.training ? "Pause" : "Train")
    this.runner.setAttribute("aria-pressed", String(page.training))
    this.runner.classList.toggle("labm-is-on", page.training)
    if (this.method !== method) {
      this.method = method
      this.methods.replaceChildren(choice("Learning rule", Object.fromEntries(METHODS.map((name) => [name, NAMES[name]])), method, (name) => page.setMethod(name)))
    }
    const truth = experiment.truth()
    const put = (key, value, unit) => say(this.figures.get(key), unit ? `${value} ${unit}` : value)
    put("likelihood", fixed(truth.logLikelihood, 3), "nats")
    put("best", fixed(-data.entropy, 3), "nats")
    put("gap", fixed(-data.entropy - truth.logLikelihood, 3), "nats")
    put("logz", fixed(truth.logZ, 3), "nats")
    put("gradient", figure(truth.size, 3))
    put("updates", updates.toLocaleString("en"))
    put("time", fixed(took, 0), "ms")
    say(this.about, data.about)
  }
}
