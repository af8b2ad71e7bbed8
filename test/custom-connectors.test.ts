/** Connectors that developers create over the API: they can do what the shipped ones can, within limits. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Catalogue } from '../src/connectors/catalogue.js'
import { usedTemplates } from '../src/oauth/template.js'
import { graphql } from './generated/gql.js'
import { auditEvents, createApiKey, createConnection, importTokens } from './support/documents.js'
import { createConnector, readCredential } from './support/workshop.js'
import { createWorld, type World } from './support/world.js'

const updateConnector = graphql(`
  mutation UpdateConnector($key: ID!, $definition: JSONObject!) {
    updateConnector(key: $key, definition: $definition) { key name source }
  }
`)

const deleteConnector = graphql(`
  mutation DeleteConnector($key: ID!) {
    deleteConnector(key: $key)
  }
`)

const deleteConnection = graphql(`
  mutation DeleteMade($connection: ID!) {
    deleteConnection(connection: $connection, disconnectAccounts: true)
  }
`)

const readConnector = graphql(`
  query ReadConnector($key: ID!) {
    connector(key: $key) {
      key
      name
      origin
      iconUrl
      source
      authMethods { id type }
    }
  }
`)

const readHelp = graphql(`
  query ReadHelp($key: ID!) {
    connector(key: $key) {
      authMethods { help docsUrl consoleUrl }
    }
  }
`)

const listConnectors = graphql(`
  query ListConnectors($filter: ConnectorFilter) {
    connectors(filter: $filter, first: 200) {
      totalCount
      items { key }
    }
  }
`)

let world: World
let numbers = 0
beforeAll(async () => {
  world = await createWorld({ jobs: true })
})
afterAll(() => world.close())

const plain = (change: Record<string, unknown> = {}, method: Record<string, unknown> = {}) => ({
  schema: 1,
  key: `own-${++numbers}`,
  name: 'Own',
  categories: ['testing'],
  ...change,
  auth: [
    {
      id: 'oauth',
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: 'https://own.example.com/authorize' },
      token: { url: 'https://own.example.com/token' },
      ...method,
    },
  ],
})
const withToken = (url: string) => plain({}, { token: { url } })
const withPatterns = (patterns: string[]) =>
  plain({}, { accountFields: patterns.map((pattern, i) => ({ key: `x${i}`, label: 'X', kind: 'text', pattern })) })
const withResponse = (response: object) => plain({}, { token: { url: 'https://own.example.com/token', response } })
const withAuthorize = (authorize: object) =>
  plain({}, { authorize: { url: 'https://own.example.com/authorize', ...authorize } })
const withResource = (resource: string) =>
  plain(
    {},
    {
      type: 'mcp',
      grant: undefined,
      authorize: undefined,
      token: undefined,
      serverUrl: 'https://own.example.com/mcp',
      auth: 'oauth',
      resource,
    },
  )
const previewDefinition = graphql(`
  query PreviewDefinition($definition: JSONObject!) { connectorPreview(definition: $definition) { problems } }
`)
const create = (definition: object) => world.ask(createConnector, { definition: definition as Record<string, unknown> })
const exists = async (key: string) => (await world.get(readConnector, { key })).connector !== null

it('a definition that is only looked at leaves nothing in memory [T29]', async () => {
  const before = [usedTemplates.size, usedTemplates.length]
  for (let i = 0; i < 5; i++) {
    const definition = withToken(`https://own.example.com/${i}/${'x'.repeat(40_000)}`)
    const { connectorPreview } = await world.get(previewDefinition, { definition })
    expect(connectorPreview.problems).toEqual([])
  }
  expect([usedTemplates.size, usedTemplates.length]).toEqual(before)
})

describe('a connector of your own', () => {
  it('is in the catalogue as it was written, with the forms that it defines', async () => {
    const definition = plain(
      { icon: { simpleIcons: 'github', color: '181717' } },
      {
        accountFields: [{ key: 'site', label: 'Site', kind: 'subdomain', helpUrl: 'https://own.example.com/help' }],
        status: 'legacy',
        endsOn: '2027-01-31',
      },
    )
    const { createConnector: made } = await world.get(createConnector, { definition })
    expect(made).toMatchObject({
      key: definition.key,
      origin: 'CUSTOM',
      iconUrl: `/icons/${definition.key}.svg`,
      status: 'STABLE',
      source: definition,
    })
    expect(made.authMethods).toMatchObject([
      {
        id: 'oauth',
        type: 'OAUTH2',
        status: 'LEGACY',
        endsOn: '2027-01-31',
        connectionFields: [{ key: 'client_id' }, { key: 'client_secret', secret: true }],
        accountFields: [{ key: 'site' }],
      },
    ])
    expect((await world.get(readConnector, { key: definition.key })).connector).toMatchObject({ source: definition })
    expect((await world.get(listConnectors, { filter: { origin: 'CUSTOM' } })).connectors.items).toContainEqual({
      key: definition.key,
    })
    const icon = await fetch(`${world.url}/icons/${definition.key}.svg`)
    expect([icon.headers.get('content-type'), await icon.text()]).toEqual([
      'image/svg+xml',
      expect.stringContaining('<path transform'),
    ])
    const { createConnection: connection } = await world.get(createConnection, { input: { connector: definition.key } })
    expect(connection).toMatchObject({ name: definition.key, status: 'DRAFT', connector: { key: definition.key } })
  })

  it('says of each method how the app or the key is got, and where', async () => {
    const definition = plain({ docsUrl: 'https://own.example/docs', consoleUrl: 'https://own.example/apps' })
    const key = {
      ...{ id: 'key', type: 'static', preset: 'api_key', help: 'Settings, API: add a key.' },
      consoleUrl: 'https://own.example/keys',
      accountFields: [{ key: 'token', label: 'Token', kind: 'secret' }],
      apply: { headers: { 'x-key': '{account.token}' } },
    }
    await world.get(createConnector, { definition: { ...definition, auth: [...definition.auth, key] } })
    const { connector } = await world.get(readHelp, { key: definition.key })
    expect(connector?.authMethods).toEqual([
      { help: null, docsUrl: 'https://own.example/docs', consoleUrl: 'https://own.example/apps' },
      {
        help: 'Settings, API: add a key.',
        docsUrl: 'https://own.example/docs',
        consoleUrl: 'https://own.example/keys',
      },
    ])
  })

  it('may extend a shipped one, and inherits what it does not define', async () => {
    const key = `own-${++numbers}`
    const { createConnector: made } = await world.get(createConnector, {
      definition: {
        schema: 1,
        extends: 'gitlab',
        key,
        name: 'Our GitLab',
        auth: [{ id: 'oauth', scopes: { default: ['read_api'] } }],
      },
    })
    expect(made.authMethods).toMatchObject([{ id: 'oauth', type: 'OAUTH2' }])
    expect(made.authMethods[0]?.scopes.filter((scope) => scope.default)).toMatchObject([{ value: 'read_api' }])
  })

  it('may extend a shipped one that itself extends, at any depth', async () => {
    const extending = Catalogue.load()
      .all()
      .filter(({ source }) => 'extends' in source)
    expect(extending.length).toBeGreaterThan(15)
    for (const shipped of extending) {
      const key = `own-${++numbers}`
      const { createConnector: made } = await world.get(createConnector, {
        definition: { schema: 1, extends: shipped.key, key, name: 'Ours' },
      })
      expect(made.authMethods.map(({ id, type }) => [id, type])).toEqual(
        shipped.authMethods.map(({ id, type }) => [id, type]),
      )
    }
    const { createConnector: made } = await world.get(createConnector, {
      definition: {
        schema: 1,
        extends: 'gmail',
        key: `own-${++numbers}`,
        name: 'Our mail',
        auth: [{ id: 'oauth', scopes: { default: ['https://www.googleapis.com/auth/gmail.send'] } }],
      },
    })
    expect(made.authMethods.map(({ id }) => id)).toEqual(['oauth'])
    expect(made.authMethods[0]?.scopes.filter((scope) => scope.required).map(({ value }) => value)).toEqual([
      'openid',
      'email',
    ])
  })

  it('is seen by every replica on one database', async () => {
    const other = await createWorld({
      databaseUrl: world.config.databaseUrl as string,
      env: {
        VALETKEY_ENCRYPTION_KEYS:
          world.config.encryptionKeys?.map(({ id, key }) => `${id}:${key.toString('base64')}`).join() ?? '',
      },
    })
    const definition = plain()
    await world.get(createConnector, { definition })
    await expect
      .poll(async () => (await other.get(readConnector, { key: definition.key })).connector?.origin, { timeout: 5000 })
      .toBe('CUSTOM')
    // And at once, whatever it looked at a moment ago.
    for (let round = 0; round < 3; round++) {
      const fresh = plain()
      await world.get(createConnector, { definition: fresh })
      const { connector } = await other.get(readConnector, { key: fresh.key })
      expect(connector?.origin).toBe('CUSTOM')
      const listed = plain()
      await world.get(createConnector, { definition: listed })
      const { connectors } = await other.get(listConnectors, { filter: { origin: 'CUSTOM' } })
      expect(connectors.items.map(({ key }) => key)).toContain(listed.key)
      const used = plain()
      await world.get(createConnector, { definition: used })
      expect((await other.ask(createConnection, { input: { connector: used.key } })).errors).toBeUndefined()
    }
    await world.get(deleteConnector, { key: definition.key })
    await expect
      .poll(async () => (await other.get(readConnector, { key: definition.key })).connector, { timeout: 5000 })
      .toBeNull()
    await other.close()
  })

  it('is recorded in the audit log, and needs a permission of its own', async () => {
    const { createApiKey: key } = await world.get(createApiKey, {
      input: { name: 'all but connectors', permissions: ['CONNECTIONS_WRITE', 'CONNECTIONS_READ'] },
    })
    const definition = plain()
    expect((await world.ask(createConnector, { definition }, key.secret)).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    )
    await world.get(createConnector, { definition })
    await world.get(updateConnector, { key: definition.key, definition: { ...definition, name: 'Renamed' } })
    await world.get(deleteConnector, { key: definition.key })
    const { items } = (await world.get(auditEvents, { first: 3 })).auditEvents
    expect(items.map(({ action, details }) => [action, details.connector])).toEqual(
      ['connector.deleted', 'connector.updated', 'connector.created'].map((action) => [action, definition.key]),
    )
  })
})

describe('a definition', () => {
  it.each<[string, object, string]>([
    [
      'with an address that is not https [input 7]',
      withToken('http://own.example.com/token'),
      'auth.0.token.url: begins with https://',
    ],
    ['with another scheme [input 7]', withToken('ftp://own.example.com/token'), 'auth.0.token.url'],
    ['with a script [input 7]', withToken('javascript:alert(1)'), 'auth.0.token.url'],
    ['with a file [input 7]', withToken('file:///etc/passwd'), 'auth.0.token.url'],
    ['with data [input 7]', withToken('data:text/html,x'), 'auth.0.token.url'],
    ['with a relative address [input 7]', withToken('/token'), 'auth.0.token.url'],
    [
      'with a user in the address [input 8]',
      withToken('https://user:pw@own.example.com/token'),
      'has a user name in it',
    ],
    ['with a fragment [input 8]', withToken('https://own.example.com/token#x'), 'has a fragment'],
    ...[
      'https:///',
      'https:////',
      'https:\\\\',
      'https:/',
      'https:',
      'https:///\\',
      'HTTPS://',
      'https://\t',
      '\thttps://',
    ].map((beginning): [string, object, string] => [
      `with a host that is not where it seems to be: ${JSON.stringify(beginning)}`,
      withToken(`${beginning}other.example.com/token`),
      'auth.0.token.url',
    ]),
    [
      'with a hole behind three slashes, and no trusted hosts [T19]',
      plain(
        {},
        {
          accountFields: [{ key: 'h', label: 'Host', kind: 'hostname' }],
          token: { url: 'https:///{account.h}/token' },
        },
      ),
      'no trustHosts',
    ],
    ['with an invalid host', withToken('https://own example/token'), 'is not an address'],
    ['with a port that is none [input 11]', withToken('https://own.example.com:65536/token'), 'is not an address'],
    ['with a relative resource [input 17]', withResource('/mcp'), 'auth.0.resource: is an absolute address'],
    ['with a fragment in its resource [input 17]', withResource('https://x.example/mcp#a'), 'auth.0.resource'],
    ['with an icon that is a file [input 16]', plain({ icon: { simpleIcons: '../x.svg' } }), 'icon.simpleIcons'],
    ['with an icon that is a page [input 16]', plain({ icon: { url: 'data:text/html,<script>x</script>' } }), 'icon'],
    [
      'with parameters that are ours, in the address [input 12]',
      withAuthorize({ url: 'https://own.example.com/authorize?state=x&client_id=y' }),
      'sets state',
    ],
    ['that sets redirect_uri [input 13]', withAuthorize({ params: { redirect_uri: 'x' } }), 'sets redirect_uri, which'],
    ['that sets state [input 13]', withAuthorize({ params: { state: 'x' } }), 'sets state, which'],
    ['that sets code_challenge [input 13]', withAuthorize({ params: { code_challenge: 'x' } }), 'sets code_challenge'],
    ['that sets client_id [input 13]', withAuthorize({ params: { client_id: 'x' } }), 'sets client_id, which'],
    ['that sets response_type [input 13]', withAuthorize({ params: { response_type: 'x' } }), 'sets response_type'],
    ['that sets request [input 13]', withAuthorize({ params: { request: 'x' } }), 'sets request, which'],
    ['that sets request_uri [input 13]', withAuthorize({ params: { request_uri: 'x' } }), 'sets request_uri, which'],
    [
      'with a host from a form, and no trusted hosts',
      plain(
        {},
        {
          connectionFields: [{ key: 'host', label: 'Host', kind: 'hostname' }],
          token: { url: 'https://{connection.host}/token' },
        },
      ),
      'no trustHosts',
    ],
    [
      'with a name that nothing declares',
      withToken('https://own.example.com/{account.site}/token'),
      'reads {account.site}, which nothing declares',
    ],
    [
      'with a pattern that could run for ever [T56]',
      plain({}, { accountFields: [{ key: 'x', label: 'X', kind: 'text', pattern: '(a+)\\1' }] }),
      'is not a regular expression of RE2',
    ],
    [
      'that hands out the client secret [T28]',
      plain({}, { apply: { headers: { 'x-app': 'Key {app.client_secret|base64}' } } }),
      'hands out {app.client_secret}',
    ],
    [
      'that hands out the refresh token [T28]',
      plain({}, { apply: { headers: { 'x-app': '{token.refresh}' } } }),
      'hands out {token.refresh}',
    ],
    [
      'that takes the refresh token for scopes [T28]',
      plain({}, { token: { url: 'https://own.example.com/token', response: { scope: 'refresh_token' } } }),
      'holds the refresh token',
    ],
    [
      'that takes the refresh token for another token [T28]',
      plain(
        {},
        {
          token: {
            url: 'https://own.example.com/token',
            response: { root: 'data', named: { other: { accessToken: 'data.refresh_token' } } },
          },
        },
      ),
      'holds the refresh token',
    ],
    [
      'that captures what holds the refresh token [T28]',
      withResponse({ capture: { all: '$' } }),
      'capture.all: holds the refresh token',
    ],
    [
      'that captures what holds the refresh token, further down [T28]',
      withResponse({ refreshToken: 'data.list.0', capture: { list: 'data.list' } }),
      'capture.list: holds the refresh token',
    ],
    [
      'that captures the refresh token of another user [T28]',
      withResponse({ named: { user: { root: 'user' } }, capture: { x: 'user' } }),
      'capture.x: holds the refresh token',
    ],
    [
      'that hands out the refresh token of another user [T28]',
      plain(
        {},
        {
          token: { url: 'https://own.example.com/token', response: { named: { user: { root: 'user' } } } },
          apply: { headers: { 'x-user': '{token.user.refresh}' } },
        },
      ),
      'hands out {token.user.refresh}',
    ],
    [
      'that hands out digests of parts of the client secret [T28]',
      plain({}, { apply: { headers: { 'x-1': "{app.client_secret | before:'c' | sha256}" } } }),
      'hands out {app.client_secret}',
    ],
    [
      'that hands out the client secret beside every call [T28]',
      plain({ api: { headers: { 'x-app': '{app.client_secret}' } } }),
      'hands out {app.client_secret}',
    ],
    [
      "that puts the client secret into the browser's address [T28]",
      withAuthorize({ params: { x: '{app.client_secret}' } }),
      'puts {app.client_secret}, which is secret, into an address that a browser opens',
    ],
    [
      "that puts a connection's secret into the browser's address [T28]",
      plain(
        {},
        {
          connectionFields: [{ key: 's', label: 'S', kind: 'secret' }],
          authorize: { url: 'https://own.example.com/authorize/{connection.s}' },
        },
      ),
      'puts {connection.s}, which is secret, into an address that a browser opens',
    ],
    [
      "that puts a part of a connection's secret into the browser's address [T28]",
      plain(
        {},
        {
          connectionFields: [{ key: 's', label: 'S', kind: 'json', secret: true }],
          authorize: { url: 'https://own.example.com/authorize', params: { x: '{connection.s.key}' } },
        },
      ),
      'puts {connection.s.key}, which is secret, into an address that a browser opens',
    ],
    ['with a pattern of many characters [T56]', withPatterns(['x'.repeat(251)]), 'pattern: Too big'],
    [
      'with a pattern that repeats much [T56]',
      withPatterns(['(.{1000}){1}.{1000}.{1000}']),
      'x0.pattern: is too large',
    ],
    ['with repetitions in repetitions [T56]', withPatterns(['((a?){30}){33}']), 'x0.pattern: is too large'],
    ['with many classes of Unicode [T56]', withPatterns([`(?i)${'\\pL'.repeat(60)}`]), 'x0.pattern: is too large'],
    [
      'with many patterns that repeat [T56]',
      withPatterns(Array.from({ length: 600 }, () => '.{1000}')),
      'x19.pattern: is too much together',
    ],
    [
      'with a name that holds what has no width',
      plain({ name: 'Goo\u200bgle' }),
      'name: has a character that cannot be seen',
    ],
    ['with a name that turns around', plain({ name: 'elgooG\u202e' }), 'name: has a character that cannot be seen'],
    ['with a name that begins with a blank', plain({ name: ' Google' }), 'name: has blanks at its ends'],
    ['with a summary that turns around', plain({ summary: 'a\u202eb' }), 'summary: has a character'],
    ['with a method that turns around', plain({}, { label: 'a\u202eb' }), 'auth.0.label: has a character'],
    [
      'with a field that turns around',
      plain({}, { accountFields: [{ key: 'x', label: 'a\u2066b', kind: 'text', help: 'a\u200bb' }] }),
      'help: has a character',
    ],
    ['with code', plain({}, { handler: 'rm -rf' }), 'Unrecognized key'],
    ['with a page that is a script', plain({ docsUrl: 'javascript:alert(1)' }), 'docsUrl: is an https address'],
    ['that extends nothing', { ...plain(), extends: 'no-such-base' }, 'there is no such base'],
    ['with an invalid key', plain({ key: 'Not A Key' }), 'key: is 2 to 63'],
    ['of no auth method', { ...plain(), auth: [] }, 'auth'],
    ['of an unknown auth type', plain({}, { type: 'telepathy' }), 'auth.0.type'],
    ['without a grant', plain({}, { grant: undefined }), 'auth.0.grant'],
    ['of 65 KiB', plain({ name: 'x'.repeat(66_000) }), 'up to 64 KiB'],
    ['that is empty', {}, 'schema'],
  ])('is refused %s, with the place and the reason, and nothing is stored', async (_what, definition, words) => {
    const { errors } = await create(definition)
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      message: expect.stringContaining(words),
    })
    if ('key' in definition) expect(await exists(String(definition.key))).toBe(false)
  })

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '0.0.0.0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.192',
    '198.18.0.1',
    '[fd00::1]',
    '10.0.0.1',
    'localhost',
    'localhost.',
    'metadata.google.internal',
    'own.example.com:22',
    'own.example.com:25',
    'own.example.com:6379',
    'own.example.com:0',
  ])('with an address at %s is refused when it is created [T19, input 9, 11]', async (host) => {
    const definition = withToken(`https://${host}/token`)
    const { errors } = await create(definition)
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'EGRESS_BLOCKED', path: ['definition', 'auth', 0, 'token', 'url'] },
    })
    expect(await exists(definition.key)).toBe(false)
  })

  it('is refused with up to ten errors at once', async () => {
    const fields = Array.from({ length: 14 }, (_, index) => ({ key: `f${index}`, label: '', kind: 'text' }))
    const { errors } = await create(plain({}, { accountFields: fields }))
    expect(errors?.[0]?.message).toContain('and 4 more')
  })

  it('whose key is in use is refused, by a shipped connector or a custom one', async () => {
    const definition = plain()
    await world.get(createConnector, { definition })
    for (const key of [definition.key, 'github', 'playground'])
      expect((await create({ ...plain(), key })).errors?.[0]?.extensions.code).toBe('CONFLICT')
  })
})

describe('a connector that is in use', () => {
  async function used() {
    const definition = plain(
      {},
      {
        id: 'key',
        type: 'static',
        grant: undefined,
        authorize: undefined,
        token: undefined,
        preset: 'bearer',
        accountFields: [{ key: 'token', label: 'Token', kind: 'secret' }],
        apply: { headers: { authorization: 'Bearer {account.token}' } },
        api: { baseUrl: 'https://api.own.example.com' },
      },
    )
    await world.get(createConnector, { definition })
    const { name } = (await world.get(createConnection, { input: { connector: definition.key } })).createConnection
    await world.get(importTokens, {
      input: { connection: name, identifier: 'ada', fields: [{ key: 'token', value: 'adas-token' }] },
    })
    return { definition, name }
  }

  it('is not deleted before its connections are', async () => {
    const { definition, name } = await used()
    const { errors } = await world.ask(deleteConnector, { key: definition.key })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'CONFLICT' }, message: expect.stringContaining(name) })
    await world.get(deleteConnection, { connection: name })
    // A job disconnects the accounts first, see test/jobs.test.ts.
    await expect
      .poll(async () => (await world.ask(deleteConnector, { key: definition.key })).data?.deleteConnector)
      .toBe(true)
    expect(await exists(definition.key)).toBe(false)
  })

  const secretField = { key: 's', label: 'S', kind: 'secret' }
  const keyField = { key: 'k', label: 'K', kind: 'text' }
  const role = {
    id: 'role',
    type: 'aws',
    mode: 'assume_role',
    connectionFields: [keyField, secretField],
    accountFields: [{ key: 'role', label: 'Role', kind: 'text' }],
    accessKeyId: '{connection.k}',
    secretAccessKey: '{connection.s}',
    roleArn: '{account.role}',
    region: 'eu-west-1',
  }
  const signed = {
    id: 'signed',
    type: 'signed_jwt',
    connectionFields: [secretField],
    accountFields: [{ key: 'key', label: 'Key', kind: 'pem' }],
    jwt: { alg: 'RS256', key: '{account.key}', claims: { iss: 'us' } },
    apply: { headers: { authorization: 'Bearer {jwt}' } },
  }
  const oauth = {
    ...plain().auth[0],
    connectionFields: [secretField],
    accountFields: [{ key: 'password', label: 'Password', kind: 'secret' }],
    apply: { headers: { authorization: 'Bearer {token.access}' } },
  }

  it.each([
    ['in a header', oauth, { apply: { headers: { 'x-key': '{connection.s}' } } }, 'connection.s'],
    ['in a digest of its beginning', oauth, { apply: { headers: { x: "{connection.s | before:'a' | sha256}" } } }, 's'],
    ['beside every call', oauth, { api: { query: { x: '{connection.s}' } } }, 'connection.s'],
    ["of the users' own", oauth, { apply: { headers: { x: '{account.password}' } } }, 'account.password'],
    ['as the region of a role (AWS)', role, { region: '{connection.s}' }, 'connection.s'],
    ['where a role becomes a key (AWS)', role, { mode: 'access_key' }, 'connection.s'],
    ['in a claim', signed, { jwt: { ...signed.jwt, claims: { leak: ['{connection.s}'] } } }, 'connection.s'],
    ["in a token's header", signed, { jwt: { ...signed.jwt, header: { x: '{connection.s}' } } }, 'connection.s'],
  ])('hands out no secret that it did not when that was entered: %s [T28]', async (_where, method, change, name) => {
    const definition = { ...plain(), auth: [method] }
    await world.get(createConnector, { definition })
    const fields = method.connectionFields.map(({ key }) => ({ key, value: `value-of-${key}-which-is-long` }))
    await world.get(createConnection, { input: { connector: definition.key, fields } })
    const { errors } = await world.ask(updateConnector, {
      key: definition.key,
      definition: { ...definition, auth: [{ ...method, ...change }] },
    })
    expect(errors?.[0]).toMatchObject({
      extensions: { code: 'CONFLICT' },
      message: expect.stringMatching(new RegExp(`would hand out \\{[a-z.]*${name}\\}`)),
    })
  })

  it('is not replaced by another of its name while a connection is made of it [T9, T10]', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const definition = plain()
        await world.get(createConnector, { definition })
        const [made, gone] = await Promise.all([
          world.ask(createConnection, { input: { connector: definition.key } }),
          world.ask(deleteConnector, { key: definition.key }),
        ])
        return [made.errors === undefined, gone.errors === undefined]
      }),
    )
    for (const [made, gone] of outcomes) expect([made, gone]).not.toEqual([true, true])
  })

  it('can be changed, also for existing accounts', async () => {
    const { definition, name } = await used()
    const next = structuredClone(definition) as typeof definition & { auth: [{ apply: { headers: object } }] }
    Object.assign(next.auth[0].apply, { headers: { authorization: 'Token {account.token}' } })
    await world.get(updateConnector, { key: definition.key, definition: next })
    expect(
      (await world.get(readCredential, { connection: name, identifier: 'ada' })).connectedAccount?.token,
    ).toMatchObject({
      headers: [{ name: 'authorization', value: 'Token adas-token' }],
    })
  })

  it('cannot change its auth method, hosts or key, for which credentials were given [T10]', async () => {
    const { definition } = await used()
    const changed = (change: (copy: { key: string; auth: Record<string, unknown>[] }) => void) => {
      const copy = structuredClone(definition) as unknown as { key: string; auth: Record<string, unknown>[] }
      change(copy)
      return world.ask(updateConnector, { key: definition.key, definition: copy as never })
    }
    const refused = [
      await changed((copy) => Object.assign(copy.auth[0] as object, { id: 'other' })),
      await changed((copy) => Object.assign(copy.auth[0] as object, { preset: 'api_key' })),
      await changed((copy) => Object.assign(copy.auth[0] as object, { api: { baseUrl: 'https://evil.example.com' } })),
      await changed((copy) => Object.assign(copy, { trustHosts: ['*'] })),
    ]
    expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([
      'CONFLICT',
      'CONFLICT',
      'CONFLICT',
      'CONFLICT',
    ])
    expect((await changed((copy) => Object.assign(copy, { key: 'another-key' }))).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
    expect((await world.get(readConnector, { key: definition.key })).connector?.source).toEqual(
      JSON.parse(JSON.stringify(definition)),
    )
  })
})

it('shipped connectors can be neither changed nor deleted, and unknown ones are not found', async () => {
  expect((await world.ask(deleteConnector, { key: 'github' })).errors?.[0]).toMatchObject({
    extensions: { code: 'CONFLICT' },
    message: expect.stringContaining('shipped'),
  })
  expect(
    (await world.ask(updateConnector, { key: 'github', definition: plain({ key: 'github' }) })).errors?.[0]?.extensions
      .code,
  ).toBe('CONFLICT')
  expect((await world.ask(deleteConnector, { key: 'nobody' })).errors?.[0]?.extensions.code).toBe('NOT_FOUND')
})

it('a connector can be used as soon as it is created, however many are created at once', async () => {
  // Large, so that reading the table takes longer than creating one more.
  const known = Array.from({ length: 400 }, (_, i) => ({ value: `scope-${i}`, description: 'Read some of it' }))
  const unusable = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const definition = plain({}, { scopes: { known } })
      await world.get(createConnector, { definition })
      return (await world.get(readConnector, { key: definition.key })).connector ? [] : [definition.key]
    }),
  )
  expect(unusable.flat()).toEqual([])
})
