// The table of what each page's module needs, over folders made for it.

import assert from "node:assert/strict"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, test } from "node:test"
import { faults, neededBy, table } from "../../tools/modules.js"

let root

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "modules-"))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(scripts) {
  for (const [name, lines] of Object.entries(scripts)) {
    mkdirSync(join(root, dirname(name)), { recursive: true })
    writeFileSync(join(root, name), lines.join("\n"))
  }
}

test("what a module needs is followed to the end through both folders", () => {
  write({
    "own/main.js": ['import { a } from "./a.js"', 'const text = `import nothing from "./other.js"`'],
    "own/a.js": ["import {", "  b,", "  c,", '} from "../shared/b.js"', 'import * as main from "./main.js"'],
    "own/other.js": [],
    "shared/b.js": ['import { d } from "./d.js"', 'export { e } from "./e.js"'],
    "shared/d.js": ['// import "./main.js"'],
    "shared/e.js": [],
    "shared/main.js": ['import "../own/other.js"'],
  })
  assert.deepEqual(neededBy(root, "own/main.js"), ["own/a.js", "shared/b.js", "shared/d.js", "shared/e.js"])
})

test("a module that is not there needs nothing", () => {
  assert.deepEqual(neededBy(root, "own/main.js"), [])
})

test("an import that is not there hides no other, and is a fault", () => {
  write({
    "own/main.js": ['import { a } from "./a.js"', 'import { b } from "./gone.js"'],
    "own/a.js": ['import { c } from "../shared/c.js"'],
    "shared/c.js": [],
  })
  assert.deepEqual(table(root), { own: ["own/a.js", "own/gone.js", "shared/c.js"] })
  assert.deepEqual(faults(root, table(root)), ["own needs own/gone.js, which is not there"])
})

test("a page takes nothing from another page, directly or by way of a shared script", () => {
  write({
    "one/main.js": ['import { a } from "../two/a.js"'],
    "two/main.js": ['import { b } from "../shared/b.js"'],
    "two/a.js": [],
    "shared/b.js": ['import { c } from "../one/c.js"'],
    "one/c.js": [],
  })
  assert.deepEqual(faults(root, table(root)), ["one needs two/a.js", "two needs one/c.js"])
})

test("scripts that are no modules are not in the table", () => {
  write({ "replay/main.js": ["const one = 1"], "own/main.js": ['import "./a.js"'], "own/a.js": [] })
  assert.deepEqual(table(root), { own: ["own/a.js"] })
})
