/**
 * A server below a path: PUBLIC_URL has one, and a proxy takes it off before it passes requests on. Whatever asks for
 * an address outside of the path asks for nothing of this server.
 */
import { once } from 'node:events'
import { createServer, type Server, request as send } from 'node:http'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { openBrowser, openPage } from './support/browser.js'
import { startAuthorization } from './support/documents.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'
import { freePort } from './support/world.js'

const BASE = '/tools/valetkey'
let browser: Browser
let proxy: Server
let home: string
let shop: Workshop
/** What was asked for outside of the path. */
const strays: string[] = []

beforeAll(async () => {
  const port = await freePort()
  home = `http://127.0.0.1:${port}${BASE}`
  proxy = createServer((incoming, outgoing) => {
    const url = incoming.url ?? ''
    if (!url.startsWith(`${BASE}/`)) {
      strays.push(url)
      return outgoing.writeHead(404).end()
    }
    const to = { port: shop.world.config.port, host: '127.0.0.1', method: incoming.method, headers: incoming.headers }
    const passed = send({ ...to, path: url.slice(BASE.length) }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  await once(proxy.listen(port, '127.0.0.1'), 'listening')
  ;[browser, shop] = await Promise.all([openBrowser(), Workshop.open({ PUBLIC_URL: home })])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await shop?.close()
  proxy?.closeAllConnections()
  proxy?.close()
})

it('shows its forms, takes them, and shows how it ended', async () => {
  const key = await shop.connector((url) => ({
    type: 'static',
    preset: 'api_key',
    accountFields: [{ key: 'api_key', label: 'Key', kind: 'secret', pattern: '[a-z]+' }],
    apply: { headers: { 'x-key': '{account.api_key}' } },
    verify: { url: url('/check') },
  }))
  shop.answer(key, '/check', () => ({ body: {} }))
  const { name } = await shop.connection(key, {})
  const { url } = (await shop.world.get(startAuthorization, { input: { connection: name, identifier: 'ada' } }))
    .startAuthorization
  expect(url?.startsWith(`${home}/connect/`)).toBe(true)
  const { page, faults } = await openPage(browser, home)
  await page.goto(url as string)
  const icon = page.getByRole('heading').locator('img')
  expect(await icon.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  await page.getByRole('textbox', { name: 'Key' }).fill('123')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByText('look at what is marked below').waitFor()
  await page.getByRole('textbox', { name: 'Key' }).fill('abc')
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Connected' }).waitFor()
  expect(page.url().startsWith(`${home}/connect/done/`)).toBe(true)
  expect([strays, faults.filter((fault) => !fault.includes('422'))]).toEqual([[], []])
})

it('has its dashboard and GraphiQL there, whole', async () => {
  const context = await browser.newContext()
  const { page, faults } = await openPage(context, home)
  await page.goto(`${home}/`)
  await page.getByLabel('API key').fill(shop.world.adminKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Catalogue' }).click()
  await page.getByLabel('Search the catalogue').waitFor()
  expect(page.url()).toBe(`${home}/dashboard/catalogue`)
  const icon = page.locator('main img').first()
  await expect.poll(() => icon.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  await page.reload()
  await page.getByLabel('Search the catalogue').waitFor()
  await page.goto(`${home}/graphiql`)
  await page.locator('.graphiql-editor').first().waitFor()
  expect([strays, faults]).toEqual([[], []])
  await context.close()
})

it('has its playground there', async () => {
  const { url } = (await shop.world.get(startAuthorization, { input: { connection: 'playground', identifier: 'ada' } }))
    .startAuthorization
  const visitor = new Visitor()
  expect((await visitor.open(await visitor.authorize(url as string))).text).toContain('is connected')
  expect(strays).toEqual([])
})

it('names icons by addresses that are there', async () => {
  const { connector } = await shop.world.get(readIcon, { key: 'playground' })
  expect(connector?.iconUrl).toBe(`${BASE}/icons/playground.svg`)
  expect((await fetch(new URL(connector?.iconUrl ?? '', home))).status).toBe(200)
})

const readIcon = graphql(`
  query ReadIcon($key: ID!) {
    connector(key: $key) { iconUrl }
  }
`)
