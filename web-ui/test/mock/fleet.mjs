// Made-up devices in every state, for looking at the console without servers. Never shipped.
const MODELS = ['tracker-1', 'meter-4', 'valve-2']
const OWNERS = ['acme-things', 'harbour', 'north-water']
const EID = '89049032000000000000000000000129'

const before = (seconds) => new Date(Date.now() - seconds * 1000).toISOString()

/** A device as GET /devices/{endpointName} answers it. */
export function device(index, state) {
  const serialNumber = String(index).padStart(6, '0')
  const registered = ['REGISTERED', 'CONFIGURED', 'LOST'].includes(state)
  const owner = state === 'EXPECTED' ? undefined : OWNERS[index % OWNERS.length]
  return {
    endpointName: `urn:dev:ops:32473-${MODELS[index % 3].split('-')[0]}-${serialNumber}`,
    manufacturer: index % 5 ? 'acme' : 'orion',
    model: MODELS[index % 3],
    serialNumber,
    state,
    stateSince: before(20 + index * 37),
    ...(state === 'EXPECTED' && index % 2 && { waiting: 'waiting for its owner' }),
    ...(owner && { owner, claim: { tenant: owner, at: before(4000 + index), preferredPlmns: index % 2 ? ['26201'] : [] } }),
    eid: EID,
    revoked: index % 29 === 11,
    ...(index % 29 === 11 && { revocation: 'stolen from the warehouse' }),
    ...(registered && { registration: registration(state === 'LOST' ? 90000 : index % 240) }),
    ...(state !== 'EXPECTED' && { subscription: subscription(state, index) }),
    ...(registered && { configuration: counts(state, index) }),
    version: 3,
    factoryId: serialNumber,
    factoryKeySha256: 'a3'.repeat(32),
    claimable: !owner,
    credentials: registered
      ? [{ account: 1, serialNumber: '5f', sha256: 'b4'.repeat(32), notBefore: before(400), notAfter: before(-90 * 86400) }]
      : [],
  }
}

function registration(age) {
  return {
    account: 1,
    lifetime: 300,
    lastContact: before(age),
    expiresAt: before(age - 300),
    address: '127.0.0.1:41234',
    queueMode: false,
    version: '1.1',
  }
}

function subscription(state, index) {
  const packageId = '5f0e7c1b2a394d5e8f60718293a4b5c6'
  const pending = state === 'CLAIMED' ? 'ASSIGNED' : state === 'BOOTSTRAPPED' ? 'INSTALL_PENDING' : 'ENABLED'
  return {
    present: true,
    state: index % 23 === 7 ? 'FAILED' : pending,
    stateSince: before(300 + index),
    operatorId: 'north-mobile',
    packageId,
  }
}

function counts(state, index) {
  const none = { inStep: 3, written: 1, drifted: 0, rejected: 0, unreachable: 0 }
  if (state === 'CONFIGURED' || state === 'LOST') return none
  return index % 2 ? { ...none, inStep: 2, drifted: 1 } : { inStep: 0, written: 0, drifted: 0, rejected: 0, unreachable: 0 }
}

/** A fleet in which every state occurs, and most devices are well. */
export function fleet(size) {
  const states = ['EXPECTED', 'CLAIMED', 'BOOTSTRAPPED', 'REGISTERED', 'LOST', 'RETIRED']
  return Array.from({ length: size }, (_, i) => device(i + 1, i % 3 ? 'CONFIGURED' : states[(i / 3) % 6 | 0])).sort((a, b) =>
    a.endpointName < b.endpointName ? -1 : 1,
  )
}

const STEPS = [
  ['handshake', 41, {}],
  ['admission', 3, {}],
  ['plan', 2, { plan: 'default' }],
  ['enrolment', 12, { credential: 'issued-key' }],
  ['bootstrap', 184, { writes: '9' }],
  ['subscription', 96, { delivery: 'push', receipt: 'verified' }],
  ['register', 7, { account: '1', version: '1.1' }],
  ['configuration', 63, { documents: '1', paths: '4' }],
]
const REACHED = { EXPECTED: 0, CLAIMED: 1, BOOTSTRAPPED: 6, REGISTERED: 7, CONFIGURED: 8, LOST: 8, RETIRED: 8 }

