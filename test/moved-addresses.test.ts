/** What decides where a secret goes, wherever it is written down: nothing that was entered before goes elsewhere. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createApiKey, importTokens, readAccount, readToken } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { createConnector, Workshop } from './support/workshop.js'

const change = graphql(`
  mutation MovedChange($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) {
      status
      problem
      fields { key isSet }
    }
  }
`)
const changeAccount = graphql(`
  mutation MovedAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
    updateConnectedAccount(id: $id, input: $input) { status fields { key value isSet } }
  }
`)
const redefine = graphql(`
  mutation MovedRedefine($key: ID!, $definition: JSONObject!) {
    updateConnector(key: $key, definition: $definition) { key }
  }
`)
const readSource = graphql(`
  query MovedSource($key: ID!) { connector(key: $key) { source } }
`)
const renew = graphql(`
  mutation MovedRefresh($id: ID!) { refreshConnectedAccount(id: $id) { status } }
`)
const disconnect = graphql(`
  mutation MovedDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }
`)

let shop: Workshop
/** Another party on the same host, at another port. */
let other: OddProvider
beforeAll(async () => {
  shop = await Workshop.open()
  other = await OddProvider.open()
})
afterAll(async () => {
  await shop.close()
  other.close()
})
beforeEach(() => {
  shop.provider.requests.length = 0
  other.requests.length = 0
})

const port = () => new URL(shop.provider.url).port
/** Two names of this machine stand in for two parties. */
const [OURS, THEIRS] = ['127.0.0.1', 'localhost'] as const
const pathOf = (url: string) => new URL(url).pathname
const listed = (fields: Record<string, string>) => Object.entries(fields).map(([key, value]) => ({ key, value }))
const arrive = (door: URL) => ({ code: 'c', state: door.searchParams.get('state') as string })
const set = (connection: string, fields: Record<string, string>) =>
  shop.world.ask(change, { connection, input: { fields: listed(fields) } })
const accountOf = async (connection: string, identifier = 'ada') =>
  (await shop.world.get(readAccount, { connection, identifier })).connectedAccount
const token = async (connection: string, identifier = 'ada') =>
  (await shop.world.get(readToken, { connection, identifier })).connectedAccount?.token
/** What arrived at the other party. */
const atTheirs = () => [
  ...shop.provider.requests.filter(({ headers }) => headers.host?.startsWith(`${THEIRS}:`)),
  ...other.requests,
]
const PAUSED = { __typename: 'AuthorizationRequired', reason: expect.stringContaining('app or address changed') }

/**
 * A connection with one user, whose token endpoint is at `base`.
 *
 * @param base a template of an origin
 */
async function connected(
  base: string,
  {
    frame = {},
    method = {},
    fields = {},
    user = {},
  }: {
    frame?: Record<string, unknown>
    method?: Record<string, unknown>
    fields?: Record<string, string>
    user?: Record<string, string>
  } = {},
) {
  const key = await shop.connector(
    (url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: `${base}${pathOf(url('/token'))}` },
      revoke: [{ url: `${base}${pathOf(url('/revoke'))}` }],
      ...method,
    }),
    { trustHosts: [OURS, THEIRS], ...frame },
  )
  const answer = () => ({ body: { access_token: 'access', refresh_token: 'refresh', expires_in: 3600 } })
  shop.answer(key, '/token', answer)
  other.answers[`/${key}/token`] = answer
  const { name } = await shop.connection(key, { client_id: 'app', client_secret: 'app-secret', ...fields })
  await shop.authorize(name, arrive, user)
  expect(await accountOf(name)).toMatchObject({ status: 'ACTIVE' })
  const { connector } = await shop.world.get(readSource, { key })
  return { key, name, source: structuredClone(connector?.source) as unknown as Source }
}
interface Source {
  trustHosts: string[]
  environments: Record<string, Record<string, string>>
  auth: [Record<string, unknown> & { connectionFields: { default?: string }[]; token: { url: string } }]
}

const host = (more: Record<string, unknown> = {}) => ({ key: 'host', label: 'Host', kind: 'text', ...more })

