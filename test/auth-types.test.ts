/** Every auth type, from a connector made over the API to a credential in a token query. */
import { createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authorizationHeader } from '../src/oauth/signing/oauth1.js'
import { startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { readCredential, Workshop } from './support/workshop.js'

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim()
const secretField = (key: string) => ({ key, label: key, kind: 'secret' })
const textField = (key: string) => ({ key, label: key, kind: 'text' })
const bearerOf = (value: string) => [{ name: 'authorization', value: `Bearer ${value}` }]

function opened(jwt: string): { header: Record<string, unknown>; claims: Record<string, unknown>; valid: boolean } {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  return {
    header: read(header),
    claims: read(claims),
    valid: verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
  }
}

describe('client credentials', () => {
  const method =
    (more: object = {}) =>
    (url: (path: string) => string) => ({
      type: 'oauth2',
      grant: 'client_credentials',
      accountFields: [textField('tenant')],
      scopes: { default: ['read'] },
      token: { url: url('/{account.tenant}/token'), clientAuth: 'basic', response: { refreshToken: false } },
      verify: { url: url('/me'), needs: 'none' },
      ...more,
    })

  it('give each account a token that is checked before it is stored, and fetched again after it expires', async () => {
    const key = await shop.connector(method())
    const { name } = await shop.connection(key)
    let issued = 0
    shop.answer(key, '/acme/token', () => ({
      body: { access_token: `access-${++issued}`, expires_in: 3600, scope: 'read' },
    }))
    shop.answer(key, '/me', ({ headers }) => ({
      status: headers.authorization === 'Bearer access-1' ? 200 : 401,
      body: {},
    }))
    expect(await shop.account(name, { tenant: 'acme' })).toMatchObject({ status: 'ACTIVE' })
    const [asked] = shop.requestsTo(key, '/acme/token')
    expect(asked?.form).toEqual({ grant_type: 'client_credentials', scope: 'read' })
    expect(Buffer.from(asked?.headers.authorization?.slice(6) ?? '', 'base64').toString()).toBe(
      'the-client:the-client-secret',
    )
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'OAuthToken',
      accessToken: 'access-1',
      scopes: ['read'],
      headers: bearerOf('access-1'),
    })
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'access-2' })
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'access-2' })
    expect(issued).toBe(2)
  })

  it('repeat what the provider says when it does not know the client, and store nothing', async () => {
    const key = await shop.connector(method())
    const { name } = await shop.connection(key)
    shop.answer(key, '/acme/token', () => ({
      status: 401,
      body: { error: 'invalid_client', error_description: 'unknown the-client-secret' },
    }))
    const { errors } = await shop.tryAccount(name, { tenant: 'acme' })
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'PROVIDER_REJECTED' },
      message: expect.stringContaining('invalid_client'),
    })
    expect(JSON.stringify(errors)).not.toContain('the-client-secret')
    expect(await shop.credential(name)).toBeNull()
  })

  it('may belong to the account: a refusal then concerns the account, not the connection', async () => {
    const key = await shop.connector(
      method({ accountFields: [textField('tenant'), textField('client_id'), secretField('client_secret')] }),
    )
    const { name, status } = await shop.connection(key, {})
    expect(status).toBe('ACTIVE')
    shop.answer(key, '/acme/token', () => ({ body: { access_token: 'own', expires_in: 3600 } }))
    shop.answer(key, '/me', () => ({ body: {} }))
    await shop.account(name, { tenant: 'acme', client_id: 'ada-client', client_secret: 'ada-secret' })
    expect(
      Buffer.from(shop.requestsTo(key, '/acme/token')[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString(),
    ).toBe('ada-client:ada-secret')
    shop.answer(key, '/acme/token', () => ({ status: 401, body: { error: 'invalid_client' } }))
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'AuthorizationRequired',
      status: 'REAUTHORIZATION_REQUIRED',
    })
  })

  it('are shared when the connection has a client: accounts are not asked for their own', async () => {
    const key = await shop.connector(
      method({ accountFields: [textField('tenant'), textField('client_id'), secretField('client_secret')] }),
    )
    const { name } = await shop.connection(key)
    shop.answer(key, '/acme/token', () => ({ body: { access_token: 'shared', expires_in: 3600 } }))
    shop.answer(key, '/me', () => ({ body: {} }))
    expect(await shop.account(name, { tenant: 'acme' })).toMatchObject({ status: 'ACTIVE' })
    expect(
      Buffer.from(shop.requestsTo(key, '/acme/token')[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString(),
    ).toBe('the-client:the-client-secret')
  })
})

