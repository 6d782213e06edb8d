// A stand-in for the API, for development of the console alone: `npm run mock`, then
// `npm run dev`, or open the built console that it serves too, under the real
// Content-Security-Policy. Sign in with the code "dawn". Never shipped.
//   PORT (8099)  DEVICES (60)  ARRIVE (seconds between arriving devices; 0: none)
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import * as made from './fleet.mjs'

const PORT = Number(process.env.PORT ?? 8099)
const ARRIVE = Number(process.env.ARRIVE ?? 4)
const DIST = join(import.meta.dirname, '../../target/classes/console')
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';" +
  " connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

let devices = made.fleet(Number(process.env.DEVICES ?? 60))
const streams = new Set()
let signedIn = process.env.SIGNED_IN === '1'
let count = 0
/** What an end user has claimed here. */
let mine

const who = { tenant: 'platform', kind: 'PLATFORM_OPERATOR', name: 'Anna Berg', user: 'anna@example.com', hasPassword: process.env.INVITED !== '1', role: 'ADMINISTRATOR', csrf: 'c5' }
const find = (name) => devices.find((one) => one.endpointName === name)
const announce = (type, endpointName, details = {}) => {
  const event = JSON.stringify({ at: new Date().toISOString(), type, endpointName, details })
  for (const stream of streams) stream.write(`id: ${++count}\ndata: ${event}\n\n`)
}
const put = (one) => {
  devices = [...devices.filter((other) => other.endpointName !== one.endpointName), one].sort((a, b) => (a.endpointName < b.endpointName ? -1 : 1))
}

/** One device comes and goes through its journey, a state every second. */
function arrive() {
  const index = devices.length + 1
  const states = ['EXPECTED', 'CLAIMED', 'BOOTSTRAPPED', 'REGISTERED', 'CONFIGURED']
  states.forEach((state, i) =>
    setTimeout(() => {
      const one = { ...made.device(index, state), revoked: false, stateSince: new Date().toISOString() }
      put(one)
      announce(i === 0 ? 'device.imported' : `device.${state.toLowerCase()}`, one.endpointName)
    }, i * 1000),
  )
}
if (ARRIVE > 0) setInterval(arrive, ARRIVE * 1000).unref()
setInterval(() => streams.forEach((stream) => stream.write(': still here\n\n')), 15_000).unref()

function list(query) {
  const words = (query.get('filter') ?? '').split(' ').filter(Boolean)
  const fits = (one) =>
    words.every((word) => {
      const [key, value] = [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)]
      if (key === 'state') return one.state === value
      if (key === 'model') return one.model === value
      if (key === 'tenant') return value === 'none' ? !one.owner : one.owner === value
      return one.endpointName.startsWith(value) || one.serialNumber.startsWith(value)
    })
  const limit = Number(query.get('limit') ?? 100)
  const rest = devices.filter((one) => fits(one) && one.endpointName > (query.get('cursor') ?? ''))
  const items = rest.slice(0, limit)
  return { items, ...(rest.length > limit && { next: items.at(-1).endpointName }) }
}

function connect(body) {
  put({ ...made.device(9000, 'CLAIMED'), endpointName: body.name, manufacturer: 'connect', model: 'own client', serialNumber: body.name, revoked: false, subscription: { present: false } })
  const server = (port) => ({
    uri: `${body.credential === 'nosec' ? 'coap' : 'coaps'}://${body.host ?? 'localhost'}:${port}`,
    ...(body.credential === 'psk' && { identity: body.name, key: '6b1d0e7f24c9a8835d0f2f7d61b0c4e2' }),
  })
  return {
    endpointName: body.name,
    credential: body.credential,
    bootstrap: server(5684),
    dm: server(5784),
    trustAnchor: `-----BEGIN CERTIFICATE-----\n${'MIIBszCCAVmgAwIBAgIUZ0mW0v1FQbWq0yqk8o6QGQ5h2kEwCgYIKoZIzj0EAwIw\n'.repeat(7)}-----END CERTIFICATE-----\n`,
  }
}

