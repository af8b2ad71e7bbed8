/** The guarded way out where bodies pass through: the same addresses are forbidden, and nothing is held in memory. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Egress } from '../src/egress/egress.js'
import { createConnection, importTokens } from './support/documents.js'
import { LyingDns } from './support/lying-dns.js'
import { createConnector } from './support/workshop.js'
import { createWorld, freePort } from './support/world.js'

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
])('nothing is streamed to %s [T19]', async (address) => {
  const egress = new Egress(false, null)
  const body = bodyOf(1)
  await expect(egress.stream({ method: 'POST', url: new URL(address), headers: {}, body })).rejects.toMatchObject({
    code: 'EGRESS_BLOCKED',
  })
  expect(body.taken).toBe(0)
  egress.close()
})

describe('a name that leads to another place each time', () => {
  /** A port that connectors may use, at addresses of loopback that nothing else uses. */
  const PORT = 8443
  const [STAND_IN, CANARY] = ['127.83.1.1', '127.83.1.2'] as const
  const PUBLIC = '93.184.215.14'
  const connections = { [STAND_IN]: 0, [CANARY]: 0 }
  let dns: LyingDns
  const servers = [STAND_IN, CANARY].map((host) => ({
    host,
    server: createTcpServer((socket) => {
      connections[host]++
      socket.on('error', () => {}).destroy()
    }),
  }))
  beforeAll(async () => {
    for (const { host, server } of servers) {
      server.listen(PORT, host)
      await once(server, 'listening')
    }
    dns = await LyingDns.open(STAND_IN)
  })
  afterAll(() => {
    dns.close()
    for (const { server } of servers) server.close()
  })
  const outcomeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'answered',
      (error: { code?: string; name: string }) => error.code ?? error.name,
    )

  it('reaches nothing inside in 1000 calls, whichever answer comes first [T19, T20, input 10]', async () => {
    const egress = new Egress(false, null)
    // Public first, then inside, then both at once.
    const answers = [[PUBLIC], [CANARY], [PUBLIC, CANARY], [PUBLIC], ['10.0.0.1'], ['169.254.169.254']]
    dns.answer = (_name, asked) => answers[asked % answers.length] ?? []
    const outcomes: Record<string, number> = {}
    for (let call = 0; call < 1000; call += 10)
      await Promise.all(
        Array.from({ length: 10 }, async (_, index) => {
          const url = new URL(`https://rebinding.test:${PORT}/token`)
          const headers = { authorization: 'Basic c2VjcmV0' }
          const outcome = await outcomeOf(
            index % 2 === 0
              ? egress.send({ method: 'POST', url, headers, body: 'a=b' })
              : egress.stream({ method: 'POST', url, headers, body: null }),
          )
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        }),
      )
    egress.close()
    expect(connections[CANARY]).toBe(0)
    // The name server was asked each time, and what was public was let through.
    expect(Object.keys(outcomes).sort()).toEqual(['EGRESS_BLOCKED', 'Unreachable'])
    expect(outcomes.EGRESS_BLOCKED).toBeGreaterThan(500)
    expect(connections[STAND_IN]).toBeGreaterThan(300)
  })

  it('is refused for every kind of inner address that it may have [T19, T20, input 9]', async () => {
    const egress = new Egress(false, null)
    const inner = ['127.0.0.1', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1']
    const special = [
      '192.0.0.192',
      '198.18.0.1',
      '192.0.2.1',
      '203.0.113.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
    ]
    for (const address of [...inner, ...special]) {
      dns.answer = () => [address]
      const url = new URL(`https://inner.test:${PORT}/token`)
      expect([address, await outcomeOf(egress.send({ method: 'POST', url, body: 'a=b' }))]).toEqual([
        address,
        'EGRESS_BLOCKED',
      ])
    }
    egress.close()
  })

  it('sends nobody’s secret inside by a name in a connector’s addresses [T20, input 10]', async () => {
    const world = await createWorld({ shipped: (key) => key === 'playground' })
    const before = { ...connections }
    for (const [key, host, answer] of [
      ['nip', '127.0.0.1.nip.io', [CANARY]],
      ['inner', 'inner.test', ['10.0.0.1']],
      ['both', 'both.test', [PUBLIC, CANARY]],
    ] as const) {
      const seen: string[] = []
      dns.answer = (name) => {
        seen.push(name)
        return [...answer]
      }
      const definition = {
        schema: 1,
        key,
        name: key,
        categories: ['testing'],
        auth: [
          {
            id: 'main',
            type: 'oauth2',
            grant: 'client_credentials',
            accountFields: [
              { key: 'client_id', label: 'Id', kind: 'text' },
              { key: 'client_secret', label: 'Secret', kind: 'secret' },
            ],
            token: { url: `https://${host}:${PORT}/token`, response: { refreshToken: false } },
          },
        ],
      }
      await world.get(createConnector, { definition })
      await world.get(createConnection, { input: { connector: key, name: key } })
      const fields = [
        { key: 'client_id', value: 'a' },
        { key: 'client_secret', value: 'b' },
      ]
      const { errors } = await world.ask(importTokens, { input: { connection: key, identifier: 'ada', fields } })
      expect([host, errors?.[0]?.extensions.code, seen]).toEqual([host, 'EGRESS_BLOCKED', [host]])
    }
    expect(connections).toEqual(before)
    await world.close()
  })
})

it.each([301, 302, 303, 307, 308])('a redirect with %d is an answer, and is not followed [T21]', async (status) => {
  const visits: string[] = []
  const [port, other] = [await freePort(), await freePort()]
  const provider = createServer((_request, response) => {
    response.writeHead(status, { location: `http://127.0.0.1:${other}/thief` }).end()
  }).listen(port, '127.0.0.1')
  const thief = createServer((request, response) => {
    visits.push(`${request.method} ${request.headers.authorization}`)
    response.end('{}')
  }).listen(other, '127.0.0.1')
  await Promise.all([once(provider, 'listening'), once(thief, 'listening')])
  const egress = new Egress(true, null)
  const request = { method: 'POST', url: new URL(`http://127.0.0.1:${port}/token`) }
  const headers = { authorization: 'Basic c2VjcmV0' }
  expect((await egress.send({ ...request, headers, body: 'refresh_token=secret' })).status).toBe(status)
  const { status: streamed, body } = await egress.stream({ ...request, headers, body: Readable.from(['secret']) })
  body.resume()
  expect([streamed, visits]).toEqual([status, []])
  egress.close()
  provider.close()
  thief.close()
})
