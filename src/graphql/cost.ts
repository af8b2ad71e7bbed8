/**
 * The cost of an operation: how many values its answer may hold. Lists multiply what is asked of each item by the
 * number of items that they are asked for, and so lists inside of lists multiply each other. One limit stands for
 * depth, aliases and sizes together: what they have in common is what they cost.
 */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import type { Caller } from '../callers/caller.js'
import { ValetkeyError } from '../errors.js'
import { LARGEST_PAGE, USUAL_PAGE } from '../page.js'

/** Tokens of a document. */
export const LARGEST_DOCUMENT = 1000
/** Values that the answer to one operation may hold. */
export const LARGEST_COST = 20_000
/** What each field of the root costs besides its values: it reads or changes something by itself. */
const OF_THE_ROOT = 500
/** Items of a list without an argument for its size, which is a short part of one record. */
const SHORT_LIST = 5
/** Fields of a document that are looked at, with those of a fragment each time that it is used. */
const MOST_FIELDS = 2000
const ROOTS = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION]
/** Lists that a message names. */
const NAMED_LISTS = 4

/**
 * Refuses an operation that costs too much, before anything is read.
 *
 * @param document valid in the schema
 * @param variables as they were sent
 * @throws {ValetkeyError} QUERY_TOO_COMPLEX with the lists to ask for less of
 */
export function assertAffordable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
) {
  const operation = getOperationAST(document, operationName)
  if (!operation) return
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {})
  // Execution refuses the operation, and says better which variable does not fit.
  if (!coerced) return
  const { cost, lists } = new Estimate(schema, document, coerced).of(operation)
  if (cost <= LARGEST_COST) return
  const named = [...lists].slice(0, NAMED_LISTS).map(([name, size]) => `${name} (${size})`)
  const less =
    named.length > 0
      ? `smaller pages (first) of ${named.join(', ')}, or fewer lists inside of lists`
      : 'fewer things at once'
  throw new ValetkeyError(
    'QUERY_TOO_COMPLEX',
    `The answer could hold ${cost.toLocaleString('en')} values, and ${LARGEST_COST.toLocaleString('en')} is the ` +
      `limit. Ask for ${less}.`,
  )
}

/**
 * Refuses a document with several operations, of which one would run: what is limited for each operation would be
 * multiplied by those that stand beside it. Whoever signed in to the dashboard may write several in GraphiQL.
 *
 * @throws {ValetkeyError} QUERY_TOO_COMPLEX for the document of an API key that has more than one operation
 */
export function assertOneOperation({ credential }: Caller, { definitions }: DocumentNode) {
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length
  if (credential.session === null && operations > 1)
    throw new ValetkeyError(
      'QUERY_TOO_COMPLEX',
      `A document that comes with an API key has one operation, and this one has ${operations}. Send each by itself.`,
    )
}

/** Adds up the cost of one operation. */
class Estimate {
  /** The lists whose size was asked for, from the outside in. */
  private readonly lists = new Map<string, number>()
  private readonly fragments: Map<string, FragmentDefinitionNode>
  private looked = 0

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Record<string, unknown>,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    )
  }

  of({ operation, selectionSet }: OperationDefinitionNode): { cost: number; lists: ReadonlyMap<string, number> } {
    const root = this.schema.getRootType(operation)
    return { cost: root ? this.ofSelections(selectionSet, root, null) : 0, lists: this.lists }
  }

  /** @param page the size of the page that these are fields of; null for other objects */
  private ofSelections({ selections }: SelectionSetNode, type: GraphQLNamedType, page: number | null): number {
    let cost = 0
    for (const selection of selections) {
      if (!this.isIncluded(selection)) continue
      if (selection.kind === Kind.FIELD) {
        cost += this.ofField(selection, type, page)
        continue
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value)
      const name = fragment?.typeCondition?.name.value
      if (fragment) cost += this.ofSelections(fragment.selectionSet, (name && this.schema.getType(name)) || type, page)
    }
    return cost
  }

  private ofField(
    node: Extract<SelectionNode, { kind: Kind.FIELD }>,
    parent: GraphQLNamedType,
    page: number | null,
  ): number {
    if (++this.looked > MOST_FIELDS)
      throw new ValetkeyError('QUERY_TOO_COMPLEX', `A document has up to ${MOST_FIELDS} fields, fragments included.`)
    const isRoot = ROOTS.some((root) => this.schema.getRootType(root) === parent)
    // Clients with a cache add it to every object, and it is read from nowhere.
    if (!isRoot && node.name.value === TypeNameMetaFieldDef.name && !node.alias) return 0
    const field = fieldOf(parent, node.name.value)
    const own = (isRoot ? OF_THE_ROOT : 0) + valuesOf(field)
    if (!field || !node.selectionSet) return own
    const asked = field.args.some(({ name }) => name === 'first') ? this.firstOf(field, node) : null
    if (asked !== null) this.lists.set(field.name, asked)
    const isList = isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type))
    const size = isList ? (asked ?? page ?? (isRoot ? LARGEST_PAGE : SHORT_LIST)) : 1
    return own + size * this.ofSelections(node.selectionSet, getNamedType(field.type), isList ? null : asked)
  }

  /** What is out of range counts as the largest page, and is refused where the page is read. */
  private firstOf(
    { args }: GraphQLField<unknown, unknown>,
    node: Extract<SelectionNode, { kind: Kind.FIELD }>,
  ): number {
    const value = node.arguments?.find(({ name }) => name.value === 'first')?.value
    const given = value?.kind === Kind.VARIABLE ? this.variables[value.name.value] : undefined
    const usual = args.find(({ name }) => name === 'first')?.defaultValue ?? USUAL_PAGE
    const first = value?.kind === Kind.INT ? Number(value.value) : (given ?? usual)
    return typeof first === 'number' && first >= 1 && first <= LARGEST_PAGE ? first : LARGEST_PAGE
  }

  private isIncluded(node: SelectionNode): boolean {
    return (
      getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.if !== false
    )
  }
}

/** A field says itself (`complexity` of TypeGraphQL) where it is large, or much work. */
function valuesOf(field: GraphQLField<unknown, unknown> | undefined): number {
  const own = field?.extensions.complexity
  return typeof own === 'number' ? own : 1
}

function fieldOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  const meta = [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].find((field) => field.name === name)
  if (meta) return meta
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
}
