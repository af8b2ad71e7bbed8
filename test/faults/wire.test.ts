/**
 * Scenarios S13 and S14 of docs/refresh.md: the way from one server to its database breaks in every way while answers
 * arrive, for shorter and longer than a lease, and another server, whose way is whole, goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { it } from 'vitest'
import { long, report } from './lab.js'
import { Trial, told } from './trial.js'
import { readOnly } from './wire.js'

const TROUBLES: Record<string, { start: (trial: Trial) => unknown; end: (trial: Trial) => unknown }> = {
  'is cut': { start: ({ wire }) => wire.cut(), end: ({ wire }) => wire.mend() },
  'is silent': { start: ({ wire }) => wire.silence(), end: ({ wire }) => wire.mend() },
  'is silent, and old connections for ever': {
    start: ({ wire }) => wire.silence(),
    end: ({ wire }) => wire.mend('never'),
  },
  'is slow': { start: ({ wire }) => wire.slow(), end: ({ wire }) => wire.mend() },
  'leads to a database that is read-only': {
    start: ({ url }) => readOnly(url, true),
    end: ({ url }) => readOnly(url, false),
  },
}

/** Seconds of a trouble: longer than a lease in the long form. */
const cases = Object.keys(TROUBLES).flatMap((trouble) => [3, 70].map((seconds) => [trouble, seconds] as const))

// Most of it is waiting: they run at once.
it.runIf(long).concurrent.for(cases)(
  'S13: the way to the database %s for %i s while answers arrive',
  { timeout: 300_000 },
  async ([trouble, seconds], { expect }) => {
    const trial = await Trial.open({ connections: 1 })
    const subjects = await trial.subjects(10)
    const releases = [...trial.providers.values()].map((provider) => provider.hold())
    const asked = subjects.map((subject) => trial.token(subject, 0).catch(() => null))
    const underWay = () => [...trial.providers.values()].reduce((sum, provider) => sum + provider.underWay, 0)
    await expect.poll(underWay, { timeout: 20_000 }).toBe(subjects.length)
    await TROUBLES[trouble]?.start(trial)
    for (const release of releases) release()
    // Meanwhile agents ask the other server, which takes over where a lease lapses.
    const end = Date.now() + seconds * 1000
    const others = subjects.map(async (subject) => {
      while (Date.now() < end) {
        await trial.token(subject, 1).catch(() => null)
        await sleep(1_000)
      }
    })
    await sleep(seconds * 1000)
    await TROUBLES[trouble]?.end(trial)
    await Promise.all(others)
    const found = await trial.verdict(subjects)
    report(`S13 the way to the database ${trouble} for ${seconds} s while answers arrive`, '0 lost', told(found))
    await Promise.all(asked)
    await trial.close()
    expect(found, trial.stories.join('\n')).toMatchObject({ lost: 0, silent: 0, dead: 0 })
  },
)
