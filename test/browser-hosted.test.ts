/** The hosted pages in a real browser: what users see and do, and attacks on them. */
import { createServer } from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { expectAccessible, openBrowser, openPage } from './support/browser.js'
import { createConnection, startAuthorization, verifyAuthorization } from './support/documents.js'
import { Workshop } from './support/workshop.js'
import { freePort } from './support/world.js'

const revokeLink = graphql(`
  mutation RevokeInBrowser($id: ID!) {
    revokeAuthorizationLink(id: $id) { status }
  }
`)

let browser: Browser
let shop: Workshop
let application: { url: string; visits: URL[]; close(): void }

beforeAll(async () => {
  ;[browser, shop, application] = await Promise.all([
    openBrowser(),
    Workshop.open({ VALETKEY_APP_NAME: 'Acme' }),
    openApplication(),
  ])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await shop?.close()
  application?.close()
})

/** The application that users come from and return to. */
async function openApplication() {
  const port = await freePort()
  const visits: URL[] = []
  const server = createServer((request, response) => {
    visits.push(new URL(request.url ?? '/', `http://localhost:${port}`))
    const framed = new URL(request.url ?? '/', 'http://x').searchParams.get('frame')
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(framed ? `<h1>Frame</h1><iframe id="f" src="${framed}"></iframe>` : '<h1>The application</h1>')
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${port}`,
    visits,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const newPage = (context?: BrowserContext) => openPage(context ?? browser)

async function weather() {
  const key = await shop.connector(
    (url) => ({
      type: 'static',
      preset: 'custom',
      accountFields: [
        {
          key: 'site',
          label: 'Site',
          kind: 'subdomain',
          prefix: 'https://',
          suffix: '.weather.example',
          help: 'The first part of the address that you sign in at.',
          normalize: ['trim', 'lower', 'stripProtocol', 'stripTrailingSlash', 'stripSuffix'],
        },
        {
          key: 'plan',
          label: 'Plan',
          kind: 'select',
          default: 'free',
          options: [
            { value: 'free', label: 'Free' },
            { value: 'paid', label: 'Paid' },
          ],
        },
        {
          key: 'contract',
          label: 'Contract number',
          kind: 'digits',
          required: false,
          visibleWhen: { field: 'plan', equals: 'paid' },
        },
        {
          key: 'api_key',
          label: 'API key',
          kind: 'secret',
          help: 'In the settings, under Access.',
          helpUrl: 'https://weather.example/keys',
        },
      ],
      apply: { headers: { 'x-key': '{account.api_key}', 'x-site': '{account.site}' } },
      verify: { url: url('/me'), wrong: { status: [401] } },
    }),
    { name: 'Weather' },
  )
  shop.answer(key, '/me', ({ headers }) =>
    headers['x-key'] === 'right' ? { body: {} } : { status: 401, body: { message: 'This key is not known' } },
  )
  const { name } = await shop.connection(key, {})
  return { key, name }
}

async function linkOf(connection: string, more: Record<string, unknown> = {}) {
  return (await shop.world.get(startAuthorization, { input: { connection, identifier: 'ada@example.com', ...more } }))
    .startAuthorization
}

it('repeats what the service says about a wrong key, and then takes the right one [T17]', async () => {
  const { name } = await weather()
  const link = await linkOf(name, { returnUrl: `${application.url}/done`, state: 'xyz' })
  const { page, faults } = await newPage()
  await page.goto(link.url as string)
  await page.getByRole('heading', { name: 'Acme wants to connect to your Weather account' }).waitFor()
  await expectAccessible(page, 'form')
  expect(await page.getByLabel('Contract number').isVisible()).toBe(false)
  await page.getByLabel('Plan').selectOption('paid')
  expect(await page.getByLabel('Contract number').isVisible()).toBe(true)
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('API key is needed.').waitFor()
  expect(await page.getByLabel('Site').evaluate((element) => element === document.activeElement)).toBe(true)
  await expectAccessible(page, 'form-faults')
  await page.getByLabel('Site').fill('https://Berlin.weather.example/')
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await page.getByLabel('API key').getAttribute('type')).toBe('text')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('alert').getByText('This key is not known').waitFor()
  await expectAccessible(page, 'form-refused')
  expect(await page.getByLabel('API key').inputValue()).toBe('')
  await page.getByLabel('API key').fill('right')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.waitForURL(`${application.url}/done?*`)
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ status: 'ACTIVE', state: 'xyz' })
  expect(faults).toEqual([])
  await page.goto(link.url as string)
  await page.getByRole('heading', { name: 'This link has been used' }).waitFor()
  expect((await shop.credential(name, { identifier: 'ada@example.com' }))?.token).toMatchObject({
    headers: [{ value: 'right' }, { value: 'berlin' }],
  })
}, 60_000)

it('shows a fresh form, and sends nothing, when a refused form is reloaded or returned to', async () => {
  const { name } = await weather()
  const link = await linkOf(name)
  const context = await browser.newContext()
  const { page, faults } = await newPage(context)
  await page.goto(link.url as string)
  await page.getByLabel('Site').fill('berlin')
  await page.getByLabel('API key').fill('a-wrong-key')
  const sent = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Connect' }).click()
  const answer = await sent
  expect(answer.status()).toBe(303)
  // The errors are kept in a cookie for a minute; the key is not.
  const cookie =
    (await answer.headersArray()).find(({ name, value }) => name === 'set-cookie' && value.includes('refused_'))
      ?.value ?? ''
  expect(cookie).toMatch(/Max-Age=60;.*HttpOnly/)
  const carried = Buffer.from(/=([^;]+)/.exec(cookie)?.[1] ?? '', 'base64url').toString()
  expect(carried).toContain('berlin')
  expect(carried).not.toContain('a-wrong-key')
  await page.getByRole('alert').getByText('This key is not known').waitFor()
  expect(await page.getByLabel('Site').inputValue()).toBe('berlin')
  await page.goto(`${application.url}/elsewhere`)
  await page.goBack()
  await page.getByRole('heading', { name: 'Acme wants to connect to your Weather account' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Acme wants to connect to your Weather account' }).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  // A forged cookie is ignored.
  const cookieName = /^([^=]+)=/.exec(cookie)?.[1] as string
  for (const value of [
    'x',
    Buffer.from('{"sent":1}').toString('base64url'),
    Buffer.from('{"sent":{},"faults":[["site",{}]],"reason":null}').toString('base64url'),
  ]) {
    await context.addCookies([{ name: cookieName, value, url: shop.world.url }])
    await page.reload()
    await page.getByRole('heading', { name: 'Acme wants to connect to your Weather account' }).waitFor()
  }
  await page.getByLabel('Site').fill('berlin')
  await page.getByLabel('API key').fill('right')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
}, 60_000)

it('works without JavaScript', async () => {
  const { name } = await weather()
  const link = await linkOf(name)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const { page } = await newPage(context)
  await page.goto(link.url as string)
  await page.getByLabel('Site').fill('oslo')
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('This key is not known').waitFor()
  await page.getByLabel('API key').fill('right')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
})

it('shows every other page as it should', async () => {
  const { name } = await weather()
  const { page } = await newPage()
  await page.goto(`${shop.world.url}/connect/${'x'.repeat(43)}`)
  await expectAccessible(page, 'unknown')
  const revoked = await linkOf(name)
  await shop.world.get(revokeLink, { id: revoked.id })
  await page.goto(revoked.url as string)
  await page.getByRole('heading', { name: 'This link was withdrawn' }).waitFor()
  await expectAccessible(page, 'revoked')
  const oauth = await linkOf('playground')
  await page.goto(oauth.url as string)
  await expectAccessible(page, 'oauth-link')
  await page.getByRole('button', { name: 'Continue to Playground' }).click()
  await page.getByLabel('Name').waitFor()
  await expectAccessible(page, 'playground-sign-in')
  await page.getByLabel('Name').fill('Ada')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Allow access' }).waitFor()
  await expectAccessible(page, 'playground-consent')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  await expectAccessible(page, 'connected')
  await page.reload()
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  await expectAccessible(page, 'connected-reloaded')
  // The back button leads past the provider's pages to the link, which says that it has been used.
  await page.goto(oauth.url as string)
  await page.getByRole('heading', { name: 'This link has been used' }).waitFor()
}, 60_000)

it('connects nothing when a second browser finishes another user’s link: the application says no [T1]', async () => {
  const { createConnection: connection } = await shop.world.get(createConnection, {
    input: {
      connector: 'playground',
      name: 'verified',
      userVerification: 'APPLICATION',
      fields: [
        { key: 'client_id', value: 'playground' },
        { key: 'client_secret', value: 'playground-secret' },
      ],
    },
  })
  const link = await linkOf(connection.name, {
    identifier: 'attacker',
    verifyUrl: `${application.url}/verify`,
    state: 's',
  })
  const [attacker, victim] = [await browser.newContext(), await browser.newContext()]
  const theirs = await newPage(attacker)
  await theirs.page.goto(link.url as string)
  const { page } = await newPage(victim)
  await page.goto(link.url as string)
  await page.getByRole('button', { name: 'Continue to Playground' }).click()
  await page.getByLabel('Name').fill('Victim')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${application.url}/verify?*`)
  const authorization = new URL(page.url()).searchParams.get('authorization_id') as string
  expect((await shop.credential('verified', { identifier: 'attacker' }))?.token.__typename).toBe(
    'AuthorizationRequired',
  )
  const { errors } = await shop.world.ask(verifyAuthorization, { input: { authorization, identifier: 'victim' } })
  expect(errors?.[0]?.extensions.code).toBe('USER_VERIFICATION_FAILED')
  expect((await shop.credential('verified', { identifier: 'attacker' }))?.token.__typename).toBe(
    'AuthorizationRequired',
  )
  // The browser that only opened the link cannot complete it either.
  await theirs.page.reload()
  await theirs.page.getByRole('heading', { name: 'This link has been used' }).waitFor()
}, 60_000)

