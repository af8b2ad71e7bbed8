import { sha256 } from '../hash.js'

/** `__Host-` binds a cookie to this host over https (RFC 6265bis §4.1.3.2); over http browsers refuse it. */
const prefix = (secure: boolean) => (secure ? '__Host-vk_' : 'vk_')

/** Name of the cookie with the CSRF token of the form. */
export function formCookie(secure: boolean): string {
  return `${prefix(secure)}form`
}

/** Name of a request's cookie: one for each state, as a hash, so that two tabs do not interfere. */
export function requestCookie(secure: boolean, state: string): string {
  return `${prefix(secure)}authz_${sha256(`cookie ${state}`).toString('hex').slice(0, 16)}`
}

/** Name of the cookie that carries a form's errors from the POST to the page that shows them. */
export function refusedCookie(secure: boolean, token: string): string {
  return `${prefix(secure)}refused_${sha256(`refused ${token}`).toString('hex').slice(0, 16)}`
}

/** Name of the cookie by which a browser chooses among the tenants of the grant that it brought. */
export function choiceCookie(secure: boolean, choiceId: string): string {
  return `${prefix(secure)}choice_${sha256(`choice ${choiceId}`).toString('hex').slice(0, 16)}`
}

/** Name of the cookie that carries how an authorization ended to the page that shows it. */
export function resultCookie(secure: boolean, linkId: string): string {
  return `${prefix(secure)}result_${sha256(`result ${linkId}`).toString('hex').slice(0, 16)}`
}

/** SameSite is Lax, since the callback of the provider is a cross-site navigation. */
export function cookieOptions(secure: boolean) {
  return { path: '/', httpOnly: true, secure, sameSite: 'lax' as const }
}
