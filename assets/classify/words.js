// The words of the Classify views.

import { counted, fixed } from "../shared/numbers.js"

export const WORDS = {
  notSaved: "This run has not been saved yet: its first checkpoint comes a second after it starts.",
  /** @type {(percent: string) => string} */
  percent: (percent) => `${percent} %`,
  almostAll: "> 99.9 %",
  almostNone: "< 0.01 %",

  draw: {
    board: "Draw a digit here",
    title: "Draw, upload or take one",
    titleWithoutBoard: "Upload one or take one",
    heldout: "Held-out image",
    upload: "Upload",
    emptyBoard: "The board is empty.",
    before: "This is of the picture before.",
    seen: "The picture as the network sees it",
    own: "Your picture, as the network sees it",
    besides: "Your drawing. What the network sees of it stands beside.",
    noClasses:
      "The images of this run have no classes, so nothing can be named. What its layers make of the picture is beside.",
    /** @param {number} place */
    image: (place) => `Held-out image ${place}`,
    /** @type {(place: number, of: string, name: string | null) => string} */
    source: (place, of, name) =>
      `Held-out image ${counted(place)} of ${of}${name === null ? "" : `: ${name}`}. The network was not trained on it.`,
    /** @param {string} percent */
    sure: (percent) => ` ${percent} sure`,
    /** @type {Record<string, string>} */
    classifiers: {
      fine_tuned: "by the fine-tuned head",
      label_units: "by label units: free energy of each label",
      up_down: "by label units after up-down",
      hybrid: "by the hybrid CNN",
      probe: "by a probe: logistic regression on the top features",
    },
    /** @type {(classifier: string, images: number) => string} */
    fitted: (classifier, images) =>
      `${classifier} of ${counted(images)} training images. Fine-tune this run for a classifier of its own`,
  },

  layers: {
    none: "No layer has learnt anything yet.",
    /** @type {(stack: string, epoch: number) => string} */
    about: (stack, epoch) => `These are the ${stack} at epoch ${fixed(epoch)}.`,
    /** @param {string} about */
    noWayBack: (about) =>
      `${about} This net was trained from scratch, as a classifier: it knows no way back to the image.`,
    /** @type {(depth: number, units: number) => string} */
    title: (depth, units) => `Layer ${depth} · ${counted(units)} units`,
    /** @type {(units: number, depth: number, percent: string) => string} */
    activityPicture: (units, depth, percent) =>
      `Activity of the ${units} units of layer ${depth}; on average ${percent} %`,
    /** @param {number} depth */
    backPicture: (depth) => `The reconstruction by layer ${depth}`,
    /** @param {number[]} units */
    filtersPicture: (units) => `Filters of the units that are excited most: ${units.join(", ")}`,
    /** @param {string} error */
    back: (error) => `reconstruction, error ${error}`,
    /** @param {string} percent */
    activity: (percent) => `activity, ${percent} % on average`,
    /** @param {number[]} units */
    strongest: (units) => `most excited: ${units.join(", ")} …`,
    /** @type {(unit: number, percent: string) => string} */
    unit: (unit, percent) => `unit ${unit}: ${percent} %`,
    /** @type {(unit: number, points: string) => string} */
    above: (unit, points) => `unit ${unit}: ${points} points above its average`,
  },

  mistakes: {
    csv: "Download the confusion matrix as CSV",
    behind: "The images behind a cell",
    classifier: "Classifier",
    none: "Not a single mistake.",
    emptyCell: "No image is in this cell.",
    shows: "shows ↓",
    takenFor: "taken for →",
    wrong: "wrong",
    noError: "none",
    /** @param {number} epoch */
    judge: (epoch) => `Judge epoch ${fixed(epoch)}`,
    /** @type {(error: number, sign: string) => string} */
    error: (error, sign) => `${fixed(error)} ${sign}`,
    /** @type {(deviation: number, images: number, classifier: string, epoch: number) => string} */
    of: (deviation, images, classifier, epoch) =>
      ` ± ${fixed(deviation)} of ${counted(images)} held-out images wrong, ${classifier}, epoch ${fixed(epoch)}`,
    /** @type {(truth: string, guess: string) => string} */
    taken: (truth, guess) => `${truth} taken for ${guess}`,
    /** @type {(truth: string, guess: string) => string} */
    arrow: (truth, guess) => `${truth} → ${guess}`,
    /** @type {(count: number, taken: string) => string} */
    cell: (count, taken) => `${counted(count)} ${count === 1 ? "image" : "images"}: ${taken}`,
    /** @type {(cell: string, most: number) => string} */
    surest: (cell, most) => `${cell}, the ${most} surest`,
    /** @param {number} place */
    image: (place) => `held-out image ${place}`,
    /** @param {number} percent */
    classError: (percent) => `${fixed(percent, 1)} %`,
  },

  map: {
    method: "Kind of map",
    methods: { pca: "PCA", tsne: "t-SNE" },
    images: "Images",
    /** @type {Record<number, string>} */
    counts: { 1000: "1,000 images", 2000: "2,000" },
    features: "Features of",
    pixels: "pixels",
    image: "image",
    /** @param {number} depth */
    layer: (depth) => `layer ${depth}`,
    laying: "A worker lays the images out; t-SNE takes some seconds…",
    /** @param {string} percent */
    first: (percent) => `first direction: ${percent} % of the variance`,
    /** @param {string} percent */
    second: (percent) => `second: ${percent} %`,
    /** @type {(units: number, depth: number, stack: string) => string} */
    ofLayer: (units, depth, stack) => `${counted(units)} features of layer ${depth}, ${stack}`,
    /** @param {number} units */
    ofPixels: (units) => `${counted(units)} pixels`,
    /** @type {(images: number, features: string, epoch: number) => string} */
    about: (images, features, epoch) => `${counted(images)} held-out images · ${features} · epoch ${fixed(epoch)}`,
    /** @type {(about: string, percent: number) => string} */
    agreement: (about, percent) => `${about} · nearest neighbour on the map of the same class: ${fixed(percent, 1)} %`,
    /** @type {(images: number, about: string) => string} */
    description: (images, about) => `Map of ${images} held-out images. ${about}`,
    /** @type {(name: string, place: number) => string} */
    tip: (name, place) => `${name} · held-out image ${place}`,
    /** @param {number} place */
    unnamedTip: (place) => `held-out image ${place}`,
  },

  few: {
    csv: "Download the results as CSV",
    numbers: "In numbers",
    axis: "labelled images",
    labels: "labels",
    notYet: "…",
    heldPoint: " ± %{customdata[0]:.2~g}, %{customdata[1]} seeds", // read by plotly.js
    /** @type {(done: number, all: number) => string} */
    done: (done, all) =>
      `${done} of ${all} trainings done · mean over the seeds, bars: ± one standard deviation · the same labelled images for all methods`,
    /** @type {(labels: number, error: string, sign: string) => string} */
    point: (labels, error, sign) => `${labels} labels ${error} ${sign}`,
    /** @type {(method: string, points: string[]) => string} */
    line: (method, points) => `${method}: ${points.join(", ")}`,
    /** @type {(mean: number, spread: number | null) => string} */
    cell: (mean, spread) => (spread === null ? fixed(mean) : `${fixed(mean)} ± ${fixed(spread)}`),
  },
}
