/** A key opens one drawer: what it is bound to, by id, by address and in time, and what it may give to others. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromTypeId } from '../src/ids.js'
import { graphql } from './generated/gql.js'
import type { Permission } from './generated/graphql.js'
import {
  auditEvents,
  createApiKey,
  createConnection,
  importTokens,
  readAccount,
  readToken,
} from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const rename = graphql(`
  mutation BoundsRename($connection: ID!, $name: String!) {
    updateConnection(connection: $connection, input: { name: $name }) { name }
  }
`)
const remove = graphql(`
  mutation BoundsRemove($connection: ID!) { deleteConnection(connection: $connection, disconnectAccounts: true) }
`)
const change = graphql(`
  mutation BoundsChange($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) { userVerification }
  }
`)
const rotate = graphql(`
  mutation BoundsRotate($id: ID!, $overlap: Int) {
    rotateApiKey(id: $id, overlap: $overlap) { secret apiKey { id prefix } }
  }
`)
const revoke = graphql(`
  mutation BoundsRevoke($id: ID!) { revokeApiKey(id: $id) { revokedAt } }
`)
const listKeys = graphql(`
  query BoundsKeys { apiKeys { id connections addresses expiresAt madeBy revokedAt } }
`)
const suspend = graphql(`
  mutation BoundsSuspend($id: ID!) { suspendConnectedAccount(id: $id) { id } }
`)
const readViewer = graphql(`
  query BoundsViewer { viewer { name connections } }
`)

const readPrivately = graphql(`
  query BoundsPrivately($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      identifier
      metadata
      providerIdentity { email }
    }
  }
`)

let world: World
let replica: World
beforeAll(async () => {
  world = await createWorld({ jobs: true })
  replica = await createWorld({ databaseUrl: world.config.databaseUrl as string })
  for (const name of ['one', 'two']) await connection(name)
})
afterAll(async () => {
  await replica.close()
  await world.close()
})

async function connection(name: string) {
  const fields = [
    { key: 'client_id', value: 'a' },
    { key: 'client_secret', value: 'b' },
  ]
  const { createConnection: made } = await world.get(createConnection, { input: { connector: 'gmail', name, fields } })
  for (const identifier of ['ada', 'bob'])
    await world.get(importTokens, {
      input: { connection: name, identifier, oauth2: { accessToken: `${name}-${identifier}` } },
    })
  return made.id
}
interface Bounds {
  connections?: string[]
  identifiers?: string[]
  addresses?: string[]
  expiresAt?: string
  purposeRequired?: boolean
}
const key = async (permissions: Permission[], bounds: Bounds = {}, maker?: string) =>
  (await world.get(createApiKey, { input: { name: 'k', permissions, ...bounds } }, maker)).createApiKey
const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }) => errors?.[0]?.extensions.code
const token = async (secret: string, connection: string, identifier = 'ada') =>
  (await world.get(readToken, { connection, identifier }, secret)).connectedAccount?.token ?? null
/** A request as a proxy on this machine passes it on. */
const fromAddress = (address: string, secret: string, url = world.url) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, 'x-forwarded-for': address },
    body: '{"query":"{ viewer { name } }"}',
  })
const listed = async (id: string) => (await world.get(listKeys)).apiKeys.find((one) => one.id === id)

describe('a key that is bound to a connection', () => {
  it('goes with it when it is renamed, and does not open another that takes its name', async () => {
    await connection('drawer')
    const { secret, apiKey } = await key(['TOKENS_READ', 'CONNECTIONS_READ'], { connections: ['drawer'] })
    expect(await token(secret, 'drawer')).toMatchObject({ accessToken: 'drawer-ada' })
    await world.get(rename, { connection: 'drawer', name: 'renamed' })
    await connection('drawer')
    expect(await token(secret, 'renamed')).toMatchObject({ accessToken: 'drawer-ada' })
    expect(await token(secret, 'drawer')).toBeNull()
    expect(await listed(apiKey.id)).toMatchObject({ connections: ['renamed'] })
  })

  it('opens nothing when it is deleted, and not the one that is made in its place', async () => {
    const id = await connection('short-lived')
    const { secret, apiKey } = await key(['TOKENS_READ'], { connections: [id] })
    await world.get(remove, { connection: 'short-lived' })
    await expect.poll(async () => codeOf(await world.ask(rename, { connection: id, name: 'x' }))).toBe('NOT_FOUND')
    await connection('short-lived')
    expect(await token(secret, 'short-lived')).toBeNull()
    expect(await token(secret, 'one')).toBeNull()
    expect(await listed(apiKey.id)).toMatchObject({ connections: [id] })
    expect((await world.get(readViewer, {}, secret)).viewer.connections).toEqual([id])
  })

  it('has to name one that exists', async () => {
    const made = await world.ask(createApiKey, {
      input: { name: 'k', permissions: ['TOKENS_READ'], connections: ['one', 'nowhere'] },
    })
    expect(made.errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', path: ['input', 'connections', 1] },
    })
  })
})

