// The words of the Generate view.

import { counted, fixed } from "../shared/numbers.js"

/**
 * With a true minus sign.
 * @param {string} number
 */
const minus = (number) => number.replace("-", "−")

export const WORDS = {
  unloaded: "A part of the page did not load; reload it.",

  controls: {
    label: "Label",
    start: "Start from",
    keep: "Keep",
    steps: "Gibbs steps",
    rows: "Rows",
    temperature: "Temperature",
    cooling: "Cooling from",
    seed: "Seed",
    otherImages: "Other images",
    otherSeed: "Other seed",
    dream: "Dream",
    dreaming: "Dreaming…",
    board: "Draw here",
    upload: "Upload a picture",
    free: "free",
    each: "each class a column",
    /** @param {string} name */
    all: (name) => `all ${name}`,
    starts: { noise: "noise", images: "held-out images", drawing: "a drawing" },
    kept: {
      none: "nothing",
      left: "the left half",
      right: "the right half",
      top: "the upper half",
      bottom: "the lower half",
    },
  },

  dream: {
    png: "This moment as PNG",
    gif: "gif",
    gifOfChain: "gif of the chain",
    gifTitle: "All chains as GIF",
    gifOfChainTitle: "This chain as GIF",
    play: "Play",
    pause: "Pause",
    restart: "Restart",
    picture: "Picture of the dream",
    speed: "Speed",
    /** @param {number} pictures */
    perSecond: (pictures) => `${pictures} pictures/s`,
    /** @type {(step: number, of: number) => string} */
    step: (step, of) => `Gibbs step ${counted(step)} of ${counted(of)}`,
    /** @param {number | null} degrees */
    temperature: (degrees) => `temperature ${degrees === null ? "" : fixed(degrees)}`,
    /** @type {(energy: number, sign: string) => string} */
    energy: (energy, sign) => `mean free energy ${minus(fixed(energy, 1))} ${sign}`,
    /** @param {number} count */
    chains: (count) => `${count} chains`,
    /** @param {number} steps */
    pace: (steps) => `a worker makes ${counted(Math.round(steps))} steps/s of all of them`,
    /** @type {(chains: number, parts: string[]) => string} */
    description: (chains, parts) => `${chains} chains of a dream, ${parts.join(", ")}`,
  },

  energy: {
    mean: "mean",
    step: "Gibbs step",
    heldStep: "step %{x}", // read by plotly.js
    choose: "click a chain to see its own",
    /** @type {(chains: number, first: string, last: string, sign: string, step: number) => string} */
    about: (chains, first, last, sign, step) =>
      `Mean over ${chains} chains: ${minus(first)} at the start, ${minus(last)} ${sign} at step ${step}`,
    /** @type {(chain: string, last: string, sign: string) => string} */
    own: (chain, last, sign) => `${chain}: ${minus(last)} ${sign}`,
    /** @type {(place: number, name: string) => string} */
    chainOfClass: (place, name) => `chain ${place} of class ${name}`,
    /** @type {(row: number, column: number) => string} */
    chain: (row, column) => `chain in row ${row}, column ${column}`,
  },

  interpolation: {
    go: "Interpolate",
    features: "top features",
    pixels: "pixels",
    ends: [
      { label: "From", another: "Another image, from" },
      { label: "To", another: "Another image, to" },
    ],
    another: "Another",
    /** @param {number} count */
    through: (count) => `${count} images between two held-out ones, mixed in the top features`,
    plain: "The same two, their pixels mixed: one fades out while the other fades in",
    /** @type {(steps: number, percent: number, times: number) => string} */
    about: (steps, percent, times) =>
      `Through the network the largest of ${steps} equal steps makes ${fixed(percent, 0)} % of the whole way in pixels, and the way is ${fixed(times, 1)} times the straight one. The two ends are reconstructions, not the images themselves.`,
  },

  quality: {
    vae: "VAE beside it",
    noVae: "none",
    noneTrained: "none trained",
    ownVae: "of this run",
    asking: "Asking…",
    sample: "sample",
    nearest: "nearest in training",
    measure: "measure",
    ideal: "ideal",
    unmeasured: "–",
    images: "% of images",
    /** @param {number} count */
    score: (count) => `Score ${counted(count)} samples`,
    /** @param {string} phase */
    phase: (phase) => `${phase}…`,
    /** @type {(text: string, images: number, steps: number) => string} */
    empty: (text, images, steps) => text.replace("{images}", counted(images)).replace("{steps}", String(steps)),
    /** @type {(fitted: number, percent: number, heldout: number) => string} */
    judge: (fitted, percent, heldout) =>
      `The judge, a small CNN trained on ${counted(fitted)} images, is wrong on ${fixed(percent)} % of ${counted(heldout)} held-out ones.`,
    /** @type {(epoch: number, count: number, reference: number) => string} */
    compared: (epoch, count, reference) =>
      `Epoch ${fixed(epoch)}: ${counted(count)} images a column, compared with ${counted(reference)} training images.`,
    /** @type {(steps: number, seed: number, scored: string) => string} */
    dreams: (steps, seed, scored) =>
      `Dreams: ${steps} Gibbs steps from noise, seed ${seed}, ${scored} are scored and not binary samples.`,
    /** @param {number} count */
    samples: (count) => `${count} samples`,
    nearestEach: "The training image nearest to each",
    /** @type {(what: string, least: number, most: number) => string} */
    far: (what, least, most) =>
      `${what}: root mean squared difference of a pixel from ${least} to ${most}, nearest among all training images of the run.`,
  },
}
