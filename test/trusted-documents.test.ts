/** Registered documents: what runs for a key that is held to them, and where every caller is. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { printExecutableGraphQLDocument } from '@graphql-tools/documents'
import { formatDocument, stringifyDocument } from '@urql/core'
import { getIntrospectionQuery, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.js'
import * as dashboard from '../src/dashboard/web/generated/graphql.js'
import { StartRefused } from '../src/errors.js'
import { TrustedDocuments } from '../src/graphql/trusted-documents.js'
import { graphql } from './generated/gql.js'
import type { CreateApiKeyInput } from './generated/graphql.js'
import { auditEvents, createApiKey, importTokens, readToken } from './support/documents.js'
import { schema } from './support/schema.js'
import { createWorld, type World } from './support/world.js'

const rotate = graphql(`
  mutation TrustedRotate($id: ID!) { rotateApiKey(id: $id) { secret apiKey { trustedDocumentsOnly } } }
`)
const makeKey = graphql(`
  mutation TrustedMake($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret apiKey { id trustedDocumentsOnly } }
  }
`)

const WATCHED = `subscription Watched($connection: ID!, $identifier: String!) {
  connectedAccountChanged(connection: $connection, identifier: $identifier) { status }
}`
const TWO = 'query One { viewer { name } } query Two { viewer { name permissions } }'
const idOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`
/** As the client preset writes them: on one line, in an order of its own. */
const REGISTERED = [readToken.toString(), makeKey.toString(), rotate.toString(), WATCHED].map((text) =>
  printExecutableGraphQLDocument(parse(text)),
)
const [TOKEN = '', , , WATCH = ''] = REGISTERED

const folder = path.join(tmpdir(), `valetkey-trusted-${randomUUID()}`)
const file = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content)
  return path.join(folder, name)
}

/** A server with a manifest; one on the same database that holds everybody to it; one that has none. */
let some: World
let every: World
let none: World
beforeAll(async () => {
  mkdirSync(folder)
  const manifest = file(
    'manifest.json',
    JSON.stringify(Object.fromEntries([...REGISTERED, TWO].map((text) => [idOf(text), text]))),
  )
  some = await createWorld({ env: { VALETKEY_TRUSTED_DOCUMENTS: manifest } })
  const databaseUrl = some.config.databaseUrl as string
  every = await createWorld({
    databaseUrl,
    env: { VALETKEY_TRUSTED_DOCUMENTS: manifest, VALETKEY_TRUSTED_DOCUMENTS_ONLY: 'on' },
  })
  none = await createWorld({ databaseUrl })
  await some.get(importTokens, {
    input: { connection: 'playground', identifier: 'ada', oauth2: { accessToken: 'the-token' } },
  })
})
afterAll(async () => {
  await none.close()
  await every.close()
  await some.close()
  rmSync(folder, { recursive: true, force: true })
})

const key = async (input: Partial<CreateApiKeyInput> = {}) =>
  (
    await some.get(makeKey, {
      input: { name: 'agent', permissions: ['TOKENS_READ', 'ACCOUNTS_READ', 'KEYS_WRITE'], ...input },
    })
  ).createApiKey

async function send(url: string, headers: Record<string, string>, body: unknown) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, text, ...(JSON.parse(text) as { data?: never; errors?: Refusal[] }) }
}
interface Refusal {
  message: string
  extensions: { code: string; path?: string[] }
}
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const variables = { connection: 'playground', identifier: 'ada' }

async function stream(url: string, secret: string, body: unknown): Promise<string> {
  const stopped = new AbortController()
  const response = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...bearer(secret) },
    body: JSON.stringify(body),
    signal: stopped.signal,
  })
  if (response.status !== 200) return response.text()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    if (text.includes('event: next\ndata: {')) break
  }
  stopped.abort()
  return text
}

/** Documents that nobody registered, and what only looks like one. */
const OTHERS: [string, unknown][] = [
  ['another document', { query: '{ viewer { name } }' }],
  ['one that asks for more', { query: readToken.toString().replace('status', 'status statusReason'), variables }],
  [
    'one that asks for the same by another name',
    { query: readToken.toString().replace('status', 'identifier: status') },
  ],
  ['one with another argument', { query: readToken.toString().replace('minValidity: $minValidity, ', '') }],
  ['one with another operation beside it', { query: `${TOKEN} query Other { viewer { name } }`, variables }],
  ['two that are registered, in one', { query: `${TOKEN} ${WATCH}`, operationName: 'ReadToken', variables }],
  ['the schema', { query: getIntrospectionQuery() }],
  ['what cannot be parsed', { query: '{ viewer {' }],
  ['what is too long', { query: `{ ${'__typename '.repeat(2000)} }` }],
  ['an id that is not known', { documentId: idOf('{ viewer { name } }') }],
  [
    'an id of Apollo that is not known',
    { extensions: { persistedQuery: { version: 1, sha256Hash: 'ab'.repeat(32) } } },
  ],
  ['a registered id beside another document', { documentId: idOf(TOKEN), query: '{ viewer { name } }', variables }],
  ['an id that is a list', { documentId: [idOf(TOKEN)] }],
  ['a word that every object has', { documentId: 'constructor' }],
  ['a document that is a list', { query: [TOKEN] }],
  ['a list of requests', [{ query: TOKEN, variables }]],
  ['nothing', {}],
  ['null', null],
]