describe('a key that is bound to addresses', () => {
  it.each([
    [['10.1.0.0/16'], '10.1.2.3', 200],
    [['10.1.0.0/16'], '10.2.0.1', 401],
    [['10.1.0.0/16', '192.0.2.7'], '192.0.2.7', 200],
    [['192.0.2.7'], '192.0.2.8', 401],
    [['2001:db8::/32'], '2001:db8:1::1', 200],
    [['2001:db8::/32'], '2001:db9::1', 401],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', 200],
  ])('%j is taken from %s: %d', async (addresses, from, status) => {
    const { secret } = await key(['TOKENS_READ'], { addresses })
    expect((await fromAddress(from, secret)).status).toBe(status)
    // Also while it is in the cache, and from the other replica.
    expect((await fromAddress(from, secret)).status).toBe(status)
    expect((await fromAddress(from, secret, replica.url)).status).toBe(status)
    expect((await fromAddress('203.0.113.9', secret)).status).toBe(401)
  })

  it.each(['10.0.0.0/33', '10.0.0', 'example.com', '', '::1/129', '10.0.0.1/8/8', '0x7f.1'])(
    'is not made with %j',
    async (range) => {
      const made = await world.ask(createApiKey, {
        input: { name: 'k', permissions: ['TOKENS_READ'], addresses: [range] },
      })
      expect(made.errors?.[0]).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', path: ['input', 'addresses', 0] },
      })
    },
  )
})

describe('a key that makes a key', () => {
  it('gives it no more time than it has itself', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const { secret: maker, apiKey } = await key(['KEYS_WRITE', 'TOKENS_READ'], { expiresAt })
    const child = await key(['TOKENS_READ'], {}, maker)
    expect(await listed(child.apiKey.id)).toMatchObject({ expiresAt, madeBy: apiKey.id })
    const longer = {
      name: 'k',
      permissions: ['TOKENS_READ' as const],
      expiresAt: new Date(Date.now() + 120_000).toISOString(),
    }
    expect(codeOf(await world.ask(createApiKey, { input: longer }, maker))).toBe('FORBIDDEN')
  })

  it('gives it no more addresses than it has itself', async () => {
    const { secret: maker } = await key(['KEYS_WRITE', 'TOKENS_READ'], { addresses: ['127.0.0.0/8', '10.0.0.0/8'] })
    const made = (addresses?: string[]) =>
      world.ask(createApiKey, { input: { name: 'k', permissions: ['TOKENS_READ'], addresses } }, maker)
    expect(codeOf(await made())).toBe('FORBIDDEN')
    expect(codeOf(await made(['10.0.0.0/7']))).toBe('FORBIDDEN')
    expect(codeOf(await made(['::/0']))).toBe('FORBIDDEN')
    expect(codeOf(await made(['10.2.0.0/16']))).toBeUndefined()
  })

  it('ends with it, and so do the keys that these made', async () => {
    const { secret: first, apiKey } = await key(['KEYS_WRITE', 'TOKENS_READ'])
    const { secret: second } = await key(['KEYS_WRITE', 'TOKENS_READ'], {}, first)
    const { secret: third } = await key(['TOKENS_READ'], {}, second)
    expect(await token(third, 'one')).not.toBeNull()
    await world.get(revoke, { id: apiKey.id })
    for (const secret of [first, second, third]) expect((await fromAddress('203.0.113.9', secret)).status).toBe(401)
    await expect
      .poll(async () => (await fromAddress('203.0.113.9', third, replica.url)).status, { timeout: 5_000 })
      .toBe(401)
  })
})

