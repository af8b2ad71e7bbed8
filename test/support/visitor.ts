/**
 * A user without a browser: follows redirects, keeps cookies and fills in forms. Tests with real browsers are in
 * test/browser*.test.ts.
 */
export class Visitor {
  private readonly cookies: Map<string, string>
  /** Each visitor has an IP address of its own, so that limits by address count them separately. */
  private readonly address = `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 256)).join('.')}`

  /** @param cookies of an earlier visit, as `kept` gave them */
  constructor(cookies: Record<string, string> = {}) {
    this.cookies = new Map(Object.entries(cookies))
  }

  /** Opens `url` and follows redirects and refreshes, but not beyond `until`. */
  async open(url: string, form?: Record<string, string>, until?: (url: string) => boolean): Promise<Visit> {
    let target = url
    let body = form
    for (let hop = 0; hop < 12; hop++) {
      if (until?.(target)) return { url: target, status: 0, text: '', headers: new Headers() }
      const response = await fetch(target, {
        redirect: 'manual',
        headers: {
          'x-forwarded-for': this.address,
          cookie: this.cookieHeader(),
          ...(body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(body ? { method: 'POST', body: new URLSearchParams(body) } : {}),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        if (/expires=Thu, 01 Jan 1970/i.test(cookie)) this.cookies.delete(name)
        else this.cookies.set(name, value)
      }
      const text = await response.text()
      const next =
        response.status >= 300 && response.status < 400
          ? response.headers.get('location')
          : unescaped(/http-equiv="refresh" content="0;url=([^"]+)"/.exec(text)?.[1])
      if (!next) return { url: target, status: response.status, text, headers: response.headers }
      target = new URL(next, target).href
      body = undefined
    }
    throw new Error(`Too many redirects from ${url}`)
  }

  /** The cookies, as the header of a request. */
  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Follows a link. @returns the authorization URL at the provider that the browser would be sent to */
  async start(link: string, until: (url: string) => boolean): Promise<string> {
    const page = await this.open(link)
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    return (await this.open(link, { csrf }, until)).url
  }

  /** Follows a link through the playground, up to the callback, which is not opened. */
  async authorize(link: string, name = 'ada', act = 'allow'): Promise<string> {
    const isCallback = (url: string) => url.includes('/oauth/callback/')
    const page = await this.open(link)
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    let next = await this.open(link, { csrf }, isCallback)
    if (next.text.includes('Sign in to the playground')) next = await this.open(next.url, { name }, isCallback)
    if (next.text.includes('Allow access')) next = await this.open(next.url, { act }, isCallback)
    if (!isCallback(next.url))
      throw new Error(`The playground did not come to a callback: ${next.status} ${next.text.slice(-400)}`)
    return next.url
  }

  cookieNames(): string[] {
    return [...this.cookies.keys()]
  }

  /** The cookies, for another visitor to go on with. */
  kept(): Record<string, string> {
    return Object.fromEntries(this.cookies)
  }
}

export interface Visit {
  url: string
  status: number
  text: string
  headers: Headers
}

function unescaped(html: string | undefined): string | undefined {
  return html?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}
