/**
 * More than forty secrets go through every way in and out, and through its failures, with providers that repeat in
 * their errors all that they were sent. None of them may show in what is answered, logged or stored.
 *
 * leak.test.ts has the errors of single inputs.
 */
import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { format } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { createApiKey, importTokens, readAccount, readToken, startAuthorization } from './support/documents.js'
import type { OddRequest } from './support/odd-provider.js'
import { ServerProcess } from './support/process.js'
import { Sentinels } from './support/sentinels.js'
import { Visitor } from './support/visitor.js'
import { readCredential, Workshop } from './support/workshop.js'
import { encryptionKeys, freePort, newDatabase, post } from './support/world.js'

const secrets = new Sentinels()
const s = (name: string) => secrets.plant(name)
/** Whatever was sent anywhere: a secret that is nowhere in it was not tried. */
let sent = ''
/** What came back over HTTP, without what it is there to give. */
const answers: { what: string; text: string }[] = []
/** What is written to standard output and standard error besides the log. */
let printed = ''
let shop: Workshop
let databaseLog: () => string

const logFile = inject('databaseLog')

beforeAll(async () => {
  const before = statSync(logFile).size
  databaseLog = () => readFileSync(logFile).subarray(before).toString('latin1')
  shop = await Workshop.open()
  secrets.watch('admin key', shop.world.adminKey)
  const answer = shop.answer.bind(shop)
  shop.answer = (key, at, make) =>
    answer(key, at, async (request) => {
      const made = await make(request)
      sent += `${JSON.stringify(made)}\n`
      return made
    })
  const ask = globalThis.fetch
  vi.stubGlobal('fetch', async (input: string | URL, init: RequestInit = {}) => {
    const url = new URL(input)
    sent += `${url.href} ${JSON.stringify(init.headers ?? {})} ${String(init.body ?? '')}\n`
    const response = await ask(input, init)
    if (url.href.startsWith(shop.world.url)) await note(url, init, response.clone())
    return response
  })
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean
    vi.spyOn(stream, 'write').mockImplementation(((...args: unknown[]) => {
      printed += String(args[0])
      return secrets.foundIn(String(args[0])).length > 0 || write(...args)
    }) as never)
  }
  for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...args: unknown[]) => {
      printed += format(...args)
    })
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  await shop.close()
})
/** Keeps an answer, without what the caller has asked for: its token, the link or the key that is shown once. */
async function note(url: URL, init: RequestInit, response: Response) {
  const what = `${init.method ?? 'GET'} ${url.pathname.replace(/^\/connect\/.+/, '/connect/…')}`
  let text = await response.text()
  if (url.pathname === '/graphql' && text.startsWith('{')) {
    const answer = JSON.parse(text)
    for (const [field, given] of [
      ['connectedAccount', 'token'],
      ['startAuthorization', 'url'],
      ['createApiKey', 'secret'],
      ['rotateApiKey', 'secret'],
    ] as const)
      delete answer.data?.[field]?.[given]
    text = JSON.stringify(answer)
  }
  // A page leads to itself, and to the provider with the state; these cookies are made for the browser to bring back.
  const headers = [...response.headers].map(([name, value]) => [
    name,
    name === 'set-cookie' ? value.replace(/^((vk_authz_\w+|vk_form|valetkey-session)=)[^;]*/, '$1') : value,
  ])
  const said = `${text}\n${JSON.stringify(headers)}`
    .replaceAll(url.pathname.startsWith('/connect/') ? url.pathname : '\0', '')
    .replaceAll(new RegExp(`${shop.provider.url}[^"]*`, 'g'), '')
  answers.push({ what, text: said })
}

/** What a provider says that repeats everything that it was sent. */
const echo =
  (status: number, error = 'refused') =>
  ({ body, headers, form }: OddRequest) => ({
    status,
    body: {
      error,
      error_description: `${Object.values(form).join(' ')} ${body} ${headers.authorization} ${JSON.stringify(headers)}`,
      message: `You sent ${body} and ${JSON.stringify(headers)}`,
    },
  })
/** The same as a page. */
const echoPage = ({ body, headers }: OddRequest) => ({
  status: 500,
  body: `<html><pre>${body}\n${JSON.stringify(headers)}</pre></html>`,
})

const ask = (document: string, variables: object = {}, key = shop.world.adminKey) =>
  post<Record<string, never>, object>(shop.world.url, document, variables, key)