describe('a rotated key', () => {
  it('works with both secrets for a while, then with the new one alone', async () => {
    const { secret, apiKey } = await key(['TOKENS_READ'])
    const { rotateApiKey: rotated } = await world.get(rotate, { id: apiKey.id, overlap: 3600 })
    expect(rotated.secret).not.toBe(secret)
    expect(rotated.secret.startsWith(rotated.apiKey.prefix)).toBe(true)
    for (const one of [secret, rotated.secret])
      for (const { url } of [world, replica]) expect((await fromAddress('203.0.113.9', one, url)).status).toBe(200)
    await world.pool.query("update api_key_secret set previous_until = now() - interval '1 second'")
    await expect.poll(async () => (await fromAddress('203.0.113.9', secret)).status, { timeout: 5_000 }).toBe(401)
    expect((await fromAddress('203.0.113.9', rotated.secret)).status).toBe(200)
    const at = { id: apiKey.id, overlap: 0 }
    const { rotateApiKey: again } = await world.get(rotate, at)
    expect((await fromAddress('203.0.113.9', rotated.secret)).status).toBe(401)
    expect((await fromAddress('203.0.113.9', again.secret)).status).toBe(200)
  })

  it('is not given to who may do less', async () => {
    const { secret: weak } = await key(['KEYS_WRITE'])
    const { apiKey: strong } = await key(['TOKENS_READ', 'KEYS_WRITE'])
    expect(codeOf(await world.ask(rotate, { id: strong.id }, weak))).toBe('FORBIDDEN')
    const { secret: bound } = await key(['TOKENS_READ', 'KEYS_WRITE'], { connections: ['one'] })
    expect(codeOf(await world.ask(rotate, { id: strong.id }, bound))).toBe('NOT_FOUND')
    expect(codeOf(await world.ask(rotate, { id: strong.id, overlap: -1 }))).toBe('BAD_USER_INPUT')
    await world.get(revoke, { id: strong.id })
    expect(codeOf(await world.ask(rotate, { id: strong.id }))).toBe('CONFLICT')
  })
})

describe('the secret of another key', () => {
  const ALL: Permission[] = ['KEYS_WRITE', 'TOKENS_READ', 'CONNECTIONS_READ']
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  const tries = async (id: string, secret: string) =>
    [rotate, revoke].map(async (document) => codeOf(await world.ask(document as typeof revoke, { id }, secret)))
  const stillWorks = async (secret: string) => expect((await fromAddress('203.0.113.9', secret)).status).toBe(200)

  it.each([
    ['which lives longer', { expiresAt: later(600) }],
    ['which states no purpose', { purposeRequired: true }],
    ['which is taken from anywhere', { addresses: ['127.0.0.0/8', '203.0.113.0/24'] }],
    ['which opens more connections', { connections: ['one'] }],
    ['which opens more identifiers', { identifiers: ['ada'] }],
  ] satisfies [string, Bounds][])('is not given to a key, nor ended by it, %s [T53]', async (_, bounds) => {
    const { secret, apiKey } = await key(ALL)
    const { secret: bound } = await key(ALL, bounds)
    const codes = await Promise.all(await tries(apiKey.id, bound))
    expect(codes[0]).toMatch(/^(FORBIDDEN|NOT_FOUND)$/)
    expect(codes[1]).toBe(codes[0])
    await stillWorks(secret)
  })

  it('is not given to a key that it has made, nor ended by that [T53]', async () => {
    const first = await key(ALL)
    const second = await key(ALL, {}, first.secret)
    const third = await key(ALL, {}, second.secret)
    for (const maker of [first, second]) {
      expect(await Promise.all(await tries(maker.apiKey.id, third.secret))).toEqual(['FORBIDDEN', 'FORBIDDEN'])
      await stillWorks(maker.secret)
    }
  })

  it('is given to no sibling of a maker, whose revocation would not end it', async () => {
    const maker = await key(ALL)
    const [one, other] = [await key(ALL, {}, maker.secret), await key(ALL, {}, maker.secret)]
    expect(codeOf(await world.ask(rotate, { id: other.apiKey.id }, one.secret))).toBe('FORBIDDEN')
    await stillWorks(other.secret)
  })

  it('is given to itself, to the key that made it or its maker, and to the admin', async () => {
    const first = await key(ALL, { purposeRequired: true })
    const second = await key(ALL, {}, first.secret)
    const third = await key(['TOKENS_READ', 'KEYS_WRITE'], {}, second.secret)
    for (const by of [third.secret, second.secret, first.secret, undefined])
      expect(codeOf(await world.ask(rotate, { id: third.apiKey.id, overlap: 3600 }, by)), by).toBeUndefined()
  })

  it('is given to an unbound key that no key made and that could have made it', async () => {
    const { secret } = await key(ALL)
    const { apiKey } = await key(['TOKENS_READ'], { connections: ['one'] })
    expect(codeOf(await world.ask(rotate, { id: apiKey.id }, secret))).toBeUndefined()
  })

  it('is not given to who holds less, who does not end it either', async () => {
    const { secret } = await key(['KEYS_WRITE'])
    const { apiKey } = await key(ALL)
    expect(await Promise.all(await tries(apiKey.id, secret))).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  })

  it('is ended by its holder', async () => {
    const { secret, apiKey } = await key(['KEYS_WRITE'])
    await world.get(revoke, { id: apiKey.id }, secret)
    expect((await fromAddress('203.0.113.9', secret)).status).toBe(401)
  })
})

