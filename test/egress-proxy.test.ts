/** The way out through an HTTP proxy: what goes through it, and the rules for addresses, which are about the target. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.js'
import { Egress } from '../src/egress/egress.js'
import { LyingDns } from './support/lying-dns.js'
import { Workshop } from './support/workshop.js'
import { freePort } from './support/world.js'

/** A proxy on loopback. What is asked of it is in `asked`. */
class LocalProxy {
  readonly asked: { target: string; credentials: string | undefined }[] = []
  /** 200 lets through; another status refuses. */
  status = 200
  /** Where every tunnel leads; null for where it is asked for. */
  leads: number | null = null
  private constructor(
    readonly port: number,
    private readonly server: Server,
  ) {}

  static async open(): Promise<LocalProxy> {
    const port = await freePort()
    const server = createServer((_request, response) => response.writeHead(500).end())
    const proxy = new LocalProxy(port, server)
    server.on('connect', (request, client) => {
      proxy.asked.push({ target: request.url ?? '', credentials: request.headers['proxy-authorization'] })
      if (proxy.status !== 200) return client.end(`HTTP/1.1 ${proxy.status} No\r\n\r\n`)
      const [host = '', to = ''] = (request.url ?? '').split(':')
      const socket = connect(proxy.leads ?? Number(to), proxy.leads ? '127.0.0.1' : host, () => {
        client.write('HTTP/1.1 200 Connected\r\n\r\n')
        client.pipe(socket).pipe(client)
      })
      socket.on('error', () => client.destroy())
      client.on('error', () => socket.destroy())
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return proxy
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }
}

let proxy: LocalProxy
beforeAll(async () => {
  proxy = await LocalProxy.open()
})
afterEach(() => {
  proxy.asked.length = 0
  proxy.status = 200
  proxy.leads = null
})
afterAll(() => proxy.close())

const settings = (more: { resolves?: boolean; except?: string[] } = {}) => ({
  url: new URL(`http://user:p%40ss@127.0.0.1:${proxy.port}`),
  resolves: false,
  except: [],
  ...more,
})

describe('a server with a proxy', () => {
  const key = { type: 'static', preset: 'api_key', accountFields: [{ key: 'key', label: 'Key', kind: 'secret' }] }
  const tried = async (env: Record<string, string>) => {
    const shop = await Workshop.open({ VALETKEY_EGRESS_PROXY: `http://user:p%40ss@127.0.0.1:${proxy.port}`, ...env })
    const connector = await shop.connector((url) => ({
      ...key,
      apply: { headers: { 'x-key': '{account.key}' } },
      verify: { url: url('/check') },
    }))
    shop.answer(connector, '/check', () => ({ body: {} }))
    const { name } = await shop.connection(connector, {})
    const { errors } = await shop.tryAccount(name, { key: 'the-key-of-ada' })
    const reached = shop.requestsTo(connector, '/check').length
    await shop.close()
    return { code: errors?.[0]?.extensions.code, message: errors?.[0]?.message, reached, log: shop.world.log() }
  }

  it('reaches providers through it, and shows who it is', async () => {
    expect(await tried({})).toMatchObject({ code: undefined, reached: 1 })
    expect(proxy.asked).toEqual([
      {
        target: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        credentials: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
      },
    ])
  })

  it('reaches excepted hosts without it', async () => {
    expect(await tried({ VALETKEY_EGRESS_NO_PROXY: '.other.example, 127.0.0.1' })).toMatchObject({ reached: 1 })
    expect(proxy.asked).toEqual([])
  })

  it.each([403, 407, 502])('says that the provider is away where the proxy answers %i', async (status) => {
    proxy.status = status
    const { code, message, reached, log } = await tried({})
    expect([code, reached]).toEqual(['PROVIDER_UNAVAILABLE', 0])
    expect(message).toContain(`PROXY_${status}`)
    expect(message + log).not.toContain('p@ss')
  })

  it.each([
    [{ VALETKEY_EGRESS_PROXY: 'socks5://user:secret@127.0.0.1:1080' }, 'is the address of an HTTP proxy'],
    [{ VALETKEY_EGRESS_PROXY: 'user:secret@proxy' }, 'is the address of an HTTP proxy'],
    [{ VALETKEY_EGRESS_NO_PROXY: 'corp.example' }, 'are for VALETKEY_EGRESS_PROXY'],
  ])('does not start with %j', (env, words) => {
    expect(() => readConfig(env)).toThrow(words)
    expect(() => readConfig(env)).not.toThrow('secret')
  })
})

describe('the rules for addresses', () => {
  let dns: LyingDns
  let target: TcpServer
  let port: number
  const heard: Buffer[] = []
  beforeAll(async () => {
    dns = await LyingDns.open('127.0.0.1')
    port = await freePort()
    target = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (bytes) => {
        heard.push(bytes)
        socket.destroy()
      })
    })
    await once(target.listen(port, '127.0.0.1'), 'listening')
  })
  afterAll(() => {
    dns.close()
    target.close()
  })
  const outcome = async (egress: Egress, host: string) => {
    const url = new URL(`https://${host}/token`)
    const answer = await egress.send({ method: 'POST', url, body: 'a=b' }).catch((error) => error)
    egress.close()
    return answer.code ?? answer.name
  }

  it.each([['10.0.0.1'], ['127.0.0.1'], ['169.254.169.254'], ['8.8.8.8', '192.168.0.1']])(
    'keep a name that leads to %s (and %s) from the proxy',
    async (...addresses) => {
      dns.answer = () => addresses.filter(Boolean)
      expect(await outcome(new Egress(false, null, settings()), 'inner.test')).toBe('EGRESS_BLOCKED')
      expect(proxy.asked).toEqual([])
    },
  )

  it.each(['10.0.0.1', '[::1]', 'localhost', 'db.internal'])('keep %s from the proxy', async (host) => {
    const egress = new Egress(false, null, settings({ resolves: true }))
    expect(await outcome(egress, host)).toBe('EGRESS_BLOCKED')
    expect(proxy.asked).toEqual([])
  })

  it('let the proxy be asked for the address that was checked, and TLS go on to the name', async () => {
    dns.answer = () => ['203.0.114.7']
    proxy.leads = port
    expect(await outcome(new Egress(false, null, settings()), 'public.test')).toBe('Unreachable')
    expect(proxy.asked.map((ask) => ask.target)).toEqual(['203.0.114.7:443'])
    const hello = heard.at(-1) as Buffer
    // A TLS record of a handshake, with the name of the target in it.
    expect([hello[0], hello.includes('public.test')]).toEqual([22, true])
  })

  it('leave names to a proxy that resolves them', async () => {
    dns.answer = () => []
    proxy.leads = port
    await outcome(new Egress(false, null, settings({ resolves: true })), 'far.test')
    expect(proxy.asked.map((ask) => ask.target)).toEqual(['far.test:443'])
  })
})