const secretField = (key: string) => ({ key, label: key, kind: 'secret' })
const textField = (key: string) => ({ key, label: key, kind: 'text' })
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
const idOf = async (connection: string, identifier: string) =>
  (await shop.world.get(readAccount, { connection, identifier })).connectedAccount?.id

/** Follows a link to the provider. @returns how to come back, with the parameters of a callback */
async function trip(connection: string, identifier: string, more: object = {}) {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection, identifier, ...more },
  })
  secrets.watch(`link of ${identifier}`, (link.url as string).split('/').at(-1) as string)
  const visitor = new Visitor()
  const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)))
  const state = door.searchParams.get('state') ?? ''
  if (state) secrets.watch(`state of ${identifier}`, state)
  for (const [name, value] of Object.entries(visitor.kept()))
    if (name.includes('authz')) secrets.watch(`browser of ${identifier}`, value)
  const { redirectUri } = await shop.connectionOf(connection)
  const back = (params: Record<string, string>, browser = visitor) =>
    browser.open(`${redirectUri}?${new URLSearchParams(params)}`, undefined, (url) =>
      url.startsWith('http://localhost:1/'),
    )
  return { state, back }
}

async function readAgain(connection: string, identifier: string) {
  await shop.expire(identifier)
  await shop.world.pool.query('update refresh_lease set next_attempt_at = null, until = null')
  await shop.world.pool.query('update connection set paused_until = null')
  return shop.world.ask(readCredential, { connection, identifier })
}

/** A private key, and the line of it that nothing else has. */
function privateKey(name: string): string {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim()
  secrets.watch(name, pem, pem.split('\n')[4])
  return pem
}

it('an authorization, its token’s renewals and its end', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    connectionFields: [{ ...secretField('webhook_secret'), required: false }],
    authorize: { url: url('/authorize'), issuer: 'https://issuer.example' },
    token: { url: url('/token'), clientAuth: 'basic', response: { named: { user: { root: 'user', optional: true } } } },
    identity: { url: url('/me'), pick: { id: 'id', label: 'name' } },
    revoke: [
      {
        method: 'POST',
        url: url('/revoke'),
        auth: 'client_basic',
        encoding: 'form',
        body: { token: '{token.refresh ?? token.access}' },
      },
    ],
  }))
  const { name } = await shop.connection(key, {
    client_id: 'app',
    client_secret: s('client secret'),
    webhook_secret: s('webhook secret'),
  })
  shop.answer(key, '/me', () => ({ body: { id: '7', name: 'Ada' } }))
  shop.answer(key, '/revoke', echo(500))
  const iss = 'https://issuer.example'

  // Everything that a callback can be, but right.
  const ada = await trip(name, 'ada')
  await ada.back({ code: s('code with a wrong state'), state: `${ada.state.slice(0, -1)}!`, iss })
  await ada.back({ code: s('code in another browser'), state: ada.state, iss }, new Visitor())
  await ada.back({ code: s('code with an error'), state: ada.state, error: 'access_denied', iss })
  await ada.back({ code: s('code of another issuer'), state: ada.state, iss: 'https://evil.example' })
  for (const [identifier, answer] of [
    ['refused', echo(400, 'invalid_grant')],
    ['refused by a fault', echoPage],
    ['given half', () => ({ body: { access_token: `${s('token of two lines')}\n` } })],
    ['given a page', () => ({ body: `<html>${s('token in a page')}</html>` })],
  ] as const) {
    shop.answer(key, '/token', answer)
    const { state, back } = await trip(name, identifier)
    await back({ code: s(`code of ${identifier}`), state, iss })
  }
  const declined = await trip(name, 'declined')
  await declined.back({ error: 'access_denied', state: declined.state, iss })

  // The right one, and its repetition.
  shop.answer(key, '/token', ({ form }) => {
    secrets.watch('verifier', form.code_verifier as string)
    return {
      body: {
        access_token: s('access token'),
        refresh_token: s('refresh token'),
        id_token: s('id token'),
        user: { access_token: s('named token') },
        expires_in: 3600,
      },
    }
  })
  const right = await trip(name, 'right', { returnUrl: 'http://localhost:1/done' })
  const code = s('code')
  await right.back({ code, state: right.state, iss })
  await right.back({ code, state: right.state, iss })
  expect((await shop.credential(name, { identifier: 'right' }))?.token).toMatchObject({ __typename: 'OAuthToken' })

  // Renewals that fail, one that does not, and the end of the grant.
  for (const answer of [
    echo(500),
    echo(503, 'temporarily_unavailable'),
    echoPage,
    () => ({ body: { access_token: `${s('renewed token of two lines')}\n`, refresh_token: s('renewed with it') } }),
    () => ({ body: `<html>${s('renewed token in a page')}</html>` }),
    () => ({ body: { access_token: s('renewed'), refresh_token: s('renewed refresh'), expires_in: 60 } }),
    // Where a message is cut off, in the middle of the secret; and one that is the name of the error itself.
    ({ form }: OddRequest) => ({
      body: { error: 'temporarily_unavailable', error_description: `${'x'.repeat(260)}${form.refresh_token}` },
    }),
    ({ form }: OddRequest) => ({ body: { error: `server_error ${form.refresh_token}` } }),
    ({ form }: OddRequest) => ({ status: 500, body: { error: `server_error ${form.refresh_token}` } }),
    echo(400, 'invalid_grant'),
  ]) {
    shop.answer(key, '/token', answer)
    await readAgain(name, 'right')
  }
  shop.answer(key, '/token', echo(401, 'invalid_client'))
  await shop.world.get(importTokens, {
    input: {
      connection: name,
      identifier: 'imported',
      oauth2: { accessToken: s('imported'), refreshToken: s('imported refresh') },
    },
  })
  await readAgain(name, 'imported')
  for (const identifier of ['right', 'imported'])
    await ask('mutation ($id: ID!) { disconnectConnectedAccount(id: $id) { revocation message } }', {
      id: await idOf(name, identifier),
    })
  await ask('mutation ($name: ID!) { updateConnection(connection: $name, input: { fields: [] }) { problem status } }', {
    name,
  })
})

