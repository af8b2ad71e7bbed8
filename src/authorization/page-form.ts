/**
 * Whether a form was sent from the hosted page itself: the browser states that in Sec-Fetch-Site, and a token in the
 * form must match one in a cookie.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { equalInConstantTime } from '../hash.js'
import { cookieOptions, formCookie } from './cookies.js'

/** The token for a page's form; its cookie is set. */
export function formToken(request: FastifyRequest, reply: FastifyReply, secure: boolean): string {
  const csrf = request.cookies[formCookie(secure)] ?? randomBytes(24).toString('base64url')
  reply.setCookie(formCookie(secure), csrf, { ...cookieOptions(secure), maxAge: 3600 })
  return csrf
}

/** @param csrf the form's token */
export function isFromThePage(request: FastifyRequest, csrf: string | undefined, secure: boolean): boolean {
  const site = request.headers['sec-fetch-site']
  return (site === undefined || site === 'same-origin') && isSame(csrf, request.cookies[formCookie(secure)])
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== '' && equalInConstantTime(one, other)
}
