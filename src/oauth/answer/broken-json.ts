/** Reads what is left of a JSON object (RFC 8259) that was cut off, or that has something else around it. */

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
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
