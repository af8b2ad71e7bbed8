/** Reads a provider's answer: parses its body, extracts values, and checks a definition's condition. */
import type { EgressAnswer } from '../../egress/exchange.js'
import { storableValue } from '../../text.js'
import type { Condition } from '../definition/values.js'
import { firstObject, parseJson } from './broken-json.js'

/**
 * Null where the body is neither JSON nor a form. Which of the two it is, its look says: content types are often wrong
 * or missing. Every text in it can be stored.
 */
export function parseBody(answer: EgressAnswer, definition: { format?: 'json' | 'form' | 'text' } = {}): unknown {
  return storableValue(parse(answer, definition))
}

function parse(answer: EgressAnswer, definition: { format?: 'json' | 'form' | 'text' }): unknown {
  const body = answer.body.replace(/^\ufeff/, '').trim()
  // A token has no white space and no tag; an HTML error page has both.
  if (definition.format === 'text') return answer.status < 300 && !/[\s<]/.test(body) ? { access_token: body } : null
  if (definition.format !== 'form') {
    try {
      const value = parseJson(body)
      if (value !== null && typeof value === 'object') return value
      // Some servers make a text of their JSON, and JSON of the text.
      if (typeof value === 'string') return parse({ ...answer, body: value }, definition)
    } catch {}
  }
  const isSaid = definition.format === 'form' || answer.headers['content-type']?.includes('x-www-form-urlencoded')
  const looksLikeForm = definition.format !== 'json' && /^[\w.-]+=[^\s<>"{}]*$/.test(body)
  return isSaid || looksLikeForm ? Object.fromEntries(new URLSearchParams(body)) : null
}

/**
 * What is whole of a body that was cut off, or that has something else around it.
 *
 * @returns null where nothing is
 */
export function wholeParts(answer: EgressAnswer, definition: { format?: 'json' | 'form' | 'text' } = {}): unknown {
  if (definition.format === 'text') return null
  const object = storableValue(firstObject(answer.body))
  if (object !== null) return object
  // Nobody can say whether the last value of a form is all of it.
  const body = answer.body.slice(0, Math.max(0, answer.body.lastIndexOf('&')))
  return parseBody({ ...answer, body }, definition)
}

/** The value at a dotted path; `$` is the whole. Arrays take indexes. */
export function at(value: unknown, path: string): unknown {
  if (path === '$') return value
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
          ? (inner as Record<string, unknown>)[key]
          : undefined,
      value,
    )
}

/** The values at several paths, by name. A path without a value has no entry. */
export function valuesAt(value: unknown, paths: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(paths).flatMap(([name, path]) => (at(value, path) === undefined ? [] : [[name, at(value, path)]])),
  )
}

/** Whether status and body meet a definition's condition for success; without one, a status below 300 does. */
export function holds(condition: Condition | undefined, body: unknown, status = 200): boolean {
  if (condition === undefined) return status < 300
  if (condition.status ? !condition.status.includes(status) : status >= 300) return false
  if (condition.path === undefined) return true
  const value = at(body, condition.path)
  if (condition.absent) return value === undefined || value === null
  const { contains } = condition
  if (contains !== undefined) return [value].flat().some((text) => typeof text === 'string' && text.includes(contains))
  if ('equals' in condition) return JSON.stringify(value) === JSON.stringify(condition.equals)
  return value !== undefined && value !== null
}
