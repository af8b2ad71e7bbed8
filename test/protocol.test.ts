/** GraphQL over HTTP: conformance to its specification, and malicious requests. */
import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { GraphQLObjectType } from 'graphql'
import { auditServer } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../src/graphql/schema.js'
import { createWorld, type World } from './support/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, method = 'POST') =>
  fetch(`${world.url}/graphql`, {
    method,
    headers: { authorization: `Bearer ${world.adminKey}`, 'content-type': 'application/json', ...headers },
    body: method === 'GET' ? undefined : body,
  })
const query = (document: string) => send(JSON.stringify({ query: document }))

it("passes graphql-http's audit without an error", async () => {
  const authorized: typeof fetch = (url, init) =>
    fetch(url, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${world.adminKey}` },
    })
  const results = await auditServer({ url: `${world.url}/graphql`, fetchFn: authorized })
  const counts: Record<string, number> = {}
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1
  console.info(`graphql-http audit: ${JSON.stringify(counts)}`)
  expect(
    results.flatMap((result) => (result.status === 'error' ? [`${result.id} ${result.name}: ${result.reason}`] : [])),
  ).toEqual([])
  expect(results.length).toBeGreaterThan(50)
})

describe('the schema', () => {
  const types = Object.values(createSchema(null).getTypeMap()).filter(({ name }) => !name.startsWith('__'))

  it('has only one type whose name ends in Connection: Connection itself', () => {
    expect(types.map(({ name }) => name).filter((name) => name.endsWith('Connection'))).toEqual(['Connection'])
  })

  it('has fields for secrets only in the credentials of a token query and in a new API key [T28]', () => {
    const open = new Set([
      'OAuthToken',
      'ApiKeyCredential',
      'BasicCredential',
      'CustomCredential',
      'KeyPairCredential',
      'AwsCredential',
      'NamedToken',
      'CreatedApiKey',
    ])
    const suspicious = types.flatMap((type) =>
      type instanceof GraphQLObjectType && !open.has(type.name)
        ? Object.keys(type.getFields())
            .filter((name) => /token$|secret|password|private|verifier|hash|sealed|refresh$/i.test(name))
            .map((name) => `${type.name}.${name}`)
        : [],
    )
    // No secrets: whether a form field is secret, when the last refresh was, and the field of the token query.
    expect(suspicious.sort()).toEqual([
      'ConnectedAccount.lastRefresh',
      'ConnectedAccount.token',
      'FieldValue.secret',
      'FormField.secret',
      'Query.token',
    ])
  })
})

describe('a request', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '7'],
    ['no query', '{}'],
    ['a query that is a list', '{"query":["{ __typename }"]}'],
    ['variables that are text', '{"query":"{ __typename }","variables":"x"}'],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['half a document', '{"query":"{ connections {"}'],
    ['nine hundred braces', JSON.stringify({ query: '{'.repeat(900) })],
    ['two anonymous operations', JSON.stringify({ query: '{ __typename } { __typename }' })],
    ['an operation that is not there', JSON.stringify({ query: 'query A { __typename }', operationName: 'B' })],
    [
      'fragments in a circle',
      JSON.stringify({ query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }),
    ],
    ['a document of 1,001 tokens', JSON.stringify({ query: `{ ${'__typename '.repeat(1001)} }` })],
    ['a subscription', JSON.stringify({ query: 'subscription { x }' })],
    ['__proto__ [T56]', '{"query":"{ __typename }","__proto__":{"admin":true}}'],
    [
      'JSON that is 40,000 levels deep',
      `{"query":"{ __typename }","variables":${'['.repeat(40_000)}${']'.repeat(40_000)}}`,
    ],
    ['an Int of 2^31', JSON.stringify({ query: '{ connections(first: 2147483648) { totalCount } }' })],
    [
      'a depth of nine',
      JSON.stringify({
        query: `{
          connections { items { accounts { items {
            connection { accounts { items {
              connection { accounts { totalCount } }
            } } }
          } } } }
        }`,
      }),
    ],
    [
      '200 aliases',
      JSON.stringify({ query: `{ ${Array.from({ length: 200 }, (_, i) => `a${i}: __typename`).join(' ')} }` }),
    ],
    ['the same field 480 times', JSON.stringify({ query: `{ ${'__typename '.repeat(480)} }` })],
    ['many directives', JSON.stringify({ query: `{ __typename ${'@skip(if: false) '.repeat(20)} }` })],
    ['a field that does not exist', JSON.stringify({ query: '{ conections { totalCount } }' })],
  ])('with %s is refused with an error code of its own [T29, T32, input 58, 59]', async (_what, body) => {
    const answer = await send(body)
    const text = await answer.text()
    expect([answer.status >= 400 && answer.status < 500, text.slice(0, 200)]).toEqual([
      true,
      expect.stringContaining('"errors"'),
    ])
    expect(text).toContain('"code"')
    expect(text).not.toMatch(/Did you mean|INTERNAL_SERVER_ERROR|\bat .*\.js:/)
  })

  it('of 300 KB is refused without reading it [T49]', async () => {
    expect((await send(JSON.stringify({ query: `{ __typename } #${'x'.repeat(300_000)}` }))).status).toBe(413)
  })

  it.each([
    '',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/json; charset=ibm037',
    'application/json; charset=utf-16',
  ])('with the content type %s is refused [T31, input 63]', async (type) => {
    expect((await send('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(415)
  })

  it('with an API key has one operation in its document, and in GraphiQL, signed in, may have several', async () => {
    const body = JSON.stringify({ query: 'query A { viewer { name } } query B { __typename }', operationName: 'B' })
    const refused = await send(body)
    expect([refused.status, (await refused.json()).errors[0]]).toEqual([
      400,
      {
        message: expect.stringContaining('has one operation, and this one has 2'),
        extensions: { code: 'QUERY_TOO_COMPLEX' },
      },
    ])
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
    const session = await fetch(`${world.url}/dashboard/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ key: world.adminKey }),
    })
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const served = await fetch(`${world.url}/graphql`, { method: 'POST', headers: { ...headers, cookie }, body })
    expect(await served.json()).toEqual({ data: { __typename: 'Query' } })
    const watch = 'connectedAccountChanged(connection: "x", identifier: "y") { id }'
    const stream = await fetch(`${world.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.adminKey}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      },
      body: JSON.stringify({ query: `subscription A { ${watch} } subscription B { ${watch} }`, operationName: 'A' }),
    })
    expect(stream.status).toBe(400)
  })

  it.each(['gzip', 'br', 'deflate', 'bogus'])('in the encoding %s is refused [input 63]', async (encoding) => {
    expect((await send('{"query":"{ __typename }"}', { 'content-encoding': encoding })).status).toBe(415)
  })

  it('cannot store a document, and name it by its hash later [T34]', async () => {
    const query = '{ viewer { name } }'
    const persistedQuery = { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') }
    for (const body of [{ query, extensions: { persistedQuery } }, { extensions: { persistedQuery } }]) {
      const answer = await (await send(JSON.stringify(body))).json()
      expect(answer.data ?? null).toBeNull()
      expect(answer.errors).toHaveLength(1)
    }
  })

  it.each([
    ['a byte order mark', '\ufeff{"query":"{ __typename }"}'],
    ['two queries', '{"query":"{ __typename }","query":"{ nothing }"}'],
  ])('with %s is no fault of ours [input 58]', async (_what, body) => {
    const answer = await send(body)
    expect([answer.status < 500, await answer.text()]).toEqual([true, expect.not.stringContaining('INTERNAL')])
  })

  it('by another method than GET and POST is refused, and no origin is allowed [T31, input 64]', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect([method, (await send('{}', {}, method)).status]).toEqual([method, 405])
    const preflight = await fetch(`${world.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([404, null])
  })

  it('gets an answer that has a request id and must not be cached [T54]', async () => {
    const { headers } = await query('{ __typename }')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('without a key learns nothing about the schema [T32]', async () => {
    const answer = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __schema { types { name } } }"}',
    })
    expect(answer.status).toBe(401)
  })

  it('with another Host header does not change the addresses in the answer [T48]', async () => {
    const body = JSON.stringify({
      query: `mutation {
        startAuthorization(input: { connection: "playground", identifier: "host" }) {
          url
          account { connection { redirectUri } }
        }
      }`,
    })
    const text = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(
        `${world.url}/graphql`,
        {
          method: 'POST',
          headers: {
            host: 'evil.example',
            'x-forwarded-host': 'evil.example',
            'x-forwarded-proto': 'https',
            authorization: `Bearer ${world.adminKey}`,
            'content-type': 'application/json',
          },
        },
        (response) => {
          let received = ''
          response.on('data', (chunk) => {
            received += chunk
          })
          response.on('end', () => resolve(received))
        },
      )
      request.on('error', reject)
      request.end(body)
    })
    expect(text).toContain(`"redirectUri":"${world.url}/`)
    expect(text).not.toContain('evil.example')
  })
})

describe('the service', () => {
  it('reports that it is alive and ready, and has metrics', async () => {
    expect((await fetch(`${world.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${world.url}/readyz`)).status).toBe(200)
    await query('{ connectedAccount(connection: "playground", identifier: "nobody") { id } }')
    const metrics = await (await fetch(`${world.url}/metrics`)).text()
    for (const name of [
      'valetkey_http_request_duration_seconds',
      'valetkey_token_answers_total',
      'valetkey_refreshes_total',
      'valetkey_answers_waiting',
      'valetkey_spool_files_aside',
      'valetkey_connected_accounts',
    ])
      expect(metrics).toContain(name)
    expect(metrics).toMatch(
      /valetkey_http_request_duration_seconds_count\{route="\/graphql",method="POST",status="200"\} \d+/,
    )
  })

  it('serves an icon for every connector itself', async () => {
    const { data } = await (await query('{ connectors(first: 200) { items { key iconUrl } } }')).json()
    expect(data.connectors.items.length).toBeGreaterThanOrEqual(12)
    for (const { iconUrl } of data.connectors.items) {
      const icon = await fetch(world.url + iconUrl)
      expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    }
    expect((await fetch(`${world.url}/icons/no-such.svg`)).status).toBe(404)
  })

  it('logs each request with its id and route, in one line of JSON', async () => {
    const id = (await query('{ __typename }')).headers.get('x-request-id')
    const line = world
      .log()
      .split('\n')
      .find((text) => text.includes(id as string))
    expect(JSON.parse(line as string)).toMatchObject({
      level: 30,
      reqId: id,
      method: 'POST',
      route: '/graphql',
      status: 200,
    })
  })
})
