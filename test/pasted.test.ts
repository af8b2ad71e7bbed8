/** What people paste into forms: keys whose lines were lost, characters that nobody sees, addresses for a host. */
import { generateKeyPairSync } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConnection } from './support/documents.js'
import { Workshop } from './support/workshop.js'

let shop: Workshop
beforeAll(async () => {
  shop = await Workshop.open()
})
afterAll(() => shop.close())

const passphrase = 'open sesame'
const keyOf = (type: 'pkcs1' | 'pkcs8', cipher?: string) =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type, format: 'pem', ...(cipher ? { cipher, passphrase } : {}) },
  }).privateKey
const plainKey = keyOf('pkcs8')

describe('a private key', () => {
  const signer = async () => {
    const key = await shop.connector(() => ({
      type: 'signed_jwt',
      accountFields: [
        { key: 'private_key', label: 'Private key', kind: 'pem' },
        { key: 'passphrase', label: 'Passphrase', kind: 'secret', required: false },
      ],
      jwt: {
        alg: 'RS256',
        key: '{account.private_key}',
        passphrase: '{account.passphrase}',
        claims: { sub: '{account.passphrase | sha256}' },
      },
      apply: { headers: { authorization: 'Bearer {jwt}' } },
    }))
    return (await shop.connection(key, {})).name
  }

  it.each<[string, (pem: string) => string]>([
    ['has blanks for its line ends', (pem) => pem.trim().replaceAll('\n', ' ')],
    ['is indented', (pem) => pem.replaceAll(/^/gm, '    ')],
    ['ends with line breaks', (pem) => `${pem}\n\n`],
    ['comes from Windows', (pem) => pem.replaceAll('\n', '\r\n')],
    ['comes out of JSON', (pem) => pem.replaceAll('\n', '\\n')],
    ['is one line without blanks', (pem) => pem.replaceAll('\n', '')],
    ['has a mark of its byte order before it', (pem) => `\ufeff${pem}`],
  ])('that %s is put right, over the API and on the page', async (_what, spoil) => {
    for (const pem of [plainKey, keyOf('pkcs1', 'aes-256-cbc')]) {
      const connection = await signer()
      const isEncrypted = pem.includes('ENCRYPTED')
      // A key with headers of its own needs at least something between them.
      if (isEncrypted && !/\s/.test(spoil('a\nb'))) continue
      await shop.account(connection, { private_key: spoil(pem), ...(isEncrypted ? { passphrase } : {}) })
      const { token } = (await shop.credential(connection)) as { token: { headers: { value: string }[] } }
      expect(decodeJwt(String(token.headers[0]?.value.slice('Bearer '.length))).exp).toBeTypeOf('number')
    }
  })

  it.each<[string, Record<string, string>]>([
    ['with another passphrase', { private_key: keyOf('pkcs8', 'aes-256-cbc'), passphrase: 'wrong' }],
    ['without its passphrase', { private_key: keyOf('pkcs8', 'aes-256-cbc') }],
    ['that is cut off', { private_key: plainKey.replace(/\n.{64}\n/, '\n') }],
    [
      'of another kind than it signs with',
      {
        private_key: generateKeyPairSync('ec', {
          namedCurve: 'P-256',
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        }).privateKey,
      },
    ],
  ])('%s is refused when it is entered', async (_what, fields) => {
    const connection = await signer()
    const { errors } = await shop.tryAccount(connection, fields)
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/cannot be read|cannot sign/),
      extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields'] },
    })
    expect(await shop.credential(connection)).toBeNull()
  })

  it('of a connection is tried when it is entered, and what was there stays', async () => {
    const key = await shop.connector((url) => ({
      type: 'oauth2',
      grant: 'jwt_bearer',
      connectionFields: [{ key: 'key', label: 'Key', kind: 'pem' }],
      assertion: { alg: 'RS256', key: '{connection.key}', claims: { iss: 'me' } },
      token: { url: url('/token'), clientAuth: 'none', response: { refreshToken: false } },
    }))
    const input = (value: string) => ({ connector: key, fields: [{ key: 'key', value }] })
    const bad = keyOf('pkcs8', 'aes-256-cbc')
    const { errors } = await shop.world.ask(createConnection, { input: input(bad) })
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', path: ['input', 'fields'] })
    const good = await shop.world.get(createConnection, { input: input(plainKey.replaceAll('\n', ' ')) })
    expect(good.createConnection.status).toBe('ACTIVE')
  })
})

