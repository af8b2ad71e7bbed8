/**
 * Queries by GET, as clients such as urql send short ones. They come with an API key as bearer, which no other site can
 * make a browser send, and never with the cookie of a session. A credential is never the answer: what is asked by GET
 * is kept in caches and histories, and its address in logs on the way (a rejected token would be in it).
 */
import type { FastifyRequest } from 'fastify'
import { type DocumentNode, type GraphQLSchema, getNamedType, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { badInput, ValetkeyError } from '../errors.js'

/** Types of which no field is read by GET. */
const CREDENTIALS = new Set(['TokenResult', 'Credential', 'CreatedApiKey'])

/**
 * Makes a request by GET like one by POST, with a body that is then checked as every body is.
 *
 * @throws {ValetkeyError} BAD_USER_INPUT for parameters that are given twice, or are not JSON where they have to be
 */
export function takeBody(request: FastifyRequest) {
  const parameters = request.query as Record<string, unknown>
  const text = (name: string) => {
    const value = parameters[name]
    if (value === undefined || value === '') return undefined
    if (typeof value !== 'string') throw badInput('This parameter is given twice.', [name])
    return value
  }
  const json = (name: string) => {
    try {
      return JSON.parse(text(name) ?? 'null') ?? undefined
    } catch (error) {
      if (error instanceof ValetkeyError) throw error
      throw badInput('This parameter is not JSON.', [name])
    }
  }
  request.body = {
    query: text('query'),
    operationName: text('operationName'),
    documentId: text('documentId'),
    variables: json('variables'),
    extensions: json('extensions'),
  }
}

/** Writes what was admitted into the address, from where executors read it: documents may be asked for by their id. */
export function writeAddress(request: FastifyRequest) {
  const admitted = Object.entries(request.body as object).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(
    admitted.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
  request.raw.url = `${request.url.split('?')[0]}?${search}`
}

/** Whether a document asks for a credential anywhere. @param document valid in the schema */
export function asksForCredential(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema)
  let found = false
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: () => {
        const type = types.getType()
        if (type && CREDENTIALS.has(getNamedType(type).name)) found = true
      },
    }),
  )
  return found
}
