/** The two halves of a redirect: the address to which the browser is sent, and the values of its callback. */

/** A prepared redirect. */
export interface Departure {
  address: URL
  /** Returned by the provider in the callback; unique to this authorization. */
  state: string
  /** The PKCE verifier, or the request token's secret; stored until the callback. */
  secret: string
}

/** A callback that `readCallback` has checked. */
export interface Arrival {
  code: string
  /** `account.*` of the templates, with the values captured from the callback. */
  account: Record<string, unknown>
  callback: Record<string, string>
  /** The departure's secret. */
  secret: string
  /** Exactly as in the redirect. */
  redirectUri: string
}