describe('what nobody sees', () => {
  const client = (client_id: string) => ({ client_id, client_secret: 'the-client-secret' })
  const connector = () =>
    shop.connector((url) => ({
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: url('/authorize') },
      token: { url: url('/token') },
    }))

  it.each(['\u200babc', 'abc\u00a0', '\ufeff abc \u2060\n', '\u3000abc\u00ad'])(
    'is taken away at the ends of %j',
    async (id) => {
      const { fields } = await shop.connection(await connector(), client(id))
      expect(fields.find(({ key }) => key === 'client_id')?.value).toBe('abc')
    },
  )

  it.each([
    ['ab\u200bc', 'U+200B (zero-width space)'],
    ['ab\u00a0c', 'U+00A0 (no-break space)'],
    ['ab\u202ec', 'U+202E'],
  ])('is named inside of %j', async (id, name) => {
    const { errors } = await shop.world.ask(createConnection, {
      input: { connector: await connector(), fields: [{ key: 'client_id', value: id }] },
    })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(name),
      extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields', 0, 'value'] },
    })
  })
})

describe('a password', () => {
  const basic = (apply: Record<string, unknown>, preset = 'basic') =>
    shop
      .connector(() => ({
        type: 'static',
        preset,
        accountFields: [
          { key: 'user', label: 'User', kind: 'text' },
          { key: 'password', label: 'Password', kind: 'secret' },
        ],
        apply,
      }))
      .then((key) => shop.connection(key, {}))
  const encoded = { headers: { authorization: "Basic {account.user + ':' + account.password | base64}" } }

  it.each(['pässwört', 'пароль', 'p:ss:w', '密码'])('%j goes into Basic as UTF-8', async (password) => {
    const { name } = await basic(encoded)
    await shop.account(name, { user: 'ada', password })
    const { token } = (await shop.credential(name)) as { token: { headers: { value: string }[] } }
    expect(Buffer.from(String(token.headers[0]?.value.slice(6)), 'base64').toString()).toBe(`ada:${password}`)
    expect(token).toMatchObject({ username: 'ada', password })
  })

  it('with such letters is refused where a header would carry it as it is', async () => {
    const { name } = await basic({ headers: { 'x-password': '{account.password}' } }, 'custom')
    const { errors } = await shop.tryAccount(name, { user: 'ada', password: 'pässwört' })
    expect(errors?.[0]?.message).toContain('a character that no key has')
  })

  it.each([
    ["Basic {account.user + ':' + account.password | base64}", 'ada:x'],
    ["Basic {account.user + '/token:' + account.password | base64}", 'ada:x'],
  ])('is not begun in the user name of %s', async (authorization, user) => {
    const { name } = await basic({ headers: { authorization } })
    const { errors } = await shop.tryAccount(name, { user, password: 'p' })
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('User has a colon in it'),
      extensions: { code: 'BAD_USER_INPUT', path: ['input', 'fields', 0, 'value'] },
    })
  })
})

describe('a host', () => {
  it.each([
    ['hostname', 'https://Acme.Example.com/login?next=1#top', 'acme.example.com'],
    ['hostname', 'acme.example.com.', 'acme.example.com'],
    ['hostname', 'ACME.example.com/', 'acme.example.com'],
    ['subdomain', 'https://Acme.desk.example/agent/home', 'acme'],
    ['subdomain', 'acme.DESK.example.', 'acme'],
    ['subdomain', ' ACME ', 'acme'],
  ])('as %s is found in %j', async (kind, value, host) => {
    const key = await shop.connector(
      () => ({
        type: 'static',
        preset: 'api_key',
        accountFields: [
          { key: 'host', label: 'Host', kind, ...(kind === 'subdomain' ? { suffix: '.desk.example' } : {}) },
        ],
        apply: { headers: { 'x-host': '{account.host}' } },
      }),
      { trustHosts: ['*'] },
    )
    const { name } = await shop.connection(key, {})
    await shop.account(name, { host: value })
    expect(await shop.credential(name)).toMatchObject({ token: { headers: [{ name: 'x-host', value: host }] } })
  })

  it.each(['acme.example.com:8443', 'ada@acme.example.com', 'acme', 'https://'])(
    'is not found in %j',
    async (value) => {
      const key = await shop.connector(() => ({
        type: 'static',
        preset: 'api_key',
        accountFields: [{ key: 'host', label: 'Host', kind: 'hostname' }],
        apply: { headers: { 'x-host': '{account.host}' } },
      }))
      const { name } = await shop.connection(key, {})
      expect((await shop.tryAccount(name, { host: value })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
    },
  )
})
