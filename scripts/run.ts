/** What the scripts of this folder share. They run as they are: Node strips the types. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.join(import.meta.dirname, '..')
const bin = path.join(root, 'node_modules', '.bin')

/** A program of this project's packages, or this Node. */
export function program(name: string): string {
  return name === 'node' ? process.execPath : path.join(bin, name)
}

/** Runs a program here, its output on this terminal. A failure ends this script as well: the program has said why. */
export function run(name: string, ...args: string[]) {
  spawn(name, args, 'inherit')
}

/** The same for a program that talks of its progress: what is wrong alone is shown. */
export function runQuietly(name: string, ...args: string[]) {
  spawn(name, args, 'ignore')
}

function spawn(name: string, args: string[], stdout: 'inherit' | 'ignore') {
  const { status, error } = spawnSync(program(name), args, { cwd: root, stdio: ['inherit', stdout, 'inherit'] })
  if (error) say(`${name} cannot be run (${error.message}). Run: npm ci`)
  if (status !== 0) process.exit(status ?? 1)
}

/** Standard error: what the server says on standard output is for its logs. */
export function say(line: string) {
  process.stderr.write(`${line}\n`)
}

/** Writes a generated file, laid out by Biome; a file that says so already is left alone. */
export function write(file: string, content: string) {
  const { status, stdout, stderr } = spawnSync(program('biome'), ['format', `--stdin-file-path=${file}`], {
    cwd: root,
    input: content,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const at = path.join(root, file)
  if (existsSync(at) && readFileSync(at, 'utf8') === stdout) return
  writeFileSync(at, stdout)
  say(`Wrote ${file}.`)
}
