/** The definition format, its templates, and the addresses that requests may go to. */
import { describe, expect, it } from 'vitest'
import { DefinitionError } from '../src/connectors/definition/error.js'
import { readDefinition } from '../src/connectors/read-definition.js'
import { Egress } from '../src/egress/egress.js'
import { render, renderJson, renderUrl, usedTemplates } from '../src/oauth/template.js'

const plain = {
  schema: 1,
  key: 'plain',
  name: 'Plain',
  categories: ['testing'],
  auth: [
    {
      id: 'oauth',
      type: 'oauth2',
      grant: 'authorization_code',
      authorize: { url: 'https://plain.example/authorize' },
      token: { url: 'https://plain.example/token' },
    },
  ],
}
const changed = (change: Record<string, unknown>, method: Record<string, unknown> = {}) => ({
  ...plain,
  ...change,
  auth: [{ ...plain.auth[0], ...method }],
})

const me = (more: object = {}) => ({ url: 'https://plain.example/me', pick: { id: 'id' }, ...more })

describe('a definition', () => {
  it('needs only two addresses', () => {
    expect(readDefinition(plain).auth[0]).toMatchObject({
      token: { clientAuth: 'body' },
      authorize: { pkce: 'optional' },
    })
  })

  it.each<[string, object, string]>([
    [
      'a name that nothing declares',
      changed({}, { identity: { url: 'https://plain.example/{account.site}/me', pick: { id: 'id' } } }),
      'auth.0.identity.url: reads {account.site}, which nothing declares',
    ],
    [
      'a host that values can move anywhere',
      changed(
        {},
        {
          accountFields: [{ key: 'host', label: 'Host', kind: 'hostname' }],
          token: { url: 'https://{account.host}/token' },
        },
      ),
      'auth.0.token.url: has a hole in its host, and the connector has no trustHosts',
    ],
    [
      'an address without https',
      changed({}, { token: { url: 'http://plain.example/token' } }),
      'auth.0.token.url: begins with https://',
    ],
    [
      'a brace that is not closed',
      changed({}, { token: { url: 'https://plain.example/{account.x' } }),
      'a brace is not closed',
    ],
    [
      'a filter that is none',
      changed({}, { apply: { headers: { a: '{token.access|rot13}' } } }),
      'there is no filter rot13',
    ],
    ['an unknown key', changed({ colour: 'red' }), 'Unrecognized key: "colour"'],
    [
      'a page with a hole in its address',
      changed({ consoleUrl: 'https://{account.site}.plain.example/keys' }),
      'consoleUrl: is an address without braces',
    ],
    ['an unknown category', changed({ categories: ['magic'] }), 'categories.0: Invalid option'],
    [
      'a pattern that is none',
      changed({}, { accountFields: [{ key: 'x', label: 'X', kind: 'text', pattern: '(' }] }),
      'auth.0.x.pattern: is not a regular expression',
    ],
    ['a scope with a space', changed({}, { scopes: { default: ['a b'] } }), 'auth.0.scopes.default.0: is a scope'],
    [
      'an identity without an id',
      changed({}, { identity: { url: 'https://plain.example/me', pick: { email: 'email' } } }),
      'auth.0.identity.pick: has no id',
    ],
    [
      'a call that does not say which scopes it needs',
      changed({}, { scopes: { default: ['read'] }, identity: me() }),
      'auth.0.identity.needs: is missing: the scopes that this call needs, or none',
    ],
    [
      'an identity that needs a scope which a connection may leave out',
      changed({}, { scopes: { default: ['read'] }, identity: me({ needs: ['read'] }) }),
      'auth.0.identity.needs: lists read, which is not among the required scopes',
    ],
    [
      'a lookup that needs one of several scopes, none of which is asked for',
      changed({}, { scopes: { known: ['a', 'b'] }, afterConnect: [me({ needs: [['a', 'b']] })] }),
      'auth.0.afterConnect.0.needs: lists a, b, and none of them is among the required or the default scopes',
    ],
    [
      'a verification that needs a scope, where none can be asked for',
      changed({}, { verify: { url: 'https://plain.example/me', needs: ['read'] } }),
      'auth.0.verify.needs: lists read, which is not among the required scopes',
    ],
    [
      'two methods with the same id',
      { ...plain, auth: [plain.auth[0], plain.auth[0]] },
      'auth: two methods have one id',
    ],
  ])('is refused for %s, with the place and the reason', (_what, definition, words) => {
    expect(() => readDefinition(definition)).toThrow(DefinitionError)
    expect(() => readDefinition(definition)).toThrow(words)
  })

  it.each<[string, Record<string, unknown>]>([
    ['are required', { scopes: { required: ['read'] }, identity: me({ needs: ['read'] }) }],
    ['are asked for so that there is a refresh token', { scopes: { offline: ['x'] }, identity: me({ needs: ['x'] }) }],
    ['have a preselected alternative', { scopes: { default: ['b'] }, identity: me({ needs: [['a', 'b']] }) }],
    ['are none', { scopes: { default: ['b'] }, identity: me({ needs: 'none' }) }],
  ])('may make calls whose scopes %s', (_how, method) => {
    expect(readDefinition(changed({}, method)).auth[0]?.identity).toBeDefined()
  })

  it('that an earlier version took is still read, though its calls do not say what they need', () => {
    const earlier = changed({}, { scopes: { default: ['read'] }, identity: me() })
    expect(readDefinition(earlier, { http: false, bases: () => undefined, accepted: true }).auth).toHaveLength(1)
  })

  it('extends what extends another, and nothing that extends itself', () => {
    const bases: Record<string, object> = {
      root: { ...plain, summary: 'root', trustHosts: ['root.example'] },
      middle: { schema: 1, key: 'middle', extends: 'root', summary: 'middle' },
      leaf: { schema: 1, key: 'leaf', extends: 'middle', name: 'Leaf' },
      loop: { schema: 1, key: 'loop', extends: 'pool' },
      pool: { schema: 1, key: 'pool', extends: 'loop' },
    }
    const read = (name: string) =>
      readDefinition({ schema: 1, key: 'own', extends: name }, { http: false, bases: (key) => bases[key] })
    expect(read('leaf')).toMatchObject({ key: 'own', name: 'Leaf', summary: 'middle', trustHosts: ['root.example'] })
    expect(() => read('loop')).toThrow('extends: names "loop", which extends itself')
  })

  it('is refused with all its errors at once', () => {
    try {
      readDefinition(changed({ name: '', categories: [] }))
      expect.unreachable()
    } catch (error) {
      expect((error as DefinitionError).faults.map(({ path }) => path)).toEqual(['name', 'categories'])
    }
  })
})

