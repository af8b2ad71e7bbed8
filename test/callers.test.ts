import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import type { CreateApiKeyInput, Permission } from './generated/graphql.js'
import { auditEvents, createApiKey, createConnection, importTokens, readToken } from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const revokeKey = graphql(`
  mutation RevokeKey($id: ID!) {
    revokeApiKey(id: $id) { id revokedAt }
  }
`)

const listKeys = graphql(`
  query ListKeys {
    apiKeys { id name prefix lastUsedAt permissions }
  }
`)

const listConnections = graphql(`
  query ListConnections {
    connections {
      totalCount
      items { name accountCount }
    }
  }
`)

const listAccounts = graphql(`
  query ListAccounts {
    connectedAccounts {
      totalCount
      items { identifier }
    }
  }
`)

let world: World
beforeAll(async () => {
  world = await createWorld()
  for (const name of ['gmail-prod', 'gmail-test']) {
    await world.get(createConnection, {
      input: {
        connector: 'gmail',
        name,
        fields: [
          { key: 'client_id', value: 'a' },
          { key: 'client_secret', value: 'b' },
        ],
      },
    })
    for (const identifier of ['tenant_7:ada', 'tenant_7:bob', 'tenant_8:eve'])
      await world.get(importTokens, {
        input: { connection: name, identifier, oauth2: { accessToken: `token-of-${identifier}` } },
      })
  }
})
afterAll(() => world.close())

async function newKey(
  permissions: Permission[],
  bounds: { connections?: string[]; identifiers?: string[]; expiresAt?: string } = {},
  maker?: string,
) {
  const { createApiKey: created } = await world.get(
    createApiKey,
    { input: { name: 'agent', permissions, ...bounds } },
    maker,
  )
  return created
}

const raw = (headers: Record<string, string>, url = world.url) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ connectors { totalCount } }"}',
  })