function api(method, path, query, body) {
  const [resource, encoded, part] = path.split('/')
  const id = encoded && decodeURIComponent(encoded)
  if (resource === 'device-counts') {
    const states = {}
    for (const one of devices) states[one.state] = (states[one.state] ?? 0) + 1
    return [200, { total: devices.length, states }]
  }
  if (resource === 'devices' && !id) return [200, list(query)]
  if (resource === 'devices') {
    const one = find(id)
    if (!one) return problem(404, 'NOT_FOUND', 'Not found', 'there is no such device')
    const waits = one.manufacturer === 'connect'
    switch (part) {
      case undefined:
        return [200, one]
      case 'transfer':
        return [200, { tenant: body.tenant, claimCode: 'K7QF-2MZX-93TA-44PD' }]
      case 'journey':
        return [200, waits ? { steps: [] } : made.journey(one)]
      case 'sessions':
        return [200, waits ? { items: [] } : made.sessions(one)]
      case 'certificates':
        if (method === 'PUT') return [200, { ...made.certificates(one)[0], state: 'REVOKED', reason: body.reason }]
        return [200, { items: waits ? [] : made.certificates(one) }]
      case 'registrations':
        return [200, made.registrations(one)]
      case 'resources':
        return [200, made.resources(one)]
      case 'configuration':
        return [200, made.drift(one)]
      case 'operations':
        if (body.operation === 'execute') return problem(504, 'DEVICE_TIMEOUT', 'The device did not answer in time', 'no answer within 30 s')
        return [200, { done: true, coapCode: body.operation === 'write' ? '2.04' : '2.05', values: [] }]
    }
  }
  if (resource === 'certificates') return [200, { items: [] }]
  if (resource === 'handshake-failures') return [200, made.handshakeFailures()]
  if (resource === 'users') {
    if (part === 'invitation') return [201, { user: id, code: `fl_k3b1x9mnpq_${'A'.repeat(43)}`, expiresAt: '2030-01-01T00:00:00Z' }]
    if (method === 'PUT') return [200, made.putUser(id, body)]
    if (method === 'DELETE') return [204]
    return [200, { items: made.users }]
  }
  if (resource === 'tenants') return method === 'GET' ? [200, { items: made.tenants }] : method === 'PUT' ? [200, { id, version: 1, ...body }] : [204]
  if (resource === 'sessions') return method === 'DELETE' ? [204] : [200, { items: made.browserSessions }]
  if (resource === 'tokens') {
    if (method === 'POST') return [201, { ...made.tokens[0], name: body.name, token: `fl_k3b1x9mnpq_${'B'.repeat(43)}` }]
    return method === 'DELETE' ? [204] : [200, { items: made.tokens }]
  }
  if (resource === 'account') return [200, who]
  if (resource === 'audit') return [200, { items: made.audit }]
  if (resource === 'claims' && method === 'DELETE') return [200, { claimCode: 'K7QF-2MZX-93TA-44PD' }]
  if (resource === 'claims') return body?.code ? [201, { endpointName: 'urn:dev:ops:32473-tracker-000003' }] : [200, { accepted: 41, refused: [{ line: 7, reason: 'no device can be claimed with this code' }], refusedCount: 1 }]
  if (resource === 'claim-pages' && part === 'offers') return [200, made.claimOffers]
  if (resource === 'claim-pages' && part === 'claims') return body.code === 'GOOD-CODE' ? [201, (mine = made.claimedDevice(body))] : problem(404, 'NOT_FOUND', 'Not found', 'no device can be claimed with this code')
  if (resource === 'my-device') return mine ? [200, mine] : problem(401, 'UNAUTHENTICATED', 'Not signed in', 'no pass')
  if (resource === 'onboarding-plans') {
    if (part === 'versions') return [200, { items: made.planVersions }]
    if (part === 'comparison') return [200, made.planComparison]
    if (method === 'PUT') return problem(400, 'MALFORMED', 'Malformed', 'account.lifetime: is at least 1 s')
    return [200, id ? made.plans.find((one) => one.id === id) : { items: made.plans }]
  }
  if (resource === 'onboarding-plan-trials') return [200, made.dryRun]
  if (resource === 'manufacturers') {
    if (part === 'proofs') return [200, made.prove(id)]
    if (method === 'PUT') return [200, Object.assign(made.manufacturers.find((one) => one.id === id) ?? {}, body)]
    if (part === 'ocsp-responders') return [200, { items: made.ocspResponders }]
    if (part === 'revocation-lists') return [200, { items: made.revocationLists }]
    return [200, { items: made.manufacturers }]
  }
  if (resource === 'shipments') return [200, { items: made.shipments }]
  if (resource === 'set-aside') {
    if (method === 'DELETE') made.setAside.splice(made.setAside.findIndex((note) => note.noteId === id), 1)
    return method === 'DELETE' ? [204] : [200, { items: made.setAside }]
  }
  if (resource === 'connections') return [201, connect(body)]
  if (resource === 'object-models') {
    const model = made.objectModel(Number(id))
    return model ? [200, model] : problem(404, 'NOT_FOUND', 'Not found', 'no such object')
  }
  if (resource === 'subscriptions') {
    return [200, { packageId: id, operatorId: 'north-mobile', tenant: 'north', eid: '', endpointName: '', counter: 1, notBefore: '2026-11-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z', packageSha256: '', state: 'ENABLED', stateSince: '2026-11-23T19:00:00Z', cause: 'the eUICC installed and enabled it', iccid: '8949020000001234567', sealedHere: false, receipt: true }]
  }
  return problem(404, 'NOT_FOUND', 'Not found', `no ${path} here`)
}