describe('another site or user', () => {
  it('cannot put a page into a frame [T16]', async () => {
    const { name } = await weather()
    const link = await linkOf(name)
    const { page } = await newPage()
    await page.goto(`${application.url}/?frame=${encodeURIComponent(link.url as string)}`)
    await page.locator('#f').waitFor()
    await expect.poll(() => page.frames()[1]?.url()).toMatch(/chrome-error|about:blank/)
    expect(await page.frames()[1]?.getByLabel('API key').count()).toBe(0)
  })

  it('cannot send the form from another site [input 27]', async () => {
    const { key, name } = await weather()
    const link = await linkOf(name)
    const { page } = await newPage()
    await page.goto(link.url as string)
    const csrf = await page.locator('input[name=csrf]').inputValue()
    await page.goto(application.url)
    await page.evaluate(
      ({ url, csrf }) => {
        document.body.innerHTML = `<form method="post" action="${url}">
          <input name="csrf" value="${csrf}">
          <input name="field.site" value="x">
          <input name="field.api_key" value="right">
        </form>`
        document.forms[0]?.submit()
      },
      { url: link.url as string, csrf },
    )
    await page.getByRole('heading', { name: 'Open the link again' }).waitFor()
    expect(shop.requestsTo(key, '/me')).toHaveLength(0)
  })

  it('cannot get a script to run, in any text of a page [T18]', async () => {
    const payloads = [
      '<script>alert(1)</script>',
      '"><script>alert(1)</script>',
      "'><img src=x onerror=alert(1)>",
      '<svg/onload=alert(1)>',
      'javascript:alert(1)',
      '</title><script>alert(1)</script>',
      '</textarea><script>alert(1)</script>',
      '<iframe srcdoc="<script>alert(1)</script>">',
      '<a href="javascript:alert(1)" autofocus onfocus=alert(1)>x</a>',
      '{{constructor.constructor("alert(1)")()}}',
      '`-alert(1)-`',
      '<details open ontoggle=alert(1)>',
      '<input autofocus onfocus=alert(1)>',
      '&lt;script&gt;alert(1)&lt;/script&gt;',
      '<ScRiPt>alert(1)</sCrIpT>',
    ]
    const { page, faults } = await newPage()
    for (const payload of payloads) {
      const key = await shop.connector(
        (url) => ({
          type: 'static',
          preset: 'api_key',
          accountFields: [
            { key: 'api_key', label: payload.slice(0, 60), kind: 'secret', help: payload, placeholder: payload },
            {
              key: 'choice',
              label: 'Choice',
              kind: 'select',
              default: payload,
              options: [{ value: payload, label: payload }],
            },
            {
              key: 'site',
              label: 'Site',
              kind: 'text',
              prefix: payload,
              suffix: payload,
              required: false,
              default: payload,
            },
          ],
          apply: { headers: { 'x-key': '{account.api_key}' } },
          verify: { url: url('/me') },
        }),
        { name: payload.slice(0, 80), summary: payload },
      )
      shop.answer(key, '/me', () => ({ status: 401, body: { message: payload } }))
      const { name } = await shop.connection(key, {})
      const link = await linkOf(name, { identifier: payload })
      await page.goto(link.url as string)
      await page.locator('input[type=password]').fill('x')
      await page.locator('form button:not([type])').click()
      await page.getByRole('alert').waitFor()
      const callback = new URL(`${shop.world.url}/oauth/callback/conn_00000000000000000000000000`)
      callback.searchParams.set('error_description', payload)
      callback.searchParams.set('state', payload)
      await page.goto(callback.href)
    }
    expect(faults).toEqual([])
  }, 60_000)
})

