/**
 * Secrets that are easy to recognise, and a search for them in everything that may hold none: as they are, in part,
 * and in the forms that programs give to text on its way (base64 at any place, base64url, hexadecimal, percent, HTML).
 */
import { randomBytes } from 'node:crypto'

/** What is looked for of each secret: long enough that nothing else has it. */
const PART = 24

export class Sentinels {
  private readonly needles = new Map<string, string[]>()
  readonly values = new Map<string, string>()

  /** A new secret, in characters that every field takes. */
  plant(name: string): string {
    const core = randomBytes(24).toString('hex')
    const value = `S3NT-${name.replaceAll(/\W/g, '-')}-${core}`
    this.watch(name, value, core)
    return value
  }

  /** Looks out for a secret that somebody else made. @param core the part of it that nothing else has */
  watch(name: string, value: string, core = value) {
    if (core.length < PART) throw new Error(`The secret ${name} is too short to be told from other text.`)
    // Of what is made again and again, each is looked for.
    const known = this.values.has(name) ? `${name} (${this.values.size})` : name
    this.values.set(known, value)
    this.needles.set(known, formsOf(core))
  }

  /** The names of the secrets of which a text has something. */
  foundIn(text: string): string[] {
    return [...this.needles].flatMap(([name, needles]) => (needles.some((form) => text.includes(form)) ? [name] : []))
  }
}

function formsOf(core: string): string[] {
  const parts = [core.slice(0, PART), core.slice(-PART)]
  const texts = parts.flatMap((part) => [
    part,
    encodeURIComponent(part),
    JSON.stringify(part).slice(1, -1),
    part.replaceAll(/[&<>"'=+/]/g, (character) => `&#${character.charCodeAt(0)};`),
  ])
  const encoded = parts.flatMap((part) => [Buffer.from(part).toString('hex'), ...base64(part)])
  return [...new Set([...texts, ...encoded])]
}

/** Base64 of a text that stands anywhere in a longer one: of the three ways to fall, without the edges. */
function base64(part: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.from('x'.repeat(before) + part).toString('base64')
    const inner = encoded.slice(before === 0 ? 0 : 4, Math.floor((before + part.length) / 3) * 4)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
}