it('what waits for the application’s word', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
    revoke: [{ method: 'POST', url: url('/revoke'), encoding: 'form', body: { token: '{token.refresh}' } }],
  }))
  const { name } = await shop.connection(key, { client_id: 'app', client_secret: s('client secret, verified') })
  const change = 'updateConnection(connection: $name, input: { userVerification: APPLICATION }) { id }'
  await ask(`mutation ($name: ID!) { ${change} }`, { name })
  shop.answer(key, '/token', () => ({
    body: { access_token: s('held'), refresh_token: s('held refresh'), expires_in: 3600 },
  }))
  shop.answer(key, '/revoke', echo(400))
  const { state, back } = await trip(name, 'held', { verifyUrl: 'http://localhost:1/verify' })
  const end = await back({ code: s('code, verified'), state })
  const authorization = new URL(end.url).searchParams.get('authorization_id')
  const verify = 'mutation ($input: VerifyAuthorizationInput!) { verifyAuthorization(input: $input) { status } }'
  await shop.world.ask(readCredential, { connection: name, identifier: 'held' })
  await ask(verify, { input: { authorization, identifier: 'somebody else' } })
})

it('keys and passwords that users bring', async () => {
  const form = await shop.connector((url) => ({
    type: 'static',
    preset: 'custom',
    accountFields: [secretField('one'), secretField('two'), textField('user')],
    apply: {
      headers: { 'x-one': '{account.one}', authorization: "Basic {account.user + ':' + account.two|base64}" },
      query: { key: '{account.one}' },
    },
    verify: { url: url('/me'), wrong: { status: [401] } },
  }))
  const { name } = await shop.connection(form, {})
  shop.answer(form, '/me', echo(401))
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection: name, identifier: 'typing' },
  })
  secrets.watch('link of a form', (link.url as string).split('/').at(-1) as string)
  const visitor = new Visitor()
  const csrf = csrfOf((await visitor.open(link.url as string)).text)
  const typed = (one: string, two: string) =>
    visitor.open(link.url as string, { csrf, 'field.one': one, 'field.two': two, 'field.user': 'ada' })
  await typed(s('typed, refused'), s('typed beside it'))
  await typed(`${s('typed with an accent')}é`, s('typed beside that'))
  shop.answer(form, '/me', echoPage)
  await typed(s('typed before a fault'), s('typed beside the fault'))
  shop.answer(form, '/me', () => ({ body: {} }))
  await typed(s('typed'), s('password typed'))
  await shop.credential(name, { identifier: 'typing' })
  shop.answer(form, '/me', echo(401))
  await shop.tryAccount(name, { one: s('sent, refused'), two: s('sent beside it'), user: 'ada' }, 'sending')
  await ask(
    `mutation ($id: ID!, $value: String!) {
      updateConnectedAccount(id: $id, input: { fields: [{ key: "one", value: $value }] }) { id statusReason }
    }`,
    { id: await idOf(name, 'typing'), value: s('replacement, refused') },
  )

  const digest = await shop.connector((url) => ({
    type: 'static',
    preset: 'basic',
    accountFields: [textField('user'), secretField('password')],
    apply: { sign: { with: 'digest', username: '{account.user}', password: '{account.password}' } },
    verify: { url: url('/me') },
  }))
  shop.answer(digest, '/me', (request) => ({
    ...echo(401)(request),
    headers: { 'www-authenticate': 'Digest realm="r", qop="auth", nonce="n", algorithm=MD5' },
  }))
  const { name: digests } = await shop.connection(digest, {})
  const password = s('password of digest')
  await shop.tryAccount(digests, { user: 'ada', password }, 'digest')
  // It is hashed on its way, and never sent itself.
  expect(JSON.stringify(shop.requestsTo(digest, '/me'))).toContain('Digest username')
})