/** A connection whose grants open two sites. */
async function choosing() {
  const key = await shop.connector(
    (url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: url('/token') },
      afterConnect: [
        { url: url('/sites'), choose: { id: 'id', label: 'name', what: 'site' }, pick: { site_id: 'id' } },
      ],
      identity: { url: url('/me'), pick: { id: 'id' } },
    }),
    { name: 'Weather' },
  )
  shop.answer(key, '/authorize', () => ({ body: '<h1>The provider</h1>' }))
  shop.answer(key, '/token', () => ({ body: { access_token: 'access', expires_in: 3600 } }))
  shop.answer(key, '/sites', () => ({
    body: [
      { id: 'b', name: '<img src=x onerror=alert(1)> Berlin' },
      { id: 'p', name: 'Paris' },
    ],
  }))
  shop.answer(key, '/me', () => ({ body: { id: 7 } }))
  return (await shop.connection(key)).name
}

/** Takes a user to the provider and back, where the page of the choice is. */
async function toTheChoice(page: Page, connection: string, more: Record<string, unknown> = {}) {
  await page.goto((await linkOf(connection, more)).url as string)
  await page.getByRole('button', { name: 'Continue to Weather' }).click()
  await page.getByRole('heading', { name: 'The provider' }).waitFor()
  const back = new URL((await shop.connectionOf(connection)).redirectUri)
  back.searchParams.set('code', 'c')
  back.searchParams.set('state', new URL(page.url()).searchParams.get('state') ?? '')
  await page.goto(back.href)
  await page.getByRole('heading', { name: 'Choose the site' }).waitFor()
}