describe('a template', () => {
  const scope = {
    account: {
      sub: 'acme',
      empty: '',
      list: ['a', 'b'],
      email: 'a@b.c',
      key: 'k',
      pair: 'id:se-cret',
      time: 1795305600,
    },
    token: { access: 't', json: { n: 1 } },
  }
  it.each([
    ['{account.sub}', 'acme'],
    ["{account.none ?? account.empty ?? 'x'}", 'x'],
    ["{account.none ?? ''}", ''],
    [
      "Basic {account.email + '/token:' + account.key|base64}",
      `Basic ${Buffer.from('a@b.c/token:k').toString('base64')}`,
    ],
    ["{account.list|join:','}", 'a,b'],
    ['{account.sub | upper | lower}', 'acme'],
    ['{ shop { id } }', '{ shop { id } }'],
    ['{account.constructor}{account.__proto__}', ''],
    ["{account.pair|before:':'}/{account.pair|after:':'}/{account.sub|before:':'}", 'id/se-cret/acme'],
    ["{account.pair|after:':'|upper|base64url}", Buffer.from('SE-CRET').toString('base64url')],
    ['{account.sub|sha256|hex}', '822b33ad87c148a0a20a5ba7cd5ebcaa68d36a18e7aad165554903f52ca82757'],
    ['{account.sub|hmac_sha256:account.key|base64}', '6y0pEju7KiW+f/kXSRZdevUIkWOF6p1N3ke0ls4nHi4='],
    ["{account.time|date:'yyyy-MM-ddTHH:mm:ss'}", '2026-11-22T00:00:00'],
    ['{account.sub|urlencode}{account.sub|hex}', 'acme61636d65'],
  ])('%j becomes %j', (source, text) => {
    expect(render(source, scope)).toBe(text)
  })

  it('keeps the type of a value that is the whole template', () => {
    expect(renderJson({ a: '{token.json}', b: ['x{token.json.n}'], c: 7 }, scope)).toEqual({
      a: { n: 1 },
      b: ['x1'],
      c: 7,
    })
  })

  it.each(['evil.com/', 'a@evil.com', 'x#', 'x?', 'x:22', '..', 'a..b', '%2e', 'a b', '', 'é', '-a', 'a\n'])(
    'puts %j into no host [T19, input 14]',
    (sub) => {
      expect(() =>
        renderUrl('https://{account.sub}.acme.example/x', { account: { sub } }, ['*.acme.example']),
      ).toThrow()
    },
  )

  it('leads only to trusted hosts, and encodes values in a path or a query [T19]', () => {
    expect(
      renderUrl('https://{account.sub}.acme.example/{account.email}?q={account.email}', scope, ['*.acme.example']).href,
    ).toBe('https://acme.acme.example/a@b.c?q=a%40b.c')
    expect(() => renderUrl('https://{account.sub}/x', { account: { sub: 'evil.com' } }, ['*.acme.example'])).toThrow(
      /not one that this connector trusts/,
    )
    expect(() => renderUrl('{token.url}/x', { token: { url: 'https://evil.com' } }, ['*.acme.example'])).toThrow(
      /not one that this connector trusts/,
    )
    expect(() =>
      renderUrl('{token.url}/x', { token: { url: 'https://a.acme.example@evil.com' } }, ['*.acme.example']),
    ).toThrow()
    expect(() => renderUrl('{token.url}/x', { token: { url: 'javascript:alert(1)' } }, ['*'])).toThrow()
    expect(renderUrl('{token.url}/x', { token: { url: 'https://eu.acme.example/' } }, ['*.acme.example']).href).toBe(
      'https://eu.acme.example/x',
    )
  })
})

it('templates are kept up to a number and a length', () => {
  for (let i = 0; i < 25_000; i++) render(`${i} {a.b}`, {})
  expect(usedTemplates.size).toBeLessThanOrEqual(20_000)
  for (let i = 0; i < 60; i++) render(`${i}${'y'.repeat(60_000)}`, {})
  expect(usedTemplates.length).toBeLessThanOrEqual(2_000_000)
})

describe('a request to a provider', () => {
  const egress = new Egress(false, null)
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/',
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://172.16.0.1/',
    'https://100.64.0.1/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://[fd00::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://localhost/',
    'https://localhost./',
    'http://example.com/',
    'https://example.com:22/',
    'https://example.com:6379/',
  ])('to %s is blocked [T19, input 9]', async (url) => {
    await expect(egress.send({ method: 'GET', url: new URL(url) })).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' })
  })
})
