// Writes assets/modules.json: what the `main.js` of each page imports, and what that imports, and so on, so that a
// browser can be told all of it at once. `--check` writes nothing and fails where the file is stale.
//
//     node --experimental-vm-modules tools/modules.js [--check]

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { SourceTextModule } from "node:vm"

const ASSETS = join(import.meta.dirname, "..", "assets")

/** Paths of the scripts that a script names, in their order, read by Node's own parser; a script that is not there names none. */
function importsOf(path) {
  if (!existsSync(path)) return []
  const { moduleRequests } = new SourceTextModule(readFileSync(path, "utf8"), { identifier: path })
  return moduleRequests.map(({ specifier }) => join(dirname(path), specifier))
}

/** Everything that a script needs, itself left out, the nearest first, as names within `root`. */
export function neededBy(root, name) {
  const first = join(root, name)
  const known = new Set([first])
  for (const path of known) for (const wanted of importsOf(path)) known.add(wanted)
  known.delete(first)
  return [...known].map((path) => relative(root, path).replaceAll("\\", "/"))
}

/** {folder: what its `main.js` needs} for all folders whose `main.js` imports anything. */
export function table(root) {
  const folders = readdirSync(root).filter((folder) => importsOf(join(root, folder, "main.js")).length > 0)
  return Object.fromEntries(folders.sort().map((folder) => [folder, neededBy(root, `${folder}/main.js`)]))
}

/** Sentences about imports that may not be: a page uses its own scripts and the shared ones, and all of them exist. */
export function faults(root, needed) {
  return Object.entries(needed).flatMap(([page, names]) => [
    ...names.filter((name) => ![page, "shared"].includes(dirname(name))).map((name) => `${page} needs ${name}`),
    ...names.filter((name) => !existsSync(join(root, name))).map((name) => `${page} needs ${name}, which is not there`),
  ])
}

/** The exit status. */
function main(isCheck) {
  const file = join(ASSETS, "modules.json")
  const needed = table(ASSETS)
  const wrong = faults(ASSETS, needed)
  const text = `${JSON.stringify(needed, null, 2)}\n`
  if (wrong.length > 0) {
    console.error(`A page imports from its own folder and from assets/shared: ${wrong.join("; ")}.`)
    return 1
  }
  if (!isCheck) writeFileSync(file, text)
  if (readFileSync(file, "utf8") === text) return 0
  console.error("assets/modules.json is stale; run `make format`.")
  return 1
}

if (import.meta.main) process.exitCode = main(process.argv.includes("--check"))
