/** `extends`: a definition that is written as changes to another one, its base, which may itself be written so. */
import { DefinitionError } from './error.js'

/**
 * Merges a definition with its base. Objects are merged, arrays are replaced, and auth methods are merged by
 * id. If the definition lists auth methods, the base's other methods are not included.
 *
 * @param bases returns a base by its name
 * @param below bases that this one belongs to already
 * @throws {DefinitionError} where there is no such base, or where bases extend each other
 */
export function withBase(
  value: unknown,
  bases: (key: string) => object | undefined,
  below: readonly object[] = [],
): unknown {
  if (!isObject(value) || value.extends === undefined) return value
  const { extends: name, ...own } = value
  const found = typeof name === 'string' ? bases(name) : undefined
  const called = JSON.stringify(String(name).slice(0, 64))
  if (!found) throw new DefinitionError([{ path: 'extends', reason: `names ${called}, and there is no such base` }])
  if (below.includes(found))
    throw new DefinitionError([{ path: 'extends', reason: `names ${called}, which extends itself` }])
  const base = withBase(found, bases, [...below, found])
  const { auth: baseAuth, key: _key, popularity: _popularity, ...frame } = base as Record<string, unknown>
  const baseMethods = Array.isArray(baseAuth) ? (baseAuth as unknown[]) : []
  const methods = Array.isArray(own.auth)
    ? own.auth.map((method) =>
        merge(
          baseMethods.find((other) => isObject(other) && isObject(method) && other.id === method.id),
          method,
        ),
      )
    : baseAuth
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
