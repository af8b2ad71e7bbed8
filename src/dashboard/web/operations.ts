/**
 * Queries and mutations. Each call returns the result of what it sends and what *Show GraphQL* shows of it.
 * Only this file creates an `Operation`, so that only operations that are really sent are shown.
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

/** The text of an operation as it is sent. Only its type is exported. */
class Operation {
  constructor(
    private readonly document: DocumentInput,
    private readonly sent: AnyVariables,
    private readonly fields: FieldFragment[] = [],
  ) {}

  /** The document as it is written, without each `__typename` that the client's cache adds. */
  get query(): string {
    return stringifyDocument(this.document)
  }

  /**
   * The variables as they are shown. Whoever reads them may copy them anywhere, so values of fields that the
   * connector's definition marks as secret are left out: here, and nowhere else.
   */
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

/** A mutation, as buttons and forms use it. */
export interface Act {
  run(): Promise<{ error?: CombinedError }>
  fetching: boolean
  shown: Operation | null
}

/** Sends a query, and again when told to or when its variables have changed. */
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
 * @param toVariables makes the variables from the argument of `run`; without an argument those that would be
 *   sent now, for *Show GraphQL*; null while nothing can be sent
 * @param fields the form fields whose values are among the variables, to recognize secrets
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

/** For queries outside of components, such as all pages of a list. The first request is shown. */
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
