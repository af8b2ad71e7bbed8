/** npm run dev as a contributor sees it: a change shows by itself, in the terminal and in open pages. */
import { existsSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { temporaryDataDirectory } from '../src/database/embedded.js'
import { openBrowser, openPage } from './support/browser.js'
import { Checkout, type Run } from './support/checkout.js'
import { freePort } from './support/world.js'

const PAGES = 60_000
let checkout: Checkout
let data: string
let browser: Browser
let dev: Run
let url: string

beforeAll(async () => {
  checkout = new Checkout()
  data = temporaryDataDirectory('dev')
  const port = await freePort()
  checkout.write('.env', `PORT=${port}\nVALETKEY_APP_NAME=From the file\nVALETKEY_DATA=/nowhere\n`)
  dev = checkout.run('node', ['scripts/dev.ts'], { VALETKEY_DATA: data, LOG_LEVEL: 'warn' })
  url = `http://localhost:${port}`
  browser = await openBrowser()
  while (!(await answers())) await sleep(50)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await dev?.signal('SIGTERM')
  checkout?.remove()
  rmSync(data, { recursive: true, force: true })
})

const answers = () =>
  fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  )

it('shows a change of the dashboard and of the server in the pages that are open', async () => {
  const [dashboard, hosted] = await Promise.all([openPage(browser, url), openPage(browser, url)])
  await dashboard.page.goto(`${url}/dashboard`)
  await dashboard.page.getByRole('heading', { name: 'Sign in to Valetkey' }).waitFor()
  checkout.edit('src/dashboard/web/pages/sign-in.tsx', '>Sign in to Valetkey<', '>Come in<')
  await dashboard.page.getByRole('heading', { name: 'Come in' }).waitFor({ timeout: PAGES })

  await hosted.page.goto(`${url}/connect/none`)
  await hosted.page.getByText('From the file').waitFor()
  checkout.edit('src/authorization/texts.ts', 'This link does not exist', 'No such link')
  await hosted.page.getByText('No such link').waitFor({ timeout: PAGES })
  expect([...dashboard.faults, ...hosted.faults].filter((fault) => !fault.includes('ERR_'))).toEqual([])
}, 180_000)

it('goes on with the last server while the next one does not compile', async () => {
  const text = async () => (await fetch(`${url}/connect/none`)).text()
  const undo = checkout.edit('src/authorization/texts.ts', "'No such link'", '12')
  await expect
    .poll(() => dev.output, { timeout: PAGES })
    .toContain('The server does not compile. The last one goes on.')
  expect(dev.output).toMatch(/^src\/authorization\/\w+\.ts\(\d+,\d+\): error TS/m)
  expect(await text()).toContain('No such link')
  undo()
  checkout.edit('src/authorization/texts.ts', 'No such link', 'Mended')
  await expect.poll(() => text().catch(() => ''), { timeout: PAGES }).toContain('Mended')
}, 180_000)

it('ends with everything that it started', async () => {
  expect(await dev.signal('SIGINT')).toBe(0)
  expect(await answers()).toBe(false)
  expect(existsSync(`${data}/postgres/postmaster.pid`)).toBe(false)
}, 60_000)
