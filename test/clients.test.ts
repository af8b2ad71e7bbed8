/** GraphQL as clients meet it: what they ask for, how they ask, and what they make of the answers. */

import { readFileSync } from 'node:fs'
import { Client, cacheExchange, fetchExchange } from '@urql/core'
import {
  buildSchema,
  extendSchema,
  type GraphQLObjectType,
  type GraphQLUnionType,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isCompositeType,
  parse,
  validate,
} from 'graphql'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describe as describeSchema } from '../src/graphql/descriptions.js'
import { fromTypeId } from '../src/ids.js'
import { graphql } from './generated/gql.js'
import { auditEvents, createApiKey, createConnection, importTokens } from './support/documents.js'
import { fieldsOf, schema } from './support/schema.js'
import { createWorld, type World } from './support/world.js'

const readRoot = graphql(`
  query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {
    token(connection: $connection, identifier: $identifier, purpose: $purpose, scopes: $scopes) {
      __typename
      ... on OAuthToken { accessToken }
      ... on AuthorizationRequired { accountStatus reason }
      ... on InsufficientScope { missingScopes }
      ... on ConnectionUnavailable { connectionStatus reason }
    }
  }
`)

let world: World
beforeAll(async () => {
  world = await createWorld()
  const fields = [
    { key: 'client_id', value: 'a' },
    { key: 'client_secret', value: 'b' },
  ]
  for (const name of ['mail', 'other'])
    await world.get(createConnection, { input: { connector: 'gmail', name, fields } })
  await world.get(createConnection, { input: { connector: 'gmail', name: 'draft' } })
  for (const connection of ['mail', 'other'])
    await world.get(importTokens, {
      input: { connection, identifier: 'ada', oauth2: { accessToken: `of-${connection}`, scopes: ['read'] } },
    })
})
afterAll(() => world.close())

const token = (connection: string, identifier: string, more: object = {}, key?: string) =>
  world.ask(readRoot, { connection, identifier, ...more }, key)

describe('token, without an account before it', () => {
  it('is that of the account where there is one', async () => {
    expect((await token('mail', 'ada')).data.token).toEqual({ __typename: 'OAuthToken', accessToken: 'of-mail' })
    expect((await token('mail', 'ada', { scopes: ['write'] })).data.token).toEqual({
      __typename: 'InsufficientScope',
      missingScopes: ['write'],
    })
  })

  it('says that a user who never began has to, on the record, and makes no account', async () => {
    expect((await token('mail', 'never', { purpose: 'to read the inbox' })).data.token).toEqual({
      __typename: 'AuthorizationRequired',
      accountStatus: 'PENDING_AUTHORIZATION',
      reason: expect.stringContaining('startAuthorization'),
    })
    const { auditEvents: events } = await world.get(auditEvents, { filter: { identifier: 'never' } })
    expect(events.items).toMatchObject([
      {
        action: 'token.read',
        outcome: 'FAILED',
        purpose: 'to read the inbox',
        details: { answer: 'AuthorizationRequired' },
      },
    ])
    const { rows } = await world.pool.query("select from connected_account where identifier = 'never'")
    expect(rows).toEqual([])
    expect((await token('draft', 'never')).data.token).toMatchObject({
      __typename: 'ConnectionUnavailable',
      connectionStatus: 'DRAFT',
    })
  })

  it('has no answer about what is not there', async () => {
    expect((await token('nowhere', 'ada')).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect((await token('mail', '')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', path: ['identifier'] } },
    ])
  })

  it('demands a purpose of whoever has to state one', async () => {
    const { secret } = (
      await world.get(createApiKey, { input: { name: 'p', permissions: ['TOKENS_READ'], purposeRequired: true } })
    ).createApiKey
    for (const identifier of ['ada', 'never'])
      expect((await token('mail', identifier, {}, secret)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', path: ['purpose'] } },
      ])
  })

  it('tells a bound key nothing of others: those who are there are as those who are not', async () => {
    const { secret } = (
      await world.get(createApiKey, {
        input: { name: 'bound', permissions: ['TOKENS_READ'], connections: ['mail'], identifiers: ['ada', 'never'] },
      })
    ).createApiKey
    await world.get(importTokens, { input: { connection: 'mail', identifier: 'bob', oauth2: { accessToken: 'x' } } })
    expect((await token('mail', 'ada', {}, secret)).data.token).toMatchObject({ accessToken: 'of-mail' })
    expect((await token('mail', 'never', {}, secret)).data.token).toMatchObject({
      __typename: 'AuthorizationRequired',
    })
    const errorsOf = async (connection: string, identifier: string) => {
      const { errors } = await token(connection, identifier, {}, secret)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      return errors
    }
    expect(await errorsOf('other', 'ada')).toEqual(await errorsOf('nowhere', 'ada'))
    expect(await errorsOf('other', 'never')).toEqual(await errorsOf('nowhere', 'never'))
    expect(await errorsOf('mail', 'bob')).toEqual(await errorsOf('mail', 'nobody'))
  })

  it('is one for each operation', async () => {
    const twice = 'query { a: token(connection: "mail", identifier: "ada") { __typename } b: connectedAccount('
    const { errors } = await world.ask(
      `${twice} connection: "mail", identifier: "ada") { token { __typename } } }` as never,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  })
})

describe('a union', () => {
  it.each(
    Object.values(schema.getTypeMap()).flatMap((type) => ('getTypes' in type ? [[type.name, type] as const] : [])),
  )('%s lets every field of every member be asked for at once', (_name, union) => {
    const selectionOf = (type: GraphQLObjectType): string =>
      fieldsOf(type.name)
        .filter(({ deprecationReason }) => deprecationReason == null)
        .map(({ name, type }) => {
          const named = getNamedType(type)
          return isCompositeType(named) ? `${name} { ${selectionOf(named as GraphQLObjectType)} }` : name
        })
        .join(' ')
    const members = (union as GraphQLUnionType).getTypes().map((type) => `... on ${type.name} { ${selectionOf(type)} }`)
    const asked = extendSchema(schema, parse(`extend type Query { it: ${union.name} }`))
    const faults = validate(asked, parse(`{ it { __typename ${members.join(' ')} } }`))
    expect(faults.map(({ message }) => message)).toEqual([])
  })
})

const watch = 'subscription { connectedAccountChanged(connection: "mail", identifier: "ada") { identifier status } }'
const changed = { data: { connectedAccountChanged: { identifier: 'ada', status: 'ACTIVE' } } }
const bearer = () => ({ authorization: `Bearer ${world.adminKey}` })

/** The first event of a stream, as a reader without a library has it. */
async function firstEvent(response: Response): Promise<unknown> {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (/^data: .*\n/m.test(text)) break
  }
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '')
}

