/** The pages of links as a user sees them: forms for credentials, and verification of the user. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createApiKey, createConnection, startAuthorization, verifyAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'

const setVerification = graphql(`
  mutation SetVerification($connection: ID!, $mode: UserVerification!) {
    updateConnection(connection: $connection, input: {userVerification: $mode}) { userVerification }
  }
`)

const disconnect = graphql(`
  mutation DisconnectHosted($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

const suspend = graphql(`
  mutation SuspendHosted($id: ID!) {
    suspendConnectedAccount(id: $id) { status }
  }
`)

const resume = graphql(`
  mutation ResumeHosted($id: ID!) {
    resumeConnectedAccount(id: $id) { status }
  }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open({ VALETKEY_APP_NAME: 'Acme' })
})
afterAll(() => shop.close())

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''

/** A link that a new visitor has opened. */
async function opened(connection: string, input: Record<string, unknown> = {}) {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection, identifier: 'ada', ...input },
  })
  const visitor = new Visitor()
  const page = await visitor.open(link.url as string)
  const send = (fields: Record<string, string>, until?: (url: string) => boolean) =>
    visitor.open(
      link.url as string,
      {
        csrf: csrfOf(page.text),
        ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [`field.${key}`, value])),
      },
      until,
    )
  return { link, page, visitor, send }
}

