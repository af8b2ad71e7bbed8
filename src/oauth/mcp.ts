/**
 * Model Context Protocol servers (MCP authorization, 2025-11-25). An MCP method is turned into one of
 * the other methods, which can be executed; what only the server knows is read as `{discovered.…}`.
 */

import { codeMethod } from './definition/oauth2.js'
import {
  type McpMethod,
  type NoneMethod,
  noneMethod,
  type StaticMethod,
  staticMethod,
} from './definition/other-methods.js'
import type { ExecutableMethod, Method } from './definition.js'

/** JSON-RPC `initialize`: the cheapest request that every MCP server answers. */
export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'valetkey', version: '1' } },
}

/** Streamable HTTP requires both (MCP transports, "Sending Messages to the Server"). */
const ACCEPT = 'application/json, text/event-stream'

export function executable(method: Method): ExecutableMethod {
  if (method.type !== 'mcp') return method
  return method.auth === 'oauth' ? asCode(method) : method.auth === 'none' ? asNone(method) : asStatic(method)
}

function asCode(method: McpMethod): ExecutableMethod {
  const { id, label, status, endsOn, api, afterConnect, identity, revoke, scopes, apply } = method
  const resource = { resource: '{discovered.resource}' }
  return codeMethod.parse({
    ...{ id, label, status, endsOn, api, afterConnect, identity, scopes, apply },
    type: 'oauth2',
    grant: 'authorization_code',
    authorize: { params: resource, pkce: 'required', issuer: '{discovered.iss}' },
    // How a registered client authenticates is stored with the client (RFC 7591).
    token: { params: resource, clientAuth: 'none' },
    revoke:
      revoke.length > 0
        ? revoke
        : [
            {
              method: 'POST',
              url: '{discovered.revocation_endpoint}',
              auth: 'client',
              encoding: 'form',
              body: { token: '{token.refresh ?? token.access}' },
              when: '{discovered.revocation_endpoint}',
            },
          ],
  })
}

function asStatic(method: McpMethod): StaticMethod {
  const { id, label, status, endsOn, api, afterConnect, identity, revoke, verify, apply } = method
  return staticMethod.parse({
    ...{ id, label, status, endsOn, api, afterConnect, identity, revoke },
    type: 'static',
    preset: method.auth === 'bearer' ? 'bearer' : 'api_key',
    apply: apply ?? { headers: { authorization: 'Bearer {account.token}' } },
    verify: verify ?? initialize(method.serverUrl),
  })
}

function asNone({ id, label, status, endsOn, api, verify, apply, serverUrl }: McpMethod): NoneMethod {
  return noneMethod.parse({
    id,
    label,
    status,
    endsOn,
    api,
    apply,
    type: 'none',
    verify: verify ?? initialize(serverUrl),
  })
}

function initialize(url: string) {
  return {
    method: 'POST',
    url,
    headers: { accept: ACCEPT },
    encoding: 'json',
    body: INITIALIZE,
    expect: { status: [200, 202] },
  }
}
