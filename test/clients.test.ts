/** GraphQL as clients meet it: what they ask for, how they ask, and what they make of the answers. */
import {
  extendSchema,
  type GraphQLObjectType,
  type GraphQLUnionType,
  getNamedType,
  isCompositeType,
  parse,
  validate,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { auditEvents, createApiKey, createConnection, importTokens } from './support/documents.js'
import { fieldsOf, schema } from './support/schema.js'
import { createWorld, type World } from './support/world.js'

const readRoot = graphql(`
  query ClientToken($connection: ID!, $identifier: String!, $purpose: String, $scopes: [String!]) {
    token(connection: $connection, identifier: $identifier, purpose: $purpose, scopes: $scopes) {
      __typename
      ... on OAuthToken { accessToken }
      ... on AuthorizationRequired { accountStatus reason }
      ... on InsufficientScope { missingScopes }
      ... on ConnectionUnavailable { connectionStatus reason }
    }
  }
`)

let world: World
beforeAll(async () => {
  world = await createWorld()
  const fields = [
    { key: 'client_id', value: 'a' },
    { key: 'client_secret', value: 'b' },
  ]
  for (const name of ['mail', 'other'])
    await world.get(createConnection, { input: { connector: 'gmail', name, fields } })
  await world.get(createConnection, { input: { connector: 'gmail', name: 'draft' } })
  for (const connection of ['mail', 'other'])
    await world.get(importTokens, {
      input: { connection, identifier: 'ada', oauth2: { accessToken: `of-${connection}`, scopes: ['read'] } },
    })
})
afterAll(() => world.close())

const token = (connection: string, identifier: string, more: object = {}, key?: string) =>
  world.ask(readRoot, { connection, identifier, ...more }, key)

describe('token, without an account before it', () => {
  it('is that of the account where there is one', async () => {
    expect((await token('mail', 'ada')).data.token).toEqual({ __typename: 'OAuthToken', accessToken: 'of-mail' })
    expect((await token('mail', 'ada', { scopes: ['write'] })).data.token).toEqual({
      __typename: 'InsufficientScope',
      missingScopes: ['write'],
    })
  })

  it('says that a user who never began has to, on the record, and makes no account', async () => {
    expect((await token('mail', 'never', { purpose: 'to read the inbox' })).data.token).toEqual({
      __typename: 'AuthorizationRequired',
      accountStatus: 'PENDING_AUTHORIZATION',
      reason: expect.stringContaining('startAuthorization'),
    })
    const { auditEvents: events } = await world.get(auditEvents, { filter: { identifier: 'never' } })
    expect(events.items).toMatchObject([
      {
        action: 'token.read',
        outcome: 'FAILED',
        purpose: 'to read the inbox',
        details: { answer: 'AuthorizationRequired' },
      },
    ])
    const { rows } = await world.pool.query("select from connected_account where identifier = 'never'")
    expect(rows).toEqual([])
    expect((await token('draft', 'never')).data.token).toMatchObject({
      __typename: 'ConnectionUnavailable',
      connectionStatus: 'DRAFT',
    })
  })

  it('has no answer about what is not there', async () => {
    expect((await token('nowhere', 'ada')).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect((await token('mail', '')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', path: ['identifier'] } },
    ])
  })

  it('demands a purpose of whoever has to state one', async () => {
    const { secret } = (
      await world.get(createApiKey, { input: { name: 'p', permissions: ['TOKENS_READ'], purposeRequired: true } })
    ).createApiKey
    for (const identifier of ['ada', 'never'])
      expect((await token('mail', identifier, {}, secret)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', path: ['purpose'] } },
      ])
  })

  it('tells a bound key nothing of others: those who are there are as those who are not', async () => {
    const { secret } = (
      await world.get(createApiKey, {
        input: { name: 'bound', permissions: ['TOKENS_READ'], connections: ['mail'], identifiers: ['ada', 'never'] },
      })
    ).createApiKey
    await world.get(importTokens, { input: { connection: 'mail', identifier: 'bob', oauth2: { accessToken: 'x' } } })
    expect((await token('mail', 'ada', {}, secret)).data.token).toMatchObject({ accessToken: 'of-mail' })
    expect((await token('mail', 'never', {}, secret)).data.token).toMatchObject({
      __typename: 'AuthorizationRequired',
    })
    const errorsOf = async (connection: string, identifier: string) => {
      const { errors } = await token(connection, identifier, {}, secret)
      expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      return errors
    }
    expect(await errorsOf('other', 'ada')).toEqual(await errorsOf('nowhere', 'ada'))
    expect(await errorsOf('other', 'never')).toEqual(await errorsOf('nowhere', 'never'))
    expect(await errorsOf('mail', 'bob')).toEqual(await errorsOf('mail', 'nobody'))
  })

  it('is one for each operation', async () => {
    const twice = 'query { a: token(connection: "mail", identifier: "ada") { __typename } b: connectedAccount('
    const { errors } = await world.ask(
      `${twice} connection: "mail", identifier: "ada") { token { __typename } } }` as never,
    )
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }])
  })
})

describe('a union', () => {
  it.each(
    Object.values(schema.getTypeMap()).flatMap((type) => ('getTypes' in type ? [[type.name, type] as const] : [])),
  )('%s lets every field of every member be asked for at once', (_name, union) => {
    const selectionOf = (type: GraphQLObjectType): string =>
      fieldsOf(type.name)
        .filter(({ deprecationReason }) => deprecationReason == null)
        .map(({ name, type }) => {
          const named = getNamedType(type)
          return isCompositeType(named) ? `${name} { ${selectionOf(named as GraphQLObjectType)} }` : name
        })
        .join(' ')
    const members = (union as GraphQLUnionType).getTypes().map((type) => `... on ${type.name} { ${selectionOf(type)} }`)
    const asked = extendSchema(schema, parse(`extend type Query { it: ${union.name} }`))
    const faults = validate(asked, parse(`{ it { __typename ${members.join(' ')} } }`))
    expect(faults.map(({ message }) => message)).toEqual([])
  })
})
