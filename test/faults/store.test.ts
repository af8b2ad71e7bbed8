/** Scenarios S7 and S8 of docs/refresh.md: PostgreSQL is down while the provider answers, and has few connections. */
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedDatabase, startEmbedded, temporaryDataDirectory } from '../../src/database/embedded.js'
import { FaultLab, long, report, times } from './lab.js'

const directory = temporaryDataDirectory('faults')
let embedded: EmbeddedDatabase
let lab: FaultLab

beforeAll(async () => {
  embedded = await startEmbedded(directory)
  lab = await FaultLab.open({ databaseUrl: embedded.ownerUrl, connections: 10, env: { VALETKEY_DATABASE_POOL: '5' } })
}, 60_000)
afterAll(async () => {
  await lab.close()
  await embedded.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** "Immediate shutdown": PostgreSQL ends as if it had crashed. */
async function crash() {
  process.kill(Number(readFileSync(path.join(embedded.cluster, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT')
  await embedded.stop()
}

it.each(long ? [1, 1, 1, 6, 6, 6, 30, 30, 30] : [1])(
  'S7: PostgreSQL is gone for %i s while the provider answers',
  async (seconds) => {
    const [account] = await lab.stale(1)
    if (!account) throw new Error('no account')
    lab.provider.delay = 500
    const before = lab.provider.revoked
    let gone: Promise<void> | undefined
    lab.provider.decided = () => {
      gone ??= crash()
    }
    const asked = lab.token(account).catch(() => null)
    await expect.poll(() => gone !== undefined, { timeout: 10_000 }).toBe(true)
    await gone
    lab.provider.decided = () => {}
    lab.provider.delay = 0
    await sleep(seconds * 1000)
    embedded = await startEmbedded(directory)
    const back = Date.now()
    await asked
    const first = await lab.patiently(account)
    const recovery = Date.now() - back
    const found = await lab.losses([account])
    report(
      `S7 PostgreSQL crashed, away for ${seconds} s, while the provider answered`,
      '0 lost, 0 replays',
      `${found.lost} lost, ${lab.provider.revoked - before} replays, ` +
        `a token ${Math.ceil(recovery / 1000)} s after it was back`,
    )
    expect(first?.__typename).toBe('OAuthToken')
    expect({ ...found, revoked: lab.provider.revoked }).toEqual({ lost: 0, silent: 0, revoked: before })
  },
  120_000,
)

it('S8: five database connections serve everyone else while a hundred refreshes wait for a slow provider', async () => {
  const waiting = await lab.stale(times(100, 30))
  const [fresh] = await lab.stale(1)
  if (!fresh) throw new Error('no account')
  await lab.patiently(fresh)
  const release = lab.provider.hold()
  let ended = 0
  const asked = waiting.map((account) => lab.token(account).finally(() => ended++))
  await expect.poll(() => lab.provider.underWay, { timeout: 20_000 }).toBe(waiting.length)
  const waits: number[] = []
  let idle = 0
  const endedBefore = ended
  for (let i = 0; i < times(500, 100); i++) {
    const began = performance.now()
    expect((await lab.token(fresh))?.__typename).toBe('OAuthToken')
    waits.push(performance.now() - began)
    if (i % 50 === 0) {
      const { rows } = await lab.database.query(
        "select count(*)::int as idle from pg_stat_activity where state = 'idle in transaction'",
      )
      idle += rows[0].idle
    }
  }
  const answeredMeanwhile = ended - endedBefore
  release()
  await Promise.all(asked)
  waits.sort((a, b) => a - b)
  const p99 = waits[Math.floor(waits.length * 0.99)] ?? 0
  report(
    `S8 ${waiting.length} refreshes wait for the provider, 5 database connections`,
    'others: p99 < 100 ms; 0 idle in transaction',
    `p99 ${p99.toFixed(1)} ms; ${idle} idle in transaction`,
  )
  expect({ idle, answeredMeanwhile }).toEqual({ idle: 0, answeredMeanwhile: 0 })
}, 120_000)
