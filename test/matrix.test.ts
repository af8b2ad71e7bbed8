/**
 * Who reaches what: each permission with each operation and each field that has permissions of its own; and for keys
 * that are bound, each way to an account: arguments, nested fields, lists, counts, cursors, streams, links, the audit
 * log, errors. All of it is made from the schema and from its decisions (callers/use-cases.ts, graphql/decisions.ts),
 * so that what is added is tried too; a new argument has to say in NAMES what it names.
 */
import { randomUUID } from 'node:crypto'
import { buildSchema, extendSchema, getNullableType, isListType, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL_PERMISSIONS } from '../src/callers/permission.js'
import { USE_CASES, type UseCase } from '../src/callers/use-cases.js'
import { assertDecided } from '../src/graphql/decisions.js'
import { createSchema } from '../src/graphql/schema.js'
import { fromTypeId, toTypeId } from '../src/ids.js'
import { graphql } from './generated/gql.js'
import type { CreateApiKeyInput, Permission } from './generated/graphql.js'
import { auditEvents, createApiKey, createConnection, importTokens, startAuthorization } from './support/documents.js'
import type { Json } from './support/odd-values.js'
import {
  type Field,
  fieldsOf,
  leadsOn,
  type Place,
  ROOTS,
  requiredOf,
  schema,
  selectionOf,
  textsOf,
  waysFrom,
  withArguments,
  withText,
} from './support/schema.js'
import { createWorld, post, type World } from './support/world.js'

const suspend = graphql(`
  mutation MatrixSuspend($id: ID!) { suspendConnectedAccount(id: $id) { status } }
`)
const remove = graphql(`
  mutation MatrixRemove($id: ID!) { deleteConnectedAccount(id: $id) { id } }
`)
const resume = graphql(`
  mutation MatrixResume($id: ID!) { resumeConnectedAccount(id: $id) { status } }
`)

const EVERYTHING = ALL_PERMISSIONS as readonly string[] as Permission[]
/** One of these is enough. */
const needsOf = (name: string) => USE_CASES[name as UseCase].needs as readonly string[] as readonly Permission[]
/** A connector that is like one of the catalogue, for connectorPreview. */
const DEFINITION = {
  schema: 1,
  key: 'gmail',
  name: 'Gmail',
  categories: ['testing'],
  auth: [
    {
      id: 'main',
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: 'https://x.example/authorize' },
      token: { url: 'https://x.example/token' },
    },
  ],
}
/** How each query is asked that does not answer by itself: for what is within everybody's bounds here. */
const ASKED: Record<string, string> = {
  connectedAccount: '(connection: "own", identifier: "own-ada")',
  connection: '(connection: "own")',
  connector: '(key: "gmail")',
  token: '(connection: "own", identifier: "own-ada")',
  connectorPreview: '(definition: $definition)',
}
const asked = ({ name, args }: Field) => ASKED[name] ?? (args.some((arg) => arg.name === 'first') ? '(first: 2)' : '')

interface Answer {
  status?: number
  data?: Record<string, Json> | null
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[]
}

let world: World
beforeAll(async () => {
  world = await createWorld()
  for (const name of ['own', 'foreign']) {
    await connection(name)
    for (const identifier of ['own-ada', 'own-bob', 'foreign-eve']) await account(name, identifier)
  }
  // As an earlier version took them.
  const odd = fromTypeId('acct', await account('own', 'foreign-odd'))
  await world.pool.query('update connected_account set identifier = $1 where id = $2', ['foreign-\u200bodd', odd])
})
afterAll(() => world.close())

function connection(name: string) {
  const fields = [
    { key: 'client_id', value: 'a' },
    { key: 'client_secret', value: 'b' },
  ]
  return world.get(createConnection, { input: { connector: 'gmail', name, fields } })
}

