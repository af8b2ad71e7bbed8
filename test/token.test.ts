import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createConnection, importTokens, readAccount, readToken, startAuthorization } from './support/documents.js'
import { OddProvider } from './support/odd-provider.js'
import { Visitor } from './support/visitor.js'
import { createWorld, type World } from './support/world.js'

const refreshAccount = graphql(`
  mutation Refresh($id: ID!) {
    refreshConnectedAccount(id: $id) {
      status
      statusReason
      lastRefresh { succeeded providerError message }
    }
  }
`)

const disconnect = graphql(`
  mutation Disconnect($id: ID!) {
    disconnectConnectedAccount(id: $id) { identifier revocation message }
  }
`)

const deleteAccount = graphql(`
  mutation DeleteAccount($id: ID!) {
    deleteConnectedAccount(id: $id) { identifier revocation }
  }
`)

const suspend = graphql(`
  mutation Suspend($id: ID!) {
    suspendConnectedAccount(id: $id) { status statusReason }
  }
`)

const resume = graphql(`
  mutation Resume($id: ID!) {
    resumeConnectedAccount(id: $id) { status statusReason }
  }
`)

const readConnection = graphql(`
  query ReadConnection($connection: ID!) {
    connection(connection: $connection) { status problem }
  }
`)

const updateConnection = graphql(`
  mutation Repair($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) { status problem }
  }
`)

const updateAccount = graphql(`
  mutation UpdateAccount($id: ID!, $input: UpdateConnectedAccountInput!) {
    updateConnectedAccount(id: $id, input: $input) { metadata status }
  }
`)

const tellBefore = graphql(`
  query TellBefore($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes
      token {
        ... on OAuthToken { expiresAt scopes }
        ... on AuthorizationRequired { status reason }
      }
    }
  }
`)

const tellAfter = graphql(`
  query TellAfter($connection: ID!, $identifier: String!) {
    connectedAccount(connection: $connection, identifier: $identifier) {
      token {
        ... on OAuthToken { expiresAt scopes }
        ... on AuthorizationRequired { status reason }
      }
      status statusReason tokenExpiresAt lastRefresh { succeeded } grantedScopes
    }
  }
`)

let provider: OddProvider
let world: World
let users = 0

beforeAll(async () => {
  provider = await OddProvider.open()
  world = await createWorld({
    env: { VALETKEY_ALLOW_PRIVATE_NETWORK: 'on' },
    connectors: [
      provider.definition('odd'),
      provider.definition('slackish', {
        token: {
          response: {
            ok: { path: 'ok', equals: true },
            error: { code: 'error', grantCodes: ['invalid_refresh_token'] },
          },
        },
      }),
      provider.definition('introspecting', {
        token: { response: { expires: 'introspect' } },
        method: {
          introspect: {
            method: 'POST',
            url: '{connection.base}/introspect',
            auth: 'client_body',
            encoding: 'form',
            body: { token: '{token.access}' },
            pick: { exp: 'exp' },
          },
        },
      }),
      provider.definition('no-refresh', { method: { refresh: false } }),
    ],
  })
  for (const connector of ['odd', 'slackish', 'introspecting', 'no-refresh']) await newConnection(connector, connector)
})
afterAll(async () => {
  await world.close()
  provider.close()
})

function newConnection(connector: string, name: string) {
  return world.get(createConnection, {
    input: {
      connector,
      name,
      fields: [
        { key: 'client_id', value: 'app' },
        { key: 'client_secret', value: 'app-secret' },
      ],
    },
  })
}

/** An account whose access token has expired. */
async function expired(connection = 'odd', refreshToken: string | null = 'refresh-1') {
  const identifier = `user_${++users}`
  // A pause from an earlier test does not apply to this one.
  await world.pool.query('update connection set paused_until = null')
  const { createConnectedAccount } = await world.get(importTokens, {
    input: {
      connection,
      identifier,
      oauth2: {
        accessToken: 'access-1',
        refreshToken,
        expiresAt: new Date(Date.now() + 3600_000).toISOString(),
        scopes: ['read'],
      },
    },
  })
  await world.pool.query(
    `update credential set expires_at = now() - interval '1 second', obtained_at = now() - interval '1 hour'
     from connected_account a where a.id = account_id and a.identifier = $1`,
    [identifier],
  )
  return { connection, identifier, id: createConnectedAccount.id }
}

