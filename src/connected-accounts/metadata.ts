import { badInput } from '../errors.js'

/** Bytes of metadata as JSON, and how deep it may be nested. */
const LARGEST = 16 * 1024
const DEEPEST = 10

/**
 * @param metadata the application's own notes on an account
 * @returns the same
 * @throws {ValetkeyError} BAD_USER_INPUT for what is too large or too deep, or cannot be stored
 */
export function checkedMetadata(metadata: Record<string, unknown>): Record<string, unknown> {
  const path = ['input', 'metadata']
  const json = JSON.stringify(metadata)
  if (Buffer.byteLength(json) > LARGEST) throw badInput(`Metadata is up to ${LARGEST / 1024} KiB of JSON.`, path)
  if (json.includes('\\u0000')) throw badInput('Metadata cannot hold the character U+0000.', path)
  if (!isShallow(metadata, DEEPEST))
    throw badInput(`Metadata is nested up to ${DEEPEST} deep, and has no key __proto__.`, path)
  return metadata
}

function isShallow(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== 'object') return true
  return depth > 0 && Object.entries(value).every(([key, inner]) => key !== '__proto__' && isShallow(inner, depth - 1))
}
