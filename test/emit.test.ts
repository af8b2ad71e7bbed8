/** What a contributor does after a change to the database: the scripts, in a copy of the project. */
import { mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Checkout } from './support/checkout.js'

const checkout = new Checkout()
afterAll(() => checkout.remove())

const migrations = () => readdirSync(path.join(checkout.folder, 'migrations')).filter((file) => /^Migration/.test(file))

const WHOLE_ROUND =
  'asks for the migration of a changed entity, takes up one that was written by hand, ' +
  'and notices what it does to a trigger'

it(WHOLE_ROUND, async () => {
  checkout.edit(
    'src/playground/playground-record.ts',
    "  @Property({ type: 'json' })",
    ['motto', 'joke', 'proverb', 'advice']
      .map((name) => `  @Property({ type: 'text', nullable: true })\n  ${name}: string | null = null\n\n`)
      .concat("  @Property({ type: 'json' })")
      .join(''),
  )
  const dropped = 'Migration20991231235958_no_bell'
  checkout.write(
    `migrations/${dropped}.ts`,
    `import { Migration } from '@mikro-orm/migrations'
export class ${dropped} extends Migration {
  override up(): void {
    this.addSql('drop trigger connected_account_changed on connected_account')
  }
}
`,
  )
  const emitted = checkout.run('node', ['scripts/emit.ts'])
  expect(await emitted.ended).toBe(1)
  expect(emitted.output).toContain('An entity changed without a migration. Run: npm run migration -- what-changed\n')
  expect(emitted.output).toContain('The migrations make other triggers or functions than schema/triggers.sql said')
  expect(checkout.read('schema/triggers.sql')).toContain('CREATE OR REPLACE FUNCTION public.notify_connected_account()')
  expect(checkout.read('schema/triggers.sql')).not.toContain('CREATE TRIGGER connected_account_changed')
  expect(checkout.read('migrations/index.ts')).toContain(`import { ${dropped} } from './${dropped}.js'`)

  const before = migrations()
  const written = checkout.run('node', ['scripts/emit.ts', '--migration', 'add-motto'])
  expect([await written.ended, written.output]).toEqual([0, expect.stringContaining('Wrote migrations/')])
  const [file = ''] = migrations().filter((name) => !before.includes(name))
  expect(file).toMatch(/^Migration\d{14}_add_motto\.ts$/)
  expect(checkout.read(`migrations/${file}`)).toMatch(/alter table "playground_record"\s+add "motto" text null/)
  expect(checkout.read('migrations/.snapshot.json')).toContain('"motto"')
  expect(checkout.read('migrations/index.ts')).toContain(path.basename(file, '.ts'))
  expect(checkout.read(`migrations/${file}`)).not.toMatch(/.{121}/)
  const checked = checkout.run('biome', ['ci', 'migrations', '--vcs-enabled=false'])
  expect([await checked.ended, checked.output]).toEqual([0, expect.anything()])
}, 300_000)

it('says what it wants of a migration', async () => {
  for (const [args, answer] of [
    [[], 'Say in a word or two what changed'],
    [['Add Motto'], 'Say in a word or two what changed'],
  ] as const) {
    const run = checkout.run('node', ['scripts/emit.ts', '--migration', ...args])
    expect([await run.ended, run.output]).toEqual([1, expect.stringContaining(answer)])
  }
}, 60_000)

it('wants a test or a reason for each threat, and no mark that says nothing', async () => {
  const run = async (...args: string[]) => {
    const script = checkout.run('node', ['scripts/threats.ts', ...args])
    return [await script.ended, script.output]
  }
  // In one piece, it would be a mark of this file.
  const mark = (number: string) => `[${number}]`
  const title = 'says which users have to come again'
  mkdirSync(path.join(checkout.folder, 'docs'), { recursive: true })
  expect(await run()).toEqual([0, ''])
  expect(await run('--check')).toEqual([0, ''])
  for (const [file, before, after, words] of [
    ['test/threats.test.ts', ` ${mark('T52')}`, '', 'T52 has neither a test'],
    ['test/threats.test.ts', "it('a restored backup", "it.skip('a restored backup", 'T52 has neither a test'],
    ['test/threats.test.ts', mark('T52'), mark('T57'), 'names T57, which there is not'],
    ['test/threats.test.ts', mark('T52'), mark('T 52'), 'is not written like'],
    ['test/threats.test.ts', mark('T52'), mark('T52, T24'), 'T24 does not apply'],
    ['test/threats.test.ts', "'restored-%'", `'restored-%' ${mark('T52')}`, 'is not in the title of a test'],
    ['test/threats.test.ts', title, `${title}!`, 'docs/threats.md is not what the tests say'],
    ['test/threats.yaml', '    not: A deployment has one', '    met: A deployment has one', 'T24 has neither'],
    ['test/threats.yaml', '  T23:', '  T93:', 'does not have T23'],
  ] as const) {
    const undo = checkout.edit(file, before, after)
    expect([after, ...(await run('--check'))]).toEqual([after, 1, expect.stringContaining(words)])
    undo()
  }
}, 60_000)