const answer = (body: unknown, status = 200, headers = {}) => {
  provider.requests.length = 0
  provider.answers['/token'] = () => ({ status, body, headers })
}
const token = async (
  of: { connection: string; identifier: string },
  more: { minValidity?: number; scopes?: string[]; purpose?: string } = {},
) =>
  (await world.get(readToken, { connection: of.connection, identifier: of.identifier, ...more })).connectedAccount
    ?.token
const account = async (of: { connection: string; identifier: string }) =>
  (await world.get(readAccount, { connection: of.connection, identifier: of.identifier })).connectedAccount
const allowRetry = async (of: { id: string; identifier: string }) => {
  await world.pool.query('update connection set paused_until = null')
  await world.pool.query(
    `update refresh_lease set next_attempt_at = null, until = null
     from connected_account a where a.id = account_id and a.identifier = $1`,
    [of.identifier],
  )
}

describe('a token query', () => {
  it('gives the stored token while it is valid, ready to send', async () => {
    provider.requests.length = 0
    const { identifier } = await fresh()
    expect(await token({ connection: 'odd', identifier }, { purpose: 'summarise the inbox' })).toMatchObject({
      __typename: 'OAuthToken',
      accessToken: 'access-1',
      tokenType: 'Bearer',
      scopes: ['read'],
      apiBaseUrl: `${provider.url}/api`,
      queryParams: [],
      headers: [{ name: 'authorization', value: 'Bearer access-1' }],
    })
    expect(provider.requests).toEqual([])
    expect(
      Date.now() - Date.parse((await account({ connection: 'odd', identifier }))?.lastTokenReadAt ?? ''),
    ).toBeLessThan(10_000)
  })

  it('refreshes first only when the token would expire within minValidity', async () => {
    const of = await fresh(600)
    answer({ access_token: 'access-2', expires_in: 3600 })
    await world.pool.query(
      `update credential set obtained_at = now() - interval '1 hour'
       from connected_account a where a.id = account_id and a.identifier = $1`,
      [of.identifier],
    )
    expect(await token(of, { minValidity: 500 })).toMatchObject({ accessToken: 'access-1' })
    expect(await token(of, { minValidity: 700 })).toMatchObject({ accessToken: 'access-2' })
    expect(provider.requestsTo('/token')).toHaveLength(1)
  })

  it('refreshes once when tokens never last as long as minValidity [input 45]', async () => {
    const of = await expired()
    answer({ access_token: 'short', expires_in: 20 })
    for (let i = 0; i < 5; i++) expect(await token(of, { minValidity: 3600 })).toMatchObject({ accessToken: 'short' })
    expect(provider.requestsTo('/token')).toHaveLength(1)
  })

  it('reports other states: no account, no authorization yet, a missing scope, a draft [T55, input 44]', async () => {
    expect((await world.get(readToken, { connection: 'odd', identifier: 'nobody' })).connectedAccount).toBeNull()
    await world.get(importTokens, { input: { connection: 'odd', identifier: 'pending' } })
    expect(await token({ connection: 'odd', identifier: 'pending' })).toMatchObject({
      __typename: 'AuthorizationRequired',
      status: 'PENDING_AUTHORIZATION',
      reason: expect.stringContaining('startAuthorization'),
    })
    const of = await fresh()
    expect(await token(of, { scopes: ['read', 'write'] })).toEqual({
      __typename: 'InsufficientScope',
      missingScopes: ['write'],
      grantedScopes: ['read'],
    })
    await newConnection('odd', 'drafted')
    const onDraft = await fresh(3600, 'drafted')
    await world.get(updateConnection, {
      connection: 'drafted',
      input: { fields: [{ key: 'client_secret', value: '' }] },
    })
    expect(await token(onDraft)).toMatchObject({
      __typename: 'ConnectionUnavailable',
      connectionStatus: 'DRAFT',
      reason: 'Still to fill in: Client secret.',
    })
  })

  it('gives one token per operation, however the query is written [T30, input 46]', async () => {
    const of = await fresh()
    const where = `connection: "odd", identifier: "${of.identifier}"`
    for (const document of [
      `{ connectedAccount(${where}) { a: token { __typename } b: token { __typename } } }`,
      `{
        a: connectedAccount(${where}) { ...T }
        b: connectedAccount(${where}) { ...T }
      }
      fragment T on ConnectedAccount { token { __typename } }`,
      '{ connectedAccounts(first: 2) { items { token { __typename } } } }',
      `query ($yes: Boolean = true) { connectedAccount(${where}) {
        token @include(if: $yes) { __typename }
        b: token @skip(if: false) { __typename }
      } }`,
      `{ a: connectedAccount(${where}) { ...T ...T } b: connectedAccount(${where}) { ... @include(if: true) { ...T } } }
      fragment T on ConnectedAccount { token { __typename } }`,
    ]) {
      const { errors } = await world.ask(document as never)
      expect(errors?.map(({ extensions }) => extensions.code)).toContain('QUERY_TOO_COMPLEX')
    }
  })

  it.each([{ minValidity: -1 }, { minValidity: 100_000 }, { purpose: 'x'.repeat(201) }, { purpose: 'a\nb' }])(
    'refuses the wish %j',
    async (wish) => {
      const of = await fresh()
      const { errors } = await world.ask(readToken, { connection: of.connection, identifier: of.identifier, ...wish })
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: Object.keys(wish) })
    },
  )

  it('refuses an id and an identifier of different accounts [input 47]', async () => {
    const [one, other] = [await fresh(), await fresh()]
    const document = graphql(`
      query Both($id: ID, $connection: ID, $identifier: String) {
        connectedAccount(id: $id, connection: $connection, identifier: $identifier) { identifier }
      }
    `)
    expect((await world.get(document, { id: one.id, identifier: one.identifier })).connectedAccount?.identifier).toBe(
      one.identifier,
    )
    for (const variables of [
      { id: one.id, identifier: other.identifier },
      { id: one.id, connection: 'slackish' },
      {},
      { connection: 'odd' },
    ]) {
      expect((await world.ask(document, variables)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    }
  })
})

