/** Keys, tokens and passwords that users bring: checked before they are stored, and given out ready to send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createConnection, importTokens, readAccount } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { createWorld, type World } from './support/world.js'

const updateAccount = graphql(`
  mutation UpdateKeys($id: ID!, $input: UpdateConnectedAccountInput!) {
    updateConnectedAccount(id: $id, input: $input) { status }
  }
`)

const disconnect = graphql(`
  mutation DisconnectKeys($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

const refresh = graphql(`
  mutation RefreshKeys($id: ID!) {
    refreshConnectedAccount(id: $id) { status }
  }
`)

const readCredential = graphql(`
  query ReadCredential($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      id
      token(minValidity: 3600) {
        __typename
        ... on Credential {
          headers { name value }
          queryParams { name value }
          apiBaseUrl
          expiresAt
        }
        ... on OAuthToken { accessToken tokenType scopes }
        ... on ApiKeyCredential { apiKey }
        ... on BasicCredential { username password }
        ... on CustomCredential {
          values { key value }
        }
        ... on AuthorizationRequired { status }
      }
    }
  }
`)

let provider: OddProvider
let world: World
let users = 0

const secret = { key: 'api_key', label: 'API key', kind: 'secret' }
const definition = (key: string, method: Record<string, unknown>) => ({
  schema: 1,
  key,
  name: key,
  categories: ['testing'],
  trustHosts: ['127.0.0.1'],
  api: { baseUrl: '{connection.base}/v1', headers: { 'x-version': '2' } },
  auth: [
    {
      id: 'key',
      type: 'static',
      connectionFields: [{ key: 'base', label: 'Base', kind: 'text', default: provider.url }],
      verify: { url: '{connection.base}/me', expect: { status: [200] }, wrong: { status: [401] } },
      identity: { url: '{connection.base}/me', pick: { id: 'id', label: 'name' } },
      ...method,
    },
  ],
})

beforeAll(async () => {
  provider = await OddProvider.open()
  world = await createWorld({
    env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on' },
    connectors: [
      definition('bearer', {
        preset: 'bearer',
        accountFields: [secret, { key: 'org', label: 'Organisation', kind: 'text', required: false }],
        apply: { headers: { authorization: 'Bearer {account.api_key}', 'x-org': '{account.org}' } },
      }),
      definition('header', {
        preset: 'api_key',
        accountFields: [secret],
        apply: { headers: { 'x-api-key': '{account.api_key}' } },
      }),
      definition('basic', {
        preset: 'basic',
        accountFields: [{ key: 'email', label: 'E-mail', kind: 'email' }, secret],
        apply: { headers: { authorization: "Basic {account.email + '/token:' + account.api_key|base64}" } },
      }),
      definition('pair', {
        preset: 'custom',
        accountFields: [{ key: 'app_id', label: 'App', kind: 'text', pattern: '[a-z]+' }, secret],
        apply: { headers: { 'x-app': '{account.app_id}' }, query: { key: '{account.api_key}' } },
      }),
    ],
  })
  for (const connector of ['bearer', 'header', 'basic', 'pair']) {
    const { createConnection: connection } = await world.get(createConnection, { input: { connector } })
    expect(connection).toMatchObject({ status: 'ACTIVE', redirectUri: null, scopes: [] })
  }
})
afterAll(async () => {
  await world.close()
  provider.close()
})

const says = (status: number, body: unknown = { id: 7, name: 'Ada' }) => {
  provider.requests.length = 0
  provider.answers['/me'] = () => ({ status, body })
}
const bring = (connection: string, fields: Record<string, string>, identifier = `user_${++users}`) =>
  world
    .ask(importTokens, {
      input: { connection, identifier, fields: Object.entries(fields).map(([key, value]) => ({ key, value })) },
    })
    .then((answer) => ({ ...answer, identifier }))
const credential = async (connection: string, identifier: string) =>
  (await world.get(readCredential, { connection, identifier })).connectedAccount?.token
const account = async (connection: string, identifier: string) =>
  (await world.get(readAccount, { connection, identifier })).connectedAccount

describe('a credential that a user brings', () => {
  it.each<[string, Record<string, string>, object, Record<string, string>]>([
    [
      'bearer',
      { api_key: 'k-1' },
      {
        __typename: 'OAuthToken',
        accessToken: 'k-1',
        tokenType: 'Bearer',
        scopes: [],
        headers: [
          { name: 'x-version', value: '2' },
          { name: 'authorization', value: 'Bearer k-1' },
        ],
        queryParams: [],
      },
      { authorization: 'Bearer k-1' },
    ],
    [
      'header',
      { api_key: 'k-2' },
      {
        __typename: 'ApiKeyCredential',
        apiKey: 'k-2',
        headers: [
          { name: 'x-version', value: '2' },
          { name: 'x-api-key', value: 'k-2' },
        ],
      },
      { 'x-api-key': 'k-2' },
    ],
    [
      'basic',
      { email: 'a@b.example', api_key: 'k:3' },
      { __typename: 'BasicCredential', username: 'a@b.example/token', password: 'k:3' },
      { authorization: `Basic ${Buffer.from('a@b.example/token:k:3').toString('base64')}` },
    ],
    [
      'pair',
      { app_id: 'app', api_key: 'k-4' },
      {
        __typename: 'CustomCredential',
        values: [
          { key: 'app_id', value: 'app' },
          { key: 'api_key', value: 'k-4' },
        ],
        headers: [
          { name: 'x-version', value: '2' },
          { name: 'x-app', value: 'app' },
        ],
        queryParams: [{ name: 'key', value: 'k-4' }],
      },
      { 'x-app': 'app' },
    ],
  ])(
    '(%s) is checked the way it will be used, and then given out ready to send',
    async (connection, fields, given, sent) => {
      says(200)
      const { data, errors, identifier } = await bring(connection, fields)
      expect(errors).toBeUndefined()
      expect(data.createConnectedAccount.status).toBe('ACTIVE')
      expect(provider.requestsTo('/me')[0]?.headers).toMatchObject({ ...sent, 'x-version': '2' })
      expect(await credential(connection, identifier)).toMatchObject({
        ...given,
        apiBaseUrl: `${provider.url}/v1`,
        expiresAt: null,
      })
      expect(await account(connection, identifier)).toMatchObject({
        status: 'ACTIVE',
        statusReason: null,
        providerIdentity: { subject: '7', name: 'Ada' },
      })
      for (const field of (await account(connection, identifier))?.fields ?? [])
        if (field.key === 'api_key') expect(field).toMatchObject({ value: null, isSet: true })
    },
  )

  it('is not stored when the service refuses it, and the service’s message is shown [input 52]', async () => {
    says(401, { error: { message: 'Invalid key: wrong-key-value.' } })
    const { errors, identifier } = await bring('bearer', { api_key: 'wrong-key-value' })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /^bearer did not take this credential: 127\.0\.0\.1:\d+ refused it with status 401: Invalid key: …\.$/,
      ),
      extensions: { code: 'PROVIDER_REJECTED', path: ['input', 'fields'] },
    })
    expect(JSON.stringify(errors)).not.toContain('wrong-key-value')
    expect(await account('bearer', identifier)).toBeNull()
  })

  it('is stored with a note when it allows less than expected', async () => {
    says(403, { message: 'Not with this key.' })
    const { identifier } = await bring('bearer', { api_key: 'narrow' })
    expect(await account('bearer', identifier)).toMatchObject({
      status: 'ACTIVE',
      statusReason: expect.stringContaining('may be restricted'),
      providerIdentity: null,
    })
  })

  it.each([500, 503, 429])('is not stored when the service answers %d [input 52]', async (status) => {
    says(status, {})
    const { errors, identifier } = await bring('header', { api_key: 'k' })
    expect(errors?.[0]?.extensions.code).toBe('PROVIDER_UNAVAILABLE')
    expect(await account('header', identifier)).toBeNull()
  })

  it.each<[string, string, Record<string, string>, (string | number)[]]>([
    ['a missing field', 'basic', { api_key: 'k' }, ['input', 'fields']],
    ['an unknown field', 'header', { api_key: 'k', colour: 'red' }, ['input', 'fields', 1, 'key']],
    ['a value of the wrong form', 'pair', { app_id: 'APP', api_key: 'k' }, ['input', 'fields', 0, 'value']],
    ['an invalid e-mail address', 'basic', { email: 'ada', api_key: 'k' }, ['input', 'fields', 0, 'value']],
    ['a key of two lines', 'header', { api_key: 'a\nb' }, ['input', 'fields', 0, 'value']],
    ['a key with a space in it that nobody sees', 'header', { api_key: 'a\u00a0b' }, ['input', 'fields', 0, 'value']],
    ['an empty key', 'header', { api_key: '' }, ['input', 'fields']],
  ])('with %s is refused without asking the service [input 51]', async (_what, connection, fields, path) => {
    says(200)
    const { errors, identifier } = await bring(connection, fields)
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path })
    expect(provider.requests).toEqual([])
    expect(await account(connection, identifier)).toBeNull()
  })

  it('is replaced in part, and a bad replacement changes nothing', async () => {
    says(200)
    const { data, identifier } = await bring('pair', { app_id: 'one', api_key: 'kept' })
    const update = (key: string, value: string) =>
      world.ask(updateAccount, { id: data.createConnectedAccount.id, input: { fields: [{ key, value }] } })
    expect((await update('app_id', 'two')).errors).toBeUndefined()
    expect(await credential('pair', identifier)).toMatchObject({ values: [{ value: 'two' }, { value: 'kept' }] })
    says(401)
    expect((await update('api_key', 'bad')).errors?.[0]?.extensions.code).toBe('PROVIDER_REJECTED')
    expect(await credential('pair', identifier)).toMatchObject({ values: [{ value: 'two' }, { value: 'kept' }] })
  })

  it('of another person does not replace the first person’s', async () => {
    says(200, { id: 1, name: 'Ada' })
    const { identifier } = await bring('bearer', { api_key: 'of-ada' })
    says(200, { id: 2, name: 'Eve' })
    const { errors } = await bring('bearer', { api_key: 'of-eve' }, identifier)
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('Another person signed in'),
      extensions: { code: 'CONFLICT' },
    })
    expect(await credential('bearer', identifier)).toMatchObject({ accessToken: 'of-ada' })
  })

  it('is sealed in the database, and deleted with the account', async () => {
    says(200)
    const { data, identifier } = await bring('header', { api_key: 'SENTINEL-of-a-key-that-is-long' })
    const dump = async () =>
      (
        await world.pool.query(
          `select row_to_json(c)::text || row_to_json(a)::text as row
           from connected_account a left join credential c on c.account_id = a.id`,
        )
      ).rows
        .map(({ row }) => row)
        .join()
    expect(await dump()).not.toMatch(new RegExp(`SENTINEL|${Buffer.from('SENTINEL').toString('hex')}`))
    const { id } = data.createConnectedAccount
    expect((await world.ask(refresh, { id })).errors).toBeUndefined()
    expect((await world.get(disconnect, { id })).disconnectConnectedAccount.revocation).toBe('NOT_SUPPORTED')
    expect(await credential('header', identifier)).toMatchObject({
      __typename: 'AuthorizationRequired',
      status: 'DISCONNECTED',
    })
    expect(
      (
        await world.pool.query(
          'select 1 from credential where account_id = (select id from connected_account where identifier = $1)',
          [identifier],
        )
      ).rowCount,
    ).toBe(0)
  })
})

it('cannot be imported as OAuth tokens, and has no scopes [input 25]', async () => {
  expect(
    (await world.ask(importTokens, { input: { connection: 'header', identifier: 'x', oauth2: { accessToken: 'a' } } }))
      .errors?.[0]?.extensions,
  ).toEqual({
    code: 'BAD_USER_INPUT',
    path: ['input', 'oauth2'],
  })
  expect(await account('header', 'x')).toBeNull()
  expect(
    (await world.ask(createConnection, { input: { connector: 'header', name: 'scoped', scopes: ['read'] } }))
      .errors?.[0]?.extensions,
  ).toEqual({
    code: 'BAD_USER_INPUT',
    path: ['input', 'scopes'],
  })
})