describe('the definition of a connector in use', () => {
  const own = () => `http://${OURS}:${port()}`
  it.each<[string, Parameters<typeof connected>, (source: Source) => void]>([
    [
      "a field's default",
      ['http://{connection.host}:PORT', { method: { connectionFields: [host({ required: false, default: OURS })] } }],
      ({ auth }) => Object.assign(auth[0].connectionFields[0] as object, { default: THEIRS }),
    ],
    [
      "an account field's default",
      ['http://{account.host}:PORT', { method: { accountFields: [host({ required: false, default: OURS })] } }],
      ({ auth }) => Object.assign((auth[0].accountFields as object[])[0] as object, { default: THEIRS }),
    ],
    [
      'a host of an environment',
      ['http://{env.host}:PORT', { frame: { environments: { production: { host: OURS } } } }],
      ({ environments }) => Object.assign(environments, { production: { host: THEIRS } }),
    ],
    [
      'a port of an environment',
      ['{env.base}', { frame: { environments: { production: { base: 'http://127.0.0.1:PORT' } } } }],
      ({ environments }) => Object.assign(environments, { production: { base: other.url } }),
    ],
    [
      'an environment that comes to stand before',
      ['{env.base}', { frame: { environments: { production: { base: 'http://127.0.0.1:PORT' } } } }],
      ({ environments }) => Object.assign(environments, { a: { base: other.url } }),
    ],
    [
      'a literal',
      ["{'http://127.0.0.1:PORT'}"],
      ({ auth }) => Object.assign(auth[0].token, { url: auth[0].token.url.replace(OURS, THEIRS) }),
    ],
    [
      'a plain address, to a host that is trusted already',
      ['http://127.0.0.1:PORT'],
      ({ auth }) => Object.assign(auth[0].token, { url: auth[0].token.url.replace(OURS, THEIRS) }),
    ],
    [
      'a plain address, to another port',
      ['http://127.0.0.1:PORT'],
      ({ auth }) => Object.assign(auth[0].token, { url: `${other.url}${pathOf(auth[0].token.url)}` }),
    ],
    [
      'a revocation that is added elsewhere',
      ['http://127.0.0.1:PORT'],
      ({ auth }) => Object.assign(auth[0], { revoke: [...(auth[0].revoke as []), { url: `${other.url}/revoke` }] }),
    ],
  ])('keeps its secrets from elsewhere: %s [T10]', async (_what, [base, more], move) => {
    const here = JSON.parse(JSON.stringify([base, more ?? {}]).replaceAll('PORT', port()))
    const { key, name, source } = await connected(...(here as Parameters<typeof connected>))
    expect(own()).toBe(shop.provider.url)
    const before = structuredClone(source)
    move(source)
    const { errors } = await shop.world.ask(redefine, { key, definition: source as never })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/would lead to another origin|is a new host/),
      extensions: { code: 'CONFLICT', path: expect.arrayContaining(['definition']) },
    })
    await shop.expire()
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
    await shop.authorize(name, arrive, {}, 'bob')
    expect(atTheirs()).toEqual([])
    // What is the same is no change.
    await shop.world.get(redefine, { key, definition: before as never })
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
  })

  it('pauses its accounts where a default moves them within the origin', async () => {
    const { key, name, source } = await connected(own(), {
      method: {
        connectionFields: [{ key: 'tenant', label: 'Tenant', kind: 'text', required: false, default: 'one' }],
        api: { baseUrl: `${own()}/{connection.tenant}` },
      },
    })
    const before = structuredClone(source)
    Object.assign(source.auth[0].connectionFields[0] as object, { default: 'two' })
    await shop.world.get(redefine, { key, definition: source as never })
    expect(await token(name)).toMatchObject(PAUSED)
    await shop.world.get(redefine, { key, definition: before as never })
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
  })

  it.each([
    ['a secret field', { connectionFields: [host({ kind: 'secret' })] }, 'http://{connection.host}/token'],
    [
      'a secret part of JSON',
      { accountFields: [host({ kind: 'json', secret: true })] },
      'http://{account.host.a}/token',
    ],
    ['the client secret', {}, '{app.client_secret}/token'],
    [
      'a secret field after what looks like a path',
      { connectionFields: [host({ kind: 'secret' })] },
      "{'http:'}/{connection.host}",
    ],
  ])('has no host that is %s', async (_what, method, url) => {
    const definition = {
      schema: 1,
      key: 'secretive',
      name: 'Secretive',
      categories: ['testing'],
      trustHosts: [OURS],
      auth: [
        {
          id: 'main',
          type: 'oauth2',
          grant: 'authorization_code',
          authorize: { url: 'http://a.example/' },
          token: { url },
          ...method,
        },
      ],
    }
    const { errors } = await shop.world.ask(createConnector, { definition: definition as never })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('auth.0.token.url: has a secret'),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })
})

