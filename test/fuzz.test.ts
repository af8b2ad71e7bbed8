/**
 * Odd values through every way in: every argument and input field of the API, every route, every text in a
 * provider's answers. What is not refused with a useful code is served; nothing is our fault, nothing is half
 * stored, no secret and nothing of the inside is shown, and other users go on getting their tokens.
 *
 * The ways in are read from the schema and from the routes, so that a new one is tried without a change here.
 * `FUZZ=long` tries more of them, from a new seed each time.
 */
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Catalogue } from '../src/connectors/catalogue.js'
import { createSchema } from '../src/graphql/schema.js'
import { toTypeId } from '../src/ids.js'
import {
  createApiKey,
  createConnection,
  importTokens,
  readAccount,
  readToken,
  startAuthorization,
} from './support/documents.js'
import { type Json, ODD, ODD_TEXT, type Path, pathsIn, replaced } from './support/odd-values.js'
import { Visitor } from './support/visitor.js'
import { createConnector, Workshop } from './support/workshop.js'
import { post } from './support/world.js'

const long = process.env.FUZZ === 'long'
const seed = long ? Date.now() % 2 ** 31 : 20261125
const runs = (few: number) => ({ seed, numRuns: long ? few * 25 : few })

const SECRET = 'SENTINEL-of-the-client-secret'
const CODES = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'QUERY_TOO_COMPLEX',
  'CONNECTION_UNAVAILABLE',
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_REJECTED',
  'EGRESS_BLOCKED',
  'REDIRECT_NOT_ALLOWED',
  'USER_VERIFICATION_FAILED',
  'RATE_LIMITED',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
])
/** What only the inside of the server knows: stacks, statements, paths, secrets. */
const INSIDE =
  /\bat .{1,200}\.[jt]s:\d+|\b(insert into|select .{1,200} from|update .{1,80} set) "?\w|node_modules|SENTINEL/

interface Refusal {
  message: string
  extensions: { code: string }
}

let shop: Workshop
let made = 0
/** The other user: a key of its own asks for tokens in between. */
let agent: string
let key: string
const rows = async () => {
  const { rows } = await shop.world.pool.query(`
    select (select count(*) from connection) as connections, (select count(*) from connected_account) as accounts,
      (select count(*) from custom_connector) as connectors, (select count(*) from api_key) as keys,
      (select count(*) from authorization_link) as links, (select count(*) from credential) as credentials`)
  return rows[0]
}
let logged = 0
/** What the log has since the last look about faults of ours. */
function faults(): string[] {
  const text = shop.world.log()
  const lines = text.slice(logged).split('\n')
  logged = text.length
  return lines.filter((line) => line.includes('"level":50') || line.includes('"level":60'))
}
let asked = 0
/** Another user's token query, now and then. */
async function othersAreServed() {
  if (asked++ % 10 !== 0) return
  const { data, errors } = await post(shop.world.url, readToken, { connection: 'others', identifier: 'other' }, agent)
  expect([errors, data.connectedAccount?.token?.__typename]).toEqual([undefined, 'OAuthToken'])
}

beforeAll(async () => {
  shop = await Workshop.open({ VALETKEY_ALLOWED_ORIGINS: 'https://app.example' })
  key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    connectionFields: [{ key: 'region', label: 'Region', kind: 'text', required: false }],
    accountFields: [{ key: 'subdomain', label: 'Subdomain', kind: 'text', required: false }],
    authorize: { url: url('/authorize') },
    scopes: { default: ['read'] },
    token: { url: url('/token'), response: { capture: { team: 'team.id' } } },
    identity: { url: url('/me'), needs: 'none', pick: { id: 'id', label: 'name', email: 'email' } },
    afterConnect: [{ url: url('/after'), needs: 'none', pick: { cloud: '0.id' } }],
    revoke: [{ method: 'POST', url: url('/revoke'), encoding: 'form', body: { token: '{token.access}' } }],
  }))
  for (const [connection, identifier] of [
    ['others', 'other'],
    ['spare', 'ada'],
  ] as const) {
    const { name } = await shop.connection(key, { client_id: 'app', client_secret: SECRET })
    await shop.world.pool.query('update connection set name = $1 where name = $2', [connection, name])
    await shop.world.get(importTokens, {
      input: { connection, identifier, oauth2: { accessToken: `access-of-${identifier}` } },
    })
  }
  await shop.world.get(createConnector, { definition: definitionOf('fuzz-spare') })
  agent = (await shop.world.get(createApiKey, { input: { name: 'agent', permissions: ['TOKENS_READ'] } })).createApiKey
    .secret
})
afterAll(() => shop.close())

