/** Servers as processes of their own, started as `npm start` starts them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..', '..')

export class ServerProcess {
  output = ''
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  private readonly child: ChildProcess

  /**
   * @param env the whole environment, except PATH
   * @param build the folder whose `dist` is started; this one's by default
   */
  constructor(
    env: Record<string, string>,
    readonly url = `http://127.0.0.1:${env.PORT}`,
    build = root,
  ) {
    this.child = spawn(process.execPath, [path.join(build, 'dist/src/server.js')], {
      cwd: build,
      env: { PATH: '/usr/bin:/bin', LOG_LEVEL: 'info', ...env },
    })
    this.child.stdout?.on('data', (chunk) => {
      this.output += chunk
    })
    this.child.stderr?.on('data', (chunk) => {
      this.output += chunk
    })
    this.exited = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve({ code, signal })))
  }

  /** Resolves once the server is ready; throws with its output if it ends instead. */
  async ready(): Promise<this> {
    let ended = false
    this.exited.then(() => {
      ended = true
    })
    while (!ended) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => null)
      if (answer?.ok) return this
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`The server ended: ${this.output}`)
  }

  /** Stops the process wherever it is; `resume` lets it go on. */
  pause() {
    this.child.kill('SIGSTOP')
  }

  resume() {
    this.child.kill('SIGCONT')
  }

  async signal(signal: NodeJS.Signals) {
    this.child.kill(signal)
    return this.exited
  }
}

/** Runs a command beside the server, as npm does. @returns what it printed: on standard error, where nothing else */
export function command(
  name: 'migrate' | 'audit-verify' | 'vault-command',
  env: Record<string, string>,
  args: string[] = [],
): Promise<{ code: number; output: string }> {
  const file = path.join(root, 'dist', 'src', `${name}.js`)
  const options = { env: { PATH: '/usr/bin:/bin', ...env }, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) =>
      resolve({ code: (error?.code as number | undefined) ?? 0, output: stdout || stderr }),
    )
  })
}
