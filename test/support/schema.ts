/** Documents that are made from the schema itself, so that what is added to it is tried without a change here. */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { createSchema } from '../../src/graphql/schema.js'
import type { Json } from './odd-values.js'

export type Field = GraphQLField<unknown, unknown>
/** A field, and the type that it is of. */
export interface Place {
  parent: string
  field: Field
}

export const schema = createSchema(null)

/** The fields of an object type. */
export function fieldsOf(type: string): Field[] {
  return Object.values((schema.getType(type) as GraphQLObjectType).getFields())
}

export const ROOTS = ['Query', 'Mutation', 'Subscription']

/** Every field that takes arguments. */
export const withArguments: Place[] = Object.values(schema.getTypeMap())
  .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap(({ name }) => fieldsOf(name).map((field) => ({ parent: name, field })))
  .filter(({ field }) => field.args.length > 0)

/** Every text and id that a field takes, as `filter.connection`: what could name something. */
export function textsOf({ field }: Place): string[] {
  const below = (type: GraphQLInputType, path: string): string[] => {
    const named = getNamedType(type)
    if (isInputObjectType(named))
      return Object.values(named.getFields()).flatMap((inner) => below(inner.type, `${path}.${inner.name}`))
    return ['ID', 'String'].includes(named.name) ? [path] : []
  }
  return field.args.flatMap(({ name, type }) => below(type, name))
}

/**
 * What a field needs to be asked for.
 *
 * @param textAt a text, by the way to it; undefined for any
 */
export function requiredOf({ field }: Place, textAt: (path: string) => Json | undefined): Record<string, Json> {
  const sample = (type: GraphQLInputType, path: string): Json => {
    const nullable = getNullableType(type)
    if (isListType(nullable)) return []
    if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? ''
    if (!isInputObjectType(nullable))
      return textAt(path) ?? ({ Int: 1, Boolean: false, JSONObject: {} } as Record<string, Json>)[nullable.name] ?? 'x'
    const needed = Object.values(nullable.getFields()).filter(isRequiredInputField)
    return Object.fromEntries(needed.map(({ name, type }) => [name, sample(type, `${path}.${name}`)]))
  }
  return Object.fromEntries(field.args.filter(isRequiredArgument).map(({ name, type }) => [name, sample(type, name)]))
}

/** The same arguments with another value at one place, in a list where the place is one. */
export function withText({ field }: Place, values: Record<string, Json>, path: string, text: Json) {
  const steps = path.split('.')
  const set = (type: GraphQLInputType, value: Json | undefined, [step, ...rest]: string[]): Json => {
    const nullable = getNullableType(type)
    if (step === undefined) return isListType(nullable) ? [text] : text
    if (isListType(nullable)) return [set(nullable.ofType, undefined, [step, ...rest])]
    const inner = isInputObjectType(nullable) ? nullable.getFields()[step] : undefined
    if (!inner) throw new Error(`There is no ${path}.`)
    const object = (value ?? {}) as Record<string, Json>
    return { ...object, [step]: set(inner.type, object[step], rest) }
  }
  const [first = '', ...rest] = steps
  const arg = field.args.find(({ name }) => name === first)
  if (!arg) throw new Error(`There is no ${path}.`)
  return { ...values, [first]: set(arg.type, values[first], rest) }
}

/** Whether an account or a connection can be come to from a type. */
export function leadsOn(type: GraphQLOutputType, seen: readonly string[] = []): boolean {
  const named = getNamedType(type)
  if (!isObjectType(named) || seen.includes(named.name)) return false
  if (['ConnectedAccount', 'Connection'].includes(named.name)) return true
  return fieldsOf(named.name).some((field) => leadsOn(field.type, [...seen, named.name]))
}

const SIZE = '(first: 2)'
/** Fields that can be asked for without arguments, but for the size of a list. */
function plainFields(type: string): { field: Field; size: string }[] {
  return fieldsOf(type)
    .filter(({ args }) => !args.some(isRequiredArgument))
    .map((field) => ({ field, size: field.args.some(({ name }) => name === 'first') ? SIZE : '' }))
}

const leavesOf = (type: string, takes: (name: string) => boolean) =>
  plainFields(type).flatMap(({ field }) =>
    isLeafType(getNamedType(field.type)) && takes(`${type}.${field.name}`) ? [field.name] : [],
  )

/**
 * The fields of a type, with those of what is in them.
 *
 * @param takes whether to ask for a field
 * @param depth of objects inside of objects
 */
export function selectionOf(type: GraphQLOutputType, takes: (name: string) => boolean = () => true, depth = 1): string {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (!isObjectType(named)) return '{ __typename }'
  const objects = plainFields(named.name).flatMap(({ field, size }) => {
    const isPage = field.name === 'items'
    if (!isObjectType(getNamedType(field.type)) || !takes(`${named.name}.${field.name}`)) return []
    return depth > 0 || isPage
      ? [`${field.name}${size} ${selectionOf(field.type, takes, isPage ? depth : depth - 1)}`]
      : []
  })
  return `{ ${['__typename', ...leavesOf(named.name, takes), ...objects].join(' ')} }`
}

/**
 * Every way on from a type over three objects that can be told apart, as selections: on each way all plain fields.
 *
 * @param visited the types on the way so far
 */
export function waysFrom(type: GraphQLOutputType, visited: readonly string[] = []): string[] {
  const { name } = getNamedType(type)
  const all = () => true
  const isPage = fieldsOf(name).some((field) => field.name === 'items')
  const now = isPage ? visited : [...visited, name]
  const values = plainFields(name).flatMap(({ field, size }) => {
    const inner = getNamedType(field.type)
    if (!isObjectType(inner) || leadsOn(inner)) return []
    return [`${field.name}${size} { __typename ${leavesOf(inner.name, all).join(' ')} }`]
  })
  const plain = ['__typename', ...leavesOf(name, all), ...values].join(' ')
  const onward = plainFields(name).filter(({ field }) => leadsOn(field.type) && now.length < 3)
  if (onward.length === 0) return [`{ ${plain} }`]
  return onward.flatMap(({ field, size }) =>
    waysFrom(field.type, now).map((way) => `{ ${plain} ${field.name}${size} ${way} }`),
  )
}
