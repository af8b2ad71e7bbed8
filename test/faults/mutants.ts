/**
 * `npm run test:mutants`: removes one safeguard of the refresh at a time, in a copy, and checks that a
 * test fails then. A mutant that survives is a safeguard that no test checks.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const LEASE = 'src/refresh/lease.ts'
const GRANT = 'src/credentials/grant.ts'
const SCHEDULES = ['test/faults/schedules.test.ts']

/** For each mutant: its file, the code that is replaced and by what, and the tests that must fail. */
const MUTANTS: [name: string, file: string, before: string, after: string, tests: string[]][] = [
  [
    'no lease',
    LEASE,
    `where (lease.until is null
        or greatest(lease.until, pg_postmaster_start_time() + interval '10 seconds') < clock_timestamp())`,
    'where true',
    SCHEDULES,
  ],
  [
    'no version check when an answer is stored',
    GRANT,
    'credential?.version !== claim.version',
    '!credential',
    SCHEDULES,
  ],
  [
    'versions that begin anew after a disconnection',
    GRANT,
    'account.erasedVersion = credential.version',
    'account.erasedVersion = 0',
    SCHEDULES,
  ],
  [
    'status changes without a version',
    'src/refresh/outcome.ts',
    'current.version !== version || current.fence !== fence',
    'current.version < 0',
    SCHEDULES,
  ],
  ['a release that asks for no fence', LEASE, 'fence = coalesce(?::int, fence)', '(?::int is null or true)', SCHEDULES],
  [
    'no spool',
    'src/refresh/attempt.ts',
    'entry.write({ answer, sentAt })',
    'void answer',
    ['test/faults/kills-strict.test.ts', '-t', 'P4'],
  ],
]

const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trim()
const copy = mkdtempSync(path.join(tmpdir(), 'valetkey-mutants-'))
cpSync(root, copy, { recursive: true, filter: (from) => !/\/(node_modules|\.git)$/.test(from) })
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))

let survivors = 0
for (const [name, file, before, after, tests] of MUTANTS) {
  const at = path.join(copy, file)
  const source = readFileSync(at, 'utf8')
  if (source.split(before).length !== 2) throw new Error(`${file} does not say exactly once: ${before}`)
  writeFileSync(
    at,
    source.replace(before, () => after),
  )
  const built = spawnSync('node', ['scripts/build.ts', 'server'], { cwd: copy, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`${name} does not compile.\n${built.stdout}`)
  const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', ...tests], {
    cwd: copy,
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, FAULTS: tests === SCHEDULES ? 'long' : '' },
  })
  writeFileSync(at, source)
  const noticed = status !== 0 && `${stdout}${stderr}`.includes('AssertionError')
  if (!noticed) survivors += 1
  process.stdout.write(`${noticed ? 'noticed ' : 'SURVIVED'}  ${name}\n`)
}
rmSync(copy, { recursive: true, force: true })
process.exitCode = survivors === 0 ? 0 : 1