it('a service account signs an assertion for the user it acts as (RFC 7523)', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'jwt_bearer',
    connectionFields: [{ key: 'service_account', label: 'Service account', kind: 'json', secret: true }],
    accountFields: [{ key: 'subject', label: 'Subject', kind: 'email' }],
    scopes: { default: ['mail.read', 'mail.send'] },
    assertion: {
      alg: 'RS256',
      key: '{connection.service_account.private_key}',
      header: { kid: '{connection.service_account.private_key_id}' },
      claims: {
        iss: '{connection.service_account.client_email}',
        sub: '{account.subject}',
        aud: 'https://as.example',
        scope: "{connection.scopes|join:' '}",
      },
      ttl: 3600,
    },
    token: { url: url('/token'), clientAuth: 'none', omit: ['scope'], response: { refreshToken: false } },
  }))
  const file = JSON.stringify({ private_key: pem, private_key_id: 'key-7', client_email: 'robot@project.example' })
  const { name } = await shop.connection(key, { service_account: file })
  shop.answer(key, '/token', () => ({ body: { access_token: 'as-ada', expires_in: 3600 } }))
  await shop.account(name, { subject: 'ada@example.com' })
  const form: Record<string, string> = shop.requestsTo(key, '/token')[0]?.form ?? {}
  expect(Object.keys(form).sort()).toEqual(['assertion', 'grant_type'])
  expect(form.grant_type).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  expect(opened(form.assertion as string)).toMatchObject({
    valid: true,
    header: { alg: 'RS256', kid: 'key-7' },
    claims: {
      iss: 'robot@project.example',
      sub: 'ada@example.com',
      aud: 'https://as.example',
      scope: 'mail.read mail.send',
    },
  })
  expect((await shop.credential(name))?.token).toMatchObject({ __typename: 'OAuthToken', accessToken: 'as-ada' })
})