describe('a subscription', () => {
  const posted = (path: string, accept: string | undefined, more: object = {}) =>
    fetch(world.url + path, {
      method: 'POST',
      headers: {
        ...bearer(),
        'content-type': 'application/json',
        ...(accept === undefined ? {} : { accept }),
        ...more,
      },
      body: JSON.stringify({ query: watch }),
    })

  it.each([
    undefined,
    '*/*',
    'text/event-stream',
    'Text/Event-Stream;q=0.9, application/json;q=0.1',
    'application/json, text/event-stream',
    'application/graphql-response+json, text/*;q=0.5',
    'text/event-stream; charset=utf-8',
  ])('at /graphql/stream is answered to whoever accepts %s', async (accept) => {
    expect(await firstEvent(await posted('/graphql/stream', accept))).toEqual(changed)
  })

  it.each(['application/json', 'text/event-stream;q=0, */*', 'text/html'])(
    'at /graphql/stream is refused in words to whoever accepts only %s',
    async (accept) => {
      const answer = await posted('/graphql/stream', accept)
      expect([answer.status, (await answer.json()).errors]).toEqual([
        406,
        [expect.objectContaining({ message: expect.stringContaining('text/event-stream') })],
      ])
    },
  )

  it.each(['text/event-stream', 'text/event-stream, multipart/mixed', 'application/json;q=0.5, text/event-stream;q=1'])(
    'at /graphql is answered to whoever accepts %s',
    async (accept) => {
      expect(await firstEvent(await posted('/graphql', accept))).toEqual(changed)
    },
  )

  it.each(['*/*', 'application/json', 'text/event-stream;q=0, application/json'])(
    'at /graphql says where it is answered to whoever accepts %s',
    async (accept) => {
      const answer = await posted('/graphql', accept)
      expect([answer.status, (await answer.json()).errors[0].message]).toEqual([
        400,
        expect.stringContaining('/graphql/stream'),
      ])
    },
  )

  it('leaves queries of clients that accept events as well to JSON', async () => {
    const answer = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ query: 'query subscription { viewer { name } }' }),
    })
    expect(await answer.json()).toMatchObject({ data: { viewer: {} } })
  })

  it('comes by GET with an API key, as an EventSource with headers asks', async () => {
    for (const path of ['/graphql/stream', '/graphql'])
      expect(
        await firstEvent(
          await fetch(`${world.url}${path}?${new URLSearchParams({ query: watch })}`, {
            headers: { ...bearer(), accept: 'text/event-stream' },
          }),
        ),
      ).toEqual(changed)
  })

  it.each(['/graphql', '/graphql/stream'])('is read by graphql-sse from %s', async (path) => {
    const client = createClient({ url: world.url + path, headers: bearer() })
    for await (const result of client.iterate({ query: watch })) {
      expect(result).toEqual(changed)
      break
    }
    client.dispose()
  })

  it('is read by urql from the one address that it knows', async () => {
    const client = new Client({
      url: `${world.url}/graphql`,
      exchanges: [fetchExchange],
      fetchSubscriptions: true,
      fetchOptions: { headers: bearer() },
      preferGetMethod: false,
    })
    const data = await new Promise((resolve) => {
      const { unsubscribe } = client.subscription(watch, {}).subscribe((result) => {
        resolve(result.data ?? result.error)
        queueMicrotask(() => unsubscribe())
      })
    })
    expect(data).toEqual(changed.data)
  })
})

