/** Where a secret goes: only to the app and the addresses that it was entered for, or that the user consented to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { readAccount, readToken, startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { createConnector, Workshop } from './support/workshop.js'

const change = graphql(`
  mutation WallsChange($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) {
      status
      problem
      fields { key isSet }
    }
  }
`)
const redefine = graphql(`
  mutation WallsRedefine($key: ID!, $definition: JSONObject!) {
    updateConnector(key: $key, definition: $definition) { key }
  }
`)
const readSource = graphql(`
  query WallsSource($key: ID!) { connector(key: $key) { source } }
`)
const disconnect = graphql(`
  mutation WallsDisconnect($id: ID!) { disconnectConnectedAccount(id: $id) { revocation } }
`)
const verify = graphql(`
  mutation WallsVerify($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open({ VALETKEY_ALLOWED_ORIGINS: 'https://app.example' })
})
afterAll(() => shop.close())
beforeEach(() => {
  shop.provider.requests.length = 0
})

const port = () => new URL(shop.provider.url).port
/** Two names of this machine stand in for two parties. */
const [OURS, THEIRS] = ['127.0.0.1', 'localhost']

/** A connection whose addresses are on the host that its form names. */
async function hosted(users: string[], more: Record<string, unknown> = {}) {
  const key = await shop.connector(
    (url) => {
      const at = (path: string) => `http://{connection.host}:${port()}${new URL(url(path)).pathname}`
      return {
        type: 'oauth2',
        grant: 'authorization_code',
        connectionFields: [{ key: 'host', label: 'Host', kind: 'text' }],
        authorize: { url: at('/authorize') },
        token: { url: at('/token') },
        revoke: [{ url: at('/revoke') }],
        ...more,
      }
    },
    { trustHosts: [OURS, THEIRS] },
  )
  const { name } = await shop.connection(key, { client_id: 'app', client_secret: 'app-secret', host: OURS as string })
  let issued = 0
  shop.answer(key, '/token', () => ({
    body: { access_token: `access-${++issued}`, refresh_token: `refresh-${issued}`, expires_in: 3600 },
  }))
  shop.answer(key, '/revoke', () => ({ body: {} }))
  for (const user of users)
    await shop.authorize(name, (door) => ({ code: 'c', state: door.searchParams.get('state') as string }), {}, user)
  return { key, name }
}

/** A user who has left for the provider, and comes back when `back` is called. */
async function underWay(connection: string, verifyUrl: string | null = null) {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection, identifier: 'ada', verifyUrl },
  })
  const visitor = new Visitor()
  const door = new URL(await visitor.start(link.url as string, (url) => url.includes('/authorize')))
  const { redirectUri } = await shop.connectionOf(connection)
  const back = new URL(redirectUri)
  back.searchParams.set('code', 'c')
  back.searchParams.set('state', door.searchParams.get('state') as string)
  return {
    address: back.href,
    back: () => visitor.open(back.href, undefined, (url) => url.startsWith(verifyUrl ?? 'nowhere')),
  }
}

const token = async (connection: string, identifier = 'ada') =>
  (await shop.world.get(readToken, { connection, identifier })).connectedAccount?.token
const accountOf = async (connection: string, identifier = 'ada') =>
  (await shop.world.get(readAccount, { connection, identifier })).connectedAccount
const set = (connection: string, fields: Record<string, string>) =>
  shop.world.get(change, {
    connection,
    input: { fields: Object.entries(fields).map(([key, value]) => ({ key, value })) },
  })
/** What arrived at the other party. */
const atTheirs = () => shop.provider.requests.filter(({ headers }) => headers.host?.startsWith(`${THEIRS}:`))
const PAUSED = { __typename: 'AuthorizationRequired', reason: expect.stringContaining('app or address changed') }

