/**
 * The server as it was at a commit: taken from git, compiled with the present compiler, and run with
 * the present dependencies.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..', '..')
const modules = path.join(root, 'node_modules')

/**
 * @param commit of this repository
 * @returns a folder of its own, with a `dist` that can be started; the caller removes it
 * @throws {Error} with what to do, where the commit is not in this clone, or a package that it needs is not installed
 */
export function oldBuild(commit: string): string {
  const known = spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root, encoding: 'utf8' })
  if (known.error) throw new Error(`The old build comes from git, and git did not run: ${known.error.message}`)
  if (known.status !== 0)
    throw new Error(
      `The commit ${commit} is not in this clone, and the upgrade test runs the code of it. ` +
        `A shallow clone lacks it: fetch the whole history (git fetch --unshallow). git said: ${known.stderr.trim()}`,
    )
  const folder = mkdtempSync(path.join(tmpdir(), `valetkey-${commit.slice(0, 7)}-`))
  try {
    const archive = path.join(folder, 'archive.tar')
    execFileSync('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root })
    execFileSync('tar', ['-xf', archive, '-C', folder])
    rmSync(archive)
    assertDependencies(commit, folder)
    symlinkSync(modules, path.join(folder, 'node_modules'))
    // Its types were checked when it was the present; the pages for the browser are not needed.
    const { status, stdout } = spawnSync(
      process.execPath,
      [path.join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'],
      { cwd: folder, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`The present compiler does not compile ${commit}: ${stdout}`)
    return folder
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** A package that the present code no longer needs stays installed for as long as the old code is run. */
function assertDependencies(commit: string, folder: string) {
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const missing = Object.keys(dependencies).filter((name) => !existsSync(path.join(modules, name)))
  if (missing.length > 0)
    throw new Error(
      `${commit} needs ${missing.join(', ')}, which package.json no longer has. Keep it in devDependencies, ` +
        `and in ignoreDependencies of knip.json, for as long as there is a dump of ${commit} in test/upgrade.`,
    )
}
