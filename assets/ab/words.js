// The words of two runs side by side.

import { fixed } from "../shared/numbers.js"

export const WORDS = {
  filters: {
    question: "What does each unit look for?",
    look: "One tile a hidden unit. With the same seed a unit starts from the same noise in both runs, so tiles at the same place can be compared.",
    formula: "one row of W as an image; for a deeper layer what the unit responds to, less the mean image",
    unit: "weight",
    split: "",
  },

  difference: "B − A",
  columns: ["epoch", "layer", "A", "B", "B − A"],
  never: "No epoch yet at which both were measured.",
  /** @type {(epoch: number, a: string, b: string, difference: string) => string} */
  last: (epoch, a, b, difference) => `Epoch ${fixed(epoch)}: A ${a}, B ${b}, B − A ${difference}`,
  /** @type {(question: string, last: string) => string} */
  both: (question, last) => `${question} Both runs. ${last}`,
  /** @param {string} last */
  apart: (last) => `Difference B minus A. ${last}`,
}
