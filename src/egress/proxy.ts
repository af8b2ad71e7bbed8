/**
 * The way out through an HTTP proxy (RFC 9110 §9.3.6): each connection is a tunnel to the target, in which TLS goes on
 * between this server and the provider. The rules for addresses are about the target: its name is resolved here, what
 * it resolves to is checked, and that address is what the proxy is asked for. Where only the proxy can resolve names,
 * it is the proxy that has to keep requests from private networks.
 */
import { type LookupAddress, lookup } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import ipaddr from 'ipaddr.js'

/** The proxy of the configuration. */
export interface ProxySettings {
  /** May have a user name and a password. */
  url: URL
  /** Whether names are sent to it as they are. */
  resolves: boolean
  /** Hosts that are reached directly; one that begins with a dot stands for all below it. */
  except: readonly string[]
}

/** Milliseconds until the tunnel must be there. */
const CONNECT = 5_000

/** Whether a host is reached directly. */
export function isExcepted({ except }: ProxySettings, host: string): boolean {
  return except.some((name) => (name.startsWith('.') ? host.endsWith(name) : host === name))
}

type Connected = (error: Error | null, socket?: Duplex) => void
interface Target {
  host?: string | null
  port?: number | string | null
  servername?: string
}

/** Agents whose connections are tunnels. @param allowPrivate whether targets in private networks are allowed */
export function tunnellingAgents(
  proxy: ProxySettings,
  allowPrivate: boolean,
  options: http.AgentOptions,
): { http: http.Agent; https: https.Agent } {
  const plain = new http.Agent(options)
  const secure = new https.Agent(options)
  const open = (target: Target) => tunnel(proxy, String(target.host), Number(target.port), allowPrivate)
  Object.assign(plain, {
    createConnection: (target: Target, connected: Connected) => {
      open(target).then((socket) => connected(null, socket), connected)
    },
  })
  Object.assign(secure, {
    createConnection: (target: Target, connected: Connected) => {
      open(target)
        .then((socket) => secured(socket, target))
        .then((socket) => connected(null, socket), connected)
    },
  })
  return { http: plain, https: secure }
}

/** TLS with the target, whose name it has to prove: the proxy only passes it on. */
function secured(socket: Socket, target: Target): Promise<tls.TLSSocket> {
  const host = String(target.host)
  return new Promise((resolve, reject) => {
    const options = { ...target, host, port: undefined, path: undefined, servername: isIP(host) ? '' : host, socket }
    const encrypted = tls.connect(options, () => resolve(encrypted))
    encrypted.once('error', reject)
  })
}

async function tunnel(proxy: ProxySettings, host: string, port: number, allowPrivate: boolean): Promise<Socket> {
  const address = proxy.resolves || isIP(host) ? host : await checkedAddress(host, allowPrivate)
  const authority = `${isIP(address) === 6 ? `[${address}]` : address}:${port}`
  const { url } = proxy
  const credentials = [url.username, url.password].map(decodeURIComponent).join(':')
  const headers = {
    host: authority,
    ...(url.username ? { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
  }
  const transport = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const request = transport.request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers,
      agent: false,
      timeout: CONNECT,
    })
    request.once('connect', ({ statusCode = 0 }, socket) => {
      socket.setTimeout(0)
      if (statusCode >= 200 && statusCode < 300) return resolve(socket as Socket)
      socket.destroy()
      reject(refusal(statusCode))
    })
    // A refusal can come as an answer like any other.
    request.once('response', (response) => {
      response.destroy()
      reject(refusal(response.statusCode ?? 0))
    })
    request.once('timeout', () => request.destroy(withCode('PROXY_TIMEOUT')))
    request.once('error', reject)
    request.end()
  })
}

/** @throws as the filtering agents do, where a name leads to a private address */
async function checkedAddress(host: string, allowPrivate: boolean): Promise<string> {
  const addresses = await new Promise<LookupAddress[]>((resolve, reject) =>
    lookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found))),
  )
  const forbidden = addresses.find(({ address }) => ipaddr.process(address).range() !== 'unicast')
  if (forbidden && !allowPrivate) throw new Error(`DNS lookup ${forbidden.address} (${host}) is not allowed.`)
  return addresses[0]?.address ?? host
}

function refusal(status: number): Error {
  return withCode(`PROXY_${status}`)
}

/** Its code is what is said of it: `exchange.ts`. */
function withCode(code: string): Error {
  return Object.assign(new Error('The proxy makes no connection.'), { code })
}
