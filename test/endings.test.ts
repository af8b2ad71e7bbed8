/** How an authorization ends for the person: a page that can be reloaded, the right status, and words for people. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

const PLAIN = { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600, scope: 'read' }
const linkTo = async (connection: string, identifier = 'ada') =>
  (await shop.world.get(startAuthorization, { input: { connection, identifier } })).startAuthorization.url as string

async function oauth(method: (url: (path: string) => string) => Record<string, unknown> = () => ({})) {
  const key = await shop.connector((url) => ({
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { url: url('/authorize') },
    token: { url: url('/token') },
    ...method(url),
  }))
  shop.answer(key, '/token', () => ({ body: PLAIN }))
  return { key, ...(await shop.connection(key)) }
}

/** Goes through a link, and comes back with these parameters. */
async function through(connection: { name: string; redirectUri?: string | null }, bring: Record<string, string>) {
  const visitor = new Visitor()
  const door = new URL(await visitor.start(await linkTo(connection.name), (url) => url.startsWith(shop.provider.url)))
  const query = new URLSearchParams({ state: door.searchParams.get('state') ?? '', ...bring })
  return { visitor, page: await visitor.open(`${connection.redirectUri}?${query}`) }
}

describe('the last page', () => {
  it.each<[string, Record<string, string>, number, string]>([
    ['a success', { code: 'c' }, 200, 'is connected'],
    ['a decline', { error: 'access_denied' }, 403, 'declined at the provider'],
    ['a provider’s error', { error: 'server_error', error_description: 'Oh <b>no</b>' }, 502, 'Oh &#60;b&#62;no'],
    ['a callback without a code', {}, 400, 'sent no code'],
  ])('of %s has an address of its own, and says the same when it is reloaded', async (_what, bring, status, words) => {
    const { visitor, page } = await through(await oauth(), bring)
    expect(new URL(page.url).pathname).toMatch(/^\/connect\/done\/link_\w+$/)
    expect([page.status, page.text.includes(words)]).toEqual([status, true])
    const again = await visitor.open(page.url)
    expect([again.status, again.text.includes(words)]).toEqual([status, true])
    // Nobody else sees it.
    expect((await new Visitor().open(page.url)).status).toBe(404)
  })

  it('of a form can be reloaded too, and sends nothing again', async () => {
    const key = await shop.connector((url) => ({
      type: 'static',
      preset: 'api_key',
      accountFields: [{ key: 'api_key', label: 'Key', kind: 'secret' }],
      apply: { headers: { 'x-key': '{account.api_key}' } },
      verify: { url: url('/check') },
    }))
    shop.answer(key, '/check', () => ({ body: {} }))
    const { name } = await shop.connection(key, {})
    const url = await linkTo(name)
    const visitor = new Visitor()
    const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.open(url)).text)?.[1] ?? ''
    const done = await visitor.open(url, { csrf, 'field.api_key': 'key-1' })
    expect(done.text).toContain('is connected')
    expect((await visitor.open(done.url)).text).toContain('is connected')
    expect(shop.requestsTo(key, '/check')).toHaveLength(1)
  })

  it('of another person is a conflict, of a missing parameter and a wrong issuer a bad request', async () => {
    const connection = await oauth((url) => ({
      identity: { url: url('/me'), pick: { id: 'id' } },
      callback: { require: ['realm'] },
      authorize: { url: url('/authorize'), issuer: 'https://good.example' },
    }))
    let person = 'ada'
    shop.answer(connection.key, '/me', () => ({ body: { id: person } }))
    const good = { code: 'c', realm: '1', iss: 'https://good.example' }
    expect((await through(connection, good)).page.status).toBe(200)
    person = 'grace'
    expect((await through(connection, good)).page.status).toBe(409)
    expect((await through(connection, { ...good, realm: '' })).page.status).toBe(400)
    expect((await through(connection, { ...good, iss: 'https://evil.example' })).page.status).toBe(400)
  })
})

describe('a provider that is away', () => {
  const TECHNICAL = /ECONN|ENOTFOUND|EAI_|status 5|127\.0\.0\.1/

  it('is told in words for people when a user comes back', async () => {
    for (const status of [500, 503]) {
      const connection = await oauth()
      shop.answer(connection.key, '/token', () => ({ status, body: {} }))
      const { page } = await through(connection, { code: 'c' })
      expect(page.text).toContain(`${connection.key} cannot be reached at the moment`)
      expect(page.text.replace(/<a [^>]*>/g, '')).not.toMatch(TECHNICAL)
    }
  })

  it('is told before a user leaves, where it is asked first', async () => {
    const key = await shop.connector(() => ({
      type: 'oauth1',
      requestToken: { url: 'http://127.0.0.1:9/request' },
      authorize: { url: 'http://127.0.0.1:9/authorize' },
      accessToken: { url: 'http://127.0.0.1:9/access' },
    }))
    const { name } = await shop.connection(key)
    const visitor = new Visitor()
    const url = await linkTo(name)
    const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.open(url)).text)?.[1] ?? ''
    const page = await visitor.open(url, { csrf })
    expect([page.status, page.text.includes('cannot be reached at the moment')]).toEqual([422, true])
    expect(page.text).not.toMatch(TECHNICAL)
  })

  it('does not cost what a user has entered, in this browser and nowhere else', async () => {
    const key = await shop.connector((url) => ({
      type: 'static',
      preset: 'custom',
      accountFields: [
        { key: 'site', label: 'Site', kind: 'text' },
        { key: 'api_key', label: 'Key', kind: 'secret' },
        { key: 'app_key', label: 'Application key', kind: 'secret' },
      ],
      apply: { headers: { 'x-api': '{account.api_key}', 'x-app': '{account.app_key}' } },
      verify: { url: url('/check') },
    }))
    let status = 503
    shop.answer(key, '/check', () => ({ status, body: {} }))
    const { name } = await shop.connection(key, {})
    const url = await linkTo(name)
    const send = async (visitor: Visitor, fields: Record<string, string>) => {
      const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.open(url)).text)?.[1] ?? ''
      return visitor.open(url, { csrf, ...fields })
    }
    const empty = { 'field.site': '', 'field.api_key': '', 'field.app_key': '' }
    const visitor = new Visitor()
    const away = await send(visitor, {
      'field.site': 'one',
      'field.api_key': 'api-key-one',
      'field.app_key': 'app-key-one',
    })
    expect(away.text).toContain('what you entered is kept until then')
    expect(away.text.match(/placeholder="kept from before/g)).toHaveLength(2)
    expect(away.text).not.toMatch(TECHNICAL)
    expect(away.text).not.toMatch(/(api|app)-key-one/)
    expect(away.text).toContain('value="one"')
    const { rows } = await shop.world.pool.query("select verifier from authorization_request where redirect_uri = ''")
    expect(rows).toHaveLength(1)
    expect(rows[0].verifier.toString('latin1')).not.toContain('key-one')
    expect((await send(new Visitor(), { ...empty, 'field.site': 'one' })).text).toContain('Key is needed')
    // Still away: kept once more, with what was entered anew.
    await send(visitor, { ...empty, 'field.site': 'one', 'field.app_key': 'app-key-two' })
    status = 200
    expect((await send(visitor, { ...empty, 'field.site': 'one' })).text).toContain('is connected')
    expect((await shop.credential(name))?.token).toMatchObject({
      headers: [
        { name: 'x-api', value: 'api-key-one' },
        { name: 'x-app', value: 'app-key-two' },
      ],
    })
    expect(
      (await shop.world.pool.query("select 1 from authorization_request where redirect_uri = ''")).rows,
    ).toHaveLength(0)
  })
})
