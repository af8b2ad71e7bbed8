/** Reads what is left of an answer that is no whole JSON (RFC 8259): cut off, with something around it, misspelt. */

/** JSON.parse, but for whole numbers that a JavaScript number cannot hold: they are taken as they are written. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? (context?.source ?? value)
      : value,
  )
}

const CLOSERS: Record<string, string> = { '{': '}', '[': ']' }

/**
 * The first object in a text: what stands before and after it is left out, such as the warnings of a programming
 * language. Of one that ends before its time, the members that are whole are kept; a value of which nobody can say
 * whether it is whole, such as a number at the very end, is not.
 *
 * @returns null where there is none
 */
export function firstObject(text: string): Record<string, unknown> | null {
  const begin = text.search(/\{\s*(?:"|$)/)
  if (begin < 0) return null
  const stack: string[] = []
  /** The text up to the last comma between members, with what closes it. */
  let whole = ''
  let inString = false
  for (let at = begin; at < text.length; at++) {
    const character = text[at] as string
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character in CLOSERS) stack.push(CLOSERS[character] as string)
    else if (character === stack.at(-1)) {
      stack.pop()
      if (stack.length === 0) return parsed(text.slice(begin, at + 1)) ?? parsed(whole)
    } else if (character === ',') whole = text.slice(begin, at) + closed(stack)
  }
  const rest = text.slice(begin).trimEnd()
  return (/["}\]]$/.test(rest) && !inString ? parsed(rest + closed(stack)) : null) ?? parsed(whole)
}

function closed(stack: readonly string[]): string {
  return [...stack].reverse().join('')
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value = parseJson(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/**
 * The value of a name in a text of any kind: JSON that no parser takes, a form, something of both.
 *
 * @returns null where there is none, or where there are several that differ
 */
export function valueIn(text: string, name: string): string | null {
  const written = name.replace(/\W/g, '\\$&')
  const quoted = `"((?:[^"\\\\]|\\\\.)*)"|'([^'\\\\]*)'`
  // A bare value ends with something: at the end of the text nobody can say whether it is whole.
  const bare = `([^\\s"'&,;<>{}]+)(?=[\\s&,;}])`
  const pattern = new RegExp(`(?<![\\w.-])${written}["']?\\s*[:=]\\s*(?:${quoted}|${bare})`, 'g')
  const found = [...text.matchAll(pattern)].map(([, double, single, plain]) =>
    double === undefined ? (single ?? decoded(plain ?? '')) : parsedText(double),
  )
  return new Set(found).size === 1 ? (found[0] ?? null) : null
}

function parsedText(inner: string): string | null {
  try {
    return JSON.parse(`"${inner}"`)
  } catch {
    return null
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