/** An account that lacks scopes, and has a link. */
async function account(connection: string, identifier: string): Promise<string> {
  const { createConnectedAccount: made } = await world.get(importTokens, {
    input: { connection, identifier, oauth2: { accessToken: `${connection}-${identifier}`, scopes: [] } },
  })
  await link(connection, identifier)
  return made.id
}

async function link(connection: string, identifier: string, secret?: string): Promise<string> {
  const { startAuthorization: made } = await world.get(
    startAuthorization,
    { input: { connection, identifier } },
    secret,
  )
  return made.id
}

async function key(input: Partial<CreateApiKeyInput> = {}) {
  const { createApiKey: made } = await world.get(createApiKey, {
    input: { name: 'matrix', permissions: EVERYTHING, ...input },
  })
  return made
}

/** Keys with nothing but permissions, by these. */
const permitted = new Map<string, Promise<{ secret: string; apiKey: { id: string } }>>()
function keyWith(permissions: readonly Permission[]) {
  const wanted = [...new Set(permissions)].sort()
  const known = permitted.get(wanted.join()) ?? key({ permissions: wanted })
  permitted.set(wanted.join(), known)
  return known
}

/** Asks as a client does: subscriptions at their own address, of which the first event is the answer. */
async function ask(secret: string, query: string, variables: object = {}): Promise<Answer> {
  if (!query.startsWith('subscription')) return post(world.url, query, variables, secret) as Promise<Answer>
  const { events, end } = await subscribe(secret, query, variables)
  const { value } = await events.next()
  await end()
  return value as Answer
}

