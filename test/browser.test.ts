/** The main paths of users and developers, in a real browser. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { executesTo, openBrowser, openPage } from './support/browser.js'
import { createConnection, readAccount, readToken, startAuthorization } from './support/documents.js'
import { createWorld, type World } from './support/world.js'

const TOKEN_SECONDS = 6
let browser: Browser
let world: World

beforeAll(async () => {
  ;[browser, world] = await Promise.all([
    openBrowser(),
    createWorld({ env: { VALETKEY_PLAYGROUND_TOKEN_SECONDS: String(TOKEN_SECONDS), VALETKEY_APP_NAME: 'Acme' } }),
  ])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await world?.close()
})

const newPage = () => openPage(browser, world.url)

/** Takes screenshots if PICTURES names a folder for them. */
async function picture(page: Page, name: string) {
  const folder = process.env.PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  for (const [device, width, height] of [
    ['desk', 1280, 800],
    ['phone', 320, 640],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.screenshot({ path: path.join(folder, `${name}-${device}.png`) })
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

it('leads from createConnection to a token, and to a new one after it expires', async () => {
  const { createConnection: connection } = await world.get(createConnection, {
    input: {
      connector: 'playground',
      name: 'notes',
      fields: [
        { key: 'client_id', value: 'playground' },
        { key: 'client_secret', value: 'playground-secret' },
      ],
    },
  })
  expect(connection.status).toBe('ACTIVE')
  const { startAuthorization: link } = await world.get(startAuthorization, {
    input: { connection: 'notes', identifier: 'ada@example.com', returnUrl: `${world.url}/healthz`, state: 'xyz' },
  })
  const { page, strangers, faults } = await newPage()
  await page.goto(link.url as string)
  await page.getByRole('heading', { name: 'Acme wants to connect to your Playground account' }).waitFor()
  expect(await page.getByText('You are connecting as ada@example.com').count()).toBe(1)
  await picture(page, 'link')
  await page.getByRole('button', { name: 'Continue to Playground' }).click()
  await page.getByLabel('Name').fill('Ada')
  await picture(page, 'playground-login')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Allow access' }).waitFor()
  await picture(page, 'playground-consent')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${world.url}/healthz?*`)
  const back = new URL(page.url())
  expect(Object.fromEntries(back.searchParams)).toEqual({ status: 'ACTIVE', account: link.account.id, state: 'xyz' })
  await page.goto(link.url as string)
  expect(await page.getByRole('heading').textContent()).toBe('This link has been used')
  await picture(page, 'link-used')
  expect(faults).toEqual([])
  expect(strangers).toEqual([])

  const where = { connection: 'notes', identifier: 'ada@example.com' }
  const token = async () => {
    const got = (await world.get(readToken, { ...where, purpose: 'read the notes' })).connectedAccount?.token
    if (got?.__typename !== 'OAuthToken') throw new Error(`It answered ${got?.__typename}.`)
    return got
  }
  const userinfo = async (headers: { name: string; value: string }[], base: string) =>
    fetch(`${base}/me`, { headers: headers.map(({ name, value }) => [name, value]) as [string, string][] })
  const first = await token()
  const accepted = await userinfo(first.headers, first.apiBaseUrl as string)
  expect(await accepted.json()).toMatchObject({ sub: 'ada', email: 'ada@playground.example' })
  while ((await userinfo(first.headers, first.apiBaseUrl as string)).status === 200)
    await new Promise((resolve) => setTimeout(resolve, 250))
  const second = await token()
  expect(second.accessToken).not.toBe(first.accessToken)
  expect((await userinfo(second.headers, second.apiBaseUrl as string)).status).toBe(200)
  expect((await world.get(readAccount, where)).connectedAccount?.lastRefresh?.succeeded).toBe(true)
}, 60_000)

it('tells a user who declines that nothing happened, and lets them try again', async () => {
  const { startAuthorization: link } = await world.get(startAuthorization, {
    input: { connection: 'playground', identifier: 'decliner' },
  })
  const { page } = await newPage()
  await page.goto(link.url as string)
  await page.getByRole('button', { name: 'Continue to Playground' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: 'Not connected' }).waitFor()
  await picture(page, 'declined')
  await page.goto(link.url as string)
  expect(await page.getByRole('button', { name: 'Continue to Playground' }).count()).toBe(1)
})

it('runs queries in GraphiQL, served from this server, with the key entered in the page', async () => {
  const { page, strangers, faults } = await newPage()
  await page.goto(`${world.url}/graphiql`)
  await page.getByLabel('API key').fill(world.adminKey)
  const introspected = page.waitForResponse(
    (response) =>
      response.url() === `${world.url}/graphql` &&
      response.request().postData()?.includes('IntrospectionQuery') === true &&
      response.status() === 200,
  )
  await page.getByRole('button', { name: 'Use this key' }).click()
  expect((await (await introspected).json()).data.__schema.queryType.name).toBe('Query')
  await executesTo(page, '"ACTIVE"')
  await picture(page, 'graphiql')
  expect(strangers).toEqual([])
  expect(faults).toEqual([])
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    world.adminKey,
  )
}, 60_000)
