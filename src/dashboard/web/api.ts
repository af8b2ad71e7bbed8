/**
 * All requests to the server: urql over `POST /graphql`, subscriptions over `POST /graphql/stream`, and
 * the session's own three requests. The browser keeps no key, and no script can read the session's
 * cookie.
 */
import { Client, type CombinedError, cacheExchange, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-sse'
import { base } from './base.js'

const stream = createClient({ url: `${base}/graphql/stream`, retryAttempts: 5 })

/** @param onEnded is called when the server no longer accepts the session */
export function createApi(onEnded: () => void): Client {
  return new Client({
    url: `${base}/graphql`,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      cacheExchange,
      mapExchange({
        onError(error) {
          if (error.response?.status === 401) onEnded()
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request) => ({
          subscribe: (sink) => ({
            unsubscribe: stream.subscribe(
              { query: request.query ?? '', variables: request.variables as Record<string, unknown> },
              {
                ...sink,
                next: (value) => sink.next(value as Parameters<typeof sink.next>[0]),
              },
            ),
          }),
        }),
      }),
    ],
  })
}

/** An error, in the server's words, with the input that it is about. */
export interface Problem {
  message: string
  code: string
  /** Such as `input.name`, or `input.fields.0`. */
  path: string
}

export function problemOf(error: CombinedError | undefined): Problem | null {
  if (!error) return null
  const [first] = error.graphQLErrors
  if (!first)
    return {
      message:
        error.response?.status === 401
          ? 'Your session has ended. Sign in again.'
          : 'The server cannot be reached. Look whether it is running, and try again.',
      code: 'UNREACHABLE',
      path: '',
    }
  const { code, path } = first.extensions as { code?: string; path?: (string | number)[] }
  return { message: first.message, code: code ?? '', path: (path ?? []).join('.') }
}

/** @returns why the server refused the key; null when it accepted it */
export async function signIn(key: string): Promise<string | null> {
  const response = await fetch(`${base}/dashboard/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  if (response.ok) return null
  const answer = (await response.json().catch(() => null)) as { errors?: { message: string }[] } | null
  return answer?.errors?.[0]?.message ?? 'The server cannot be reached.'
}

export async function signOut(everywhere: boolean) {
  await fetch(`${base}/dashboard/${everywhere ? 'sessions' : 'session'}`, { method: 'DELETE' })
}
