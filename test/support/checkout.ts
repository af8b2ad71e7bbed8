/**
 * A copy of the project, for what changes its files:
 * the packages and what is built already are those of the original.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..', '..')
const LEFT_OUT = ['node_modules', '.git', '.env', '.valetkey', 'dist/web', 'docs']

export class Checkout {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'valetkey-checkout-'))

  constructor() {
    const filter = (from: string) => !LEFT_OUT.includes(path.relative(root, from))
    cpSync(root, this.folder, { recursive: true, filter, preserveTimestamps: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(this.folder, 'node_modules'))
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8')
  }

  write(file: string, content: string) {
    writeFileSync(path.join(this.folder, file), content)
  }

  /** Replaces what stands in a file, which has to say it. Returns a function that undoes it. */
  edit(file: string, before: string, after: string): () => void {
    const content = this.read(file)
    if (!content.includes(before)) throw new Error(`${file} does not say ${before}`)
    this.write(
      file,
      content.replace(before, () => after),
    )
    return () => this.write(file, content)
  }

  /** @param env the whole environment, PATH aside */
  run(program: string, args: string[], env: Record<string, string> = {}): Run {
    return new Run(
      spawn(program === 'node' ? process.execPath : path.join(root, 'node_modules', '.bin', program), args, {
        cwd: this.folder,
        env: { PATH: `${path.join(root, 'node_modules', '.bin')}:/usr/bin:/bin:/usr/sbin`, NO_COLOR: '1', ...env },
      }),
    )
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A program that runs in a checkout. */
export class Run {
  output = ''
  readonly ended: Promise<number | null>

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += chunk
      })
    }
    this.ended = new Promise((resolve) => child.on('close', resolve))
  }

  signal(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal)
    return this.ended
  }
}