describe('the API', () => {
  const schema = createSchema(null)

  /** Values that fit, for names that checks are waiting behind. */
  async function good(operation: string): Promise<Record<string, Json>> {
    const { rows: ids } = await shop.world.pool.query(`
      update connection set name = 'spare' from connected_account account
      where connection.id = connection_id and identifier = 'ada' returning account.id`)
    const ofConnection = /(create|update)Connection$/.test(operation)
    const connector = operation.endsWith('createConnector') ? `fuzz-${++made}` : 'fuzz-spare'
    return {
      id: toTypeId('acct', ids[0].id),
      connection: 'spare',
      identifier: 'ada',
      connector: key,
      authMethod: 'main',
      name: ofConnection ? `name-${++made}` : 'a-name',
      returnUrl: 'https://app.example/back',
      verifyUrl: 'https://app.example/verify',
      tenant: null,
      definition: definitionOf(connector),
      metadata: { a: 'b' },
      scopes: ['read'],
      permissions: ['TOKENS_READ'],
      accessToken: 'imported',
      expiresIn: 600,
      expiresAt: '2040-01-01T00:00:00Z',
      since: '2020-01-01T00:00:00Z',
      until: '2040-01-01T00:00:00Z',
      first: 3,
      // A cursor of a list in memory is one of its items.
      after: operation.endsWith('connectors')
        ? null
        : Buffer.from(`${Date.parse('2040-01-01')}.${ids[0].id}`).toString('base64url'),
      key: operation.endsWith('Connector') ? 'fuzz-spare' : ofConnection ? 'region' : 'subdomain',
      value: 'eu',
      connections: ['spare'],
      addresses: ['10.0.0.0/8'],
      userVerification: 'CONFIRM',
      purposeRequired: false,
      trustedDocumentsOnly: false,
    }
  }

  /** Without what is optional, besides the way to one place. */
  function bareOf(type: GraphQLInputType, value: Json, [step, ...rest]: Path): Json {
    const nullable = getNullableType(type)
    if (Array.isArray(value) && isListType(nullable))
      return value.map((item, index) => bareOf(nullable.ofType, item, index === step ? rest : []))
    if (!isInputObjectType(nullable) || value === null || typeof value !== 'object' || Array.isArray(value))
      return value
    const fields = nullable.getFields()
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) => {
        const field = fields[name]
        if (!field) return [[name, inner]]
        if (name !== step && !isNonNullType(field.type)) return []
        return [[name, bareOf(field.type, inner, name === step ? rest : [])]]
      }),
    )
  }

  function sample(name: string, type: GraphQLInputType, known: Record<string, Json>): Json {
    const nullable = getNullableType(type)
    if (name in known && isListType(nullable) === Array.isArray(known[name])) return known[name] as Json
    if (isListType(nullable)) return [sample(name, nullable.ofType, known)]
    if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? ''
    if (isInputObjectType(nullable))
      return Object.fromEntries(
        Object.values(nullable.getFields()).map((field) => [field.name, sample(field.name, field.type, known)]),
      )
    return { Int: 3, Float: 1, Boolean: true }[String(nullable)] ?? 'text'
  }

  /** Every field that needs no argument, two levels deep. */
  function selectionOf(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type)
    if (isUnionType(named)) return '{ __typename }'
    if (!isObjectType(named)) return ''
    const fields = Object.values(named.getFields()).flatMap((field) => {
      if (field.args.some(({ type }) => isNonNullType(type))) return []
      if (!isObjectType(getNamedType(field.type))) return isUnionType(getNamedType(field.type)) ? [] : [field.name]
      const size = field.args.some(({ name }) => name === 'first') ? '(first: 2)' : ''
      return depth > 0 ? [`${field.name}${size} ${selectionOf(field.type, depth - 1)}`] : []
    })
    return `{ ${['__typename', ...fields].join(' ')} }`
  }

  /** A literal of the GraphQL language, as far as names allow. */
  function literal(type: GraphQLInputType | null, value: Json): string {
    const nullable = type && getNullableType(type)
    if (Array.isArray(value))
      return `[${value.map((item) => literal(isListType(nullable) ? nullable.ofType : null, item)).join(' ')}]`
    if (value !== null && typeof value === 'object') {
      const fields = isInputObjectType(nullable) ? nullable.getFields() : {}
      return `{ ${Object.entries(value)
        .map(([name, inner]) => `${name}: ${literal(fields[name]?.type ?? null, inner)}`)
        .join(' ')} }`
    }
    return isEnumType(nullable) && typeof value === 'string' ? value : JSON.stringify(value)
  }

  const operations = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args.length > 0 ? [[`${type?.name}.${field.name}`, String(type).toLowerCase(), field] as const] : [],
    ),
  )

  const send = async (body: { query: string; variables?: object }) => {
    const isStream = body.query.startsWith('subscription')
    const response = await fetch(`${shop.world.url}/graphql${isStream ? '/stream' : ''}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${shop.world.adminKey}`,
        'content-type': 'application/json',
        ...(isStream ? { accept: 'text/event-stream' } : {}),
      },
      body: JSON.stringify(body),
    })
    if (isStream && response.status === 200) return { status: 200, ...(await firstEvent(response)) }
    const text = await response.text()
    // A subscription that is refused at once says why in words alone.
    if (isStream && !text.startsWith('{')) return { status: response.status, text }
    return { status: response.status, text, ...(JSON.parse(text) as { errors?: Refusal[] }) }
  }

  async function firstEvent(response: Response): Promise<{ text: string; errors?: Refusal[] }> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      const [, data] = /^event: next\ndata: (.*)\n\n/m.exec(text) ?? []
      if (data !== undefined) return { text, ...(JSON.parse(data) as { errors?: Refusal[] }) }
    }
    return { text }
  }

  it.each(operations)('%s refuses or serves odd values in all arguments [T56, input 60]', async (name, kind, field) => {
    const selection = selectionOf(field.type, kind === 'query' ? 1 : 0)
    const sampled = async () => {
      const known = await good(name)
      return Object.fromEntries(field.args.map((arg) => [arg.name, sample(arg.name, arg.type, known)]))
    }
    const bodyOf = (values: Record<string, Json>, place: Path, inText: boolean, bare: boolean) => {
      const given = field.args
        .filter(({ name, type }) => !bare || isNonNullType(type) || name === place[0])
        .map((arg) => ({
          ...arg,
          value: bare
            ? bareOf(arg.type, values[arg.name] ?? null, arg.name === place[0] ? place.slice(1) : [])
            : (values[arg.name] ?? null),
        }))
      const list = (items: string[]) => (items.length > 0 ? `(${items.join(', ')})` : '')
      const literals = given.map(({ name, type, value }) => `${name}: ${literal(type, value)}`)
      if (inText) return { query: `${kind} { ${field.name}${list(literals)} ${selection} }` }
      return {
        query: `${kind} ${list(given.map(({ name, type }) => `$${name}: ${type}`))} {
          ${field.name}${list(given.map(({ name }) => `${name}: $${name}`))} ${selection} }`,
        variables: Object.fromEntries(given.map(({ name, value }) => [name, value])),
      }
    }
    // A sample that is refused would hide what is behind its fault.
    if (
      !/Mutation\.(delete|revoke|rotate|disconnect|verify|disable|suspend|resume|refresh)|connectedAccount$/.test(name)
    )
      for (const bare of [true, false]) {
        const { errors } = await send(bodyOf(await sampled(), [], bare, bare))
        expect(errors).toBeUndefined()
      }
    const places = pathsIn(await sampled())
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        ODD,
        fc.boolean(),
        fc.boolean(),
        async (place, odd, inText, bare) => {
          const before = await rows()
          const { status, text, errors } = await send(
            bodyOf(replaced(await sampled(), place, odd) as Record<string, Json>, place, inText, bare),
          )
          expect(faults()).toEqual([])
          expect(status).toBeLessThan(500)
          for (const { extensions } of errors ?? []) expect(CODES).toContain(extensions.code)
          expect(text.replaceAll(JSON.stringify(odd), '')).not.toMatch(INSIDE)
          if (errors) expect(await rows()).toEqual(before)
          await othersAreServed()
        },
      ),
      runs(Math.min(32, Math.max(6, places.length * 3))),
    )
  })

  const shipped = Catalogue.load()
    .all()
    .map(({ source }) => source as { [key: string]: Json })

  it('refuses or serves odd values anywhere in definitions of every kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...shipped), fc.nat(), ODD, fc.boolean(), async (source, where, odd, store) => {
        const definition = { ...source, key: `fuzz-${++made}` }
        const places = pathsIn(definition).filter(([first]) => first !== 'key')
        const place = places[where % places.length] as Path
        const before = await rows()
        const { status, text, errors } = await send({
          query: store
            ? 'mutation ($definition: JSONObject!) { createConnector(definition: $definition) { key source iconUrl } }'
            : 'query ($definition: JSONObject!) { connectorPreview(definition: $definition) { problems } }',
          variables: { definition: replaced(definition, place, odd) },
        })
        expect(faults()).toEqual([])
        expect(status).toBeLessThan(500)
        for (const { extensions } of errors ?? []) expect(CODES).toContain(extensions.code)
        if (errors || !store) expect(await rows()).toEqual(before)
        else {
          expect((await fetch(`${shop.world.url}/icons/${definition.key}.svg`)).status).toBe(200)
          const connection = {
            query: `mutation ($input: CreateConnectionInput!) {
              createConnection(input: $input) { id redirectUri fields { key } } }`,
            variables: { input: { connector: definition.key } },
          }
          const made = await send(connection)
          for (const { extensions } of made.errors ?? []) expect(CODES).toContain(extensions.code)
          expect(faults()).toEqual([])
        }
        expect(text).not.toMatch(INSIDE)
        await othersAreServed()
      }),
      runs(50),
    )
  })

  it('says of 500 faults in one variable, and of half a template, that they are the input [input 60]', async () => {
    const many = await send({
      query:
        'query ($status: [ConnectedAccountStatus!]) { connectedAccounts(filter: { status: $status }) { totalCount } }',
      variables: { status: Array.from({ length: 500 }, (_, index) => index) },
    })
    expect(new Set(many.errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']))
    const usual = definitionOf('fuzz-half')
    const half = await send({
      query: 'mutation ($definition: JSONObject!) { createConnector(definition: $definition) { key } }',
      variables: { definition: { ...usual, auth: usual.auth.map((method) => ({ ...method, label: '{x' })) } },
    })
    expect(half.errors?.[0]).toMatchObject({
      message: expect.stringContaining('auth.0.label: is no template'),
      extensions: { code: 'BAD_USER_INPUT', path: ['definition', 'auth', 0, 'label'] },
    })
    expect(faults()).toEqual([])
  })

  it('shows what was stored', async () => {
    for (const document of [
      `{ connections(first: 90) ${selectionOf(schema.getType('ConnectionPage') as never, 2)} }`,
      `{ connectedAccounts(first: 200) ${selectionOf(schema.getType('ConnectedAccountPage') as never, 1)} }`,
      `{ auditEvents(first: 200) ${selectionOf(schema.getType('AuditEventPage') as never, 1)} }`,
      `{ apiKeys ${selectionOf(schema.getType('ApiKey') as never, 0)} }`,
      `{ connectors(first: 100, filter: { origin: CUSTOM }) { items { key name source iconUrl } } }`,
    ]) {
      const { errors } = await post(shop.world.url, document as never, {}, shop.world.adminKey)
      expect(errors).toBeUndefined()
    }
  })
})