export function journey(one, at) {
  return {
    steps: STEPS.slice(0, REACHED[one.state]).map(([name, ms, details], i) => ({
      name,
      at: at ?? before(300 - i),
      ms,
      ok: !(one.state === 'CLAIMED' && name === 'handshake'),
      details: one.state === 'CLAIMED' ? { reason: 'the certificate expired on 2026-10-01' } : details,
    })),
  }
}

const EXCHANGES = [
  ['Discover', '/', '2.05', 14, 212, ''],
  ['Delete', '/0', '2.02', 9, 0, ''],
  ['Delete', '/1', '2.02', 8, 0, ''],
  ['Write', '/0/1', '2.04', 22, 1140, ''],
  ['Write', '/1/0', '2.04', 11, 38, ''],
  ['Write', '/13/0', '2.04', 10, 30, ''],
  ['Write', '/10/0', '4.04', 9, 12, 'optional in this plan: the device has no such object'],
  ['Write', '/11/0', '2.04', 12, 41, ''],
  ['Write', '/505/0/3', '2.04', 71, 1102, ''],
  ['Finish', '/bs', '2.04', 6, 0, ''],
]

export function sessions(one) {
  if (REACHED[one.state] < 5) return { items: [] }
  const started = Date.now() - 300_000
  let at = started
  const good = {
    id: 's2',
    endpointName: one.endpointName,
    started: new Date(started).toISOString(),
    ended: new Date(started + 198).toISOString(),
    address: '127.0.0.1:56684',
    planId: 'default',
    steps: [],
    exchanges: EXCHANGES.map(([operation, path, result, ms, bytes, note]) => {
      const exchange = { at: new Date(at).toISOString(), operation, path, result, ms, bytes, note }
      at += ms + 2
      return exchange
    }),
  }
  const bad = {
    ...good,
    id: 's1',
    started: before(4000),
    ended: before(3970),
    exchanges: [
      { at: before(4000), operation: 'Discover', path: '/', result: '2.05', ms: 14, bytes: 212, note: '' },
      { at: before(3999), operation: 'Write', path: '/505/0/3', result: '4.13', ms: 31, bytes: 1102, note: 'Request Entity Too Large' },
    ],
    failure: { code: 'DEVICE_REJECTED', reason: 'the device refused the required write to /505/0/3 with 4.13' },
  }
  return { items: [good, bad] }
}

export function resources(one) {
  if (!one.registration) return { items: [] }
  const told = (path, name, object, type, value, more = {}) => ({ path, name, object, type, value, at: before(95), source: 'read', ...more })
  return {
    items: [
      told('/3/0/0', 'Manufacturer', 'Device', 'STRING', 'Acme'),
      told('/3/0/1', 'Model Number', 'Device', 'STRING', one.model),
      told('/3/0/9', 'Battery Level', 'Device', 'INTEGER', '87', { units: '%', source: 'notify', at: before(4) }),
      told('/3/0/15', 'Timezone', 'Device', 'STRING', 'Europe/Berlin', { source: 'write' }),
      told('/13/0/6', 'Operator List', 'Bearer Selection', 'STRING', '26201,26202'),
      { path: '/19/0/0/0', name: 'Data', object: 'BinaryAppDataContainer', type: 'OPAQUE', secret: true, at: before(95), source: 'write' },
      told('/505/0/6', 'Update State', 'LwM2M SIM Provisioning', 'INTEGER', '0'),
      told('/505/0/14/0', 'ICCID', 'LwM2M SIM Provisioning', 'INTEGER', '8949020000001234567'),
    ],
  }
}

export function certificates(one) {
  const common = { endpointName: one.endpointName, account: 1, sha256: '5e'.repeat(32), est: true }
  return [
    { ...common, serialNumber: '7c01', notBefore: before(86_400), notAfter: before(-729 * 86_400), state: 'CURRENT', renewFrom: before(-486 * 86_400) },
    { ...common, serialNumber: '7b44', notBefore: before(500 * 86_400), notAfter: before(-230 * 86_400), state: 'REVOKED', revokedAt: before(86_400), reason: 'SUPERSEDED' },
  ]
}

