/**
 * npm run threats: writes docs/threats.md, which says of each threat and each bad input of test/threats.yaml which
 * tests show what becomes of it.
 *
 *   npm run threats              writes the page anew
 *   npm run threats -- --check   fails where the page, the list and the tests do not agree
 *
 * A test names what it shows at the end of its title: `it('is accepted once [T6, input 28, 34]')`. So may a group of
 * tests (`describe`), and a row of a table in its first column: `it.each([['a batch [T29]', …]])('with %s')`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'
import { parse } from 'yaml'
import { root, say } from './run.ts'

const PAGE = 'docs/threats.md'
const LIST = 'test/threats.yaml'
/** How many there are of each kind: none may be missing. */
const THREATS = 56
const INPUTS = 70
const HEAD = [
  "Which test shows what is read from the tests' own titles: `[T6, input 28, 34]` in the title of a test, of a",
  'group of tests or of a row of a table. `npm run check` fails when such a test goes, when a number has neither a',
  'test nor a reason, and when this page is not what the tests say. The model behind it is in',
  '[security.md](security.md).',
].join(' ')
const MARK = /\s*\[((?:T\d+|input \d+)(?:, (?:T\d+|input \d+|\d+))*)\]/g
/** What was meant as a mark, and is not written like one. */
const NEARLY = /\[[^\][]*\b(?:T|inputs?) ?\d+\b[^\][]*\]/i

/** What the list says of a number: what it is, what meets it and what does not; or why it does not apply. */
interface Entry {
  threat?: string
  where?: string
  input?: string
  met?: string
  missing?: string
  not?: string
}

/** A test or a group of tests, and the numbers in its title. */
interface Proof {
  file: string
  title: string
  numbers: string[]
  /** Whether it runs only in the long form: npm run test:faults. */
  isLong: boolean
}

