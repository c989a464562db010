// Questions of this page, and shares as people read them.

import { post } from "./asking.js"

/** The answer to a question; throws an Error whose message is a sentence for people. */
export async function ask(address, question) {
  const [answer, problem] = await post(address, question)
  if (problem) throw new Error(problem)
  return answer
}

/** A probability: "87 %", "3.2 %", "0.04 %". A softmax is never quite 0 or 1, though its rounding may be. */
export function percent(share) {
  const value = 100 * share
  if (value >= 99.95) return "> 99.9 %"
  if (value >= 99.5 && value < 100) return `${value.toFixed(1)} %` // "100 %" would leave nothing for the others
  if (value >= 10) return `${value.toFixed(0)} %`
  if (value >= 0.95) return `${value.toFixed(1)} %`
  return value < 0.01 ? "< 0.01 %" : `${value.toPrecision(1)} %`
}
