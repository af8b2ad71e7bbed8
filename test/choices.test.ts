/** Choosing on the hosted page: a grant that opens several sites, companies or organisations. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { startAuthorization, verifyAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'

const demandVerification = graphql(`
  mutation DemandVerificationOfChoice($connection: ID!) {
    updateConnection(connection: $connection, input: {userVerification: APPLICATION}) { userVerification }
  }
`)

const disconnect = graphql(`
  mutation DisconnectChosen($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation }
  }
`)

const createConnector = graphql(`
  mutation CreateChoosing($definition: JSONObject!) {
    createConnector(definition: $definition) { key }
  }
`)

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open({ VALETKEY_APP_NAME: 'Acme' })
})
afterAll(() => shop.close())

interface Site {
  id: string
  name: string
  url: string
  scopes: string[]
}
const site = (id: string, name = `Site ${id}`, scopes = ['read:jira-work']): Site => ({
  id,
  name,
  url: `https://${id}.acme.example`,
  scopes,
})

const method = (url: (path: string) => string): Record<string, unknown> => ({
  type: 'oauth2',
  grant: 'authorization_code',
  authorize: { url: url('/authorize') },
  token: { url: url('/token') },
  afterConnect: [
    {
      url: url('/sites'),
      choose: { from: 'sites', where: { path: 'scopes', contains: 'jira' }, id: 'id', label: 'name', what: 'site' },
      pick: { site_id: 'id', site_url: 'url' },
    },
    { url: url('/site/{account.site_id}'), pick: { region: 'region' } },
  ],
  identity: { url: url('/me/{account.region}'), pick: { id: 'id', label: 'name' } },
  api: { baseUrl: url('/api/{account.site_id}') },
  revoke: [{ method: 'POST', url: url('/revoke'), encoding: 'form', body: { token: '{token.access}' } }],
})

/** A connection whose grants open `sites`, which a test may change. */
async function opening(...sites: unknown[]) {
  const key = await shop.connector(method)
  let tokens = 0
  shop.answer(key, '/token', () => ({ body: { access_token: `${key}-access-${++tokens}`, expires_in: 3600 } }))
  shop.answer(key, '/sites', () => ({ body: { sites } }))
  for (const id of ['a', 'b', 'c']) shop.answer(key, `/site/${id}`, () => ({ body: { region: `eu-${id}` } }))
  for (const id of ['a', 'b', 'c']) shop.answer(key, `/me/eu-${id}`, () => ({ body: { id: 7, name: 'Ada' } }))
  shop.answer(key, '/revoke', () => ({ body: {} }))
  const { name } = await shop.connection(key)
  const revoked = () => shop.requestsTo(key, '/revoke').map(({ form }) => form.token)
  return { key, name, sites, revoked }
}

/** A visitor who has come back from the provider. */
async function arrived(connection: string, input: Record<string, unknown> = {}) {
  const { startAuthorization: link } = await shop.world.get(startAuthorization, {
    input: { connection, identifier: 'ada', ...input },
  })
  const visitor = new Visitor()
  const door = new URL(await visitor.start(link.url as string, (url) => url.startsWith(shop.provider.url)))
  const back = new URL((await shop.connectionOf(connection)).redirectUri)
  back.searchParams.set('code', 'c')
  back.searchParams.set('state', door.searchParams.get('state') ?? '')
  const elsewhere = (url: string) => url.startsWith('http://localhost:1/')
  const page = await visitor.open(back.href, undefined, elsewhere)
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const choose = (tenant: string, by = visitor) => by.open(page.url, { csrf, tenant }, elsewhere)
  return { link, visitor, page, csrf, choose }
}

const offered = (text: string) => [...text.matchAll(/name="tenant" value="([^"]*)"/g)].map(([, id]) => id as string)

async function held(): Promise<number> {
  const { rows } = await shop.world.pool.query('select count(*)::int as held from pending_choice')
  return rows[0].held
}

describe('a grant that opens one', () => {
  it('takes it, whatever its place in the list', async () => {
    const { name, key } = await opening(site('b', 'Wiki', ['read:confluence-content.all']), site('a'))
    const { page } = await arrived(name)
    expect(page.text).toContain('Connected')
    expect(await shop.credential(name)).toMatchObject({
      status: 'ACTIVE',
      providerIdentity: { subject: '7', name: 'Ada', tenant: 'a' },
      token: { apiBaseUrl: shop.at(key, '/api/a') },
    })
  })
})