export function registrations(one) {
  if (!one.registration) return { items: [] }
  return {
    items: [
      {
        ...one.registration,
        id: '1fAbCdEf',
        registeredAt: before(1200),
        binding: 'U',
        objectLinks: '</>;rt="oma.lwm2m";ct=11542,</1/0>,</3/0>,</4/0>,</10/0>,</11/0>,</13/0>,</19/0>,</505/0>',
      },
    ],
  }
}

export function drift(one) {
  if (!one.owner) return { documents: [], paths: [] }
  const drifted = one.state === 'REGISTERED'
  const path = (p, name, desired, more) => ({ path: p, name, configuration: 'fleet-defaults', desired, reported: desired, result: 'IN_STEP', message: '', ...more })
  return {
    at: before(120),
    documents: [{ id: 'fleet-defaults', version: 2 }],
    paths: [
      path('/3/0/14', 'UTC Offset', '+01:00'),
      path('/3/0/15', 'Timezone', 'Europe/Berlin', drifted ? { reported: 'UTC', result: 'DRIFTED', message: 'changed on the device' } : {}),
      path('/1/0/2', 'Default Minimum Period', '10'),
      { path: '/19/0/0/0', name: 'Data', configuration: 'fleet-defaults', secret: true, result: 'WRITTEN', message: '' },
    ],
  }
}

const shipment = (id, state, more) => ({
  id,
  manufacturer: 'acme',
  size: 214_748_364,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  signed: true,
  node: 'n1',
  broughtBy: 'acme',
  state,
  received: 214_748_364,
  applied: 0,
  lines: 0,
  accepted: 0,
  unchanged: 0,
  refused: 0,
  createdAt: before(600),
  changedAt: before(4),
  ...more,
})

export const shipments = [
  shipment('a1', 'APPLYING', { applied: 121_000_000, lines: 563_000, accepted: 562_400, unchanged: 12, refused: 588 }),
  shipment('a2', 'RECEIVING', { received: 50_331_648, changedAt: before(7200) }),
  shipment('a3', 'DONE', { applied: 214_748_364, lines: 1_000_000, accepted: 999_990, refused: 10, changedAt: before(86_400) }),
  shipment('a4', 'REFUSED', { reason: 'signature: is not over this list by this signer', changedAt: before(90_000) }),
]

export const setAside = [
  { noteId: 'a', kind: 'pln', home: 'basic', id: 'basic', reason: 'it has no version in front', at: new Date(Date.now() - 240_000).toISOString(), moved: true },
  { noteId: 'b', kind: 'dev', home: 'urn:dev:ops:32473-tracker-0007', id: 'urn:dev:ops:32473-tracker-0007', reason: 'its format is 3, this release reads up to 2', at: new Date(Date.now() - 86_400_000).toISOString(), moved: false },
]

const PEM = `-----BEGIN CERTIFICATE-----\n${'MIIBszCCAVmgAwIBAgIUZ0mW0v1FQbWq0yqk8o6QGQ5h2kEwCgYIKoZIzj0EAwIw\n'.repeat(3)}-----END CERTIFICATE-----`

export const manufacturers = [
  {
    id: 'acme', version: 3, name: 'Acme Devices', state: 'ACTIVE', anchors: [PEM, PEM], identityRule: 'SAN_URI', namespace: 'urn:dev:ops:32473-tracker-', deniedKeys: [],
    revocationLists: [{ url: 'http://crl.acme.example/device-ca.crl', staleAfterHours: 48 }, { url: 'http://crl.acme.example/device-ca-2.crl', staleAfterHours: 24 }],
    ocspResponders: [{ authority: '5f'.repeat(32), url: 'http://ocsp.acme.example/', staleAfterMinutes: 60, patienceSeconds: 5, admitUnanswered: false }],
    authorities: [
      { keySha256: '5f'.repeat(32), subject: 'CN=Acme device CA,O=Acme', notBefore: '2017-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z', standing: 'PROVEN' },
      { keySha256: 'a1'.repeat(32), subject: 'CN=Acme device CA 2,O=Acme', notBefore: '2026-11-01T00:00:00Z', notAfter: '2056-11-01T00:00:00Z', standing: 'UNPROVEN', challenge: '7c0d1be25a9f43d68e21b4c09a7f3e55' },
    ],
  },
  {
    id: 'globex', version: 1, name: 'Globex', state: 'SUSPENDED', anchors: [PEM], identityRule: 'COMMON_NAME', namespace: 'urn:dev:ops:32473-gauge-', deniedKeys: ['9b'.repeat(32)],
    authorities: [{ keySha256: '9b'.repeat(32), subject: 'CN=Globex CA', notBefore: '2020-01-01T00:00:00Z', notAfter: '2026-06-01T00:00:00Z', standing: 'DENIED' }],
  },
]