describe('a key that has ended', () => {
  const makes = (secret: string) =>
    replica.ask(createApiKey, { input: { name: 'late', permissions: ['KEYS_WRITE'] } }, secret)

  it.each([
    ['was revoked', revoke, {}],
    ['was replaced', rotate, { overlap: 0 }],
  ] as const)('makes and rotates no key at a replica that has not seen that it %s [T27]', async (_, end, more) => {
    const { secret, apiKey } = await key(['KEYS_WRITE'])
    const { apiKey: child } = await key(['KEYS_WRITE'], {}, secret)
    await replica.get(readViewer, {}, secret)
    await world.ask(end as typeof rotate, { id: apiKey.id, ...more })
    expect(codeOf(await makes(secret))).toBe('UNAUTHENTICATED')
    expect(codeOf(await replica.ask(rotate, { id: child.id }, secret))).toBe('UNAUTHENTICATED')
  })

  it('has no child that was made while it was revoked [T27]', async () => {
    const children: string[] = []
    for (let round = 0; round < 5; round++) {
      const { secret, apiKey } = await key(['KEYS_WRITE'])
      await replica.get(readViewer, {}, secret)
      const several = () => [1, 2, 3].map(() => makes(secret))
      const all = [...several(), world.ask(revoke, { id: apiKey.id }), ...several()]
      for (const { data } of await Promise.all(all))
        if (data && 'createApiKey' in data) children.push(data.createApiKey.secret)
    }
    await expect
      .poll(() => Promise.all(children.map(async (one) => (await fromAddress('203.0.113.9', one)).status)))
      .toEqual(children.map(() => 401))
  })
})

it('a key that is held to registered documents does not take the audit log away [T53]', async () => {
  const { secret, apiKey } = await key(['AUDIT_READ'])
  const take = () => fetch(`${world.url}/audit/export`, { headers: { authorization: `Bearer ${secret}` } })
  expect((await take()).status).toBe(200)
  await world.pool.query('update api_key set trusted_documents_only = true where id = $1', [
    fromTypeId('key', apiKey.id),
  ])
  await expect.poll(async () => (await take()).status, { timeout: 5_000 }).toBe(403)
  expect(await (await take()).json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
})

it.each([
  ["its key's end", revoke, {}],
  ["its secret's end", rotate, { overlap: 0 }],
] as const)('a stream ends within five seconds of %s, on every replica [T27]', async (_, end, more) => {
  const { secret, apiKey } = await key(['ACCOUNTS_READ'])
  const stream = await fetch(`${replica.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${secret}`,
    },
    body: JSON.stringify({
      query: 'subscription { connectedAccountChanged(connection: "one", identifier: "ada") { status } }',
    }),
  })
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
  while (!new TextDecoder().decode((await reader.read()).value).includes('"data":{'));
  expect(codeOf(await world.ask(end as typeof rotate, { id: apiKey.id, ...more }))).toBeUndefined()
  let text = ''
  const drained = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return 'ended'
      text += new TextDecoder().decode(value)
    }
  })()
  expect(await Promise.race([drained, sleep(5_000, 'still open')])).toBe('ended')
  expect(text).not.toContain('"data":{')
})

it('a key that is revoked at one replica opens nothing at another a few seconds later [T27]', async () => {
  const { secret, apiKey } = await key(['TOKENS_READ'])
  expect((await fromAddress('203.0.113.9', secret, replica.url)).status).toBe(200)
  await world.get(revoke, { id: apiKey.id })
  await expect
    .poll(async () => (await fromAddress('203.0.113.9', secret, replica.url)).status, { timeout: 5_000 })
    .toBe(401)
})

