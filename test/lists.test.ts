/** Lists inside of lists: what they may cost, and that their items are read together. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  type FieldNode,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertAffordable, LARGEST_COST } from '../src/graphql/cost.js'
import { createSchema } from '../src/graphql/schema.js'
import { createWorld, post, type World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const ask = (query: string, variables: object = {}) => post<never, object>(world.url, query, variables, world.adminKey)

/** Every statement that the server sends while `act` runs. */
async function statementsOf(act: () => Promise<unknown>): Promise<string[]> {
  const connection = world.orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> }
  const pool = await connection.getNativeClient()
  const sent: string[] = []
  const { connect } = pool
  const watched = new WeakSet<object>()
  pool.connect = function (this: Pool, callback?: (...values: unknown[]) => void) {
    const watch = (client: { query: (...values: unknown[]) => unknown }) => {
      if (watched.has(client)) return
      watched.add(client)
      const { query } = client
      client.query = function (...values) {
        const [what] = values as [string | { text?: string }]
        sent.push(typeof what === 'string' ? what : (what.text ?? ''))
        return query.apply(this, values)
      }
    }
    if (callback)
      return (connect as (callback: never) => void).call(this, ((error: unknown, client: never, done: unknown) => {
        if (client) watch(client)
        callback(error, client, done)
      }) as never)
    return (connect as unknown as () => Promise<never>).call(this).then((client) => {
      watch(client)
      return client
    })
  } as never
  try {
    await act()
  } finally {
    pool.connect = connect
  }
  return sent
}

describe('the statements of a list', () => {
  beforeAll(async () => {
    await world.pool.query(`
      insert into connection (id, name, connector, auth_method, status, scopes, "values", secrets_set,
        user_verification, version, created_at, updated_at)
      select gen_random_uuid(), 'many-' || n, 'playground', 'oauth', 'ACTIVE', '{openid}', '{}', '{}', 'CONFIRM', 1,
        now() + make_interval(secs => n), now()
      from generate_series(1, 60) n`)
    const offered = world.app.services.catalogue.all().map(({ key, authMethods }) => [key, authMethods[0]?.id])
    await world.pool.query(
      `insert into connection (id, name, connector, auth_method, status, scopes, "values", secrets_set,
        user_verification, version, created_at, updated_at)
      select gen_random_uuid(), 'of-' || (one ->> 0), one ->> 0, one ->> 1, 'ACTIVE', '{}', '{}', '{}', 'CONFIRM', 1,
        now(), now()
      from json_array_elements($1) one`,
      [JSON.stringify(offered)],
    )
    await world.pool.query(`
      insert into connected_account (id, connection_id, identifier, status, status_changed_at, requested_scopes,
        granted_scopes, "values", secrets_set, metadata, created_at, updated_at)
      select gen_random_uuid(), connection.id, 'user-' || n, 'ACTIVE', now(), '{openid}',
        case when n = 1 then '{}' else '{openid}' end::text[], '{}', '{}', '{"n":1}',
        now() + make_interval(secs => n), now()
      from connection, generate_series(1, 3) n where name like 'many-%'`)
    await world.pool.query(`
      insert into authorization_link (id, token_hash, account_id, scopes, "values", expires_at, attempts, created_at)
      select gen_random_uuid(), decode(md5(id::text), 'hex'), id, '{}', '{}', now() + interval '1 hour', 0, now()
      from connected_account`)
  })

  it.each([
    [
      'connections',
      `query ($first: Int) { connections(first: $first) { totalCount items {
        name accountCount deletion { accountsLeft } fields { key }
        accounts(first: 2) { totalCount hasNextPage endCursor items {
          identifier metadata createdAt fields { key }
          authorizationLinks(first: 1) { id account { identifier } }
        } }
        accountsNeedingConsent(first: 1) { totalCount items { identifier } }
        connector { key connections(first: 1) { name } }
      } } }`,
    ],
    [
      'accounts',
      `query ($first: Int) { connectedAccounts(first: $first) { totalCount items {
        identifier fields { key }
        connection { name accountCount connector { key connections(first: 2) { name accountCount } } }
        authorizationLinks(first: 2) { id account { identifier connection { name } } }
      } } }`,
    ],
    [
      'connectors',
      `query ($first: Int) { connectors(first: $first) { items {
        key connections(first: 3) { name accountCount accounts(first: 2) { items { identifier } } }
      } } }`,
    ],
    ['audit events', 'query ($first: Int) { auditEvents(first: $first) { items { id action details } } }'],
  ])('of %s are as many for 50 items as for 1', async (_what, query) => {
    // Connectors are looked for once a second, which is none of this.
    const of = async (first: number) =>
      (
        await statementsOf(async () => {
          const { data, errors } = await ask(query, { first })
          expect([errors, Object.keys(data ?? {}).length]).toEqual([undefined, 1])
        })
      ).filter((text) => !text.includes('custom_connector'))
    await of(1)
    const [one, many] = [await of(1), await of(50)]
    console.info(`statements: ${one.length} for one item, ${many.length} for fifty`)
    // Whether two fields of one item that read the same row share a statement depends on the moment.
    expect(one.length).toBeGreaterThan(0)
    expect(many.length).toBeLessThanOrEqual(one.length + 1)
  })

  it('have the pages, counts and bounds of each parent', async () => {
    const page = 'hasNextPage endCursor totalCount items { identifier metadata }'
    const { data, errors } = (await ask(`{
      connections(first: 2, filter: { search: "many-" }) { items {
        name accountCount
        accounts(first: 2) { ${page} }
        accountsNeedingConsent { ${page} }
      } }
      connector(key: "playground") { connections(first: 3) { name } }
    }`)) as never as { data: Record<string, unknown>; errors: unknown }
    expect(errors).toBeUndefined()
    const user = (n: number) => ({ identifier: `user-${n}`, metadata: { n: 1 } })
    const cursor = expect.any(String)
    const of = (name: string) => ({
      name,
      accountCount: 3,
      accounts: { hasNextPage: true, endCursor: cursor, totalCount: 3, items: [user(3), user(2)] },
      accountsNeedingConsent: { hasNextPage: false, endCursor: cursor, totalCount: 1, items: [user(1)] },
    })
    expect(data).toEqual({
      connections: { items: [of('many-60'), of('many-59')] },
      connector: { connections: [{ name: 'many-1' }, { name: 'many-10' }, { name: 'many-11' }] },
    })
    const { items } = data.connections as { items: { accounts: { endCursor: string } }[] }
    const next = (await ask(
      `query ($after: String) {
        connection(connection: "many-60") { accounts(after: $after) { items { identifier } } } }`,
      { after: items[0]?.accounts.endCursor },
    )) as never as { data: unknown }
    expect(next.data).toEqual({ connection: { accounts: { items: [{ identifier: 'user-1' }] } } })
  })

  it('that is refused for every item is recorded once', async () => {
    const { data } = (await ask(
      'mutation { createApiKey(input: { name: "lists", permissions: [CONNECTIONS_READ] }) { secret apiKey { id } } }',
    )) as never as { data: { createApiKey: { secret: string; apiKey: { id: string } } } }
    const { secret, apiKey } = data.createApiKey
    const query = '{ connections(first: 50) { items { accounts(first: 1) { items { id } } } } }'
    const answer = await post(world.url, query, {}, secret)
    expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const { rows } = await world.pool.query(
      "select count(*)::int as count from audit_event where action = 'operation.denied' and actor = $1",
      [apiKey.id],
    )
    expect(rows).toEqual([{ count: 1 }])
  })
})

