import { z } from 'zod';
import { paramNames, served, type ServedOperation } from './served.ts';

/** OpenAPI 3.1 of everything that is served, made from the operations themselves. */
export function openApi() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of served) {
    const { method, path } = operation.http;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Växel', version: '1', description: 'Times are ISO 8601 with an offset, lengths are in minutes.' },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: errorSchema },
      responses: {
        Error: {
          description: 'What was refused and why; `field` names what is to blame.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
        }
      }
    }
  };
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'field', 'message'],
      properties: {
        code: { type: 'string' },
        field: { type: ['string', 'null'] },
        message: { type: 'string' },
        detail: { type: 'string' }
      }
    }
  }
};

function describe({ name, input, http, permission }: ServedOperation) {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const inPath = paramNames(http.path);
  const rest = Object.keys(properties).filter((property) => !inPath.includes(property));
  const needed = required.filter((property) => rest.includes(property));
  const reads = http.method === 'GET';
  const parameter = (place: 'path' | 'query') => (property: string) => ({
    name: property,
    in: place,
    required: place === 'path' || needed.includes(property),
    schema: properties[property]
  });
  return {
    operationId: name,
    summary: http.summary,
    description: `Needs the permission ${permission}.`,
    parameters: [...inPath.map(parameter('path')), ...(reads ? rest.map(parameter('query')) : writeHeaders)],
    ...(!reads && {
      requestBody: {
        required: needed.length > 0,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: Object.fromEntries(rest.map((property) => [property, properties[property]])),
              required: needed
            }
          }
        }
      }
    }),
    responses: {
      '200': { description: 'Done.', content: { 'application/json': { schema: { type: 'object' } } } },
      default: { $ref: '#/components/responses/Error' }
    }
  };
}

const writeHeaders = [
  {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag that was read: refused with 412 when it has changed since.',
    schema: { type: 'string' }
  },
  {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Of your choice: for 30 days a repetition with the same key is answered as the first was, and does nothing.',
    schema: { type: 'string', maxLength: 100 }
  }
];
