// Log-likelihoods that somebody asked for: what one would cost, those that are done, in line or on their way. One worker
// computes one at a time; every viewer sees all of them.

/** @import { Estimate, CostAnswer } from "../shared/messages.js" */

import { answerOf, post } from "../shared/asking.js"

/** @typedef {{ checkpoint: number, chains: number, temperatures: number }} Wanted */

/** @typedef {Required<Estimate>} Done an estimate with its answer */

const AGAIN = 1000 // ms between two looks at an estimate on its way

/** @param {Estimate | undefined} known */
export function isOnItsWay(known) {
  return known?.state === "waiting" || known?.state === "running"
}

export class Estimates {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange
    this.address = ""
    this.run = "" // none
    this.alive = false // when it was looked up
    /** @type {Estimate[]} */
    this.list = []
    /** @type {CostAnswer | null} */
    this.price = null // of what is wanted, once it was tried
    this.pricing = false
    this.problem = ""
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
  }

  /** Nothing is known of any run. */
  clear() {
    clearTimeout(this.timer)
    this.run = ""
    this.list = []
    this.pricing = false
    this.reset()
  }

  /**
   * Of a run: what has been asked for is looked up once, and again when it ends, since it may be evaluated then.
   * @param {string} run
   * @param {string} address
   * @param {boolean} alive
   */
  of(run, address, alive) {
    if (this.run === run && this.alive === alive) return
    this.run = run
    this.alive = alive
    this.address = `${address}/likelihood`
    this.look()
  }

  get done() {
    return /** @type {Done[]} */ (this.list.filter((item) => item.state === "done"))
  }

  /**
   * The estimate of just this, if somebody has asked for it.
   * @param {Wanted} wanted
   */
  known({ checkpoint, chains, temperatures }) {
    return this.list.find(
      (item) => item.checkpoint === checkpoint && item.chains === chains && item.temperatures === temperatures,
    )
  }

  /**
   * First what it costs, then, asked again, the estimate itself.
   * @param {Wanted} wanted
   */
  async ask(wanted) {
    this.problem = ""
    if (this.known(wanted)?.state === "failed") this.price = null
    await (this.price ? this.start(wanted, this.price) : this.askPrice(wanted))
  }

  /** @param {Wanted} wanted */
  async askPrice(wanted) {
    const { run } = this
    this.pricing = true
    this.list = this.list.filter((item) => item !== this.known(wanted))
    this.onChange()
    /** @type {[CostAnswer, ""] | [null, string]} */
    const [price, problem] = await post(`${this.address}/cost`, wanted)
    if (this.run !== run) return
    this.pricing = false
    this.price = price
    this.problem = problem
    this.onChange()
  }

  /**
   * @param {Wanted} wanted
   * @param {CostAnswer} price
   */
  async start(wanted, price) {
    this.price = null
    await this.tell(this.address, { ...wanted, expected: Math.ceil(price.seconds) })
  }

  /**
   * Not to be started after all, or stopped on its way.
   * @param {Wanted} wanted
   */
  async giveUp(wanted) {
    if (isOnItsWay(this.known(wanted))) await this.tell(`${this.address}/stop`, wanted)
    else this.forget()
  }

  /** Something else is wanted now. */
  forget() {
    this.reset()
    this.onChange()
  }

  reset() {
    this.price = null
    this.problem = ""
  }

  /**
   * @param {string} address
   * @param {Wanted & { expected?: number }} body
   */
  async tell(address, body) {
    const { run } = this
    /** @type {[Estimate[], ""] | [null, string]} */
    const [list, problem] = await post(address, body)
    if (this.run !== run) return
    this.problem = problem
    if (list) this.take(list)
    this.onChange()
  }

  /** What has been asked for, by whomever. */
  async look() {
    const { run } = this
    clearTimeout(this.timer)
    /** @type {[Estimate[], ""] | [null, string]} */
    const [list] = await answerOf(fetch(this.address, { cache: "no-store" }))
    if (this.run !== run) return
    if (list) this.take(list)
    else this.timer = setTimeout(() => this.look(), 5 * AGAIN)
    this.onChange()
  }

  /** @param {Estimate[]} list */
  take(list) {
    this.list = list
    clearTimeout(this.timer)
    if (list.some(isOnItsWay)) this.timer = setTimeout(() => this.look(), AGAIN)
  }

  close() {
    clearTimeout(this.timer)
    this.run = ""
  }
}
