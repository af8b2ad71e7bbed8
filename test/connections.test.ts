import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { createConnection, importTokens, readToken } from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const updateConnection = graphql(`
  mutation UpdateConnection($connection: ID!, $input: UpdateConnectionInput!) {
    updateConnection(connection: $connection, input: $input) {
      id
      name
      status
      problem
      scopes
      userVerification
      fields { key value isSet secret }
    }
  }
`)

const enable = graphql(`
  mutation Enable($connection: ID!) {
    enableConnection(connection: $connection) { status problem }
  }
`)

const disable = graphql(`
  mutation Disable($connection: ID!) {
    disableConnection(connection: $connection) { status problem }
  }
`)

const remove = graphql(`
  mutation Remove($connection: ID!, $disconnectAccounts: Boolean) {
    deleteConnection(connection: $connection, disconnectAccounts: $disconnectAccounts)
  }
`)

const list = graphql(`
  query List($filter: ConnectionFilter, $first: Int, $after: String) {
    connections(filter: $filter, first: $first, after: $after) {
      items { id name status accountCount }
      totalCount
      endCursor
      hasNextPage
    }
  }
`)

const one = graphql(`
  query One($connection: ID!) {
    connection(connection: $connection) {
      id
      name
      accountsNeedingConsent {
        totalCount
        items { identifier missingScopes }
      }
      accounts(first: 1) {
        totalCount
        items { identifier }
      }
    }
  }
`)

