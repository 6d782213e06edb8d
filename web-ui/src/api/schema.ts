// Made by scripts/api-types.mjs from openapi.yaml. Do not edit.

export type Problem = {
  type: string
  title: string
  status: number
  code: 'MALFORMED' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT' | 'PRECONDITION_FAILED' | 'UNSUPPORTED' | 'RATE_LIMITED' | 'DEVICE_UNREACHABLE' | 'DEVICE_TIMEOUT' | 'DEVICE_REJECTED' | 'DEPENDENCY_UNAVAILABLE' | 'OUTCOME_UNKNOWN' | 'INTERNAL'
  /** One sentence for the one who asked */
  detail: string
}

export type TenantKind = 'PLATFORM_OPERATOR' | 'MOBILE_OPERATOR' | 'MANUFACTURER' | 'SERVICE_PROVIDER' | 'END_USER'

/** A code, a token, or a name with a password */
export type SignIn = {
  /** One-time code, good once */
  code?: string
  /** An API token */
  token?: string
  /** A user's sign-in name, in any case */
  name?: string
  password?: string
}

export type Session = {
  tenant: string
  kind: TenantKind
  /** Whose token or code it was; a user's own name */
  name: string
  role: Role
  /** The user's sign-in name; absent for a tenant's own token or session */
  user?: string
  /** For a user: whether it has chosen one */
  hasPassword?: boolean
  /** What the token is narrowed to */
  scopes?: string[]
  /** With a cookie: what X-Firstlight-Csrf must carry */
  csrf?: string
  expiresAt?: string
}

export type Role = 'VIEWER' | 'OPERATOR' | 'ADMINISTRATOR'

export type User = {
  /** The name that it signs in with */
  id?: string
  version?: number
  /** The writer's own if absent; never changes */
  tenant?: string
  displayName: string
  role: Role
  state?: 'ACTIVE' | 'DISABLED'
  /** Whether it has chosen one */
  hasPassword?: boolean
  createdAt?: string
  /** The last by password */
  lastSignIn?: string
}

export type BrowserSession = {
  id: string
  tenant: string
  user?: string
  name: string
  /** Whether it is the one that asks */
  current: boolean
  createdAt: string
  expiresAt?: string
  /** Where it began */
  address?: string
  /** What the browser calls itself */
  browser?: string
  /** To about a minute */
  lastUsed?: string
}

export type DeviceState = 'EXPECTED' | 'CLAIMED' | 'BOOTSTRAPPED' | 'REGISTERED' | 'CONFIGURED' | 'LOST' | 'RETIRED'

export type Tags = string[]

export type DeviceCounts = {
  total: number
  /** By state, every one of them */
  states: Record<string, number>
}

/** What the caller may not see is absent; a manufacturer sees what it has shipped */
export type DeviceSummary = {
  endpointName: string
  manufacturer: string
  model: string
  serialNumber: string
  state?: DeviceState
  stateSince?: string
  /** Why it was told to come later, at its last try */
  waiting?: string
  /** Tenant that claimed it */
  owner?: string
  /** Its eUICC */
  eid?: string
  revoked: boolean
  tags?: Tags
  registration?: RegistrationSummary
  subscription?: SubscriptionSummary
  configuration?: ConfigurationCounts
}

export type Device = DeviceSummary & {
  version: number
  /** What the manufacturer's identity rule yields */
  factoryId?: string
  /** Hex SHA-256 of its factory public key, once known */
  factoryKeySha256?: string
  /** A claim code is open */
  claimable?: boolean
  claim?: {
    tenant: string
    at: string
    preferredPlmns: string[]
  }
  stateBeforeLost?: DeviceState
  /** Why it may not come in any more */
  revocation?: string
  lastSessionId?: string
  /** The last time that somebody came with a certificate of this device and another key */
  keyAlarm?: {
    at: string
    knownSha256: string
    shownSha256: string
    address: string
  }
  /** Operational certificates, the newest of each account */
  credentials?: ({
    account: number
    serialNumber: string
    sha256: string
    notBefore: string
    notAfter: string
  })[]
  /** Raw public keys that it is known by, the newest of each account */
  rawPublicKeys?: ({
    account: number
    /** Hex SHA-256 of its SubjectPublicKeyInfo */
    keySha256: string
    createdAt: string
  })[]
}

