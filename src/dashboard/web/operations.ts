/**
 * What is asked of the server, and what is done there. Each call gives both: the result of what it sends,
 * and what *Show GraphQL* shows of it. Nothing else makes an `Operation`, so that nothing is shown that
 * nobody sends.
 */
import {
  type AnyVariables,
  type Client,
  type CombinedError,
  type DocumentInput,
  type RequestPolicy,
  stringifyDocument,
  type TypedDocumentNode,
} from '@urql/core'
import { type UseQueryArgs, useMutation, useQuery } from 'urql'
import type { FieldFragment } from './generated/graphql.js'

/** An operation as it is sent, in text. Only its type leaves this file. */
class Operation {
  constructor(
    private readonly document: DocumentInput,
    private readonly sent: AnyVariables,
    private readonly fields: FieldFragment[] = [],
  ) {}

  /** As it is written; that the client's cache asks for each `__typename` beside it is its own affair. */
  get query(): string {
    return stringifyDocument(this.document)
  }

  /** What is shown may be copied anywhere: what the connector's definition calls secret is left out, here and nowhere else. */
  get variables(): { json: string; secretsLeftOut: boolean } {
    const secret = new Set(this.fields.filter(({ secret }) => secret).map(({ key }) => key))
    let secretsLeftOut = false
    const json = JSON.stringify(
      this.sent,
      (_, part) => {
        if (!secret.has(part?.key)) return part
        secretsLeftOut = true
        return { ...part, value: '…' }
      },
      2,
    )
    return { json, secretsLeftOut }
  }
}

export type { Operation }

/** What is done when it is told to, as buttons and forms need to know it. */
export interface Act {
  run(): Promise<{ error?: CombinedError }>
  fetching: boolean
  shown: Operation | null
}

/** Reads, and reads again when it is told to or what it asks for has changed. */
export function useRead<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  options: { pause?: boolean; requestPolicy?: RequestPolicy } = {},
) {
  const [result, execute] = useQuery({ query: document, variables, ...options } as UseQueryArgs<Variables, Data>)
  return {
    ...result,
    again: () => execute({ requestPolicy: 'network-only' }),
    shown: new Operation(document, variables),
  }
}

/**
 * @param toVariables makes what is sent, and what is shown: of what `run` is given, and of nothing what it
 *   would send now; null while there is nothing that could be sent
 * @param fields whose values are among the variables, to know the secret ones
 */
export function useAct<Data, Variables extends AnyVariables, Given>(
  document: TypedDocumentNode<Data, Variables>,
  toVariables: (given?: Given) => Variables | null,
  fields?: FieldFragment[],
) {
  const [result, send] = useMutation(document)
  const variables = toVariables()
  return {
    ...result,
    run: async (given?: Given) => {
      const variables = toVariables(given)
      if (variables === null) throw new Error('There is nothing that could be sent.')
      return send(variables)
    },
    shown: variables === null ? null : new Operation(document, variables, fields),
  }
}

/** For what is read outside of components, such as a list to its end. What is shown is the first request. */
export function reading<Data, Variables extends AnyVariables, Given>(
  document: TypedDocumentNode<Data, Variables>,
  toVariables: (given?: Given) => Variables,
) {
  return {
    read: (client: Client, given?: Given) =>
      client.query(document, toVariables(given), { requestPolicy: 'network-only' }),
    shown: new Operation(document, toVariables()),
  }
}
