/**
 * `npm run test:mutants`: removes one safeguard of the refresh at a time, in a copy, and checks that a
 * test fails then. A mutant that survives is a safeguard that no test checks. With an argument: those with it in their
 * name.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const LEASE = 'src/refresh/lease.ts'
const GRANT = 'src/credentials/grant.ts'
const CLAIM = 'src/refresh/claim.ts'
const SCHEDULES = ['test/faults/schedules.test.ts']
const TAKEOVERS = ['test/faults/takeovers.test.ts']
const BLAST_RADIUS = ['test/blast-radius.test.ts']

/** For each mutant: its file, the code that is replaced and by what, and the tests that must fail. */
const MUTANTS: [name: string, file: string, before: string, after: string, tests: string[]][] = [
  [
    'no lease',
    CLAIM,
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
  [
    'no second copy in the database',
    'src/refresh/attempt.ts',
    'kept = answers.keep(accountUuid, claim, { answer, sentAt }).catch(() => {})',
    'kept = Promise.resolve()',
    TAKEOVERS,
  ],
  [
    'leases that end before the answers are stored',
    'src/refresh/sweep.ts',
    '!(await this.waiting(0))',
    'false',
    TAKEOVERS,
  ],
  [
    'no doubt about an answer that was overtaken',
    'src/refresh/outcome.ts',
    'if (isContradicted || isFirstOfDoubted) await doubt(em, accountUuid)',
    'if (false) await doubt(em, accountUuid)',
    TAKEOVERS,
  ],
  [
    'no doubt about a sibling',
    'src/refresh/outcome.ts',
    "await doubt(em, accountUuid)\n        return 'sibling'",
    "return 'sibling'",
    TAKEOVERS,
  ],
  [
    'a lease that an overtaken claim keeps',
    'src/refresh/outcome.ts',
    'if (current.version !== version) await yieldLease(em, accountUuid, fence)',
    '',
    TAKEOVERS,
  ],
  [
    'no doubt for a refusal of what was consumed',
    'src/refresh/outcome.ts',
    "if (failure.type === 'grant' && !failure.isOurs && isOfTheFamily) {",
    'if (false as boolean) {',
    TAKEOVERS,
  ],
  [
    'no probe while an outcome is unknown',
    CLAIM,
    '$7 or not lease.in_flight or lease.doubted',
    '$7 or not lease.in_flight',
    TAKEOVERS,
  ],
  [
    'no fall-back to another answer',
    'src/refresh/attempt.ts',
    "if (failure.type !== 'grant' || !claim.doubted || prepared.parentVersion === null) return null",
    'if (prepared.parentVersion !== -1) return null',
    TAKEOVERS,
  ],
  ['no space taken on the disk', 'src/refresh/spool.ts', 'writeSync(descriptor, RESERVED)', '', TAKEOVERS],
  ['a silent server that has no time to come back', CLAIM, 'and (lease.until is null or', 'and (true or', TAKEOVERS],
  [
    'a claim without confirmation that is kept',
    'src/refresh/sweep.ts',
    "await this.guarded('leases', () => leases.releaseLost(spool.accounts()))",
    'void [leases, spool]',
    TAKEOVERS,
  ],
  [
    'no immediate replay within a grace',
    CLAIM,
    'or lease.sent_at + make_interval(secs => $6) > clock_timestamp()',
    'or (false and $6::int > 0)',
    BLAST_RADIUS,
  ],
  [
    'a refused account that is the fault of its connection',
    'src/refresh/evidence.ts',
    "if (othersRenew && rejections + 1 >= ENOUGH) return { verdict: 'account' }",
    "if (othersRenew && rejections + 1 >= ENOUGH) return { verdict: 'connection' }",
    BLAST_RADIUS,
  ],
  [
    'a bad hour that ends every grant',
    'src/refresh/evidence.ts',
    "return othersRefused > 0 ? { verdict: 'wait', seconds: FIRST_WAIT } : { verdict: 'account' }",
    "return othersRefused > -1 ? { verdict: 'account' } : { verdict: 'wait', seconds: FIRST_WAIT }",
    BLAST_RADIUS,
  ],
  [
    'waiting that takes a turn',
    'src/refresh/refresh.ts',
    '} finally {\n        leave()\n      }\n      const state',
    '} finally {\n        setTimeout(leave, 20_000)\n      }\n      const state',
    TAKEOVERS,
  ],
  [
    'no slots',
    CLAIM,
    'and (slot.until is null or slot.until < clock_timestamp())',
    '',
    ['test/faults/crowds.test.ts', '-t', 'S2'],
  ],
  ['a lost outcome that is forgotten', LEASE, 'in_flight = ? or takeover', 'in_flight = ?', BLAST_RADIUS],
]

const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { encoding: 'utf8' }).trim()
const copy = mkdtempSync(path.join(tmpdir(), 'valetkey-mutants-'))
cpSync(root, copy, { recursive: true, filter: (from) => !/\/(node_modules|\.git)$/.test(from) })
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))

let survivors = 0
const wanted = process.argv[2] ?? ''
for (const [name, file, before, after, tests] of MUTANTS.filter(([name]) => name.includes(wanted))) {
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
