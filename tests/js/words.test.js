// Words on the screen stand in the `words.js` of each view, and nowhere else in its scripts.

import assert from "node:assert/strict"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { test } from "node:test"
import { fileURLToPath } from "node:url"

const ASSETS = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "assets")
const VIEWS = ["ab", "classify", "compare", "diagnose", "features", "generate", "keys", "live", "shared"]
const LITERAL = /\/\*[\s\S]*?\*\/|\/\/.*|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g
const IN_TEMPLATE = /\$\{[^}]*\}/g
const TWO_WORDS = /\p{L}[\p{L}'’,]+ \p{L}{2,}|^\p{Lu}\p{Ll}+[.!?…]?$/u
const NO_WORDS = /^(lab\w*-|draw-|\w+-\w+:|[\w-]+\()|^\d|\bNaN\b/ // classes, styles
const NOT_SHOWN = new Set([
  "true class", // heads and cells of CSV files are the same in all languages
  "reverse AIS",
  "free energy", // a name for plotly.js under which zoom is kept
  "Escape", // a key
  "bottom right",
  "top right",
  "Escape", // a key
  "…px auto",
  "solid lab-ghost",
  "input, textarea, select, button, a, summary, [contenteditable], [role=combobox], [role=listbox], [role=option], [role=tab], [role=dialog]",
  "no table", // errors that a handler turns into words
  "plotly.js did not load",
])
const SHOWN = /(?:"aria-label"|title|placeholder): (["`]\p{L}[^"`]*["`])|\},\s*("\p{L}[^"]*"),?\s*\)/gu // in an element, whatever they are

/** Literals of a script that read like words, and those that an element shows. */
function wordsIn(source) {
  const literals = [...source.matchAll(LITERAL)].map(([, plain, template]) => plain ?? template ?? "")
  const read = literals.map((text) => text.replace(IN_TEMPLATE, "…").trim())
  const shown = [...source.matchAll(SHOWN)].map(([, attribute, child]) => (attribute ?? child).slice(1, -1))
  const like = read.filter((text) => TWO_WORDS.test(text) && !NO_WORDS.test(text))
  return [...new Set([...like, ...shown])].filter((text) => !NOT_SHOWN.has(text))
}

for (const folder of VIEWS)
  for (const name of readdirSync(join(ASSETS, folder)).filter((file) => file.endsWith(".js") && file !== "words.js"))
    test(`${folder}/${name} holds no words`, () => {
      assert.deepEqual(wordsIn(readFileSync(join(ASSETS, folder, name), "utf8")), [])
    })

test("a word is found in an attribute, as a child and in a sentence", () => {
  const source = `
    el("p", { class: "lab-panel labc-panel", "aria-label": "Epoch" }, "cases") // a comment with words
    say(this.foot, \`Epoch \${epoch.toFixed(2)} of the run\`)
    say(this.head, WORDS.head)
  `
  assert.deepEqual(wordsIn(source).sort(), ["Epoch", "Epoch … of the run", "cases"])
})

for (const folder of VIEWS)
  test(`${folder}/words.js holds words and functions that make them`, async () => {
    const { WORDS } = await import(join(ASSETS, folder, "words.js"))
    const leaves = (value) => (typeof value === "object" ? Object.values(value).flatMap(leaves) : [typeof value])
    assert.deepEqual(
      [...new Set(leaves(WORDS))].filter((kind) => !["string", "function"].includes(kind)),
      [],
    )
  })