it('says what is wrong where it takes for an address what is no template', async () => {
  const definition = {
    schema: 1,
    key: 'broken',
    name: 'Broken',
    categories: ['testing'],
    auth: [
      {
        id: 'main',
        type: 'mcp',
        serverUrl: 'http://a.example/',
        auth: 'oauth',
        registrationParams: { url: '{account.x' },
      },
    ],
  }
  const { errors } = await shop.world.ask(createConnector, { definition })
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining('a brace is not closed'),
    extensions: { code: 'BAD_USER_INPUT' },
  })
})

describe('a JSON field of a connection', () => {
  it('asks for the secrets again where an address reads a part of it [T10]', async () => {
    const { name } = await connected(`http://{connection.cfg.host}:${port()}`, {
      method: { connectionFields: [{ key: 'cfg', label: 'Settings', kind: 'json' }] },
      fields: { cfg: JSON.stringify({ host: OURS }) },
    })
    const { data } = await set(name, { cfg: JSON.stringify({ host: THEIRS }) })
    expect(data?.updateConnection).toMatchObject({ status: 'DRAFT', problem: expect.stringContaining('Client secret') })
    expect(data?.updateConnection.fields).toContainEqual({ key: 'client_secret', isSet: false })
    expect(await accountOf(name)).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED' })
    expect(atTheirs()).toEqual([])
  })
})