it('lets a user choose among the sites that a grant opens, without JavaScript', async () => {
  const connection = await choosing()
  const context = await browser.newContext({ javaScriptEnabled: false })
  const { page, faults } = await newPage(context)
  await toTheChoice(page, connection, { returnUrl: `${application.url}/chosen` })
  await page.getByRole('button', { name: '<img src=x onerror=alert(1)> Berlin' }).waitFor()
  // It can be reloaded: nothing is used up by looking.
  await page.reload()
  const address = page.url()
  await page.getByRole('button', { name: 'Paris' }).click()
  await page.waitForURL(`${application.url}/chosen?*`)
  expect(new URL(page.url()).searchParams.get('status')).toBe('ACTIVE')
  const { providerIdentity } = (await shop.credential(connection, { identifier: 'ada@example.com' })) ?? {}
  expect(providerIdentity).toMatchObject({ subject: '7', tenant: 'p' })
  await page.goto(address)
  await page.getByRole('heading', { name: 'Nothing is to be chosen here' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
}, 60_000)

it('shows a choice to everybody: with a keyboard, with a screen reader', async () => {
  const connection = await choosing()
  const { page, faults } = await newPage()
  await toTheChoice(page, connection)
  await expectAccessible(page, 'choice')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  expect(faults).toEqual([])
}, 60_000)
