// Every word of this page that is not in its data: labels, and sentences about numbers.

/** @import { Place } from "./app.js" */
/** @import { ReplayCommand, ReplayMoment } from "../shared/messages.js" */

import { counted, fixed } from "../shared/numbers.js"
import { digits } from "./numbers.js"

export const WORDS = {
  // -- the page -------------------------------------------------------------------------------------------------------
  turnTheme: "Switch between light and dark",
  themes: { light: "light", dark: "dark" },
  noPictures: "This run kept no pictures, so there are only its numbers to look at.",
  noCanvas: "This browser cannot draw on a canvas, which the pictures need; open the file in another one.",
  // -- help -----------------------------------------------------------------------------------------------------------
  help: "What to look for",
  formula: "Formula",
  unit: "Unit",
  measuredOn: "Measured on",
  // -- the scrubber ---------------------------------------------------------------------------------------------------
  scrubber: "Scrubber",
  moment: "Moment of the run",
  play: "▶ Play",
  pause: "❚❚ Pause",
  playOrPause: "Play or pause (space)",
  speed: "Speed",
  first: "First",
  back: "One back",
  on: "One on",
  last: "Last",
  /** @param {number} pictures */
  perSecond: (pictures) => `${pictures} a second`,
  /**
   * @param {Place} place
   * @param {string} stage
   */
  place: ({ epoch, step }, stage) => `${stage} · epoch ${fixed(epoch)} · update ${counted(step)}`,
  /**
   * @param {Place} place
   * @param {string} stage
   */
  spokenPlace: ({ epoch, step }, stage) => `${stage}, epoch ${fixed(epoch)}, update ${step}`,
  // -- filters --------------------------------------------------------------------------------------------------------
  layer: "Layer",
  /**
   * What the two ends of the colours mean: of weights, or of what units respond to.
   * @param {ReplayMoment} moment
   */
  ends: ({ responds, colour }) => {
    if (!responds) return ["inhibits", "excites"]
    return colour ? ["darker", "brighter"] : ["less ink", "more ink"]
  },
  ownScale: "own scale",
  oneScale: "one scale a",
  aboutScale: "One scale of colours for each picture, for the layer over all epochs, or for each filter",
  scales: { picture: "picture", layer: "layer", each: "filter" },
  colours: "Colours",
  schemes: { signed: "colours", grey: "grey" },
  png: "PNG",
  savePng: "Save this picture as PNG",
  /** @param {ReplayMoment} moment */
  filters: ({ units, of, what, epoch }) => `${units} of ${counted(of)} units of ${what}, epoch ${fixed(epoch)}`,
  /** @param {string} filters */
  followOne: (filters) => `${filters}. Click a filter to follow it.`,
  /** @type {(filters: string, responds: boolean) => string} */
  spokenFilters: (filters, responds) => `${responds ? "Responses" : "Weights"} of ${filters}, one tile a unit.`,
  // -- one unit -------------------------------------------------------------------------------------------------------
  unitBefore: "The unit before",
  unitAfter: "The next unit",
  close: "close",
  closeUnit: "Close this unit",
  /**
   * @param {number} unit
   * @param {string} stage
   * @param {number} epoch
   */
  unitOf: (unit, stage, epoch) => `Unit ${unit} of ${stage}, epoch ${fixed(epoch)}`,
  /** @param {number} epoch */
  goTo: (epoch) => `Go to epoch ${fixed(epoch)}`,
  // -- reconstructions ------------------------------------------------------------------------------------------------
  original: "original",
  reconstructed: "reconstructed",
  heldOut: "Held-out images",
  /** @param {number} epoch */
  reconstructions: (epoch) => `Their reconstructions at epoch ${fixed(epoch)}`,
  // -- curves ---------------------------------------------------------------------------------------------------------
  curves: "Curves",
  axisScale: "Scale of the axis",
  axisScales: { linear: "linear", log: "log" },
  epochs: "epoch of the whole run",
  otherNumber: "Another number",
  aboutOther:
    "Everything else that was measured while training, one number at a time; ? in the lab's own pages explains each.",
  show: "show",
  /**
   * @param {[number, number]} band
   * @param {string} suffix
   */
  band: ([low, high], suffix) => `${low} to ${high} ${suffix}`,
  /**
   * @param {string} text
   * @param {number} epoch
   */
  mark: (text, epoch) => `${text}, epoch ${fixed(epoch)}`,
  /**
   * @param {string} stage
   * @param {string} series
   * @param {number | null} first
   * @param {number | null} last
   */
  course: (stage, series, first, last) => `${stage}, ${series}: from ${digits(first, 3)} to ${digits(last, 3)}`,
  /**
   * @param {string} question
   * @param {string} axis
   * @param {string[]} courses
   */
  chart: (question, axis, courses) =>
    `Line chart over epochs. ${question} ${axis}. ${courses.join("; ") || "Nothing was measured"}. The numbers are in the table below.`,
  // -- events ---------------------------------------------------------------------------------------------------------
  events: "Events",
  whatWasDone: "What was done to it",
  nothingDone: "Nobody turned a knob or pressed a button while it trained.",
  neverObeyed: "never obeyed",
  what: "what",
  when: "when",
  update: "update",
  epoch: "epoch",
  stage: "stage",
  /** @param {number} epoch */
  atEpoch: (epoch) => `epoch ${fixed(epoch)}`,
  /**
   * @param {number} epoch
   * @param {ReplayCommand} command
   */
  goToCommand: (epoch, { text }) => `Go to epoch ${fixed(epoch)}: ${text}`,
  /** @param {string} problem */
  refused: (problem) => ` refused: ${problem}`,
  // -- settings -------------------------------------------------------------------------------------------------------
  settings: "Settings",
  howSetUp: "How it was set up",
  unusual: "bold: not the usual value",
  // -- every number ---------------------------------------------------------------------------------------------------
  numbers: "Numbers",
  everyNumber: "Every number",
  tableOfAll: "Table of every number",
  earlier: "‹ earlier",
  earlierRows: "Earlier rows",
  later: "later ›",
  laterRows: "Later rows",
  saveCsv: "Save as CSV",
  aboutCsv: "Save every number as CSV",
  noRows: "no rows",
  /**
   * @param {number} moments
   * @param {number} columns
   */
  measured: (moments, columns) =>
    `${counted(moments)} moments measured, ${columns} numbers each. The table rounds to six digits; the CSV has them all.`,
  /**
   * @param {number} first
   * @param {number} last
   * @param {number} all
   */
  rows: (first, last, all) => `rows ${counted(first)} to ${counted(last)} of ${counted(all)}`,
}
