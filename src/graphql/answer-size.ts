/**
 * How large an answer may be. The cost of an operation (cost.ts) counts values, and some of them are long: lists of
 * scopes, values of forms. Writing an answer as JSON is one piece of work, which everybody else waits for.
 */
import { ValetkeyError } from '../errors.js'

/** Characters of JSON, about. */
const LARGEST_ANSWER = 8 * 1024 * 1024
/** What a name, a number or a bracket takes up, besides the characters of a text. */
const OF_EACH = 4

/**
 * @param data of an answer to a query, or an event of a stream; what a mutation has done is told in any case
 * @throws {ValetkeyError} QUERY_TOO_COMPLEX
 */
export function assertSendable(data: unknown) {
  if (leftOf(data, LARGEST_ANSWER) >= 0) return
  throw new ValetkeyError(
    'QUERY_TOO_COMPLEX',
    `The answer would be larger than ${LARGEST_ANSWER / 1024 / 1024} MiB. Ask for smaller pages (first), or for ` +
      'fewer long fields, such as metadata, scopes and values of forms.',
  )
}

/** What is left of `left` characters, or less than 0: no more is looked at then. */
function leftOf(value: unknown, left: number): number {
  let rest = left - OF_EACH
  if (typeof value === 'string') return rest - value.length
  if (value === null || typeof value !== 'object') return rest
  const isList = Array.isArray(value)
  for (const [key, inner] of Object.entries(value)) {
    if (rest < 0) return rest
    rest = leftOf(inner, isList ? rest : rest - key.length)
  }
  return rest
}