export const revocationLists = [
  { url: 'http://crl.acme.example/device-ca.crl', standing: 'FRESH', triedAt: before(900), issuer: 'CN=Acme device CA,O=Acme', fetchedAt: before(900), staleAt: before(-171900), thisUpdate: before(40000), nextUpdate: before(-90000), revoked: 312 },
  { url: 'http://crl.acme.example/device-ca-2.crl', standing: 'STALE', triedAt: before(40), fault: 'it was answered with status 503', issuer: 'CN=Acme device CA 2,O=Acme', fetchedAt: before(100000), staleAt: before(13600), thisUpdate: before(120000), revoked: 4 },
]

export const ocspResponders = [
  { authority: '5f'.repeat(32), url: 'http://ocsp.acme.example/', standing: 'FAILING', answers: 1204, failures: 3, answeredAt: before(700), failedAt: before(20), fault: 'it did not answer in time' },
]

export const audit = [
  ['device.claim', 'urn:dev:ops:32473-tracker-0007', 'things', 'ok', 30],
  ['device.revoke', 'urn:dev:ops:32473-tracker-0004', 'things', 'FORBIDDEN', 95],
  ['manufacturer.put', 'acme', 'platform', 'ok', 4000],
  ['session.begin', 'one-time code', 'platform', 'ok', 4100],
].map(([action, target, tenant, result, age], index) => ({
  id: `7fff${index}`, at: before(age), tenant, principal: 'tok-5c1f', from: '192.0.2.7', action, target, result,
}))

/** As the API would, without looking at the certificate. */
export function prove(id) {
  const maker = manufacturers.find((one) => one.id === id)
  maker.authorities = maker.authorities.map(({ challenge, ...rest }) => (challenge ? { ...rest, standing: 'PROVEN' } : rest))
  return maker
}

export const handshakeFailures = () => ({
  items: [
    { at: before(12), address: '127.0.0.1:41990', server: 'bootstrap', subject: 'CN=urn:dev:ops:32473-tracker-000777', issuer: 'CN=Orion Device CA', reason: 'no manufacturer trusts the CA that issued this certificate' },
    { at: before(260), address: '127.0.0.1:52011', server: 'dm', reason: 'the pre-shared key identity is not known' },
    { at: before(3400), address: '10.0.7.9:33112', server: 'bootstrap', subject: 'CN=urn:dev:ops:32473-meter-000012', issuer: 'CN=Acme Device CA 3', reason: 'the certificate expired on 2026-10-01' },
  ],
})

const resource = (id, name, operations, type, more = {}) => ({ id, name, operations, multiple: false, mandatory: false, type, ...more })
const MODELS_BY_ID = {
  0: ['LwM2M Security', []],
  1: ['LwM2M Server', [resource(0, 'Short Server ID', 'R', 'INTEGER'), resource(1, 'Lifetime', 'RW', 'INTEGER', { units: 's' }), resource(2, 'Default Minimum Period', 'RW', 'INTEGER', { units: 's' }), resource(8, 'Registration Update Trigger', 'E', 'NONE')]],
  3: [
    'Device',
    [
      resource(0, 'Manufacturer', 'R', 'STRING'),
      resource(1, 'Model Number', 'R', 'STRING'),
      resource(4, 'Reboot', 'E', 'NONE'),
      resource(9, 'Battery Level', 'R', 'INTEGER', { range: '0..100', units: '%' }),
      resource(13, 'Current Time', 'RW', 'TIME'),
      resource(14, 'UTC Offset', 'RW', 'STRING'),
      resource(15, 'Timezone', 'RW', 'STRING'),
    ],
  ],
  4: ['Connectivity Monitoring', [resource(0, 'Network Bearer', 'R', 'INTEGER'), resource(2, 'Radio Signal Strength', 'R', 'INTEGER', { units: 'dBm' })]],
  10: ['Cellular Connectivity', []],
  11: ['APN Connection Profile', [resource(1, 'APN', 'RW', 'STRING')]],
  13: ['Bearer Selection', [resource(6, 'Operator List', 'RW', 'STRING'), resource(7, 'Operator List Mode', 'RW', 'BOOLEAN')]],
  19: ['BinaryAppDataContainer', [resource(0, 'Data', 'RW', 'OPAQUE', { multiple: true })]],
  505: ['LwM2M SIM Provisioning', [resource(3, 'Profile Package', 'W', 'OPAQUE'), resource(5, 'Update Profile', 'E', 'NONE'), resource(6, 'Update State', 'R', 'INTEGER'), resource(14, 'ICCID', 'R', 'INTEGER', { multiple: true })]],
}