describe('OAuth 1.0a', () => {
  const method =
    (more: object = {}) =>
    (url: (path: string) => string) => ({
      type: 'oauth1',
      requestToken: { url: url('/request') },
      authorize: { url: url('/authorize'), params: { name: 'Acme' } },
      accessToken: { url: url('/access'), capture: { user: 'user_id' } },
      identity: { url: url('/me'), pick: { id: 'id', label: 'name' } },
      ...more,
    })
  const answers = (key: string) => {
    shop.answer(key, '/request', () => ({
      body: `oauth_token=request-${key}&oauth_token_secret=request-secret&oauth_callback_confirmed=true`,
    }))
    shop.answer(key, '/access', () => ({ body: 'oauth_token=access-1&oauth_token_secret=access-secret&user_id=7' }))
    shop.answer(key, '/me', () => ({ body: { id: 7, name: 'Ada' } }))
  }

  it('signs as RFC 5849 §3.4.1.1 shows', () => {
    const header = authorizationHeader(
      {
        method: 'POST',
        url: new URL('http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b'),
        form: [
          ['c2', ''],
          ['a3', '2 q'],
        ],
      },
      {
        consumerKey: '9djdj82h48djs9d2',
        consumerSecret: 'j49sk3j29djd',
        token: 'kkk9d7dh3k39sjv7',
        tokenSecret: 'dh893hdasih9',
      },
      'HMAC-SHA1',
      {},
      { nonce: '7d8f3e4a', timestamp: 137131201 },
    )
    // The RFC's base string, plus the optional oauth_version=1.0, which its example leaves out.
    const base =
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D' +
      '%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a' +
      '%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201' +
      '%26oauth_token%3Dkkk9d7dh3k39sjv7%26oauth_version%3D1.0'
    const expected = createHmac('sha1', 'j49sk3j29djd&dh893hdasih9').update(base).digest('base64')
    expect(header).toContain(`oauth_signature="${encodeURIComponent(expected)}"`)
  })

  it('exchanges a request token for the token and secret that agents sign with', async () => {
    const key = await shop.connector(method())
    const { name, redirectUri } = await shop.connection(key)
    answers(key)
    const { door, page } = await shop.authorize(name, () => ({
      oauth_token: `request-${key}`,
      oauth_verifier: 'the-verifier',
    }))
    expect(Object.fromEntries(door.searchParams)).toEqual({ oauth_token: `request-${key}`, name: 'Acme' })
    expect(page.text).toContain('Connected')
    const [first] = shop.requestsTo(key, '/request')
    expect(first?.headers.authorization).toContain(`oauth_callback="${encodeURIComponent(redirectUri as string)}"`)
    const [exchanged] = shop.requestsTo(key, '/access')
    expect(exchanged?.headers.authorization).toMatch(/oauth_token="request-made-\d+".*oauth_verifier="the-verifier"/)
    expect(shop.requestsTo(key, '/me')[0]?.headers.authorization).toMatch(
      /^OAuth .*oauth_token="access-1".*oauth_signature="/,
    )
    const account = await shop.credential(name)
    expect(account).toMatchObject({ status: 'ACTIVE', providerIdentity: { subject: '7', name: 'Ada' } })
    expect(account?.token).toMatchObject({ __typename: 'CustomCredential', headers: [] })
    const values =
      account?.token.__typename === 'CustomCredential'
        ? Object.fromEntries(account.token.values.map(({ key, value }) => [key, value]))
        : {}
    expect(values).toEqual({
      oauth_consumer_key: 'the-client',
      oauth_consumer_secret: 'the-client-secret',
      oauth_token: 'access-1',
      oauth_token_secret: 'access-secret',
      oauth_signature_method: 'HMAC-SHA1',
    })
  })

  it('needs no signature when the provider takes key and token in the query', async () => {
    const key = await shop.connector(method({ apply: { query: { key: '{app.client_id}', token: '{token.access}' } } }))
    const { name } = await shop.connection(key)
    answers(key)
    await shop.authorize(name, () => ({ oauth_token: `request-${key}`, oauth_verifier: 'v' }))
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'OAuthToken',
      queryParams: [
        { name: 'key', value: 'the-client' },
        { name: 'token', value: 'access-1' },
      ],
    })
  })

  it('distinguishes a user who declined from a callback that is wrong', async () => {
    const key = await shop.connector(method())
    const { name } = await shop.connection(key)
    answers(key)
    expect((await shop.authorize(name, () => ({ denied: `request-${key}` }))).page.text).toContain('declined')
    shop.answer(key, '/request', () => ({
      body: `oauth_token=second-${key}&oauth_token_secret=s&oauth_callback_confirmed=true`,
    }))
    expect((await shop.authorize(name, () => ({ oauth_token: 'another', oauth_verifier: 'v' }))).page.status).toBe(400)
    expect(shop.requestsTo(key, '/access')).toHaveLength(0)
  })

  it.each([
    ['repeats a request token', (key: string) => ({ body: `oauth_token=request-${key}&oauth_token_secret=s` })],
    [
      'does not confirm the callback',
      (key: string) => ({ body: `oauth_token=other-${key}&oauth_token_secret=s&oauth_callback_confirmed=false` }),
    ],
    ['knows no such app', () => ({ status: 401, body: 'Unauthorized' })],
    ['sends an invalid token', () => ({ body: 'oauth_token=%0d%0aSet-Cookie&oauth_token_secret=s' })],
  ])('ends on a page that explains itself when the provider %s', async (_what, answer) => {
    const key = await shop.connector(method())
    const { name } = await shop.connection(key)
    answers(key)
    await shop.authorize(name, () => ({ denied: `request-${key}` }))
    shop.answer(key, '/request', () => answer(key))
    const { url } = (await shop.world.get(startAuthorization, { input: { connection: name, identifier: 'ada' } }))
      .startAuthorization
    const visitor = new Visitor()
    const { text } = await visitor.open(url as string)
    const { status, text: page } = await visitor.open(url as string, {
      csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '',
    })
    expect([status, page.includes('cannot be connected now')]).toEqual([409, true])
  })
})