it('tokens that the server fetches itself', async () => {
  const session = await shop.connector((url) => ({
    type: 'token_exchange',
    accountFields: [secretField('password')],
    steps: [
      {
        url: url('/ticket'),
        clientAuth: 'none',
        encoding: 'json',
        params: { deep: { password: '{account.password}' } },
        response: { accessToken: 'ticket', refreshToken: false },
      },
      {
        url: url('/in'),
        clientAuth: 'none',
        encoding: 'json',
        params: { ticket: '{step1.access}' },
        response: { refreshToken: false },
      },
    ],
    apply: { headers: { 'x-session': '{token.access}' } },
  }))
  const { name: sessions } = await shop.connection(session, {})
  shop.answer(session, '/ticket', echo(401))
  await shop.tryAccount(sessions, { password: s('password, refused') }, 'exchanging')
  shop.answer(session, '/ticket', () => ({ body: { ticket: s('ticket') } }))
  shop.answer(session, '/in', echo(400))
  await shop.tryAccount(sessions, { password: s('password of a refused ticket') }, 'exchanging')
  shop.answer(session, '/in', () => ({ body: { access_token: s('session'), expires_in: 60 } }))
  await shop.tryAccount(sessions, { password: s('password') }, 'exchanging')
  shop.answer(session, '/in', echoPage)
  await readAgain(sessions, 'exchanging')

  const own = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'client_credentials',
    accountFields: [textField('client_id'), secretField('client_secret')],
    token: { url: url('/token'), clientAuth: 'basic', response: { refreshToken: false } },
    verify: { url: url('/me') },
  }))
  const { name: owned } = await shop.connection(own, {})
  shop.answer(own, '/token', echo(401, 'invalid_client'))
  await shop.tryAccount(owned, { client_id: 'x', client_secret: s('own client secret, refused') }, 'owning')
  shop.answer(own, '/token', () => ({ body: { access_token: s('minted'), expires_in: 60 } }))
  shop.answer(own, '/me', echo(401))
  await shop.tryAccount(owned, { client_id: 'x', client_secret: s('own client secret') }, 'owning')

  const robot = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'jwt_bearer',
    connectionFields: [{ key: 'service_account', label: 'Service account', kind: 'json', secret: true }],
    accountFields: [{ key: 'subject', label: 'Subject', kind: 'email' }],
    assertion: {
      alg: 'RS256',
      key: '{connection.service_account.private_key}',
      claims: { iss: 'robot', sub: '{account.subject}', aud: 'https://as.example' },
      ttl: 3600,
    },
    token: { url: url('/token'), clientAuth: 'none', response: { refreshToken: false } },
  }))
  const pem = privateKey('key of a service account')
  const { name: robots } = await shop.connection(robot, { service_account: JSON.stringify({ private_key: pem }) })
  shop.answer(robot, '/token', (request) => {
    const assertion = request.form.assertion as string
    secrets.watch('assertion', assertion, assertion.split('.')[2])
    return echo(400, 'invalid_grant')(request)
  })
  await shop.tryAccount(robots, { subject: 'ada@example.com' }, 'robot')
  shop.answer(robot, '/token', () => ({ body: { access_token: s('token of a robot'), expires_in: 60 } }))
  await shop.tryAccount(robots, { subject: 'ada@example.com' }, 'robot')
  await shop.credential(robots, { identifier: 'robot' })

  const signing = await shop.connector((url) => ({
    type: 'signed_jwt',
    accountFields: [{ key: 'pem', label: 'Key', kind: 'pem' }],
    jwt: { alg: 'RS256', key: '{account.pem}', claims: { iss: 'x' } },
    apply: { headers: { authorization: 'Bearer {jwt}' } },
    verify: { url: url('/me') },
  }))
  const { name: signed } = await shop.connection(signing, {})
  shop.answer(signing, '/me', (request) => {
    secrets.watch('token of a key pair', request.headers.authorization?.split('.')[2] as string)
    return echo(401)(request)
  })
  await shop.tryAccount(signed, { pem: privateKey('key of a user') }, 'signing')
  await shop.tryAccount(signed, { pem: privateKey('key of a user, cut').slice(0, 900) }, 'signing')

  const aws = await shop.connector((url) => ({
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
  const role = { role_arn: 'arn:aws:iam::123456789012:role/x', external_id: 'ext-1' }
  const { name: roles } = await shop.connection(aws, { access_key_id: 'AKIAX', secret_access_key: s('AWS secret') })
  shop.answer(aws, '/sts', echo(403))
  await shop.tryAccount(roles, role, 'role')
  shop.answer(aws, '/sts', () => ({
    body: [
      '<R><AssumeRoleResult><Credentials><AccessKeyId>ASIA1</AccessKeyId>',
      `<SecretAccessKey>${s('AWS session secret')}</SecretAccessKey>`,
      `<SessionToken>${s('AWS session token')}</SessionToken>`,
      '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>',
    ].join(''),
  }))
  await shop.tryAccount(roles, role, 'role')
  await shop.credential(roles, { identifier: 'role' })
})

it('OAuth 1.0a, an installation, and an MCP server that registers a client', async () => {
  const old = await shop.connector((url) => ({
    type: 'oauth1',
    requestToken: { url: url('/request') },
    authorize: { url: url('/authorize') },
    accessToken: { url: url('/access') },
    identity: { url: url('/me'), pick: { id: 'id' } },
  }))
  const { name: olds } = await shop.connection(old, { client_id: 'consumer', client_secret: s('consumer secret') })
  for (const refused of [true, false]) {
    const token = s(`request token, ${refused ? 'refused' : 'taken'}`)
    shop.answer(old, '/request', () => ({
      body: `oauth_token=${token}&oauth_token_secret=${s('request secret')}&oauth_callback_confirmed=true`,
    }))
    shop.answer(old, '/access', (request) =>
      refused
        ? echo(401)(request)
        : { body: `oauth_token=${s('OAuth 1.0a token')}&oauth_token_secret=${s('OAuth 1.0a token secret')}` },
    )
    shop.answer(old, '/me', () => ({ body: { id: 7 } }))
    const { back } = await trip(olds, `old-${refused}`)
    await back({ oauth_token: token, oauth_verifier: s(`verifier of OAuth 1.0a, ${refused}`) })
  }

  const app = await shop.connector((url) => ({
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
      response: { accessToken: 'token', refreshToken: false, expires: { path: 'expires_at', as: 'iso8601' } },
    },
    proof: { token: { url: url('/person') }, check: { url: url('/person/installations/{account.installation_id}') } },
  }))
  const { name: apps } = await shop.connection(app, {
    client_id: 'app-7',
    client_secret: s('client secret of an app'),
    private_key: privateKey('key of an app'),
  })
  shop.answer(app, '/person', () => ({ body: { access_token: s('token of the person') } }))
  shop.answer(app, '/installations/42/token', () => ({
    status: 201,
    body: { token: s('token of an installation'), expires_at: new Date(Date.now() + 3_600_000).toISOString() },
  }))
  for (const [identifier, answer] of [
    ['not theirs', echo(401)],
    ['installed', () => ({ body: {} })],
  ] as const) {
    shop.answer(app, '/person/installations/42', answer)
    const { state, back } = await trip(apps, identifier)
    await back({ code: s(`code of ${identifier}`), state, installation_id: '42' })
  }
  shop.answer(app, '/installations/42/token', echo(404))
  await readAgain(apps, 'installed')

  const mcp = await shop.connector((url) => ({ type: 'mcp', serverUrl: url('/mcp'), auth: 'oauth' }))
  const base = shop.at(mcp, '')
  shop.answer(mcp, '/mcp', () => ({
    status: 401,
    body: {},
    headers: { 'www-authenticate': `Bearer resource_metadata="${base}/prm"` },
  }))
  shop.answer(mcp, '/prm', () => ({ body: { resource: `${base}/mcp`, authorization_servers: [base] } }))
  shop.provider.answers[`/.well-known/oauth-authorization-server/${mcp}`] = () => ({
    body: {
      issuer: base,
      authorization_endpoint: `${base}/authorize`,
      token_endpoint: `${base}/token`,
      registration_endpoint: `${base}/register`,
      code_challenge_methods_supported: ['S256'],
    },
  })
  shop.answer(mcp, '/register', () => ({
    status: 400,
    body: { error: 'invalid_redirect_uri', error_description: 'no', client_secret: s('registered, refused') },
  }))
  await shop.connection(mcp, {})
  shop.answer(mcp, '/register', () => ({
    status: 201,
    body: {
      client_id: 'registered',
      client_secret: s('registered client secret'),
      registration_access_token: s('registration access token'),
    },
  }))
  const { name: servers } = await shop.connection(mcp, {})
  shop.answer(mcp, '/token', () => ({
    body: { access_token: s('MCP token'), refresh_token: s('MCP refresh token'), expires_in: 3600 },
  }))
  const { state, back } = await trip(servers, 'mcp')
  await back({ code: s('code of MCP'), state })
  shop.answer(mcp, '/token', echo(400, 'invalid_grant'))
  await readAgain(servers, 'mcp')
})