describe("the host in an account's form", () => {
  /** A key as an application hands it to the one that acts for a user. */
  async function bound(connection: string) {
    const { createApiKey: made } = await shop.world.get(createApiKey, {
      input: { name: 'bound', permissions: ['ACCOUNTS_WRITE'], identifiers: ['ada'], connections: [connection] },
    })
    return made.secret
  }

  async function withKeys(more: Record<string, unknown> = {}) {
    const key = await shop.connector(
      (url) => {
        const at = (path: string) => `http://{account.host}:${port()}${pathOf(url(path))}`
        return {
          type: 'static',
          preset: 'custom',
          accountFields: [
            host(),
            { key: 'api_key', label: 'API key', kind: 'secret' },
            { key: 'pin', label: 'Pin', kind: 'secret', required: false },
            { key: 'note', label: 'Note', kind: 'text', required: false },
          ],
          apply: { headers: { 'x-key': '{account.api_key}', 'x-pin': '{account.pin}' } },
          verify: { url: at('/me') },
          revoke: [{ method: 'POST', url: at('/revoke') }],
          api: { baseUrl: at('/api') },
          ...more,
        }
      },
      { trustHosts: [OURS, THEIRS] },
    )
    shop.answer(key, '/me', () => ({ body: {} }))
    shop.answer(key, '/revoke', () => ({ body: {} }))
    const { name } = await shop.connection(key, {})
    const { id } = await shop.account(name, { host: OURS, api_key: 'the-users-own', pin: '1234' })
    return { key, name, id }
  }

  it('moves no key that was entered before: not to be checked, handed out or revoked [T10]', async () => {
    const { key, name, id } = await withKeys()
    const secret = await bound(name)
    const moves: Record<string, string>[] = [{ host: THEIRS }, { host: THEIRS, api_key: 'new' }]
    for (const fields of moves.map(listed)) {
      const answers = [
        await shop.world.ask(changeAccount, { id, input: { fields } }, secret),
        await shop.world.ask(importTokens, { input: { connection: name, identifier: 'ada', fields } }, secret),
      ]
      for (const { errors } of answers)
        expect(errors?.[0]).toMatchObject({
          message: expect.stringMatching(/pin again/),
          extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields'] },
        })
    }
    await shop.world.get(disconnect, { id })
    expect(shop.requestsTo(key, '/revoke')).toHaveLength(1)
    expect(atTheirs()).toEqual([])
  })

  it('is changed together with the secrets, and an unchanged one is no change', async () => {
    const { key, name, id } = await withKeys()
    await shop.world.get(changeAccount, { id, input: { fields: listed({ host: OURS, note: 'x' }) } })
    expect(shop.requestsTo(key, '/me').at(-1)?.headers).toMatchObject({ 'x-key': 'the-users-own', 'x-pin': '1234' })
    await shop.world.get(changeAccount, { id, input: { fields: listed({ host: THEIRS, api_key: 'new', pin: '' }) } })
    expect(atTheirs().map(({ headers }) => [headers['x-key'], headers['x-pin']])).toEqual([['new', undefined]])
    expect(await accountOf(name)).toMatchObject({ status: 'ACTIVE' })
  })

  it('moves no tokens, for which the user authorizes anew [T10]', async () => {
    const { name } = await connected(`http://{account.host}:${port()}`, {
      method: { accountFields: [host(), { key: 'note', label: 'Note', kind: 'text', required: false }] },
      frame: { api: { baseUrl: `http://{account.host}:${port()}/api` } },
      user: { host: OURS },
    })
    const { id } = (await accountOf(name)) as { id: string }
    const secret = await bound(name)
    const fields = listed({ host: THEIRS })
    for (const { errors } of [
      await shop.world.ask(changeAccount, { id, input: { fields } }, secret),
      await shop.world.ask(importTokens, { input: { connection: name, identifier: 'ada', fields } }, secret),
    ])
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('start an authorization'),
        extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields'] },
      })
    await shop.world.get(changeAccount, { id, input: { fields: listed({ host: OURS, note: 'x' }) } })
    await shop.world.get(renew, { id })
    expect(atTheirs()).toEqual([])
    await shop.authorize(name, arrive, { host: THEIRS })
    expect(atTheirs().map(({ form }) => form.grant_type)).toEqual(['authorization_code'])
  })

  it('is no way round a connection that moved: the stored key is not checked there', async () => {
    const key = await shop.connector(
      (url) => ({
        type: 'static',
        preset: 'api_key',
        connectionFields: [host()],
        accountFields: [
          { key: 'api_key', label: 'API key', kind: 'secret' },
          { key: 'note', label: 'Note', kind: 'text', required: false },
        ],
        apply: { headers: { 'x-key': '{account.api_key}' } },
        verify: { url: `http://{connection.host}:${port()}${pathOf(url('/me'))}` },
      }),
      { trustHosts: [OURS, THEIRS] },
    )
    shop.answer(key, '/me', () => ({ body: {} }))
    const { name } = await shop.connection(key, { host: OURS })
    const { id } = await shop.account(name, { api_key: 'the-users-own' })
    await set(name, { host: THEIRS })
    expect(await token(name)).toMatchObject(PAUSED)
    const { errors } = await shop.world.ask(changeAccount, { id, input: { fields: listed({ note: 'x' }) } })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('api_key again'),
      extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields'] },
    })
    expect(atTheirs()).toEqual([])
  })
})

