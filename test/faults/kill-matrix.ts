/** Scenario S4 of docs/refresh.md: servers that are killed with SIGKILL at every point of a refresh. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FaultLab, report, times } from './lab.js'

const POINTS: [point: string, what: string][] = [
  ['P0', 'before the claim'],
  ['P1', 'claimed, not sent'],
  ['P2', 'the provider has rotated, its answer has not come'],
  ['P3', 'answered, not written down'],
  ['P4', 'written down, not committed'],
  ['P5', 'committed, the note still there'],
  ['P6', 'done'],
]
/**
 * Where a strict provider causes a loss: it has forgotten the old token, and nobody has stored the new one. No client
 * can avoid that (it is the two generals' problem).
 */
const LOST_IF_STRICT = ['P2', 'P3']

/** @param inShort the points that are tried in the short form too */
export function killMatrix(kind: 'strict' | 'with grace', points: string[], inShort: string[]) {
  let lab: FaultLab
  beforeAll(async () => {
    lab = await FaultLab.open({ grace: kind === 'strict' ? 0 : 600 })
  }, 60_000)
  afterAll(() => lab.close())

  it.each(POINTS.filter(([point]) => points.includes(point) && (times(1, 0) === 1 || inShort.includes(point))))(
    `a server that is killed at %s (%s), with a provider that is ${kind}`,
    async (point, what) => {
      const kills = times(30, 1)
      const expected = kind === 'strict' && LOST_IF_STRICT.includes(point) ? kills : 0
      const accounts = await lab.stale(kills)
      const found = { lost: 0, silent: 0 }
      let slowest = 0
      for (const account of accounts) {
        if (point === 'P2') lab.provider.decided = () => void lab.servers[0]?.signal('SIGKILL')
        else lab.dieAt(point)
        if (point === 'P2') lab.provider.delay = 100
        await lab.token(account).catch(() => null)
        expect(await Promise.race([lab.servers[0]?.exited, sleep(20_000, 'still there')])).toEqual({
          code: null,
          signal: 'SIGKILL',
        })
        lab.provider.decided = () => {}
        lab.provider.delay = 0
        await lab.start()
        const before = Date.now()
        // The lease of the killed server ends by itself after a minute; the test does not wait for that.
        await lab.lapse()
        // Where all are lost, the provider is doubted for a quarter of an hour; `losses` ends that.
        const { lost, silent } = await lab.losses([account], expected === 0 ? undefined : 2_000)
        found.lost += lost
        found.silent += silent
        slowest = Math.max(slowest, Date.now() - before)
      }
      report(
        `S4 SIGKILL at ${point}: ${what}; provider ${kind}`,
        expected === 0 ? '0 lost' : 'all flagged',
        `${kills} kills: ${found.lost} lost, ${found.silent} in silence`,
      )
      expect(found).toEqual({ lost: expected, silent: 0 })
    },
    600_000,
  )
}