describe('a refresh', () => {
  it('sends the refresh token as RFC 6749 §6 says, and the rotated one the next time', async () => {
    const of = await expired()
    answer({ access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 3600 })
    expect(await token(of)).toMatchObject({ accessToken: 'access-2' })
    expect(provider.requestsTo('/token')[0]?.form).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: 'app',
      client_secret: 'app-secret',
    })
    await world.get(refreshAccount, { id: of.id })
    expect(provider.requestsTo('/token')[1]?.form.refresh_token).toBe('refresh-2')
  })

  it.each([{}, { refresh_token: '' }, { refresh_token: null }])(
    'keeps the refresh token when the answer has %j, ten times over [input 38]',
    async (extra) => {
      const of = await expired()
      answer({ access_token: 'next', expires_in: 3600, ...extra })
      for (let i = 0; i < 10; i++)
        expect((await world.get(refreshAccount, { id: of.id })).refreshConnectedAccount.status).toBe('ACTIVE')
      expect(provider.requestsTo('/token').map(({ form }) => form.refresh_token)).toEqual(Array(10).fill('refresh-1'))
    },
  )

  it('happens once for many callers in one process [T41]', async () => {
    const of = await expired()
    provider.requests.length = 0
    provider.answers['/token'] = async () => {
      await new Promise((resolve) => setTimeout(resolve, 100))
      return { body: { access_token: 'crowd', expires_in: 3600 } }
    }
    const tokens = await Promise.all(Array.from({ length: 50 }, () => token(of)))
    expect(tokens.every((one) => one?.__typename === 'OAuthToken' && one.accessToken === 'crowd')).toBe(true)
    expect(provider.requestsTo('/token')).toHaveLength(1)
  })

  it('that the provider refuses ends the grant, with its reason [input 42, 44]', async () => {
    const of = await expired()
    answer({ error: 'invalid_grant', error_description: 'Token has been revoked.' }, 400)
    const ended = {
      __typename: 'AuthorizationRequired',
      status: 'REAUTHORIZATION_REQUIRED',
      reason: 'The provider answered invalid_grant: Token has been revoked.',
    }
    expect(await token(of)).toEqual(ended)
    expect(await token(of)).toEqual(ended)
    // A query that got no token is no use of the account.
    expect((await account(of))?.lastTokenReadAt).toBeNull()
    expect(provider.requestsTo('/token')).toHaveLength(1)
    expect(await account(of)).toMatchObject({
      status: 'REAUTHORIZATION_REQUIRED',
      lastRefresh: { succeeded: false, providerError: 'invalid_grant' },
    })
  })

  it.each([
    ['before', tellBefore],
    ['after', tellAfter],
  ] as const)('tells of one moment: what stands %s the token in the query, too', async (_place, query) => {
    const ask = async ({ connection, identifier }: { connection: string; identifier: string }) =>
      (await world.get(query, { connection, identifier })).connectedAccount
    const renewed = await expired()
    answer({ access_token: 'access-2', refresh_token: 'refresh-2', expires_in: 7200, scope: 'read more' })
    const good = await ask(renewed)
    expect(good).toMatchObject({
      status: 'ACTIVE',
      lastRefresh: { succeeded: true },
      grantedScopes: ['read', 'more'],
      token: { scopes: ['read', 'more'] },
    })
    expect(good?.token).toMatchObject({ expiresAt: good?.tokenExpiresAt })
    const refused = await expired()
    // Several refusals within a minute would be doubted first.
    await world.pool.query("update connected_account set status_changed_at = status_changed_at - interval '1 hour'")
    answer({ error: 'invalid_grant' }, 400)
    const bad = await ask(refused)
    expect(bad).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED', lastRefresh: { succeeded: false } })
    expect(bad?.token).toEqual({ status: bad?.status, reason: bad?.statusReason })
  })

  it("recognizes a provider's own error for a refused grant, with status 200 [input 40, 42]", async () => {
    const of = await expired('slackish')
    answer({ ok: false, error: 'invalid_refresh_token' })
    expect(await token(of)).toMatchObject({ __typename: 'AuthorizationRequired', status: 'REAUTHORIZATION_REQUIRED' })
  })

  it('without a refresh token is not attempted: the user has to reconnect [input 43]', async () => {
    provider.requests.length = 0
    expect(await token(await expired('odd', null))).toMatchObject({
      __typename: 'AuthorizationRequired',
      reason: expect.stringContaining('gave no refresh token'),
    })
    expect(await token(await expired('no-refresh'))).toMatchObject({
      __typename: 'AuthorizationRequired',
      status: 'REAUTHORIZATION_REQUIRED',
    })
    expect(provider.requests).toEqual([])
  })

  it.each<[string, () => void]>([
    ['a 503', () => answer({}, 503)],
    ['a 500 with a body of its own', () => answer({ error: 'server_error' }, 500)],
    ['a 502 in HTML', () => answer('<html>Bad gateway</html>', 502)],
    ['a 200 in HTML', () => answer('<html>Maintenance</html>')],
    ['a 200 that is an empty list', () => answer([])],
    ['a 200 with an access token that is empty', () => answer({ access_token: '' })],
    ['a 200 with an access token of two lines', () => answer({ access_token: 'a\nb' })],
    ['a 200 with an access token that is a number', () => answer({ access_token: 7 })],
    ['a token of type mac', () => answer({ access_token: 'x', token_type: 'mac' })],
    ['an answer of 2 MiB', () => answer({ access_token: 'x'.repeat(2 * 1024 * 1024) })],
    [
      'a connection that breaks off',
      () => {
        provider.answers['/token'] = () => (response) => response.destroy()
      },
    ],
    [
      'a body that breaks off',
      () => {
        provider.answers['/token'] = () => (response) => {
          response.writeHead(200, { 'content-length': '100' }).write('{"acc')
          setTimeout(() => response.destroy(), 20)
        }
      },
    ],
  ])('answered with %s changes nothing, and may be tried again [T22, T42, input 36, 42]', async (_what, misbehave) => {
    const of = await expired()
    misbehave()
    expect(await token(of)).toMatchObject({ __typename: 'ProviderUnavailable', retryAfter: expect.any(Number) })
    expect(await account(of)).toMatchObject({ status: 'ACTIVE', lastRefresh: { succeeded: false } })
    await allowRetry(of)
    answer({ access_token: 'back', expires_in: 3600 })
    expect(await token(of)).toMatchObject({ accessToken: 'back' })
    expect(provider.requestsTo('/token')[0]?.form.refresh_token).toBe('refresh-1')
  })

  it.each<[string, () => string, number]>([
    ['in seconds', () => '7', 7],
    ['as a date', () => new Date(Date.now() + 120_000).toUTCString(), 120],
    ['that is far too long', () => '1000000000', 3600],
    ['that says nothing', () => 'soon', 30],
  ])('answered with 429 and a Retry-After %s is not tried before [T42, input 42]', async (_what, header, seconds) => {
    const of = await expired()
    answer({}, 429, { 'retry-after': header() })
    const first = await token(of)
    if (first?.__typename !== 'ProviderUnavailable') throw new Error(`It answered ${first?.__typename}.`)
    expect(Math.abs(first.retryAfter - seconds)).toBeLessThanOrEqual(2)
    expect(await token(of)).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect(provider.requestsTo('/token')).toHaveLength(1)
  })

  it('with a wrong client secret marks the connection, until that is corrected [T43, input 42]', async () => {
    await newConnection('odd', 'mistyped')
    const accounts = [await expired('mistyped'), await expired('mistyped'), await expired('mistyped')]
    answer({ error: 'invalid_client' }, 401)
    // The first could be at fault itself; the second is the witness.
    const [first] = accounts
    if (!first) throw new Error('no account')
    expect(await token(first)).toMatchObject({ __typename: 'ProviderUnavailable' })
    for (const of of accounts.toReversed()) {
      expect(await token(of)).toMatchObject({
        __typename: 'ConnectionUnavailable',
        connectionStatus: 'MISCONFIGURED',
        reason: expect.stringContaining('invalid_client'),
      })
      expect((await account(of))?.status).toBe('ACTIVE')
    }
    expect(provider.requestsTo('/token')).toHaveLength(2)
    expect((await world.get(readConnection, { connection: 'mistyped' })).connection).toMatchObject({
      status: 'MISCONFIGURED',
      problem: expect.stringContaining('client id and secret'),
    })
    answer({ access_token: 'mended', expires_in: 3600 })
    await world.get(updateConnection, {
      connection: 'mistyped',
      input: { fields: [{ key: 'client_secret', value: 'right' }] },
    })
    for (const of of accounts) expect(await token(of)).toMatchObject({ accessToken: 'mended' })
  })

  it.each([301, 302, 307, 308])('never follows a %d, which would send the secrets elsewhere [T21]', async (status) => {
    await newConnection('odd', `redirected-${status}`)
    const of = await expired(`redirected-${status}`)
    answer({}, status, { location: `${provider.url}/thief` })
    expect(await token(of)).toMatchObject({ __typename: 'ProviderUnavailable' })
    expect(provider.requestsTo('/thief')).toEqual([])
  })

  it('is not sent for another app than the one that the user consented to [T10]', async () => {
    await newConnection('odd', 'moved')
    const of = await expired('moved')
    answer({ access_token: 'x', expires_in: 60 })
    await world.get(updateConnection, {
      connection: 'moved',
      input: { fields: [{ key: 'client_id', value: 'another-app' }] },
    })
    expect(await token(of)).toMatchObject({
      __typename: 'AuthorizationRequired',
      reason: expect.stringContaining('app or address changed'),
    })
    expect(provider.requests).toEqual([])
  })

  it.each<[unknown, (seconds: number | null) => boolean]>([
    ['3600', (s) => Math.abs((s ?? 0) - 3600) < 10],
    [3600.5, (s) => Math.abs((s ?? 0) - 3600) < 10],
    [0, (s) => Math.abs((s ?? 0) - 60) < 10],
    [-1, (s) => Math.abs((s ?? 0) - 60) < 10],
    [1e20, (s) => Math.abs((s ?? 0) - 10 * 365 * 24 * 3600) < 10],
    [null, (s) => s === null],
    ['abc', (s) => s === null],
    // A point in time, where a number of seconds is due.
    [Math.floor(Date.now() / 1000) + 3600, (s) => Math.abs((s ?? 0) - 3600) < 60],
    [Date.now() + 3600_000, (s) => Math.abs((s ?? 0) - 3600) < 60],
    [true, (s) => s === null],
    [false, (s) => s === null],
    [[60], (s) => s === null],
  ])('understands expires_in %j [input 37]', async (expires_in, right) => {
    const of = await expired()
    answer({ access_token: 'x', expires_in })
    const got = await token(of, { minValidity: 0 })
    if (got?.__typename !== 'OAuthToken') throw new Error(`It answered ${got?.__typename}.`)
    expect(right(got.expiresAt == null ? null : (Date.parse(got.expiresAt) - Date.now()) / 1000)).toBe(true)
  })

  it.each<[unknown, string[]]>([
    ['read write', ['read', 'write']],
    [
      ['read', 'write'],
      ['read', 'write'],
    ],
    [undefined, ['read']],
  ])('stores the scopes of the answer %j [T55, input 39]', async (scope, scopes) => {
    const of = await expired()
    answer({ access_token: 'x', expires_in: 3600, scope })
    expect(await token(of)).toMatchObject({ scopes })
  })

  it.each<[string, number, number]>([
    ['tells how long', 200, 7200],
    ['does not tell', 500, 600],
  ])('is stored before the provider is asked how long the token lasts, which it %s', async (_what, status, lasts) => {
    const of = await expired('introspecting')
    answer({ access_token: 'access-2', refresh_token: 'refresh-2' })
    let storedThen: unknown
    provider.answers['/introspect'] = async () => {
      storedThen = (
        await world.pool.query(
          'select version from credential join connected_account a on a.id = account_id where a.identifier = $1',
          [of.identifier],
        )
      ).rows[0].version
      return { status, body: { active: true, exp: Math.floor(Date.now() / 1000) + 7200 } }
    }
    const got = await token(of)
    if (got?.__typename !== 'OAuthToken') throw new Error(`It answered ${got?.__typename}.`)
    expect(storedThen).toBe(2)
    expect(Math.abs((Date.parse(got.expiresAt as string) - Date.now()) / 1000 - lasts)).toBeLessThan(10)
    expect((await account(of))?.tokenExpiresAt).toBe(got.expiresAt)
  })

  it('reads a form-encoded answer, and one behind a byte order mark [input 40]', async () => {
    const of = await expired()
    provider.answers['/token'] = () => ({
      body: 'access_token=from-form&expires_in=3600&refresh_token=r2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(await token(of)).toMatchObject({ accessToken: 'from-form' })
    const other = await expired()
    provider.answers['/token'] = () => ({
      body: '\uFEFF{"access_token":"from-bom"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(await token(other)).toMatchObject({ accessToken: 'from-bom' })
  })

  it('does not undo a disconnection: a late answer is revoked, and not stored [T44, input 66]', async () => {
    const of = await expired()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.requests.length = 0
    provider.answers['/revoke'] = () => ({ body: {} })
    provider.answers['/token'] = async () => {
      await held
      return { body: { access_token: 'late', refresh_token: 'late-refresh', expires_in: 3600 } }
    }
    const waiting = world.get(readToken, { connection: of.connection, identifier: of.identifier })
    await until(() => provider.requestsTo('/token').length === 1)
    expect((await world.get(disconnect, { id: of.id })).disconnectConnectedAccount.revocation).toBe('REVOKED')
    release()
    expect((await waiting).connectedAccount).toMatchObject({
      status: 'DISCONNECTED',
      token: { __typename: 'AuthorizationRequired', status: 'DISCONNECTED' },
    })
    await until(() => provider.requestsTo('/revoke').length === 2)
    expect(provider.requestsTo('/revoke').map(({ form }) => form.token)).toEqual(['refresh-1', 'late-refresh'])
    expect(
      (
        await world.pool.query(
          'select 1 from credential join connected_account a on a.id = account_id where a.identifier = $1',
          [of.identifier],
        )
      ).rowCount,
    ).toBe(0)
  })

  it('does not replace a new grant: a late answer is dropped', async () => {
    const of = await expired()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.requests.length = 0
    provider.answers['/token'] = async () => {
      await held
      return { body: { access_token: 'late', refresh_token: 'late-refresh', expires_in: 3600 } }
    }
    const waiting = token(of)
    await until(() => provider.requestsTo('/token').length === 1)
    await world.get(importTokens, {
      input: {
        connection: of.connection,
        identifier: of.identifier,
        oauth2: { accessToken: 'granted-anew', refreshToken: 'anew', scopes: ['read'] },
      },
    })
    release()
    expect(await waiting).toMatchObject({ accessToken: 'granted-anew' })
    expect(await token(of)).toMatchObject({ accessToken: 'granted-anew' })
    expect(provider.requestsTo('/revoke')).toEqual([])
  })
})

describe('an account', () => {
  it('says why its grant ended while it was suspended, once it is resumed', async () => {
    const of = await expired()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    provider.requests.length = 0
    provider.answers['/token'] = async () => {
      await held
      return { status: 400, body: { error: 'invalid_grant', error_description: 'The user left.' } }
    }
    const waiting = token(of)
    await until(() => provider.requestsTo('/token').length === 1)
    await world.get(suspend, { id: of.id })
    release()
    await waiting
    expect((await world.get(resume, { id: of.id })).resumeConnectedAccount).toEqual({
      status: 'REAUTHORIZATION_REQUIRED',
      statusReason: expect.stringContaining('The user left.'),
    })
  })

  it('can be suspended and resumed, and keeps its credentials', async () => {
    const of = await fresh()
    expect((await world.get(suspend, { id: of.id })).suspendConnectedAccount).toEqual({
      status: 'SUSPENDED',
      statusReason: 'An administrator paused this account.',
    })
    expect(await token(of)).toMatchObject({ __typename: 'AuthorizationRequired', status: 'SUSPENDED' })
    expect((await world.get(resume, { id: of.id })).resumeConnectedAccount).toEqual({
      status: 'ACTIVE',
      statusReason: null,
    })
    expect(await token(of)).toMatchObject({ accessToken: 'access-1' })
  })

  it.each([
    [200, 'REVOKED'],
    [500, 'FAILED'],
  ])('is disconnected whatever the provider answers (%d) [T44, input 44, 66]', async (status, revocation) => {
    const of = await fresh()
    provider.answers['/revoke'] = () => ({ status, body: {} })
    expect((await world.get(disconnect, { id: of.id })).disconnectConnectedAccount).toMatchObject({
      identifier: of.identifier,
      revocation,
    })
    expect(await account(of)).toMatchObject({ status: 'DISCONNECTED', grantedScopes: [], tokenExpiresAt: null })
    expect(await token(of)).toMatchObject({ __typename: 'AuthorizationRequired', status: 'DISCONNECTED' })
    expect((await world.get(disconnect, { id: of.id })).disconnectConnectedAccount.revocation).toBe('NOTHING_TO_REVOKE')
    expect((await world.ask(suspend, { id: of.id })).errors?.[0]?.extensions.code).toBe('CONFLICT')
    expect((await world.get(deleteAccount, { id: of.id })).deleteConnectedAccount.identifier).toBe(of.identifier)
    expect(await account(of)).toBeNull()
  })

  it('is created once when many requests create it at once [input 21]', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        world.get(importTokens, { input: { connection: 'odd', identifier: 'everybody', metadata: { plan: 'pro' } } }),
      ),
    )
    expect(new Set(answers.map(({ createConnectedAccount }) => createConnectedAccount.id)).size).toBe(1)
  })

  it.each<[string, object]>([
    ['of 64 KB', { big: 'x'.repeat(64 * 1024) }],
    ['a hundred deep', JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)],
    ['with U+0000', { note: 'a\0b' }],
    ['with __proto__', JSON.parse('{"nested":{"__proto__":{"admin":true}}}')],
  ])('takes no metadata %s [T56, input 65]', async (_what, metadata) => {
    const of = await fresh()
    const { errors, status } = await world.ask(updateAccount, { id: of.id, input: { metadata: metadata as never } })
    expect(status).toBeLessThan(500)
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect((await account(of))?.metadata).toEqual({})
  })

  it.each<[string, Record<string, unknown>, (string | number)[]]>([
    ['an access token of two lines', { accessToken: 'a\nb' }, ['input', 'oauth2', 'accessToken']],
    [
      'a token that has expired and cannot be renewed',
      { accessToken: 'a', expiresAt: '2020-01-01T00:00:00Z' },
      ['input', 'oauth2', 'expiresAt'],
    ],
    ['a scope with a space', { accessToken: 'a', scopes: ['a b'] }, ['input', 'oauth2', 'scopes', 0]],
  ])('takes no import with %s [input 67]', async (_what, oauth2, path) => {
    const { errors } = await world.ask(importTokens, {
      input: { connection: 'odd', identifier: 'imported', oauth2: oauth2 as never },
    })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path })
    expect(await account({ connection: 'odd', identifier: 'imported' })).toBeNull()
  })
})

