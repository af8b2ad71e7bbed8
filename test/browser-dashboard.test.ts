/** The dashboard in a real browser: the first ten minutes of somebody who has never seen it, and after. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toTypeId } from '../src/ids.js'
import { expectAccessible, openBrowser, openPage } from './support/browser.js'
import { createApiKey, createConnection, importTokens } from './support/documents.js'
import { Workshop } from './support/workshop.js'

let browser: Browser
let shop: Workshop

beforeAll(async () => {
  ;[browser, shop] = await Promise.all([openBrowser(), Workshop.open({ VALETKEY_APP_NAME: 'Acme' }, () => true)])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await shop?.close()
})

/** Somebody at the dashboard, signed in; `strangers` are requests that left for anywhere but the server, `scripts` bytes as they came. */
async function atDashboard(
  place = '/',
  key = shop.world.adminKey,
): Promise<{ page: Page; context: BrowserContext; faults: string[]; strangers: string[]; scripts: Map<string, number> }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page, faults } = await openPage(context)
  const strangers: string[] = []
  const scripts = new Map<string, number>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) scripts.set(response.url(), Number(response.headers()['content-length'] ?? Number.NaN))
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(shop.world.url) && !/^(data|blob|about):/.test(request.url())) strangers.push(request.url())
  })
  await page.goto(`${shop.world.url}/dashboard${place}`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Places' }).waitFor()
  return { page, context, faults, strangers, scripts }
}

const rail = (page: Page) => page.getByRole('navigation', { name: 'Places' })

