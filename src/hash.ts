import { createHash, timingSafeEqual } from 'node:crypto'

/** @returns the 32 bytes of SHA-256 (FIPS 180-4) of a text in UTF-8 */
export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Whether two texts are equal, in a time that says nothing about where they differ, nor about their lengths. */
export function equalInConstantTime(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other))
}