/** A node of a syntax tree (ESTree). */
interface Node {
  type: string
  start: number
  [property: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'
const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** Reads the titles of one file. */
class Titles {
  readonly proofs: Proof[] = []
  readonly faults: string[] = []
  private tests = 0
  private readonly constants = new Map<string, Node>()
  /** Where the texts begin that are titles or parts of them. */
  private readonly titles = new Set<number>()

  private readonly file: string

  constructor(file: string) {
    this.file = file
    const { program, errors } = parseSync(file, readFileSync(path.join(root, file), 'utf8'))
    if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`)
    const tree = program as unknown as Node
    this.remember(tree)
    this.visit(tree, [], false)
    this.lookForStrays(tree)
  }

  /** Tables and titles may have a name. */
  private remember(node: Node) {
    const { id, init } = node as { id?: unknown; init?: unknown }
    if (node.type === 'VariableDeclarator' && isNode(id) && isNode(init)) this.constants.set(String(id.name), init)
    for (const child of childrenOf(node)) this.remember(child)
  }

  private visit(node: Node, above: string[], isLong: boolean) {
    const call = node.type === 'CallExpression' ? testCall(node) : null
    if (!call) {
      for (const child of childrenOf(node)) this.visit(child, above, isLong)
      return
    }
    if (call.isSkipped) return
    const [title, ...others] = node.arguments as Node[]
    const text = this.textOf(title)
    const long = isLong || call.isLong
    const before = this.tests
    if (!call.isGroup) this.tests++
    for (const other of others) this.visit(other, [...above, text], long)
    // A group without a test shows nothing.
    if (this.tests === before) return
    for (const name of [text, ...this.rowsOf(call.table, text)]) this.note([...above, name], long)
  }

  private note(titles: string[], isLong: boolean) {
    const own = titles.at(-1) ?? ''
    const numbers = [...own.matchAll(MARK)].flatMap(([, marks = '']) => numbersIn(marks))
    if (NEARLY.test(own.replace(MARK, '')))
      this.faults.push(`${this.file}: "${own}" has a mark that is not written like [T6, input 28, 34].`)
    if (numbers.length === 0) return
    const title = titles.map((part) => part.replace(MARK, '').replace(/%[sjdif#]|\$\w+/g, '…')).join(' ')
    this.proofs.push({ file: this.file, title: title.trim(), numbers, isLong })
  }

  /** The titles of the rows of a table that have marks of their own. */
  private rowsOf(table: Node | null, title: string): string[] {
    const rows = this.unwrapped(table)
    if (rows?.type !== 'ArrayExpression') return []
    return (rows.elements as (Node | null)[]).flatMap((element) => {
      const row = this.unwrapped(element)
      const label = this.textOf((row?.type === 'ArrayExpression' ? (row.elements as Node[])[0] : row) ?? undefined)
      if (!label.match(MARK)) return []
      const bare = title.replace(MARK, '')
      return [/%[sj]/.test(bare) ? bare.replace(/%[sj]/, () => label) : `${bare} ${label}`]
    })
  }

  /** What is behind a name, and in front of `as const`. */
  private unwrapped(node: Node | null | undefined): Node | null {
    if (node?.type === 'TSAsExpression' || node?.type === 'TSSatisfiesExpression')
      return this.unwrapped(node.expression as Node)
    if (node?.type === 'Identifier') return this.constants.get(String(node.name)) ?? null
    return node ?? null
  }

  /** A text as it is written, and `…` for what is only known when it runs. */
  private textOf(node: Node | undefined): string {
    if (!node) return ''
    this.titles.add(node.start)
    if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : ''
    if (node.type === 'BinaryExpression') return this.textOf(node.left as Node) + this.textOf(node.right as Node)
    if (node.type === 'Identifier') {
      const constant = this.constants.get(String(node.name))
      return constant && constant.type !== 'Identifier' ? this.textOf(constant) : ''
    }
    if (node.type !== 'TemplateLiteral') return ''
    const parts = node.quasis as (Node & { value: { cooked: string } })[]
    for (const { start } of parts) this.titles.add(start)
    return parts.map(({ value }) => value.cooked).join('…')
  }

  /** A mark that no title has would show nothing, and look as if it did. */
  private lookForStrays(node: Node) {
    const text = node.type === 'Literal' ? node.value : (node.value as { cooked?: unknown } | undefined)?.cooked
    if (typeof text === 'string' && text.match(MARK) && !this.titles.has(node.start))
      this.faults.push(`${this.file}: the mark in "${text.slice(0, 80)}" is not in the title of a test that runs.`)
    for (const child of childrenOf(node)) this.lookForStrays(child)
  }
}

/** Reads `it(…)`, `it.each(table)(…)`, `it.runIf(long).concurrent.for(table)(…)`; null for other calls. */
function testCall(node: Node): { table: Node | null; isLong: boolean; isSkipped: boolean; isGroup: boolean } | null {
  const makers = ['each', 'for', 'runIf', 'skipIf']
  const names: string[] = []
  let table: Node | null = null
  let isLong = false
  let callee = node.callee as Node
  // `it.each(table)` alone makes the function that registers tests.
  if (callee.type === 'MemberExpression' && makers.includes(nameOf(callee.property))) return null
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    if (callee.type === 'MemberExpression') {
      names.push(nameOf(callee.property))
      callee = callee.object as Node
      continue
    }
    const maker = nameOf((callee.callee as Node).property)
    const [argument = null] = callee.arguments as Node[]
    if (maker === 'each' || maker === 'for') table = argument
    if (maker === 'runIf' && nameOf(argument) === 'long') isLong = true
    callee = callee.callee as Node
  }
  if (!['it', 'test', 'describe'].includes(nameOf(callee))) return null
  const isSkipped = names.includes('skip') || names.includes('todo')
  return { table, isLong, isSkipped, isGroup: nameOf(callee) === 'describe' }
}

/** `T6, input 28, 34` are T6, input 28 and input 34. */
function numbersIn(marks: string): string[] {
  let kind = ''
  return marks.split(', ').map((mark) => {
    const [, prefix = '', number = ''] = /^(T|input )?(\d+)$/.exec(mark) ?? []
    if (prefix) kind = prefix
    return kind + number
  })
}

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? String(node.name) : ''
}

const list: { threats: Record<string, Entry>; inputs: Record<string, Entry> } = parse(
  readFileSync(path.join(root, LIST), 'utf8'),
)
const entries = new Map<string, Entry>([
  ...Object.entries(list.threats),
  ...Object.entries(list.inputs).map(([number, entry]): [string, Entry] => [`input ${number}`, entry]),
])
const numbers = [
  ...Array.from({ length: THREATS }, (_, index) => `T${index + 1}`),
  ...Array.from({ length: INPUTS }, (_, index) => `input ${index + 1}`),
]

const read = readdirSync(path.join(root, 'test'), { recursive: true })
  .map((file) => `test/${String(file)}`)
  .filter((file) => file.endsWith('.test.ts'))
  .sort()
  .map((file) => new Titles(file))
const proofs = read.flatMap((file) => file.proofs)
const proofsOf = (number: string) => proofs.filter((proof) => proof.numbers.includes(number))

const faults = [
  ...read.flatMap((file) => file.faults),
  ...numbers.flatMap((number) => {
    const entry = entries.get(number)
    const tests = proofsOf(number)
    if (!entry) return [`${LIST} does not have ${number}.`]
    if (entry.not && tests.length > 0)
      return [`${number} does not apply, says ${LIST}, and ${tests[0]?.file} has a test of it ("${tests[0]?.title}").`]
    if (entry.not || tests.length > 0) return []
    return [`${number} has neither a test with [${number}] in its title, nor a reason (not: …) in ${LIST}.`]
  }),
  ...[...entries.keys()]
    .filter((number) => !numbers.includes(number))
    .map((number) => `${LIST} has a strange ${number}.`),
  ...proofs.flatMap(({ file, title, numbers: named }) =>
    named
      .filter((number) => !numbers.includes(number))
      .map((number) => `${file}: "${title}" names ${number}, which there is not.`),
  ),
]

const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const short = (number: string) => number.replace('input ', '')

function shownBy(number: string): string {
  return proofsOf(number)
    .map(({ file, title, isLong }) => {
      const name = path.posix.relative('test', file)
      return `[${name}](../${file}): ${cell(title)}${isLong ? ' (`npm run test:faults`)' : ''}`
    })
    .join('<br>')
}

function table(heads: string[], rows: string[][]): string {
  return [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function page(): string {
  const entryOf = (number: string) => entries.get(number) ?? {}
  const threats = numbers.filter((number) => number.startsWith('T'))
  const inputs = numbers.filter((number) => number.startsWith('input'))
  const applies = (number: string) => entryOf(number).not === undefined
  const threatRow = (number: string) => {
    const { threat, met } = entryOf(number)
    return [number, cell(threat), cell(met), shownBy(number)]
  }
  const inputRow = (number: string) => {
    const { where, input, met } = entryOf(number)
    return [short(number), cell(where), cell(input), cell(met), shownBy(number)]
  }
  return `<!-- Written by npm run threats, from test/threats.yaml and the titles of the tests. -->
# Threats and bad inputs, and the tests that show what becomes of them

${HEAD}

## Threats

${table(['#', 'Threat', 'What meets it', 'Shown by'], threats.filter(applies).map(threatRow))}

### What is missing

${table(
  ['#', 'Threat', 'What is missing'],
  threats
    .filter((number) => entryOf(number).missing)
    .map((number) => [number, cell(entryOf(number).threat), cell(entryOf(number).missing)]),
)}

### Threats that do not apply

${table(
  ['#', 'Threat', 'Why'],
  threats
    .filter((number) => !applies(number))
    .map((number) => [number, cell(entryOf(number).threat), cell(entryOf(number).not)]),
)}

## Bad inputs

${table(['#', 'Where', 'Input', 'What becomes of it', 'Shown by'], inputs.filter(applies).map(inputRow))}

### Inputs of which a part is not tried, or is taken

${table(
  ['#', 'Where', 'What'],
  inputs
    .filter((number) => entryOf(number).missing)
    .map((number) => [short(number), cell(entryOf(number).where), cell(entryOf(number).missing)]),
)}

### Inputs that do not apply

${table(
  ['#', 'Where', 'Input', 'Why'],
  inputs
    .filter((number) => !applies(number))
    .map((number) => {
      const { where, input, not } = entryOf(number)
      return [short(number), cell(where), cell(input), cell(not)]
    }),
)}
`
}

const file = path.join(root, PAGE)
if (faults.length > 0) {
  for (const fault of faults) say(fault)
  process.exit(1)
}
const written = page()
if (!process.argv.includes('--check')) writeFileSync(file, written)
else if (readFileSync(file, 'utf8') !== written) {
  say(`${PAGE} is not what the tests say. Run: npm run threats`)
  process.exit(1)
}