it('an answer that came to be too large is not sent [T29]', async () => {
  await world.pool.query(
    `insert into connected_account (id, connection_id, identifier, status, status_changed_at, requested_scopes,
      granted_scopes, "values", secrets_set, metadata, created_at, updated_at)
    select gen_random_uuid(), connection.id, 'long-' || n, 'ACTIVE', now(), '{}',
      array(select repeat('s', 200) from generate_series(1, 400)), '{}', '{}', '{}', now(), now()
    from connection, generate_series(1, 100) n where name = 'playground'`,
  )
  const query = (times: number) => `{ connectedAccounts(first: 100, filter: { search: "long-" }) { items {
    ${Array.from({ length: times }, (_, i) => `a${i}: grantedScopes`).join(' ')}
  } } }`
  expect((await ask(query(1))).errors).toBeUndefined()
  const { status, data, errors } = (await ask(query(2))) as never as Record<string, unknown>
  expect([status, data, errors]).toEqual([
    400,
    undefined,
    [{ message: expect.stringContaining('larger than 8 MiB'), extensions: { code: 'QUERY_TOO_COMPLEX' } }],
  ])
  const [, list = ''] = /^\{(.*)\}$/s.exec(query(2)) ?? []
  const inside = list.replace('connectedAccounts', 'accounts')
  const stream = await fetch(`${world.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.adminKey}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({
      query: `subscription { connectedAccountChanged(connection: "playground", identifier: "long-1") {
        connection { ${inside.replace(', filter: { search: "long-" }', '')} } } }`,
    }),
  })
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
  let text = ''
  while (!text.includes('event: next\ndata: ')) text += new TextDecoder().decode((await reader.read()).value)
  await reader.cancel()
  expect(text).toContain('larger than 8 MiB')
})

describe('the cost of an operation', () => {
  const times = (n: number, one: (i: number) => string) => Array.from({ length: n }, (_, i) => one(i)).join(' ')
  const schema = createSchema(null)
  const fault = (query: string, variables: Record<string, unknown> = {}, name?: string) => {
    try {
      assertAffordable(schema, parse(query), name, variables)
      return null
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each([
    ['in the document', '{ connections(first: 200) { items { accounts(first: 200) { items { id } } } } }', {}],
    [
      'in variables',
      'query ($n: Int) { connections(first: $n) { items { accounts(first: $n) { items { id } } } } }',
      { n: 200 },
    ],
    [
      'in the defaults of variables',
      'query ($n: Int = 200) { connections(first: $n) { items { accounts(first: $n) { items { id } } } } }',
      {},
    ],
    ['in the defaults of arguments', `{ connectors { items { connections { accounts { items { id } } } } } }`, {}],
    [
      'in a circle',
      '{ connector(key: "x") { connections { connector { connections { connector { connections { id } } } } } } }',
      {},
    ],
    ['by aliases', `{ ${Array.from({ length: 60 }, (_, i) => `a${i}: viewer { name }`).join(' ')} }`, {}],
    [
      'in fragments that double each other',
      `{ connection(connection: "x") { ...F0 } } ${Array.from(
        { length: 30 },
        (_, i) => `fragment F${i} on Connection { connector { connections(first: 1) { a: id ...F${i + 1} } }
          b: connector { connections(first: 1) { a: id ...F${i + 1} } } }`,
      ).join(' ')} fragment F30 on Connection { id }`,
      {},
    ],
  ])('counts sizes that multiply %s, and says what to ask for less of', (_where, query, variables) => {
    expect(fault(query, variables)).toMatch(
      /Ask for (smaller pages \(first\) of \w+ \(|fewer things at once)|2000 fields/,
    )
  })

  it.each([
    [
      'notes of accounts',
      (n: number) => `{ connectedAccounts(first: 100) { items { ${times(n, (i) => `m${i}: metadata`)} } } }`,
    ],
    [
      'definitions of connectors',
      (n: number) => `{ connectors(first: 100) { items { ${times(n, (i) => `s${i}: source`)} } } }`,
    ],
    [
      'definitions to check',
      (n: number) => `{ ${times(n, (i) => `p${i}: connectorPreview(definition: {}) { problems }`)} }`,
    ],
    [
      'definitions to store',
      (n: number) => `mutation { ${times(n, (i) => `c${i}: createConnector(definition: {}) { key }`)} }`,
    ],
    [
      'definitions to replace',
      (n: number) => `mutation { ${times(n, (i) => `u${i}: updateConnector(key: "x", definition: {}) { key }`)} }`,
    ],
  ])('counts %s by their size [T29]', (_what, query) => {
    expect([fault(query(1)), fault(query(7))]).toEqual([null, expect.stringContaining('is the limit')])
  })

  it('counts every field that gives JSON', () => {
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).filter((field) => getNamedType(field.type).name === 'JSONObject')
        : [],
    )
    expect(fields.length).toBeGreaterThan(2)
    for (const { name, extensions } of fields) expect(extensions.complexity, name).toBeGreaterThan(1)
  })

  it('is refused with its code before anything is read [T29]', async () => {
    const query = '{ connections(first: 200) { items { accounts(first: 200) { items { id } } } } }'
    const statements = await statementsOf(async () => {
      const { status, errors } = await ask(query)
      expect([status, errors?.[0]]).toEqual([
        400,
        {
          message: expect.stringContaining('Ask for smaller pages (first) of connections (200), accounts (200)'),
          extensions: { code: 'QUERY_TOO_COMPLEX' },
        },
      ])
    })
    expect(statements.filter((text) => !text.includes('custom_connector'))).toEqual([])
  })

  it('is little enough for introspection, as GraphiQL sends it', async () => {
    for (const query of [
      getIntrospectionQuery(),
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true }),
    ]) {
      const { status, errors } = await ask(query)
      expect([status, errors]).toEqual([200, undefined])
    }
  })

  it('is little enough for every operation of the dashboard, with pages of any size', () => {
    const folder = 'src/dashboard/web/documents'
    const written = parse(
      readdirSync(folder)
        .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
        .join('\n'),
    )
    // As urql sends them.
    const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
    const document = visit(written, {
      SelectionSet: { leave: (set) => ({ ...set, selections: [...set.selections, typename] }) },
    })
    const names = document.definitions
      .filter((definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition')
      .map(({ name }) => name?.value as string)
    expect(names.length).toBeGreaterThan(20)
    const faults = names.map((name) => [name, fault(print(document), { first: 200 }, name)])
    expect(faults.filter(([, message]) => message !== null)).toEqual([])
    expect(LARGEST_COST).toBe(20_000)
  })

  it('is limited for subscriptions too', async () => {
    const query = `subscription { connectedAccountChanged(connection: "x", identifier: "y") {
      connection { accounts(first: 200) { items { connection { accounts(first: 200) { items { id } } } } } } } }`
    const { status } = await fetch(`${world.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.adminKey}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ query }),
    })
    expect(status).toBe(400)
  })
})
