import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { auditEvents, createConnection, readAccount, readToken, startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { createWorld, type World } from './support/world.js'

const revokeLink = graphql(`
  mutation RevokeLink($id: ID!) {
    revokeAuthorizationLink(id: $id) { id status url }
  }
`)

const touch = graphql(`
  mutation Touch($connection: ID!) {
    updateConnection(connection: $connection, input: { scopes: ["openid", "email"] }) { id }
  }
`)

const playgroundFields = [
  { key: 'client_id', value: 'playground' },
  { key: 'client_secret', value: 'playground-secret' },
]
let world: World
let users = 0

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** A link for a new user on the connection that is ready. */
async function newLink(input: { connection?: string; returnUrl?: string; state?: string; identifier?: string } = {}) {
  const identifier = input.identifier ?? `user_${++users}`
  const { startAuthorization: link } = await world.get(startAuthorization, {
    input: { connection: 'playground', ...input, identifier },
  })
  return { ...link, url: link.url as string, identifier }
}

async function account(identifier: string, connection = 'playground') {
  const { connectedAccount } = await world.get(readAccount, { connection, identifier })
  if (!connectedAccount) throw new Error(`There is no ${identifier}.`)
  return connectedAccount
}

const exchanges = async () =>
  Number(
    (
      await world.pool.query(
        "select count(*) from audit_event where action = 'account.authorized' and outcome = 'SUCCEEDED'",
      )
    ).rows[0].count,
  )

describe('an authorization', () => {
  it('leads from a link to an active account, and back to the application', async () => {
    const link = await newLink({ returnUrl: 'http://localhost:1/done?tab=2', state: 'a b&c' })
    expect(link).toMatchObject({ status: 'OPEN', account: { status: 'PENDING_AUTHORIZATION' } })
    const visitor = new Visitor()
    const page = await visitor.open(link.url)
    expect(page.text).toContain(`You are connecting as <bdi class="name">${link.identifier}</bdi>`)
    expect(page.text).toContain('<li>Read your notes</li>')
    const callback = await visitor.authorize(link.url)
    const end = await visitor.open(callback, undefined, (url) => url.startsWith('http://localhost:1/'))
    expect(Object.fromEntries(new URL(end.url).searchParams)).toEqual({
      tab: '2',
      status: 'ACTIVE',
      account: link.account.id,
      state: 'a b&c',
    })
    expect(await account(link.identifier)).toMatchObject({
      status: 'ACTIVE',
      providerIdentity: { subject: 'ada', email: 'ada@playground.example', name: 'Ada' },
      missingScopes: [],
      authorizationLinks: [],
    })
    expect(visitor.cookieNames().filter((name) => name.includes('authz'))).toEqual([])
  })

  it('sends PKCE S256, the exact redirect URI and the scopes, with a new state each time [T8]', async () => {
    const link = await newLink()
    const seen = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const address = new URL(await new Visitor().start(link.url, (url) => url.includes('/playground/auth')))
      const { connectedAccount } = await world.get(
        graphql(`
          query Uri($connection: ID!, $identifier: String!) {
            connectedAccount(connection: $connection, identifier: $identifier) {
              connection { redirectUri }
            }
          }
        `),
        { connection: 'playground', identifier: link.identifier },
      )
      expect(Object.fromEntries(address.searchParams)).toMatchObject({
        response_type: 'code',
        client_id: 'playground',
        code_challenge_method: 'S256',
        scope: 'openid email profile notes:read',
        redirect_uri: connectedAccount?.connection.redirectUri,
      })
      expect(address.searchParams.get('code_challenge')).toHaveLength(43)
      seen.add(address.searchParams.get('state') as string).add(address.searchParams.get('code_challenge') as string)
    }
    expect(seen.size).toBe(6)
  })

  it('starts only from its page: not by GET, elsewhere, or without the form’s cookie [T11, input 27]', async () => {
    const link = await newLink()
    for (let i = 0; i < 10; i++) await fetch(link.url, { method: i % 2 ? 'HEAD' : 'GET' })
    const page = await fetch(link.url)
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] as string
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] as string
    const post = (headers: Record<string, string>, body: Record<string, string>) =>
      fetch(link.url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(body) })
    expect((await post({}, { csrf })).status).toBe(403)
    expect((await post({ cookie }, {})).status).toBe(403)
    expect((await post({ cookie, 'sec-fetch-site': 'cross-site' }, { csrf })).status).toBe(403)
    expect((await post({ cookie, 'sec-fetch-site': 'same-origin' }, { csrf })).status).toBe(200)
    const { rows } = await world.pool.query(
      `select count(*)::int as count from authorization_request
       join authorization_link on authorization_link.id = link_id
       join connected_account on connected_account.id = account_id
       where identifier = $1`,
      [link.identifier],
    )
    expect(rows[0].count).toBe(1)
  })

  it('is refused after ten attempts from one link [T12]', async () => {
    const link = await newLink()
    for (let i = 0; i < 10; i++) await new Visitor().start(link.url, (url) => url.includes('/playground/auth'))
    const visitor = new Visitor()
    const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.open(link.url)).text)?.[1] as string
    expect((await visitor.open(link.url, { csrf })).status).toBe(429)
  })
})

