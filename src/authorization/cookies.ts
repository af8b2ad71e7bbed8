import { sha256 } from '../hash.js'

/** `__Host-` ties a cookie to this very host over https (RFC 6265bis §4.1.3.2); http has no such thing. */
const prefix = (secure: boolean) => (secure ? '__Host-vk_' : 'vk_')

/** Proves that a form was filled in on the page that was served. */
export function formCookie(secure: boolean): string {
  return `${prefix(secure)}form`
}

/** One cookie a trip, so that two tabs do not disturb each other; its name says nothing about the state. */
export function requestCookie(secure: boolean, state: string): string {
  return `${prefix(secure)}authz_${sha256(`cookie ${state}`).toString('hex').slice(0, 16)}`
}

/** What was wrong with the form of a link, on the way from the POST to the page that says so. */
export function refusedCookie(secure: boolean, token: string): string {
  return `${prefix(secure)}refused_${sha256(`refused ${token}`).toString('hex').slice(0, 16)}`
}

/** Lax: the way back from the provider is a cross-site navigation. */
export function cookieOptions(secure: boolean) {
  return { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
}
