import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars'

const LONGEST_URL = 2048

/** Returns the text unchanged: the checks of redirects have to see it exactly as it will be sent to a browser. */
function readUrl(value: unknown): string {
  if (typeof value !== 'string' || value.length > LONGEST_URL)
    throw new GraphQLError(`A URL is a string of up to ${LONGEST_URL} characters.`)
  return value
}

/** An address. Input is not checked here, but where it is used, by the rules for that use. */
export const GraphQLURL = new GraphQLScalarType<string, string>({
  name: 'URL',
  specifiedByURL: 'https://url.spec.whatwg.org/',
  description: 'An absolute address, such as https://app.example.com/settings.',
  serialize: String,
  parseValue: readUrl,
  parseLiteral: (node) => readUrl(node.kind === Kind.STRING ? node.value : null),
})

/** RFC 3339, in UTC. */
export const DateTime = new GraphQLScalarType({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  description: 'A moment in RFC 3339, such as 2026-11-22T15:04:05.000Z.',
})

/** A JSON object. */
export const JSONObject = new GraphQLScalarType({
  ...GraphQLJSONObject.toConfig(),
  name: 'JSONObject',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-4',
  description: 'A JSON object.',
})