describe('a key that is held to registered documents', () => {
  const SENT: [string, object][] = [
    ['by their ids', { documentId: idOf(TOKEN) }],
    ['as clients of Apollo ask', { extensions: { persistedQuery: { version: 1, sha256Hash: idOf(TOKEN).slice(7) } } }],
    ['by their texts', { query: TOKEN }],
    ['as their authors wrote them', { query: readToken.toString() }],
    ['as clients with a cache write them', { query: stringifyDocument(formatDocument(parse(readToken.toString()))) }],
    ['by text, with their ids', { query: TOKEN, documentId: idOf(TOKEN) }],
    [
      'by text, with what Apollo adds',
      { query: TOKEN, extensions: { persistedQuery: { version: 1, sha256Hash: idOf(TOKEN).slice(7) } } },
    ],
  ]
  it.each(SENT)('runs them %s', async (_how, body) => {
    const { secret } = await key({ trustedDocumentsOnly: true })
    const { errors, data } = await send(some.url, bearer(secret), { ...body, variables })
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ connectedAccount: { token: { accessToken: 'the-token' } } })
  })

  it.each(OTHERS)('is refused %s, on the record, without a word of it [T34, T53]', async (_what, body) => {
    const { secret, apiKey } = await key({ trustedDocumentsOnly: true })
    const { status, text, errors } = await send(some.url, bearer(secret), body)
    expect([status, errors]).toEqual([
      400,
      [
        {
          message: expect.stringContaining('Only registered documents run here'),
          extensions: { code: 'TRUSTED_DOCUMENT_REQUIRED' },
        },
      ],
    ])
    expect(text).not.toMatch(/viewer|ReadToken|__|statusReason|constructor/)
    const { auditEvents: events } = await some.get(auditEvents, { filter: { actor: apiKey.id } })
    expect(events.items.map(({ action, outcome, details }) => [action, outcome, details.document])).toEqual([
      ['operation.denied', 'DENIED', 'not registered'],
    ])
  })

  it('watches by registered documents alone', async () => {
    const { secret } = await key({ trustedDocumentsOnly: true })
    for (const body of [{ documentId: idOf(WATCH) }, { query: WATCHED }, { query: WATCH }])
      expect(await stream(some.url, secret, { ...body, variables })).toContain('"status":"ACTIVE"')
    const other = WATCHED.replace('status', 'id')
    const refused = JSON.parse(await stream(some.url, secret, { query: other, variables })) as { errors: Refusal[] }
    expect(refused.errors[0]?.extensions.code).toBe('TRUSTED_DOCUMENT_REQUIRED')
    expect(await stream(some.url, (await key()).secret, { query: other, variables })).toContain('"id":"acct_')
  })

  it('stays so when it is rotated, and makes only keys that are', async () => {
    const { secret, apiKey } = await key({ trustedDocumentsOnly: true })
    expect(apiKey.trustedDocumentsOnly).toBe(true)
    const { createApiKey: child } = await some.get(
      makeKey,
      { input: { name: 'child', permissions: ['TOKENS_READ'], trustedDocumentsOnly: false } },
      secret,
    )
    const { rotateApiKey: rotated } = await some.get(rotate, { id: apiKey.id })
    expect([child.apiKey.trustedDocumentsOnly, rotated.apiKey.trustedDocumentsOnly]).toEqual([true, true])
    for (const one of [child.secret, rotated.secret]) {
      expect((await send(some.url, bearer(one), { documentId: idOf(TOKEN), variables })).errors).toBeUndefined()
      const { errors } = await send(some.url, bearer(one), { query: '{ viewer { name } }' })
      expect(errors?.[0]?.extensions.code).toBe('TRUSTED_DOCUMENT_REQUIRED')
    }
  })

  it('does not sign in to the dashboard, whose documents it has no right to', async () => {
    const { secret } = await key({ trustedDocumentsOnly: true })
    const response = await signIn(some, secret)
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []])
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })

  it('sends one operation at a time, of registered documents too', async () => {
    const { secret } = await key({ trustedDocumentsOnly: true })
    const { errors } = await send(some.url, bearer(secret), { documentId: idOf(TWO), operationName: 'One' })
    expect(errors?.[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
  })
})

