/** `oidc-provider` with a custom connector, not with a shipped one. */
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphql } from './generated/gql.js'
import { startAuthorization } from './support/documents.js'
import { openOidcProvider } from './support/oidc.js'
import { Visitor } from './support/visitor.js'
import { Workshop } from './support/workshop.js'

const disconnect = graphql(`
  mutation DisconnectOidc($id: ID!) {
    disconnectConnectedAccount(id: $id) { revocation message }
  }
`)

let shop: Workshop
let oidc: Awaited<ReturnType<typeof openOidcProvider>>
let privateKey: string

beforeAll(async () => {
  shop = await Workshop.open()
  const pair = await generateKeyPair('RS256', { extractable: true })
  privateKey = (await exportPKCS8(pair.privateKey)).trim()
  const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'RS256', use: 'sig' }] }
  const grants = {
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code' as const],
    id_token_signed_response_alg: 'ES256' as const,
  }
  const any = `${shop.world.url}/oauth/callback/any`
  oidc = await openOidcProvider(
    [
      {
        client_id: 'by-basic',
        client_secret: 'by-basic-secret-of-32-characters!',
        redirect_uris: [any],
        token_endpoint_auth_method: 'client_secret_basic',
        ...grants,
      },
      {
        client_id: 'by-key',
        redirect_uris: [any],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'RS256',
        jwks: jwks as never,
        ...grants,
      },
      {
        client_id: 'by-secret-jwt',
        client_secret: 'by-secret-jwt-secret-of-32-characters',
        redirect_uris: [any],
        token_endpoint_auth_method: 'client_secret_jwt',
        token_endpoint_auth_signing_alg: 'HS256',
        ...grants,
      },
      {
        client_id: 'public',
        redirect_uris: [any],
        token_endpoint_auth_method: 'none',
        ...grants,
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    `${shop.world.url}/oauth/callback/`,
  )
})
afterAll(async () => {
  await shop.close()
  oidc.close()
})

const common = () => ({
  type: 'oauth2',
  discovery: `${oidc.issuer}/.well-known/openid-configuration`,
  scopes: { required: ['openid'], default: ['email', 'profile', 'offline_access'] },
  identity: {
    url: '{discovered.userinfo_endpoint}',
    needs: ['openid'],
    pick: { id: 'sub', label: 'name', email: 'email' },
  },
  authorize: { params: { prompt: 'consent' }, issuer: '{discovered.issuer}' },
  revoke: [
    {
      method: 'POST',
      url: '{discovered.revocation_endpoint}',
      auth: 'client',
      encoding: 'form',
      body: { token: '{token.refresh ?? token.access}' },
    },
  ],
})
const byKey = {
  connectionFields: [{ key: 'private_key', label: 'Private key', kind: 'pem' }],
  assertion: { alg: 'RS256', key: '{connection.private_key}' },
  token: { clientAuth: 'private_key_jwt' },
}

describe.each<[string, object, Record<string, string>]>([
  [
    'a secret in Basic',
    { token: { clientAuth: 'basic' } },
    { client_id: 'by-basic', client_secret: 'by-basic-secret-of-32-characters!' },
  ],
  ['a JWT that a key signed', byKey, { client_id: 'by-key' }],
  [
    'a JWT that the secret signed',
    { token: { clientAuth: 'client_secret_jwt' } },
    { client_id: 'by-secret-jwt', client_secret: 'by-secret-jwt-secret-of-32-characters' },
  ],
  ['nothing but PKCE', { token: { clientAuth: 'none' } }, { client_id: 'public' }],
])('an authorization code, the client authenticated by %s', (_what, method, fields) => {
  it('gives tokens that the provider accepts, refreshes them with rotation, and revokes them', async () => {
    const key = await shop.connector(() => ({ grant: 'authorization_code', ...common(), ...method }))
    const { name, status } = await shop.connection(
      key,
      'private_key' in fields || !('connectionFields' in method) ? fields : { ...fields, private_key: privateKey },
    )
    expect(status).toBe('ACTIVE')
    const { startAuthorization: link } = await shop.world.get(startAuthorization, {
      input: { connection: name, identifier: 'ada' },
    })
    const visitor = new Visitor()
    const page = await visitor.open(link.url as string)
    const done = await visitor.open(link.url as string, {
      csrf: /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '',
    })
    expect(done.text).toContain('Connected')
    const account = await shop.credential(name)
    expect(account).toMatchObject({
      status: 'ACTIVE',
      providerIdentity: { subject: 'ada', email: 'ada@oidc.example' },
      missingScopes: [],
    })
    const userinfo = async (token: string | undefined) =>
      (await fetch(`${oidc.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).status
    const tokenOf = async () => {
      const token = (await shop.credential(name))?.token
      return token?.__typename === 'OAuthToken' ? token.accessToken : undefined
    }
    const first = await tokenOf()
    expect(await userinfo(first)).toBe(200)
    await shop.expire()
    const second = await tokenOf()
    expect(second).not.toBe(first)
    expect(await userinfo(second)).toBe(200)
    await shop.expire()
    expect(await userinfo(await tokenOf())).toBe(200)
    expect((await shop.world.get(disconnect, { id: account?.id as string })).disconnectConnectedAccount).toEqual({
      revocation: 'REVOKED',
      message: null,
    })
    expect(await userinfo(second)).toBe(401)
    expect(oidc.errors).toEqual([])
  })
})

it('client credentials give the app a token of its own', async () => {
  const { authorize: _, identity: __, ...rest } = common()
  const key = await shop.connector(() => ({
    grant: 'client_credentials',
    ...rest,
    scopes: { default: ['notes:read'] },
    token: { clientAuth: 'basic', response: { refreshToken: false } },
  }))
  const { name } = await shop.connection(key, {
    client_id: 'by-basic',
    client_secret: 'by-basic-secret-of-32-characters!',
  })
  expect(await shop.account(name, {})).toMatchObject({ status: 'ACTIVE' })
  const token = (await shop.credential(name))?.token
  expect(token).toMatchObject({ __typename: 'OAuthToken', scopes: ['notes:read'] })
  await shop.expire()
  expect((await shop.credential(name))?.token).toMatchObject({
    __typename: 'OAuthToken',
    accessToken: expect.not.stringMatching((token as { accessToken: string }).accessToken),
  })
})

it('a key that is not the client’s is refused, and the connection reports it', async () => {
  const other = await exportPKCS8((await generateKeyPair('RS256', { extractable: true })).privateKey)
  const { authorize: _, identity: __, ...rest } = common()
  const key = await shop.connector(() => ({ grant: 'client_credentials', ...rest, scopes: {}, ...byKey }))
  const { name } = await shop.connection(key, { client_id: 'by-key', private_key: other.trim() })
  expect((await shop.tryAccount(name, {})).errors?.[0]).toMatchObject({
    extensions: { code: 'PROVIDER_REJECTED' },
    message: expect.stringContaining('invalid_client'),
  })
})
