/** `npm run test:faults`: runs the long forms and prints the table of scenarios, targets and results. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const table = path.join(mkdtempSync(path.join(tmpdir(), 'valetkey-table-')), 'table.jsonl')
const began = Date.now()
const { status } = spawnSync(
  'vitest',
  [
    'run',
    'test/faults',
    'test/threats.test.ts',
    '-t',
    'S\\d+|server that is killed|T6|refusals|schedules',
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, FAULTS: 'long', FAULTS_TABLE: table },
  },
)
const rows = existsSync(table)
  ? readFileSync(table, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<'scenario' | 'target' | 'result', string>)
  : []
const merged = [...Map.groupBy(rows, ({ scenario }) => scenario).values()].map((same) => ({
  scenario: same[0]?.scenario ?? '',
  target: same[0]?.target ?? '',
  result: [...Map.groupBy(same, ({ result }) => result)]
    .map(([result, { length }]) => (length > 1 ? `${length} times: ${result}` : result))
    .join('; '),
}))
merged.sort((a, b) => a.scenario.localeCompare(b.scenario, 'en', { numeric: true }))
const lines = merged.map(({ scenario, target, result }) => `| ${scenario} | ${target} | ${result} |\n`).join('')
const seconds = Math.round((Date.now() - began) / 1000)
process.stdout.write(`\n| Scenario | Target | Found |\n|---|---|---|\n${lines}\n${seconds} s\n`)
process.exitCode = status ?? 1