describe('a template', () => {
  it.each([
    "{server.public_url | before:'h' | date:'http://127.0.0.1:1'}",
    "{server.public_url | date:'yyyy evil.example'}",
    "{connection.scopes | join:'https://evil.example/'}",
    '{connection.scopes | join:account.separator}',
    '{account.number | date:account.pattern}',
  ])('cannot make text of its own with a filter: %s', async (url) => {
    const definition = {
      schema: 1,
      key: 'tricky',
      name: 'Tricky',
      categories: ['testing'],
      auth: [
        {
          id: 'main',
          type: 'oauth2',
          grant: 'authorization_code',
          authorize: { url: 'http://a.example/' },
          token: { url },
        },
      ],
    }
    const { errors } = await shop.world.ask(createConnector, { definition })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('the argument of'),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('that makes an address of something else is judged by what became of it [T19]', async () => {
    const { key, name } = await hosted(['ada'], {})
    const { connector } = await shop.world.get(readSource, { key })
    const source = structuredClone(connector?.source) as { auth: { token: { url: string } }[]; trustHosts: string[] }
    const method = source.auth[0] as { token: { url: string } }
    // Of http://127.0.0.1:<port> it leaves what leads to another host, where this server did not say so.
    method.token.url = "{discovered.issuer ?? server.name + '://' + account.host}"
    const { errors } = await shop.world.ask(redefine, { key, definition: source })
    if (!errors) {
      await shop.expire()
      expect(await token(name)).not.toMatchObject({ __typename: 'OAuthToken' })
    }
    expect(atTheirs()).toEqual([])
  })
})

describe('a connection whose address changes', () => {
  it('asks for its secrets again, pauses its accounts, and sends nothing to the new address [T10]', async () => {
    const { name } = await hosted(['ada', 'bob'])
    const { updateConnection: moved } = await set(name, { host: THEIRS as string })
    expect(moved).toMatchObject({ status: 'DRAFT', problem: expect.stringContaining('Client secret') })
    await set(name, { client_secret: 'another-secret' })
    await shop.expire()
    for (const user of ['ada', 'bob']) {
      expect(await token(name, user)).toMatchObject(PAUSED)
      expect(await accountOf(name, user)).toMatchObject({
        status: 'REAUTHORIZATION_REQUIRED',
        statusReason: PAUSED.reason,
      })
    }
    const { disconnectConnectedAccount } = await shop.world.get(disconnect, {
      id: (await accountOf(name, 'bob'))?.id as string,
    })
    expect(disconnectConnectedAccount.revocation).toBe('NOT_SUPPORTED')
    expect(atTheirs()).toEqual([])
    // It was a mistake: the first account is as it was.
    await set(name, { host: OURS as string, client_secret: 'app-secret' })
    expect(await accountOf(name)).toMatchObject({ status: 'ACTIVE', statusReason: null })
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
  })

  it('takes the secrets that are entered with the new address, and serves who consents to it', async () => {
    const { name } = await hosted(['ada'])
    const { updateConnection: moved } = await set(name, { host: THEIRS as string, client_secret: 'theirs' })
    expect(moved.status).toBe('ACTIVE')
    expect(await token(name)).toMatchObject(PAUSED)
    await shop.authorize(name, (door) => ({ code: 'c', state: door.searchParams.get('state') as string }))
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
    const grants = atTheirs().flatMap(({ form }) => form.grant_type ?? [])
    expect(grants).toEqual(['authorization_code'])
  })

  it("does not hand a user's own key out for the new address", async () => {
    const key = await shop.connector(
      () => ({
        type: 'static',
        preset: 'api_key',
        connectionFields: [{ key: 'host', label: 'Host', kind: 'text' }],
        accountFields: [{ key: 'api_key', label: 'API key', kind: 'secret' }],
        verify: { url: `http://{connection.host}:${port()}/me` },
        apply: { headers: { 'x-key': '{account.api_key}' } },
      }),
      { trustHosts: [OURS, THEIRS], api: { baseUrl: `http://{connection.host}:${port()}/api` } },
    )
    const { name } = await shop.connection(key, { host: OURS as string })
    shop.provider.answers['/me'] = () => ({ body: {} })
    await shop.account(name, { api_key: 'the-users-own' })
    expect(await token(name)).toMatchObject({ __typename: 'ApiKeyCredential' })
    await set(name, { host: THEIRS as string })
    expect(await token(name)).toMatchObject(PAUSED)
  })
})

describe('a definition that changes', () => {
  it('pauses the accounts of its connections, ends what is under way, and both come back with it [T10]', async () => {
    const { key, name } = await hosted(['ada'])
    const { connector } = await shop.world.get(readSource, { key })
    const before = connector?.source as { auth: { token: { url: string } }[] }
    const after = structuredClone(before)
    const method = after.auth[0] as { token: { url: string } }
    method.token.url = method.token.url.replace(/token$/, 'tenant-of-another/token')
    const { back } = await underWay(name)
    await shop.world.get(redefine, { key, definition: after })
    expect((await back()).text).toContain('changed')
    expect(await token(name)).toMatchObject(PAUSED)
    await shop.world.get(redefine, { key, definition: before })
    expect(await token(name)).toMatchObject({ __typename: 'OAuthToken' })
    expect(shop.requestsTo(key, '/tenant-of-another/token')).toEqual([])
  })
})

describe('what is under way', () => {
  it('is held to a verification that was made stricter', async () => {
    const { name } = await hosted([])
    const { startAuthorization: link } = await shop.world.get(startAuthorization, {
      input: { connection: name, identifier: 'ada' },
    })
    await shop.world.get(change, { connection: name, input: { userVerification: 'APPLICATION' } })
    const visitor = new Visitor()
    const page = await visitor.open(link.url as string)
    expect([page.status, page.text]).toEqual([409, expect.stringContaining('Ask for a new one')])
    expect(await accountOf(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
    expect(shop.provider.requests).toEqual([])
  })

  it('ends with a disconnection: no link and no held grant brings the account back', async () => {
    const { key, name } = await hosted(['ada'])
    const account = await accountOf(name)
    const { startAuthorization: link } = await shop.world.get(startAuthorization, {
      input: { connection: name, identifier: 'ada' },
    })
    const left = await underWay(name)
    await shop.world.get(change, { connection: name, input: { userVerification: 'APPLICATION' } })
    const held = await underWay(name, 'http://localhost:1/verify')
    const authorization = new URL((await held.back()).url).searchParams.get('authorization_id') as string
    await shop.world.get(disconnect, { id: account?.id as string })
    expect((await new Visitor().open(link.url as string)).text).toContain('was withdrawn')
    expect((await left.back()).text).not.toContain('is connected')
    const { errors } = await shop.world.ask(verify, { input: { authorization, identifier: 'ada' } })
    expect(errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
    expect(await accountOf(name)).toMatchObject({ status: 'DISCONNECTED' })
    // What was held is given back, as was what was stored.
    expect(shop.requestsTo(key, '/revoke').length).toBeGreaterThanOrEqual(2)
  })

  it('is not used up by who only looks at it [T11, input 33]', async () => {
    const { name } = await hosted([])
    const { back, address } = await underWay(name)
    for (let i = 0; i < 3; i++) expect((await fetch(address, { method: 'HEAD' })).status).toBe(404)
    expect((await back()).text).toContain('is connected')
  })

  it.each([
    'blob:https://app.example/x',
    'javascript:alert(1)',
    'data:text/html,x',
    'filesystem:https://app.example/x',
  ])('does not lead back to %s [T14]', async (returnUrl) => {
    const { name } = await hosted([])
    const { errors } = await shop.world.ask(startAuthorization, {
      input: { connection: name, identifier: 'ada', returnUrl },
    })
    expect(errors?.[0]?.extensions.code).toBe('REDIRECT_NOT_ALLOWED')
  })

  it.each([
    ['a turn of direction', 'ad\u202ea'],
    ['no width', 'ad\u200ba'],
    ['a soft hyphen', 'ad\u00ada'],
    ['a blank that is none', 'ad\u00a0a'],
    ['a filler', 'ad\u3164a'],
    ['a mark of its own', 'e\u0301a'],
    ['a tag', 'ad\u{e0041}a'],
    ['a letter of full width', '\uff41da'],
    ['a ligature', 'a\ufb01'],
    ['a bold letter of mathematics', '\u{1d41a}da'],
    ['a Cyrillic letter among Latin ones', 'tenant_7:b\u043eb'],
    ['a Greek letter among Latin ones', 'b\u03bfb@example.com'],
    ['a Latin letter among Cyrillic ones', '\u0431o\u0431'],
    ['an Armenian letter among Latin ones, behind a digit', 'bob1\u0585'],
  ])('is for nobody whose name has %s', async (_what, identifier) => {
    const { name } = await hosted([])
    const { errors } = await shop.world.ask(startAuthorization, { input: { connection: name, identifier } })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', path: ['input', 'identifier'] } })
  })

  it.each([
    'tenant_7:боб',
    'αλέξανδρος',
    'müller@例え.jp',
    '田中taro',
    'zażółć',
    'O’Brien (2)',
    'боб/bob',
    '鈴木-김철수',
  ])('is for %s, whose words are each of one alphabet', async (identifier) => {
    const { name } = await hosted([])
    const { errors } = await shop.world.ask(startAuthorization, { input: { connection: name, identifier } })
    expect(errors).toBeUndefined()
  })

  it('is for one whose account is older than this rule', async () => {
    const { name } = await hosted([])
    const start = (identifier: string) =>
      shop.world.ask(startAuthorization, { input: { connection: name, identifier } })
    await start('bob')
    await shop.world.pool.query("update connected_account set identifier = $1 where identifier = 'bob'", ['b\u043eb'])
    expect((await start('b\u043eb')).errors).toBeUndefined()
  })

  it('is not verified for another address than it was given to, and sent nowhere', async () => {
    const { key, name } = await hosted([])
    await shop.world.get(change, { connection: name, input: { userVerification: 'APPLICATION' } })
    const { back } = await underWay(name, 'http://localhost:1/verify')
    const authorization = new URL((await back()).url).searchParams.get('authorization_id') as string
    await set(name, { host: THEIRS as string, client_secret: 'theirs' })
    const { errors } = await shop.world.ask(verify, { input: { authorization, identifier: 'ada' } })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('changed meanwhile'),
      extensions: { code: 'USER_VERIFICATION_FAILED' },
    })
    expect(shop.requestsTo(key, '/revoke')).toEqual([])
    expect(atTheirs()).toEqual([])
  })
})
