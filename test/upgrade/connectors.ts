/** The custom connectors of a dump: every auth type, at the stand-in. */
import { PROVIDER } from './stand-in.js'

const at = (path: string) => `${PROVIDER.url}${path}`
const text = (key: string, more: object = {}) => ({ key, label: key, kind: 'text', ...more })
const secret = (key: string, more: object = {}) => ({ key, label: key, kind: 'secret', ...more })
const pem = (key: string) => ({ key, label: key, kind: 'pem' })
const me = (key: string) => ({ url: at(`/${key}/me`), pick: { id: 'id', label: 'name', email: 'email' } })
const revoke = (key: string) => [
  {
    method: 'POST',
    url: at(`/${key}/revoke`),
    auth: 'client_basic',
    encoding: 'form',
    body: { token: '{token.refresh ?? token.access}' },
  },
]
const connector = (key: string, auth: object[], frame: object = {}) => ({
  schema: 1,
  key: `old-${key}`,
  name: `Old ${key}`,
  categories: ['testing'],
  ...frame,
  auth,
})

const code = (key: string, more: object = {}, token: object = {}) => ({
  id: 'oauth',
  type: 'oauth2',
  grant: 'authorization_code',
  authorize: { url: at(`/${key}/authorize`) },
  scopes: { default: ['read', 'write'] },
  token: { url: at(`/${key}/token`), ...token },
  revoke: revoke(key),
  ...more,
})

const clientCredentials = (key: string, accountFields: object[]) => ({
  id: 'client',
  type: 'oauth2',
  grant: 'client_credentials',
  accountFields: [text('tenant'), ...accountFields],
  scopes: { default: ['read'] },
  token: { url: at(`/${key}/{account.tenant}/token`), clientAuth: 'basic', response: { refreshToken: false } },
})

const keys = { url: at('/keys/me') }

