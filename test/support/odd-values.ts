/** Values that nobody sends by mistake, for fuzz.test.ts. */
import fc from 'fast-check'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Path = readonly (string | number)[]

/** Texts, each with a reason to be read, stored or shown wrongly. */
export const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\udfff\ud800',
  '\u202egnp.exe',
  '\u2066a\u2069',
  '\u200b',
  'a\u200db',
  '\ufeffbom',
  '\uffff',
  '\u{10ffff}',
  'e\u0301\u0301\u0301\u0301',
  '\n',
  'a\r\nset-cookie: x=y',
  '\t\v\f\x7f\x1b[31m',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "'; drop table connection; --",
  '\\',
  '\\u0000',
  '%00',
  '%',
  '%ff',
  '{connection.client_secret}',
  '{token.access}',
  '{',
  '{x',
  '$1',
  '<script>alert(1)</script>',
  '(a+)+$',
  '[',
  'http://[',
  'https://user:password@x.example/',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'conn_00000000000000000000000000',
  'acct_7zzzzzzzzzzzzzzzzzzzzzzzzz',
  'acct_zzzzzzzzzzzzzzzzzzzzzzzzzz',
  '2026-02-31T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '-000001-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  'NaN',
  '1e999',
  'x'.repeat(256),
  'x'.repeat(3_000),
  '\u{1f511}'.repeat(9_000),
  'x'.repeat(70_000),
  'x'.repeat(1_000_000),
]

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  // Halves of surrogate pairs.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
      .map((codes) => String.fromCharCode(...codes)),
  },
)

const deep = (levels: number): Json => (levels === 0 ? 'deep' : [deep(levels - 1)])
const wrong: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  [],
  {},
  ['a', 'b'],
  [null],
  { '\0': 'key' },
  { '\ud800': 1 },
  { key: '\udc00' },
  { toString: 'x', __proto__: 'y' },
  deep(30),
  deep(200),
  Array.from({ length: 500 }, (_, index) => index),
)

/** A text, or something else where a text is due. */
export const ODD: fc.Arbitrary<Json> = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: wrong })
export const ODD_TEXT = text

/** The way to every value inside of a value, itself excluded. */
export function pathsIn(value: Json, before: Path = []): Path[] {
  if (value === null || typeof value !== 'object') return before.length > 0 ? [before] : []
  const inner = Object.entries(value).flatMap(([key, item]) =>
    pathsIn(item as Json, [...before, Array.isArray(value) ? Number(key) : key]),
  )
  return before.length > 0 ? [before, ...inner] : inner
}

/** A copy with another value at one place. */
export function replaced(value: Json, [step, ...rest]: Path, by: Json): Json {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, by) : item))
  const object = value as { [key: string]: Json }
  return { ...object, [step]: replaced(object[step] ?? null, rest, by) }
}