it('takes a stranger from the sign-in to a connected account, and to its end', async () => {
  const { page, context, faults, strangers } = await atDashboard()

  // Slack: the redirect URI at once, the app's credentials, scopes.
  await rail(page).getByRole('link', { name: 'Catalogue' }).click()
  await page.getByLabel('Search the catalogue').fill('slack')
  await page
    .getByRole('link', { name: /^Slack/ })
    .first()
    .click()
  await page.getByRole('radio', { name: 'OAuth 2.0' }).check()
  await page.getByRole('button', { name: 'Start setup' }).click()
  await page.getByRole('heading', { name: 'Register an app with Slack' }).waitFor()
  const redirectUri = await page.getByText(/\/oauth\/callback\/conn_/).textContent()
  expect(redirectUri).toMatch(new RegExp(`^${shop.world.url}/oauth/callback/conn_[0-9a-z]{26}$`))
  await page.getByRole('button', { name: 'Copy redirect URI' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(redirectUri)
  expect(await page.getByRole('link', { name: /its page for developers/ }).getAttribute('href')).toBe('https://api.slack.com/apps')
  await page.getByLabel('Client ID').fill('1234567890.1234567890')
  await page.getByLabel(/^Client secret/).fill('a-secret-of-slack-that-is-long')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.getByText('Active', { exact: true }).waitFor()
  expect(await page.getByRole('checkbox', { name: /^chat:write/ }).isChecked()).toBe(true)
  await page.getByRole('checkbox', { name: /^files:read/ }).check()
  await page.getByLabel('Another scope').fill('emoji:read')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'Save scopes' }).click()
  await page.getByText('Saved.').nth(1).waitFor()
  const slack = await shop.world.pool.query("select status, scopes from connection where name = 'slack'")
  expect(slack.rows).toEqual([{ status: 'ACTIVE', scopes: expect.arrayContaining(['chat:write', 'channels:read', 'files:read', 'emoji:read']) }])
  // The secret is in no page any more.
  await page.reload()
  await page.getByRole('heading', { name: 'slack', exact: true }).waitFor()
  expect(await page.content()).not.toContain('a-secret-of-slack')

  // The playground: a link, followed by the user in a browser of their own; the status changes by itself.
  await rail(page).getByRole('link', { name: 'Connections' }).click()
  await page.getByRole('link', { name: 'playground' }).click()
  await page.getByRole('link', { name: 'Accounts', exact: true }).last().click()
  await page.getByRole('button', { name: 'Create link' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Identifier').fill('ada@example.com')
  await dialog.getByRole('button', { name: 'Create link' }).click()
  const link = (await dialog.getByText(/\/connect\//).textContent()) ?? ''
  await dialog.getByRole('link', { name: 'To the account' }).click()
  await page.getByRole('heading', { name: 'ada@example.com' }).waitFor()
  await page.getByText('Waiting for the user').waitFor()
  const { page: users } = await openPage(await browser.newContext())
  await users.goto(link)
  await users.getByRole('button', { name: 'Continue to Playground' }).click()
  await users.getByLabel('Name').fill('Ada')
  await users.getByRole('button', { name: 'Sign in' }).click()
  await users.getByRole('button', { name: 'Allow' }).click()
  await users.getByRole('heading', { name: 'Connected' }).waitFor()
  await page.getByText('Active', { exact: true }).waitFor()
  await page.getByText('ada@playground.example').waitFor()

  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await page.getByText('Disconnected', { exact: true }).first().waitFor()
  expect((await shop.world.pool.query('select count(*)::int as left from credential')).rows).toEqual([{ left: 0 }])

  // Every step has its address: the back button goes back, a reload stays.
  const here = page.url()
  await page.goBack()
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  await page.goForward()
  expect(page.url()).toBe(here)
  await page.reload()
  await page.getByRole('heading', { name: 'ada@example.com' }).waitFor()

  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(shop.world.adminKey)
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(strangers).toEqual([])
  expect(faults).toEqual([])
  await context.close()
}, 90_000)

it('offers a key with few permissions what it may do, and no more', async () => {
  const { createApiKey: made } = await shop.world.get(createApiKey, { input: { name: 'looker', permissions: ['ACCOUNTS_READ', 'CONNECTIONS_READ'], connections: ['playground'] } })
  const { page, context, faults } = await atDashboard('/', made.secret)
  expect(await rail(page).getByRole('link').allTextContents()).toEqual(['Catalogue', 'Connections', 'Accounts', 'GraphiQL'])
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
  expect(await page.getByRole('link', { name: 'Add connection' }).count()).toBe(0)
  await page.getByRole('link', { name: 'playground' }).click()
  await page.getByRole('heading', { name: 'Paste its credentials' }).waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  expect(await page.getByLabel('Client ID').isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
  for (const [place, permission] of [
    ['keys', 'KEYS_WRITE'],
    ['audit', 'AUDIT_READ'],
    ['connectors', 'CONNECTORS_WRITE'],
  ]) {
    await page.goto(`${shop.world.url}/dashboard/${place}`)
    await page.getByText(`lacks the permission ${permission}`).waitFor()
  }
  await page.goto(`${shop.world.url}/dashboard/connections/slack`)
  await page.getByText('does not exist, or your key may not see it').waitFor()
  expect(faults).toEqual([])
  await context.close()
}, 60_000)

it('refuses a wrong key in words, ends with a click, and asks again when the session is gone', async () => {
  const { page } = await openPage(await browser.newContext())
  await page.goto(`${shop.world.url}/dashboard/keys`)
  await page.getByLabel('API key').fill('vk_wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('This is not an API key of Valetkey').waitFor()
  await expectAccessible(page, 'dashboard-sign-in')
  await page.getByLabel('API key').fill(shop.world.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // Back where one wanted to go.
  await page.getByRole('heading', { name: 'API keys' }).waitFor()
  await shop.world.pool.query('delete from session')
  await rail(page).getByRole('link', { name: 'Accounts' }).click()
  await page.getByRole('heading', { name: 'Sign in to Valetkey' }).waitFor()
  await page.getByLabel('API key').fill(shop.world.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  await page.getByRole('button', { name: 'admin key of the configuration' }).click()
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  await page.getByRole('heading', { name: 'Sign in to Valetkey' }).waitFor()
  expect((await shop.world.pool.query('select count(*)::int as left from session')).rows).toEqual([{ left: 0 }])
}, 60_000)

it('has pages that everybody can use, in light and in dark, at desk and phone width', async () => {
  await shop.connector(
    (url) => ({
      type: 'static',
      preset: 'api_key',
      label: 'API key',
      accountFields: [{ key: 'api_key', label: 'API key', kind: 'secret' }],
      apply: { headers: { 'x-key': '{account.api_key}' } },
      verify: { url: url('/me'), wrong: { status: [401] } },
    }),
    { name: 'Weather' },
  )
  const connection = 'playground'
  for (const identifier of ['ada', 'grace', 'an identifier that is quite long, as some applications have them, with_no_space_anywhere_in_it_at_all'])
    await shop.world.get(importTokens, {
      input: {
        connection,
        identifier,
        metadata: { plan: 'pro' },
        oauth2: { accessToken: 'a', refreshToken: 'r', expiresAt: new Date(Date.now() + 3_600_000).toISOString(), scopes: ['openid'] },
      },
    })
  await shop.world.pool.query(
    `update connected_account set status = 'REAUTHORIZATION_REQUIRED', status_reason = 'Playground refused the grant: invalid_grant.' where identifier = 'grace'`,
  )
  await shop.world.get(createApiKey, { input: { name: 'calendar agent', permissions: ['TOKENS_READ'], connections: ['playground'], identifiers: ['tenant_7:*'] } })
  const { rows } = await shop.world.pool.query("select identifier, id from connected_account where identifier in ('ada', 'grace')")
  const { page, context, faults } = await atDashboard('/catalogue')
  const account = (name: string) => toTypeId('acct', rows.find(({ identifier }) => identifier === name).id)
  for (const [place, ready, name] of [
    ['/catalogue', 'Airtable', 'catalogue'],
    ['/catalogue?search=nothing-has-this', 'No connector has this', 'catalogue-empty'],
    ['/catalogue/github', 'Set up a connection', 'connector'],
    ['/connections', 'playground', 'connections'],
    ['/connections/playground', 'Try it with your own account', 'connection'],
    ['/accounts', 'grace', 'accounts'],
    [`/accounts/${account('ada')}`, 'What can be done', 'account'],
    [`/accounts/${account('grace')}`, 'Only the user can mend this', 'account-lost'],
    ['/audit', 'session.started', 'audit'],
    ['/keys', 'Show revoked keys', 'keys'],
    ['/connectors', 'Weather', 'custom-connectors'],
    ['/connectors/new', 'It holds to the format.', 'definition'],
    ['/connections/there-is-none', 'does not exist', 'not-found'],
  ] as const) {
    await page.goto(`${shop.world.url}/dashboard${place}`)
    await page.getByText(ready).first().waitFor()
    await page.getByLabel('Loading').waitFor({ state: 'detached' })
    await expectAccessible(page, `dashboard-${name}`)
  }
  // What opens over a page.
  await page.goto(`${shop.world.url}/dashboard/accounts`)
  await page.getByRole('button', { name: 'Create link' }).click()
  await page.getByRole('dialog').getByLabel('Identifier').waitFor()
  await expectAccessible(page, 'dashboard-new-link')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show GraphQL' }).click()
  await page.getByRole('dialog').getByText('query Accounts').waitFor()
  await expectAccessible(page, 'dashboard-show-graphql')
  expect(faults).toEqual([])
  await context.close()
}, 180_000)

it('loads little, and lists 10,000 accounts and 600 connectors a screen at a time', async () => {
  const { pool } = shop.world
  await pool.query(
    `insert into connected_account (id, connection_id, identifier, status, status_changed_at, requested_scopes, granted_scopes, "values", secrets_set, metadata, created_at, updated_at)
     select gen_random_uuid(), (select id from connection where name = 'playground'), 'crowd_' || n, case when n % 10 = 0 then 'REAUTHORIZATION_REQUIRED' else 'ACTIVE' end, now(), '{}', '{}', '{}', '{}', '{}', now() - n * interval '1 second', now()
     from generate_series(1, 10000) n`,
  )
  const template = {
    schema: 1,
    categories: ['testing'],
    auth: [{ id: 'key', type: 'static', preset: 'custom', accountFields: [{ key: 'k', label: 'K', kind: 'secret' }], apply: { headers: { 'x-k': '{account.k}' } } }],
  }
  await pool.query(
    "insert into custom_connector (key, definition, version, created_at, updated_at) select 'crowd-' || n, $1::jsonb || jsonb_build_object('key', 'crowd-' || n, 'name', 'Crowd ' || n), 1, now(), now() from generate_series(1, 120) n",
    [JSON.stringify(template)],
  )
  const { page, context, scripts } = await atDashboard('/connections')
  await page.getByRole('link', { name: 'playground' }).waitFor()
  const loaded = [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0)
  expect(loaded).toBeGreaterThan(50_000)
  expect(loaded).toBeLessThan(300_000)
  // Tasks of the main thread that took longer than 50 ms (W3C Long Tasks), for people to read, since machines differ.
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(globalThis, { tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' })
  })
  const measured: [string, number][] = [['compressed JavaScript of sign-in and list, bytes', loaded]]
  const measure = async (what: string, act: () => Promise<unknown>) => {
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => (globalThis as never as { tasks: number[] }).tasks.splice(0))
    await act()
    const tasks = await page.evaluate(() => (globalThis as never as { tasks: number[] }).tasks)
    measured.push([what, Math.round(Math.max(0, ...tasks))])
  }
  await rail(page).getByRole('link', { name: 'Catalogue' }).click()
  await page.getByText(/^6\d\d connectors$/).waitFor()
  expect(await page.locator('.card').count()).toBeLessThan(150)
  const search = page.getByLabel('Search the catalogue')
  await measure('typing a letter into the search of 600 connectors: longest task over 50 ms', async () => {
    await search.press('c')
    await page.getByText(/^6\d\d connectors$/).waitFor({ state: 'hidden' })
  })
  await measure('typing the next four letters: longest task over 50 ms', async () => {
    await search.pressSequentially('rowd')
    await page.getByText('120 connectors').waitFor()
  })
  await rail(page).getByRole('link', { name: 'Accounts' }).click()
  await page.getByText(/^10,00\d accounts$/).waitFor()
  expect(await page.locator('.row-link').count()).toBe(50)
  await measure('the next page of 10,000 accounts: longest task over 50 ms', async () => {
    const first = await page.locator('.row-link').first().textContent()
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByRole('link', { name: first ?? '', exact: true }).waitFor({ state: 'detached' })
  })
  expect(await page.locator('.row-link').count()).toBe(50)
  await measure('searching 10,000 accounts: longest task over 50 ms', async () => {
    await page.getByLabel('Search accounts').fill('crowd_4999')
    await page.getByText('1 account', { exact: true }).waitFor()
  })
  await page.getByRole('link', { name: 'crowd_4999' }).waitFor()
  if (process.env.MEASURE) console.table(measured)
  await pool.query("delete from connected_account where identifier like 'crowd%'")
  await pool.query('delete from custom_connector')
  await context.close()
}, 90_000)

describe('a form', () => {
  it('says what is wrong where it is wrong, and stores nothing', async () => {
    const { page, context } = await atDashboard('/catalogue/zendesk')
    await page.getByLabel('Name').fill('Not A Name')
    await page.getByRole('button', { name: 'Start setup' }).click()
    await page
      .getByText(/lower-case letters/)
      .nth(1)
      .waitFor()
    expect((await shop.world.pool.query("select 1 from connection where name ilike 'not%'")).rows).toEqual([])
    await context.close()
  })
})

void importTokens
void createConnection
