/**
 * Scenarios S14 to S16 of docs/refresh.md: what no failpoint plans. Under steady load servers are killed, stopped, and
 * cut off from their database, at random moments and for random times.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Habits } from './books.js'
import { long, report } from './lab.js'
import { between, load, oneOf } from './load.js'
import { Trial, told } from './trial.js'

const EVERY_KIND: Record<string, Habits> = Object.fromEntries(
  [0, 30, 120].flatMap((grace) =>
    [true, false].flatMap((killsFamily) =>
      [true, false].map((endsOldAccess) => [
        `${grace === 0 ? 'strict' : `grace of ${grace} s`}${killsFamily ? '' : ', no family kill'}${
          endsOldAccess ? ', ends old access' : ''
        }`,
        { grace, killsFamily, endsOldAccess },
      ]),
    ),
  ),
)

it.runIf(long)(
  'S16: servers that are killed at random moments',
  async () => {
    const trial = await Trial.open({
      kinds: EVERY_KIND,
      replicas: ['direct', 'direct', 'direct', 'direct'],
      connections: 2,
    })
    for (const provider of trial.providers.values()) provider.delay = 150
    const { subjects, stop } = await load(trial, 4)
    const down = new Set<number>()
    const restarts: Promise<void>[] = []
    let kills = 0
    // On a machine that is busy with other things it takes longer to start servers: then there are fewer.
    for (const end = Date.now() + 400_000; kills < 100 && Date.now() < end; ) {
      await sleep(between(200, 1_200))
      const up = [0, 1, 2, 3].filter((index) => !down.has(index))
      // One is always there: where there is none for longer than a grace, no server can use it.
      if (up.length === 1) continue
      kills += 1
      const index = oneOf(up)
      down.add(index)
      await trial.kill(index)
      // At once, after a while, or after its leases have lapsed.
      const dice = Math.random()
      const pause = dice < 0.02 ? 63_000 : dice < 0.12 ? between(5_000, 20_000) : between(0, 500)
      restarts.push(
        sleep(pause)
          .then(() => trial.start(index))
          .then(() => {
            down.delete(index)
          }),
      )
    }
    await Promise.all(restarts)
    await stop()
    const found = await trial.verdict(subjects)
    report(
      `S16 ${kills} SIGKILLs at random moments, 4 servers, ${trial.providers.size} kinds of providers`,
      TARGET,
      told(found),
    )
    const stories = trial.stories.join('\n')
    await trial.close()
    expect(found, stories).toMatchObject({ needless: 0, silent: 0, dead: 0 })
  },
  800_000,
)

it.runIf(long).concurrent(
  'S15: servers that are stopped at random moments, for up to longer than a lease',
  async ({ expect }) => {
    const trial = await Trial.open({ kinds: EVERY_KIND, replicas: ['direct', 'direct', 'direct'], connections: 2 })
    for (const provider of trial.providers.values()) provider.delay = 150
    const { subjects, stop } = await load(trial, 4)
    const end = Date.now() + 130_000
    const stopped = new Set<number>()
    const stops = [0, 1, 2].map(async (index) => {
      while (Date.now() < end) {
        await sleep(between(300, 4_000))
        // One always runs: where none does for longer than a grace, no server can use it.
        if (stopped.size === 2) continue
        stopped.add(index)
        trial.servers[index]?.pause()
        const isLong = index === 0 && end - Date.now() > 60_000 && Math.random() < 0.5
        await sleep(isLong ? between(62_000, 70_000) : between(1_000, 25_000))
        trial.servers[index]?.resume()
        stopped.delete(index)
      }
    })
    await Promise.all(stops)
    await stop()
    const found = await trial.verdict(subjects)
    report(`S15 SIGSTOP at random moments for 1 to 25 s, and for longer than a lease`, TARGET, told(found))
    const stories = trial.stories.join('\n')
    await trial.close()
    expect(found, stories).toMatchObject({ needless: 0, silent: 0, dead: 0 })
  },
  600_000,
)

it.runIf(long).concurrent(
  'S14: a way to the database that is broken in every way at random moments',
  async ({ expect }) => {
    const trial = await Trial.open({ kinds: EVERY_KIND, replicas: ['wired', 'direct'], connections: 2 })
    for (const provider of trial.providers.values()) provider.delay = 50
    const { subjects, stop } = await load(trial, 4)
    const { wire } = trial
    for (const end = Date.now() + 100_000; Date.now() < end; ) {
      await sleep(between(200, 2_000))
      const act = oneOf(['cut', 'silent', 'slow', 'reset', 'reset', 'never'] as const)
      if (act === 'reset') wire.reset(0.3)
      if (act === 'cut') wire.cut()
      if (act === 'slow') wire.slow()
      if (act === 'silent' || act === 'never') wire.silence()
      await sleep(between(200, 8_000))
      wire.mend(act === 'never' ? 'never' : 'late')
    }
    await stop()
    const found = await trial.verdict(subjects)
    report('S14 the way to the database broken at random moments, for up to 8 s', '0 lost', told(found))
    const stories = trial.stories.join('\n')
    await trial.close()
    expect(found, stories).toMatchObject({ lost: 0, silent: 0, dead: 0 })
  },
  600_000,
)

const TARGET = 'lost only where an answer may be unread, flagged'
