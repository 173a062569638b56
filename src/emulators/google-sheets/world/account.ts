/** Accounts that ask: service accounts with keys of their own, people, and workloads that come with a token of elsewhere. One RSA key serves all of a process: making one takes a while. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'

export interface Account {
  readonly email: string
  readonly kind: 'service' | 'user' | 'federated'
  /** The number of the project that calls are counted for. */
  readonly project: string
  /** By id; an account whose key was deleted has none. */
  readonly keys: Map<string, KeyObject>
  /** Scopes in which it may act as a user of its domain. */
  delegated: readonly string[]
  /** Who may ask for tokens of this service account, by email. */
  readonly impersonators: Set<string>
}

/** The file that Google gives for a service account. */
export interface ServiceAccountKey {
  readonly type: 'service_account'
  readonly project_id: string
  readonly private_key_id: string
  readonly private_key: string
  readonly client_email: string
  readonly client_id: string
  readonly auth_uri: string
  readonly token_uri: string
  readonly universe_domain: string
}

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
  readonly privatePem: string
}

export function newKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { publicKey, privateKey, privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

/** Throws what node:crypto throws where it is no key. */
export function readKeyPair(privatePem: string): KeyPair {
  const privateKey = createPrivateKey(privatePem)
  return { publicKey: createPublicKey(privatePem), privateKey, privatePem }
}

let shared: KeyPair | undefined

export function sharedKeyPair(): KeyPair {
  shared ??= newKeyPair()
  return shared
}

export function newAccount(kind: Account['kind'], email: string, project: string): Account {
  return { kind, email, project, keys: new Map(), delegated: [], impersonators: new Set() }
}

/** Gives the account a key. `url`: of the emulator, with a slash at its end. */
export function issueKey(
  { email, keys }: Account,
  url: string,
  { publicKey, privatePem }: KeyPair,
  id = randomUUID().replaceAll('-', ''),
): ServiceAccountKey {
  keys.set(id, publicKey)
  return {
    type: 'service_account',
    project_id: email.split('@')[1]!.split('.')[0]!,
    private_key_id: id,
    private_key: privatePem,
    client_email: email,
    client_id: '100000000000000000001',
    auth_uri: `${url}o/oauth2/auth`,
    token_uri: `${url}token`,
    universe_domain: 'googleapis.com',
  }
}