describe('a key pair', () => {
  it('signs a token on the server for each query, and fetches nothing', async () => {
    const key = await shop.connector((url) => ({
      type: 'signed_jwt',
      accountFields: [textField('user'), { key: 'private_key', label: 'Private key', kind: 'pem' }],
      jwt: {
        alg: 'RS256',
        key: '{account.private_key}',
        header: { kid: '{account.user}' },
        claims: { iss: '{account.user|upper}.SHA256:{account.private_key|spkiSha256Base64}', jti: '{uuid}' },
        ttl: 600,
      },
      apply: { headers: { authorization: 'Bearer {jwt}' } },
      verify: { url: url('/me') },
    }))
    const { name } = await shop.connection(key, {})
    shop.answer(key, '/me', ({ headers }) => ({
      status: opened(headers.authorization?.slice(7) ?? '').valid ? 200 : 401,
      body: {},
    }))
    await shop.account(name, { user: 'ada', private_key: pem })
    const [one, other] = [(await shop.credential(name))?.token, (await shop.credential(name))?.token]
    if (one?.__typename !== 'KeyPairCredential' || other?.__typename !== 'KeyPairCredential')
      throw new Error('These are none.')
    expect(one).toMatchObject({ keyId: 'ada', privateKey: pem })
    expect(one.headers[0]?.value).not.toBe(other.headers[0]?.value)
    const { claims, valid } = opened(one.headers[0]?.value.slice(7) ?? '')
    expect(valid).toBe(true)
    expect(claims.iss).toMatch(/^ADA\.SHA256:[A-Za-z0-9+/]{43}=$/)
    expect(Date.parse(one.expiresAt as string)).toBe(Number(claims.exp) * 1000)
    expect(shop.requestsTo(key, '/me')).toHaveLength(1)
  })

  it.each([
    ['a key that is none', 'x'.repeat(40)],
    ['half a key', pem.slice(0, 400)],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('is refused, and its value not repeated: %s', async (_what, key) => {
    const connector = await shop.connector((url) => ({
      type: 'signed_jwt',
      accountFields: [{ key: 'private_key', label: 'Private key', kind: 'pem' }],
      jwt: { alg: 'RS256', key: '{account.private_key}', claims: { iss: 'x' } },
      apply: { headers: { authorization: 'Bearer {jwt}' } },
      verify: { url: url('/me') },
    }))
    const { name } = await shop.connection(connector, {})
    const { errors } = await shop.tryAccount(name, { private_key: key })
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    expect(JSON.stringify(errors)).not.toContain(key.slice(30, 60))
    expect(await shop.credential(name)).toBeNull()
  })
})

it('credentials are exchanged for a session token, and exchanged again after it expires', async () => {
  const key = await shop.connector((url) => ({
    type: 'token_exchange',
    accountFields: [textField('user'), secretField('password')],
    steps: [
      {
        url: url('/challenge'),
        clientAuth: 'none',
        encoding: 'json',
        params: { user: '{account.user}' },
        response: { accessToken: 'ticket', refreshToken: false },
      },
      {
        url: url('/signin'),
        clientAuth: 'none',
        encoding: 'json',
        params: { credentials: { ticket: '{step1.access}', password: '{account.password}' } },
        response: {
          root: 'session',
          accessToken: 'token',
          refreshToken: false,
          expires: { path: 'lasts', as: 'duration' },
          capture: { site: 'session.site' },
        },
      },
    ],
    apply: { headers: { 'x-session': '{token.access}', 'x-site': '{token.site}' } },
    verify: { url: url('/me') },
  }))
  const { name } = await shop.connection(key, {})
  let session = 0
  shop.answer(key, '/challenge', () => ({ body: { ticket: 'ticket-1' } }))
  shop.answer(key, '/signin', () => ({
    body: { session: { token: `session-${++session}`, lasts: '2:00:00', site: 'berlin' } },
  }))
  shop.answer(key, '/me', ({ headers }) => ({ status: headers['x-site'] === 'berlin' ? 200 : 401, body: {} }))
  await shop.account(name, { user: 'ada', password: 'swordfish' })
  expect(JSON.parse(shop.requestsTo(key, '/signin')[0]?.body ?? '')).toEqual({
    credentials: { ticket: 'ticket-1', password: 'swordfish' },
  })
  const account = await shop.credential(name)
  expect(account?.token).toMatchObject({
    __typename: 'OAuthToken',
    accessToken: 'session-1',
    headers: [
      { name: 'x-session', value: 'session-1' },
      { name: 'x-site', value: 'berlin' },
    ],
  })
  expect(Date.parse(account?.tokenExpiresAt as string) - Date.now()).toBeGreaterThan(7_100_000)
  await shop.expire()
  expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'session-2' })
  shop.answer(key, '/signin', () => ({ status: 404, body: { message: 'no such user' } }))
  await shop.expire()
  expect((await shop.credential(name))?.token).toMatchObject({
    __typename: 'AuthorizationRequired',
    status: 'REAUTHORIZATION_REQUIRED',
  })
})

