/** npm run golden: what is generated and committed has to be what the code generates now. */
import { spawnSync } from 'node:child_process'
import { root, run, say } from './run.ts'

const GENERATED = [
  ...['schema', 'migrations', 'src/connectors/icons.json', 'src/dashboard/documents.json'],
  ...['test/generated', 'src/dashboard/web/generated'],
]

/** Names of files, as a command of git lists them. */
function git(...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync('git', [...args, '--', ...GENERATED], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout.split('\n').filter(Boolean)
}

run('node', 'scripts/emit.ts')
const changed = git('diff', '--name-only')
const added = git('ls-files', '--others', '--exclude-standard')
if (changed.length + added.length > 0) {
  if (changed.length > 0) spawnSync('git', ['--no-pager', 'diff', '--', ...changed], { cwd: root, stdio: 'inherit' })
  say('\nGenerated files are not what git has:')
  for (const file of changed) say(`  ${file} differs (above)`)
  for (const file of added) say(`  ${file} is new, and not added`)
  say('They have just been written anew (npm run emit does that). Where that is what you meant, git add them.')
  process.exit(1)
}
