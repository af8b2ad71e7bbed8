import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { sha256 } from '../hash.js'

/**
 * `vk_<lookup>_<secret><checksum>`: a prefix that secret scanners know, 8 characters to find the key
 * by, 43 of secret (256 bits), 6 of CRC-32 over what stands before, so that a mistyped key is refused
 * without asking the database.
 */
export interface NewApiKey {
  /** Shown once. */
  key: string
  lookup: string
  /** First characters, enough to recognise it. */
  prefix: string
  /** SHA-256 of the key: it has 256 random bits, so a slow hash would guard nothing more. */
  hash: Buffer
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function newApiKey(): NewApiKey {
  const lookup = randomText(8)
  const body = `vk_${lookup}_${randomText(43)}`
  const key = body + checksum(body)
  return { key, lookup, prefix: `vk_${lookup}`, hash: sha256(key) }
}

/** Null for what cannot be a key. */
export function readApiKey(key: string): { lookup: string } | null {
  const [, body, lookup, sum] = /^(vk_([0-9A-Za-z]{8})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(key) ?? []
  return body && lookup && checksum(body) === sum ? { lookup } : null
}

function randomText(length: number): string {
  return Array.from({ length }, () => DIGITS[randomInt(62)]).join('')
}

function checksum(body: string): string {
  let rest = crc32(body)
  let text = ''
  for (let i = 0; i < 6; i++) {
    text = DIGITS[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