describe('an app installation', () => {
  const method = (url: (path: string) => string) => ({
    type: 'app_installation',
    connectionFields: [{ key: 'private_key', label: 'Private key', kind: 'pem' }],
    install: { url: url('/install') },
    callback: { capture: { installation_id: 'installation_id' }, require: ['installation_id'] },
    jwt: { alg: 'RS256', key: '{connection.private_key}', claims: { iss: '{app.client_id}' }, ttl: 540 },
    token: {
      url: url('/installations/{account.installation_id}/token'),
      clientAuth: 'none',
      omit: ['client_id'],
      encoding: 'json',
      headers: { authorization: 'Bearer {jwt}' },
      response: {
        accessToken: 'token',
        refreshToken: false,
        expires: { path: 'expires_at', as: 'iso8601' },
        error: { code: 'message', grantStatuses: [404] },
      },
    },
    proof: { token: { url: url('/person') }, check: { url: url('/person/installations/{account.installation_id}') } },
    identity: {
      url: url('/installations/{account.installation_id}'),
      auth: 'none',
      headers: { authorization: 'Bearer {jwt}' },
      pick: { id: 'id', label: 'account.login' },
    },
  })
  async function installed(key: string) {
    const { name } = await shop.connection(key, { client_id: 'app-7', client_secret: 'app-secret', private_key: pem })
    let minted = 0
    shop.answer(key, '/person', () => ({ body: { access_token: 'the-person' } }))
    shop.answer(key, '/person/installations/42', ({ headers }) => ({
      status: headers.authorization === 'Bearer the-person' ? 200 : 401,
      body: {},
    }))
    shop.answer(key, '/installations/42/token', ({ headers }) => ({
      status: opened(headers.authorization?.slice(7) ?? '').valid ? 201 : 401,
      body: { token: `installed-${++minted}`, expires_at: new Date(Date.now() + 3600_000).toISOString() },
    }))
    shop.answer(key, '/installations/42', () => ({ body: { id: 42, account: { login: 'acme' } } }))
    return name
  }

  it('gives short-lived tokens, requested with the app’s signature, until it is removed', async () => {
    const key = await shop.connector(method)
    const name = await installed(key)
    const { page } = await shop.authorize(name, (door) => ({
      state: door.searchParams.get('state') as string,
      code: 'c',
      installation_id: '42',
      setup_action: 'install',
    }))
    expect(page.text).toContain('Connected')
    expect(await shop.credential(name)).toMatchObject({
      providerIdentity: { subject: '42', name: 'acme' },
      token: { __typename: 'OAuthToken', accessToken: 'installed-1' },
    })
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'installed-2' })
    shop.answer(key, '/installations/42/token', () => ({ status: 404, body: { message: 'Not Found' } }))
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'AuthorizationRequired',
      status: 'REAUTHORIZATION_REQUIRED',
    })
  })

  it('that belongs to somebody else cannot be claimed by giving its id', async () => {
    const key = await shop.connector(method)
    const name = await installed(key)
    const { page } = await shop.authorize(name, (door) => ({
      state: door.searchParams.get('state') as string,
      code: 'c',
      installation_id: '43',
    }))
    expect(page.text).toContain('may not speak for this installation')
    expect(shop.requestsTo(key, '/installations/43/token')).toHaveLength(0)
    expect((await shop.credential(name))?.token).toMatchObject({ __typename: 'AuthorizationRequired' })
  })
})

