// Reading an OpenAPI document: what the page shows of it, as values.

export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: string[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  allOf?: Schema[]
  oneOf?: Schema[]
  anyOf?: Schema[]
  additionalProperties?: Schema | boolean
}

interface Content {
  content?: Record<string, { schema?: Schema }>
  description?: string
}

interface RawOperation {
  operationId?: string
  summary?: string
  parameters?: Parameter[]
  requestBody?: Content
  responses?: Record<string, Content>
}

interface Parameter {
  name: string
  in: string
  description?: string
  schema?: Schema
}

export interface Document {
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  parameters: Parameter[]
  body: Schema | undefined
  answers: { status: string; description: string; schema: Schema | undefined }[]
}

/** Deeper than this nothing is spelled out. */
const DEPTH = 4

const json = (content: Content | undefined) => content?.content?.['application/json']?.schema

/** Operations by the first word of their path; those that have every word of the filter. */
export function groups(document: Document, filter: string): [string, Operation[]][] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const found = new Map<string, Operation[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, raw] of Object.entries(methods)) {
      const operation = {
        id: raw.operationId ?? `${method}${path}`,
        method,
        path,
        summary: raw.summary ?? '',
        parameters: raw.parameters ?? [],
        body: json(raw.requestBody),
        answers: Object.entries(raw.responses ?? {})
          .map(([status, answer]) => ({ status, description: answer.description ?? '', schema: json(answer) }))
          .sort((a, b) => a.status.localeCompare(b.status)),
      }
      const text = `${method} ${path} ${operation.summary}`.toLowerCase()
      if (!wanted.every((word) => text.includes(word))) continue
      const name = path.split('/')[1] ?? ''
      found.set(name, [...(found.get(name) ?? []), operation])
    }
  }
  return [...found].sort(([a], [b]) => a.localeCompare(b))
}

/** A schema as TypeScript would say it. */
export function schemaText(schema: Schema | undefined, document: Document, depth = 0): string {
  if (!schema) return 'anything'
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return depth > DEPTH ? name : schemaText(document.components?.schemas?.[name], document, depth)
  }
  const several = schema.oneOf ?? schema.anyOf
  if (several) return several.map((one) => schemaText(one, document, depth)).join(' | ')
  if (schema.allOf) return schema.allOf.map((one) => schemaText(one, document, depth)).join(' & ')
  if (schema.enum) return schema.enum.map((value) => `"${value}"`).join(' | ')
  const types = [schema.type ?? (schema.properties ? 'object' : 'anything')].flat()
  return types.map((type) => typeText(type, schema, document, depth)).join(' | ')
}

function typeText(type: string, schema: Schema, document: Document, depth: number): string {
  if (type === 'array') return `${schemaText(schema.items, document, depth + 1)}[]`
  if (type !== 'object') return schema.format && type !== 'null' ? `${type} (${schema.format})` : type
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) {
    return typeof schema.additionalProperties === 'object'
      ? `{ [name]: ${schemaText(schema.additionalProperties, document, depth + 1)} }`
      : '{}'
  }
  if (depth > DEPTH) return '{…}'
  const indent = '  '.repeat(depth + 1)
  const lines = properties.map(([name, value]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    return `${indent}${name}${optional}: ${schemaText(value, document, depth + 1)}`
  })
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

/** A command that does it. */
export function example({ method, path, body }: Operation, document: Document, origin: string): string {
  const parts = [`curl -X ${method.toUpperCase()} '${origin}/api/v1${path}'`, `-H "Authorization: Bearer $RAMPART_TOKEN"`]
  if (body) {
    parts.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(sample(body, document))}'`)
  }
  return parts.join(' \\\n  ')
}

function sample(schema: Schema | undefined, document: Document): unknown {
  if (!schema) return null
  if (schema.$ref) return sample(document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''], document)
  if (schema.enum) return schema.enum[0]
  const type = [schema.type ?? 'object'].flat()[0]
  if (type === 'array') return []
  if (type === 'integer' || type === 'number') return 1
  if (type === 'boolean') return true
  if (type === 'string') return '…'
  const required = schema.required ?? Object.keys(schema.properties ?? {})
  return Object.fromEntries(required.map((name) => [name, sample(schema.properties?.[name], document)]))
}
