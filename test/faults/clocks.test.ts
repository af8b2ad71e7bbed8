/** Scenario S19 of docs/refresh.md: servers whose wall clocks are ten minutes off, and one whose clock jumps. */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiKey, importTokens, readToken, startAuthorization } from '../support/documents.js'
import { post } from '../support/world.js'
import { long, report } from './lab.js'
import { KINDS, Trial, told } from './trial.js'

const SKEWS = ['600', '-600', '0,600,-600', '0']
/** Milliseconds by which what is told may be off. */
const NEAR = 2_000

let trial: Trial
beforeAll(async () => {
  if (!long) return
  trial = await Trial.open({
    replicas: ['direct', 'direct', 'direct', 'direct'],
    connections: 1,
    env: (index) => ({
      NODE_OPTIONS: `--import file://${path.join(import.meta.dirname, 'skewed-clock.ts')}`,
      SKEW_SECONDS: SKEWS[index] as string,
    }),
  })
}, 60_000)
afterAll(() => trial?.close())

const everywhere = SKEWS.map((_, replica) => replica)
const connection = 'books-0-0'
const provider = () => {
  const strict = trial.providers.get(Object.keys(KINDS)[0] as string)
  if (!strict) throw new Error('no provider')
  return strict
}

it.runIf(long)(
  'S19: what an import says of its expiry is told alike by every server, and no dead token is handed out [input 70]',
  async () => {
    let worst = 0
    let dead = 0
    for (const at of everywhere) {
      const [lasting, short] = [900_000, 4_000].map((life) => {
        const { refreshToken, accessToken } = provider().grant()
        return { refreshToken, accessToken, ends: Date.now() + life, identifier: `clock-${at}-${life}` }
      })
      if (!lasting || !short) throw new Error('no account')
      for (const { identifier, refreshToken, accessToken, ends } of [lasting, short])
        await trial.ask(
          importTokens,
          {
            input: {
              connection,
              identifier,
              oauth2: { accessToken, refreshToken, expiresAt: new Date(ends).toISOString() },
            },
          },
          at,
        )
      for (const replica of everywhere) {
        const { data } = await trial.ask(readToken, { connection, identifier: lasting.identifier }, replica)
        const token = data.connectedAccount?.token
        const told = token?.__typename === 'OAuthToken' ? Date.parse(String(token.expiresAt)) : 0
        worst = Math.max(worst, Math.abs(told - lasting.ends))
      }
      await sleep(short.ends - Date.now() + 50)
      for (const replica of everywhere) {
        const { data } = await trial.ask(readToken, { connection, identifier: short.identifier }, replica)
        const token = data.connectedAccount?.token
        if (token?.__typename !== 'OAuthToken' || token.accessToken === short.accessToken) dead += 1
      }
    }
    report(
      'S19 clocks 10 min off, and jumping: imports with an expiry',
      'expiry told right to 2 s; 0 dead tokens',
      `off by ${worst} ms at the most; ${dead} dead tokens`,
    )
    expect(worst).toBeLessThan(NEAR)
    expect(dead).toBe(0)
  },
  120_000,
)

it.runIf(long)(
  'S19: refreshes by servers whose clocks are off lose nothing, and tell the right expiry [input 70]',
  async () => {
    const subjects = await trial.subjects(12)
    let worst = 0
    for (let round = 0; round < 4; round++) {
      const asked = Date.now()
      await Promise.all(subjects.map((subject) => trial.token(subject)))
      for (const subject of subjects)
        for (const replica of everywhere) {
          const token = await trial.token(subject, replica)
          const told = token?.__typename === 'OAuthToken' ? Date.parse(String(token.expiresAt)) : 0
          const late = Math.max(0, told - (Date.now() + 3_600_000))
          const early = Math.max(0, asked + 3_600_000 - told)
          worst = Math.max(worst, late, early)
        }
      await trial.expire(subjects)
    }
    const found = await trial.verdict(subjects)
    report('S19 clocks 10 min off, and jumping: refreshes', '0 lost', `${told(found)}; expiry off by ${worst} ms`)
    expect(found, trial.stories.join('\n')).toMatchObject({ lost: 0, silent: 0, dead: 0 })
    expect(worst).toBeLessThan(NEAR)
  },
  240_000,
)

it.runIf(long)(
  'S19: keys end, and links open, by one clock',
  async () => {
    let wrong = 0
    for (const at of everywhere) {
      const ends = Date.now() + 5_000
      const { data } = await trial.ask(
        createApiKey,
        {
          input: {
            name: `clock ${at}`,
            permissions: ['TOKENS_READ' as never],
            expiresAt: new Date(ends).toISOString(),
          },
        },
        at,
      )
      const { secret } = data.createApiKey
      const works = (replica: number) =>
        post(
          trial.environments[replica]?.PUBLIC_URL as string,
          readToken,
          { connection, identifier: 'nobody' },
          secret,
        ).then(({ status, errors }) => status === 200 && errors?.[0]?.extensions.code !== 'UNAUTHENTICATED')
      for (const replica of everywhere) if (!(await works(replica))) wrong += 1
      const { startAuthorization: link } = (
        await trial.ask(startAuthorization, { input: { connection, identifier: `link-${at}`, expiresIn: 300 } }, at)
      ).data
      if (Math.abs(Date.parse(String(link.expiresAt)) - Date.now() - 300_000) > NEAR) wrong += 1
      for (const replica of everywhere) {
        const url = new URL(link.url as string)
        const own = new URL(trial.environments[replica]?.PUBLIC_URL as string)
        url.host = own.host
        const { status } = await fetch(url, { redirect: 'manual' })
        if (status >= 400) wrong += 1
      }
      await sleep(Math.max(0, ends - Date.now()) + 6_000)
      for (const replica of everywhere) if (await works(replica)) wrong += 1
    }
    report('S19 clocks 10 min off, and jumping: keys and links', '0 wrong', `${wrong} wrong`)
    expect(wrong).toBe(0)
  },
  120_000,
)
