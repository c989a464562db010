// The words of what several views share. What one view says stands in the `words.js` of its own folder, in the same
// form: an object of words and of functions that put numbers and names into a sentence. Ids are keys here, never words.

import { counted, fixed } from "./numbers.js"

const NOTHING_MEASURED = "Nothing measured yet"

export const WORDS = {
  noNumber: "not a number",
  epoch: "epoch",
  epochOfRun: "epoch of the whole run",
  heldEpoch: "epoch %{x:.2f}", // read by plotly.js
  asking: "Asking a worker…",
  noPlotly: "The drawing library did not load; reload the page.",
  nothingMeasured: `${NOTHING_MEASURED}.`,

  server: {
    unreachable: "The server cannot be reached; try again.",
    /** @param {number} status */
    answered: (status) => `The server answered ${status}.`,
  },

  tools: {
    table: "table",
    csv: "csv",
    png: "png",
    /** @param {string} question */
    tableOf: (question) => `Table of ${question}`,
    /** @param {string} question */
    numbersOf: (question) => `Table: ${question}`,
    /** @param {string} question */
    csvOf: (question) => `Download as CSV: ${question}`,
    /** @param {string} question */
    help: (question) => `Help: ${question}`,
  },

  help: { formula: "Formula", unit: "Unit", split: "Images", lies: "When it lies" },

  status: {
    looking: "Looking…",
    progress: "Progress of the run",
    trouble: {
      "": "",
      offline: "Connection lost, trying again. Training goes on without this page.",
      gone: "This run is no longer in the store. Choose another one.",
    },
    /** @param {string[]} commands */
    sent: (commands) => `sent: ${commands.join(", ")}`,
    /** @type {(command: string, problem: string) => string} */
    refused: (command, problem) => `${command}: ${problem}`,
    /** @type {(command: string, epoch: number, step: number | null) => string} */
    obeyed: (command, epoch, step) =>
      `${command} at epoch ${fixed(epoch)}, update ${step === null ? "" : counted(step)}`,
  },

  chart: {
    wholeRun: "whole run",
    scale: "Scale of the axis",
    scales: { linear: "linear", log: "log" },
    parent: "parent",
    /** @type {(stage: string, series: string) => string} */
    line: (stage, series) => `${stage}, ${series}`,
    /** @type {(from: number, to: number) => string} */
    band: (from, to) => `${from} to ${to} %`,
    /** @type {(question: string, unit: string, lines: string[]) => string} */
    description: (question, unit, lines) => `Line chart. ${question} ${unit}. ${lines.join("; ") || NOTHING_MEASURED}.`,
    /** @type {(line: string, value: string, epoch: number) => string} */
    last: (line, value, epoch) => `${line}: ${value} at epoch ${fixed(epoch)}`,
    /** @type {(command: string, epoch: number, step: number) => string} */
    mark: (command, epoch, step) => `${command} (epoch ${fixed(epoch)}, update ${step})`,
    /** @type {(unit: string, most: number) => string} */
    tableCaption: (unit, most) => `${unit}; the newest ${most} at most, the CSV holds all`,
  },

  card: {
    noTable: "The table could not be fetched; try again.",
    /** @type {(unit: string, most: number, all: number) => string} */
    tableCaption: (unit, most, all) =>
      all > most ? `${unit}; the first ${most} of ${counted(all)} rows, the CSV holds all` : unit,
  },

  probe: {
    nothing: "There is no checkpoint to probe yet.",
    newest: "Probe the newest epoch",
    neighbours: "k-nearest neighbours",
    regression: "logistic regression",
    /** @param {number} epoch */
    ask: (epoch) => `Probe epoch ${fixed(epoch)}`,
    /** @type {(features: string, units: number) => string} */
    features: (features, units) => `${features} (${units})`,
    /** @param {string} axis */
    axis: (axis) => `${axis}, held out`,
    /** @type {(epoch: number, fitted: number, judged: number) => string} */
    how: (epoch, fitted, judged) =>
      `Epoch ${fixed(epoch)}; fitted on ${counted(fitted)} training images, judged on ${counted(judged)} held-out ones`,
    /** @type {(features: string, neighbours: number, regression: number, unit: string) => string} */
    result: (features, neighbours, regression, unit) => `${features}: ${neighbours} and ${regression} ${unit}`,
  },

  board: {
    keys: "Arrow keys move a pen, with Shift in small steps; the space bar puts it down and lifts it.",
    undo: "Undo",
    clear: "Clear",
    tool: "Tool",
    tools: { brush: "Brush", eraser: "Eraser" },
    width: "Width of the brush",
    /** @type {Record<number, string>} */
    widths: { 14: "thin", 22: "medium", 32: "thick" },
    /** @type {(file: string, bytes: number, most: number) => string} */
    tooLarge: (file, bytes, most) =>
      `${file} has ${(bytes / 2 ** 20).toFixed(0)} MiB; at most ${most / 2 ** 20} are read. Choose a smaller picture.`,
  },

  mosaic: {
    first: "The first picture comes with the first update.",
    ends: { weights: ["inhibits", "excites"], ink: ["less ink", "more ink"], colour: ["darker", "brighter"] },
    /** @type {(about: string, marked: string) => string} */
    marked: (about, marked) => `${about} · ${marked}`,
    png: "Download the filters on the screen as PNG",
    contrast: "Contrast",
    contrasts: { shared: "shared", each: "each" },
    layers: "layer ",
    layer: "Layer shown",
    /** @type {(shown: number, of: number, what: string, epoch: number) => string} */
    about: (shown, of, what, epoch) => `${shown} of ${counted(of)} units of ${what}, epoch ${fixed(epoch)}`,
    /** @type {(about: string, responds: boolean) => string} */
    picture: (about, responds) => `${responds ? "Responses" : "Weights"} of ${about}, one tile a unit.`,
    /** @type {(stage: string, epoch: number) => string} */
    file: (stage, epoch) => `filters ${stage} epoch ${fixed(epoch)}`,
    ownRange: "each filter uses the whole range",
    /** @param {string} end */
    range: (end) => `from minus to plus ${end}`,
    /** @param {string} range */
    colours: (range) => `Colour bar. Left: ink there switches the unit off. Right: it switches it on; ${range}.`,
    /** @type {(less: string, more: string, range: string) => string} */
    responses: (less, more, range) => `Colour bar. Left: ${less} than in the mean image. Right: ${more}; ${range}.`,
  },

  // Of units that take no part: the sign on the tile, of one unit, and of several.
  units: {
    /** @param {string} marked */
    among: (marked) => `among them ${marked}`,
    dead: { sign: "✕", one: "dead", several: "dead" },
    always_on: { sign: "●", one: "always on", several: "always on" },
    constant: { sign: "=", one: "never changes", several: "never change" },
  },

  strip: {
    original: "original",
    reconstructed: "reconstructed",
    /** @type {(cases: number, through: string, epoch: number) => string} */
    picture: (cases, through, epoch) =>
      `${cases} held-out images above their reconstructions through ${through} and back, epoch ${fixed(epoch)}.`,
  },
}
