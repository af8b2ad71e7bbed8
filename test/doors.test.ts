/**
 * Every route, with its access check. One that is not listed here fails this test, so that whoever adds one has to
 * state who may use it. What callers reach by GraphQL: matrix.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from './support/world.js'

describe('the routes', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())

  /** Routes as Fastify prints them, with their check and the status that a caller without credentials gets. */
  const ROUTES: Record<string, { check: string; stranger: number }> = {
    'GET /': { check: 'none: leads to the dashboard', stranger: 302 },
    'GET /healthz': { check: 'none: says that the process answers', stranger: 200 },
    'GET /readyz': { check: 'none: says whether it can serve', stranger: 200 },
    'GET /metrics': { check: 'none: counts without names', stranger: 200 },
    'GET /icons/:file': { check: 'none: a picture of the catalogue', stranger: 404 },
    'GET /oauth/client/:connectionId': { check: 'none: what is public of a client', stranger: 404 },
    'GET /oauth/callback/:connectionId': {
      check: 'state, connection, version and browser, in one statement',
      stranger: 400,
    },
    'POST /oauth/callback/:connectionId': { check: 'none: leads to the GET', stranger: 303 },
    'GET /connect/:token': { check: 'the token of the link', stranger: 404 },
    'POST /connect/:token': { check: 'the token of the link, and the form of its own page', stranger: 404 },
    'GET /connect/choose/:choice': { check: 'the cookie of the browser that brought the grant', stranger: 404 },
    'POST /connect/choose/:choice': { check: 'the same cookie, and the form of its own page', stranger: 404 },
    'GET /connect/done/:link': { check: 'the cookie of the browser that came to the end', stranger: 404 },
    'GET /dashboard': { check: 'none: files without data', stranger: 200 },
    'GET /dashboard*': { check: 'none: files without data', stranger: 200 },
    'POST /dashboard/session': { check: 'an API key, from a page of this server', stranger: 403 },
    'DELETE /dashboard/session': { check: 'the cookie of the session, from a page of this server', stranger: 403 },
    'DELETE /dashboard/sessions': { check: 'the cookie of the session, from a page of this server', stranger: 403 },
    'GET /*': { check: 'none: files without data', stranger: 404 },
    'GET /graphiql': { check: 'none: files without data', stranger: 200 },
    'POST /graphql': { check: 'an API key, or a session from a page of this server', stranger: 401 },
    'GET /graphql': { check: 'an API key', stranger: 401 },
    'PUT /graphql': { check: 'none: refused', stranger: 405 },
    'PATCH /graphql': { check: 'none: refused', stranger: 405 },
    'DELETE /graphql': { check: 'none: refused', stranger: 405 },
    'GET /audit/export': { check: 'an API key with AUDIT_READ', stranger: 401 },
    'POST /graphql/stream': { check: 'an API key, or a session from a page of this server', stranger: 401 },
    'GET /graphql/stream': { check: 'an API key', stranger: 401 },
    'GET /playground': { check: 'none: off in production', stranger: 200 },
  }
  /** Routes of oidc-provider, which has its own checks; the playground is off in production. */
  const FOREIGN = /^\w+ \/playground[/*]/

  it('are all listed, and answer a caller without credentials as the list says', async () => {
    const routes = world.routes.filter((route) => !FOREIGN.test(route) && !/^(HEAD|OPTIONS|TRACE|QUERY) /.test(route))
    expect([...routes].sort()).toEqual(Object.keys(ROUTES).sort())
    for (const [route, { stranger }] of Object.entries(ROUTES)) {
      const [method = '', path = ''] = route.split(' ')
      const address = path.replace(/:\w+/g, 'x'.repeat(43)).replace('*', '/nothing')
      const { status } = await fetch(world.url + address, { method, redirect: 'manual' })
      expect([route, status]).toEqual([route, stranger])
    }
  })
})