/** An operational certificate */
export type Certificate = {
  endpointName: string
  /** Short Server ID */
  account: number
  /** In hex */
  serialNumber: string
  /** Hex SHA-256 of its DER */
  sha256: string
  notBefore: string
  notAfter: string
  /** The device made the key and fetched the certificate by EST */
  est: boolean
  /** NEXT: handed over, and the device has not registered with it yet */
  state: 'CURRENT' | 'NEXT' | 'EXPIRED' | 'REVOKED'
  /** When the device should have another: a third of its time is left then */
  renewFrom?: string
  /** When the device was to get another, which it has not yet */
  renewalAskedAt?: string
  revokedAt?: string
  /** As in RFC 5280 §5.3.1. CERTIFICATE_HOLD while the device is revoked */
  reason?: 'UNSPECIFIED' | 'KEY_COMPROMISE' | 'AFFILIATION_CHANGED' | 'SUPERSEDED' | 'CESSATION_OF_OPERATION' | 'CERTIFICATE_HOLD' | 'PRIVILEGE_WITHDRAWN'
}

export type RegistrationSummary = {
  /** Short Server ID */
  account: number
  /** Seconds */
  lifetime: number
  lastContact: string
  expiresAt: string
  address: string
  queueMode: boolean
  /** LwM2M version as the client said it */
  version: string
}

export type Registration = RegistrationSummary & {
  id: string
  registeredAt: string
  binding: string
  /** CoRE link format, as registered */
  objectLinks: string
  /** The server process that holds the connection */
  node?: string
}

export type SubscriptionState = 'IMPORTED' | 'ASSIGNED' | 'INSTALL_PENDING' | 'INSTALLED' | 'ENABLED' | 'FAILED' | 'EXPIRED'

/** A service provider sees `present` alone */
export type SubscriptionSummary = {
  present: boolean
  state?: SubscriptionState
  stateSince?: string
  operatorId?: string
  packageId?: string
}

/** Paths of the desired configuration, by result */
export type ConfigurationCounts = {
  inStep: number
  written: number
  drifted: number
  rejected: number
  unreachable: number
}

export type DeviceImport = {
  endpointName: string
  manufacturer: string
  factoryId: string
  model: string
  serialNumber: string
  eid?: string
  /** Hashed at once */
  claimCode?: string
  /** Of the code in upper case without spaces and dashes */
  claimCodeSha256?: string
  /** Of the certificate's SubjectPublicKeyInfo */
  factoryKeySha256?: string
  tags?: Tags
}

export type Transfer = {
  tenant: string
  /** Shown this once; good for that tenant alone. None where the device is its already */
  claimCode?: string
}

export type ImportResult = {
  accepted: number
  /** The first 1,000 of them */
  refused: ({
    line: number
    reason: string
  })[]
  refusedCount?: number
}

export type Step = {
  name: 'handshake' | 'admission' | 'plan' | 'enrolment' | 'bootstrap' | 'subscription' | 'attach' | 'register' | 'configuration'
  at: string
  ms: number
  ok: boolean
  details: Record<string, string>
}

export type Exchange = {
  at: string
  operation: string
  path: string
  /** CoAP code as 2.04, or timeout, reset, cancelled */
  result: string
  ms: number
  bytes: number
  note: string
}

export type BootstrapSession = {
  id: string
  endpointName: string
  started: string
  ended?: string
  address: string
  planId?: string
  steps: Step[]
  exchanges: Exchange[]
  failure?: {
    code: string
    reason: string
  }
}

export type Resource = {
  path: string
  /** Of the resource */
  name?: string
  /** Of the object */
  object?: string
  type: 'STRING' | 'INTEGER' | 'UNSIGNED_INTEGER' | 'FLOAT' | 'BOOLEAN' | 'OPAQUE' | 'TIME' | 'OBJLNK' | 'CORELNK' | 'NONE'
  units?: string
  /** As text, opaque in hex; absent for a secret */
  value?: string
  secret?: boolean
  at: string
  source: 'read' | 'notify' | 'send' | 'write'
}

export type Operation = {
  operation: 'read' | 'write' | 'execute' | 'observe' | 'cancel-observation' | 'discover'
  path: string
  /** write: of a single resource, as text */
  value?: string
  /** write: of several resources by path, all under `path` */
  values?: Record<string, string>
  /** execute, as the device shall get them */
  arguments?: string
  /** Short Server ID */
  account?: number
}

export type OperationResult = {
  done: boolean
  coapCode: string
  /** What a discover found, CoRE link format */
  links?: string
  values: ({
    path: string
    type: string
    /** Absent for a secret */
    value?: string
    secret?: boolean
  })[]
}