describe('the routes', () => {
  /** Names that routes, the hosted pages and the playground read. */
  const NAMES = [
    ...['code', 'state', 'error', 'error_description', 'error_uri', 'iss', 'oauth_token', 'oauth_verifier', 'denied'],
    ...['client_id', 'client_secret', 'redirect_uri', 'response_type', 'response_mode', 'scope', 'prompt', 'max_age'],
    ...['nonce', 'claims', 'request', 'request_uri', 'ui_locales', 'id_token_hint', 'login_hint', 'acr_values'],
    ...['code_challenge', 'code_challenge_method', 'code_verifier', 'grant_type', 'refresh_token', 'token'],
    ...[
      'token_type_hint',
      'access_token',
      'csrf',
      'field.subdomain',
      'field.__proto__',
      'field.',
      'name',
      'act',
      'key',
    ],
    ...['installation_id', 'setup_action', 'logout', 'xsrf', 'post_logout_redirect_uri', 'query', 'variables'],
  ]
  const HEADERS = [
    ...['authorization', 'cookie', 'origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode', 'accept', 'user-agent'],
    ...['accept-language', 'accept-encoding', 'if-none-match', 'if-modified-since', 'range', 'x-forwarded-for'],
    ...[
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-request-id',
      'content-type',
      'traceparent',
      'apollo-require-preflight',
    ],
  ]
  const SCHEMES = ['', 'Bearer ', 'bearer ', 'Basic ', 'Bearer vk_', 'valetkey_session=', '__Host-valetkey_session=']
  /** What oidc-provider serves below the playground. */
  const OIDC = ['auth', 'auth/x', 'token', 'me', 'jwks', 'session/end', 'session/end/confirm', 'token/revocation']
  const MORE = [...OIDC, 'token/introspection', '.well-known/openid-configuration', 'interaction/x']

  /** As a browser and as nobody would write a text in an address. */
  const escaped = (text: string, raw: boolean) =>
    [...Buffer.from(text, raw ? 'latin1' : 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const LARGEST_ADDRESS = 12_000
  const part = fc
    .oneof(ODD_TEXT, fc.constantFrom('%', '%zz', '%u0000', '%ed%a0%80', '%c0%80', '%ff'))
    .chain((text) =>
      fc
        .boolean()
        .map((raw) => (/^%/.test(text) ? text : escaped(text, raw)).slice(0, LARGEST_ADDRESS).replace(/%.?$/, '')),
    )
  /** What somebody sends who means well. */
  const USUAL = Object.entries({
    client_id: 'playground',
    client_secret: 'playground-secret',
    grant_type: 'refresh_token',
    refresh_token: 'x',
    response_type: 'code',
    scope: 'openid',
    token: 'x',
    code_challenge: 'a'.repeat(43),
    code_challenge_method: 'S256',
    code: 'x',
    state: 'x',
  })
  const pairs = fc
    .record({
      usual: fc.oneof(fc.constant(USUAL), fc.subarray(USUAL)),
      odd: fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), part), part), { maxLength: 2 }),
      again: fc.boolean(),
    })
    // One that is odd stands in the place of the usual one, or beside it.
    .map(({ usual, odd, again }) => [
      ...usual.filter(([name]) => again || !odd.some(([other]) => other === name)),
      ...odd,
    ])
  const shape = fc.record({
    params: fc.array(fc.option(part, { nil: null }), { minLength: 3, maxLength: 3 }),
    query: pairs,
    form: pairs,
    json: fc.option(
      fc.oneof(
        ODD,
        fc.constantFrom<Json>([1], [[1, 2, 3]], 'x', 7, { a: { b: 1 } }),
        fc.record({ key: ODD }),
        fc.record({ query: ODD, variables: ODD }),
      ),
      {
        nil: undefined,
      },
    ),
    headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), fc.constantFrom(...SCHEMES), ODD_TEXT), { maxLength: 4 }),
    type: fc.constantFrom(
      'application/x-www-form-urlencoded',
      'application/json',
      'text/plain',
      'multipart/form-data',
      '',
    ),
    address: fc.integer({ min: 1, max: 2 ** 32 - 2 }),
    signedIn: fc.boolean(),
  })

  function ask(method: string, path: string, headers: Record<string, string>, body: string) {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = httpRequest({ ...target(), method, path, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      // Nobody waits for ever.
      request.setTimeout(15_000, () => request.destroy(new Error(`${method} ${path} is not answered.`)))
      // A server may stop to read what is too large.
      request.on('error', (error: NodeJS.ErrnoException) =>
        ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve({ status: 413, text: '' }) : reject(error),
      )
      request.end(body)
    })
  }
  const target = () => ({ host: '127.0.0.1', port: shop.world.config.port })

  const startLink = async () =>
    (
      await shop.world.get(startAuthorization, { input: { connection: 'spare', identifier: 'ada' } })
    ).startAuthorization.url
      ?.split('/')
      .at(-1) ?? ''

  it('refuse or serve odd addresses, forms and headers', async () => {
    const routes = shop.world.routes
      .filter((route) => /^(GET|POST|PUT|PATCH|DELETE) /.test(route))
      .flatMap((route) => (route.includes('/playground/*') ? MORE.map((path) => route.replace('*', path)) : [route]))
    expect(routes.length).toBeGreaterThan(20)
    const known: Record<string, string> = { token: await startLink(), file: 'playground.svg' }
    const { rows } = await shop.world.pool.query("select id from connection where name = 'others'")
    known.connectionId = toTypeId('conn', rows[0].id)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), shape, async (route, { params, query, form, json, ...sent }) => {
        const [method = '', pattern = ''] = route.split(' ')
        let next = 0
        const path = pattern.replace(/:(\w+)|\*$/g, (_all, name) => params[next++] ?? known[name] ?? 'x')
        const list = (of: typeof query) => of.map(([name, value]) => `${name}=${value}`).join('&')
        const headers: Record<string, string> = {
          'x-forwarded-for': [24, 16, 8, 0].map((shift) => (sent.address >>> shift) & 255).join('.'),
          ...(sent.type === '' ? {} : { 'content-type': sent.type }),
          ...(sent.signedIn ? { authorization: `Bearer ${shop.world.adminKey}` } : {}),
        }
        for (const [name, scheme, text] of sent.headers)
          headers[name] =
            scheme +
            (scheme.trim() === 'Basic'
              ? Buffer.from(`${text.slice(0, 500)}:x`).toString('base64')
              : text.slice(0, 3_000).replace(/[^\t\x20-\x7e\x80-\xff]/g, ''))
        const body = method === 'GET' ? '' : sent.type.includes('json') ? (JSON.stringify(json) ?? '') : list(form)
        const address = `${path}?${list(query)}`.replace(/[^\x21-\x7e]/g, '').slice(0, LARGEST_ADDRESS)
        const { status, text } = await ask(method, address.startsWith('/') ? address : `/${address}`, headers, body)
        expect(faults()).toEqual([])
        const notBuilt = status === 503 && text.startsWith('The pages are not built')
        expect(notBuilt || status < 500 ? 'served' : [status, text.slice(0, 300)]).toBe('served')
        expect(text).not.toMatch(INSIDE)
        await othersAreServed()
      }),
      runs(250),
    )
  })

  it('refuse or serve odd forms of the playground', async () => {
    const form = fc.record({
      name: fc.option(fc.oneof(part, fc.constant('ada'))),
      act: fc.option(part),
      again: fc.boolean(),
    })
    const asJson = fc.option(fc.oneof(ODD, fc.record({ name: ODD, act: ODD })))
    await fc.assert(
      fc.asyncProperty(form, asJson, async ({ name, act, again }, json) => {
        const visitor = new Visitor()
        const { url } = (
          await shop.world.get(startAuthorization, { input: { connection: 'playground', identifier: 'ada' } })
        ).startAuthorization as { url: string }
        const page = await visitor.open(url)
        const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
        const login = await visitor.open(url, { csrf })
        const fields = [...(name ? [`name=${name}`] : []), ...(act ? [`act=${act}`] : []), ...(again ? ['name=x'] : [])]
        const { status, text } = await ask(
          'POST',
          new URL(login.url).pathname,
          {
            cookie: visitor.cookieHeader(),
            'content-type': json === null ? 'application/x-www-form-urlencoded' : 'application/json',
          },
          json === null ? fields.join('&') : JSON.stringify(json),
        )
        expect(faults()).toEqual([])
        expect(status < 500 ? 'served' : [status, text]).toBe('served')
      }),
      runs(20),
    )
  })

  it("refuse or serve what a user's browser brings on the whole way", async () => {
    shop.answer(key, '/token', () => ({ body: { access_token: 'a', refresh_token: 'r', expires_in: 3600 } }))
    shop.answer(key, '/me', () => ({ body: { id: 1, name: 'Ada' } }))
    shop.answer(key, '/after', () => ({ body: [{ id: 'cloud' }] }))
    const place = fc.constantFrom('csrf', 'field.subdomain', 'field.other', 'state', 'code', 'error', 'iss', 'scope')
    await fc.assert(
      fc.asyncProperty(place, ODD_TEXT, async (place, odd) => {
        const visitor = new Visitor()
        const link = `${shop.world.url}/connect/${await startLink()}`
        const page = await visitor.open(link)
        const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
        const isProvider = (url: string) => url.startsWith(shop.provider.url)
        const put = (form: Record<string, string>) => ({ ...form, ...(place in form ? { [place]: odd } : {}) })
        const fields = { csrf, 'field.subdomain': 'eu', 'field.other': 'x' }
        let { status, url, text } = await visitor.open(link, put(fields), isProvider)
        if (status === 0) {
          const back = new URL(new URL(url).searchParams.get('redirect_uri') as string)
          const state = new URL(url).searchParams.get('state') as string
          for (const [name, value] of Object.entries(put({ state, code: 'c', iss: '', scope: 'read' })))
            if (name === place || value !== '') back.searchParams.set(name, value)
          if (place === 'error') back.searchParams.set('error', odd)
          if (back.href.length < LARGEST_ADDRESS) ({ status, text } = await visitor.open(back.href))
        }
        expect(faults()).toEqual([])
        expect(status).toBeLessThan(500)
        expect(text).not.toMatch(INSIDE)
        expect(text).not.toContain('<script>alert')
        await othersAreServed()
      }),
      runs(30),
    )
  })
})

