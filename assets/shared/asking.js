// Questions to the server: an answer, or the sentence that says why there is none.

import { WORDS } from "./words.js"

/**
 * JSON from an address, or an Error whose message is a sentence.
 * @template Answer
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Answer>}
 */
export function json(address, options = {}) {
  return read(fetch(address, options))
}

/**
 * The answer to a question, or an Error as `json` has it.
 * @template Answer
 * @param {string} address
 * @param {unknown} question
 * @param {AbortSignal} [signal]
 * @returns {Promise<Answer>}
 */
export function ask(address, question, signal) {
  const headers = { "Content-Type": "application/json" }
  return json(address, { method: "POST", headers, body: JSON.stringify(question), signal })
}

/**
 * [answer, ""] or [null, sentence].
 * @template Answer
 * @param {string} address
 * @param {unknown} question
 * @returns {Promise<[Answer, ""] | [null, string]>}
 */
export function post(address, question) {
  return settled(ask(address, question))
}

/**
 * The same of an answer that is on its way.
 * @template Answer
 * @param {Promise<Response>} coming
 * @returns {Promise<[Answer, ""] | [null, string]>}
 */
export function answerOf(coming) {
  return settled(read(coming))
}

/**
 * @template Answer
 * @param {Promise<Answer>} coming
 * @returns {Promise<[Answer, ""] | [null, string]>}
 */
async function settled(coming) {
  try {
    return [await coming, ""]
  } catch (error) {
    return [null, /** @type {Error} */ (error).message]
  }
}

/** @param {Promise<Response>} coming */
async function read(coming) {
  const answer = await coming.catch(unreachable)
  if (!answer.ok) throw Object.assign(new Error(await problemOf(answer)), { status: answer.status })
  return answer.json().catch(unreachable)
}

/**
 * The browser's own words are of no use to people; that somebody gave up is not said at all.
 * @param {Error} error
 * @returns {never}
 */
function unreachable(error) {
  if (error.name === "AbortError") throw error
  throw new Error(WORDS.server.unreachable, { cause: error })
}

/**
 * Why something could not be had, in a sentence.
 * @param {Response} answer
 * @returns {Promise<string>}
 */
async function problemOf(answer) {
  const text = await answer.text()
  try {
    return JSON.parse(text).problem ?? text
  } catch {
    return text || WORDS.server.answered(answer.status)
  }
}