describe('GET', () => {
  const got = (parameters: Record<string, string>, headers: Record<string, string> = bearer()) =>
    fetch(`${world.url}/graphql?${new URLSearchParams(parameters)}`, { headers })

  it('serves queries with an API key, and keeps them out of caches', async () => {
    const answer = await got({
      query: 'query Read($c: ID!) { connection(connection: $c) { name } }',
      operationName: 'Read',
      variables: '{"c":"mail"}',
    })
    expect([answer.status, answer.headers.get('cache-control'), await answer.json()]).toEqual([
      200,
      'no-store',
      { data: { connection: { name: 'mail' } } },
    ])
  })

  it("serves urql as it comes, which asks short queries by it, and Apollo's link with useGETForQueries", async () => {
    const client = new Client({
      url: `${world.url}/graphql`,
      exchanges: [fetchExchange],
      fetchOptions: { headers: bearer() },
      preferGetMethod: 'within-url-limit',
    })
    expect(await client.query('{ viewer { name } }', {}).toPromise()).toMatchObject({
      error: undefined,
      data: { viewer: {} },
    })
    const apollo = await got(
      { query: '{ viewer { name } }', variables: '{}', extensions: '{}' },
      { ...bearer(), accept: '*/*' },
    )
    expect(await apollo.json()).toMatchObject({ data: { viewer: {} } })
  })

  it('takes no session, wherever it comes from [T31, input 64]', async () => {
    const own = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
    const session = await fetch(`${world.url}/dashboard/session`, {
      method: 'POST',
      headers: own,
      body: JSON.stringify({ key: world.adminKey }),
    })
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const ways: Record<string, string>[] = [
      { ...own, cookie },
      { cookie, 'apollo-require-preflight': 'yes' },
    ]
    for (const headers of ways) {
      const answer = await got({ query: '{ viewer { name } }' }, headers)
      expect([answer.status, await answer.text()]).toEqual([401, expect.not.stringContaining('viewer')])
      const stream = await fetch(`${world.url}/graphql/stream?${new URLSearchParams({ query: watch })}`, { headers })
      expect(stream.status).toBe(401)
    }
  })

  it('leaves tokens to POST, which urql is told for a query: nothing of one is read from a cache', async () => {
    const client = new Client({
      url: `${world.url}/graphql`,
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers: bearer() },
    })
    const fresh = { requestPolicy: 'network-only', preferGetMethod: false } as const
    const read = async () =>
      (await client.query(String(readRoot), { connection: 'other', identifier: 'ada' }, fresh).toPromise()).data?.token
    expect(await read()).toMatchObject({ accessToken: 'of-other' })
    await world.get(importTokens, {
      input: { connection: 'other', identifier: 'ada', oauth2: { accessToken: 'newer' } },
    })
    expect(await read()).toMatchObject({ accessToken: 'newer' })
  })

  it.each([
    ['the token of an account', '{ connectedAccount(connection: "mail", identifier: "ada") { token { __typename } } }'],
    ['a token', '{ token(connection: "mail", identifier: "ada") { ... on OAuthToken { accessToken } } }'],
    ['a token under another name', '{ x: token(connection: "mail", identifier: "ada") { __typename } }'],
    [
      'a token in a fragment',
      `{ connectedAccount(connection: "mail", identifier: "ada") { ...all } }
       fragment all on ConnectedAccount { id ... on ConnectedAccount { token { __typename } } }`,
    ],
  ])('answers no query with %s', async (_what, query) => {
    const { rows: before } = await world.pool.query("select count(*) from audit_event where action = 'token.read'")
    const answer = await got({ query })
    const text = await answer.text()
    expect([answer.status, JSON.parse(text).errors[0].message]).toEqual([400, expect.stringContaining('by POST')])
    expect(text).not.toContain('of-mail')
    const { rows: after } = await world.pool.query("select count(*) from audit_event where action = 'token.read'")
    expect(after).toEqual(before)
  })

  it('changes nothing', async () => {
    const query = 'mutation { disableConnection(connection: "other") { status } }'
    expect((await got({ query })).status).toBe(405)
    const { rows } = await world.pool.query("select status from connection where name = 'other'")
    expect(rows).toEqual([{ status: 'ACTIVE' }])
  })

  it('says what is wrong with its parameters', async () => {
    expect((await got({ query: '{ viewer { name } }', variables: '{' })).status).toBe(400)
    const twice = await fetch(`${world.url}/graphql?query={viewer{name}}&query={a}`, { headers: bearer() })
    expect([twice.status, (await twice.json()).errors[0].extensions]).toEqual([
      400,
      { code: 'BAD_USER_INPUT', path: ['query'] },
    ])
    expect((await got({})).status).toBe(400)
  })

  it('is held to registered documents, as POST is', async () => {
    const { secret, apiKey } = (
      await world.get(createApiKey, { input: { name: 'held', permissions: ['CONNECTIONS_READ'] } })
    ).createApiKey
    // As if there were a manifest, which the server reads when it starts.
    await world.pool.query('update api_key set trusted_documents_only = true where id = $1', [
      fromTypeId('key', apiKey.id),
    ])
    const answer = await got({ query: '{ viewer { name } }' }, { authorization: `Bearer ${secret}` })
    expect([answer.status, (await answer.json()).errors[0].extensions.code]).toEqual([400, 'TRUSTED_DOCUMENT_REQUIRED'])
  })
})

