/**
 * Trusted documents: where the configuration or its API key says so, a caller runs only documents that were registered.
 * A registered document is asked for by its id, or sent as text:
 *
 *   documentId: "sha256:…"                        GraphQL over HTTP, Appendix A (persisted documents)
 *   extensions.persistedQuery.sha256Hash: "…"     Apollo's clients
 *   query: "query Tokens { … }"                   however it is laid out, with or without __typename
 *
 * The manifest is the one that GraphQL Code Generator's client preset writes (`persistedDocuments`): a JSON object of
 * documents by their ids. The dashboard's own documents are registered besides, for its sessions.
 */
import { readFileSync } from 'node:fs'
import { sortExecutableDocument } from '@graphql-tools/documents'
import { type DocumentNode, type GraphQLSchema, Kind, parse, print, type SelectionNode, validate, visit } from 'graphql'
import type { Caller } from '../callers/caller.js'
import type { Config } from '../config.js'
import { badInput, StartRefused, ValetkeyError } from '../errors.js'
import { sha256 } from '../hash.js'
import { LARGEST_DOCUMENT } from './cost.js'

/** Documents by their ids, as a manifest has them. */
type Manifest = Readonly<Record<string, string>>

const VARIABLE = 'VALETKEY_TRUSTED_DOCUMENTS'

/** The documents that were registered, and who is held to them. */
export class TrustedDocuments {
  /**
   * @param registered by the operator
   * @param ofDashboard for the dashboard's sessions, besides
   * @param only whether every caller is held to them; else those whose API key says so
   */
  private constructor(
    private readonly registered: Documents,
    private readonly ofDashboard: Documents,
    private readonly only: boolean,
  ) {}

  /**
   * Reads the manifest that the configuration names.
   *
   * @param config without a manifest nothing is registered but what the dashboard sends
   * @param dashboard the dashboard's own documents
   * @param schema by which the documents are to be valid
   * @throws {StartRefused} with one line for every fault of the manifest
   */
  static read(
    { manifest, only }: Config['trustedDocuments'],
    dashboard: Manifest,
    schema: GraphQLSchema,
  ): TrustedDocuments {
    const registered = new Documents(manifest === null ? {} : readManifest(manifest, schema))
    return new TrustedDocuments(registered, new Documents(dashboard), only)
  }

  /**
   * Lets a request's document pass, or refuses it; one that is asked for by its id becomes the request's `query`.
   *
   * @param body of the request; changed in place
   * @throws {ValetkeyError} TRUSTED_DOCUMENT_REQUIRED; BAD_USER_INPUT for an id that nobody registered
   */
  admit(caller: Caller, body: unknown): void {
    const isHeld = this.only || caller.key?.trustedDocumentsOnly === true
    const request = isObject(body) ? body : {}
    const sets = caller.credential.session === null ? [this.registered] : [this.registered, this.ofDashboard]
    const sent = typeof request.query === 'string' && request.query !== '' ? request.query : null
    const found = sent === null ? textById(sets, request) : null
    if (found !== null) replace(request, found)
    else if (isHeld) {
      if (sent === null || !sets.some((documents) => documents.has(sent))) throw notRegistered()
      // The text is trusted; an id beside it says nothing more.
      replace(request, sent)
    } else if (sent === null && typeof request.documentId === 'string')
      throw badInput('No document is registered under this id. Register it, or send its text as query.', ['documentId'])
  }
}

/** The text of the document whose id a request asks for; null where it asks for none of these. */
function textById(sets: readonly Documents[], { documentId, extensions }: Record<string, unknown>): string | null {
  const persisted = isObject(extensions) && isObject(extensions.persistedQuery) ? extensions.persistedQuery : null
  const ofApollo = persisted ? [persisted.sha256Hash, `sha256:${persisted.sha256Hash}`] : []
  for (const id of [documentId, ...ofApollo])
    for (const documents of sets) {
      const text = typeof id === 'string' ? documents.textOf(id) : null
      if (text !== null) return text
    }
  return null
}

/** A set of documents. */
class Documents {
  private readonly texts = new Map<string, string>()
  private readonly forms = new Set<string>()

