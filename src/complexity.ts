/** What fields say of themselves to graphql/cost.ts (`complexity`), where they are more than one value. */

/** Bytes of JSON that count as one value. */
const OF_A_VALUE = 512

/** The cost of a field of JSON. @param bytes that it may have */
export function ofJson(bytes: number): number {
  return Math.ceil(bytes / OF_A_VALUE)
}

/** The cost of a field that is so much work that an operation has one of them: over half of what one may cost. */
export const ALONE = 10_000
