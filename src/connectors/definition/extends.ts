/** `extends`: a definition that is written as changes to another one, its base. */
import { DefinitionError } from './error.js'

/**
 * Objects merge, arrays replace, and auth methods merge by id. A base is a stock to choose from: if
 * the definition lists auth methods, the base's other methods are not taken over.
 *
 * @param bases finds a base by its name
 * @throws {DefinitionError} where there is no such base
 */
export function withBase(value: unknown, bases: (key: string) => object | undefined): unknown {
  if (!isObject(value) || value.extends === undefined) return value
  const { extends: name, ...own } = value
  const base = typeof name === 'string' ? bases(name) : undefined
  if (!base)
    throw new DefinitionError([
      { path: 'extends', reason: `names ${JSON.stringify(String(name).slice(0, 64))}, and there is no such base` },
    ])
  const { auth: stock, key: _key, ...frame } = base as Record<string, unknown>
  const stockMethods = Array.isArray(stock) ? (stock as unknown[]) : []
  const methods = Array.isArray(own.auth)
    ? own.auth.map((method) =>
        merge(
          stockMethods.find((other) => isObject(other) && isObject(method) && other.id === method.id),
          method,
        ),
      )
    : stock
  return { ...(merge(frame, own) as object), auth: methods }
}

function merge(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own ?? base
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(own)])].map((key) => [
      key,
      key in own ? merge(base[key], own[key]) : base[key],
    ]),
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
