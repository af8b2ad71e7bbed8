/** S9, S10 in small: a provider that lies, drops answers, and goes away; and the circuit that leaves it alone. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FaultLab, report, times } from './lab.js'
import type { Fate } from './provider.js'

/** 30 % 503, 20 % cut off after it has rotated, 10 % 429, 5 % a page; the same every time. */
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

it.each([
  ['strict', 0],
  ['with grace', 600],
])(
  'S9: a provider, %s, that lies in two of three answers',
  async (kind, grace) => {
    const lab = await FaultLab.open({ replicas: 2, grace })
    const accounts = await lab.stale(times(200, 20))
    lab.provider.fate = lying()
    for (let round = 0; round < times(10, 3); round++) {
      // Hours pass: what has to wait has waited.
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
    await lab.close()
  },
  300_000,
)

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open({ replicas: 2 })
}, 60_000)
afterAll(() => lab.close())

it('S10 in small: a provider that is down is left alone, but for one probe at a time, and served again once it is back', async () => {
  const accounts = await lab.stale(60)
  let asked = 0
  lab.provider.fate = () => {
    asked += 1
    return 'unavailable'
  }
  await Promise.all(accounts.map((account) => lab.token(account)))
  const { rows } = await lab.database.query('select failing, paused_until > now() as paused from connection')
  expect(rows).toEqual([{ failing: true, paused: true }])
  const before = asked
  const answers = await Promise.all(accounts.map((account) => lab.token(account)))
  expect(new Set(answers.map((answer) => answer?.__typename))).toEqual(new Set(['ProviderUnavailable']))
  expect(asked).toBe(before)
  // Its rest is over: one finds out.
  await lab.lapse()
  await Promise.all(accounts.map((account) => lab.token(account)))
  expect(asked).toBe(before + 1)
  lab.provider.fate = () => 'served'
  await lab.database.query('update connection set paused_until = null')
  await lab.lapse()
  const losses = await lab.losses(accounts)
  report('S10 in small: a provider that is down, 60 accounts', '1 probe after each rest; 0 lost', `1 probe; ${losses.lost} lost`)
  expect(losses).toEqual({ lost: 0, silent: 0 })
}, 120_000)

it('refusals that come too many at once are held back, and count only if they last', async () => {
  const accounts = await lab.stale(40)
  await Promise.all(accounts.map((account) => lab.patiently(account)))
  await lab.expire(accounts)
  // The provider forgets everybody: an outage of its own.
  const forgotten = lab.provider.forget()
  const answers = await Promise.all(accounts.map((account) => lab.token(account)))
  const refused = answers.filter((answer) => answer?.__typename === 'AuthorizationRequired').length
  expect(refused).toBeLessThan(accounts.length)
  expect(answers.filter((answer) => answer?.__typename === 'ProviderUnavailable')).toHaveLength(accounts.length - refused)
  forgotten.remember()
  await lab.lapse()
  const kept = accounts.filter((_, index) => answers[index]?.__typename === 'ProviderUnavailable')
  expect(await lab.losses(kept)).toEqual({ lost: 0, silent: 0 })
}, 120_000)
