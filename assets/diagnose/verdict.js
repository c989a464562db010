// What the numbers of a chart say of each layer, in plain words.

import { WORDS } from "./words.js"

/** @typedef {[number | null, string][]} Verdicts what a value up to each of these says; null: any that is higher */

/**
 * One sentence of all layers; "" where there is nothing to judge.
 * @param {{ name: string, value: number | null }[]} layers
 * @param {Verdicts} verdicts
 */
export function verdict(layers, verdicts) {
  /** @type {Map<string, string[]>} */
  const named = new Map()
  for (const { name, value } of layers) {
    const said = value === null ? undefined : verdicts.find(([most]) => most === null || value <= most)?.[1]
    if (said) named.set(said, [...(named.get(said) ?? []), name])
  }
  const parts = [...named].map(([said, names]) => (named.size > 1 ? WORDS.curve.value(names.join(", "), said) : said))
  return parts.length ? WORDS.curve.verdict(parts.join("; ")) : ""
}
