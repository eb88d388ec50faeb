import { expect, test } from 'vitest'
import { type Document, example, groups, schemaText } from './document'

const document: Document = {
  paths: {
    '/things/{id}': {
      patch: {
        operationId: 'patch_thing',
        summary: 'Change a thing',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        responses: { '200': { description: 'OK' } },
      },
    },
    '/others': { get: { operationId: 'get_others', summary: 'List others', responses: {} } },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } } },
      },
    },
  },
}

test('operations are found by every word', () => {
  expect(groups(document, '').map(([name]) => name)).toEqual(['others', 'things'])
  expect(groups(document, 'patch thing').flatMap(([, found]) => found.map(({ id }) => id))).toEqual(['patch_thing'])
  expect(groups(document, 'nothing')).toEqual([])
})

test('a schema that holds itself ends', () => {
  const text = schemaText({ $ref: '#/components/schemas/Thing' }, document)
  expect(text.split('\n')[1]).toBe('  name: string')
  expect(text).toContain('Thing[]')
})

test('an example sends what is required', () => {
  const operation = groups(document, 'patch')[0]?.[1][0]
  expect(operation && example(operation, document, 'http://localhost')).toContain(`-d '{"name":"…"}'`)
})