export type DriftReport = {
  at?: string
  documents: ({
    id: string
    /** As last applied */
    version: number
  })[]
  paths: ({
    path: string
    name?: string
    /** Id of the document */
    configuration: string
    /** Absent for a secret */
    desired?: string
    /** Absent for a secret */
    reported?: string
    secret?: boolean
    result: 'IN_STEP' | 'WRITTEN' | 'DRIFTED' | 'REJECTED' | 'UNREACHABLE' | 'PENDING'
    message: string
  })[]
}

export type Manufacturer = {
  id?: string
  version?: number
  name: string
  /** Its devices are let in while it is ACTIVE; SUSPENDED cuts them off for a time, RETIRED for good */
  state?: 'ACTIVE' | 'SUSPENDED' | 'RETIRED'
  anchors: string[]
  identityRule: 'SAN_URI' | 'HARDWARE_MODULE_NAME' | 'SUBJECT_SERIAL_NUMBER' | 'COMMON_NAME'
  /** Prefix of its endpoint names; no two manufacturers' overlap */
  namespace: string
  /** Explicit endpoint name per factory id */
  endpointNames?: Record<string, string>
  maxPathLength?: number
  /** Hex SHA-256 of revoked public keys */
  deniedKeys?: string[]
  /** Where its CAs publish certificate revocation lists (RFC 5280). With any, a device is let in only while a fresh one of its issuing CA does not name it */
  revocationLists?: ({
    /** http or https, without a user */
    url: string
    /** How long a list vouches after it was last fetched */
    staleAfterHours: number
  })[]
  /** Who is asked whether a certificate of one of its CAs is revoked (RFC 6960), one for each CA at most */
  ocspResponders?: ({
    /** The CA that it speaks for: keySha256 of one of its authorities */
    authority: string
    /** http or https, without a user */
    url: string
    /** How long an answer counts, if it does not end sooner itself */
    staleAfterMinutes: number
    /** How long a handshake waits for an answer */
    patienceSeconds: number
    /** Whether a device comes in of which the responder does not tell in time */
    admitUnanswered: boolean
  })[]
  /** With the rule HARDWARE_MODULE_NAME: the hwType that its devices may have, any if there are none */
  hardwareTypes?: string[]
  /** Who may sign its shipment lists: each certificate is trusted for itself, whoever issued it. With any, the manufacturer's own users bring signed lists only */
  shipmentSigners?: string[]
  /** What is known of each CA of `anchors` */
  authorities?: Authority[]
}

export type Authority = {
  /** Hex SHA-256 of its public key */
  keySha256: string
  subject: string
  notBefore: string
  notAfter: string
  /** Only a proven one vouches for devices */
  standing: 'PROVEN' | 'UNPROVEN' | 'DENIED'
  /** While unproven: the common name of the certificate that it has to sign */
  challenge?: string
}

export type Shipment = {
  /** Follows from manufacturer and content */
  id: string
  manufacturer: string
  /** In bytes */
  size: number
  sha256: string
  signed: boolean
  /** Hex SHA-256 of the certificate that signed it */
  signer?: string
  /** Which node has its bytes and its report */
  node: string
  /** The tenant that announced it */
  broughtBy: string
  /** REFUSED: no line had an effect. FAILED: it ended early, what was applied stays */
  state: 'RECEIVING' | 'VERIFYING' | 'APPLYING' | 'DONE' | 'REFUSED' | 'FAILED'
  /** Bytes that are stored */
  received: number
  /** Bytes whose lines are applied */
  applied: number
  lines: number
  /** Devices that are new */
  accepted: number
  /** Lines whose device was there already, as they say */
  unchanged: number
  refused: number
  /** Why it was refused or has failed */
  reason?: string
  createdAt: string
  changedAt: string
}

export type RevocationList = {
  url: string
  /** Devices of its CA are refused unless it is FRESH */
  standing: 'FRESH' | 'STALE' | 'MISSING'
  triedAt?: string
  /** Why the last try gave no list */
  fault?: string
  /** The CA's name in the list that is held */
  issuer?: string
  fetchedAt?: string
  /** Until when it vouches, should it not be fetched again */
  staleAt?: string
  thisUpdate?: string
  nextUpdate?: string
  /** How many certificates it names */
  revoked?: number
}

export type OcspResponder = {
  /** The CA that it speaks for: SHA-256 of its key, hex */
  authority: string
  url: string
  standing: 'ANSWERS' | 'FAILING' | 'NOT_ASKED'
  /** How many questions it answered */
  answers: number
  /** How many it did not */
  failures: number
  answeredAt?: string
  failedAt?: string
  /** Why the last question got no answer */
  fault?: string
}

