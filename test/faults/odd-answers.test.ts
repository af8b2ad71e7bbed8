/**
 * Scenario S23 of docs/refresh.md. A strict provider has ended the old tokens when it answers: whatever else is wrong
 * with its answer, tokens that have arrived are not lost.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from '../generated/gql.js'
import type { BookProvider } from './books.js'
import { long, report } from './lab.js'
import { ODD_ANSWERS, type OddAnswer } from './odd-answers.js'
import { KINDS, Trial } from './trial.js'

const updateConnector = graphql(`
  mutation MendConnector($key: ID!, $definition: JSONObject!) {
    updateConnector(key: $key, definition: $definition) { key }
  }
`)

describe('S23: tokens that arrive', () => {
  let trial: Trial
  let provider: BookProvider
  beforeAll(async () => {
    trial = await Trial.open({ kinds: { strict: KINDS.strict as never }, replicas: ['direct'], connections: 4 })
    provider = trial.providers.get('strict') as BookProvider
  }, 120_000)
  afterAll(() => trial.close())

  it('are kept, whatever is wrong with their answer', { timeout: 120_000 }, async () => {
    const odds = Object.keys(ODD_ANSWERS) as OddAnswer[]
    const subjects = await trial.subjects(odds.length)
    const fates = new Map(subjects.map(({ refreshToken }, index) => [refreshToken, odds[index] as OddAnswer]))
    provider.fate = (refreshToken) => fates.get(refreshToken) ?? 'served'
    const found = await Promise.all(
      subjects.map(async (subject, index) => {
        await trial.patiently(subject, 2_000)
        const { lost, dead } = await trial.verdict([subject], 20_000)
        return [odds[index], { lost, dead }] as const
      }),
    )
    const lost = found.filter(([, { lost }]) => lost > 0).length
    report(`S23 ${odds.length} answers that are odd, provider strict`, '0 lost', `${lost} lost`)
    expect(found, trial.stories.join('\n')).toEqual(odds.map((odd) => [odd, { lost: 0, dead: 0 }]))
  })

  it.runIf(long)('20 s after they were asked for are kept', { timeout: 90_000 }, async () => {
    const subjects = await trial.subjects(1)
    provider.fate = () => {
      provider.fate = () => 'served'
      return 'very late'
    }
    expect(await trial.token(subjects[0] as never)).toMatchObject({ __typename: 'ProviderUnavailable' })
    const found = await trial.verdict(subjects, 40_000)
    expect(found, trial.stories.join('\n')).toMatchObject({ lost: 0, dead: 0 })
  })

  it.for([
    ['the access token', { accessToken: 'data.token' }],
    ['the refresh token', { refreshToken: 'refreshToken' }],
  ] as const)(
    'where the definition does not look, %s, wait until it is corrected',
    { timeout: 90_000 },
    async ([_which, response]) => {
      const wrong = provider.definition()
      const [method] = wrong.auth as { token: object }[]
      const token = { ...method?.token, response }
      await trial.must(updateConnector, { key: provider.name, definition: { ...wrong, auth: [{ ...method, token }] } })
      const subjects = await trial.subjects(1)
      const answer = await trial.token(subjects[0] as never)
      expect(answer).toMatchObject({
        __typename: 'ProviderUnavailable',
        reason: expect.stringContaining('not where the connector'),
      })
      // Also for a process that starts anew.
      await trial.kill(0)
      await trial.start(0)
      expect(await trial.token(subjects[0] as never)).toMatchObject({ __typename: 'ProviderUnavailable' })
      await trial.must(updateConnector, { key: provider.name, definition: provider.definition() })
      // Otherwise it is read again every ten seconds.
      await trial.kill(0)
      await trial.start(0)
      const found = await trial.verdict(subjects, 20_000)
      expect(found, trial.stories.join('\n')).toMatchObject({ lost: 0, dead: 0 })
    },
  )
})