it('other keys run what they like, and registered documents by their ids', async () => {
  const { secret } = await key()
  expect((await send(some.url, bearer(secret), { query: '{ viewer { name } }' })).errors).toBeUndefined()
  expect((await send(some.url, bearer(secret), { documentId: idOf(TOKEN), variables })).errors).toBeUndefined()
  const { errors } = await send(some.url, bearer(secret), { documentId: 'sha256:unknown' })
  expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['documentId'] })
})

describe('where every caller is held to registered documents', () => {
  it.each(OTHERS)('the admin key is refused %s [T34]', async (_what, body) => {
    const { status, errors } = await send(every.url, bearer(every.adminKey), body)
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'TRUSTED_DOCUMENT_REQUIRED'])
  })

  const documents = Object.entries(dashboard).flatMap(([name, value]) =>
    name.endsWith('Document') ? [[name, stringifyDocument(formatDocument(value as never))] as const] : [],
  )

  it('the dashboard goes on to work, and nothing else with its session [T34]', async () => {
    const own = { cookie: await cookieOf(every, every.adminKey), 'sec-fetch-site': 'same-origin' }
    expect(documents.length).toBeGreaterThan(20)
    for (const [name, query] of documents) {
      const { errors } = await send(every.url, own, { query })
      expect([name, errors?.[0]?.extensions.code]).not.toEqual([name, 'TRUSTED_DOCUMENT_REQUIRED'])
    }
    for (const query of [getIntrospectionQuery(), '{ apiKeys { id madeBy } }']) {
      const { errors } = await send(every.url, own, { query })
      expect(errors?.[0]?.extensions.code).toBe('TRUSTED_DOCUMENT_REQUIRED')
    }
  })

  it('what the dashboard sends is for its sessions alone', async () => {
    for (const [, query] of documents) {
      const { errors } = await send(every.url, bearer(every.adminKey), { query })
      expect(errors?.[0]?.extensions.code).toBe('TRUSTED_DOCUMENT_REQUIRED')
    }
  })
})

it('a key is not held to registered documents where there are none', async () => {
  const { errors } = await none.ask(createApiKey, {
    input: { name: 'agent', permissions: ['TOKENS_READ'], trustedDocumentsOnly: true },
  })
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('Set VALETKEY_TRUSTED_DOCUMENTS to the path'),
    extensions: { code: 'BAD_USER_INPUT', path: ['input', 'trustedDocumentsOnly'] },
  })
  // One that another server made is held to nothing that it could run.
  const { secret } = await key({ trustedDocumentsOnly: true })
  const refused = await send(none.url, bearer(secret), { query: TOKEN, variables })
  expect(refused.errors?.[0]?.extensions.code).toBe('TRUSTED_DOCUMENT_REQUIRED')
})

it.each<[string, () => string, RegExp]>([
  ['that is not there', () => path.join(folder, 'nowhere.json'), /nowhere\.json cannot be read \(ENOENT\)\.$/],
  ['that is not JSON', () => file('words.json', 'query { a }'), /words\.json is not JSON\.$/],
  ['that is a list', () => file('list.json', '["query { a }"]'), /is not an object of documents by their ids/],
  ['with what is no text', () => file('number.json', '{"a":1}'), /is not an object of documents by their ids/],
  [
    'with a document under the hash of another one',
    () => file('hash.json', JSON.stringify({ [idOf('{ a }')]: '{ b }' })),
    /the document "sha256:[0-9a-f]{64}" does not have the SHA-256 that it is named by\.$/,
  ],
  [
    'with a document that is not valid',
    () => file('invalid.json', '{"a":"query A($x: ID!) { viewer { __typename } }"}'),
    /the document "a" is not valid: Variable "\$x" is never used/,
  ],
  ['with what is no document', () => file('broken.json', '{"a":"{ b"}'), /the document "a" cannot be parsed/],
])('a manifest %s stops the start', (_what, manifest, message) => {
  const start = () => TrustedDocuments.read({ manifest: manifest(), only: false }, {}, schema)
  expect(start).toThrow(StartRefused)
  expect(start).toThrow(message)
})

it('holding every caller to registered documents takes a manifest', () => {
  expect(() => readConfig({ VALETKEY_TRUSTED_DOCUMENTS_ONLY: 'on' })).toThrow('set that to the path of their manifest')
})

function signIn({ url }: World, secret: string) {
  return fetch(`${url}/dashboard/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ key: secret }),
  })
}

async function cookieOf(world: World, secret: string): Promise<string> {
  const response = await signIn(world, secret)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
