import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type ClientMetadata, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { freePort } from './world.js'

/**
 * A real, strict `oidc-provider`, in which `ada` signs in and consents automatically.
 *
 * @param callbacks the common beginning of the redirect URIs, as every connection has its own
 */
export async function openOidcProvider(
  clients: ClientMetadata[],
  callbacks: string,
): Promise<{ issuer: string; errors: string[]; close(): void }> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), use: 'sig', alg: 'ES256' } as JWK
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys: [jwk as never] },
    cookies: { keys: ['a key of a test'] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['RS256', 'HS256'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
    scopes: ['openid', 'profile', 'email', 'offline_access', 'notes:read'],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: 'Ada', email: `${sub}@oidc.example` }),
    }),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  })
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri.startsWith(callbacks)
  const errors: string[] = []
  provider.on('grant.error', (context: KoaContextWithOIDC, error: Error) =>
    errors.push(`${context.oidc?.params?.grant_type}: ${error.message}`),
  )
  const callback = provider.callback()
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: 'ada' } })
    const grant =
      (grantId && (await provider.Grant.find(grantId))) ||
      new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) })
    grant.addOIDCScope(String(params.scope ?? ''))
    await provider.interactionFinished(
      request,
      response,
      { consent: { grantId: await grant.save() } },
      { mergeWithLastSubmission: true },
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    issuer,
    errors,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