async function subscribe(secret: string, query: string, variables: object) {
  const stopped = new AbortController()
  const response = await fetch(`${world.url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query, variables }),
    signal: stopped.signal,
  })
  if (response.status !== 200) throw new Error(`${response.status} ${response.statusText}: ${query}`)
  const events = (async function* read() {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      const complete = text.split('\n\n')
      text = complete.pop() ?? ''
      for (const event of complete) {
        const [, data] = /^event: next\ndata: (.*)$/m.exec(event) ?? []
        if (data !== undefined) yield JSON.parse(data) as Answer
      }
    }
  })()
  return {
    events,
    async end() {
      stopped.abort()
      await events.return(undefined).catch(() => {})
    },
  }
}

const isForbidden = ({ errors }: Answer) => errors?.some(({ extensions }) => extensions.code === 'FORBIDDEN') === true

/** A document that asks for one field with these arguments: a field of a query's answer by way of that query. */
function documentOf({ parent, field }: Place, values: Record<string, Json>, selection = selectionOf(field.type)) {
  const given = field.args.filter(({ name }) => name in values)
  const list = (items: string[]) => (items.length > 0 ? `(${items.join(', ')})` : '')
  const declared = list(given.map(({ name, type }) => `$${name}: ${type}`))
  const used = `${field.name}${list(given.map(({ name }) => `${name}: $${name}`))} ${selection}`
  if (ROOTS.includes(parent)) return `${parent.toLowerCase()} ${declared} { ${used} }`
  const way = queryOf(parent)
  return `query ${declared} { ${way.name}${asked(way)} { ${used} } }`
}

/** The query that answers with one object of a type. */
function queryOf(type: string): Field {
  const found = fieldsOf('Query').find((field) => String(field.type) === type)
  if (!found) throw new Error(`No query answers with a ${type}: say here how its fields are asked for.`)
  return found
}

/** What an answer says of the field that a document asked for. */
function toldOf({ data }: Answer, { parent, field }: Place): Json | undefined {
  const holder = ROOTS.includes(parent) ? data : (data?.[queryOf(parent).name] as Record<string, Json> | null)
  return holder?.[field.name]
}

describe('a field of the schema', () => {
  it('that nobody has decided about stops the start, and so does a decision about none [T25]', () => {
    const more = (text: string) => () => assertDecided(extendSchema(schema, parse(text)))
    expect(() => assertDecided(schema)).not.toThrow()
    expect(more('extend type ConnectedAccount { refreshToken: String }')).toThrow(
      'ConnectedAccount.refreshToken has none',
    )
    expect(more('extend type Query { everything: [String!] }')).toThrow('Query.everything has none')
    expect(more('type Diary { page: String } extend type Viewer { diary: Diary }')).toThrow(
      'Viewer.diary has none, Diary.page has none',
    )
    const undecided = USE_CASES as { 'Query.viewer'?: object }
    const { 'Query.viewer': decision } = undecided
    try {
      delete undecided['Query.viewer']
      expect(() => createSchema(null)).toThrow('Query.viewer has none')
    } finally {
      undecided['Query.viewer'] = decision
    }
    expect(() => assertDecided(buildSchema('type Query { viewer: String }'))).toThrow('Query.apiKeys is no field')
  })
})

/** A use case, and how it is tried. */
interface Door {
  name: UseCase
  /** What is needed to come as far as this. */
  before: readonly Permission[]
  /** Whether it is this use case that refuses, with those. */
  isReached: boolean
  forbidden(secret: string): Promise<boolean>
}

/** Documents for the use cases that are reached by an argument. */
const BY_ARGUMENT: Record<string, string> = {
  'Mutation.deleteConnection(disconnectAccounts)':
    'mutation { deleteConnection(connection: "x", disconnectAccounts: true) }',
  'Mutation.updateConnection(name)':
    'mutation { updateConnection(connection: "own", input: { name: "No Name" }) { id } }',
}

/**
 * What leads as far as a use case, and does not open it. Where what leads there opens it as well, it is refused already
 * on the way.
 */
function beforeOf(leads: readonly Permission[], needs: readonly Permission[]): Pick<Door, 'before' | 'isReached'> {
  const before = leads.filter((permission) => !needs.includes(permission)).slice(0, 1)
  return { before, isReached: leads.length === 0 || before.length > 0 }
}

function doorOf(name: UseCase): Door {
  const needs = needsOf(name)
  const [, route] = /^GET (.*)$/.exec(name) ?? []
  if (route)
    return {
      name,
      before: [],
      isReached: true,
      async forbidden(secret) {
        const response = await fetch(world.url + route, { headers: { authorization: `Bearer ${secret}` } })
        await response.body?.cancel()
        return response.status === 403
      },
    }
  const [, operation, argument] = /^(\w+\.\w+)\((\w+)\)$/.exec(name) ?? []
  if (operation && argument) {
    const document = BY_ARGUMENT[name]
    if (!document) throw new Error(`Say in BY_ARGUMENT how ${name} is asked for.`)
    return {
      name,
      ...beforeOf(needsOf(operation), needs),
      forbidden: async (secret) => isForbidden(await ask(secret, document)),
    }
  }
  const [parent = '', fieldName] = name.split('.')
  const field = fieldsOf(parent).find((one) => one.name === fieldName)
  if (!field) throw new Error(`There is no ${name}.`)
  const place = { parent, field }
  const values = requiredOf(place, () => undefined)
  return {
    name,
    ...beforeOf(ROOTS.includes(parent) ? [] : needsOf(`Query.${queryOf(parent).name}`), needs),
    forbidden: async (secret) => isForbidden(await ask(secret, documentOf(place, values, bareOf(field)), values)),
  }
}
/** So little that nothing else is refused. */
const bareOf = ({ type }: Field) => (selectionOf(type) === '' ? '' : '{ __typename }')

const doors = (Object.keys(USE_CASES) as UseCase[]).map(doorOf)

function lacks(name: UseCase, has: readonly Permission[]): boolean {
  const needs = needsOf(name)
  return needs.length > 0 && !needs.some((needed) => has.includes(needed))
}

describe('a key with the permission', () => {
  // WEBHOOKS_WRITE opens nothing: it stands for a key with no permission.
  it.each(EVERYTHING)(
    '%s is forbidden what needs others, on the record, and nothing else [T25, input 48]',
    async (permission) => {
      for (const { name, before, forbidden } of doors) {
        const { secret } = await keyWith([permission, ...before])
        expect([name, await forbidden(secret)]).toEqual([name, lacks(name, [permission, ...before])])
      }
      const { apiKey } = await keyWith([permission])
      const { auditEvents: denied } = await world.get(auditEvents, {
        filter: { actor: apiKey.id, action: 'operation.denied' },
        first: 200,
      })
      const recorded = denied.items.map(({ details, outcome }) => [details.field, outcome])
      for (const { name, before, isReached } of doors)
        if (isReached && before.every((needed) => needed === permission) && lacks(name, [permission]))
          expect(recorded).toContainEqual([name, 'DENIED'])
    },
  )

  const reading = fieldsOf('Query').flatMap((field) => {
    const needs = needsOf(`Query.${field.name}`)
    const enough = needs.length > 0 ? needs : (['WEBHOOKS_WRITE'] as const)
    return enough.map((need) => [need, field.name, field] as const)
  })
  it.each(reading)('%s reads of %s all that is part of it [T25]', async (permission, _name, field) => {
    const { secret } = await keyWith([permission])
    const takes = (name: string) => !(name in USE_CASES)
    const declared = field.name === 'connectorPreview' ? '($definition: JSONObject!)' : ''
    const query = `query ${declared} { ${field.name}${asked(field)} ${selectionOf(field.type, takes, 2)} }`
    const { data, errors } = await ask(secret, query, { definition: DEFINITION })
    expect(errors).toBeUndefined()
    expect(data?.[field.name]).not.toBeNull()
  })
})

type Bounds = Pick<CreateApiKeyInput, 'connections' | 'identifiers'>
const CONNECTION: Bounds = { connections: ['own'] }
const IDENTIFIERS: Bounds = { identifiers: ['own-*'] }
const BOUND: [string, Bounds][] = [
  ['a connection', CONNECTION],
  ['identifiers', IDENTIFIERS],
  ['both', { ...CONNECTION, ...IDENTIFIERS }],
]

function isTooNarrow(name: UseCase, { connections, identifiers }: Bounds): boolean {
  const { reach } = USE_CASES[name]
  return (reach !== 'account' && identifiers != null) || (reach === 'server' && connections != null)
}

describe.each(BOUND)('a key that is bound to %s', (_what, bounds) => {
  let secret: string
  let actor: string
  beforeAll(async () => {
    const made = await key(bounds)
    secret = made.secret
    actor = made.apiKey.id
    // So that it has acted on what is its own.
    await link('own', 'own-ada', secret)
  })

  it('is forbidden what concerns others too, whatever its permissions, and nothing else [T25, input 48]', async () => {
    for (const { name, forbidden } of doors)
      expect([name, await forbidden(secret)]).toEqual([name, isTooNarrow(name, bounds)])
  })

  it('gets the same answers, whatever comes to be and ends beyond its bounds [T23, T53]', async () => {
    const before = await everythingFor(secret)
    const all = JSON.stringify(before)
    expect(all).toContain('own-ada')
    if (bounds.identifiers) expect(all).not.toContain('foreign-')
    if (bounds.connections) expect(all).not.toMatch(/"foreign"|"beyond-/)
    for (const [document, { errors }] of Object.entries(before))
      expect([document, errors]).toEqual([document, undefined])
    const admins = await everythingFor(world.adminKey)
    await disturb(bounds)
    expect(await everythingFor(secret)).toEqual(before)
    expect(await everythingFor(world.adminKey)).not.toEqual(admins)
  }, 60_000)

  it('finds its own by every argument, others no more than what is not there [T23, T53, input 20, 48]', async () => {
    for (const [kind, paths] of Object.entries(NAMES) as [Kind, string[]][]) {
      if (kind === 'value') continue
      for (const path of paths) await expectOwnAlone(kind, path)
    }
  }, 120_000)

  /** One argument, with what it may name. */
  async function expectOwnAlone(kind: Kind, path: string) {
    const [, parent = '', fieldName, at = ''] = /^(\w+)\.(\w+)\((.+)\)$/.exec(path) ?? []
    const field = fieldsOf(parent).find(({ name }) => name === fieldName) as Field
    const place = { parent, field }
    const send = async (value: Json) => {
      const values = withText(place, await baseOf(place, at), at, value)
      return ask(secret, documentOf(place, values), values)
    }
    const door = `${parent}.${fieldName}` as UseCase
    const narrow = door in USE_CASES && isTooNarrow(door, bounds)
    for (const own of await OWN[kind](actor)) {
      const answer = await send(own)
      const place = [path, own, JSON.stringify(answer)]
      expect([...place, narrow ? isForbidden(answer) : isFound(answer, parent, field)]).toEqual([...place, true])
    }
    for (const [foreign, unknown] of await foreignOf(kind, bounds)) {
      const { data, errors } = await send(foreign)
      const other = await send(unknown)
      expect([path, foreign, data, errors]).toEqual([path, foreign, other.data, other.errors])
    }
  }

  it('hears of what is its own alone [T23]', async () => {
    const watched = 'subscription { connectedAccountChanged(connection: "own", identifier: "own-bob") { id status } }'
    const { events, end } = await subscribe(secret, watched, {})
    const next = async () => {
      const { value } = await events.next()
      return (value as Answer).data?.connectedAccountChanged as { id: string; status: string }
    }
    const { id, status } = await next()
    expect(status).toBe('ACTIVE')
    await disturb(bounds)
    await world.get(suspend, { id })
    // Whatever had come meanwhile would have come before.
    expect(await next()).toEqual({ id, status: 'SUSPENDED' })
    await world.get(resume, { id })
    expect(await next()).toEqual({ id, status: 'ACTIVE' })
    await end()
  })

  it('exports what is its own alone [T23]', async () => {
    const lines = async (secret: string) => {
      const response = await fetch(`${world.url}/audit/export`, { headers: { authorization: `Bearer ${secret}` } })
      return (await response.text())
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { connection?: string; identifier?: string; end?: boolean })
        .filter(({ end }) => end !== true)
    }
    const own = await lines(secret)
    expect(own.length).toBeGreaterThan(0)
    for (const { connection, identifier } of own) {
      if (bounds.connections) expect(connection).toBe('own')
      if (bounds.identifiers) expect(identifier).toMatch(/^own-/)
    }
    expect((await lines(world.adminKey)).length).toBeGreaterThan(own.length)
  })
})

/** The answers to every document that leads from a query to anything, by every way. */
async function everythingFor(secret: string): Promise<Record<string, Answer>> {
  const answers: Record<string, Answer> = {}
  // To read a token is an act, which the audit log would tell of the next time; its arguments are tried below.
  for (const field of fieldsOf('Query').filter(({ name }) => name !== 'token')) {
    const declared = field.name === 'connectorPreview' ? '($definition: JSONObject!)' : ''
    const ways = leadsOn(field.type) ? waysFrom(field.type) : [selectionOf(field.type)]
    for (const way of ways) {
      const query = `query ${declared} { ${field.name}${asked(field)} ${way} }`
      const { data, errors } = await ask(secret, query, { definition: DEFINITION })
      answers[query] = JSON.parse(
        JSON.stringify({ data, errors }, (name, value) => (name === 'lastUsedAt' ? undefined : value)),
      )
    }
  }
  return answers
}

/** Much happens, and all of it beyond these bounds. */
async function disturb(bounds: Bounds) {
  if (bounds.connections) {
    const name = `beyond-${randomUUID()}`
    await connection(name)
    for (const identifier of ['own-ada', 'own-new', 'foreign-eve']) await account(name, identifier)
    await key({ connections: [name], identifiers: ['own-ada'] })
  }
  if (bounds.identifiers) {
    const identifier = `foreign-${randomUUID()}`
    for (const end of ['1', '2', '3']) await account('own', identifier + end)
    await world.get(suspend, { id: await account('own', `${identifier}4`) })
    await world.get(remove, { id: await pending('own', identifier) })
    await key({ connections: ['own'], identifiers: [identifier] })
  }
  await key()
}

/** What an argument can name. */
type Kind =
  | 'connection'
  | 'nameOfConnection'
  | 'account'
  | 'identifier'
  | 'link'
  | 'authorization'
  | 'key'
  | 'actor'
  | 'partOfIdentifier'
  | 'partOfConnection'
  | 'cursor'
  | 'value'

/** What each text and each id names that a field takes; a value names nothing that belongs to anybody. */
const NAMES: Record<Kind, string[]> = {
  nameOfConnection: ['Query.auditEvents(filter.connection)'],
  connection: [
    'Query.connectedAccounts(filter.connection)',
    'Query.connectedAccount(connection)',
    'Query.token(connection)',
    'Query.connection(connection)',
    'Connection.accounts(filter.connection)',
    'Mutation.startAuthorization(input.connection)',
    'Mutation.createApiKey(input.connections)',
    'Mutation.updateConnection(connection)',
    'Mutation.disableConnection(connection)',
    'Mutation.enableConnection(connection)',
    'Mutation.deleteConnection(connection)',
    'Mutation.createConnectedAccount(input.connection)',
    'Subscription.connectedAccountChanged(connection)',
  ],
  account: [
    'Query.connectedAccount(id)',
    'Mutation.suspendConnectedAccount(id)',
    'Mutation.resumeConnectedAccount(id)',
    'Mutation.refreshConnectedAccount(id)',
    'Mutation.updateConnectedAccount(id)',
    'Mutation.disconnectConnectedAccount(id)',
    'Mutation.deleteConnectedAccount(id)',
  ],
  identifier: [
    'Query.auditEvents(filter.identifier)',
    'Query.connectedAccounts(filter.identifier)',
    'Query.connectedAccount(identifier)',
    'Query.token(identifier)',
    'Connection.accounts(filter.identifier)',
    'Mutation.startAuthorization(input.identifier)',
    'Mutation.verifyAuthorization(input.identifier)',
    'Mutation.createApiKey(input.identifiers)',
    'Mutation.createConnectedAccount(input.identifier)',
    'Subscription.connectedAccountChanged(identifier)',
  ],
  link: ['Mutation.revokeAuthorizationLink(id)'],
  authorization: ['Mutation.verifyAuthorization(input.authorization)'],
  actor: ['Query.auditEvents(filter.actor)'],
  key: ['Mutation.rotateApiKey(id)', 'Mutation.revokeApiKey(id)'],
  partOfIdentifier: ['Query.connectedAccounts(filter.search)', 'Connection.accounts(filter.search)'],
  partOfConnection: ['Query.connections(filter.search)'],
  cursor: [
    'Query.auditEvents(after)',
    'Query.connectedAccounts(after)',
    'Query.connections(after)',
    'Connection.accounts(after)',
    'Connection.accountsNeedingConsent(after)',
  ],
  value: [
    'Query.token(purpose)',
    'Query.token(rejected)',
    'Query.token(scopes)',
    'ConnectedAccount.token(purpose)',
    'ConnectedAccount.token(rejected)',
    'ConnectedAccount.token(scopes)',
    'Query.auditEvents(filter.action)',
    // Connectors are everybody's.
    'Query.connections(filter.connector)',
    'Query.connectors(after)',
    'Query.connectors(filter.search)',
    'Query.connectors(filter.category)',
    'Query.connector(key)',
    'Mutation.updateConnector(key)',
    'Mutation.deleteConnector(key)',
    'Mutation.startAuthorization(input.scopes)',
    'Mutation.startAuthorization(input.state)',
    'Mutation.startAuthorization(input.tenant)',
    'Mutation.startAuthorization(input.fields.key)',
    'Mutation.startAuthorization(input.fields.value)',
    'Mutation.createApiKey(input.name)',
    'Mutation.createApiKey(input.addresses)',
    // Nobody who is bound makes a connection, or gives one another name: names are everybody's.
    'Mutation.createConnection(input.connector)',
    'Mutation.createConnection(input.name)',
    'Mutation.createConnection(input.authMethod)',
    'Mutation.createConnection(input.fields.key)',
    'Mutation.createConnection(input.fields.value)',
    'Mutation.createConnection(input.scopes)',
    'Mutation.updateConnection(input.name)',
    'Mutation.updateConnection(input.fields.key)',
    'Mutation.updateConnection(input.fields.value)',
    'Mutation.updateConnection(input.scopes)',
    'Mutation.createConnectedAccount(input.fields.key)',
    'Mutation.createConnectedAccount(input.fields.value)',
    'Mutation.createConnectedAccount(input.oauth2.accessToken)',
    'Mutation.createConnectedAccount(input.oauth2.refreshToken)',
    'Mutation.createConnectedAccount(input.oauth2.scopes)',
    'Mutation.updateConnectedAccount(input.fields.key)',
    'Mutation.updateConnectedAccount(input.fields.value)',
    'Mutation.updateConnectedAccount(input.oauth2.accessToken)',
    'Mutation.updateConnectedAccount(input.oauth2.refreshToken)',
    'Mutation.updateConnectedAccount(input.oauth2.scopes)',
  ],
}

it('every text and id that a field takes is known for what it names', () => {
  const taken = withArguments.flatMap((place) =>
    textsOf(place).map((path) => `${place.parent}.${place.field.name}(${path})`),
  )
  expect(Object.values(NAMES).flat().sort()).toEqual(taken.sort())
})

/** A new account without credentials, on which every operation can be tried. */
async function pending(connection: string, identifier: string): Promise<string> {
  const input = { connection, identifier: `${identifier}-${randomUUID()}` }
  return (await world.get(importTokens, { input })).createConnectedAccount.id
}

/** An authorization of a link that is decided. */
async function decided(connection: string, identifier: string): Promise<string> {
  const of = await link(connection, identifier)
  const { rows } = await world.pool.query(
    `insert into pending_verification (id, link_id, status, expires_at)
     values (gen_random_uuid(), $1, 'FAILED', now()) returning id`,
    [fromTypeId('link', of)],
  )
  return toTypeId('authz', rows[0].id)
}

async function idOf(connection: string): Promise<string> {
  const { rows } = await world.pool.query('select id from connection where name = $1', [connection])
  return toTypeId('conn', rows[0].id)
}

const cursorOf = (ms: number, uuid: string) => Buffer.from(`${ms}.${uuid}`).toString('base64url')
const UNKNOWN = 'h455vb4pex5vsknk084sn02q'

/** A key as if `actor` had made it: nobody else may rotate it. */
async function childOf(actor: string): Promise<string> {
  const { apiKey } = await key({ ...CONNECTION, ...IDENTIFIERS })
  await world.pool.query('update api_key set maker_id = $1 where id = $2', [
    fromTypeId('key', actor),
    fromTypeId('key', apiKey.id),
  ])
  return apiKey.id
}

/** What is within every bound of this file. `actor` is the key that asks. */
const OWN: Record<Kind, (actor: string) => Promise<Json[]>> = {
  connection: async () => ['own', await idOf('own')],
  nameOfConnection: async () => ['own'],
  account: async () => [await pending('own', 'own')],
  identifier: async () => ['own-ada'],
  link: async () => [await link('own', 'own-ada')],
  authorization: async () => [await decided('own', 'own-ada')],
  key: async (actor) => [await childOf(actor)],
  actor: async (actor) => [actor],
  partOfIdentifier: async () => ['own-'],
  partOfConnection: async () => ['own'],
  cursor: async () => [cursorOf(Date.parse('2099-01-01'), randomUUID())],
  value: async () => [],
}

/** What is beyond some bounds, each beside something like it that is nowhere. */
async function foreignOf(kind: Kind, { connections, identifiers }: Bounds): Promise<[Json, Json][]> {
  const places: [string, string][] = [
    ...(connections ? ([['foreign', 'own-ada']] as [string, string][]) : []),
    ...(identifiers ? ([['own', 'foreign-eve']] as [string, string][]) : []),
  ]
  const each = (make: (connection: string, identifier: string) => Promise<string>, unknown: string) =>
    Promise.all(places.map(async (place) => [await make(...place), unknown] as [Json, Json]))
  switch (kind) {
    case 'connection':
      if (!connections) return []
      return [
        ['foreign', 'nowhere'],
        [await idOf('foreign'), `conn_01${UNKNOWN}`],
      ]
    case 'nameOfConnection':
      return connections ? [['foreign', 'nowhere']] : []
    case 'account':
      return each(pending, `acct_01${UNKNOWN}`)
    case 'identifier':
      if (!identifiers) return []
      return [
        ['foreign-eve', 'foreign-nobody'],
        ['foreign-\u200bodd', 'foreign-\u200bnobody'],
      ]
    case 'link':
      return each(link, `link_01${UNKNOWN}`)
    case 'authorization':
      return each(decided, `authz_01${UNKNOWN}`)
    case 'key':
      return [[(await key()).apiKey.id, `key_01${UNKNOWN}`]]
    case 'actor':
      return each(async (connection, identifier) => {
        const { secret, apiKey } = await key()
        await link(connection, identifier, secret)
        return apiKey.id
      }, `key_01${UNKNOWN}`)
    case 'partOfIdentifier':
      return identifiers ? [['foreign-', 'nobody-']] : []
    case 'partOfConnection':
      return connections ? [['foreign', 'nowhere']] : []
    case 'cursor': {
      const { rows } = await world.pool.query(
        `select account.id, extract(epoch from account.created_at) * 1000 as ms
         from connected_account account join connection on connection.id = connection_id
         where name = 'foreign' and identifier = 'foreign-eve'`,
      )
      const ms = Math.round(Number(rows[0].ms))
      return [[cursorOf(ms, rows[0].id), cursorOf(ms, randomUUID())]]
    }
    case 'value':
      return []
  }
}

/** The arguments beside the one that is tried, all of what is own. */
async function baseOf(place: Place, at: string): Promise<Record<string, Json>> {
  const name = `${place.parent}.${place.field.name}`
  if (name === 'Query.connectedAccount') return at === 'id' ? {} : { connection: 'own', identifier: 'own-ada' }
  if (name === 'Mutation.createApiKey')
    return { input: { name: 'made', permissions: ['TOKENS_READ'], connections: ['own'], identifiers: ['own-ada'] } }
  const named = new Map<string, Json>()
  for (const path of textsOf(place)) {
    const kind = (Object.keys(NAMES) as Kind[]).find((one) => NAMES[one].includes(`${name}(${path})`)) as Kind
    const [own] = path === at ? [] : await OWN[kind](UNKNOWN)
    if (own !== undefined) named.set(path, own)
  }
  return requiredOf(place, (path) => named.get(path))
}

/** Whether an answer tells of something that is there. */
function isFound(answer: Answer, parent: string, field: Field): boolean {
  const code = answer.errors?.[0]?.extensions.code
  if (code !== undefined) return !['NOT_FOUND', 'FORBIDDEN', 'BAD_USER_INPUT', 'RATE_LIMITED'].includes(code)
  const told = toldOf(answer, { parent, field })
  if (isListType(getNullableType(field.type))) return (told as Json[]).length > 0
  if (told === null || told === undefined || typeof told !== 'object' || !('items' in told)) return told != null
  return (told.items as Json[]).length > 0
}