describe('a purpose', () => {
  const ask = (secret: string, connection: string, purpose?: string) =>
    world.ask(readToken, { connection, identifier: 'ada', ...(purpose === undefined ? {} : { purpose }) }, secret)

  it('has to be stated by a key that was made so, and by the keys that it makes [T53]', async () => {
    const first = await world.get(createApiKey, {
      input: { name: 'k', permissions: ['TOKENS_READ', 'KEYS_WRITE'], purposeRequired: true },
    })
    const second = await world.get(
      createApiKey,
      { input: { name: 'k', permissions: ['TOKENS_READ'], purposeRequired: false } },
      first.createApiKey.secret,
    )
    for (const { createApiKey: made } of [first, second]) {
      for (const none of [undefined, '', '  ', '\u200b', '\u3164 \u2060', '\u00a0']) {
        const { errors } = await ask(made.secret, 'one', none)
        expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', path: ['purpose'] } })
      }
      expect((await ask(made.secret, 'one', 'read the calendar')).data.connectedAccount?.token).toMatchObject({
        accessToken: 'one-ada',
      })
    }
  })

  it('has to be stated to every key on a connection that was set so', async () => {
    const { secret } = await key(['TOKENS_READ'])
    await world.get(change, { connection: 'two', input: { purposeRequired: true } })
    expect((await ask(secret, 'two')).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect((await ask(secret, 'one')).errors).toBeUndefined()
    expect((await ask(secret, 'two', 'read the calendar')).errors).toBeUndefined()
  })
})

it('reads what the application noted of an account, and whose it is, only with ACCOUNTS_READ', async () => {
  const { secret } = await key(['TOKENS_READ', 'ACCOUNTS_WRITE', 'AUTHORIZATIONS_START'])
  const { secret: reader } = await key(['TOKENS_READ', 'ACCOUNTS_READ'])
  const { errors } = await world.ask(readPrivately, { connection: 'one', identifier: 'ada' }, secret)
  expect(errors?.map(({ message }) => message)).toEqual(
    Array(2).fill('This API key lacks the permission ACCOUNTS_READ.'),
  )
  expect((await world.ask(readPrivately, { connection: 'one', identifier: 'ada' }, reader)).errors).toBeUndefined()
})

describe('what a bound key asks for and does not get', () => {
  const denied = async (actor: string) => {
    const { auditEvents: events } = await world.get(auditEvents, { filter: { action: 'operation.denied' }, first: 200 })
    return events.items.filter((event) => event.actor === actor)
  }

  it('is on the record, whether it is there or not, within a limit [T53]', async () => {
    const { secret, apiKey } = await key(['TOKENS_READ', 'ACCOUNTS_WRITE', 'CONNECTIONS_READ'], {
      connections: ['one'],
      identifiers: ['ada'],
    })
    const { connectedAccount: foreign } = await world.get(readAccount, { connection: 'two', identifier: 'ada' })
    expect(await token(secret, 'two')).toBeNull()
    expect(await token(secret, 'one', 'bob')).toBeNull()
    expect(await token(secret, 'one', 'nobody')).toBeNull()
    expect(codeOf(await world.ask(suspend, { id: foreign?.id as string }, secret))).toBe('NOT_FOUND')
    expect(await token(secret, 'one')).toMatchObject({ accessToken: 'one-ada' })
    const reason = 'There is none, or it is beyond the bounds of this key.'
    expect(
      (await denied(apiKey.id)).map(({ connection, identifier, details }) => ({ connection, identifier, details })),
    )
      // The latest first.
      .toMatchObject([
        { details: { field: 'Mutation.suspendConnectedAccount', reason, id: foreign?.id } },
        { connection: 'one', identifier: 'nobody', details: { field: 'Query.connectedAccount', reason } },
        { connection: 'one', identifier: 'bob', details: { field: 'Query.connectedAccount', reason } },
        { connection: 'two', identifier: 'ada', details: { field: 'Query.connectedAccount', reason } },
      ])
    for (let i = 0; i < 70; i++) await token(secret, 'two', `guess-${i}`)
    expect(await denied(apiKey.id)).toHaveLength(60)
  })

  it('is not, where the key is bound to nothing', async () => {
    const { secret, apiKey } = await key(['TOKENS_READ'])
    expect(await token(secret, 'one', 'nobody')).toBeNull()
    expect(await denied(apiKey.id)).toEqual([])
  })
})