it('keys of the API, signing in, and what callers send in the wrong place', async () => {
  const { createApiKey: made } = await shop.world.get(createApiKey, {
    input: { name: 'leak', permissions: ['TOKENS_READ', 'KEYS_WRITE'] },
  })
  secrets.watch('API key', made.secret, made.secret.slice(12))
  const rotated = await ask('mutation ($id: ID!) { rotateApiKey(id: $id) { secret apiKey { prefix } } }', {
    id: made.apiKey.id,
  })
  const { secret } = (rotated.data as unknown as { rotateApiKey: { secret: string } }).rotateApiKey
  secrets.watch('rotated API key', secret, secret.slice(12))
  await ask('{ viewer { name } }', {}, made.secret)
  await ask('{ apiKeys { id prefix name lastUsedAt } viewer { name } }')
  await ask('{ viewer { name } }', {}, `${secret.slice(0, -1)}_`)
  const signIn = (key: string) =>
    fetch(`${shop.world.url}/dashboard/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ key }),
    })
  for (const wrong of [s('wrong key'), `vk_abcdefgh_${s('wrong key that looks right')}`]) await signIn(wrong)
  const session = await signIn(secret)
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] as string
  secrets.watch('session', cookie.split('=')[1] as string)
  const asSession = (body: string) =>
    fetch(`${shop.world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie },
      body,
    })
  await asSession('{"query":"{ viewer { name } }"}')
  await fetch(`${shop.world.url}/dashboard/session`, {
    method: 'DELETE',
    headers: { 'sec-fetch-site': 'same-origin', cookie },
  })
  await asSession('{"query":"{ viewer { name } }"}')

  await shop.world.get(importTokens, {
    input: { connection: 'playground', identifier: 'agent', oauth2: { accessToken: s('read for a purpose') } },
  })
  await shop.world.get(readToken, { connection: 'playground', identifier: 'agent', purpose: s('purpose') })

  for (const [document, variables] of [
    [`mutation { createConnection(input: { connector: "playground", clientSecret: "${s('inline')}" }) { id } }`, {}],
    [`mutation { createConnection(input: { connector: ${s('inline, no text')} }) { id } }`, {}],
    [`{ connections(first: "${s('inline, wrong type')}") { totalCount } }`, {}],
    [`{ connections { "${s('broken document')}`, {}],
    ['query ($first: Int) { connections(first: $first) { totalCount } }', { first: s('variable of a wrong type') }],
    [
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { id } }',
      { input: { connector: 'playground', secret: s('variable that is not known') } },
    ],
    [
      'mutation ($input: CreateConnectedAccountInput!) { createConnectedAccount(input: $input) { id } }',
      { input: { connection: 'playground', identifier: 'a', oauth2: { accessToken: 'a', expiresAt: s('no date') } } },
    ],
    [
      'mutation ($definition: JSONObject!) { createConnector(definition: $definition) { key } }',
      { definition: { schema: 1, key: s('key of a definition'), auth: [{ type: s('type of a method') }] } },
    ],
  ] as const)
    await ask(document, variables)
  const address = shop.world.url
  for (const [place, init] of [
    [`/graphql?access_token=${s('key in a query')}`, { method: 'POST', body: '{}' }],
    [`/nowhere/${s('path')}?key=${s('query of a path')}`, {}],
    [`/connect/${s('link that nobody knows')}`, {}],
    [`/oauth/callback/conn_00000000000000000000000000?code=${s('code to nowhere')}&state=${s('state to nowhere')}`, {}],
    ['/graphql', { method: 'POST', headers: { authorization: `Basic ${btoa(`x:${s('Basic password')}`)}` } }],
    ['/graphql', { method: 'POST', headers: { 'x-api-key': s('key in another header') } }],
    [
      '/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: `{"query": ${s('broken JSON')}`,
      },
    ],
  ] as [string, RequestInit][])
    await fetch(address + place, init)
})