describe('AWS', () => {
  const keys = {
    accessKeyId: '{account.access_key_id}',
    secretAccessKey: '{account.secret_access_key}',
    region: '{account.region}',
  }
  const fields = [textField('access_key_id'), secretField('secret_access_key'), textField('region')]
  const identity = (url: string) => ({
    method: 'POST',
    url,
    encoding: 'form',
    body: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    wrong: { status: [403] },
  })

  it('takes access keys and checks them with a signed call', async () => {
    const key = await shop.connector((url) => ({
      type: 'aws',
      mode: 'access_key',
      accountFields: fields,
      ...keys,
      verify: identity(url('/sts')),
    }))
    const { name } = await shop.connection(key, {})
    shop.answer(key, '/sts', () => ({ body: '<GetCallerIdentityResponse/>' }))
    await shop.account(name, { access_key_id: 'AKIAX', secret_access_key: 'aws-secret', region: 'eu-central-1' })
    expect(shop.requestsTo(key, '/sts')[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAX\/\d{8}\/eu-central-1\//,
    )
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'AwsCredential',
      accessKeyId: 'AKIAX',
      secretAccessKey: 'aws-secret',
      sessionToken: null,
      region: 'eu-central-1',
      headers: [],
    })
    shop.answer(key, '/sts', () => ({ status: 403, body: '<Error/>' }))
    expect(
      (await shop.tryAccount(name, { access_key_id: 'AKIAY', secret_access_key: 'wrong-secret', region: 'x' }, 'bob'))
        .errors?.[0]?.extensions.code,
    ).toBe('PROVIDER_REJECTED')
  })

  it('assumes a role, and renews the session', async () => {
    const key = await shop.connector((url) => ({
      type: 'aws',
      mode: 'assume_role',
      connectionFields: [textField('access_key_id'), secretField('secret_access_key')],
      accountFields: [textField('role_arn'), textField('external_id')],
      accessKeyId: '{connection.access_key_id}',
      secretAccessKey: '{connection.secret_access_key}',
      roleArn: '{account.role_arn}',
      externalId: '{account.external_id}',
      stsUrl: url('/sts'),
    }))
    const { name } = await shop.connection(key, { access_key_id: 'AKIAX', secret_access_key: 'aws-secret' })
    const session = (n: number) =>
      [
        '<R><AssumeRoleResult><Credentials>',
        `<AccessKeyId>ASIA${n}</AccessKeyId>`,
        `<SecretAccessKey>s${n}</SecretAccessKey>`,
        `<SessionToken>t${n}</SessionToken>`,
        '<Expiration>2099-01-01T00:00:00Z</Expiration>',
        '</Credentials></AssumeRoleResult></R>',
      ].join('')
    let taken = 0
    shop.answer(key, '/sts', () => ({ body: session(++taken) }))
    await shop.account(name, { role_arn: 'arn:aws:iam::123456789012:role/x', external_id: 'ext-1' })
    expect(shop.requestsTo(key, '/sts')[0]?.form).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::123456789012:role/x',
      ExternalId: 'ext-1',
    })
    expect((await shop.credential(name))?.token).toMatchObject({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's1',
      sessionToken: 't1',
    })
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({ accessKeyId: 'ASIA2', sessionToken: 't2' })
    shop.answer(key, '/sts', () => ({
      status: 403,
      body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    }))
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({ __typename: 'AuthorizationRequired' })
  })
})

it('HTTP Digest answers the challenge when it checks a credential, and leaves later ones to the agent', async () => {
  const key = await shop.connector((url) => ({
    type: 'static',
    preset: 'basic',
    accountFields: [textField('public_key'), secretField('private_key')],
    apply: { sign: { with: 'digest', username: '{account.public_key}', password: '{account.private_key}' } },
    verify: { url: url('/me') },
  }))
  const { name } = await shop.connection(key, {})
  const answered = new RegExp(
    [
      '^Digest username="pub"',
      'realm="r"',
      'nonce="n"',
      'uri="/.+/me"',
      'algorithm=MD5',
      'response="[0-9a-f]{32}"',
      'qop=auth',
    ].join(', '),
  )
  shop.answer(key, '/me', ({ headers }) =>
    answered.test(headers.authorization ?? '')
      ? { body: {} }
      : {
          status: 401,
          body: {},
          headers: { 'www-authenticate': 'Digest realm="r", qop="auth", nonce="n", algorithm=MD5' },
        },
  )
  await shop.account(name, { public_key: 'pub', private_key: 'priv' })
  expect((await shop.credential(name))?.token).toMatchObject({
    __typename: 'BasicCredential',
    username: 'pub',
    password: 'priv',
    headers: [],
  })
})

