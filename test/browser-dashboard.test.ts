/** The dashboard in a real browser: from the first sign-in to everything that can be done there. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toTypeId } from '../src/ids.js'
import { graphql } from './generated/gql.js'
import { executesTo, expectAccessible, openBrowser, openPage } from './support/browser.js'
import { createApiKey, createConnection, importTokens } from './support/documents.js'
import { Workshop } from './support/workshop.js'
import { createWorld } from './support/world.js'

const readStatusOfConnection = graphql(`
  query StatusOfConnection($connection: ID!) {
    connection(connection: $connection) { status redirectUri }
  }
`)

let browser: Browser
let shop: Workshop

beforeAll(async () => {
  ;[browser, shop] = await Promise.all([openBrowser(), Workshop.open({ VALETKEY_APP_NAME: 'Acme' }, () => true)])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await shop?.close()
})

/**
 * Opens the dashboard, signed in.
 *
 * @returns among others `strangers`, the requests that went anywhere but to the server, and `scripts`, the sizes of
 *   the scripts in bytes as transferred
 */
async function atDashboard(
  place = '/',
  key = shop.world.adminKey,
): Promise<{
  page: Page
  context: BrowserContext
  faults: string[]
  strangers: string[]
  scripts: Map<string, number>
}> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page, faults, strangers } = await openPage(context, shop.world.url)
  const scripts = new Map<string, number>()
  page.on('response', (response) => {
    if (response.url().endsWith('.js'))
      scripts.set(response.url(), Number(response.headers()['content-length'] ?? Number.NaN))
  })
  await page.goto(`${shop.world.url}/dashboard${place}`)
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Places' }).waitFor()
  return { page, context, faults, strangers, scripts }
}

/** Goes to another place of the application without reloading it. */
const go = (page: Page, place: string) =>
  page.evaluate((address) => history.pushState(null, '', address), `/dashboard${place}`)

const rail = (page: Page) => page.getByRole('navigation', { name: 'Places' })

