// Brings a shipment list to the platform in pieces: never whole in memory, and never twice.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { Problem, call } from '@/api/client'
import type { Shipment } from '@/api/types'

const PIECE = 4 * 1024 * 1024
const MOST_CONFLICTS = 10

export interface Progress {
  what: 'read' | 'sent'
  bytes: number
}

/** WebCrypto takes nothing in pieces; this does. */
export async function sha256Of(file: Blob, tell: (progress: Progress) => void = () => {}): Promise<string> {
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += PIECE) {
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))
    tell({ what: 'read', bytes: Math.min(at + PIECE, file.size) })
  }
  return bytesToHex(hash.digest())
}

/** Returns when all its bytes are there, also where an earlier try had sent some of them. */
export async function deliver(
  manufacturer: string,
  file: Blob,
  signature: Blob | undefined,
  tell: (progress: Progress) => void,
): Promise<Shipment> {
  let list = await call<Shipment>('shipments', {
    method: 'POST',
    body: {
      manufacturer,
      size: file.size,
      sha256: await sha256Of(file, tell),
      ...(signature && { signature: await base64(signature) }),
    },
  })
  let conflicts = 0
  while (list.state === 'RECEIVING') {
    tell({ what: 'sent', bytes: list.received })
    try {
      list = await call<Shipment>(`shipments/${list.id}/content`, {
        method: 'PUT',
        query: { offset: list.received },
        bytes: file.slice(list.received, list.received + PIECE),
      })
    } catch (failure) {
      // the answer to an earlier piece was lost: the list says where it is
      if (Problem.of(failure).status !== 409 || ++conflicts > MOST_CONFLICTS) throw failure
      list = await call<Shipment>(`shipments/${list.id}`)
    }
  }
  return list
}

async function base64(blob: Blob): Promise<string> {
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())))
}