describe('the schema, as the running server tells it', () => {
  let told: IntrospectionQuery['__schema']
  beforeAll(async () => {
    const { data } = await world.ask(getIntrospectionQuery({ specifiedByUrl: true }) as never)
    told = (data as IntrospectionQuery).__schema
  })
  const own = () => told.types.filter(({ name }) => !/^__|^(ID|Int|Float|String|Boolean)$/.test(name))

  it('describes each type, field, argument and value', () => {
    const silent = own().flatMap((type) => [
      ...(type.description ? [] : [type.name]),
      ...[
        ...('fields' in type ? (type.fields ?? []).flatMap((field) => [field, ...field.args]) : []),
        ...('inputFields' in type ? (type.inputFields ?? []) : []),
        ...('enumValues' in type ? (type.enumValues ?? []) : []),
      ].flatMap(({ name, description }) => (description ? [] : [`${type.name}.${name}`])),
    ])
    expect(silent).toEqual([])
  })

  it('is not built with an element that nobody describes', () => {
    expect(() => describeSchema(buildSchema('"What can be read." type Query { nothing: Int }'))).toThrow(
      'Query.nothing',
    )
  })

  it('says of its own scalars what they are', () => {
    const scalars = own().flatMap((type) => (type.kind === 'SCALAR' ? [[type.name, type.specifiedByURL]] : []))
    expect(Object.fromEntries(scalars)).toEqual({
      DateTime: expect.stringMatching(/^https:/),
      URL: expect.stringMatching(/^https:/),
      JSONObject: expect.stringMatching(/^https:/),
    })
  })

  it('is shipped as SDL, with the possible types for caches', () => {
    const shipped = (file: string) => readFileSync(new URL(`../schema/${file}`, import.meta.url), 'utf8')
    expect(Object.keys(buildSchema(shipped('schema.graphql')).getTypeMap())).toEqual(
      expect.arrayContaining(own().map(({ name }) => name)),
    )
    const possible = own().flatMap((type) =>
      'possibleTypes' in type && type.possibleTypes?.length
        ? [[type.name, type.possibleTypes.map(({ name }) => name)] as const]
        : [],
    )
    expect(JSON.parse(shipped('possible-types.json'))).toEqual(Object.fromEntries(possible))
  })

  it('has arguments in one order: what it is about, what is to be so, which page', () => {
    const order = ['connection', 'identifier', 'id', 'key', 'definition', 'input', 'filter', 'first', 'after']
    for (const type of own())
      for (const { name, args } of 'fields' in type ? (type.fields ?? []) : []) {
        const names = args.map((arg) => arg.name).filter((arg) => order.includes(arg))
        expect([name, names]).toEqual([name, order.filter((arg) => names.includes(arg))])
      }
  })
})
