// Questions to the server: an answer, or the sentence that says why there is none.

/** [answer, ""] or [null, sentence]. */
export async function answerOf(coming) {
  try {
    const answer = await coming
    if (answer.ok) return [await answer.json(), ""]
    return [null, await problemOf(answer)]
  } catch {
    return [null, "The server cannot be reached; try again."]
  }
}

export function post(address, body) {
  return answerOf(fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
}

async function problemOf(answer) {
  const text = await answer.text()
  try {
    return JSON.parse(text).problem ?? text
  } catch {
    return text || `The server answered ${answer.status}.`
  }
}