export function objectModel(objectId) {
  const known = MODELS_BY_ID[objectId]
  return known && { objectId, version: '1.1', name: known[0], source: 'built-in', multiple: false, mandatory: false, resources: known[1] }
}

export const tenants = [
  { id: 'north', version: 3, name: 'North Mobile', kind: 'MOBILE_OPERATOR', operatorId: 'VATDE-123456789', plmnPolicy: { plmns: ['26201', '26203'], exclusive: true } },
  { id: 'harbour', version: 1, name: 'Harbour Authority', kind: 'SERVICE_PROVIDER' },
  { id: 'acme', version: 1, name: 'Acme Devices', kind: 'MANUFACTURER' },
]

export const users = [
  { id: 'anna@example.com', version: 3, tenant: 'platform', displayName: 'Anna Berg', role: 'ADMINISTRATOR', state: 'ACTIVE', hasPassword: true, createdAt: '2026-11-02T08:00:00Z', lastSignIn: '2026-11-27T07:58:00Z' },
  { id: 'bert@example.com', version: 1, tenant: 'platform', displayName: 'Bert Lind', role: 'OPERATOR', state: 'ACTIVE', hasPassword: true, createdAt: '2026-11-02T08:00:00Z', lastSignIn: '2026-11-26T16:12:00Z' },
  { id: 'carla@a-company-with-a-long-name.example', version: 1, tenant: 'acme-things', displayName: 'Carla', role: 'VIEWER', state: 'ACTIVE', hasPassword: false, createdAt: '2026-11-26T08:00:00Z' },
  { id: 'dario', version: 5, tenant: 'acme-things', displayName: 'Dario', role: 'OPERATOR', state: 'DISABLED', hasPassword: true, createdAt: '2026-10-01T08:00:00Z', lastSignIn: '2026-10-30T08:00:00Z' },
]
export function putUser(id, body) {
  const user = users.find((one) => one.id === id) ?? { id, version: 0, hasPassword: false, createdAt: new Date().toISOString() }
  if (!users.includes(user)) users.push(user)
  return Object.assign(user, body, { version: user.version + 1 })
}
export const browserSessions = [
  { id: 'abcdefghij', tenant: 'platform', user: 'anna@example.com', name: 'Anna Berg', current: true, createdAt: '2026-11-27T07:58:00Z', address: '192.0.2.7', browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', lastUsed: new Date().toISOString() },
  { id: 'bcdefghijk', tenant: 'platform', user: 'anna@example.com', name: 'Anna Berg', current: false, createdAt: '2026-11-26T17:20:00Z', address: '2001:db8::7', browser: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36', lastUsed: '2026-11-26T21:00:00Z' },
]
export const tokens = [
  { id: 'k3b1x9mnpq', tenant: 'platform', kind: 'PLATFORM_OPERATOR', name: 'warehouse script', use: 'API', user: 'anna@example.com', scopes: ['FOLLOW_DEVICES', 'SEE_DEVICES'], createdAt: '2026-11-20T08:00:00Z', expiresAt: '2027-02-18T08:00:00Z', version: 1 },
  { id: 'm4c2y8rstu', tenant: 'platform', kind: 'PLATFORM_OPERATOR', name: 'local commands on n1', use: 'API', createdAt: '2026-11-20T08:00:00Z', version: 1 },
]

export const claimOffers = {
  title: 'Welcome to Harbour Things',
  offers: [
    {
      country: 'FR',
      coverages: [
        { id: 'home', name: 'In France', plans: [{ id: 'basic', name: 'Basic, a report a day' }, { id: 'more', name: 'More, a report an hour' }] },
        { id: 'abroad', name: 'France and its neighbours', plans: [{ id: 'more', name: 'More, a report an hour' }] },
      ],
    },
    { country: 'DE', coverages: [{ id: 'home', name: 'In Germany', plans: [{ id: 'basic', name: 'Basic, a report a day' }] }] },
  ],
}

export const claimedDevice = (wish) => ({
  model: 'tracker-1',
  serialNumber: '000142',
  progress: 'NOT_SEEN',
  since: before(3),
  claimedAt: before(3),
  answers: { country: wish.country, coverage: wish.coverage, servicePlan: wish.servicePlan },
  csrf: 'c',
})



export const plans = [
  { id: 'trackers', version: 4, tenant: 'north', models: ['tracker-1'], owners: [], countries: ['DE', 'FR'], priority: 10, account: { shortServerId: 1, securityInstanceId: 1, serverInstanceId: 0, lifetime: 300, binding: 'UQ' }, credential: 'issued-key', subscription: 'push', plmn: { plmns: ['26201'], exclusive: false }, apns: { 0: { 0: 'default', 1: 'iot.example', 4: '3', 6: { secret: true } } }, cellular: { 4: '60' }, optional: [10], timing: { waitBeforeFirstWriteMs: 0, requestTimeoutMs: 30000, blockSize: 512 }, savedAt: before(4000), savedBy: 'Ada', comment: 'smaller blocks for the new modem' },
  { id: 'everything-else', version: 1, tenant: 'platform', models: [], owners: [], countries: [], priority: 0, account: { lifetime: 86400 }, credential: 'psk', subscription: 'none', apns: {}, cellular: {}, optional: [], timing: {}, savedAt: before(900000), savedBy: 'Ada' },
]
export const planVersions = [4, 3, 2, 1].map((version) => ({ version, savedAt: before((5 - version) * 90000), savedBy: version % 2 ? 'Ada' : 'Grace', ...(version === 4 && { comment: 'smaller blocks for the new modem' }) }))
export const planComparison = { from: 3, to: 4, differences: [{ path: 'timing.blockSize', before: '1024', after: '512' }, { path: 'countries', after: 'DE, FR' }, { path: 'apns.0.6', before: 'a secret', after: 'a secret' }] }
export const dryRun = {
  endpointName: 'urn:dev:ops:32473-tracker-000000',
  plan: { id: 'trackers', version: 4 },
  candidates: [
    { plan: { id: 'trackers', version: 4 }, tenant: 'north', priority: 10, chosen: true, misfits: [] },
    { plan: { id: 'everything-else', version: 1 }, tenant: 'platform', priority: 0, chosen: false, misfits: [] },
    { plan: { id: 'meters', version: 2 }, tenant: 'platform', priority: 0, chosen: false, misfits: ['models: its model is tracker-1', 'countries: nobody has said yet'] },
  ],
  faults: [],
  deletes: ['/0', '/1', '/2', '/11'],
  writes: [
    { path: '/0/1', required: true, why: 'the account of the plan, to this platform, with a credential of kind issued-key that is made when it comes', values: [{ path: '/0/1/0', name: 'LwM2M Server URI', value: 'coaps://dm.example.com:5784' }, { path: '/0/1/10', name: 'Short Server ID', value: '1' }] },
    { path: '/13/0', required: true, why: 'the owner\u2019s choices, then the operator\u2019s others (the policy is the plan\u2019s)', values: [{ path: '/13/0/6', name: 'Cellular Operator List', value: '20801,26201' }] },
    { path: '/10/0', required: false, why: 'the plan\u2019s cellular settings', values: [{ path: '/10/0/4', name: 'PSM Timer', value: '60' }] },
    { path: '/505/0/3', required: true, why: 'the sealed subscription 0f3a of north, which its eUICC does not have yet', values: [{ path: '/505/0/3', name: 'Profile Package', value: '1132 bytes' }] },
  ],
}