const problem = (status, code, title, detail) => [status, { type: 'about:blank', title, status, code, detail }]

function session(method, body) {
  if (method === 'POST') signedIn = body.code === 'dawn' || body.name === 'anna@example.com'
  if (method === 'DELETE') signedIn = false
  if (!signedIn) return method === 'DELETE' ? [204] : problem(401, 'UNAUTHENTICATED', 'Not signed in', 'the code is not valid')
  return [200, who]
}

function file(path, response) {
  const name = extname(path) ? path : '/index.html'
  try {
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'text/plain', 'Content-Security-Policy': CSP, 'Cache-Control': 'no-store' })
    response.end(readFileSync(join(DIST, name)))
  } catch {
    response.end()
  }
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  if (!url.pathname.startsWith('/api/v1/')) return file(url.pathname, response)
  const path = url.pathname.slice('/api/v1/'.length)
  let text = ''
  for await (const piece of request) text += piece
  const body = text ? JSON.parse(text) : undefined
  if (path === 'session/ways') return response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"password":true,"oidc":"Example"}')
  if (path !== 'session' && !/^(claim-pages\/|my-device)/.test(path) && !signedIn) {
    const [status, answer] = problem(401, 'UNAUTHENTICATED', 'Not signed in', 'sign in first')
    return response.writeHead(status).end(JSON.stringify(answer))
  }
  if (path === 'events') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(': hello\n\n')
    response.write(`id: 0\ndata: ${JSON.stringify({ at: new Date(Date.now() - 90_000).toISOString(), type: 'device.refused', endpointName: devices[0]?.endpointName, details: { code: 'FORBIDDEN', reason: 'the endpoint name is not the one its certificate owns' } })}\n\n`)
    streams.add(response)
    return request.on('close', () => streams.delete(response))
  }
  const [status, answer] = path === 'session' ? session(request.method, body) : api(request.method, path, url.searchParams, body)
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(answer ? JSON.stringify(answer) : undefined)
}).listen(PORT, '127.0.0.1', () => console.log(`mock API and console: http://127.0.0.1:${PORT}/#/sign-in?code=dawn`))