it('faults of the database, and answers that wait on the disk', async () => {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
  }))
  const { name } = await shop.connection(key, { client_id: 'app', client_secret: s('client secret, faults') })
  const { pool } = shop.world
  const importOf = (identifier: string) =>
    shop.world.ask(importTokens, {
      input: {
        connection: name,
        identifier,
        metadata: { note: 'x' },
        oauth2: { accessToken: s(`access of ${identifier}`), refreshToken: s(`refresh of ${identifier}`) },
      },
    })
  await importOf('kept')
  // PostgreSQL says which row failed, and what the statement was.
  await pool.query(`alter table credential add constraint odd check (account_id is null) not valid`)
  await importOf('refused by the table')
  await pool.query('alter table credential drop constraint odd')
  await pool.query('alter table credential rename to credential_away')
  await importOf('without a table')
  await shop.world.ask(readCredential, { connection: name, identifier: 'kept' })
  await pool.query('alter table credential_away rename to credential')
  shop.answer(key, '/token', () => ({
    body: { access_token: s('waiting'), refresh_token: s('waiting refresh'), expires_in: 3600 },
  }))
  await pool.query('alter table connected_account rename column refresh_outcome to refresh_outcome_away')
  const asked = readAgain(name, 'kept')
  const spool = path.join(shop.world.config.dataDirectory, 'spool')
  const onDisk = () => readdirSync(spool).map((file) => file + readFileSync(path.join(spool, file), 'latin1'))
  // An answer is written down before it is stored.
  await expect.poll(() => onDisk().join().length).toBeGreaterThan(100)
  await expect.poll(() => databaseLog()).toContain('refresh_outcome')
  const waiting = onDisk().join()
  await pool.query('alter table connected_account rename column refresh_outcome_away to refresh_outcome')
  await asked
  expect(waiting.length).toBeGreaterThan(100)
  expect(secrets.foundIn(waiting)).toEqual([])
  expect(databaseLog()).toMatch(/ERROR/)
}, 60_000)

