import { badInput } from '../errors.js'

/** Bytes of metadata as JSON. */
export const LARGEST_METADATA = 16 * 1024
/** Levels of nesting. */
const DEEPEST = 10

/**
 * Checks the application's metadata of an account.
 *
 * @returns `metadata` unchanged
 * @throws {ValetkeyError} BAD_USER_INPUT where it is too large, nested too deep, or cannot be stored
 */
export function checkedMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const path = ['input', 'metadata']
  const json = JSON.stringify(metadata)
  if (Buffer.byteLength(json) > LARGEST_METADATA)
    throw badInput(`Metadata is up to ${LARGEST_METADATA / 1024} KiB of JSON.`, path)
  if (json.includes('\\u0000')) throw badInput('Metadata cannot hold the character U+0000.', path)
  if (!isShallow(metadata, DEEPEST))
    throw badInput(`Metadata is nested up to ${DEEPEST} deep, and has no key __proto__.`, path)
  return metadata
}

function isShallow(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true
  return depth > 0 && Object.entries(value).every(([key, inner]) => key !== '__proto__' && isShallow(inner, depth - 1))
}