describe('a grant that opens none', () => {
  it.each([
    ['an empty list', []],
    ['only those of another kind', [site('a', 'Wiki', ['read:confluence-content.all'])]],
    ['things that have no id', [{ name: 'Nameless', scopes: ['jira'] }, null, 'jira']],
  ])('fails with a sentence, and is revoked: %s', async (_, sites) => {
    const { name, revoked, key } = await opening(...sites)
    const { page } = await arrived(name)
    expect(page.status).toBe(502)
    expect(page.text).toContain('There is no site that this grant opens')
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
    expect(revoked()).toEqual([`${key}-access-1`])
  })
})

describe('a grant that opens several', () => {
  it('lets its user choose, and goes on with what was chosen', async () => {
    const { name, key, revoked } = await opening(site('a'), site('b'), site('c', 'Wiki', ['confluence']))
    const { page, choose } = await arrived(name)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Choose the site')
    expect(offered(page.text)).toEqual(['a', 'b'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.url).not.toContain('code=')
    // Until then nothing can be read, neither over the API nor in the database.
    expect(await shop.credential(name)).toMatchObject({
      status: 'PENDING_AUTHORIZATION',
      token: { __typename: 'AuthorizationRequired' },
    })
    const { rows } = await shop.world.pool.query('select * from pending_choice')
    expect(JSON.stringify(rows.map((row) => ({ ...row, sealed: row.sealed.toString('latin1') })))).not.toContain(key)
    expect((await choose('b')).text).toContain('Connected')
    expect(await shop.credential(name)).toMatchObject({
      status: 'ACTIVE',
      providerIdentity: { subject: '7', tenant: 'b' },
      token: { accessToken: `${key}-access-1`, apiBaseUrl: shop.at(key, '/api/b') },
    })
    expect(await held()).toBe(0)
    expect(revoked()).toEqual([])
  })

  it('takes nothing that was not offered, and asks again', async () => {
    const { name } = await opening(site('a'), site('b'), site('c', 'Wiki', ['confluence']))
    const { choose } = await arrived(name)
    for (const wrong of ['c', '', 'A', '__proto__']) {
      const again = await choose(wrong)
      expect(again.status).toBe(422)
      expect(offered(again.text)).toEqual(['a', 'b'])
    }
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
    expect((await choose('a')).text).toContain('Connected')
  })

  it('takes a choice once', async () => {
    const { name } = await opening(site('a'), site('b'))
    const { page, choose, visitor, csrf } = await arrived(name)
    const twin = new Visitor(visitor.kept())
    await choose('a')
    for (const again of [await choose('b'), await choose('b', twin), await visitor.open(page.url)])
      expect([again.status, again.text.includes('Nothing is to be chosen here')]).toEqual([404, true])
    expect(csrf).not.toBe('')
    expect((await shop.credential(name))?.providerIdentity).toMatchObject({ tenant: 'a' })
  })

  it('takes one of two choices that come at once', async () => {
    const { name } = await opening(site('a'), site('b'))
    const { choose, visitor } = await arrived(name)
    const ends = await Promise.all([choose('a'), choose('b', new Visitor(visitor.kept()))])
    expect(ends.map(({ text }) => text.includes('Your')).sort()).toEqual([false, true])
  })

  it('is for the browser alone that brought it, and for its own page', async () => {
    const { name } = await opening(site('a'), site('b'))
    const { page, choose, visitor } = await arrived(name)
    const stranger = new Visitor()
    expect((await stranger.open(page.url)).status).toBe(404)
    expect((await choose('a', stranger)).status).toBe(404)
    // A stranger with an open choice of their own has a cookie as well, for another one.
    const other = await arrived(name, { identifier: 'eve' })
    expect((await other.visitor.open(page.url)).status).toBe(404)
    expect((await choose('a', other.visitor)).status).toBe(404)
    // A form of another page has no token of ours.
    expect((await visitor.open(page.url, { csrf: 'x', tenant: 'a' })).status).toBe(403)
    expect((await visitor.open(page.url, { tenant: 'a' })).status).toBe(403)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
    expect((await choose('a')).text).toContain('Connected')
  })

  it('ends after ten minutes, and is revoked', async () => {
    const { name, key, revoked } = await opening(site('a'), site('b'))
    const { page, choose, visitor } = await arrived(name)
    await shop.world.pool.query("update pending_choice set expires_at = now() - interval '1 second'")
    expect((await visitor.open(page.url)).status).toBe(404)
    expect((await choose('a')).status).toBe(404)
    expect(await shop.world.app.services.choices.expire()).toBeGreaterThan(0)
    expect(revoked()).toEqual([`${key}-access-1`])
    expect(await held()).toBe(0)
  })

  it('ends with the disconnection of its account, and is revoked', async () => {
    const { name, key, revoked } = await opening(site('a'), site('b'))
    const { choose, link } = await arrived(name)
    await shop.world.get(disconnect, { id: link.account.id })
    expect((await choose('a')).status).toBe(404)
    await shop.world.app.services.choices.expire()
    expect(revoked()).toEqual([`${key}-access-1`])
  })

  it('fails where the one that was chosen is gone meanwhile, and is revoked', async () => {
    const { name, key, sites, revoked } = await opening(site('a'), site('b'))
    const { choose } = await arrived(name)
    sites.splice(1)
    const end = await choose('b')
    expect(end.text).toContain('The site that this is for is not among those that the grant opens')
    expect(revoked()).toEqual([`${key}-access-1`])
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('shows names as what they are: escaped, without what cannot be seen, told apart', async () => {
    const { name } = await opening(
      site('a', '<b>Bold</b>\u202e\u0000'),
      site('b', 'Twin'),
      site('c', 'Twin'),
      site('d', 'Аcme'),
      { ...site('e'), name: null },
    )
    const { page } = await arrived(name)
    expect(page.text).toContain('<bdi>&#60;b&#62;Bold&#60;/b&#62;')
    expect(page.text).not.toContain('\u202e')
    expect(page.text.match(/<bdi>Twin<\/bdi> <code class="soft">[bc]<\/code>/g)).toHaveLength(2)
    expect(page.text).toContain('<bdi>Аcme</bdi> <code class="soft">d</code>')
    expect(page.text).toContain('<bdi>e</bdi>')
  })

  it('waits for the application afterwards, where that verifies users', async () => {
    const { name } = await opening(site('a'), site('b'))
    await shop.world.get(demandVerification, { connection: name })
    const { choose } = await arrived(name, { verifyUrl: 'http://localhost:1/verify', returnUrl: 'http://localhost:1/' })
    const end = new URL((await choose('b')).url)
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_VERIFICATION' })
    const authorization = end.searchParams.get('authorization_id') as string
    await shop.world.get(verifyAuthorization, { input: { authorization, identifier: 'ada' } })
    expect((await shop.credential(name))?.providerIdentity).toMatchObject({ tenant: 'b' })
  })
})

describe('an account that has one', () => {
  it('keeps it without being asked, while it is among them', async () => {
    const { name, key, sites } = await opening(site('a'), site('b'))
    await (await arrived(name)).choose('b')
    sites.unshift(site('c'))
    expect((await arrived(name)).page.text).toContain('Connected')
    expect(await shop.credential(name)).toMatchObject({
      providerIdentity: { tenant: 'b' },
      token: { accessToken: `${key}-access-2`, apiBaseUrl: shop.at(key, '/api/b') },
    })
  })

  it('takes no other one in its place: what was there stays', async () => {
    const { name, key, sites } = await opening(site('a'), site('b'))
    await (await arrived(name)).choose('b')
    sites.splice(1)
    const { page } = await arrived(name)
    expect(page.text).toContain('The site that this is for is not among those that the grant opens')
    expect(await shop.credential(name)).toMatchObject({
      status: 'ACTIVE',
      providerIdentity: { tenant: 'b' },
      token: { accessToken: `${key}-access-1` },
    })
  })

  it('may take another one after it was disconnected', async () => {
    const { name } = await opening(site('a'), site('b'))
    const first = await arrived(name)
    await first.choose('b')
    await shop.world.get(disconnect, { id: first.link.account.id })
    await (await arrived(name)).choose('a')
    expect((await shop.credential(name))?.providerIdentity).toMatchObject({ tenant: 'a' })
  })
})

describe('an application that knows which one', () => {
  const refused = async (input: Record<string, unknown>) =>
    (await shop.world.ask(startAuthorization, { input: { identifier: 'ada', ...input } as never })).errors?.[0]
      ?.extensions

  it('says so beforehand, and nobody is asked', async () => {
    const { name } = await opening(site('a'), site('b'))
    expect((await arrived(name, { tenant: 'b' })).page.text).toContain('Connected')
    expect((await shop.credential(name))?.providerIdentity).toMatchObject({ tenant: 'b' })
  })

  it('gets no other one, and what came is revoked', async () => {
    const { name, key, revoked } = await opening(site('a'))
    const { page } = await arrived(name, { tenant: 'b' })
    expect(page.text).toContain('The site that this is for is not among those that the grant opens')
    expect(revoked()).toEqual([`${key}-access-1`])
    expect(await shop.credential(name)).toMatchObject({ status: 'PENDING_AUTHORIZATION' })
  })

  it('is told at once where that cannot be', async () => {
    const { name } = await opening(site('a'), site('b'))
    const wrong = { code: 'BAD_USER_INPUT', path: ['input', 'tenant'] }
    expect(await refused({ connection: name, tenant: '' })).toEqual(wrong)
    expect(await refused({ connection: name, tenant: 'x'.repeat(301) })).toEqual(wrong)
    await arrived(name, { tenant: 'b' })
    expect(await refused({ connection: name, tenant: 'a' })).toEqual(wrong)
    expect(await refused({ connection: name, tenant: 'b' })).toBeUndefined()
    const { name: plain } = await shop.connection(
      await shop.connector((url) => ({ ...method(url), afterConnect: [], identity: undefined, api: {} })),
    )
    expect(await refused({ connection: plain, tenant: 'a' })).toEqual(wrong)
  })

  it('says so for a key as well, whose page asks nothing', async () => {
    const key = await shop.connector((url) => ({
      type: 'static',
      preset: 'api_key',
      accountFields: [{ key: 'api_key', label: 'Key', kind: 'secret' }],
      apply: { headers: { 'x-key': '{account.api_key}', 'x-site': '{account.site_id}' } },
      afterConnect: [
        {
          url: url('/sites'),
          auth: 'none',
          choose: { id: 'id', label: 'name', what: 'site' },
          pick: { site_id: 'id' },
        },
      ],
      identity: { url: url('/me'), auth: 'none', pick: { id: 'id' } },
    }))
    shop.answer(key, '/sites', () => ({ body: [site('a'), site('b')] }))
    shop.answer(key, '/me', () => ({ body: { id: 7 } }))
    const { name } = await shop.connection(key, {})
    const entered = async (input: Record<string, unknown>) => {
      const { startAuthorization: link } = await shop.world.get(startAuthorization, {
        input: { connection: name, identifier: 'ada', ...input },
      })
      const visitor = new Visitor()
      const page = await visitor.open(link.url as string)
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
      return visitor.open(link.url as string, { csrf, 'field.api_key': 'key-0123456789' })
    }
    expect((await entered({})).text).toContain('It opens 2 of the kind site')
    expect((await entered({ tenant: 'b' })).text).toContain('Connected')
    expect((await entered({})).text).toContain('Connected')
    expect(await shop.credential(name)).toMatchObject({
      providerIdentity: { tenant: 'b' },
      token: { headers: [{ value: 'key-0123456789' }, { name: 'x-site', value: 'b' }] },
    })
  })
})

it('says what is wrong with a definition, and where', async () => {
  const lookup = (choose: Record<string, unknown>) => ({ url: 'https://acme.example/sites', choose })
  const good = { id: 'id', what: 'site' }
  const refusal = async (changes: Record<string, unknown>) => {
    const definition = {
      schema: 1,
      key: 'wrong-choice',
      name: 'Wrong',
      categories: ['testing'],
      auth: [{ id: 'main', ...method((path) => `https://acme.example${path.split('{')[0]}`), ...changes }],
    }
    return (await shop.world.ask(createConnector, { definition })).errors?.[0]?.message
  }
  const one = [lookup(good)]
  expect(await refusal({ api: {}, afterConnect: [lookup({ id: 'id' })] })).toContain(
    'auth.0.afterConnect.0.choose.what',
  )
  expect(await refusal({ api: {}, afterConnect: [lookup({ ...good, id: 'a b' })] })).toContain(
    'afterConnect.0.choose.id',
  )
  expect(await refusal({ api: {}, afterConnect: [lookup({ ...good, where: { equals: 1 } })] })).toContain(
    'choose.where',
  )
  expect(await refusal({ api: {}, afterConnect: [lookup({ ...good, what: 'si\u202ete' })] })).toContain('choose.what')
  expect(await refusal({ api: {}, afterConnect: [...one, ...one] })).toContain('afterConnect.1.choose')
  expect(await refusal({ api: {}, afterConnect: one, identity: undefined })).toContain('needs an identity')
  const identity = { url: 'https://acme.example/me', pick: { id: 'id' }, tenant: '{token.access}' }
  expect(await refusal({ api: {}, afterConnect: one, identity })).toContain('auth.0.identity.tenant')
})