export const connectors: Record<string, unknown>[] = [
  connector(
    'code',
    [
      code(
        'code',
        {
          label: 'Everything – “at once” 🗝',
          accountFields: [
            text('workspace', { kind: 'subdomain', suffix: '.old.example', normalize: ['lower'] }),
            secret('pin', { required: false }),
          ],
          authorize: { url: at('/code/authorize'), params: { prompt: 'consent' }, pkce: 'required' },
          scopes: { default: ['read', 'write'], known: [{ value: 'admin', description: 'Do everything' }] },
          callback: { capture: { realm: 'realm' }, require: ['realm'] },
          refresh: { rotation: 'rotates', reuseGraceSeconds: 0, maxIdleDays: 60, maxAgeDays: 365 },
          afterConnect: [{ url: at('/code/sites'), pick: { cloud: '0.id' } }],
          identity: me('code'),
          apply: {
            headers: {
              authorization: 'Bearer {token.access}',
              'x-site': '{token.site}',
              'x-realm': '{account.realm}',
              'x-pin': '{account.pin}',
            },
            query: { key: '{app.client_id}' },
            cookies: { session: '{token.access}' },
          },
        },
        { clientAuth: 'basic', response: { capture: { site: 'site.id' } } },
      ),
    ],
    { api: { baseUrl: at('/code/{account.workspace}/{account.cloud}'), headers: { 'x-version': '2' } } },
  ),
  connector('plain', [code('plain')]),
  connector('lasting', [code('lasting', { identity: me('lasting'), scopes: { default: ['read'] } })]),
  connector('named', [
    code(
      'named',
      {
        scopes: {
          separator: ',',
          default: ['chat:write', 'user_scope:search:read'],
          extra: { user_scope: { label: 'For the person', granted: 'authed_user.scope' } },
        },
      },
      { response: { scopeSeparator: ',', named: { user: { root: 'authed_user', optional: true } } } },
    ),
  ]),
  connector('oidc', [
    {
      id: 'oauth',
      type: 'oauth2',
      grant: 'authorization_code',
      discovery: at('/oidc/.well-known/openid-configuration'),
      scopes: { required: ['openid'], default: ['email'] },
      token: { clientAuth: 'basic' },
      identity: { url: '{discovered.userinfo_endpoint}', pick: { id: 'id', label: 'name', email: 'email' } },
    },
  ]),
  connector('app-client', [clientCredentials('app-client', [])]),
  connector('own-client', [clientCredentials('own-client', [text('client_id'), secret('client_secret')])]),
  connector('service-account', [
    {
      id: 'service-account',
      type: 'oauth2',
      grant: 'jwt_bearer',
      connectionFields: [{ key: 'service_account', label: 'Service account', kind: 'json', secret: true }],
      accountFields: [{ key: 'subject', label: 'Subject', kind: 'email' }],
      scopes: { default: ['mail.read'] },
      assertion: {
        alg: 'ES256',
        key: '{connection.service_account.private_key}',
        header: { kid: '{connection.service_account.private_key_id}' },
        claims: {
          iss: '{connection.service_account.client_email}',
          sub: '{account.subject}',
          aud: 'https://as.example',
        },
      },
      token: {
        url: at('/service-account/token'),
        clientAuth: 'none',
        omit: ['scope'],
        response: { refreshToken: false },
      },
    },
  ]),
  connector('oauth1', [
    {
      id: 'oauth1',
      type: 'oauth1',
      signature: 'PLAINTEXT',
      requestToken: { url: at('/oauth1/request') },
      authorize: { url: at('/oauth1/authorize'), params: { name: 'Old' } },
      accessToken: { url: at('/oauth1/access'), capture: { user: 'user_id' } },
      identity: { url: at('/oauth1/me'), pick: { id: 'id', label: 'name' } },
    },
  ]),
  connector('session', [
    {
      id: 'session',
      type: 'token_exchange',
      accountFields: [text('user'), secret('password')],
      steps: [
        {
          url: at('/session/challenge'),
          clientAuth: 'none',
          encoding: 'json',
          params: { user: '{account.user}' },
          response: { accessToken: 'ticket', refreshToken: false },
        },
        {
          url: at('/session/signin'),
          clientAuth: 'none',
          encoding: 'json',
          params: { credentials: { ticket: '{step1.access}', password: '{account.password}' } },
          response: {
            root: 'session',
            accessToken: 'token',
            refreshToken: false,
            expires: { path: 'lasts', as: 'duration' },
            capture: { site: 'session.site' },
          },
        },
      ],
      apply: { headers: { 'x-session': '{token.access}', 'x-site': '{token.site}' } },
    },
  ]),
  connector('installation', [
    {
      id: 'app',
      type: 'app_installation',
      connectionFields: [pem('private_key')],
      install: { url: at('/installation/install') },
      callback: { capture: { installation_id: 'installation_id' }, require: ['installation_id'] },
      jwt: { alg: 'ES256', key: '{connection.private_key}', claims: { iss: '{app.client_id}' } },
      token: {
        url: at('/installation/installations/{account.installation_id}/token'),
        clientAuth: 'none',
        omit: ['client_id'],
        encoding: 'json',
        headers: { authorization: 'Bearer {jwt}' },
        response: {
          accessToken: 'token',
          refreshToken: false,
          expires: { path: 'expires_at', as: 'iso8601' },
          error: { code: 'message', grantStatuses: [404] },
        },
      },
      proof: {
        token: { url: at('/installation/person') },
        check: { url: at('/installation/person/installations/{account.installation_id}') },
      },
      identity: {
        url: at('/installation/installations/{account.installation_id}'),
        auth: 'none',
        headers: { authorization: 'Bearer {jwt}' },
        pick: { id: 'id', label: 'account.login' },
      },
    },
  ]),
  connector('aws', [
    {
      id: 'keys',
      type: 'aws',
      mode: 'access_key',
      accountFields: [text('access_key_id'), secret('secret_access_key'), text('region')],
      accessKeyId: '{account.access_key_id}',
      secretAccessKey: '{account.secret_access_key}',
      region: '{account.region}',
      verify: {
        method: 'POST',
        url: at('/aws/sts'),
        encoding: 'form',
        body: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      },
    },
    {
      id: 'role',
      type: 'aws',
      mode: 'assume_role',
      connectionFields: [text('access_key_id'), secret('secret_access_key')],
      accountFields: [text('role_arn'), text('external_id', { required: false })],
      accessKeyId: '{connection.access_key_id}',
      secretAccessKey: '{connection.secret_access_key}',
      roleArn: '{account.role_arn}',
      externalId: '{account.external_id}',
      stsUrl: at('/aws/sts'),
    },
  ]),
  connector('keys', [
    {
      id: 'query',
      type: 'static',
      preset: 'api_key',
      accountFields: [secret('api_key')],
      apply: { query: { key: '{account.api_key}' } },
      verify: keys,
    },
    {
      id: 'bearer',
      type: 'static',
      preset: 'bearer',
      accountFields: [secret('token'), text('org', { required: false })],
      apply: { headers: { authorization: 'Bearer {account.token}' }, query: { org: '{account.org}' } },
      verify: keys,
      identity: { ...keys, pick: { id: 'id' } },
    },
    {
      id: 'basic',
      type: 'static',
      preset: 'basic',
      accountFields: [text('user'), secret('password')],
      apply: { headers: { authorization: "Basic {account.user + ':' + account.password|base64}" } },
      verify: keys,
    },
    {
      id: 'values',
      type: 'static',
      preset: 'custom',
      accountFields: [
        text('app'),
        secret('api_key'),
        { key: 'settings', label: 'Settings', kind: 'json', required: false },
        { key: 'live', label: 'Live', kind: 'boolean', default: 'false' },
        { key: 'plan', label: 'Plan', kind: 'select', options: [{ value: 'a' }, { value: 'b', label: 'Bé' }] },
      ],
      apply: {
        headers: { 'x-app': '{account.app}' },
        query: { key: '{account.api_key}' },
        body: { app: '{account.app}' },
      },
      verify: keys,
    },
    {
      id: 'digest',
      type: 'static',
      preset: 'basic',
      accountFields: [text('public_key'), secret('private_key')],
      apply: { sign: { with: 'digest', username: '{account.public_key}', password: '{account.private_key}' } },
      verify: { url: at('/keys/digest') },
    },
    {
      id: 'pair',
      type: 'signed_jwt',
      accountFields: [text('user'), pem('private_key')],
      jwt: {
        alg: 'ES256',
        key: '{account.private_key}',
        header: { kid: '{account.user}' },
        claims: { iss: '{account.user|upper}', jti: '{uuid}' },
        ttl: 600,
      },
      apply: { headers: { authorization: 'Bearer {jwt}' } },
      verify: { url: at('/keys/signed') },
    },
    { id: 'open', type: 'none', api: { baseUrl: at('/keys') } },
  ]),
  connector('mcp', [{ id: 'mcp', type: 'mcp', serverUrl: at('/mcp/mcp'), auth: 'oauth' }]),
  connector('mcp-manual', [{ id: 'mcp', type: 'mcp', serverUrl: at('/mcp-manual/mcp'), auth: 'oauth' }]),
  connector('mcp-keys', [
    {
      id: 'bearer',
      type: 'mcp',
      serverUrl: at('/mcp-bearer/mcp'),
      auth: 'bearer',
      accountFields: [secret('token')],
    },
    { id: 'open', type: 'mcp', serverUrl: at('/mcp-open/mcp'), auth: 'none' },
  ]),
  // The first environment is the default: the order of the keys is the author's.
  connector(
    'places',
    [
      {
        id: 'key',
        type: 'static',
        preset: 'api_key',
        connectionFields: [
          {
            key: 'environment',
            label: 'Environment',
            kind: 'select',
            options: [{ value: 'sandbox' }, { value: 'live' }],
            default: 'sandbox',
          },
        ],
        accountFields: [secret('api_key')],
        api: { baseUrl: '{env.base}' },
        apply: { headers: { 'x-key': '{account.api_key}' } },
      },
    ],
    {
      trustHosts: [PROVIDER.host],
      environments: {
        sandbox: { base: at('/keys/sandbox') },
        live: { base: at('/keys/live') },
        a: { base: at('/keys/a') },
      },
    },
  ),
  // From a base that is shipped, with the addresses that the tests can reach.
  {
    schema: 1,
    key: 'old-based',
    name: 'Old based',
    categories: ['testing'],
    extends: 'google',
    auth: [
      {
        id: 'oauth',
        authorize: { url: at('/lasting/authorize') },
        scopes: { default: ['read'] },
        token: { url: at('/lasting/token') },
        revoke: revoke('lasting'),
        identity: me('lasting'),
      },
    ],
  },
  connector('unused', [{ id: 'open', type: 'none' }]),
]
