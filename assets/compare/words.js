// The words of several runs over one another.

import { fixed } from "../shared/numbers.js"

export const WORDS = {
  epoch: "Epoch at which filters are shown",
  trouble: "The server does not answer; reload the page.",
  offline: "the server does not answer",
  keys: { train: "train", heldout: "held out", parent: "the run it was branched from" },
  /** @param {number} count */
  earlier: (count) => `${count} earlier runs, held out`,
  /** @param {number} reached */
  newest: (reached) => `the newest of each, at most epoch ${fixed(reached)}`,
  /** @param {number} epoch */
  at: (epoch) => `epoch ${fixed(epoch)}`,
  /** @type {(epoch: number, layer: string, responds: boolean) => string} */
  shown: (epoch, layer, responds) =>
    `epoch ${fixed(epoch)} · ${layer}, ${responds ? "what its units respond to" : "weights"}`,
  /** @type {(headline: string, epoch: number) => string} */
  state: (headline, epoch) => `${headline} · epoch ${fixed(epoch)}`,

  chart: {
    log: "log",
    /** @param {string} question */
    logOf: (question) => `log axis: ${question}`,
    /** @type {(name: string, stage: string, value: string) => string} */
    end: (name, stage, value) => (stage ? `${name}, ${stage}: ${value}` : `${name}: ${value}`),
    /** @param {string[]} lines */
    last: (lines) => `Last: ${lines.join(" · ")}`,
    /** @type {(question: string, unit: string, lines: string[]) => string} */
    description: (question, unit, lines) => `Line chart. ${question} ${unit}. ${lines.join("; ")}`,
  },
}
