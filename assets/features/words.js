// The words of the Features view.

import { counted, fixed } from "../shared/numbers.js"

export const WORDS = {
  noNumber: "–",
  first: "The first pictures come with the first updates.",
  none: "This run has kept no pictures, so there is nothing to scrub through. Choose another run, or resume this one on the Train page.",
  tryAgain: "Try again",
  /** @type {(epoch: number, of: number, update: number) => string} */
  moment: (epoch, of, update) => `epoch ${fixed(epoch)} of ${of} · update ${counted(update)}`,
  /** @type {(moment: string, stage: string) => string} */
  momentOfStage: (moment, stage) => `${moment} · ${stage}`,

  scrubber: {
    label: "Scrubber over the run",
    moment: "Moment of the run",
    first: "First moment (Home)",
    back: "One moment back (left arrow)",
    play: "Play (space)",
    pause: "Pause (space)",
    on: "One moment on (right arrow)",
    last: "Last moment (End)",
    follow: "follow",
    followTitle: "Stay at the newest moment while the run goes on",
    speed: "Speed of playing",
  },

  options: {
    order: "Order",
    /** @type {Record<string, string>} */
    orders: { training: "training order", activity: "activity", norm: "norm", usefulness: "usefulness" },
    contrast: "Contrast",
    contrasts: { shared: "shared", run: "whole run", each: "each" },
    scheme: "Colours",
    schemes: { signed: "colour", grey: "grey" },
  },

  layer: {
    compute: "Compute it",
    weights: "weights",
    /** @param {string} label */
    name: (label) => label[0].toUpperCase() + label.slice(1),
    /** @param {number} depth */
    png: (depth) => `Download layer ${depth} on the screen as PNG`,
    /** @param {number} depth */
    projection: (depth) => `Projection of layer ${depth}`,
    /** @param {string} label */
    filters: (label) => `Filters of ${label}`,
    /** @type {(depth: number, epoch: number) => string} */
    file: (depth, epoch) => `layer ${depth} epoch ${fixed(epoch)}`,
    /** @type {(what: string, shown: number, layer: string, epoch: number) => string} */
    picture: (what, shown, layer, epoch) =>
      `${what[0].toUpperCase() + what.slice(1)} of ${shown} units of ${layer} at epoch ${fixed(epoch)}, one tile a unit.`,
    /** @type {(shown: number, of: number) => string} */
    units: (shown, of) => (of > shown ? `first ${shown} of ${counted(of)} units` : `${shown} units`),
    /** @type {(how: string, epoch: number) => string} */
    about: (how, epoch) => `${how} · epoch ${fixed(epoch)}`,
    asLeft: "as pretraining left it",
    /** @type {(order: string, epoch: number) => string} */
    by: (order, epoch) => `by ${order} at epoch ${fixed(epoch)}`,
    /** @type {(projection: string, epoch: number) => string} */
    nearest: (projection, epoch) => `${projection} · epoch ${fixed(epoch)}, the nearest state that was kept`,
    /** @type {(units: number, projection: string) => string} */
    cost: (units, projection) => `${units} units by ${projection}`,
    them: "them",
    /** @type {(cost: string, epoch: number) => string} */
    notComputed: (cost, epoch) => `Not computed yet: ${cost} at epoch ${fixed(epoch)}.`,
    /** @param {string} cost */
    willDraw: (cost) => `A worker will draw ${cost}…`,
    /** @type {(cost: string, epoch: number) => string} */
    drawing: (cost, epoch) => `A worker is drawing ${cost} at epoch ${fixed(epoch)}. It takes a few seconds, once.`,
    ordering: "Looking up the order…",
    /** @param {string} layer */
    notYetHere: (layer) => `${layer} has not begun to learn at this moment.`,
    /** @param {string} layer */
    notYet: (layer) => `${layer} has not begun to learn yet.`,
    /** @param {string} layer */
    never: (layer) => `${layer} was never trained.`,
    firstOnly: "While a classifier learns, pictures are kept of the first layer only.",
    noPicture: "No picture was kept.",
    noState: "No state of the network was kept since this layer began, so there is nothing to compute from.",
  },

  tiles: {
    /** @param {number} depth */
    label: (depth) => `Units of layer ${depth}; arrow keys move, Enter opens`,
    /** @type {(unit: number, layer: string) => string} */
    unit: (unit, layer) => `Unit ${unit} of ${layer}`,
    /** @param {number} unit */
    title: (unit) => `unit ${unit}`,
    /** @type {(words: string, state: string) => string} */
    state: (words, state) => `${words}, ${state}`,
  },

  legend: {
    /** @type {(low: string, end: string) => string} */
    from: (low, end) => `−${end} ${low}`,
    /** @type {(high: string, end: string) => string} */
    to: (high, end) => `${high} +${end}`,
    /** @param {string} end */
    range: (end) => `From minus to plus ${end}`,
    ownRange: "Every unit uses the whole range",
    /** @type {(less: string, more: string, range: string) => string} */
    responses: (less, more, range) => `Colour bar. Left: ${less} than in the mean image. Right: ${more}. ${range}.`,
    /** @param {string} range */
    weights: (range) => `Colour bar. Left: ink there switches the unit off. Right: it switches it on. ${range}.`,
    dark: "0 dark",
    bright: "bright 1",
    brightness: "Colour bar. Left: dark, 0. Right: bright, 1.",
    noInk: "0 no ink",
    fullInk: "full ink 1",
    ink: "Colour bar. Left: no ink, 0. Right: full ink, 1.",
  },

  histograms: {
    none: "No frame of diagnostics was recorded yet.",
    arrays: {
      W: { title: "Weights", sign: "W", inside: "weights" },
      v_bias: { title: "Visible biases", sign: "b", inside: "visible biases" },
      h_bias: { title: "Hidden biases", sign: "c", inside: "hidden biases" },
    },
    /** @type {(layer: string, epoch: number) => string} */
    about: (layer, epoch) => `${layer}, epoch ${fixed(epoch)} · heights are square roots of counts`,
    /** @type {(what: string, count: number, low: string, high: string, near: string) => string} */
    picture: (what, count, low, high, near) =>
      `Histogram of ${what}: ${counted(count)} values from ${low} to ${high}, most of them near ${near}.`,
    /** @param {string} what */
    empty: (what) => `Histogram of ${what}: nothing recorded yet.`,
  },

  article: {
    verdict: "What this run's own numbers say",
    theirs: "Source article's claim: 500 units on MNIST",
    seen: "what it saw",
    error: "error, no unit named",
    ours: "This run, first layer",
    filters: "filters",
    notReached: "not reached",
    noPicture: "no picture kept",
    /** @param {number} epoch */
    epoch: (epoch) => `epoch ${epoch}`,
    /** @type {(count: number, epoch: number) => string} */
    picture: (count, epoch) => `The first ${count} filters at epoch ${epoch}`,
  },

  unit: {
    label: "One unit's life",
    previous: "‹ previous",
    next: "next ›",
    csv: "Download this unit's figures as CSV",
    close: "Close this unit",
    figures: { norm: "Norm", bias: "Bias", activity: "Mean activity" },
    percent: " %",
    /** @type {(unit: number, layer: string) => string} */
    life: (unit, layer) => `Life of unit ${unit} of ${layer}`,
    /** @param {number} unit */
    portrait: (unit) => `Unit ${unit} at this moment, enlarged`,
    /** @type {(title: string, begin: number, end: number, first: string, last: string) => string} */
    line: (title, begin, end, first, last) =>
      `${title} over epochs ${fixed(begin)} to ${fixed(end)}: from ${first} to ${last}.`,
    /** @param {number} epoch */
    from: (epoch) => `epoch ${fixed(epoch)}`,
  },

  film: {
    none: "No pictures were kept.",
    /** @param {number} count */
    notFilmed: (count) =>
      `Pictures are kept of the first ${count} units only; the figures and images below are this unit's.`,
    /** @type {(moments: number, first: string, last: number, scale: string) => string} */
    about: (moments, first, last, scale) =>
      `${moments} moments from epoch ${first} to ${fixed(last)}, even in log(update) · ${scale}`,
    sharedScale: "one scale for all",
    ownScale: "every moment its own scale",
    /** @type {(unit: number, moments: number) => string} */
    picture: (unit, moments) => `Film of unit ${unit}: its filter at ${moments} moments`,
    /** @type {(epoch: number, update: number) => string} */
    moment: (epoch, update) => `epoch ${fixed(epoch)}, update ${update}`,
    /** @param {string} moment */
    goTo: (moment) => `Go to ${moment}`,
  },

  answer: {
    ask: "Ask a worker",
    most: "Excites it most",
    least: "Excites it least",
    average: "All, by how much it responds",
    /** @param {number} count */
    best: (count) => `The ${count} that excite it most`,
    /** @param {number} unit */
    averagePicture: (unit) => `How the images that unit ${unit} responds to differ from the mean image`,
    /** @type {(count: number, unit: number) => string} */
    bestPicture: (count, unit) => `The mean of the ${count} training images that excite unit ${unit} most`,
    activity: "Its activity",
    probability: "p(h = 1 | v)",
    activityInside: "this unit's activity",
    notDrawn: "not drawn",
    almostNever: "below 0.001",
    almostAlways: "above 0.999",
    noState: "No state of the network was kept since this layer began, so no worker can say what excites this unit.",
    /** @param {number} epoch */
    offer: (epoch) => `Which images excite it, and what it is made of, a worker can tell for epoch ${fixed(epoch)}.`,
    /** @param {number} epoch */
    asking: (epoch) => `Asking a worker about epoch ${fixed(epoch)}…`,
    /** @param {number} epoch */
    working: (epoch) => `A worker looks at the training images with the network of epoch ${fixed(epoch)}…`,
    /** @type {(epoch: number, images: number) => string} */
    about: (epoch, images) =>
      `What follows is of epoch ${fixed(epoch)}, the nearest state that was kept; ${counted(images)} training images.`,
    /** @type {(unit: number, depth: number, weight: string) => string} */
    part: (unit, depth, weight) => `Unit ${unit} of layer ${depth}, weight ${weight}`,
    /** @param {number} unit */
    mostPicture: (unit) => `The 16 training images that excite unit ${unit} most`,
    /** @param {number} unit */
    leastPicture: (unit) => `The 16 training images that excite unit ${unit} least`,
    /** @type {(from: string, to: string) => string} */
    range: (from, to) => `p from ${from} to ${to}`,
  },
}