export type Tenant = {
  id?: string
  version?: number
  name: string
  kind: TenantKind
  /** A mobile operator's: as its signing certificate carries it */
  operatorId?: string
  plmnPolicy?: PlmnPolicy
}

export type PlmnPolicy = {
  plmns: string[]
  exclusive: boolean
}

export type Token = {
  id: string
  tenant: string
  kind: TenantKind
  name: string
  use: 'API' | 'SESSION' | 'SIGN_IN'
  createdAt: string
  expiresAt?: string
  /** Whose it is and with whom it ends; absent for the tenant's own */
  user?: string
  /** What it is narrowed to */
  scopes?: string[]
  version: number
}

export type OnboardingPlan = {
  id?: string
  version?: number
  /** Whose plan; the caller's if absent */
  tenant?: string
  /** Empty: all */
  models?: string[]
  /** Tenants of owners; empty: all */
  owners?: string[]
  priority?: number
  account: {
    shortServerId?: number
    /** coaps URI; absent: this platform's DM server. With credential nosec: coap://127.0.0.1:port */
    uri?: string
    securityInstanceId?: number
    serverInstanceId?: number
    /** Seconds */
    lifetime?: number
    binding?: 'U' | 'UQ'
    /** /0/x/15, where the credential is a certificate. 2: the server's CA is written, and trusted. 3: its certificate is written, and no other taken. 0 and 1: the same, and the device must trust the CA by itself too */
    certificateUsage?: number
  }
  /** est: for models that know security mode 4 (EST over CoAP). certified-factory-key: for models that take an empty /0/x/5, which `models` must name. rpk: a raw public key (security mode 1). nosec: only for a client on this machine that was let in without security */
  credential?: 'est' | 'issued-key' | 'certified-factory-key' | 'rpk' | 'psk' | 'nosec'
  subscription?: 'push' | 'none'
  plmn?: PlmnPolicy
  /** /11 instance id -> resource id -> value as text. User name and password (5 and 6) are stored encrypted and come back as `{"secret": true}`; sent back so, the secret stays. */
  apns?: Record<string, Record<string, string | {
    secret: 'true'
  }>>
  /** /10/0 resource id -> value as text */
  cellular?: Record<string, string>
  /** Object ids that a device may lack */
  optional?: number[]
  /** Where the owner said that the device is to work, ISO 3166-1 alpha-2; empty: all */
  countries?: string[]
  /** Why it is saved so */
  comment?: string
  savedAt?: string
  savedBy?: string
  timing?: {
    waitBeforeFirstWriteMs?: number
    requestTimeoutMs?: number
    blockSize?: '16' | '32' | '64' | '128' | '256' | '512' | '1024'
  }
}

export type ClaimPage = {
  id?: string
  version?: number
  /** The service provider that owns what is claimed; the caller's if absent */
  tenant?: string
  title: string
  offers: ({
    /** ISO 3166-1 alpha-2 */
    country: string
    coverages: ({
      id: string
      name: string
      plans: ({
        id: string
        name: string
        /** Becomes the preferred PLMN list: MCC and MNC, best first */
        plmns: string[]
      })[]
    })[]
  })[]
}

export type ClaimOffers = {
  title: string
  offers: ({
    country: string
    coverages: ({
      id: string
      name: string
      plans: ({
        id: string
        name: string
      })[]
    })[]
  })[]
}

export type MyDevice = {
  model: string
  serialNumber: string
  /** NOT_SEEN: has not come yet; WAITING: was here, and comes again; SET_UP: has what it needs, not connected yet */
  progress: 'NOT_SEEN' | 'WAITING' | 'SET_UP' | 'CONNECTED' | 'LOST' | 'OUT_OF_SERVICE'
  since: string
  claimedAt: string
  answers?: {
    country: string
    coverage: string
    servicePlan: string
  }
  /** To be sent as X-Firstlight-Csrf with a write */
  csrf?: string
}

export type PlanVersion = {
  version: number
  /** Absent for one of an earlier release */
  savedAt?: string
  savedBy: string
  comment?: string
}

export type PlanComparison = {
  from: number
  to: number
  differences: ({
    /** Of the field, as `apns.0.1` */
    path: string
    /** Absent where the first version has none; `a secret` in place of one */
    before?: string
    after?: string
  })[]
}

