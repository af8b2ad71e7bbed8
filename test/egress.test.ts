/** The guarded way out where bodies pass through: the same addresses are forbidden, and nothing is held in memory. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Egress } from '../src/egress/egress.js'
import { freePort } from './support/world.js'

const MEBIBYTE = 1024 * 1024
const CHUNK = Buffer.alloc(64 * 1024, 'x')

/** A body of so many bytes, made as it is read; `read` counts what was taken of it. */
function bodyOf(bytes: number): Readable & { taken: number } {
  let left = bytes
  const body = Object.assign(
    new Readable({
      read() {
        const size = Math.min(left, CHUNK.length)
        left -= size
        body.taken += size
        this.push(size > 0 ? CHUNK.subarray(0, size) : null)
      },
    }),
    { taken: 0 },
  )
  return body
}

async function lengthOf(body: Readable): Promise<number> {
  let length = 0
  for await (const chunk of body) length += chunk.length
  return length
}

describe('a body that passes through', () => {
  let server: Server
  let url: string
  const egress = new Egress(true, null)
  /** What the server does with a request is for each test to say. */
  let answer: Parameters<typeof createServer>[1]
  beforeAll(async () => {
    const port = await freePort()
    server = createServer((request, response) => answer?.(request, response))
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${port}/`
  })
  afterAll(() => {
    egress.close()
    server.closeAllConnections()
    server.close()
  })
  const post = (body: Readable, signal?: AbortSignal) =>
    egress.stream({ method: 'POST', url: new URL(url), headers: { 'x-test': 'yes' }, body, signal })

  it('goes out and comes back whole, far larger than what is held in memory', async () => {
    answer = (request, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'x-heard': request.headers['x-test'] })
      request.pipe(response)
    }
    // A copy of the body would be twice the limit.
    const before = process.memoryUsage().rss
    const { status, headers, body } = await post(bodyOf(256 * MEBIBYTE))
    expect([status, headers['x-heard']]).toEqual([200, 'yes'])
    expect(await lengthOf(body)).toBe(256 * MEBIBYTE)
    expect(process.memoryUsage().rss - before).toBeLessThan(192 * MEBIBYTE)
  })

  it('begins to come back before it has gone out', async () => {
    answer = (_request, response) => {
      response.writeHead(200)
      response.write('first')
    }
    const endless = new Readable({ read() {} })
    endless.push('a beginning')
    const { body } = await post(endless)
    const [first] = await once(body, 'data')
    expect(String(first)).toBe('first')
    body.destroy()
    endless.destroy()
  })

  it('is read no faster than the other side takes it', async () => {
    answer = (request, response) => {
      request.pause()
      response.writeHead(200).flushHeaders()
    }
    const large = bodyOf(512 * MEBIBYTE)
    const { body } = await post(large)
    await sleep(300)
    expect(large.taken).toBeLessThan(64 * MEBIBYTE)
    body.destroy()
    large.destroy()
  })

  it('ends the call when whoever asked goes away', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    answer = (request, response) => {
      closed = new Promise((resolve) => request.on('error', () => {}).on('close', resolve))
      response.writeHead(200).write('x')
    }
    const away = new AbortController()
    const { body } = await egress.stream({
      method: 'GET',
      url: new URL(url),
      headers: {},
      body: null,
      signal: away.signal,
    })
    body.on('error', () => {})
    away.abort()
    await closed
    expect(body.destroyed).toBe(true)
  })

  it('that breaks off is an error of the body, never an end', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x')
      setTimeout(() => response.destroy(), 50)
    }
    const { body } = await egress.stream({ method: 'GET', url: new URL(url), headers: {}, body: null })
    await expect(lengthOf(body)).rejects.toThrow()
  })

  it('says that nothing was sent where nobody listens', async () => {
    const port = await freePort()
    const nobody = { method: 'GET', url: new URL(`http://127.0.0.1:${port}/`), headers: {}, body: null }
    await expect(egress.stream(nobody)).rejects.toMatchObject({ name: 'Unreachable', sent: false })
  })
})

it.each([
  'http://example.com/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://169.254.169.254/latest/meta-data',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://localhost/',
  'https://metadata.internal/',
  'https://example.com:22/',
])('nothing is streamed to %s', async (address) => {
  const egress = new Egress(false, null)
  const body = bodyOf(1)
  await expect(egress.stream({ method: 'POST', url: new URL(address), headers: {}, body })).rejects.toMatchObject({
    code: 'EGRESS_BLOCKED',
  })
  expect(body.taken).toBe(0)
  egress.close()
})
