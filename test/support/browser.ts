/** A real browser: the system's Chromium, or, where there is none, the one from the npm registry. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export async function openBrowser(): Promise<Browser> {
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (installed) return chromium.launch({ executablePath: installed, args: ['--no-sandbox', '--disable-background-networking'] })
  // It unpacks the libraries that it needs only where it believes to be on AWS.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  // And it unpacks under one name for everybody: in a folder of our own, another user's is not in the way.
  process.env.TMPDIR = path.join(tmpdir(), `valetkey-browser-${userInfo().uid}`)
  mkdirSync(process.env.TMPDIR, { recursive: true, mode: 0o700 })
  const packaged = (await import('@sparticuz/chromium')).default
  const executablePath = await packaged.executablePath()
  const fonts = path.join(process.env.TMPDIR, 'fonts', 'fonts.conf')
  writeFileSync(fonts, readFileSync(fonts, 'utf8').replaceAll('/tmp/fonts', path.join(process.env.TMPDIR, 'fonts')))
  return chromium.launch({ executablePath, args: [...packaged.args, '--disable-background-networking'], headless: true })
}
