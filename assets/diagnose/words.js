// The words of the Diagnose view.

import { counted, fixed } from "../shared/numbers.js"

export const WORDS = {
  layer: "Layer looked at",
  fewer: "Fewer",
  /** @param {number} count */
  more: (count) => `${count} more`,

  slider: {
    epoch: "Epoch shown by the cards",
    back: "One moment back",
    on: "One moment on",
    /** @type {(stage: string, epoch: number) => string} */
    moment: (stage, epoch) => `${stage}, epoch ${fixed(epoch)}`,
    /** @param {string} moment */
    following: (moment) => `${moment} · following`,
    /** @param {string} moment */
    held: (moment) => `${moment} · held`,
  },

  curve: {
    /** @type {(methods: string[], lacks: string, method: string) => string} */
    other: (methods, lacks, method) =>
      `Only runs of ${methods.join(", ")} have ${lacks}; this one learns by ${method}.`,
    /** @param {string} name */
    dashed: (name) => `${name} (dashed)`,
    /** @type {(name: string, value: string) => string} */
    value: (name, value) => `${name}: ${value}`,
    /** @param {string} said */
    verdict: (said) => `This run: ${said}.`,
  },

  frame: {
    none: "The first numbers come with the first look at the run.",
    arrays: { W: "W", dW: "ΔW", v_bias: "b (visible)", h_bias: "c (hidden)" },
    hiddenBiases: "hidden biases",
    /** @param {string} array */
    zero: (array) => `${array} all zero`,
    /** @type {(array: string, end: string) => string} */
    within: (array, end) => `${array} within ±${end}`,
    /** @type {(unit: number, percent: string) => string} */
    unit: (unit, percent) => `unit ${unit}, on ${percent} % of the time`,
    ranks: "units, the most selective first",
    lifetime: "lifetime sparsity",
    /** @type {(middle: string, units: number) => string} */
    median: (middle, units) => `median ${middle} over ${counted(units)} units`,
  },

  hidden: {
    cases: "cases",
    /** @type {(cases: number, units: number, dead: string, always: string) => string} */
    picture: (cases, units, dead, always) =>
      `Hidden probabilities of ${cases} images (rows) and ${units} units (columns). ${dead}; ${always}.`,
    /** @type {(shown: number, units: number) => string} */
    units: (shown, units) =>
      shown < units ? `the first ${shown} of ${counted(units)} units` : `${counted(units)} units`,
    /** @type {(unit: number, image: number | null, percent: string) => string} */
    tip: (unit, image, percent) =>
      `unit ${unit}${image === null ? "" : `, image ${image}`}: on ${percent} % of the time`,
    noneDead: "no unit is dead",
    noneAlways: "no unit is always on",
    /** @type {(count: number, listed: string) => string} */
    dead: (count, listed) => `${count} dead: ${listed}`,
    /** @type {(count: number, listed: string) => string} */
    always: (count, listed) => `${count} always on: ${listed}`,
    /** @type {(listed: number[], more: number) => string} */
    listed: (listed, more) => `${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
  },

  spectra: {
    mode: "mode, largest first",
    heldMode: "mode %{x}", // read by plotly.js
    singular: "singular value of W",
    variance: "variance",
    none: "–",
    /** @param {number} epoch */
    epoch: (epoch) => `epoch ${fixed(epoch)}`,
    /** @param {number[]} epochs */
    earlier: (epochs) => `epochs ${epochs.map((epoch) => fixed(epoch, epoch < 1 ? 2 : 1)).join(", ")}`,
    /** @type {(stage: string, epoch: number, largest: string) => string} */
    largest: (stage, epoch, largest) => `${stage}, epoch ${fixed(epoch)}: largest ${largest}`,
    /** @type {(stage: string, decay: string, directions: string) => string} */
    decay: (stage, decay, directions) => `${stage}: decay ${decay}, ${directions} directions`,
  },

  likelihood: {
    chains: "Chains",
    temperatures: "Temperatures",
    annealingChains: "Annealing chains",
    annealingTemperatures: "Annealing temperatures",
    nothing: "Nothing estimated yet: ask for it here, or set “Likelihood every” to have it while training.",
    noCheckpoint: "There is no checkpoint to evaluate yet.",
    start: "Start",
    stop: "stop",
    notNow: "not now",
    trying: "Trying what it costs…",
    /** @param {number} epoch */
    estimate: (epoch) => `Estimate epoch ${fixed(epoch)}`,
    waiting: "In line behind another estimate.",
    /** @type {(elapsed: number, expected: number) => string} */
    running: (elapsed, expected) => `A worker is at it: ${Math.round(elapsed)} of about ${span(expected)}.`,
    before: "The cost is tried and told before anything starts.",
    byEnumeration: "exact, by enumeration",
    /** @type {(chains: number, temperatures: number) => string} */
    byAnnealing: (chains, temperatures) => `${chains} chains at ${counted(temperatures)} temperatures, up and down`,
    /** @type {(seconds: number, how: string, images: number) => string} */
    cost: (seconds, how, images) =>
      `It would take a worker about ${span(seconds)} (${how}; ${counted(images)} held-out images).`,
    /** @param {string} cost */
    tooLong: (cost) => `${cost} The lab waits an hour at most: choose fewer chains or temperatures.`,
    /** @param {string} cost */
    affordable: (cost) => `${cost} Training goes on, more slowly.`,
    /** @type {Record<"exact" | "ais" | "rais", string>} */
    estimators: { exact: "exact", ais: "AIS", rais: "reverse AIS" },
    /** @type {Record<"exact" | "ais" | "rais", string>} */
    points: { exact: "exact", ais: "AIS ± 3σ", rais: "reverse AIS ± 3σ" },
    /** @param {string} estimator */
    whileTraining: (estimator) => `${estimator}, while training`,
    heldPoint: "epoch %{x:.2f}", // read by plotly.js
    /** @type {(chains: number, temperatures: number) => string} */
    asked: (chains, temperatures) => `${chains} chains, ${counted(temperatures)} temperatures`,
    /** @type {(estimator: string, value: string, unit: string, epoch: number) => string} */
    trained: (estimator, value, unit, epoch) =>
      `${estimator} while training: ${value} ${unit} at epoch ${fixed(epoch)}`,
    /** @type {(kind: string, images: number, binarisation: string) => string} */
    of: (kind, images, binarisation) => `${kind}, ${counted(images)} held-out images; ${binarisation}`,
    /** @type {(value: number, unit: string) => string} */
    exactly: (value, unit) => `${fixed(value)} ${unit}, exact`,
    /** @type {(reverse: string, forward: string, unit: string) => string} */
    agreed: (reverse, forward, unit) =>
      `${reverse} by reverse AIS and ${forward} by AIS ${unit}, which agree within the error`,
    /** @type {(reverse: string, forward: string, unit: string) => string} */
    overlapping: (reverse, forward, unit) =>
      `${reverse} by reverse AIS and ${forward} by AIS ${unit}, which agree, as far as the error is known`,
    /** @type {(reverse: string, forward: string, unit: string) => string} */
    between: (reverse, forward, unit) => `between ${reverse} (reverse AIS) and ${forward} (AIS) ${unit}`,
    /** @type {(epoch: number, kind: string, value: string, seconds: number, warning: string) => string} */
    result: (epoch, kind, value, seconds, warning) =>
      `Epoch ${fixed(epoch)}: ${kind} ${value}, in ${span(seconds)}. ${warning}`,
  },
}

/** @param {number} seconds */
function span(seconds) {
  if (seconds < 1) return "a second"
  return seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`
}
