// The words of the Microscope that are not in `assets/texts/microscope.json`.

/** @import { Method, Shares } from "./experiment.js" */

import { counted } from "../shared/numbers.js"
import { fixed, percent } from "./numbers.js"

/** @type {Record<Method, string>} */
const METHODS = { exact: "exact", cd1: "CD-1", cd10: "CD-10", pcd: "PCD", tempering: "tempering" }

const UPDATE = "update"
const MODEL = "model p(v)"

export const WORDS = {
  methods: METHODS,
  noCanvas: "This browser cannot draw on a canvas, which this page is made of; try another one.",

  units: {
    /** @type {(value: number, decimals?: number) => string} */
    nats: (value, decimals = 2) => `${fixed(value, decimals)} nats`,
    /** @param {number} took */
    milliseconds: (took) => `${fixed(took, 0)} ms`,
    /** @param {number} count */
    perSecond: (count) => `${counted(count)}/s`,
    /** @param {number} value */
    degrees: (value) => `${fixed(value, 0)}°`,
  },

  names: {
    /** @type {(column: number, row: number) => string} */
    cell: (column, row) => `column ${column}, row ${row}`,
    /** @type {(visible: string, hidden: string) => string} */
    weight: (visible, hidden) => `weight of ${visible} – ${hidden}`,
    /** @param {string} unit */
    bias: (unit) => `bias of ${unit}`,
    /** @type {(v: string, h: string) => string} */
    joint: (v, h) => `v = ${v}, h = ${h}`,
  },

  table: {
    /** @type {(most: number, total: number) => string} */
    caption: (most, total) =>
      total > most ? `the first ${most} of ${counted(total)} rows; the CSV holds all` : `${total} rows`,
  },

  apparatus: {
    data: "Data",
    hidden: "Hidden units",
    seed: "Seed",
    startOver: "Start over",
    randomWeights: "Random weights",
    temperature: "Temperature",
    /** @param {number} value */
    degree: (value) => `T = ${fixed(value)}`,
    /** @type {(given: string, most: number, kept: number) => string} */
    badSeed: (given, most, kept) =>
      `The seed is a whole number from 1 to ${counted(most)}, not ${given || "empty"}; it stays ${kept}.`,
  },

  training: {
    rule: "Learning rule",
    follow: "Follow the gradient of",
    rate: "Rate",
    step: "One update",
    train: "Train",
    pause: "Pause",
  },

  model: {
    parameters: "Weights and biases",
    bias: "bias",
    drawHidden: "Draw h given v",
    drawVisible: "Draw v given h",
    runChain: "Run chain",
    stopChain: "Stop chain",
    clearVisits: "Clear visits",
    chainSpeed: "Speed of the chain",
    head: ["parameter", "value"],
    /** @param {string} parameter */
    slider: (parameter) => `${parameter}, slider`,
    /** @type {(visible: number, hidden: number, state: string) => string} */
    graph: (visible, hidden, state) =>
      `Graph of ${visible} visible and ${hidden} hidden units; the chain stands at ${state}. Weights can be chosen in the table below.`,
    /** @type {(steps: number, state: string) => string} */
    chain: (steps, state) => `${counted(steps)} half-steps; ${state}`,
  },

  states: {
    showAs: "Show p(v) as",
    views: { bars: "bars", map: "map" },
    data: "data",
    model: MODEL,
    /** @param {number} visits */
    chain: (visits) => `chain, ${counted(visits)} visits`,
    head: ["v", "data", MODEL, "share of visits"],
    /** @param {number} count */
    others: (count) => `all ${counted(count)} other states together`,
    /** @type {(name: string, shares: Shares) => string} */
    shares: (name, { data, model, chain }) =>
      `${name}: data ${percent(data)}, model ${percent(model)}, chain ${percent(chain)}`,
    /** @type {(share: number, states: number, all: number) => string} */
    covered: (share, states, all) =>
      `${fixed(100 * share, 1)} % of the model's probability lies on the ${counted(states)} states of the data (of ${counted(all)}).`,
    noVisits: "The chain has visited nothing yet.",
    /** @param {number} distance */
    apart: (distance) =>
      `Chain against model: ${fixed(100 * distance, 1)} % of the visits are in the wrong place (total variation).`,
  },

  energies: {
    order: "Order of the states",
    orders: { probable: "probable", gray: "neighbours" },
    head: ["v", "h", "E in nats", "p(v, h)"],
    /** @param {number} value */
    andAbove: (value) => `${fixed(value, 1)} and above`,
    /** @type {(drawn: number, all: number) => string} */
    visible: (drawn, all) => (drawn === all ? `All ${drawn}` : `The ${drawn} most probable of ${counted(all)}`),
    /** @type {(visible: string, hidden: number, lowest: string) => string} */
    all: (visible, hidden, lowest) => `${visible} visible × all ${hidden} hidden states. Lowest energy ${lowest}.`,
    /** @type {(state: string, energy: string, joint: number, visible: number) => string} */
    one: (state, energy, joint, visible) =>
      `${state}: E = ${energy}, p(v, h) = ${percent(joint)}, p(v) = ${percent(visible)}`,
  },

  curves: { update: UPDATE },

  likelihood: {
    axis: "nats a case",
    head: [UPDATE, "mean log-likelihood in nats"],
    /** @param {number} value */
    best: (value) => `best possible ${fixed(value)}: minus the entropy of the data`,
    /** @type {(update: number, value: string) => string} */
    at: (update, value) => `update ${counted(update)}: ${value}`,
    /** @type {(updates: number, value: string, missing: number) => string} */
    now: (updates, value, missing) =>
      `After ${counted(updates)} updates ${value} a case, ${fixed(missing, 3)} below the best possible. All cases, exact.`,
  },

  gradient: {
    measure: "Measure",
    measures: { angle: "angle", error: "relative error" },
    axes: { angle: "degrees", error: "|error| / |gradient|" },
    noHelp: "at right angles: no help",
    noise: "500 exact samples",
    columns: { ...METHODS, noise: "exact samples" },
    /** @param {string} estimator */
    angleOf: (estimator) => `angle of ${estimator} in degrees`,
    /** @param {string} estimator */
    errorOf: (estimator) => `relative error of ${estimator}`,
    /** @type {(estimator: string, number: string) => string} */
    one: (estimator, number) => `${estimator} ${number}`,
    /** @type {(update: number, estimators: string[]) => string} */
    at: (update, estimators) => `update ${update}: ${estimators.join(", ")}`,
    /** @type {(estimators: string[], isExact: boolean) => string} */
    now: (estimators, isExact) =>
      `Now: ${estimators.join(", ")}; ${isExact ? "CD is its exact expectation" : "CD is a mean of 500 chains"}.`,
  },

  annealing: {
    temperatures: "temperatures",
    axis: "estimate − true log Z, nats",
    ais: "AIS",
    reverse: "reverse AIS",
    head: ["temperatures", "true log Z", "AIS", "AIS low", "AIS high", "reverse AIS", "reverse low", "reverse high"],
    computing: "Computing…",
    /** @type {(count: number, below: number, above: number) => string} */
    rung: (count, below, above) => `${count} temperatures: AIS ${fixed(below, 3)}, reverse ${fixed(above, 3)}`,
    /** @type {(truth: string, low: number, high: number) => string} */
    reach: (truth, low, high) => `true log Z ${truth}, bracket ${fixed(low)} to ${fixed(high)} around it`,
    /** @type {(count: number, reach: string) => string} */
    endless: (count, reach) =>
      `${count} temperatures are too few: the weights scatter so much that the error bar has no end (${reach}). Choose more.`,
    /** @type {(count: number, reach: string) => string} */
    outside: (count, reach) =>
      `${count} temperatures are too few: the truth lies outside the bracket (${reach}). Choose more.`,
    /** @type {(count: number, reach: string, gap: string) => string} */
    wide: (count, reach, gap) =>
      `${count} temperatures leave the bracket wider than 1 nat (${reach}). Choose more, or read the two estimates as a range of ${gap}.`,
    /** @type {(count: number, reach: string) => string} */
    closed: (count, reach) => `With ${count} temperatures: ${reach}.`,
  },

  lesson: {
    title: "Lesson",
    previous: "Previous step",
    next: "Next step",
    setUp: "Set this up",
    /** @type {(step: number, steps: number) => string} */
    place: (step, steps) => `${step} of ${steps}`,
  },
}