describe('a form for a key', () => {
  const method = (url: (path: string) => string) => ({
    type: 'static',
    help: 'Settings, API: add a key.',
    consoleUrl: 'https://acme.example/keys',
    preset: 'custom',
    accountFields: [
      {
        key: 'site',
        label: 'Site',
        kind: 'subdomain',
        suffix: '.acme.example',
        help: 'The first part of the address.',
        helpUrl: 'https://acme.example/help',
        normalize: ['trim', 'lower', 'stripProtocol', 'stripTrailingSlash', 'stripSuffix'],
      },
      {
        key: 'region',
        label: 'Region',
        kind: 'select',
        default: 'eu',
        options: [
          { value: 'eu', label: 'Europe' },
          { value: 'us', label: 'United States' },
        ],
      },
      { key: 'api_key', label: 'API key', kind: 'secret', pattern: '[a-f0-9]{8}', placeholder: '0a1b2c3d' },
      { key: 'note', label: 'Note', kind: 'text', required: false },
    ],
    apply: { headers: { 'x-key': '{account.api_key}', 'x-site': '{account.site}' } },
    verify: { url: url('/me'), wrong: { status: [401] } },
  })
  async function made() {
    const key = await shop.connector(method)
    const { name } = await shop.connection(key, {})
    shop.answer(key, '/me', ({ headers }) =>
      headers['x-key'] === '0a1b2c3d'
        ? { body: {} }
        : { status: 401, body: { message: 'This key was deleted <b>yesterday</b>' } },
    )
    return { key, name }
  }

  it('asks for what the connector needs, checks it, and connects', async () => {
    const { key, name } = await made()
    const { page, send, link } = await opened(name)
    expect(page.text).toContain('Acme wants to connect to your')
    expect(page.text).toMatch(/type="password"/)
    expect(page.text).toContain('href="https://acme.example/help"')
    expect(page.text).toContain('How to get what is asked for: Settings, API: add a key.')
    expect(page.text).toContain('href="https://acme.example/keys"')
    const done = await send({ site: ' https://Berlin.acme.example/ ', region: 'us', api_key: ' 0a1b2c3d\n', note: '' })
    expect([done.status, done.text.includes('Connected')]).toEqual([200, true])
    expect(shop.requestsTo(key, '/me')[0]?.headers).toMatchObject({ 'x-key': '0a1b2c3d', 'x-site': 'berlin' })
    expect(await shop.credential(name)).toMatchObject({
      status: 'ACTIVE',
      token: {
        __typename: 'CustomCredential',
        headers: [
          { name: 'x-key', value: '0a1b2c3d' },
          { name: 'x-site', value: 'berlin' },
        ],
      },
    })
    expect((await new Visitor().open(link.url as string)).status).toBe(410)
  })

  it('shows errors at each field, keeps values that are not secret, and stores nothing [input 51]', async () => {
    const { key, name } = await made()
    const { send } = await opened(name)
    const back = await send({ site: 'a b', region: 'moon', api_key: 'not-a-key', note: 'kept' })
    expect(back.status).toBe(422)
    expect(back.text.match(/aria-invalid="true"/g)).toHaveLength(3)
    expect(back.text).toContain('does not have the form that it has at this service, such as 0a1b2c3d')
    expect(back.text).toContain('value="kept"')
    expect(back.text).not.toContain('not-a-key')
    const empty = await send({})
    expect(empty.text).toContain('API key is needed.')
    expect(shop.requestsTo(key, '/me')).toHaveLength(0)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('repeats what the provider says, and lets the user try again [T18, input 52]', async () => {
    const { name } = await made()
    const { send } = await opened(name)
    const refused = await send({ site: 'berlin', region: 'eu', api_key: 'ffffffff' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('This key was deleted &#60;b&#62;yesterday&#60;/b&#62;')
    expect(refused.text).not.toContain('ffffffff')
    expect((await send({ site: 'berlin', region: 'eu', api_key: '0a1b2c3d' })).text).toContain('Connected')
  })

  it('does not ask for values that the link already has', async () => {
    const { key, name } = await made()
    const { page, send } = await opened(name, { fields: [{ key: 'site', value: 'paris' }] })
    expect(page.text).not.toContain('field.site')
    await send({ region: 'eu', api_key: '0a1b2c3d', site: 'evil' })
    expect(shop.requestsTo(key, '/me')[0]?.headers['x-site']).toBe('paris')
    const secret = await shop.world.ask(startAuthorization, {
      input: { connection: name, identifier: 'ada', fields: [{ key: 'api_key', value: '0a1b2c3d' }] },
    })
    expect(secret.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it.each<[string, Record<string, string>]>([
    ['a megabyte', { 'field.api_key': 'x'.repeat(1_000_000) }],
    ['an unknown field', { 'field.__proto__': 'x', 'field.admin': 'true' }],
    ['a line break in the key', { 'field.api_key': '0a1b\n2c3d' }],
    ['markup', { 'field.site': '"><script>alert(1)</script>', 'field.note': '<img src=x onerror=alert(1)>' }],
    ['a null', { 'field.api_key': '0a1b2c3d\0' }],
    ['nothing', {}],
  ])('stores nothing of %s [input 51]', async (_what, form) => {
    const { key, name } = await made()
    const { link, page, visitor } = await opened(name)
    const back = await visitor.open(link.url as string, { csrf: csrfOf(page.text), ...form })
    expect([413, 422]).toContain(back.status)
    expect(back.text).not.toMatch(/<script>alert|<img src=x|went wrong on our side/)
    expect(shop.requestsTo(key, '/me')).toHaveLength(0)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('takes ten attempts and no more, against guessing [T12]', async () => {
    const { name } = await made()
    const { send } = await opened(name)
    for (let i = 0; i < 10; i++)
      expect((await send({ site: 'berlin', region: 'eu', api_key: 'ffffffff' })).status).toBe(422)
    expect((await send({ site: 'berlin', region: 'eu', api_key: '0a1b2c3d' })).status).toBe(429)
  })

  it('counts once when it is sent several times [T13, input 27, 51]', async () => {
    const { key, name } = await made()
    const { send } = await opened(name)
    const ends = await Promise.all([1, 2, 3, 4].map(() => send({ site: 'berlin', region: 'eu', api_key: '0a1b2c3d' })))
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(shop.requestsTo(key, '/me').length).toBeGreaterThan(0)
    expect(await shop.credential(name)).toMatchObject({ status: 'ACTIVE' })
  })

  it('leads back to the application from a page, since Chrome would block a redirect [T17]', async () => {
    const { name } = await made()
    const { send } = await opened(name, { returnUrl: 'http://localhost:1/done', state: 's' })
    const end = await send({ site: 'berlin', region: 'eu', api_key: '0a1b2c3d' }, (url) =>
      url.startsWith('http://localhost:1/'),
    )
    expect(Object.fromEntries(new URL(end.url).searchParams)).toMatchObject({ status: 'ACTIVE', state: 's' })
  })

  it('asks for values that the authorization URL needs before it redirects to the provider', async () => {
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      accountFields: [{ key: 'shop', label: 'Shop', kind: 'subdomain' }],
      authorize: { url: url('/{account.shop}/authorize') },
      token: { url: url('/{account.shop}/token') },
    }))
    const { name } = await shop.connection(key)
    shop.answer(key, '/bakery/token', () => ({ body: { access_token: 'a', expires_in: 60 } }))
    const { page, send, visitor } = await opened(name)
    expect(page.text).toContain('name="field.shop"')
    const { url } = await send({ shop: 'bakery' }, (url) => url.startsWith(shop.provider.url))
    expect(new URL(url).pathname).toBe(`/${key}/bakery/authorize`)
    const { rows } = await shop.world.pool.query(
      'select redirect_uri from authorization_request order by expires_at desc limit 1',
    )
    const back = await visitor.open(`${rows[0].redirect_uri}?code=c&state=${new URL(url).searchParams.get('state')}`)
    expect(back.text).toContain('Connected')
  })
})

describe('verification by the application', () => {
  const verifyUrl = 'http://localhost:1/verify'
  async function made() {
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: url('/token') },
      revoke: [
        {
          method: 'POST',
          url: url('/revoke'),
          auth: 'client_body',
          encoding: 'form',
          body: { token: '{token.refresh ?? token.access}' },
        },
      ],
      identity: { url: url('/me'), pick: { id: 'id' } },
    }))
    const { name } = await shop.connection(key)
    await shop.world.get(setVerification, { connection: name, mode: 'APPLICATION' })
    let issued = 0
    shop.answer(key, '/token', () => ({
      body: { access_token: `access-${++issued}`, refresh_token: `refresh-${issued}`, expires_in: 3600 },
    }))
    shop.answer(key, '/me', () => ({ body: { id: 'person-1' } }))
    shop.answer(key, '/revoke', () => ({ body: {} }))
    return { key, name }
  }
  /** Follows the link to the provider and back, up to the application's verifyUrl. */
  async function authorized(name: string, more: Record<string, unknown> = {}) {
    const { link, visitor, send } = await opened(name, { verifyUrl, state: 'mine', ...more })
    const door = new URL((await send({}, (url) => url.startsWith(shop.provider.url))).url)
    const { rows } = await shop.world.pool.query(
      'select redirect_uri from authorization_request order by expires_at desc limit 1',
    )
    const end = await visitor.open(
      `${rows[0].redirect_uri}?code=c&state=${door.searchParams.get('state')}`,
      undefined,
      (url) => url.startsWith('http://localhost:1/'),
    )
    const params = Object.fromEntries(new URL(end.url).searchParams)
    return { link, authorization: params.authorization_id as string, params, url: end.url }
  }
  const verify = (authorization: string, identifier: string, key?: string) =>
    shop.world.ask(verifyAuthorization, { input: { authorization, identifier } }, key)

  it('needs a verifyUrl when the link is created [input 24]', async () => {
    const { name } = await made()
    const { errors } = await shop.world.ask(startAuthorization, { input: { connection: name, identifier: 'ada' } })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input', 'verifyUrl'] })
    expect(
      (
        await shop.world.ask(startAuthorization, {
          input: { connection: name, identifier: 'ada', verifyUrl: 'https://evil.example/' },
        })
      ).errors?.[0]?.extensions.code,
    ).toBe('REDIRECT_NOT_ALLOWED')
  })

  it('keeps tokens unreadable until the application has confirmed the user [T1, input 44, 50]', async () => {
    const { name } = await made()
    const { url, authorization, params } = await authorized(name)
    expect(url.startsWith(verifyUrl)).toBe(true)
    expect(params).toEqual({ authorization_id: expect.stringMatching(/^authz_/), state: 'mine' })
    expect(await shop.credential(name)).toMatchObject({
      status: 'PENDING_VERIFICATION',
      token: { __typename: 'AuthorizationRequired', status: 'PENDING_VERIFICATION' },
    })
    expect((await verify(authorization, 'ada')).data.verifyAuthorization).toMatchObject({
      status: 'ACTIVE',
      identifier: 'ada',
    })
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'access-1' })
    // Confirming a second time changes nothing; naming another user afterwards does not undo it.
    expect((await verify(authorization, 'ada')).data.verifyAuthorization).toMatchObject({ status: 'ACTIVE' })
    expect((await verify(authorization, 'bob')).errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
    expect(await shop.credential(name)).toMatchObject({ status: 'ACTIVE' })
  })

  it('fails for another user: no token is readable, the grant is revoked, in 50 runs [T1, input 50]', async () => {
    const { key, name } = await made()
    for (let run = 0; run < 50; run++) {
      const identifier = `attacker-${run}`
      const { authorization } = await authorized(name, { identifier })
      expect((await shop.credential(name, { identifier }))?.token.__typename).toBe('AuthorizationRequired')
      expect((await verify(authorization, 'victim')).errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
      expect(await shop.credential(name, { identifier })).toMatchObject({
        status: 'PENDING_AUTHORIZATION',
        token: { __typename: 'AuthorizationRequired' },
      })
      expect((await verify(authorization, identifier)).errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
    }
    expect(shop.requestsTo(key, '/revoke').map(({ form }) => form.token)).toEqual(
      Array.from({ length: 50 }, (_, run) => `refresh-${run + 1}`),
    )
    const { rows } = await shop.world.pool.query(
      "select count(*)::int as held from pending_verification where sealed is not null and status <> 'PENDING'",
    )
    expect(rows[0].held).toBe(0)
  }, 60_000)

  it('ends after ten minutes: the grant is revoked, and the account is as it was before [T1, input 50]', async () => {
    const { key, name } = await made()
    const { authorization } = await authorized(name)
    await shop.world.pool.query(
      "update pending_verification set expires_at = now() - interval '1 second' where status = 'PENDING'",
    )
    expect(await shop.world.app.services.verifications.expire()).toBe(1)
    expect(await shop.credential(name)).toMatchObject({
      status: 'PENDING_AUTHORIZATION',
      statusReason: 'Nobody confirmed this authorization in time.',
    })
    expect(shop.requestsTo(key, '/revoke')).toHaveLength(1)
    expect((await verify(authorization, 'ada')).errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
  })

  it('leaves a working account alone: the old credentials are used until the new ones are confirmed', async () => {
    const { key, name } = await made()
    await verify((await authorized(name)).authorization, 'ada')
    const again = await authorized(name)
    expect(await shop.credential(name)).toMatchObject({ status: 'ACTIVE', token: { accessToken: 'access-1' } })
    await verify(again.authorization, 'mallory')
    // Both grants are from the same person: at many providers revoking the new one would end the old one.
    expect(shop.requestsTo(key, '/revoke')).toHaveLength(0)
    expect(await shop.credential(name)).toMatchObject({ status: 'ACTIVE', token: { accessToken: 'access-1' } })
    await verify((await authorized(name)).authorization, 'ada')
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'access-3' })
  })

  it('is accepted only with a key that may see the account [T23, input 50]', async () => {
    const { name } = await made()
    const { authorization } = await authorized(name)
    const bound = async (input: {
      connections?: string[]
      identifiers?: string[]
      permissions?: ('AUTHORIZATIONS_START' | 'ACCOUNTS_READ')[]
    }) =>
      (
        await shop.world.get(createApiKey, {
          input: { name: 'bound', permissions: ['AUTHORIZATIONS_START'], ...input },
        })
      ).createApiKey.secret
    expect(
      (await verify(authorization, 'ada', await bound({ connections: ['playground'] }))).errors?.[0]?.extensions.code,
    ).toBe('NOT_FOUND')
    expect(
      (await verify(authorization, 'ada', await bound({ identifiers: ['tenant_7:*'] }))).errors?.[0]?.extensions.code,
    ).toBe('NOT_FOUND')
    expect(
      (await verify(authorization, 'ada', await bound({ permissions: ['ACCOUNTS_READ'] }))).errors?.[0]?.extensions
        .code,
    ).toBe('FORBIDDEN')
    for (const id of ['authz_00000000000000000000000000', 'nonsense', `${authorization}x`])
      expect((await verify(id, 'ada')).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
    expect((await verify(authorization, 'ada')).data.verifyAuthorization.status).toBe('ACTIVE')
  })

  it('works for forms too', async () => {
    const key = await shop.connector((url) => ({
      type: 'static',
      preset: 'api_key',
      accountFields: [{ key: 'api_key', label: 'API key', kind: 'secret' }],
      apply: { headers: { 'x-key': '{account.api_key}' } },
      verify: { url: url('/me') },
    }))
    const { name } = (
      await shop.world.get(createConnection, {
        input: { connector: key, name: `${key}-verified`, userVerification: 'APPLICATION' },
      })
    ).createConnection
    shop.answer(key, '/me', () => ({ body: {} }))
    const { send } = await opened(name, { verifyUrl })
    const end = await send({ api_key: 'the-key' }, (url) => url.startsWith('http://localhost:1/'))
    expect((await shop.credential(name))?.token.__typename).toBe('AuthorizationRequired')
    await verify(new URL(end.url).searchParams.get('authorization_id') as string, 'ada')
    expect((await shop.credential(name))?.token).toMatchObject({ __typename: 'ApiKeyCredential', apiKey: 'the-key' })
  })
})

describe('a subscription to account changes', () => {
  const document = `
    subscription ($connection: ID!, $identifier: String!) {
      connectedAccountChanged(connection: $connection, identifier: $identifier) { status statusReason }
    }
  `
  const subscribe = (
    variables: object,
    {
      key = shop.world.adminKey,
      query = document,
      url = shop.world.url,
      signal,
    }: { key?: string; query?: string; url?: string; signal?: AbortSignal } = {},
  ) =>
    fetch(`${url}/graphql/stream`, {
      method: 'POST',
      signal: signal ?? null,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${key}` },
      body: JSON.stringify({ query, variables }),
    })

  async function* events(response: Response): AsyncGenerator<{
    data?: { connectedAccountChanged: { status: string } }
    errors?: { message: string; extensions: { code: string } }[]
  }> {
    let rest = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      rest += Buffer.from(chunk).toString()
      const whole = rest.split('\n\n')
      rest = whole.pop() ?? ''
      for (const event of whole) {
        const data = /^data: (.+)$/m.exec(event)?.[1]
        if (/^event: next/m.test(event) && data) yield JSON.parse(data)
      }
    }
  }

  async function made() {
    const key = await shop.connector((url) => ({ type: 'none', api: { baseUrl: url('') } }))
    const { name } = await shop.connection(key, {})
    const account = await shop.account(name, {})
    return { name, id: account.id }
  }

  it('reports the current state first, then each change at once, made by any replica', async () => {
    const { name, id } = await made()
    const stop = new AbortController()
    const heard = events(await subscribe({ connection: name, identifier: 'ada' }, { signal: stop.signal }))
    const next = async () => (await heard.next()).value?.data?.connectedAccountChanged.status
    expect(await next()).toBe('ACTIVE')
    await shop.world.get(suspend, { id })
    expect(await next()).toBe('SUSPENDED')
    // A change by another replica or an operator.
    await shop.world.pool.query(
      `update connected_account set status = 'ACTIVE'
       where connection_id = (select id from connection where name = $1)`,
      [name],
    )
    expect(await next()).toBe('ACTIVE')
    await shop.world.get(disconnect, { id })
    expect(await next()).toBe('DISCONNECTED')
    stop.abort()
  })

  it('goes on after the database was away', async () => {
    const { name, id } = await made()
    const stop = new AbortController()
    const heard = events(await subscribe({ connection: name, identifier: 'ada' }, { signal: stop.signal }))
    await heard.next()
    await shop.world.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where query ilike 'listen %' and datname = current_database()`,
    )
    expect((await heard.next()).value?.data?.connectedAccountChanged.status).toBe('ACTIVE')
    await shop.world.get(suspend, { id })
    expect((await heard.next()).value?.data?.connectedAccountChanged.status).toBe('SUSPENDED')
    stop.abort()
  })

  it('uses no database connection once nobody subscribes', async () => {
    const { name, id } = await made()
    const stop = new AbortController()
    await events(await subscribe({ connection: name, identifier: 'ada' }, { signal: stop.signal })).next()
    stop.abort()
    await expect
      .poll(
        async () =>
          (
            await shop.world.pool.query(
              `select count(*)::int as n from pg_stat_activity
               where query ilike 'listen %' and datname = current_database()`,
            )
          ).rows[0].n,
      )
      .toBe(0)
    await shop.world.get(suspend, { id })
    await shop.world.get(resume, { id })
  })

  it('is refused to callers who may not see the account', async () => {
    const { name } = await made()
    expect((await subscribe({ connection: name, identifier: 'ada' }, { key: 'vk_none' })).status).toBe(401)
    const { createApiKey: key } = await shop.world.get(createApiKey, {
      input: { name: 'tokens only', permissions: ['TOKENS_READ'] },
    })
    const { value } = await events(await subscribe({ connection: name, identifier: 'ada' }, { key: key.secret })).next()
    expect(value?.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    const { value: unknown } = await events(await subscribe({ connection: name, identifier: 'nobody' })).next()
    expect(unknown?.errors?.[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it.each([
    ['a query', 'query { apiKeys { id } }'],
    ['a mutation', 'mutation { deleteConnector(key: "x") }'],
    ['nonsense', '{{{'],
    ['an unknown field', 'subscription { secrets }'],
    ['introspection', 'subscription { __schema { types { name } } }'],
  ])('cannot be used for %s', async (_what, query) => {
    expect((await subscribe({ connection: 'x', identifier: 'y' }, { query })).status).toBe(400)
  })
})
