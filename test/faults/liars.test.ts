/**
 * Scenarios S9 and S10 (in small) of docs/refresh.md: a provider that answers wrongly, drops answers and goes down, and
 * the circuit breaker that then spares it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultLab, long, report, times } from './lab.js'
import type { Fate } from './provider.js'

/** 30 % 503, 20 % cut off after rotation, 10 % 429, 5 % an HTML page; the same sequence in every run. */
const FATES: [Fate, number][] = [
  ['unavailable', 0.3],
  ['cut', 0.5],
  ['throttled', 0.6],
  ['page', 0.65],
]

function lying(): () => Fate {
  let seed = 42
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    const dice = seed / 2 ** 31
    return FATES.find(([, until]) => dice < until)?.[0] ?? 'served'
  }
}

const kinds = { strict: 0, 'with grace': 600 }

describe.each(Object.entries(kinds).filter(([kind]) => long || kind === 'with grace'))(
  'a provider, %s',
  (kind, grace) => {
    let lab: FaultLab
    beforeAll(async () => {
      lab = await FaultLab.open({ replicas: 2, grace, connections: 3 })
    }, 60_000)
    afterAll(() => lab.close())

    it('S9: that gives a wrong answer two times out of three', async () => {
      const accounts = await lab.stale(times(200, 10), lab.connections[0])
      lab.provider.fate = lying()
      for (let round = 0; round < times(10, 2); round++) {
        // As if hours had passed: all pauses are over.
        for (let attempt = 0; attempt < 4; attempt++) {
          for (let at = 0; at < accounts.length; at += 10) {
            await lab.lapse()
            await Promise.all(accounts.slice(at, at + 10).map((account) => lab.token(account)))
          }
        }
        await lab.expire(accounts)
      }
      lab.provider.fate = () => 'served'
      await lab.lapse()
      await lab.database.query('update connection set failing = false')
      const { lost, silent } = await lab.losses(accounts)
      const victims = kind === 'strict' ? lab.provider.cut.size : 0
      report(
        `S9 a lying provider, ${kind}, ${accounts.length} accounts`,
        kind === 'strict' ? 'only where an answer was cut off, flagged' : '0 lost',
        `${lost} lost, ${silent} in silence, ${lab.provider.cut.size} answers cut off`,
      )
      expect(silent).toBe(0)
      expect(lost).toBeLessThanOrEqual(victims)
    }, 300_000)

    it('S10 in small: that is down gets one probe at a time and is used again once it is back [T42]', async () => {
      const accounts = await lab.stale(60, lab.connections[1])
      let asked = 0
      lab.provider.fate = () => {
        asked += 1
        return 'unavailable'
      }
      await Promise.all(accounts.map((account) => lab.token(account)))
      const { rows } = await lab.database.query(
        'select failing, paused_until > now() as paused from connection where name = $1',
        [lab.connections[1]],
      )
      expect(rows).toEqual([{ failing: true, paused: true }])
      const before = asked
      const answers = await Promise.all(accounts.map((account) => lab.token(account)))
      expect(new Set(answers.map((answer) => answer?.__typename))).toEqual(new Set(['ProviderUnavailable']))
      expect(asked).toBe(before)
      // The pause is over: one probe is sent.
      await lab.lapse()
      await Promise.all(accounts.map((account) => lab.token(account)))
      expect(asked).toBe(before + 1)
      lab.provider.fate = () => 'served'
      await lab.lapse()
      const losses = await lab.losses(accounts)
      report(
        `S10 in small: a provider, ${kind}, that is down, 60 accounts`,
        '1 probe after each rest; 0 lost',
        `1 probe; ${losses.lost} lost`,
      )
      expect(losses).toEqual({ lost: 0, silent: 0 })
    }, 120_000)

    it('with too many refusals at once is doubted first: refusals count only if they last', async () => {
      const accounts = await lab.stale(40, lab.connections[2])
      await Promise.all(accounts.map((account) => lab.patiently(account)))
      await lab.expire(accounts)
      // The provider refuses every grant: an outage on its side.
      const forgotten = lab.provider.forget()
      const answers = await Promise.all(accounts.map((account) => lab.token(account)))
      const refused = answers.filter((answer) => answer?.__typename === 'AuthorizationRequired').length
      expect(refused).toBeLessThan(accounts.length)
      expect(answers.filter((answer) => answer?.__typename === 'ProviderUnavailable')).toHaveLength(
        accounts.length - refused,
      )
      forgotten.remember()
      await lab.lapse()
      const kept = accounts.filter((_, index) => answers[index]?.__typename === 'ProviderUnavailable')
      expect(await lab.losses(kept)).toEqual({ lost: 0, silent: 0 })
    }, 120_000)
  },
)