it('a process of its own prints none of it either, with its log at its most [T36]', async () => {
  const adminKey = s('admin key of a process')
  const server = await new ServerProcess({
    PORT: String(await freePort()),
    DATABASE_URL: await newDatabase(),
    VALETKEY_ENCRYPTION_KEYS: encryptionKeys,
    VALETKEY_ADMIN_KEY: adminKey,
    LOG_LEVEL: 'trace',
  }).ready()
  const oauth2 = { accessToken: s('access in a process'), refreshToken: s('refresh in a process') }
  const input = { connection: 'playground', identifier: 'ada', oauth2 }
  await post(server.url, importTokens, { input }, adminKey)
  const bad = { ...input, oauth2: { accessToken: `${oauth2.accessToken}é` } }
  await post(server.url, importTokens, { input: bad }, adminKey)
  await post(server.url, readToken, { connection: 'playground', identifier: 'ada' }, adminKey)
  await post(server.url, readToken, { connection: 'playground', identifier: 'ada' }, s('wrong key of a process'))
  await fetch(`${server.url}/oauth/callback/x?code=${s('code in a process')}&state=${s('state in a process')}`)
  await fetch(`${server.url}/nowhere?key=${s('query in a process')}`)
  await server.signal('SIGTERM')
  expect(server.output.length).toBeGreaterThan(500)
  expect(secrets.foundIn(server.output)).toEqual([])
  expect(server.output).not.toContain(encryptionKeys.split(':')[1])
})

