/** Scenario S18 of docs/refresh.md: answers that come late, broken off, or not at all. */
import { it } from 'vitest'
import type { Fate } from './books.js'
import { long, report } from './lab.js'
import { oneOf } from './load.js'
import { Trial, told } from './trial.js'

const FATES: Fate[] = ['late', 'half', 'half, reset', 'never']

// Most of it is waiting: they run at once.
it.runIf(long).concurrent.for(FATES)(
  'S18: answers of a provider that are: %s',
  { timeout: 300_000 },
  async (fate, { expect }) => {
    const trial = await Trial.open({ replicas: ['direct', 'direct'], connections: 2 })
    const subjects = await trial.subjects(10)
    // Seven of ten: a provider that answers nobody is spared by the circuit, which is another scenario.
    for (const provider of trial.providers.values())
      provider.fate = () => oneOf<Fate>([fate, fate, fate, fate, fate, fate, fate, 'served', 'served', 'served'])
    await Promise.all(subjects.map((subject) => trial.token(subject).catch(() => null)))
    for (const provider of trial.providers.values()) provider.fate = () => 'served'
    const found = await trial.verdict(subjects)
    report(`S18 7 answers of 10 are: ${fate}`, 'lost only where a strict one is unread, flagged', told(found))
    const stories = trial.stories.join('\n')
    await trial.close()
    expect(found, stories).toMatchObject({ needless: 0, silent: 0, dead: 0 })
  },
)
