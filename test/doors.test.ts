/**
 * Every entry point, with its access check. A use case, a field with a resolver or a route that is not
 * listed here fails this test, so that whoever adds one has to state who may use it.
 */
import { type GraphQLObjectType, isObjectType } from 'graphql'
import { getMetadataStorage } from 'type-graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { USE_CASES } from '../src/callers/use-cases.js'
import { createSchema } from '../src/graphql/schema.js'
import { auditEvents, createApiKey, importTokens } from './support/documents.js'
import { createWorld, post, type World } from './support/world.js'

/** Fields with resolvers that are a part of their parent: whoever may see the parent may see them. */
const PARTS_OF_THEIR_PARENT = [
  'ApiKey.connections',
  'AuthorizationLink.account',
  'ConnectedAccount.fields',
  'Connection.accountCount',
  'Connection.authMethod',
  'Connection.connector',
  'Connection.deletion',
  'Connection.fields',
  'Connection.keepAlive',
  'Connection.redirectUri',
]

/** Use cases that are checked within another one. */
const WITHIN = ['Mutation.deleteConnection(disconnectAccounts)']

/** Use cases that are reached by a route of their own; the routes are below. */
const ROUTES_WITH_A_USE_CASE = ['GET /audit/export']

describe('the API', () => {
  const schema = createSchema(null)
  const types = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  )
  const storage = getMetadataStorage()
  const nameOf = (type: unknown) => storage.objectTypes.find(({ target }) => target === type)?.name
  const resolved = storage.fieldResolvers
    .filter(({ kind }) => kind === 'external')
    .map(({ schemaName, getObjectType }) => `${nameOf(getObjectType?.())}.${schemaName}`)
  const operations = types
    .filter(({ name }) => ['Query', 'Mutation', 'Subscription'].includes(name))
    .flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`))

  it('has a use case for every operation, and no others than those listed here', () => {
    expect(operations.filter((name) => !(name in USE_CASES))).toEqual([])
    const nested = Object.keys(USE_CASES).filter(
      (name) => !operations.includes(name) && !WITHIN.includes(name) && !ROUTES_WITH_A_USE_CASE.includes(name),
    )
    expect(nested.sort()).toEqual([
      'ConnectedAccount.authorizationLinks',
      'ConnectedAccount.connection',
      'ConnectedAccount.metadata',
      'ConnectedAccount.providerIdentity',
      'ConnectedAccount.token',
      'Connection.accounts',
      'Connection.accountsNeedingConsent',
      'Connector.connections',
    ])
    for (const name of nested) expect(resolved).toContain(name)
  })

  it('has no fields with resolvers but use cases and parts of their parent', () => {
    const known = new Set([...Object.keys(USE_CASES), ...PARTS_OF_THEIR_PARENT])
    expect(resolved.filter((name) => !known.has(name))).toEqual([])
    expect(PARTS_OF_THEIR_PARENT.filter((name) => !resolved.includes(name))).toEqual([])
  })
})

describe('a field with a permission of its own', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
    await world.get(importTokens, {
      input: { connection: 'playground', identifier: 'ada', oauth2: { accessToken: 'a' } },
    })
  })
  afterAll(() => world.close())
  const account = (field: string) =>
    `{ connectedAccount(connection: "playground", identifier: "ada") { ${field} { __typename } } }`
  const connection = (field: string) => `{ connection(connection: "playground") { ${field} { __typename } } }`

  it.each([
    ['ConnectedAccount.authorizationLinks', ['TOKENS_READ'], account('authorizationLinks'), 'ACCOUNTS_READ'],
    ['ConnectedAccount.connection', ['ACCOUNTS_READ'], account('connection'), 'CONNECTIONS_READ'],
    ['ConnectedAccount.token', ['ACCOUNTS_READ'], account('token'), 'TOKENS_READ'],
    ['Connection.accounts', ['CONNECTIONS_READ'], connection('accounts'), 'ACCOUNTS_READ'],
    ['Connection.accountsNeedingConsent', ['CONNECTIONS_READ'], connection('accountsNeedingConsent'), 'ACCOUNTS_READ'],
    [
      'Connector.connections',
      ['ACCOUNTS_READ'],
      '{ connector(key: "github") { connections { __typename } } }',
      'CONNECTIONS_READ',
    ],
  ] as const)('%s is refused to a key with %s, and recorded [T25]', async (field, permissions, document, lacks) => {
    const { createApiKey: made } = await world.get(createApiKey, {
      input: { name: field, permissions: [...permissions] },
    })
    const { errors } = await post(world.url, document, {}, made.secret)
    expect(errors?.[0]).toMatchObject({
      message: `This API key lacks the permission ${lacks}.`,
      extensions: { code: 'FORBIDDEN' },
    })
    const { auditEvents: events } = await world.get(auditEvents, { filter: { action: 'operation.denied' }, first: 1 })
    expect(events.items[0]).toMatchObject({ actor: made.apiKey.id, details: { field, needs: [lacks] } })
  })
})

describe('the routes', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())

  /** Routes as Fastify prints them, with their check and the status that a caller without credentials gets. */
  const ROUTES: Record<string, { check: string; stranger: number }> = {
    'GET /': { check: 'none: leads to the dashboard', stranger: 302 },
    'GET /healthz': { check: 'none: says that the process answers', stranger: 200 },
    'GET /readyz': { check: 'none: says whether it can serve', stranger: 200 },
    'GET /metrics': { check: 'none: counts without names', stranger: 200 },
    'GET /icons/:file': { check: 'none: a picture of the catalogue', stranger: 404 },
    'GET /oauth/client/:connectionId': { check: 'none: what is public of a client', stranger: 404 },
    'GET /oauth/callback/:connectionId': {
      check: 'state, connection, version and browser, in one statement',
      stranger: 400,
    },
    'POST /oauth/callback/:connectionId': { check: 'none: leads to the GET', stranger: 303 },
    'GET /connect/:token': { check: 'the token of the link', stranger: 404 },
    'POST /connect/:token': { check: 'the token of the link, and the form of its own page', stranger: 404 },
    'GET /dashboard': { check: 'none: files without data', stranger: 200 },
    'GET /dashboard*': { check: 'none: files without data', stranger: 200 },
    'POST /dashboard/session': { check: 'an API key, from a page of this server', stranger: 403 },
    'DELETE /dashboard/session': { check: 'the cookie of the session, from a page of this server', stranger: 403 },
    'DELETE /dashboard/sessions': { check: 'the cookie of the session, from a page of this server', stranger: 403 },
    'GET /*': { check: 'none: files without data', stranger: 404 },
    'GET /graphiql': { check: 'none: files without data', stranger: 200 },
    'POST /graphql': { check: 'an API key, or a session from a page of this server', stranger: 401 },
    'GET /graphql': { check: 'none: refused', stranger: 405 },
    'PUT /graphql': { check: 'none: refused', stranger: 405 },
    'PATCH /graphql': { check: 'none: refused', stranger: 405 },
    'DELETE /graphql': { check: 'none: refused', stranger: 405 },
    'GET /audit/export': { check: 'an API key with AUDIT_READ', stranger: 401 },
    'POST /graphql/stream': { check: 'an API key, or a session from a page of this server', stranger: 401 },
    'GET /playground': { check: 'none: off in production', stranger: 200 },
  }
  /** Routes of oidc-provider, which has its own checks; the playground is off in production. */
  const FOREIGN = /^\w+ \/playground[/*]/

  it('are all listed, and answer a caller without credentials as the list says', async () => {
    const routes = world.routes.filter((route) => !FOREIGN.test(route) && !/^(HEAD|OPTIONS|TRACE|QUERY) /.test(route))
    expect([...routes].sort()).toEqual(Object.keys(ROUTES).sort())
    for (const [route, { stranger }] of Object.entries(ROUTES)) {
      const [method = '', path = ''] = route.split(' ')
      const address = path.replace(/:\w+/g, 'x'.repeat(43)).replace('*', '/nothing')
      const { status } = await fetch(world.url + address, { method, redirect: 'manual' })
      expect([route, status]).toEqual([route, stranger])
    }
  })
})