/** Every row of every table, in whatever schema. */
async function rows(): Promise<string> {
  const { rows: tables } = await shop.world.pool.query(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows: found } = await shop.world.pool.query(`select row_to_json(t)::text as row from ${name} t`)
    texts.push(...found.map(({ row }) => `${name} ${row}`))
  }
  return texts.join('\n')
}

/** What is there to see from outside, each by its name. */
async function everything(): Promise<Record<string, string>> {
  for (const place of ['/metrics', '/readyz?verbose', '/healthz', '/dashboard', '/graphiql'])
    await fetch(shop.world.url + place)
  await fetch(`${shop.world.url}/audit/export`, { headers: { authorization: `Bearer ${shop.world.adminKey}` } })
  await ask('{ auditEvents(first: 200) { items { action actor identifier details purpose } } }')
  await ask('{ connections(first: 100) { items { name problem fields { key value isSet } } } }')
  await ask('{ connectedAccounts(first: 100) { items { identifier statusReason metadata fields { key value } } } }')
  const seen: Record<string, string> = {
    'the log': shop.world.log(),
    'standard output and error': printed,
    'the database': await rows(),
    'the log of PostgreSQL': databaseLog(),
  }
  for (const { what, text } of answers) {
    const place = `the answer to ${what}`
    seen[place] = `${seen[place] ?? ''}\n${text}`
  }
  return seen
}

/** What an agent says of its purpose is for the audit log, and no secret there. */
const FOR_THE_AUDIT_LOG = ['the database', 'the answer to GET /audit/export', 'the answer to POST /graphql']
const found = (seen: Record<string, string>) =>
  Object.entries(seen).flatMap(([place, text]) =>
    secrets
      .foundIn(text)
      .filter((name) => name !== 'purpose' || !FOR_THE_AUDIT_LOG.includes(place))
      .map((name) => `${name} in ${place}`),
  )

describe('after all this', () => {
  it('every secret was sent or given, and there are more than forty', () => {
    const used = secrets.foundIn(sent + JSON.stringify(shop.provider.requests))
    expect([...secrets.values.keys()].filter((name) => !used.includes(name))).toEqual([])
    expect(secrets.values.size).toBeGreaterThan(40)
  })

  it('none of them shows in any answer, page, header, log, metric, row or file [T15, T28, T33, T36]', async () => {
    const seen = await everything()
    for (const place of ['GET /metrics', 'GET /readyz', 'GET /audit/export', 'GET /connect/…', 'POST /graphql'])
      expect(Object.keys(seen)).toContain(`the answer to ${place}`)
    for (const [place, text] of Object.entries(seen).filter(([name]) => !name.startsWith('standard')))
      expect([place, text.length > 100]).toEqual([place, true])
    expect(found(seen)).toEqual([])
  })

  it('one that is put anywhere is found there, in every form that text takes on its way [T36]', async () => {
    const secret = s('put there')
    const forms = [
      secret,
      `Bearer ${secret}`,
      secret.slice(0, -6),
      secret.slice(20),
      encodeURIComponent(`a=${secret}&b`),
      JSON.stringify(JSON.stringify({ a: [secret] })),
      Buffer.from(secret).toString('hex'),
      ...['', 'i', 'id', 'id:'].flatMap((before) => [
        Buffer.from(`${before}${secret}:x`).toString('base64'),
        Buffer.from(`${before}${secret}:x`).toString('base64url'),
      ]),
    ]
    for (const form of forms) expect([form, secrets.foundIn(`before ${form} after`)]).toEqual([form, ['put there']])
    const pem = secrets.values.get('key of an app') as string
    expect(secrets.foundIn(JSON.stringify(pem))).toEqual(['key of an app'])
    expect(secrets.foundIn(encodeURIComponent(pem))).toEqual(['key of an app'])

    shop.world.app.fastify.log.debug({ request: { form: secret } }, 'A planted leak.')
    process.stderr.write(`${secret}\n`)
    await shop.world.pool.query(`update connection set problem = $1`, [`It said ${secret}`])
    await shop.world.pool.query(`select '${secret}'::int`).catch(() => null)
    await fetch(`${shop.world.url}/nowhere`)
    const places = found(await everything()).map((line) => line.replace('put there in ', ''))
    expect(places.sort()).toEqual([
      'standard output and error',
      'the answer to POST /graphql',
      'the database',
      'the log',
      'the log of PostgreSQL',
    ])
  })
})