describe('an API key', () => {
  it('is shown once, works, records its last use, and stops working when revoked [T27, input 53]', async () => {
    const { secret, apiKey } = await newKey(['CONNECTIONS_READ'])
    expect(secret).toMatch(/^vk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/)
    expect(secret.startsWith(apiKey.prefix)).toBe(true)
    expect((await raw({ authorization: `Bearer ${secret}` })).status).toBe(200)
    const noted = async () => (await world.get(listKeys)).apiKeys.find(({ id }) => id === apiKey.id)?.lastUsedAt
    while (!(await noted())) await new Promise((resolve) => setTimeout(resolve, 20))
    expect((await world.get(revokeKey, { id: apiKey.id })).revokeApiKey.revokedAt).not.toBeNull()
    const dead = await raw({ authorization: `Bearer ${secret}` })
    expect([dead.status, await dead.json()]).toEqual([
      401,
      { errors: [{ message: 'This API key has been revoked.', extensions: { code: 'UNAUTHENTICATED' } }] },
    ])
  })

  it('that is bound to a tenant sees and revokes the keys of that tenant alone', async () => {
    const bounds = { connections: ['gmail-prod'], identifiers: ['tenant_7:*'] }
    const { secret, apiKey: own } = await newKey(['KEYS_WRITE'], bounds)
    const { apiKey: within } = await newKey(['KEYS_WRITE'], { ...bounds, identifiers: ['tenant_7:ada'] }, secret)
    const others = [
      await newKey(['CONNECTIONS_READ']),
      await newKey(['CONNECTIONS_READ'], { connections: ['gmail-prod'] }),
      await newKey(['CONNECTIONS_READ'], { identifiers: ['tenant_7:*'] }),
      await newKey(['CONNECTIONS_READ'], { connections: ['gmail-test'], identifiers: ['tenant_7:*'] }),
      await newKey(['CONNECTIONS_READ'], { connections: ['gmail-prod'], identifiers: ['tenant_8:*'] }),
    ]
    const { apiKeys } = await world.get(listKeys, {}, secret)
    expect(apiKeys.map(({ id }) => id).sort()).toEqual([own.id, within.id].sort())
    for (const { apiKey, secret: other } of others) {
      const refused = await world.ask(revokeKey, { id: apiKey.id }, secret)
      expect(refused.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
      expect((await raw({ authorization: `Bearer ${other}` })).status).toBe(200)
    }
    expect((await world.get(revokeKey, { id: within.id }, secret)).revokeApiKey.revokedAt).not.toBeNull()
  })

  it('may ask for events of any time', async () => {
    for (const since of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59Z'])
      for (const filter of [{ since }, { until: since }])
        expect((await world.ask(auditEvents, { filter })).errors).toBeUndefined()
  })

  it('is stored only as a hash [T26]', async () => {
    const { secret } = await newKey(['CONNECTIONS_READ'])
    for (const table of ['api_key', 'api_key_secret', 'audit_event']) {
      const { rows } = await world.pool.query(`select t::text as row from ${table} t`)
      expect(rows.map(({ row }) => row).join()).not.toContain(secret.slice(12))
    }
  })

  it('stops working when it expires [T27, input 53]', async () => {
    const { secret, apiKey } = await newKey(['CONNECTIONS_READ'], {
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    })
    await world.pool.query("update api_key set expires_at = now() - interval '1 second' where prefix = $1", [
      apiKey.prefix,
    ])
    expect((await raw({ authorization: `Bearer ${secret}` })).status).toBe(401)
  })

  it('is refused in any other header, scheme or spelling [input 53]', async () => {
    const { secret } = await newKey(['CONNECTIONS_READ'])
    const mistyped = secret.slice(0, -1) + (secret.endsWith('a') ? 'b' : 'a')
    const stranger = `vk_${randomBytes(4).toString('hex')}_${'a'.repeat(49)}`
    const dresses: Record<string, string>[] = [
      {},
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: 'bearer x' },
      { authorization: `Basic ${Buffer.from(`x:${secret}`).toString('base64')}` },
      { authorization: secret },
      { authorization: `Bearer ${mistyped}` },
      { authorization: `Bearer ${stranger}` },
      { authorization: `Bearer ${secret} ${secret}` },
      { 'x-api-key': secret },
      { cookie: `key=${secret}` },
    ]
    for (const headers of dresses) {
      const answer = await raw(headers)
      expect([answer.status, (await answer.json()).errors[0].extensions.code, headers]).toEqual([
        401,
        'UNAUTHENTICATED',
        headers,
      ])
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
    expect(
      (
        await fetch(`${world.url}/graphql?access_token=${secret}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ __typename }"}',
        })
      ).status,
    ).toBe(401)
  })

  it.each<[string, object, string]>([
    ['no name', { name: '' }, 'BAD_USER_INPUT'],
    ['no permissions', { permissions: [] }, 'BAD_USER_INPUT'],
    ['an unknown permission', { permissions: ['EVERYTHING'] }, 'BAD_USER_INPUT'],
    ['an expiry that is past', { expiresAt: '2020-01-01T00:00:00Z' }, 'BAD_USER_INPUT'],
    ['an empty pattern', { identifiers: [''] }, 'BAD_USER_INPUT'],
  ])('is not created with %s [input 54]', async (_what, change, code) => {
    const { errors } = await world.ask(createApiKey, {
      input: { name: 'x', permissions: ['CONNECTIONS_READ'], ...change } as never,
    })
    expect(errors?.[0]?.extensions.code).toBe(code)
  })

  it('cannot create a key that may do more than itself [T25, input 54]', async () => {
    const { secret: maker } = await newKey(['KEYS_WRITE', 'CONNECTIONS_READ'], { connections: ['gmail-prod'] })
    const tries: [CreateApiKeyInput, string][] = [
      [{ name: 'x', permissions: ['TOKENS_READ'], connections: ['gmail-prod'] }, 'FORBIDDEN'],
      [{ name: 'x', permissions: ['CONNECTIONS_READ'] }, 'FORBIDDEN'],
      // A connection that is not its own does not exist for it.
      [{ name: 'x', permissions: ['CONNECTIONS_READ'], connections: ['gmail-prod', 'gmail-test'] }, 'BAD_USER_INPUT'],
    ]
    for (const [input, code] of tries)
      expect((await world.ask(createApiKey, { input }, maker)).errors?.[0]?.extensions.code).toBe(code)
    expect(
      (
        await world.ask(
          createApiKey,
          { input: { name: 'x', permissions: ['CONNECTIONS_READ'], connections: ['gmail-prod'] } },
          maker,
        )
      ).errors,
    ).toBeUndefined()
  })
})

describe('a key that is bound', () => {
  it('stays bound to a connection that is renamed', async () => {
    await world.get(createConnection, { input: { connector: 'notion', name: 'old-name' } })
    const { secret } = await newKey(['CONNECTIONS_READ'], { connections: ['old-name'] })
    await world.get(
      graphql(`
        mutation Rename {
          updateConnection(connection: "old-name", input: { name: "new-name" }) { id }
        }
      `),
    )
    expect((await world.get(listConnections, {}, secret)).connections.items).toEqual([
      { name: 'new-name', accountCount: 0 },
    ])
  })

  it('takes every character of a pattern literally except * [T56]', async () => {
    for (const [pattern, sees] of [
      ['tenant_7:*', 2],
      ['tenant%', 0],
      ['*', 3],
      ['*:ada', 1],
      ['t*:*b', 1],
      ['TENANT_7:*', 0],
      ['tenant_7', 0],
    ] as const) {
      const { secret } = await newKey(['ACCOUNTS_READ', 'TOKENS_READ'], {
        connections: ['gmail-prod'],
        identifiers: [pattern],
      })
      expect([pattern, (await world.get(listAccounts, {}, secret)).connectedAccounts.totalCount]).toEqual([
        pattern,
        sees,
      ])
      const reads = await Promise.all(
        ['tenant_7:ada', 'tenant_7:bob', 'tenant_8:eve'].map((identifier) =>
          world.get(readToken, { connection: 'gmail-prod', identifier }, secret),
        ),
      )
      expect([pattern, reads.filter(({ connectedAccount }) => connectedAccount).length]).toEqual([pattern, sees])
    }
  })
})

describe('permissions', () => {
  it('are checked for the token separately from the account [T25, input 48]', async () => {
    const { secret } = await newKey(['ACCOUNTS_READ'])
    expect(
      (await world.ask(readToken, { connection: 'gmail-prod', identifier: 'tenant_7:ada' }, secret)).errors?.[0],
    ).toMatchObject({
      message: 'This API key lacks the permission TOKENS_READ.',
      extensions: { code: 'FORBIDDEN' },
    })
    const events = await world.get(auditEvents, { filter: { action: 'operation.denied' }, first: 1 })
    expect(events.auditEvents.items[0]).toMatchObject({
      outcome: 'DENIED',
      details: { field: 'ConnectedAccount.token', needs: ['TOKENS_READ'] },
    })
  })
})
