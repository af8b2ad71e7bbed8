/**
 * A provider that answers as each test tells it, also as a good provider never would. A good provider is
 * `oidc-provider`, in the playground.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { freePort } from './world.js'

export interface OddRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
  form: Record<string, string>
}

export type Answer =
  | { status?: number; headers?: Record<string, string>; body: unknown }
  | ((response: ServerResponse) => void)

export class OddProvider {
  /** Every request that came, in order. */
  readonly requests: OddRequest[] = []
  /** The answer for each path; called for each request. */
  answers: Record<string, (request: OddRequest) => Answer | Promise<Answer>> = {}

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** @param at where it listens; on a free port of 127.0.0.1, unless it is said */
  static async open(at: { host: string; port: number } | null = null): Promise<OddProvider> {
    const { host, port } = at ?? { host: '127.0.0.1', port: await freePort() }
    const server = createServer(async (incoming, response) => {
      let body = ''
      for await (const chunk of incoming) body += chunk
      const path = new URL(incoming.url ?? '/', 'http://x').pathname
      const request = {
        method: incoming.method ?? '',
        path,
        headers: incoming.headers,
        body,
        form: Object.fromEntries(new URLSearchParams(body)),
      }
      provider.requests.push(request)
      const answer = (await provider.answers[path]?.(request)) ?? { status: 404, body: {} }
      if (typeof answer === 'function') return answer(response)
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      response
        .writeHead(answer.status ?? 200, {
          'content-type': typeof answer.body === 'string' ? 'text/html' : 'application/json',
          ...answer.headers,
        })
        .end(text)
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
    const provider = new OddProvider(`http://${host}:${port}`, server)
    return provider
  }

  requestsTo(path: string): OddRequest[] {
    return this.requests.filter((request) => request.path === path)
  }

  close() {
    this.server.closeAllConnections()
    this.server.close()
  }

  /**
   * The definition of a connector for this provider. Addresses in definitions are https, so the address of this one
   * is in a host field.
   */
  definition(key: string, changes: { method?: Record<string, unknown>; token?: Record<string, unknown> } = {}) {
    return {
      schema: 1,
      key,
      name: key,
      categories: ['testing'],
      trustHosts: ['127.0.0.1'],
      api: { baseUrl: '{connection.base}/api' },
      auth: [
        {
          id: 'oauth',
          type: 'oauth2',
          grant: 'authorization_code',
          connectionFields: [{ key: 'base', label: 'Base', kind: 'text', default: this.url }],
          authorize: { url: '{connection.base}/authorize' },
          scopes: { default: ['read'] },
          token: { url: '{connection.base}/token', ...changes.token },
          revoke: [
            {
              method: 'POST',
              url: '{connection.base}/revoke',
              auth: 'client_basic',
              encoding: 'form',
              body: { token: '{token.refresh ?? token.access}' },
            },
          ],
          ...changes.method,
        },
      ],
    }
  }
}