describe('a code that the provider refuses', () => {
  it.each<[string, number, unknown, string]>([
    ['invalid_grant', 400, { error: 'invalid_grant' }, 'invalid_grant'],
    ['a fault', 500, {}, 'cannot be reached'],
    ['HTML', 200, '<html>', 'not a token answer'],
  ])('(%s) leaves the account as it was, and the link open [input 35]', async (_what, status, body, words) => {
    const identifier = `code_${++users}`
    const { startAuthorization: link } = await world.get(startAuthorization, {
      input: { connection: 'odd', identifier },
    })
    const visitor = new Visitor()
    const address = new URL(await visitor.start(link.url as string, (url) => url.startsWith(provider.url)))
    answer(body, status)
    const back = `${address.searchParams.get('redirect_uri')}?code=abc&state=${address.searchParams.get('state')}`
    const visit = await visitor.open(back)
    expect([visit.status, visit.text.includes(words)]).toEqual([502, true])
    expect(provider.requestsTo('/token')[0]?.form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'abc',
      redirect_uri: address.searchParams.get('redirect_uri'),
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(await account({ connection: 'odd', identifier })).toMatchObject({
      status: 'PENDING_AUTHORIZATION',
      authorizationLinks: [{ status: 'OPEN' }],
    })
  })
})

/** An account whose token is valid for so many seconds. */
async function fresh(seconds = 3600, connection = 'odd') {
  const identifier = `user_${++users}`
  const { createConnectedAccount } = await world.get(importTokens, {
    input: {
      connection,
      identifier,
      oauth2: {
        accessToken: 'access-1',
        refreshToken: 'refresh-1',
        expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
        scopes: ['read'],
      },
    },
  })
  return { connection, identifier, id: createConnectedAccount.id }
}

async function until(condition: () => boolean) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10))
}