describe('a request that comes slowly [T49]', () => {
  const head = 'POST /graphql HTTP/1.1\r\nhost: valetkey.example\r\ncontent-type: application/json\r\n'
  it.each([
    ['headers', head],
    ['a body', `${head}content-length: 1000\r\n\r\n{"query":`],
    ['chunks', `${head}transfer-encoding: chunked\r\n\r\n5\r\n{"que\r\n`],
  ])(
    'is ended while its sender still sends %s, a little at a time',
    async (_what, beginning) => {
      const socket = connect(shop.world.config.port, '127.0.0.1').on('error', () => {})
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk
      })
      socket.write(beginning)
      const more = setInterval(() => socket.write('x'), 1_000)
      await once(socket, 'close')
      clearInterval(more)
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    },
    25_000,
  )
})

describe("a provider's answers", () => {
  const USUAL: Record<string, Json> = {
    '/token': {
      ...{
        access_token: 'a',
        refresh_token: 'r',
        expires_in: 3600,
        token_type: 'bearer',
        scope: 'read',
        id_token: 'x',
      },
      team: { id: 'T1' },
    },
    '/me': { id: 'ada', name: 'Ada', email: 'ada@x.example' },
    '/after': [{ id: 'cloud' }],
    '/revoke': { ok: true },
  }
  const FAULT: Json = { error: 'invalid_grant', error_description: 'No.', error_uri: 'https://x.example', message: 'm' }
  const places = (value: Json): Path[] => [[], ...pathsIn(value)]
  const answer = fc
    .constantFrom(...Object.keys(USUAL))
    .chain((path) => fc.boolean().map((fails) => ({ path, fails, usual: fails ? FAULT : (USUAL[path] ?? null) })))
    .chain(({ path, fails, usual }) =>
      fc.record({
        path: fc.constant(path),
        body: fc.tuple(fc.constantFrom(...places(usual)), ODD).map(([place, odd]) => replaced(usual, place, odd)),
        status: fails ? fc.constantFrom(200, 400, 401, 403, 404, 422, 429, 500, 503) : fc.constantFrom(200, 201, 204),
        headers: fc.option(
          fc.tuple(
            fc.constantFrom('retry-after', 'content-type', 'www-authenticate', 'location', 'x-ratelimit-reset'),
            ODD_TEXT.map((text) => text.slice(0, 1000).replace(/[^\t\x20-\x7e\x80-\xff]/g, '')),
          ),
          { nil: null },
        ),
      }),
    )
  const reset = () => {
    for (const [path, body] of Object.entries(USUAL)) shop.answer(key, path, () => ({ body }))
  }
  const put = ({ path, body, status, headers }: typeof answer extends fc.Arbitrary<infer T> ? T : never) => {
    reset()
    shop.answer(key, path, () => ({ status, body, headers: headers ? { [headers[0]]: headers[1] } : {} }))
  }

  it('with odd texts end well: connecting, renewing, reading, disconnecting', async () => {
    let user = 0
    await fc.assert(
      fc.asyncProperty(answer, answer, async (first, second) => {
        const identifier = `user-${++user}`
        put(first)
        const { page } = await shop.authorize(
          'spare',
          (door) => ({ code: 'c', state: door.searchParams.get('state') as string }),
          {},
          identifier,
        )
        // 502 says that the provider's answer is no good.
        expect([page.status < 500 || page.status === 502 ? 'served' : page, faults()]).toEqual(['served', []])
        expect(page.text).not.toMatch(INSIDE)
        put(second)
        await shop.expire(identifier)
        await shop.world.pool.query('update refresh_lease set next_attempt_at = null')
        await shop.world.pool.query(
          "update connection set paused_until = null, throttled_until = null, failing = false, status = 'ACTIVE'",
        )
        for (const document of [readToken, readAccount]) {
          const { errors } = await shop.world.ask(document as never, { connection: 'spare', identifier } as never)
          expect([errors, faults()]).toEqual([undefined, []])
        }
        const id = (await shop.world.get(readAccount, { connection: 'spare', identifier })).connectedAccount?.id
        const { errors } = await shop.world.ask(
          'mutation ($id: ID!) { disconnectConnectedAccount(id: $id) { revocation message } }' as never,
          { id } as never,
        )
        expect([errors, faults()]).toEqual([undefined, []])
        await othersAreServed()
      }),
      runs(40),
    )
    reset()
  })

  it('with odd texts in what it publishes end well: discovery and registration', async () => {
    const made = await shop.connector((url) => ({ type: 'mcp', serverUrl: url('/mcp'), auth: 'oauth' }))
    const base = shop.at(made, '')
    const documents: Record<string, Json> = {
      [`/${made}/prm`]: {
        resource: `${base}/mcp`,
        authorization_servers: [base],
        scopes_supported: ['files:read'],
      },
      [`/.well-known/oauth-authorization-server/${made}`]: {
        issuer: base,
        authorization_endpoint: `${base}/authorize`,
        token_endpoint: `${base}/token`,
        revocation_endpoint: `${base}/revoke`,
        registration_endpoint: `${base}/register`,
        code_challenge_methods_supported: ['S256'],
        scopes_supported: ['files:read', 'offline_access'],
      },
      [`/${made}/register`]: {
        client_id: 'registered',
        client_secret: 'registered-secret',
        token_endpoint_auth_method: 'client_secret_basic',
      },
    }
    shop.answer(made, '/mcp', () => ({
      status: 401,
      body: {},
      headers: { 'www-authenticate': `Bearer resource_metadata="${base}/prm", scope="files:read"` },
    }))
    const one = fc
      .constantFrom(...Object.keys(documents))
      .chain((path) =>
        fc
          .tuple(fc.constantFrom(...places(documents[path] ?? null)), ODD, fc.constantFrom(200, 201, 400, 500))
          .map(([place, odd, status]) => ({ path, body: replaced(documents[path] ?? null, place, odd), status })),
      )
    await fc.assert(
      fc.asyncProperty(one, async ({ path, body, status }) => {
        for (const [at, usual] of Object.entries(documents))
          shop.provider.answers[at] = () => (at === path ? { status, body } : { body: usual })
        const { data, errors } = await shop.world.ask(createConnection, {
          input: { connector: made, name: `mcp-${asked}-${Math.random().toString(36).slice(2)}`, fields: [] },
        })
        expect([errors, faults()]).toEqual([undefined, []])
        const read = await post(
          shop.world.url,
          'query ($c: ID!) { connection(connection: $c) { name status problem scopes fields { key value } } }',
          { c: data.createConnection.id },
          shop.world.adminKey,
        )
        expect([read.errors, faults()]).toEqual([undefined, []])
        expect(JSON.stringify(read)).not.toMatch(INSIDE)
        await othersAreServed()
      }),
      runs(40),
    )
  })
})

/** A connector's definition, without oddities. */
function definitionOf(name: string) {
  return {
    schema: 1,
    key: name,
    name: 'Name',
    summary: 'A summary.',
    categories: ['testing'],
    docsUrl: 'https://docs.example/',
    icon: { color: '336699' },
    api: { baseUrl: 'https://{account.subdomain}.example/api' },
    auth: [
      {
        id: 'main',
        type: 'oauth2',
        grant: 'authorization_code',
        label: 'OAuth',
        accountFields: [
          { key: 'subdomain', label: 'Subdomain', kind: 'text', help: 'Help.', pattern: '[a-z]+', placeholder: 'p' },
        ],
        authorize: { url: 'https://x.example/authorize', params: { prompt: 'consent' } },
        scopes: { required: ['read'], known: [{ value: 'read', description: 'Read.' }] },
        token: { url: 'https://x.example/token', clientAuth: 'basic' },
        identity: { url: 'https://x.example/me', needs: ['read'], pick: { id: 'sub', label: 'name' } },
        revoke: [
          { method: 'POST', url: 'https://x.example/revoke', encoding: 'form', body: { token: '{token.access}' } },
        ],
      },
    ],
  }
}
