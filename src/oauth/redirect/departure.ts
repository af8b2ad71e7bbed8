/** A user's trip to the provider and back: where the browser goes, and what it brings. */

export interface Departure {
  address: URL
  /** Comes back in the callback; no other authorization has the same. */
  state: string
  /** The PKCE verifier, or the request token's secret; stored until the browser is back. */
  secret: string
}

/** What a browser brought back, after `readCallback` has checked it. */
export interface Arrival {
  code: string
  /** `account.*` of the templates, with the values captured from the callback. */
  account: Record<string, unknown>
  callback: Record<string, string>
  /** From the departure. */
  secret: string
  /** Exactly as it was sent on departure. */
  redirectUri: string
}