describe('a callback', () => {
  it('is accepted once: repeated, or twenty times at once, it does nothing more [T6, T13, input 28, 34]', async () => {
    const visitor = new Visitor()
    const link = await newLink()
    const callback = await visitor.authorize(link.url)
    const before = await exchanges()
    const visits = await Promise.all(Array.from({ length: 20 }, () => visitor.open(callback)))
    expect(visits.filter(({ text }) => text.includes('is connected'))).toHaveLength(1)
    expect(visits.filter(({ status, text }) => status === 409 && text.includes('already been completed'))).toHaveLength(
      19,
    )
    expect(await exchanges()).toBe(before + 1)
    expect((await visitor.open(link.url)).status).toBe(410)
  })

  it('is refused in another browser, and still works in the right one [T5, input 31]', async () => {
    const link = await newLink()
    const visitor = new Visitor()
    const callback = await visitor.authorize(link.url)
    const stranger = new Visitor()
    await stranger.authorize((await newLink()).url)
    for (const other of [new Visitor(), stranger]) {
      const visit = await other.open(callback)
      expect([visit.status, visit.text.includes('begun in another browser')]).toEqual([403, true])
    }
    expect((await account(link.identifier)).status).toBe('PENDING_AUTHORIZATION')
    expect((await visitor.open(callback)).text).toContain('is connected')
  })

  it('is refused with the state of another connection, for every wrong pair [T3, T4, input 28]', async () => {
    const connections = []
    for (let i = 0; i < 4; i++)
      connections.push(
        (
          await world.get(createConnection, {
            input: { connector: 'playground', name: `pair-${i}`, fields: playgroundFields },
          })
        ).createConnection,
      )
    const visitor = new Visitor()
    const callbacks = []
    for (const { name } of connections)
      callbacks.push(new URL(await visitor.authorize((await newLink({ connection: name })).url)))
    const before = await exchanges()
    expect(new Set(connections.map(({ redirectUri }) => redirectUri)).size).toBe(4)
    for (const callback of callbacks) {
      for (const { redirectUri } of connections) {
        if (redirectUri === callback.origin + callback.pathname) continue
        expect((await visitor.open(redirectUri + callback.search)).status).toBe(400)
      }
    }
    expect(await exchanges()).toBe(before)
    for (const callback of callbacks) expect((await visitor.open(callback.href)).text).toContain('is connected')
  })

  it('is refused when the connection was changed meanwhile [T9]', async () => {
    await world.get(createConnection, {
      input: { connector: 'playground', name: 'changing', fields: playgroundFields },
    })
    const visitor = new Visitor()
    const link = await newLink({ connection: 'changing' })
    const callback = await visitor.authorize(link.url)
    await world.get(touch, { connection: 'changing' })
    const visit = await visitor.open(callback)
    expect([visit.status, visit.text.includes('changed meanwhile')]).toEqual([409, true])
    expect((await account(link.identifier, 'changing')).status).toBe('PENDING_AUTHORIZATION')
  })

  it('is refused when it takes too long, or comes from another issuer [T7, input 28, 32]', async () => {
    const late = new Visitor()
    const callback = await late.authorize((await newLink()).url)
    await world.pool.query("update authorization_request set expires_at = now() where status = 'STARTED'")
    expect((await late.open(callback)).status).toBe(409)
    for (const change of [
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
      (url: URL) => url.searchParams.delete('iss'),
    ]) {
      const visitor = new Visitor()
      const link = await newLink()
      const url = new URL(await visitor.authorize(link.url))
      change(url)
      expect((await visitor.open(url.href)).text).toContain('does not come from the provider that was asked')
      expect((await account(link.identifier)).status).toBe('PENDING_AUTHORIZATION')
    }
  })

  it.each([
    ['no state [input 28]', (url: URL) => url.searchParams.delete('state')],
    ['an unknown state [input 28]', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['two states [input 28]', (url: URL) => url.searchParams.append('state', 'second')],
    ['a state of 10 KB [input 28]', (url: URL) => url.searchParams.set('state', 'x'.repeat(10_000))],
    ['a code and an error [input 29]', (url: URL) => url.searchParams.set('error', 'access_denied')],
    ['two codes [input 29]', (url: URL) => url.searchParams.append('code', 'second')],
  ])('with %s is refused, and nothing is exchanged or consumed', async (_what, change) => {
    const visitor = new Visitor()
    const callback = await visitor.authorize((await newLink()).url)
    const url = new URL(callback)
    change(url)
    const before = await exchanges()
    expect((await visitor.open(url.href)).status).toBe(400)
    expect(await exchanges()).toBe(before)
    expect((await visitor.open(callback)).text).toContain('is connected')
  })

  it('by POST is redirected to the GET, which gets the cookie [input 33]', async () => {
    const visitor = new Visitor()
    const callback = new URL(await visitor.authorize((await newLink()).url))
    const posted = await fetch(callback.origin + callback.pathname, {
      method: 'POST',
      redirect: 'manual',
      body: callback.searchParams,
    })
    expect([posted.status, posted.headers.get('location')]).toEqual([303, callback.href])
    expect((await fetch(callback, { method: 'PUT' })).status).toBe(404)
    expect((await visitor.open(callback.href)).text).toContain('is connected')
  })

  it('from a user who declined leads back, changes nothing, and leaves the link open [input 30]', async () => {
    const link = await newLink({ returnUrl: 'http://localhost:1/done', state: 's' })
    const visitor = new Visitor()
    const atEnd = (url: string) => url.startsWith('http://localhost:1/')
    const visit = await visitor.open(await visitor.authorize(link.url, 'ada', 'decline'), undefined, atEnd)
    expect(visit.url).toBe(
      `http://localhost:1/done?status=PENDING_AUTHORIZATION&account=${link.account.id}&error=access_denied&state=s`,
    )
    expect(await account(link.identifier)).toMatchObject({
      status: 'PENDING_AUTHORIZATION',
      statusReason: 'The authorization was declined at the provider.',
      authorizationLinks: [{ id: link.id, status: 'OPEN', url: null }],
    })
    const events = await world.get(auditEvents, {
      filter: { action: 'account.authorized', identifier: link.identifier },
    })
    expect(events.auditEvents.items[0]).toMatchObject({ outcome: 'DENIED', actor: link.id })
    await visitor.open(await visitor.authorize(link.url), undefined, (url) => url.startsWith('http://localhost:1/'))
    expect((await account(link.identifier)).status).toBe('ACTIVE')
  })

  it('shows the provider’s message as text, not as HTML [T18, input 30]', async () => {
    const visitor = new Visitor()
    const url = new URL(await visitor.authorize((await newLink()).url))
    url.searchParams.delete('code')
    url.searchParams.set('error', '<script>alert(1)</script>')
    url.searchParams.set('error_description', '"><img src=x onerror=alert(1)>')
    const visit = await visitor.open(url.href)
    expect(visit.text).not.toMatch(/<script|<img src=x/)
    expect(visit.text).toContain('&#60;script&#62;')
  })
})

describe('a link', () => {
  let strict: World
  beforeAll(async () => {
    strict = await createWorld({ env: { VALETKEY_ALLOWED_ORIGINS: 'https://ok.example.com,acme-app:' } })
  })
  afterAll(() => strict.close())

  it('that expired, was revoked or was used says so to its holder, to nobody else [T12, input 26]', async () => {
    const visitor = new Visitor()
    const [expired, revoked] = [await newLink(), await newLink()]
    await world.pool.query(
      `update authorization_link set expires_at = now() where id in (
         select link.id from authorization_link link
         join connected_account on connected_account.id = account_id
         where identifier = $1
       )`,
      [expired.identifier],
    )
    expect((await world.get(revokeLink, { id: revoked.id })).revokeAuthorizationLink).toMatchObject({
      status: 'REVOKED',
      url: null,
    })
    for (const [link, words] of [
      [expired, 'has expired'],
      [revoked, 'was withdrawn'],
    ] as const) {
      const visit = await visitor.open(link.url)
      expect([visit.status, visit.text.includes(words)]).toEqual([410, true])
      expect((await visitor.open(link.url, { csrf: 'x' })).status).toBe(410)
    }
    const guesses = [
      expired.url.slice(0, -1),
      `${expired.url}.`,
      expired.url.replace(/.{43}$/, (token) => token.toUpperCase()),
      expired.url.replace(/.$/, '%25$&'),
      `${world.url}/connect/x`,
      `${world.url}/connect/${'A'.repeat(43)}`,
    ]
    const pages = await Promise.all(
      guesses.map(async (url) => {
        const answer = await fetch(url)
        return `${answer.status} ${(await answer.text()).replaceAll(/nonce="[^"]+"/g, '')}`
      }),
    )
    expect(new Set(pages).size).toBe(1)
    expect(pages[0]).toContain('does not exist')
  })

  it('has pages that are not framed, cached or sent as referrer [T15, T16]', async () => {
    const { headers } = await fetch((await newLink()).url)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([0, -1, 299, 604_801, 2_000_000_000])('cannot last %d seconds [input 22]', async (expiresIn) => {
    const { errors } = await world.ask(startAuthorization, {
      input: { connection: 'playground', identifier: 'x', expiresIn },
    })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input', 'expiresIn'] })
  })

  it('is not created for a connection that is not ready, or for an invalid identifier [input 21, 25]', async () => {
    await world.get(createConnection, { input: { connector: 'slack', name: 'draft' } })
    const draft = await world.ask(startAuthorization, { input: { connection: 'draft', identifier: 'x' } })
    expect(draft.errors?.[0]).toMatchObject({
      message: expect.stringContaining('Still to fill in: Client ID, Client secret.'),
      extensions: { code: 'CONNECTION_UNAVAILABLE' },
    })
    for (const identifier of ['', ' a', 'a\n', 'x'.repeat(257)]) {
      const { errors } = await world.ask(startAuthorization, { input: { connection: 'playground', identifier } })
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input', 'identifier'] })
    }
  })

  it.each([
    '//evil.com',
    'https:evil.com',
    '/\\evil.com',
    'https://evil.com',
    'https://ok.example.com.evil.com',
    'https://ok.example.com@evil.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://ok.example.com/%0d%0aSet-Cookie:a=b',
    'ht\ttps://ok.example.com',
    'https://ok.example.com%00.evil.com',
    'http://ok.example.com',
    'https://ok.example.com:8443',
    'https://ok.example.com/a/../b',
    'https://xn--80ak6aa92e.com',
    'https://ok.example.com\\@evil.com',
    'https:\\\\ok.example.com',
    ' https://ok.example.com',
    'https://OK.example.com.',
    'ftp://localhost/',
    'http://localhost.evil.com/',
    'http://127.0.0.1.nip.io/',
  ])('does not take %j as the return URL [T14, input 23]', async (returnUrl) => {
    const { errors } = await strict.ask(startAuthorization, {
      input: { connection: 'playground', identifier: 'x', returnUrl },
    })
    expect(errors?.[0]?.extensions).toEqual({ code: 'REDIRECT_NOT_ALLOWED', path: ['input', 'returnUrl'] })
    expect(JSON.stringify(await strict.get(readAccount, { connection: 'playground', identifier: 'x' }))).toBe(
      '{"connectedAccount":null}',
    )
  })

  it.each([
    ['javascript://ok.example.com/?alert(1)', /scheme/],
    ['other-app://done', /List other-app: in/],
    ['https://ada@ok.example.com/', /user name/],
    ['https://ok.example.com/a/%2e%2e/b', /path/],
    ['https://elsewhere.example', /List https:\/\/elsewhere.example in/],
    ['ok.example.com/done', /in full/],
  ])('says what is wrong with %j', async (returnUrl, words) => {
    const { errors } = await strict.ask(startAuthorization, {
      input: { connection: 'playground', identifier: 'x', returnUrl },
    })
    expect(errors?.[0]?.message).toMatch(words)
  })

  it.each([
    ['https://ok.example.com/settings?tab=2', 'https://ok.example.com/settings?tab=2&'],
    ['https://ok.example.com?tab=1', 'https://ok.example.com/?tab=1&'],
    ['https://OK.example.com/done', 'https://ok.example.com/done?'],
    ['https://ok.example.com/?user=ada@example.com', 'https://ok.example.com/?user=ada@example.com&'],
    ['https://ok.example.com/über', 'https://ok.example.com/%C3%BCber?'],
    ['https://ok.example.com/a?q=one%20two+three&x=%7e', 'https://ok.example.com/a?q=one%20two+three&x=%7e&'],
    ['https://ok.example.com/a?empty&status=mine&b=%2F#part', 'https://ok.example.com/a?empty&b=%2F&'],
    ['acme-app://connected?from=a%20b', 'acme-app://connected?from=a%20b&'],
  ])('leads back to %j', async (returnUrl, start) => {
    const { startAuthorization: link } = await strict.get(startAuthorization, {
      input: { connection: 'playground', identifier: 'y', returnUrl },
    })
    const visitor = new Visitor()
    const isEnd = (url: string) => !url.startsWith(strict.url)
    const { url } = await visitor.open(await visitor.authorize(link.url as string), undefined, isEnd)
    expect(url.slice(0, start.length)).toBe(start)
    expect(url.slice(start.length)).toMatch(/^status=ACTIVE&account=acct_\w+(#part)?$/)
  })
})

describe('reconnecting', () => {
  it('keeps the old credentials until the new ones are stored, and refuses another person', async () => {
    const visitor = new Visitor()
    const link = await newLink()
    await visitor.open(await visitor.authorize(link.url, 'ada'))
    const before = (await world.get(readToken, { connection: 'playground', identifier: link.identifier }))
      .connectedAccount?.token
    const again = await newLink({ identifier: link.identifier })
    expect((await account(link.identifier)).status).toBe('ACTIVE')
    const other = new Visitor()
    const refused = await other.open(await other.authorize(again.url, 'grace'))
    expect(refused.text).toContain('Another person signed in at the provider than the one whose account this is')
    expect(
      (await world.get(readToken, { connection: 'playground', identifier: link.identifier })).connectedAccount?.token,
    ).toEqual(before)
    const same = new Visitor()
    expect((await same.open(await same.authorize(again.url, 'ada'))).text).toContain('is connected')
    const after = (await world.get(readToken, { connection: 'playground', identifier: link.identifier }))
      .connectedAccount?.token
    expect(after).toMatchObject({ __typename: 'OAuthToken' })
    expect(after).not.toEqual(before)
  })
})
