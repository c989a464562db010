// Keys that move in a drawing or a table.

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/**
 * [columns to the right, rows down], or null for any other key.
 * @param {KeyboardEvent} event
 */
export const moved = (event) => ARROWS[event.key] ?? null