it('a service that needs no credentials is connected at once', async () => {
  const key = await shop.connector((url) => ({ type: 'none', api: { baseUrl: url('') } }))
  const { name } = await shop.connection(key, {})
  expect(await shop.account(name, {})).toMatchObject({ status: 'ACTIVE' })
  expect((await shop.credential(name))?.token).toEqual({
    __typename: 'NoCredential',
    headers: [],
    queryParams: [],
    bodyParams: [],
    apiBaseUrl: shop.at(key, '').replace(/\/$/, ''),
    expiresAt: null,
  })
})

describe('an MCP server', () => {
  const oauth =
    (more: object = {}) =>
    (url: (path: string) => string) => ({ type: 'mcp', serverUrl: url('/mcp'), auth: 'oauth', ...more })
  /** A server and its authorization server, as the specifications describe them. */
  function serve(key: string, changes: { metadata?: object; registration?: object | null; resource?: object } = {}) {
    const base = shop.at(key, '')
    const issuer = `${shop.provider.url}/${key}`
    shop.answer(key, '/mcp', () => ({
      status: 401,
      body: {},
      headers: { 'www-authenticate': `Bearer resource_metadata="${base}/prm", scope="files:read"` },
    }))
    shop.answer(key, '/prm', () => ({
      body: {
        resource: `${base}/mcp`,
        authorization_servers: [issuer],
        scopes_supported: ['files:read', 'files:write'],
        ...changes.resource,
      },
    }))
    shop.provider.answers[`/.well-known/oauth-authorization-server/${key}`] = () => ({
      body: {
        issuer,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        revocation_endpoint: `${base}/revoke`,
        ...(changes.registration === null ? {} : { registration_endpoint: `${base}/register` }),
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: true,
        ...changes.metadata,
      },
    })
    shop.answer(key, '/register', () => ({
      status: 201,
      body: {
        client_id: 'registered',
        client_secret: 'registered-secret',
        token_endpoint_auth_method: 'client_secret_basic',
        ...changes.registration,
      },
    }))
    let tokens = 0
    shop.answer(key, '/token', () => ({
      body: {
        access_token: `mcp-${++tokens}`,
        refresh_token: `refresh-${tokens}`,
        expires_in: 3600,
        token_type: 'bearer',
        scope: 'files:read',
      },
    }))
    shop.answer(key, '/revoke', () => ({ body: {} }))
    return { issuer, resource: `${base}/mcp` }
  }

  it('is discovered, the client registers itself, and the token is bound to the server', async () => {
    const key = await shop.connector(oauth())
    const { issuer, resource } = serve(key)
    const { name, status, redirectUri } = await shop.connection(key, {})
    expect(status).toBe('ACTIVE')
    expect(JSON.parse(shop.requestsTo(key, '/register')[0]?.body ?? '')).toMatchObject({
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
    })
    const { door, page } = await shop.authorize(name, (door) => ({
      state: door.searchParams.get('state') as string,
      code: 'c',
      iss: issuer,
    }))
    expect(page.text).toContain('Connected')
    expect(Object.fromEntries(door.searchParams)).toMatchObject({
      client_id: 'registered',
      resource,
      scope: 'files:read',
      code_challenge_method: 'S256',
    })
    const [exchanged] = shop.requestsTo(key, '/token')
    expect(exchanged?.form).toMatchObject({
      grant_type: 'authorization_code',
      resource,
      code_verifier: expect.stringMatching(/^.{43}$/),
    })
    expect(Buffer.from(exchanged?.headers.authorization?.slice(6) ?? '', 'base64').toString()).toBe(
      'registered:registered-secret',
    )
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'OAuthToken',
      accessToken: 'mcp-1',
      apiBaseUrl: resource,
      headers: bearerOf('mcp-1'),
    })
    await shop.expire()
    expect((await shop.credential(name))?.token).toMatchObject({ accessToken: 'mcp-2' })
    expect(shop.requestsTo(key, '/token').at(-1)?.form).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      resource,
    })
    expect(shop.requestsTo(key, '/register')).toHaveLength(1)
  })

  it('that answers as another issuer fails the attempt and changes nothing else [T7, input 32]', async () => {
    const key = await shop.connector(oauth())
    serve(key)
    const { name } = await shop.connection(key, {})
    const { page } = await shop.authorize(name, (door) => ({
      state: door.searchParams.get('state') as string,
      code: 'c',
      iss: 'https://evil.example',
    }))
    expect(page.text).toContain('does not come from the provider')
    expect(shop.requestsTo(key, '/token')).toHaveLength(0)
  })

  it.each<[string, Parameters<typeof serve>[1], string]>([
    [
      'speaks for another issuer [input 15]',
      { metadata: { issuer: 'https://evil.example' } },
      'metadata for the issuer',
    ],
    ['offers no S256', { metadata: { code_challenge_methods_supported: ['plain'] } }, 'does not offer PKCE'],
    ['speaks for another resource', { resource: { resource: 'https://evil.example/mcp' } }, 'gives metadata for'],
    ['has no token endpoint', { metadata: { token_endpoint: undefined } }, 'no token_endpoint'],
    ['registers nobody', { registration: { client_id: undefined } }, 'did not register'],
  ])('is not connected when it %s: the connection reports it', async (_what, changes, words) => {
    const key = await shop.connector(oauth())
    serve(key, changes)
    const connection = await shop.connection(key, {})
    expect(connection).toMatchObject({ status: 'MISCONFIGURED', problem: expect.stringContaining(words) })
  })

  it('that registers no clients asks for a client id', async () => {
    const key = await shop.connector(oauth())
    serve(key, { registration: null })
    expect(await shop.connection(key, {})).toMatchObject({
      status: 'DRAFT',
      problem: expect.stringContaining('Client ID'),
    })
    const { name, status } = await shop.connection(key, { client_id: 'by-hand', client_secret: 'by-hand-secret' })
    expect(status).toBe('ACTIVE')
    const { door } = await shop.authorize(name, (door) => ({
      state: door.searchParams.get('state') as string,
      code: 'c',
    }))
    expect(door.searchParams.get('client_id')).toBe('by-hand')
  })

  it('takes a token that its users bring, and checks it with an initialize request', async () => {
    const key = await shop.connector((url) => ({
      type: 'mcp',
      serverUrl: url('/mcp'),
      auth: 'bearer',
      accountFields: [secretField('token')],
    }))
    const { name } = await shop.connection(key, {})
    shop.answer(key, '/mcp', ({ headers, body }) => ({
      status: headers.authorization === 'Bearer good' && JSON.parse(body).method === 'initialize' ? 200 : 401,
      body: {},
    }))
    expect((await shop.tryAccount(name, { token: 'bad' })).errors?.[0]?.extensions.code).toBe('PROVIDER_REJECTED')
    await shop.account(name, { token: 'good' })
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'OAuthToken',
      accessToken: 'good',
      headers: bearerOf('good'),
    })
  })

  it('may need no authorization', async () => {
    const key = await shop.connector((url) => ({ type: 'mcp', serverUrl: url('/mcp'), auth: 'none' }))
    const { name } = await shop.connection(key, {})
    shop.answer(key, '/mcp', () => ({ body: {} }))
    await shop.account(name, {})
    expect((await shop.credential(name))?.token).toMatchObject({
      __typename: 'NoCredential',
      apiBaseUrl: shop.at(key, '/mcp'),
    })
  })
})

it('a client id metadata document is served for each connection', async () => {
  const key = await shop.connector((url) => ({ type: 'none', api: { baseUrl: url('') } }))
  const { id } = await shop.connection(key, {})
  const document = await (await fetch(`${shop.world.url}/oauth/client/${id}`)).json()
  expect(document).toMatchObject({
    client_id: `${shop.world.url}/oauth/client/${id}`,
    redirect_uris: [`${shop.world.url}/oauth/callback/${id}`],
    token_endpoint_auth_method: 'none',
  })
  expect((await fetch(`${shop.world.url}/oauth/client/conn_00000000000000000000000000`)).status).toBe(404)
})

it('gives a credential only to callers who may read tokens', async () => {
  const { errors } = await shop.world.ask(readCredential, { connection: 'x', identifier: 'y' }, 'vk_none')
  expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
})
