/**
 * The one door for text from outside. JavaScript strings can hold what PostgreSQL and UTF-8 cannot: the
 * character U+0000, and half of a surrogate pair. What a provider sends is made storable; what a caller
 * sends is refused, with the way to it.
 */

/** Half of a surrogate pair without the other, or U+0000. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** @returns the text, with U+FFFD for each character that cannot be stored */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

/** The same for every text in a value that JSON could hold, keys included. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storableValue(inner)]))
}

/**
 * @param depth levels of nesting that are looked into
 * @returns the way to the first text that cannot be stored, or to what is nested deeper; null where all is well
 */
export function unstorablePath(value: unknown, depth: number): (string | number)[] | null {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? [] : null
  if (value === null || typeof value !== 'object') return null
  if (depth === 0) return []
  for (const [key, inner] of Object.entries(value)) {
    if (UNSTORABLE.test(key)) return [storable(key)]
    const path = unstorablePath(inner, depth - 1)
    if (path) return [Array.isArray(value) ? Number(key) : key, ...path]
  }
  return null
}

/**
 * What a reader does not see, or sees as something else: control and format characters (which turn the direction
 * around, or have no width), line and paragraph separators, fillers and variation selectors, and every white space but
 * a plain blank.
 */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cn}\p{Co}\ufffc\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u

/** Whether every character of the text can be seen. */
export function isVisible(text: string): boolean {
  return !UNSEEN.test(text)
}

const ENDS = new RegExp(`^(?:${UNSEEN.source}| )+|(?:${UNSEEN.source}| )+$`, 'gu')

/** Without white space and what cannot be seen at both ends: it comes along when something is copied. */
export function trimmed(text: string): string {
  return text.replace(ENDS, '')
}

/** Characters that come along from web pages and word processors. */
const KNOWN: Record<string, string> = {
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '200B': 'zero-width space',
  '200C': 'zero-width non-joiner',
  '200D': 'zero-width joiner',
  '202F': 'narrow no-break space',
  '2060': 'word joiner',
  FEFF: 'byte order mark',
}

/** The first character that cannot be seen, such as `U+200B (zero-width space)`; null where there is none. */
export function unseenIn(text: string): string | null {
  const [character] = UNSEEN.exec(text) ?? []
  if (character === undefined) return null
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return KNOWN[code] ? `U+${code} (${KNOWN[code]})` : `U+${code}`
}

/** Whether something of the text can be seen, beside white space. */
export function hasVisible(text: string): boolean {
  return [...text].some((character) => isVisible(character) && character.trim() !== '')
}

/** Alphabets that have letters which look like those of another of them. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Deseret}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Glagolitic}/u,
  /\p{Script=Gothic}/u,
  /\p{Script=Lisu}/u,
  /\p{Script=Old_Italic}/u,
  /\p{Script=Tifinagh}/u,
]

/**
 * Whether each character is the usual one for what it means (NFKC: no full-width letter, no ligature), and each word
 * is of one alphabet, after the single-script level of UTS #39 §5.2. Latin goes with Chinese, Japanese and Korean. What
 * is written in another alphabet as a whole is let through, even if all of its letters look like Latin ones.
 */
export function isUndisguised(text: string): boolean {
  return (
    isVisible(text) &&
    text === text.normalize('NFKC') &&
    text.split(/[^\p{L}\p{M}\p{N}]+/u).every((word) => ALPHABETS.filter((letters) => letters.test(word)).length < 2)
  )
}

/**
 * The texts of a form, in their order; a name may come again. A route that expects a form is also sent JSON, a list
 * or nothing at all: what is not the text of a field is left out.
 */
export function formTexts(body: unknown): [name: string, text: string][] {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return []
  return Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((text): [string, string][] =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  )
}