describe('a server that names another authorization server later on', () => {
  /** Both parties can be authorization servers of the same MCP server; `as` says whose turn it is. */
  async function discovered(method: Record<string, unknown>, fields: Record<string, string>) {
    const at = { as: shop.provider.url }
    const metadataOf = (base: string, key: string) => ({
      issuer: `${base}/${key}`,
      authorization_endpoint: `${base}/${key}/authorize`,
      token_endpoint: `${base}/${key}/token`,
      revocation_endpoint: `${base}/${key}/revoke`,
      registration_endpoint: `${base}/${key}/register`,
      code_challenge_methods_supported: ['S256'],
    })
    const key = await shop.connector(
      (url) => ({ ...method, ...(method.type === 'mcp' ? { serverUrl: url('/mcp') } : { discovery: url('/oidc') }) }),
      { trustHosts: [OURS] },
    )
    shop.answer(key, '/mcp', () => ({
      status: 401,
      body: {},
      headers: { 'www-authenticate': `Bearer resource_metadata="${shop.at(key, '/prm')}"` },
    }))
    shop.answer(key, '/prm', () => ({
      body: { resource: shop.at(key, '/mcp'), authorization_servers: [`${at.as}/${key}`] },
    }))
    shop.answer(key, '/oidc', () => ({ body: metadataOf(at.as, key) }))
    for (const { answers, url } of [shop.provider, other]) {
      answers[`/.well-known/oauth-authorization-server/${key}`] = () => ({ body: metadataOf(url, key) })
      answers[`/${key}/token`] = () => ({
        body: { access_token: 'access', refresh_token: 'refresh', expires_in: 3600 },
      })
      answers[`/${key}/register`] = () => ({ status: 201, body: { client_id: 'registered', client_secret: 'its-own' } })
    }
    const { name } = await shop.connection(key, fields)
    await shop.authorize(name, arrive)
    expect(await accountOf(name)).toMatchObject({ status: 'ACTIVE' })
    return { key, name, at }
  }
  /** All that reached the other party but the reading of its metadata. */
  const sentThere = () => atTheirs().filter(({ path }) => !path.startsWith('/.well-known/'))
  const CLIENT = { client_id: 'app', client_secret: 'app-secret' }
  const oidc = {
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: '{discovered.authorization_endpoint}' },
    token: { url: '{discovered.token_endpoint}' },
    revoke: [{ url: '{discovered.revocation_endpoint}' }],
  }

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['of an MCP server, with a client that was entered', { type: 'mcp', auth: 'oauth' }, CLIENT],
    ['of an MCP server, with one that was registered', { type: 'mcp', auth: 'oauth' }, {}],
    ['of an OpenID provider', oidc, CLIENT],
  ])('gets nothing of the one before: %s [T10]', async (_what, method, fields) => {
    const { name, at } = await discovered(method, fields)
    at.as = other.url
    const { data } = await set(name, { client_id: fields.client_id ?? '' })
    expect(data?.updateConnection).toMatchObject({
      status: 'DRAFT',
      problem: expect.stringMatching(new RegExp(`another authorization server: ${other.url}.*before, it was http`)),
    })
    expect(data?.updateConnection.fields.find(({ key }) => key === 'client_secret')?.isSet).toBe(false)
    const account = await accountOf(name)
    expect(account).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED', statusReason: PAUSED.reason })
    expect(sentThere()).toEqual([])

    // It is not there to be found again, either.
    const { data: again } = await set(name, { client_id: fields.client_id ?? '' })
    expect(again?.updateConnection.fields.find(({ key }) => key === 'client_secret')?.isSet).toBe(false)

    // The developer agrees, and users consent anew.
    const { data: agreed } = await set(name, fields)
    expect(agreed?.updateConnection).toMatchObject({ status: 'ACTIVE', problem: null })
    expect(await token(name)).toMatchObject(PAUSED)
    await shop.world.ask(renew, { id: account?.id as string })
    await shop.world.get(disconnect, { id: account?.id as string })
    expect(sentThere().filter(({ path }) => !path.endsWith('/register'))).toEqual([])
    await shop.authorize(name, arrive, {}, 'bob')
    expect(await token(name, 'bob')).toMatchObject({ __typename: 'OAuthToken' })
  })

  it('is no other one where it only changes within its origins', async () => {
    const { key, name } = await discovered(oidc, CLIENT)
    const base = shop.provider.url
    shop.answer(key, '/oidc', () => ({
      body: {
        issuer: `${base}/${key}`,
        authorization_endpoint: `${base}/${key}/authorize`,
        token_endpoint: `${base}/${key}/v2/token`,
        userinfo_endpoint: `${base}/${key}/me`,
      },
    }))
    const { data } = await set(name, { client_id: 'app' })
    expect(data?.updateConnection).toMatchObject({ status: 'ACTIVE', problem: null })
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
  })

  it('leaves grants of earlier versions behind as well', async () => {
    const { name, at } = await discovered({ type: 'mcp', auth: 'oauth' }, CLIENT)
    await shop.world.pool.query(
      `update credential set destinations = null from connected_account a, connection c
       where a.id = account_id and c.id = a.connection_id and c.name = $1`,
      [name],
    )
    await shop.world.pool.query('update connection set authority = null where name = $1', [name])
    at.as = other.url
    await set(name, { client_id: 'app' })
    await set(name, CLIENT)
    expect(await token(name)).toMatchObject(PAUSED)
    expect(await accountOf(name)).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED' })
    expect(sentThere()).toEqual([])
  })
})
