// Which contrast suits a mosaic, as long as a person has chosen none.

/**
 * Of grey images all units share a scale, and faint ones look faint. Of colour images one plain blob would leave all
 * edges grey: there each unit has its own.
 * @param {boolean} isColour
 * @returns {"each" | "shared"}
 */
export function usualContrast(isColour) {
  return isColour ? "each" : "shared"
}