export type PlanTrial = {
  endpointName: string
  planId?: string
  version?: number
  plan?: OnboardingPlan
  /** What is not so yet, taken as given */
  assume?: {
    /** Tenant of the one who has claimed it */
    owner?: string
    /** ISO 3166-1 alpha-2 */
    country?: string
    preferredPlmns?: string[]
  }
}

export type DryRun = {
  endpointName: string
  /** Why it would be told to come later, or not at all; absent if it would not */
  waiting?: string
  plan?: NamedPlan
  /** The plans that you may see, the best first, and the one that counts */
  candidates: ({
    plan?: NamedPlan
    tenant: string
    priority: number
    chosen: boolean
    /** Why it is not for this device */
    misfits: string[]
  })[]
  /** Why the plan would be refused as a whole */
  faults: string[]
  /** Paths, deleted first, in order */
  deletes: string[]
  /** In order */
  writes: ({
    path: string
    /** Whether a refusal fails the bootstrap */
    required: boolean
    /** Where the values come from */
    why: string
    values: ({
      path: string
      name?: string
      /** In place of a secret or of bytes, what it is */
      value: string
    })[]
  })[]
}

export type NamedPlan = {
  id: string
  /** Absent for one that is not saved */
  version?: number
}

export type Configuration = {
  id?: string
  version?: number
  /** Whose; the administrator names it, else the caller's */
  tenant?: string
  /** Empty: all of the tenant's that `models` allows */
  endpointNames?: string[]
  /** Empty: all */
  models?: string[]
  /** By resource path */
  values: Record<string, {
    value: string
  } | {
    secret: string | true
  }>
}

export type Subscription = {
  packageId: string
  operatorId: string
  tenant: string
  eid: string
  endpointName: string
  counter: number
  notBefore: string
  notAfter: string
  packageSha256: string
  state: SubscriptionState
  stateSince: string
  /** Why it is in this state */
  cause: string
  /** As the device reports it */
  iccid?: string
  /** Whether the sealed bytes are still in custody */
  sealedHere?: boolean
  /** Whether the eUICC's signed receipt is verified and kept */
  receipt: boolean
}

export type ConnectionRequest = {
  /** Endpoint Client Name of the client */
  name: string
  credential: 'psk' | 'certificate' | 'nosec'
  /** PEM; for credential certificate */
  certificate?: string
  /** DNS name or address under which the client reaches this machine; the configured name if absent. With certificate: a name in both servers' certificates; not with nosec */
  host?: string
}

export type Connection = {
  endpointName: string
  credential: 'psk' | 'certificate' | 'nosec'
  bootstrap?: ConnectionServer
  dm: ConnectionServer
  /** PEM of the CA that the servers' certificates chain to */
  trustAnchor?: string
}

export type ConnectionServer = {
  uri: string
  /** PSK identity */
  identity?: string
  /** PSK in hex, shown this once */
  key?: string
  /** PEM; to show to this server in the place of the client's own, over the same key */
  certificate?: string
}

export type ObjectModelSummary = {
  objectId: number
  version: string
  name: string
  source: 'built-in' | 'uploaded'
}

export type ObjectModel = ObjectModelSummary & {
  description?: string
  multiple: boolean
  mandatory: boolean
  resources: ({
    id: number
    name: string
    /** R, W, RW, E or empty */
    operations: string
    multiple: boolean
    mandatory: boolean
    type: string
    range?: string
    units?: string
    description?: string
  })[]
}

export type Event = {
  at: string
  type: string
  endpointName?: string
  tenant?: string
  details: Record<string, string>
}

export type HandshakeFailure = {
  at: string
  address: string
  server?: 'bootstrap' | 'dm'
  subject?: string
  issuer?: string
  reason: string
}

export type AuditEntry = {
  id: string
  at: string
  tenant: string
  /** Id of the token, or of the session; absent, as from and user, where another tenant acted */
  principal?: string
  /** Address that the request came from */
  from?: string
  /** Sign-in name of the user, where it was one */
  user?: string
  action: string
  target: string
  /** ok, or the code of the refusal */
  result: string
}

export type SetAside = {
  /** For DELETE */
  noteId: string
  /** Its word in the state, as in the event record.set-aside: dev, pln, tok, … */
  kind: string
  /** The endpoint name of the device that it is of, else the record's id */
  home: string
  id: string
  reason: string
  /** Absent for what an earlier release noted */
  at?: string
  /** false: it stays in its place, for a later release wrote it, or what it hides would be shown without it */
  moved: boolean
}
