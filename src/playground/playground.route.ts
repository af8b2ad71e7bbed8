/**
 * The playground: an OAuth provider (`oidc-provider`) inside this server, to try everything without internet
 * access. Anybody may sign in under any name. Its access tokens are short-lived, its refresh tokens rotate, and
 * using one twice ends the grant. Off in production by default.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type InteractionResults, Provider } from 'oidc-provider'
import type { Pool } from 'pg'
import { type Application, html, type Page, sendPage } from '../html.js'
import { publicPath } from '../public-path.js'
import { formTexts } from '../text.js'
import { PLAYGROUND_CLIENT } from './client.js'
import { playgroundKeys, playgroundStore } from './store.js'

const MEANING: Record<string, string> = {
  openid: 'know who you are',
  profile: 'see your name',
  email: 'see your e-mail address',
  'notes:read': 'read your notes',
  'notes:write': 'write notes for you',
}

/** Mounts the provider and its pages below /playground. */
export async function playgroundRoutes(
  app: FastifyInstance,
  pool: Pool,
  publicUrl: string,
  accessTokenSeconds: number,
) {
  const base = publicPath(publicUrl)
  const provider = await openProvider(pool, publicUrl, accessTokenSeconds)
  const application: Application = { name: 'Playground', logo: null, color: '#7a3fd0' }
  const callback = provider.callback()

  app.get('/playground', (_request, reply) => sendPage(reply, application, aboutPage(publicUrl)))

  app.register(async (pages) => {
    const path = '/playground/interaction/:uid'
    pages.get(path, async (request, reply) => {
      const { prompt, params } = await provider.interactionDetails(request.raw, reply.raw)
      const action = `${base}/playground/interaction/${(request.params as { uid: string }).uid}`
      const page =
        prompt.name === 'login' ? loginPage(action) : consentPage(action, String(params.scope ?? '').split(' '))
      return sendPage(reply, application, { ...page, formAction: "'self' http: https:" })
    })
    pages.post(path, async (request, reply) => {
      const { prompt, params, session, grantId } = await provider.interactionDetails(request.raw, reply.raw)
      const { name = '', act } = Object.fromEntries(formTexts(request.body))
      // Not interactionFinished, which writes the answer itself: nobody would be answered where it fails.
      const finish = async (result: InteractionResults) =>
        reply.redirect(await provider.interactionResult(request.raw, reply.raw, result), 303)
      if (act === 'decline') return finish({ error: 'access_denied', error_description: 'The user declined.' })
      if (prompt.name === 'login') {
        const plain = name
          .trim()
          .toLowerCase()
          .replace(/[^a-z0-9_.-]/g, '')
        return finish({ login: { accountId: plain.slice(0, 40) || 'ada' } })
      }
      const grant =
        (grantId && (await provider.Grant.find(grantId))) ||
        new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) })
      grant.addOIDCScope(String(params.scope ?? ''))
      return finish({ consent: { grantId: await grant.save() } })
    })
  })

  app.register(async (mount) => {
    // oidc-provider reads the body itself.
    mount.removeAllContentTypeParsers()
    mount.addContentTypeParser('*', (_request, _payload, done) => done(null))
    mount.all('/playground/*', (request, reply) => {
      reply.hijack()
      const raw = request.raw as typeof request.raw & { originalUrl?: string }
      raw.originalUrl = `${base}${raw.url}`
      raw.url = raw.url?.slice('/playground'.length)
      callback(raw, reply.raw)
    })
  })
}

async function openProvider(pool: Pool, publicUrl: string, accessTokenSeconds: number): Promise<Provider> {
  const { jwk, cookieKey } = await playgroundKeys(pool, async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    return {
      jwk: { ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256' } as JWK,
      cookieKey: randomBytes(32).toString('base64url'),
    }
  })
  const provider = new Provider(`${publicUrl}/playground`, {
    adapter: (model: string) => playgroundStore(pool, model),
    jwks: { keys: [jwk as never] },
    cookies: { keys: [cookieKey] },
    clients: [
      {
        client_id: PLAYGROUND_CLIENT.id,
        client_secret: PLAYGROUND_CLIENT.secret,
        redirect_uris: [`${publicUrl}/oauth/callback/`],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    scopes: Object.keys(MEANING),
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: sub.charAt(0).toUpperCase() + sub.slice(1), email: `${sub}@playground.example` }),
    }),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: accessTokenSeconds,
      RefreshToken: 14 * 24 * 3600,
      IdToken: 3600,
      Grant: 14 * 24 * 3600,
      Interaction: 3600,
      Session: 24 * 3600,
      AuthorizationCode: 60,
    },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true }, introspection: { enabled: true } },
    interactions: { url: (_context, { uid }) => `${publicPath(publicUrl)}/playground/interaction/${uid}` },
  })
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri.startsWith(`${publicUrl}/oauth/callback/`)
  return provider
}

function aboutPage(publicUrl: string): Page {
  return {
    title: 'Playground',
    body: html`
<h1>An OAuth provider to try things with</h1>
<p>It plays the part of the service that your users connect. Any name signs in; nothing here is worth anything.</p>
<p>Client id <code>${PLAYGROUND_CLIENT.id}</code><br>
Client secret <code>${PLAYGROUND_CLIENT.secret}</code><br>
Every connection's redirect URI under <code>${publicUrl}/oauth/callback/</code> is registered.</p>
<p class="soft">Its access tokens last a minute or so, and its refresh tokens are good for one use.</p>`,
  }
}

function loginPage(action: string): Page {
  return {
    title: 'Sign in to the playground',
    body: html`
<h1>Sign in to the playground</h1>
<form method="post" action="${action}">
<label for="name">Name</label>
<input id="name" name="name" autocomplete="off" autofocus placeholder="ada" maxlength="40">
<button>Sign in</button>
<button class="quiet" name="act" value="decline">Cancel</button>
</form>
<p class="soft after">Any name will do; there is no password.</p>`,
  }
}

function consentPage(action: string, scopes: string[]): Page {
  return {
    title: 'Allow access',
    body: html`
<h1>Allow access to your playground account?</h1>
<p>The application wants to:</p>
<ul>${scopes.map((scope) => html`<li>${MEANING[scope] ?? scope}</li>`)}</ul>
<form method="post" action="${action}">
<button name="act" value="allow">Allow</button>
<button class="quiet" name="act" value="decline">Decline</button>
</form>`,
  }
}
