/**
 * Scenario S22 of docs/refresh.md: accounts of one connection under steady load, and one party that misbehaves. Nobody
 * else sees anything but a token.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphql } from '../generated/gql.js'
import { createApiKey, importTokens, readAccount, readToken, startAuthorization } from '../support/documents.js'
import type { Answer } from '../support/odd-provider.js'
import { REFUSALS } from '../support/refusals.js'
import { createConnector, Workshop } from '../support/workshop.js'
import { report, times } from './lab.js'

const listAccounts = graphql(`
  query NeighboursList($filter: ConnectedAccountFilter) {
    connectedAccounts(first: 100, filter: $filter) { totalCount items { id status } }
  }
`)

const OTHERS = times(99, 20)
let shop: Workshop
let connection: string
/** What the provider answers to the one account that misbehaves. */
let refusal: Answer | null = null
beforeAll(async () => {
  shop = await Workshop.open()
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
  }))
  connection = (await shop.connection(key)).name
  let issued = 0
  shop.answer(key, '/token', ({ form }) => {
    const user = form.refresh_token?.split('/')[0]
    if (user === 'odd' && refusal) return refusal
    issued += 1
    return { body: { access_token: `access-${issued}`, refresh_token: `${user}/${issued}`, expires_in: 3600 } }
  })
  for (let i = 0; i < OTHERS; i++) await bring(`user-${i}`)
  await bring('odd')
  await shop.world.app.services.sweep.start()
}, 60_000)
afterAll(() => shop.close())

const bring = (identifier: string) =>
  shop.world.get(importTokens, {
    input: {
      connection,
      identifier,
      oauth2: { accessToken: 'first', refreshToken: `${identifier}/0`, expiresAt: '2030-01-01T00:00:00Z' },
    },
  })
/** The access tokens of some accounts run out; pauses of refusals are over. */
async function expire(share: number) {
  await shop.world.pool.query(
    `update credential set expires_at = now() - interval '1 second', obtained_at = obtained_at - interval '1 minute'
     from connected_account a where a.id = account_id and (a.identifier = 'odd' or random() < $1)`,
    [share],
  )
  await shop.world.pool.query(
    "update refresh_lease set next_attempt_at = null, refused_at = refused_at - interval '1 minute'",
  )
}
const ask = async (identifier: string) =>
  (await shop.world.get(readToken, { connection, identifier })).connectedAccount?.token?.__typename

/** Steady load by all the others while something goes on. @returns how often they asked, and what else they got */
async function underLoad(goesOn: () => Promise<unknown>) {
  const found = { asked: 0, others: new Map<string, number>() }
  let over = false
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let at = caller; !over; at = (at + 8) % OTHERS) {
      const answer = await ask(`user-${at}`).catch((error) => String(error))
      found.asked += 1
      if (answer !== 'OAuthToken') found.others.set(String(answer), (found.others.get(String(answer)) ?? 0) + 1)
    }
  })
  try {
    await goesOn()
    await expect.poll(() => found.asked, { timeout: 30_000 }).toBeGreaterThan(2 * OTHERS)
  } finally {
    over = true
    await Promise.all(callers)
  }
  return found
}

async function holds(what: string, goesOn: () => Promise<unknown>) {
  const { others } = await underLoad(goesOn)
  report(
    `S22 ${OTHERS + 1} accounts under load; ${what}`,
    'the others: nothing but tokens',
    `${[...others.values()].reduce((sum, count) => sum + count, 0)} other answers`,
  )
  expect(Object.fromEntries(others)).toEqual({})
}

it.each(times(1, 0) ? REFUSALS : REFUSALS.slice(8, 9))(
  'S22: one account is refused by %s',
  async (way, answer) => {
    await bring('odd')
    await holds(`one is refused by ${way}`, async () => {
      refusal = answer
      for (let round = 0; round < 6; round++) {
        await expire(0.3)
        await Promise.all(Array.from({ length: 3 }, () => ask('odd')))
      }
      refusal = null
    })
    const account = (await shop.world.get(readAccount, { connection, identifier: 'odd' })).connectedAccount
    expect(account?.status).toBe('REAUTHORIZATION_REQUIRED')
  },
  60_000,
)