it('takes a new user from the sign-in to a connected account, and to its end', async () => {
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
  expect(await page.getByRole('link', { name: /Where it is made/ }).getAttribute('href')).toBe(
    'https://api.slack.com/apps',
  )
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
  expect(slack.rows).toEqual([
    { status: 'ACTIVE', scopes: expect.arrayContaining(['chat:write', 'channels:read', 'files:read', 'emoji:read']) },
  ])
  // The secret is no longer in the page.
  await page.reload()
  await page.getByRole('heading', { name: 'slack', exact: true }).waitFor()
  expect(await page.content()).not.toContain('a-secret-of-slack')

  // The playground: the user follows a link in another browser; the status changes without a reload.
  await rail(page).getByRole('link', { name: 'Connections' }).click()
  await page.getByRole('link', { name: 'playground' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Accounts', exact: true }).click()
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

  // Every step has its own address: the back button goes back, and a reload stays on the step.
  const here = page.url()
  await page.goBack()
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  await page.goForward()
  expect(page.url()).toBe(here)
  await page.reload()
  await page.getByRole('heading', { name: 'ada@example.com' }).waitFor()

  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    shop.world.adminKey,
  )
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(strangers).toEqual([])
  expect(faults).toEqual([])
  await context.close()
}, 90_000)

it('shows how far the deletion of a connection has come, and where to go when it is gone', async () => {
  const { createConnection: made } = await shop.world.get(createConnection, {
    input: {
      connector: 'notion',
      name: 'going',
      fields: [
        { key: 'client_id', value: 'a' },
        { key: 'client_secret', value: 'b' },
      ],
    },
  })
  for (const identifier of ['one', 'two'])
    await shop.world.get(importTokens, { input: { connection: 'going', identifier, oauth2: { accessToken: 'a' } } })
  const { page, context, faults } = await atDashboard('/connections/going')
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete going' })
  await dialog.getByLabel('Type going to go on').fill('going')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('0 of 2 accounts are disconnected').waitFor()
  await expectAccessible(page, 'going')
  // One of the two accounts is gone; then the job disconnects the other.
  await shop.world.pool.query(
    `delete from connected_account
     where identifier = 'one' and connection_id = (select id from connection where name = 'going')`,
  )
  await page.getByText('1 of 2 accounts is disconnected').waitFor()
  await shop.world.app.services.connectionDeletions.job.run(new AbortController().signal)
  await page.getByRole('heading', { level: 1, name: 'Connections' }).waitFor()
  expect(await page.getByRole('link', { name: 'going' }).count()).toBe(0)
  expect((await shop.world.get(readStatusOfConnection, { connection: made.id })).connection).toBeNull()
  expect(faults).toEqual([])
  await context.close()
}, 60_000)

it('offers a key with few permissions only what it may do', async () => {
  const { createApiKey: made } = await shop.world.get(createApiKey, {
    input: { name: 'looker', permissions: ['ACCOUNTS_READ', 'CONNECTIONS_READ'], connections: ['playground'] },
  })
  const { page, context, faults } = await atDashboard('/', made.secret)
  expect(await rail(page).getByRole('link').allTextContents()).toEqual([
    'Catalogue',
    'Connections',
    'Accounts',
    'GraphiQL',
  ])
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

it('explains why a key is refused, signs out with a click, and asks again when the session is gone', async () => {
  const { page } = await openPage(await browser.newContext())
  await page.goto(`${shop.world.url}/dashboard/keys`)
  await page.getByLabel('API key').fill('vk_wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('This is not an API key of Valetkey').waitFor()
  await expectAccessible(page, 'dashboard-sign-in')
  await page.getByLabel('API key').fill(shop.world.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  // The page that was asked for before signing in.
  await page.getByRole('heading', { name: 'API keys' }).waitFor()
  await shop.world.pool.query('delete from session')
  await rail(page).getByRole('link', { name: 'Accounts' }).click()
  await page.getByRole('heading', { name: 'Sign in to Valetkey' }).waitFor()
  await page.getByLabel('API key').fill(shop.world.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  await page.getByRole('button', { name: 'admin key' }).click()
  await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
  await page.getByRole('heading', { name: 'Sign in to Valetkey' }).waitFor()
  expect((await shop.world.pool.query('select count(*)::int as left from session')).rows).toEqual([{ left: 0 }])
}, 60_000)

it('has accessible pages, in light and in dark, at desktop and phone width', async () => {
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
  for (const identifier of [
    'ada',
    'grace',
    'an identifier that is quite long, as some applications have them, with_no_space_anywhere_in_it_at_all',
  ])
    await shop.world.get(importTokens, {
      input: {
        connection,
        identifier,
        metadata: { plan: 'pro' },
        oauth2: {
          accessToken: 'a',
          refreshToken: 'r',
          expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
          scopes: ['openid'],
        },
      },
    })
  await shop.world.pool.query(
    `update connected_account
     set status = 'REAUTHORIZATION_REQUIRED', status_reason = 'Playground refused the grant: invalid_grant.'
     where identifier = 'grace'`,
  )
  await shop.world.get(createApiKey, {
    input: {
      name: 'calendar agent',
      permissions: ['TOKENS_READ'],
      connections: ['playground'],
      identifiers: ['tenant_7:*'],
    },
  })
  const { rows } = await shop.world.pool.query(
    "select identifier, id from connected_account where identifier in ('ada', 'grace')",
  )
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
    await go(page, place)
    await page.getByText(ready).first().waitFor()
    await page.getByLabel('Loading').waitFor({ state: 'detached' })
    await expectAccessible(page, `dashboard-${name}`)
  }
  // Dialogs and drawers over a page.
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

it('loads little, and lists 10,000 accounts and 700 connectors one screen at a time', async () => {
  const { pool } = shop.world
  await pool.query(
    `insert into connected_account (
       id, connection_id, identifier, status, status_changed_at,
       requested_scopes, granted_scopes, "values", secrets_set, metadata, created_at, updated_at
     )
     select gen_random_uuid(), (select id from connection where name = 'playground'), 'crowd_' || n,
       case when n % 10 = 0 then 'REAUTHORIZATION_REQUIRED' else 'ACTIVE' end, now(),
       '{}', '{}', '{}', '{}', '{}', now() - n * interval '1 second', now()
     from generate_series(1, 10000) n`,
  )
  const template = {
    schema: 1,
    categories: ['testing'],
    auth: [
      {
        id: 'key',
        type: 'static',
        preset: 'custom',
        accountFields: [{ key: 'k', label: 'K', kind: 'secret' }],
        apply: { headers: { 'x-k': '{account.k}' } },
      },
    ],
  }
  await pool.query(
    `insert into custom_connector (key, definition, version, created_at, updated_at)
     select 'crowd-' || n, $1::jsonb || jsonb_build_object('key', 'crowd-' || n, 'name', 'Crowd ' || n), 1, now(), now()
     from generate_series(1, 120) n`,
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
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    })
  })
  const measured: [string, number][] = [['compressed JavaScript of sign-in and list, bytes', loaded]]
  const measure = async (what: string, act: () => Promise<unknown>) => {
    await page.waitForLoadState('networkidle')
    await page.evaluate(() => (globalThis as never as { tasks: number[] }).tasks.splice(0))
    await act()
    const tasks = await page.evaluate(() => (globalThis as never as { tasks: number[] }).tasks)
    measured.push([what, Math.round(Math.max(0, ...tasks))])
  }
  await measure('a task of 80 ms, to see that they are seen', () =>
    page.evaluate(async () => {
      for (const end = performance.now() + 80; performance.now() < end; );
      await new Promise((resolve) => setTimeout(resolve, 50))
    }),
  )
  await rail(page).getByRole('link', { name: 'Catalogue' }).click()
  await page.getByText(/^7\d\d connectors$/).waitFor()
  expect(await page.locator('.card').count()).toBeLessThan(150)
  const search = page.getByLabel('Search the catalogue')
  await measure('typing a letter into the search of 700 connectors: longest task over 50 ms', async () => {
    await search.press('c')
    await page.getByText(/^7\d\d connectors$/).waitFor({ state: 'hidden' })
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

it('shows a page with a way on for every address, even a malformed one', async () => {
  const { page, context } = await atDashboard('/accounts')
  for (const [place, words] of [
    ['/audit?since=yesterday', 'Audit log'],
    ['/accounts?status=NONSENSE', 'That did not work'],
    ['/accounts?after=nonsense', 'This is not a cursor of this list'],
    ['/accounts/acct_nonsense', 'does not exist'],
    ['/catalogue/<script>alert(1)</script>', 'does not exist'],
    ['/there/is/no/such/page', 'This page does not exist'],
  ] as const) {
    await page.goto(`${shop.world.url}/dashboard${place}`)
    await page.getByText(words).first().waitFor()
    await rail(page).getByRole('link', { name: 'Accounts' }).click()
    await page.getByRole('heading', { name: 'Accounts' }).waitFor()
  }
  await context.close()
}, 60_000)

describe('a form', () => {
  it('is shown for every auth type, for the connection and for the account', async () => {
    const all = shop.world.app.services.catalogue.all().filter(({ key }) => !key.startsWith('made-'))
    const types = [...new Set(all.flatMap(({ authMethods }) => authMethods.map(({ type }) => type)))]
    expect(types.length).toBeGreaterThanOrEqual(13)
    const { page, context, faults } = await atDashboard('/catalogue')
    for (const type of types) {
      const connector = all.find(
        ({ key, authMethods }) => key !== 'playground' && authMethods.some((method) => method.type === type),
      )
      const method = connector?.authMethods.find((method) => method.type === type)
      if (!connector || !method) throw new Error(type)
      const name = `form-${type.toLowerCase().replaceAll('_', '-')}`
      await go(page, `/catalogue/${connector.key}`)
      await page.getByRole('heading', { name: 'Set up a connection' }).waitFor()
      if (connector.authMethods.length > 1)
        await page.getByRole('radio').nth(connector.authMethods.indexOf(method)).check()
      await page.getByLabel(/^Name/).fill(name)
      await page
        .getByRole('button', { name: method.connectionFields.length > 0 ? 'Start setup' : 'Create connection' })
        .click()
      await page.getByRole('heading', { name, exact: true }).waitFor()
      // Every field has an input with its label; a field that depends on another one is hidden until then.
      const shown = (fields: typeof method.connectionFields) => fields.filter(({ visibleWhen }) => !visibleWhen)
      for (const { label, kind } of [...shown(method.connectionFields), ...shown(method.accountFields)])
        expect([
          type,
          label,
          await page
            .getByLabel(label)
            .first()
            .evaluate((input) => input.tagName),
        ]).toEqual([type, label, kind === 'PEM' || kind === 'JSON' ? 'TEXTAREA' : 'INPUT'])
      const { connection } = await shop.world.get(readStatusOfConnection, { connection: name })
      expect([type, await page.getByText(/\/oauth\/callback\//).count()]).toEqual([
        type,
        connection?.redirectUri ? 1 : 0,
      ])
    }
    expect(faults).toEqual([])
    await context.close()
  }, 120_000)

  it('shows errors at their field, stores nothing then, and stores correct values', async () => {
    const fields = [
      ['subdomain', 'Site', 'acme.zen desk', 'acme', { suffix: '.example.com' }],
      ['hostname', 'Host', 'https://no host', 'acme.example.com'],
      ['url', 'Address', 'ftp://x', 'https://acme.example.com/'],
      ['email', 'Mail', 'nobody', 'ada@example.com'],
      ['uuid', 'Tenant', '123', '6f9619ff-8b86-4d01-b42d-00cf4fc964ff'],
      ['digits', 'Number', 'twelve', '12'],
      ['text', 'Code', 'lower', 'ABC-123', { pattern: '[A-Z]{3}-[0-9]{3}', placeholder: 'ABC-123' }],
      ['secret', 'Secret', 'sec\u200bret', 'a-right-secret'],
      ['pem', 'Key file', 'no pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'],
      ['json', 'Account file', '{"a":', '{"a":1}'],
    ] as const
    const key = await shop.connector(
      (url) => ({
        type: 'oauth2',
        grant: 'client_credentials',
        connectionFields: fields.map(([kind, label, , , more]) => ({ key: kind, label, kind, ...more })),
        token: { url: url('/token') },
      }),
      { name: 'Forms' },
    )
    const { page, context } = await atDashboard(`/catalogue/${key}`)
    await page.getByLabel('Name').fill('Not A Name')
    await page.getByRole('button', { name: 'Start setup' }).click()
    await page.locator('[id$=-error]').filter({ hasText: 'lower-case letters' }).waitFor()
    expect((await shop.world.pool.query("select 1 from connection where name ilike 'not%'")).rows).toEqual([])
    await page.getByLabel('Name').fill('wrong-input')
    await page.getByRole('button', { name: 'Start setup' }).click()
    await page.getByRole('heading', { name: 'Enter its settings' }).waitFor()
    const input = (label: string) => page.getByLabel(new RegExp(`^${label}`)).and(page.locator('input, textarea'))
    for (const [kind, label, wrong, right] of fields) {
      await input(label).fill(wrong)
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      const fault = page.locator('[id$=-error]').filter({ hasText: label })
      await fault.waitFor()
      expect([kind, await input(label).getAttribute('aria-invalid')]).toEqual([kind, 'true'])
      expect([kind, await page.locator('[id$=-error]').count()]).toEqual([kind, 1])
      if (kind === 'secret') expect(await fault.textContent()).not.toContain(wrong)
      const { rows } = await shop.world.pool.query("select connection::text from connection where name = 'wrong-input'")
      expect([kind, JSON.stringify(rows[0]).includes(wrong)]).toEqual([kind, false])
      await input(label).fill(right)
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await fault.waitFor({ state: 'detached' })
    }
    await context.close()
  }, 90_000)

  it('for a key repeats what the service says, and stores a key that the service accepts', async () => {
    const key = await shop.connector(
      (url) => ({
        type: 'static',
        preset: 'api_key',
        label: 'API key',
        accountFields: [{ key: 'api_key', label: 'API key', kind: 'secret' }],
        apply: { headers: { 'x-key': '{account.api_key}' } },
        verify: { url: url('/me'), wrong: { status: [401] } },
      }),
      { name: 'Tides' },
    )
    shop.answer(key, '/me', ({ headers }) =>
      headers['x-key'] === 'right' ? { body: {} } : { status: 401, body: { message: 'This key was revoked in May' } },
    )
    const { page, context, faults } = await atDashboard(`/catalogue/${key}`)
    await page.getByLabel('Name').fill('tides')
    await page.getByText('What each user will be asked').waitFor()
    await page.getByRole('button', { name: 'Create connection' }).click()
    await page.getByText('Active', { exact: true }).waitFor()
    // A name that is already in use.
    await page.getByRole('textbox', { name: 'Name' }).fill('playground')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.locator('[id$=-error]').filter({ hasText: 'playground' }).waitFor()
    await page.getByLabel('Identifier').fill('ada')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByRole('link', { name: 'To the account' }).click()
    await page.getByLabel(/^API key/).fill('wrong-key')
    await page.getByRole('button', { name: 'Save credentials' }).click()
    await page.getByRole('alert').getByText('This key was revoked in May').waitFor()
    expect(await page.getByRole('alert').textContent()).not.toContain('wrong-key')
    await page.getByLabel(/^API key/).fill('right')
    await page.getByRole('button', { name: 'Save credentials' }).click()
    await page.getByText('Active', { exact: true }).waitFor()
    expect(await page.getByLabel(/^API key/).inputValue()).toBe('')
    expect(faults).toEqual([])
    await context.close()
  })

  it('for a link, a key, metadata and a definition shows its errors too', async () => {
    const { createConnectedAccount: account } = await shop.world.get(importTokens, {
      input: { connection: 'playground', identifier: 'forms', oauth2: { accessToken: 'a' } },
    })
    const { page, context, faults } = await atDashboard(`/accounts/${account.id}`)
    const fault = (words: string) => page.locator('[id$=-error]').filter({ hasText: words })
    await page.getByLabel('Metadata').fill('[1')
    await page.getByRole('button', { name: 'Save metadata' }).click()
    await fault('This is not JSON').waitFor()
    await page.getByLabel('Metadata').fill('[1]')
    await page.getByRole('button', { name: 'Save metadata' }).click()
    await fault('Metadata is a JSON object').waitFor()
    await page.getByLabel('Metadata').fill('{"plan": "pro"}')
    await page.getByRole('button', { name: 'Save metadata' }).click()
    await fault('').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Link to authorize again' }).click()
    await page.getByLabel('Return URL').fill('https://evil.example/')
    await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click()
    await fault('allowed').waitFor()
    await page.getByLabel('Return URL').fill('')
    await page.getByLabel('Verify URL').fill('nonsense')
    await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click()
    await page
      .getByRole('dialog')
      .getByText(/address|URL/)
      .last()
      .waitFor()
    await page.keyboard.press('Escape')

    await rail(page).getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('button', { name: 'Create key' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Create key' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Name').fill('an agent')
    await dialog.getByLabel('Last day').fill('2001-01-01')
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await fault('in the past').waitFor()
    await dialog.getByLabel('Last day').fill('')
    await dialog.getByLabel('Only registered documents').check()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await dialog.getByText('no documents are registered').waitFor()
    await dialog.getByLabel('Only registered documents').uncheck()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    const secret = (await dialog.locator('code').textContent()) ?? ''
    expect(secret).toMatch(/^vk_/)
    await page.keyboard.press('Escape')
    // Shown once.
    await page.getByRole('cell', { name: 'an agent' }).waitFor()
    expect(await page.content()).not.toContain(secret)
    await page
      .getByRole('row', { name: /an agent/ })
      .getByRole('button', { name: 'Revoke' })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('cell', { name: 'an agent' }).waitFor({ state: 'detached' })

    await rail(page).getByRole('link', { name: 'Custom connectors' }).click()
    await page.getByRole('link', { name: 'New connector' }).first().click()
    const definition = page.getByLabel('Definition')
    const source = JSON.parse(await definition.inputValue())
    await definition.fill('{ "schema": 1,')
    await page.getByText('This is not JSON').waitFor()
    await definition.fill(JSON.stringify({ ...source, key: 'Not A Key', auth: [{ ...source.auth[0], token: {} }] }))
    await page.getByText(/to mend$/).waitFor()
    await page.getByText(/^key: /).waitFor()
    expect(await page.getByRole('button', { name: 'Create connector' }).isDisabled()).toBe(true)
    await definition.fill(JSON.stringify({ ...source, key: 'of-my-own', name: 'Of my own' }))
    await page.getByText('It holds to the format.').waitFor()
    await page.getByRole('button', { name: 'Create connector' }).click()
    await page.getByRole('heading', { name: 'Of my own' }).waitFor()
    await page.getByRole('button', { name: 'Start setup' }).waitFor()
    expect(faults).toEqual([])
    await context.close()
  }, 60_000)
})

describe('Show GraphQL', () => {
  interface Operation {
    query: string
    variables: Record<string, unknown>
  }

  const nameOf = ({ query }: Operation) => /^(?:query|mutation) (\w+)/.exec(query)?.[1] ?? query

  /**
   * The operations that the page sends from now on, without each `__typename`, which the client's cache adds to
   * know what has changed.
   */
  async function watch(page: Page): Promise<Operation[]> {
    // Many drawers are opened: no animations to wait for.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    const sent: Operation[] = []
    page.on('request', (request) => {
      if (request.method() !== 'POST' || new URL(request.url()).pathname !== '/graphql') return
      const { query, variables = {} } = request.postDataJSON()
      sent.push({ query: query.replaceAll(/^ *__typename\n/gm, ''), variables })
    })
    return sent
  }

  /** What is shown in the drawer that a part of the page opens, and all its text. */
  async function drawerOf(page: Page, part: Page | Locator): Promise<{ shown: Operation[]; words: string }> {
    await part.getByRole('button', { name: 'Show GraphQL' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'GraphQL' })
    await drawer.getByRole('button', { name: 'Copy query' }).first().waitFor()
    const shown: Operation[] = []
    for (const text of await drawer.locator('pre').allTextContents()) {
      const [last] = shown.slice(-1)
      if (text.startsWith('{') && last) last.variables = JSON.parse(text)
      else shown.push({ query: text, variables: {} })
    }
    const words = (await drawer.textContent()) ?? ''
    await drawer.getByRole('button', { name: 'Close' }).click()
    await drawer.waitFor({ state: 'detached' })
    return { shown, words }
  }

  it('shows the queries that each page sent', async () => {
    const { createConnectedAccount: account } = await shop.world.get(importTokens, {
      input: { connection: 'playground', identifier: 'read', oauth2: { accessToken: 'a' } },
    })
    const { page, context, faults } = await atDashboard()
    const sent = await watch(page)
    for (const [place, heading] of [
      ['/catalogue', 'Catalogue'],
      ['/catalogue/github', 'GitHub'],
      ['/connections', 'Connections'],
      ['/connections?search=play&status=ACTIVE', 'Connections'],
      ['/connections/playground', 'playground'],
      ['/accounts', 'Accounts'],
      ['/accounts?search=rea&status=ACTIVE,SUSPENDED&connection=playground', 'Accounts'],
      [`/accounts/${account.id}`, 'read'],
      ['/audit', 'Audit log'],
      ['/audit?action=token&identifier=read&since=2026-01-01', 'Audit log'],
      ['/keys', 'API keys'],
      ['/connectors', 'Custom connectors'],
    ] as const) {
      sent.length = 0
      await go(page, place)
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
      const { shown } = await drawerOf(page, page)
      expect([place, shown.length]).toEqual([place, 1])
      await expect.poll(() => sent, { message: place }).toContainEqual(shown[0])
    }
    expect(faults).toEqual([])
    await context.close()
  }, 60_000)

  it('shows what each form and button will send, without secrets', async () => {
    const { page, context, faults } = await atDashboard()
    const sent = await watch(page)
    const proven = new Set<string>()
    const part = (heading: string) => page.getByRole('heading', { name: heading, exact: true }).locator('..')
    const dialog = (name: string) => page.getByRole('dialog', { name })
    const press = (place: Locator, name: string) => () => place.getByRole('button', { name, exact: true }).click()

    /** The only mutation that an action sends. */
    const sentBy = async (act: () => Promise<unknown>): Promise<Operation> => {
      sent.length = 0
      await act()
      const acts = () => sent.filter(({ query }) => query.startsWith('mutation'))
      await expect.poll(() => acts().length).toBe(1)
      return acts()[0] as Operation
    }
    /** What is shown before an action is what the action then sends. */
    const expectSent = async (shown: Operation | undefined, act: () => Promise<unknown>, secrets: string[] = []) => {
      const operation = await sentBy(act)
      let variables = JSON.stringify(operation.variables)
      for (const secret of secrets) {
        expect(variables).toContain(JSON.stringify(secret))
        variables = variables.replaceAll(JSON.stringify(secret), '"…"')
      }
      expect(shown).toEqual({ query: operation.query, variables: JSON.parse(variables) })
      proven.add(nameOf(operation))
    }
    /** The same for a form or button that shows this one operation. */
    const expectShown = async (place: Locator, act: () => Promise<unknown>, secrets: string[] = []) => {
      const { shown, words } = await drawerOf(page, place)
      expect(shown.length).toBe(1)
      for (const secret of secrets) expect(words).not.toContain(secret)
      expect(words.includes('Secrets are left out')).toBe(secrets.length > 0)
      await expectSent(shown[0], act, secrets)
    }
    /** The same for a button that asks for confirmation; its operation is also shown beside it. */
    const expectConfirmed = async (place: Locator, label: string, title: string, typed?: string) => {
      const { shown: beside } = await drawerOf(page, place)
      await press(place, label)()
      const { shown } = await drawerOf(page, dialog(title))
      expect(beside).toContainEqual(shown[0])
      if (typed) await dialog(title).getByRole('textbox').fill(typed)
      await expectSent(shown[0], press(dialog(title), label))
      await dialog(title).waitFor({ state: 'detached' })
    }

    // A connection, from its creation to its deletion.
    await go(page, '/catalogue/slack')
    await page.getByRole('radio', { name: 'OAuth 2.0' }).check()
    await page.getByLabel('Name').fill('shown')
    await expectShown(page.locator('form'), press(page.locator('form'), 'Start setup'))
    const credentials = page.locator('.step').filter({ hasText: 'Paste its credentials' })
    await credentials.getByLabel('Client ID').fill('1234567890.1234567890')
    await credentials.getByLabel(/^Client secret/).fill('a-secret-that-no-drawer-shows')
    await expectShown(credentials, press(credentials, 'Save'), ['a-secret-that-no-drawer-shows'])
    await page.getByText('Active', { exact: true }).waitFor()
    const scopes = page.locator('.step').filter({ hasText: 'Choose scopes' })
    await scopes.getByRole('checkbox', { name: /^files:read/ }).check()
    await expectShown(scopes, press(scopes, 'Save scopes'))
    const verification = page.locator('.step').filter({ hasText: 'Who makes sure' })
    // A choice is sent at once; what is shown then has the new value.
    const nobody = verification.getByRole('radio', { name: 'Nobody confirms' })
    const chosen = await sentBy(() => nobody.click())
    await expect.poll(() => nobody.isChecked()).toBe(true)
    expect(chosen.variables).toMatchObject({ input: { userVerification: 'NONE' } })
    expect((await drawerOf(page, verification)).shown).toEqual([chosen])
    const tryIt = page.locator('.step').filter({ hasText: 'Try it with your own account' })
    await tryIt.getByLabel('Identifier').fill(' somebody ')
    await expectShown(tryIt, press(tryIt, 'Make a link'))
    const fate = page.getByRole('region', { name: 'Rename, disable or delete' })
    await fate.getByLabel('Name').fill('shown-anew')
    const { shown: whole } = await drawerOf(page, fate)
    expect(whole.map(nameOf)).toEqual(['UpdateConnection', 'DisableConnection', 'DeleteConnection'])
    await expectSent(whole[0], press(fate, 'Rename'))
    await page.getByRole('heading', { level: 1, name: 'shown-anew' }).waitFor()
    await expectConfirmed(fate, 'Disable', 'Disable shown-anew')
    await fate.getByRole('button', { name: 'Enable' }).waitFor()
    await expectSent((await drawerOf(page, fate)).shown[1], press(fate, 'Enable'))
    await page.getByText('Active', { exact: true }).waitFor()
    await expectConfirmed(fate, 'Delete', 'Delete shown-anew', 'shown-anew')

    // A link, and the account that it creates.
    await go(page, '/accounts?connection=playground&create=link')
    await dialog('Create a link').getByLabel('Identifier').fill('linked')
    await dialog('Create a link').getByLabel('Return URL').fill('http://localhost:3000/back')
    await expectShown(dialog('Create a link'), press(dialog('Create a link'), 'Create link'))
    await page.getByRole('link', { name: 'To the account' }).click()
    await expectShown(part('Open links'), press(part('Open links'), 'Revoke'))
    const metadata = part('Metadata')
    await metadata.getByLabel('Metadata').fill('{"plan":')
    expect(await metadata.getByRole('button', { name: 'Show GraphQL' }).isDisabled()).toBe(true)
    await metadata.getByLabel('Metadata').fill('{"plan": "pro", "key": "of no secret"}')
    await expectShown(metadata, press(metadata, 'Save metadata'))

    // Secrets that are entered for a user.
    const key = await shop.connector(() => ({
      type: 'static',
      preset: 'custom',
      label: 'Keys',
      accountFields: [
        { key: 'site', label: 'Site', kind: 'text' },
        { key: 'api_key', label: 'API key', kind: 'secret' },
      ],
      apply: { headers: { 'x-key': '{account.api_key}', 'x-site': '{account.site}' } },
    }))
    const { name: connection } = await shop.connection(key, {})
    const { id } = await shop.account(connection, { site: 'first', api_key: 'the-first-one' })
    await go(page, `/accounts/${id}`)
    await part('Credentials').getByLabel('Site').fill('second')
    await part('Credentials')
      .getByLabel(/^API key/)
      .fill('the-second-one')
    await expectShown(part('Credentials'), press(part('Credentials'), 'Save credentials'), ['the-second-one'])

    // The actions of an account.
    const { createConnectedAccount: account } = await shop.world.get(importTokens, {
      input: {
        connection: 'playground',
        identifier: 'shown',
        oauth2: { accessToken: 'a', refreshToken: 'r', scopes: ['openid'] },
      },
    })
    await go(page, `/accounts/${account.id}`)
    const can = page.getByRole('region', { name: 'What can be done' })
    await expectConfirmed(can, 'Suspend', 'Suspend shown')
    await can.getByRole('button', { name: 'Resume' }).waitFor()
    const { shown: suspended } = await drawerOf(page, can)
    await expectSent(suspended[1], press(can, 'Resume'))
    await expectSent(suspended[0], press(can, 'Refresh now'))
    await expectConfirmed(can, 'Disconnect', 'Disconnect shown')
    await page.getByText('Disconnected', { exact: true }).first().waitFor()
    await expectConfirmed(can, 'Delete', 'Delete shown', 'shown')

    // Keys.
    await go(page, '/keys?create=key')
    const newKey = dialog('Create an API key')
    await newKey.getByLabel('Name').fill('shown key')
    await newKey.getByLabel('Only for these identifiers').fill('tenant_7:*')
    await page.keyboard.press('Enter')
    await newKey.getByLabel('Last day').fill('2099-12-31')
    await expectShown(newKey, press(newKey, 'Create key'))
    await newKey.locator('code').waitFor()
    await page.keyboard.press('Escape')
    await page
      .getByRole('row', { name: /shown key/ })
      .getByRole('button', { name: 'Rotate' })
      .click()
    await expectShown(dialog('Rotate shown key'), press(dialog('Rotate shown key'), 'Rotate'))
    await dialog('Rotate shown key').locator('code').waitFor()
    await page.keyboard.press('Escape')
    await page
      .getByRole('row', { name: /shown key/ })
      .getByRole('button', { name: 'Revoke' })
      .click()
    await expectShown(dialog('Revoke shown key'), press(dialog('Revoke shown key'), 'Revoke'))

    // Custom connectors.
    await go(page, '/connectors/new')
    const main = page.getByRole('main')
    const definition = page.getByLabel('Definition')
    const source = JSON.parse(await definition.inputValue())
    await definition.fill('{')
    await page.getByText('This is not JSON').waitFor()
    expect(await main.getByRole('button', { name: 'Show GraphQL' }).isDisabled()).toBe(true)
    await definition.fill(JSON.stringify({ ...source, key: 'shown', name: 'Shown' }))
    await page.getByText('It holds to the format.').waitFor()
    await expectShown(main, press(main, 'Create connector'))
    await page.getByRole('heading', { level: 1, name: 'Shown' }).waitFor()
    await go(page, '/connectors/shown')
    const stored = JSON.parse(await definition.inputValue())
    await definition.fill(JSON.stringify({ ...stored, name: 'Shown anew' }))
    await page.getByRole('heading', { level: 2, name: 'Shown anew' }).waitFor()
    await expectShown(main, press(main, 'Save connector'))
    await page
      .getByRole('row', { name: /Shown anew/ })
      .getByRole('button', { name: 'Delete' })
      .click()
    await expectShown(dialog('Delete Shown anew'), press(dialog('Delete Shown anew'), 'Delete'))
    await page.getByRole('row', { name: /Shown anew/ }).waitFor({ state: 'detached' })

    // These are all the mutations of the dashboard.
    const folder = 'src/dashboard/web/documents'
    const documents = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
    const mutations = documents.flatMap((text) => [...text.matchAll(/^mutation (\w+)/gm)].map(([, name]) => name))
    expect([...proven].sort()).toEqual(mutations.sort())
    expect(faults).toEqual([])
    await context.close()
  }, 120_000)
})

it('can be used by keyboard, and opens the GraphQL of a page in GraphiQL, signed in', async () => {
  await shop.world.get(importTokens, {
    input: { connection: 'playground', identifier: 'keyboarder', oauth2: { accessToken: 'a' } },
  })
  const { page, context, faults, strangers } = await atDashboard('/accounts')
  await page.getByRole('link', { name: 'keyboarder' }).waitFor()
  // The arrow keys move between rows; Enter opens one.
  await page.locator('.row-link').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'keyboarder' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByLabel('Find', { exact: true }).fill('linea')
  await page
    .getByRole('button', { name: /^Linear/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Linear' }).waitFor()

  await page.getByRole('button', { name: 'Show GraphQL' }).first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: 'Copy query' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('query Connector($key: ID!)')
  const [graphiql] = await Promise.all([
    context.waitForEvent('page'),
    drawer.getByRole('link', { name: 'Open in GraphiQL' }).click(),
  ])
  await graphiql.locator('.graphiql-query-editor').getByText('authMethods').first().waitFor()
  await executesTo(graphiql, '"linear')
  expect(await graphiql.getByLabel('API key').count()).toBe(0)
  expect(faults).toEqual([])
  expect(strangers).toEqual([])
  await context.close()
}, 60_000)

it('goes on to work where only registered documents run, and GraphiQL says why it does not', async () => {
  const manifest = path.join(tmpdir(), `valetkey-none-${process.pid}.json`)
  writeFileSync(manifest, '{}')
  const held = await createWorld({
    databaseUrl: shop.world.config.databaseUrl as string,
    env: { VALETKEY_TRUSTED_DOCUMENTS: manifest, VALETKEY_TRUSTED_DOCUMENTS_ONLY: 'on' },
  })
  const { createConnectedAccount: account } = await shop.world.get(importTokens, {
    input: { connection: 'playground', identifier: 'held', oauth2: { accessToken: 'a' } },
  })
  const context = await browser.newContext()
  const { page } = await openPage(context, held.url)
  const answers: [string, number][] = []
  page.on('response', (response) => answers.push([new URL(response.url()).pathname, response.status()]))
  await page.goto(`${held.url}/dashboard/accounts/${account.id}`)
  await page.getByLabel('API key').fill(held.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Suspend' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click()
  await page.getByText('Suspended', { exact: true }).waitFor()
  for (const [place, ready] of [
    ['/catalogue', 'Airtable'],
    ['/connections/playground', 'Try it with your own account'],
    ['/audit', 'account.suspended'],
    ['/keys', 'Show revoked keys'],
    ['/connectors/new', 'It holds to the format.'],
  ] as const) {
    await go(page, place)
    await page.getByText(ready).first().waitFor()
  }
  const asked = answers.filter(([place, status]) => place.startsWith('/graphql') && status !== 401)
  expect(asked).toContainEqual(['/graphql/stream', 200])
  expect(asked.filter(([, status]) => status !== 200)).toEqual([])
  await page.goto(`${held.url}/graphiql`)
  await page.getByText('Only registered documents run here').first().waitFor()
  await context.close()
  await held.close()
  rmSync(manifest)
}, 60_000)
