import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import type { Limits } from './limits.js'

type Counted = (error: Error | null, result?: { current: number; ttl: number }) => void

/** Lets @fastify/rate-limit count in the database: its limits by client address hold over all replicas. */
export function storeOf(limits: Limits) {
  return class Store implements FastifyRateLimitStore {
    /** The method and the pattern of the route that is counted. */
    private route = ''

    incr(address: string, done: Counted, window: number) {
      limits.count(`${this.route} ${address}`, window / 1000).then(
        ({ count, left }) => done(null, { current: count, ttl: left * 1000 }),
        (error) => done(error),
      )
    }

    child(options: { method?: unknown; url?: string; routeInfo?: { method?: unknown; url?: string } }) {
      const { method, url } = options.routeInfo ?? options
      const store = new Store()
      store.route = `${method} ${url}`
      return store
    }
  }
}