it('S22: one key sends nothing but nonsense', async () => {
  const { createApiKey: made } = await shop.world.get(createApiKey, {
    input: { name: 'odd key', permissions: ['ACCOUNTS_READ', 'TOKENS_READ'], identifiers: ['odd'] },
  })
  const odd = ['\u0000', '\ud800', '\u202e', 'x'.repeat(100_000), '%', "' or 1=1", '-1']
  await holds('one key sends nonsense', async () => {
    for (let round = 0; round < times(20, 5); round++) {
      await expire(0.3)
      await Promise.all([
        ...odd.map((text) => shop.world.ask(readToken, { connection: text, identifier: text }, made.secret)),
        ...odd.map((text) => shop.world.ask(listAccounts, { filter: { search: text } }, made.secret)),
        ...odd.map((text) => shop.world.ask(readToken, { connection, identifier: 'odd' }, `vk_${text.length}`)),
      ])
    }
  })
}, 60_000)

it('S22: one link is opened and called back by forgers', async () => {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection, identifier: 'odd', returnUrl: null },
  })
  const redirect = new URL(`${shop.world.url}/oauth/callback`)
  await holds('one link is misused', async () => {
    for (let round = 0; round < times(20, 5); round++) {
      await expire(0.3)
      await Promise.all(
        ['invalid_client', 'unauthorized_client', 'server_error', '\u0000', 'x'.repeat(5000)].flatMap((error) => [
          fetch(`${link.url}?error=${encodeURIComponent(error)}`, { redirect: 'manual' }),
          fetch(`${redirect}?state=${randomUUID()}&error=${encodeURIComponent(error)}`, { redirect: 'manual' }),
          fetch(`${redirect}?code=${encodeURIComponent(error)}&state=%00`, { redirect: 'manual' }),
        ]),
      )
    }
  })
}, 60_000)

it('S22: one definition is broken, sent, and stored', async () => {
  await holds('one definition is broken', async () => {
    await shop.world.pool.query(
      `insert into custom_connector (key, definition, created_at, updated_at)
       values ('broken', $1, now(), now())`,
      [JSON.stringify({ schema: 1, key: 'broken', auth: [{ type: 'nothing', scopes: 9 }] })],
    )
    for (let round = 0; round < times(20, 5); round++) {
      await expire(0.3)
      for (const definition of [{}, [], { schema: 9 }, { schema: 1, key: '\u0000', auth: {} }, 'text', null])
        await shop.world.ask(createConnector, { definition } as never)
    }
    await shop.world.pool.query("delete from custom_connector where key = 'broken'")
  })
}, 60_000)

it('S22: one row is damaged', async () => {
  await bring('odd')
  await shop.world.pool.query(
    `update credential set access = $1, refresh = $1
     from connected_account a where a.id = account_id and a.identifier = 'odd'`,
    [randomBytes(64)],
  )
  await holds('one row is damaged', async () => {
    for (let round = 0; round < times(20, 5); round++) {
      await expire(0.3)
      await Promise.all(Array.from({ length: 3 }, () => ask('odd').catch(() => null)))
    }
  })
  await bring('odd')
}, 60_000)

it('S22: the spool is full of odd files', async () => {
  const spool = path.join(shop.world.config.dataDirectory, 'spool')
  mkdirSync(spool, { recursive: true })
  await holds('the spool is full of odd files', async () => {
    for (let i = 0; i < times(500, 100); i++)
      writeFileSync(path.join(spool, `${randomUUID()}.1.${i}`), i % 3 === 0 ? '' : randomBytes(i))
    for (let round = 0; round < times(5, 2); round++) {
      await expire(0.3)
      await shop.world.app.services.sweep.once()
    }
  })
}, 60_000)
