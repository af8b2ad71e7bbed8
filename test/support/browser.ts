/** A real browser: the system's Chromium, or, where there is none, the one from the npm registry. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const ALL_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function openBrowser(): Promise<Browser> {
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  )
  if (installed)
    return chromium.launch({ executablePath: installed, args: ['--no-sandbox', '--disable-background-networking'] })
  // It unpacks the libraries that it needs only if it believes that it runs on AWS.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  // It unpacks to a fixed name: a folder of our own avoids a conflict with another user's copy.
  process.env.TMPDIR = path.join(tmpdir(), `valetkey-browser-${userInfo().uid}`)
  mkdirSync(process.env.TMPDIR, { recursive: true, mode: 0o700 })
  const packaged = (await import('@sparticuz/chromium')).default
  const executablePath = await packaged.executablePath()
  const fonts = path.join(process.env.TMPDIR, 'fonts', 'fonts.conf')
  writeFileSync(fonts, readFileSync(fonts, 'utf8').replaceAll('/tmp/fonts', path.join(process.env.TMPDIR, 'fonts')))
  // Its flags are for AWS. Some are unwanted here: in a single process, contexts would share their cookies;
  // without web security, tests of it would prove nothing; and an emulated GPU takes twice the time.
  const unwanted = [
    'single-process',
    'disable-web-security',
    'disable-site-isolation',
    'allow-running-insecure',
    'use-gl',
    'use-angle',
    'enable-unsafe-swiftshader',
  ]
  const args = packaged.args.filter((arg) => !unwanted.some((flag) => arg.startsWith(`--${flag}`)))
  return chromium.launch({
    executablePath,
    args: [...args, '--disable-gpu', '--disable-background-networking'],
    headless: true,
  })
}

/**
 * @param home the server's address
 * @returns a page; what went wrong in it (errors of the console, exceptions, dialogs); and every request that went
 *   anywhere but to `home`
 */
export async function openPage(
  context: Browser | BrowserContext,
  home = '',
): Promise<{ page: Page; faults: string[]; strangers: string[] }> {
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const faults: string[] = []
  const strangers: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(home) && !/^(data|blob|about):/.test(request.url())) strangers.push(request.url())
  })
  page.on('console', (message) => {
    // Chromium logs every 4xx answer as an error.
    if (message.type() === 'error' && !/status of (4|5)\d\d/.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('dialog', (dialog) => {
    faults.push(`dialog ${dialog.message()}`)
    dialog.dismiss()
  })
  return { page, faults, strangers }
}

/**
 * The page violates nothing in WCAG 2.2 AA, in the light and in the dark scheme (where only colours are checked), and
 * is not wider than a phone.
 */
export async function expectAccessible(page: Page, name: string) {
  await page.evaluate(axe)
  for (const [device, width, colorScheme, rules] of [
    ['phone', 320, 'light', ALL_RULES],
    ['desk', 1280, 'light', ALL_RULES],
    ['desk', 1280, 'dark', ['color-contrast']],
    ['phone', 320, 'dark', []],
  ] as const) {
    if (rules.length === 0 && !process.env.PICTURES) continue
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 800 })
    if (process.env.PICTURES) {
      mkdirSync(process.env.PICTURES, { recursive: true })
      await page.screenshot({
        path: path.join(process.env.PICTURES, `${name}-${device}-${colorScheme}.png`),
        fullPage: true,
      })
    }
    expect
      .soft([
        name,
        device,
        await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
      ])
      .toEqual([name, device, true])
    if (rules.length === 0) continue
    const found = await page.evaluate(
      (runOnly) =>
        (
          globalThis as never as {
            axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
          }
        ).axe.run({
          runOnly: [...runOnly],
          resultTypes: ['violations'],
        }),
      rules,
    )
    expect
      .soft([name, device, colorScheme, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])])
      .toEqual([name, device, colorScheme, []])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/**
 * Executes the query in GraphiQL until the result contains `words`. It repeats because the button is there before the
 * editor listens to it.
 */
export async function executesTo(page: Page, words: string) {
  const answered = async () => {
    await page.getByRole('button', { name: /Execute query/ }).click()
    return page.locator('.result-window').getByText(words).count()
  }
  await expect.poll(answered, { timeout: 20_000, interval: 1000 }).toBeGreaterThan(0)
}