  /** @throws {StartRefused} for documents that could never run */
  constructor(manifest: Manifest) {
    const faults: string[] = []
    for (const [id, text] of Object.entries(manifest)) {
      const form = formOf(text)
      if (form === null)
        faults.push(
          `${VARIABLE}: the document ${shown(id)} cannot be parsed, or has more than ${LARGEST_DOCUMENT} tokens.`,
        )
      else this.forms.add(form)
      this.texts.set(id, text)
      this.texts.set(`sha256:${hash(text)}`, text)
    }
    if (faults.length > 0) throw new StartRefused(faults)
  }

  textOf(id: string): string | null {
    return this.texts.get(id) ?? null
  }

  /** Whether a text says what one of the documents says. */
  has(text: string): boolean {
    if (this.texts.has(`sha256:${hash(text)}`)) return true
    const form = formOf(text)
    return form !== null && this.forms.has(form)
  }
}

/** @throws {StartRefused} */
function readManifest(file: string, schema: GraphQLSchema): Manifest {
  const refused = (why: string) => new StartRefused([`${VARIABLE}: ${file} ${why}`])
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    throw refused(`cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  let manifest: unknown
  try {
    manifest = JSON.parse(content)
  } catch {
    throw refused('is not JSON.')
  }
  if (
    !isObject(manifest) ||
    Array.isArray(manifest) ||
    Object.values(manifest).some((text) => typeof text !== 'string')
  )
    throw refused("is not an object of documents by their ids, as GraphQL Code Generator's client preset writes it.")
  const documents = manifest as Manifest
  // Appendix A: the payload of such an id is the SHA-256 of the document's text.
  const wrong = Object.entries(documents).filter(
    ([id, text]) => id.startsWith('sha256:') && id !== `sha256:${hash(text)}`,
  )
  if (wrong.length > 0)
    throw new StartRefused(
      wrong.map(([id]) => `${VARIABLE}: the document ${shown(id)} does not have the SHA-256 that it is named by.`),
    )
  const faults = Object.entries(documents).flatMap(([id, text]) =>
    faultsOf(text, schema).map((fault) => `${VARIABLE}: the document ${shown(id)} ${fault}`),
  )
  if (faults.length > 0) throw new StartRefused(faults)
  return documents
}

/** Why a document could never run; what cannot be parsed at all is told elsewhere. */
function faultsOf(text: string, schema: GraphQLSchema): string[] {
  let document: DocumentNode
  try {
    document = parse(text, { maxTokens: LARGEST_DOCUMENT })
  } catch {
    return []
  }
  return validate(schema, document).map(({ message }) => `is not valid: ${message}`)
}

/**
 * What a document says, however it is laid out: definitions, variables, arguments and fields in one order (but for the
 * fields of a mutation, which run one after the other), and without each `__typename` that clients with a cache add.
 *
 * @returns a hash; null for what cannot be parsed or is too long
 */
function formOf(text: string): string | null {
  try {
    const document = parse(text, { maxTokens: LARGEST_DOCUMENT, noLocation: true })
    return hash(print(sortExecutableDocument(withoutTypenames(document))))
  } catch {
    return null
  }
}

function withoutTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet(set) {
      const selections = set.selections.filter((node) => !isTypename(node))
      return selections.length > 0 ? { ...set, selections } : undefined
    },
  })
}

function isTypename(node: SelectionNode): boolean {
  return node.kind === Kind.FIELD && node.name.value === '__typename' && !node.alias && !node.directives?.length
}

/** Without a word of the document: it may hold what the caller should not have seen. */
function notRegistered(): ValetkeyError {
  return new ValetkeyError(
    'TRUSTED_DOCUMENT_REQUIRED',
    'Only registered documents run here, and this one is not registered. Add it to the manifest that ' +
      `${VARIABLE} names and restart the server, or ask for one that is, by documentId or with its text as query.`,
  )
}

/** Nothing but the text says what is to run. */
function replace(body: Record<string, unknown>, text: string) {
  body.query = text
  delete body.documentId
  if (isObject(body.extensions)) delete body.extensions.persistedQuery
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function hash(text: string): string {
  return sha256(text).toString('hex')
}

function shown(id: string): string {
  return JSON.stringify(id.slice(0, 80))
}