describe('setting a connection up', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld({ jobs: true })
  })
  afterAll(() => world.close())

  it('gives the redirect URI of a draft, and activates it once client id and secret are stored', async () => {
    const { createConnection: draft } = await world.get(createConnection, {
      input: { connector: 'slack', name: 'slack-prod' },
    })
    expect(draft).toMatchObject({
      status: 'DRAFT',
      problem: 'Still to fill in: Client ID, Client secret.',
      redirectUri: `${world.url}/oauth/callback/${draft.id}`,
      scopes: ['chat:write', 'channels:read'],
      userVerification: 'CONFIRM',
    })
    const half = await world.get(updateConnection, {
      connection: 'slack-prod',
      input: { fields: [{ key: 'client_id', value: '123.456' }] },
    })
    expect(half.updateConnection).toMatchObject({ status: 'DRAFT', problem: 'Still to fill in: Client secret.' })
    const full = await world.get(updateConnection, {
      connection: draft.id,
      input: { fields: [{ key: 'client_secret', value: 'a-secret-of-slack' }] },
    })
    expect(full.updateConnection).toMatchObject({
      status: 'ACTIVE',
      problem: null,
      fields: [
        { key: 'client_id', value: '123.456', isSet: true, secret: false },
        { key: 'client_secret', value: null, isSet: true, secret: true },
      ],
    })
    const cleared = await world.get(updateConnection, {
      connection: draft.id,
      input: { fields: [{ key: 'client_secret', value: '' }] },
    })
    expect(cleared.updateConnection).toMatchObject({ status: 'DRAFT', fields: [{ isSet: true }, { isSet: false }] })
  })

  it('keeps a secret that a change leaves out, and takes no null for it [input 5]', async () => {
    await world.get(createConnection, {
      input: {
        connector: 'slack',
        name: 'slack-kept',
        fields: [
          { key: 'client_id', value: '123.456' },
          { key: 'client_secret', value: 'a-secret-of-slack' },
        ],
      },
    })
    const secret = { key: 'client_secret', value: null, isSet: true, secret: true }
    for (const input of [{ scopes: ['chat:write'] }, { fields: [] }])
      expect((await world.get(updateConnection, { connection: 'slack-kept', input })).updateConnection).toMatchObject({
        status: 'ACTIVE',
        fields: [{ key: 'client_id' }, secret],
      })
    const nulled = { fields: [{ key: 'client_secret', value: null }] } as never
    const { errors } = await world.ask(updateConnection, { connection: 'slack-kept', input: nulled })
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    const { updateConnection: after } = await world.get(updateConnection, { connection: 'slack-kept', input: {} })
    expect(after).toMatchObject({ status: 'ACTIVE', fields: [{ key: 'client_id' }, secret] })
  })

  it('allows several connections of one connector, and names those without a name', async () => {
    const names = []
    for (let i = 0; i < 3; i++)
      names.push((await world.get(createConnection, { input: { connector: 'notion' } })).createConnection.name)
    expect(names).toEqual(['notion', 'notion-2', 'notion-3'])
  })

  it('always asks for the scopes that the connector requires', async () => {
    const { createConnection: connection } = await world.get(createConnection, {
      input: { connector: 'microsoft-graph', scopes: ['Mail.Send'] },
    })
    expect(connection.scopes).toEqual(['openid', 'User.Read', 'Mail.Send', 'offline_access'])
  })

  it('can be disabled and enabled', async () => {
    await world.get(createConnection, {
      input: {
        connector: 'playground',
        name: 'switched',
        fields: [
          { key: 'client_id', value: 'playground' },
          { key: 'client_secret', value: 'x' },
        ],
      },
    })
    expect((await world.get(disable, { connection: 'switched' })).disableConnection.status).toBe('DISABLED')
    const still = await world.get(updateConnection, { connection: 'switched', input: { scopes: ['openid'] } })
    expect(still.updateConnection.status).toBe('DISABLED')
    expect((await world.get(enable, { connection: 'switched' })).enableConnection).toEqual({
      status: 'ACTIVE',
      problem: null,
    })
  })

  it('is not deleted while accounts exist, unless they are to be disconnected too [input 19]', async () => {
    const { createConnection: connection } = await world.get(createConnection, {
      input: {
        connector: 'notion',
        name: 'to-delete',
        fields: [
          { key: 'client_id', value: 'a' },
          { key: 'client_secret', value: 'b' },
        ],
      },
    })
    await world.get(importTokens, { input: { connection: 'to-delete', identifier: 'user_1' } })
    const refused = await world.ask(remove, { connection: 'to-delete' })
    expect(refused.errors?.[0]).toMatchObject({
      message: expect.stringContaining('1 connected account is on to-delete'),
      extensions: { code: 'CONFLICT' },
    })
    expect((await world.get(remove, { connection: 'to-delete', disconnectAccounts: true })).deleteConnection).toBe(true)
    // A job then disconnects the accounts, see test/jobs.test.ts.
    await expect.poll(async () => (await world.get(one, { connection: connection.id })).connection).toBeNull()
  })

  it('shows which accounts lack a scope that it now asks for [T55]', async () => {
    await world.get(createConnection, { input: { connector: 'playground', name: 'consent', scopes: ['openid'] } })
    await world.get(importTokens, {
      input: { connection: 'consent', identifier: 'old', oauth2: { accessToken: 'x', scopes: ['openid'] } },
    })
    await world.get(updateConnection, { connection: 'consent', input: { scopes: ['openid', 'email'] } })
    await world.get(importTokens, {
      input: { connection: 'consent', identifier: 'new', oauth2: { accessToken: 'y', scopes: ['openid', 'email'] } },
    })
    const { connection } = await world.get(one, { connection: 'consent' })
    expect(connection?.accountsNeedingConsent).toMatchObject({
      totalCount: 1,
      items: [{ identifier: 'old', missingScopes: ['email'] }],
    })
    expect(connection?.accounts).toMatchObject({ totalCount: 2, items: [{ identifier: 'new' }] })
  })

  it('lists pages without gaps or repeats, and takes a filter literally [input 62]', async () => {
    for (const name of ['page-a', 'page-b', 'page_c'])
      await world.get(createConnection, { input: { connector: 'github', name } })
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Awaited<
        ReturnType<
          typeof world.get<
            {
              connections: {
                items: { name: string }[]
                endCursor?: string | null
                hasNextPage: boolean
                totalCount: number
              }
            },
            object
          >
        >
      > = await world.get(list as never, { filter: { connector: 'github' }, first: 2, after })
      expect(page.connections.totalCount).toBe(3)
      seen.push(...page.connections.items.map(({ name }) => name))
      after = page.connections.hasNextPage ? (page.connections.endCursor ?? null) : null
    } while (after)
    expect(seen).toEqual(['page_c', 'page-b', 'page-a'])
    expect((await world.get(list, { filter: { search: 'page_' } })).connections.items.map(({ name }) => name)).toEqual([
      'page_c',
    ])
    for (const search of ['%', "'", "' or 1=1 --", '\\', '(a+)+$', '.*'])
      expect([search, (await world.get(list, { filter: { search } })).connections.totalCount]).toEqual([search, 0])
  })

  describe('refuses, and stores nothing:', () => {
    const count = async () => (await world.get(list, {})).connections.totalCount
    const base = { connector: 'slack' }
    it.each<[string, Record<string, unknown>, string, (string | number)[]]>([
      ['an empty name [input 1]', { name: '' }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name that is too long [input 1]', { name: 'a'.repeat(65) }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name with a control character [input 1]', { name: 'a\u0007b' }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name written from right to left [input 1]', { name: 'a\u202eb' }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name with a picture in it [input 1]', { name: 'slack-🚀' }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name that only looks like another [input 2]', { name: 'plaуground' }, 'BAD_USER_INPUT', ['input', 'name']],
      ['a name in capitals [input 2]', { name: 'Slack' }, 'BAD_USER_INPUT', ['input', 'name']],
      [
        'a name that looks like an id',
        { name: 'conn_01h455vb4pex5vsknk084sn02q' },
        'BAD_USER_INPUT',
        ['input', 'name'],
      ],
      ['a name that is taken [input 2]', { name: 'playground' }, 'CONFLICT', ['input', 'name']],
      ['an unknown connector', { connector: 'no-such' }, 'BAD_USER_INPUT', ['input', 'connector']],
      ['an unknown auth method', { authMethod: 'magic' }, 'BAD_USER_INPUT', ['input', 'authMethod']],
      [
        'a field that the form does not have',
        {
          fields: [
            { key: 'client_id', value: 'a' },
            { key: 'colour', value: 'red' },
          ],
        },
        'BAD_USER_INPUT',
        ['input', 'fields', 1, 'key'],
      ],
      [
        'a field given twice',
        {
          fields: [
            { key: 'client_id', value: 'a' },
            { key: 'client_id', value: 'b' },
          ],
        },
        'BAD_USER_INPUT',
        ['input', 'fields', 1, 'key'],
      ],
      [
        'a client id with a space in it that nobody sees [input 3]',
        { fields: [{ key: 'client_id', value: 'ab\u200bc' }] },
        'BAD_USER_INPUT',
        ['input', 'fields', 0, 'value'],
      ],
      [
        'a client secret with a letter that no key has [input 4]',
        { fields: [{ key: 'client_secret', value: 'sécret' }] },
        'BAD_USER_INPUT',
        ['input', 'fields', 0, 'value'],
      ],
      [
        'a client secret of 5 KB [input 4]',
        { fields: [{ key: 'client_secret', value: 's'.repeat(5000) }] },
        'BAD_USER_INPUT',
        ['input', 'fields', 0, 'value'],
      ],
      [
        'a client secret with a control character [input 4]',
        { fields: [{ key: 'client_secret', value: 'a\u0007b' }] },
        'BAD_USER_INPUT',
        ['input', 'fields', 0, 'value'],
      ],
      [
        'a client id with a line break in it [input 3]',
        { fields: [{ key: 'client_id', value: 'ab\nc' }] },
        'BAD_USER_INPUT',
        ['input', 'fields', 0, 'value'],
      ],
      ['a scope with a space [input 6]', { scopes: ['read', 'a b'] }, 'BAD_USER_INPUT', ['input', 'scopes', 1]],
      ['a scope with a quote [input 6]', { scopes: ['a"b'] }, 'BAD_USER_INPUT', ['input', 'scopes', 0]],
      ['a scope with a backslash [input 6]', { scopes: ['a\\b'] }, 'BAD_USER_INPUT', ['input', 'scopes', 0]],
      ['an empty scope [input 6]', { scopes: [''] }, 'BAD_USER_INPUT', ['input', 'scopes', 0]],
      ['a scope given twice [input 6]', { scopes: ['a', 'a'] }, 'BAD_USER_INPUT', ['input', 'scopes', 1]],
      [
        'two hundred scopes [input 6]',
        { scopes: Array.from({ length: 200 }, (_, i) => `s${i}`) },
        'BAD_USER_INPUT',
        ['input', 'scopes'],
      ],
      [
        'none of the scopes of which the check of an account needs one',
        { connector: 'google-drive', scopes: ['openid'] },
        'BAD_USER_INPUT',
        ['input', 'scopes'],
      ],
    ])('%s', async (_what, change, code, path) => {
      const before = await count()
      const { errors } = await world.ask(createConnection, { input: { ...base, ...change } as never })
      expect(errors?.[0]?.extensions).toEqual({ code, path })
      expect(errors?.[0]?.message).not.toContain('sécret')
      expect(await count()).toBe(before)
    })

    it('a missing required input, with its path [input 60]', async () => {
      const { errors, status } = await world.ask(createConnection, { input: { name: 'x' } as never })
      expect(status).toBe(400)
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('"connector" of required type "ID!" was not provided'),
        extensions: { code: 'BAD_USER_INPUT', path: ['input'] },
      })
    })

    it('an input that does not exist, without repeating its value', async () => {
      const { errors } = await world.ask(createConnection, {
        input: { connector: 'slack', clientSecret: 'very-secret-value' } as never,
      })
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
      expect(JSON.stringify(errors)).not.toContain('very-secret-value')
    })

    it.each([
      'no-such',
      'conn_01h455vb4pex5vsknk084sn02q',
      'acct_01h455vb4pex5vsknk084sn02q',
      '1 OR 1=1',
      'x'.repeat(10_000),
      '',
    ])('the unknown connection %#, with the same error [T23, input 20]', async (connection) => {
      expect((await world.get(one, { connection })).connection).toBeNull()
      const { errors } = await world.ask(updateConnection, { connection, input: { scopes: [] } })
      expect(errors?.[0]).toMatchObject({
        message: 'This connection was not found, or this API key may not see it.',
        extensions: { code: 'NOT_FOUND' },
      })
    })

    it('the character U+0000, in any place [input 1, 20]', async () => {
      const before = await count()
      const answers = [
        await world.ask(createConnection, { input: { ...base, name: 'a\u0000b' } }),
        await world.ask(one, { connection: '\u0000' }),
        await world.ask('{ connection(connection: "\\u0000") { id } }' as never),
      ]
      for (const { status, errors } of answers)
        expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
      expect(await count()).toBe(before)
    })

    it.each([
      { first: 0 },
      { first: -1 },
      { first: 1_000_000 },
      { after: 'forged' },
      { after: Buffer.from('1.2').toString('base64url') },
    ])('the page %j [input 61]', async (page) => {
      const { errors } = await world.ask(list, page)
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    })
  })

  it('creates one of twenty connections with the same name at once [input 2]', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.ask(createConnection, { input: { connector: 'slack', name: 'wanted' } })),
    )
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1)
    expect(answers.filter(({ errors }) => errors?.[0]?.extensions.code === 'CONFLICT')).toHaveLength(19)
  })

  it('without a connector on this server is unavailable, and its accounts can still be disconnected', async () => {
    await world.get(importTokens, {
      input: { connection: 'playground', identifier: 'left', oauth2: { accessToken: 'x' } },
    })
    const without = await createWorld({
      databaseUrl: world.config.databaseUrl as string,
      env: { VALETKEY_PLAYGROUND: 'off' },
      shipped: (key) => key !== 'playground',
    })
    expect(
      (await without.get(readToken, { connection: 'playground', identifier: 'left' })).connectedAccount?.token,
    ).toMatchObject({
      __typename: 'ConnectionUnavailable',
      reason: expect.stringContaining('no connector playground'),
    })
    expect((await without.get(remove, { connection: 'playground', disconnectAccounts: true })).deleteConnection).toBe(
      true,
    )
    await without.close()
  })
})
