import { describe, expect, it } from 'vitest'
import { certificatesOf, respondersOf, expiry, signing, sourcesOf, sourcesText } from '@/trust/words'

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB+/Aa=\n-----END CERTIFICATE-----'

describe('a manufacturer’s CAs', () => {
  it('are cut out of a text that holds several', () => {
    expect(certificatesOf(`Bag Attributes\n${PEM}\n\n${PEM}\n`)).toEqual([PEM, PEM])
  })

  it('are not lost when one is torn', () => {
    const torn = '-----BEGIN CERTIFICATE-----\nMIIB'
    expect(certificatesOf(`${PEM}\n${torn}`)).toEqual([PEM, torn])
  })

  it('are left as they are where none is found, so that the API says what is wrong', () => {
    expect(certificatesOf(' nonsense ')).toEqual(['nonsense'])
  })

  it('are told before they expire', () => {
    const now = Date.parse('2026-11-27T00:00:00Z')
    expect(expiry('2026-11-26T00:00:00Z', now)).toEqual({ word: 'Expired 24 h ago', tone: 'bad' })
    expect(expiry('2027-01-01T00:00:00Z', now)).toEqual({ word: 'Expires in 35 d', tone: 'warn' })
    expect(expiry('9999-12-31T23:59:59Z', now)).toEqual({ word: 'Expires 9999-12-31', tone: 'idle' })
  })

  it('sign for the challenge', () => {
    expect(signing('0a1b')).toContain('-subj /CN=0a1b ')
  })
})

describe('a manufacturer’s revocation lists', () => {
  it('are a URL a line, with the hours after it', () => {
    const sources = [
      { url: 'http://crl.example.com/a.crl', staleAfterHours: 48 },
      { url: 'https://crl.example.com/b.crl', staleAfterHours: 6 },
    ]
    expect(sourcesText(sources)).toBe('http://crl.example.com/a.crl\nhttps://crl.example.com/b.crl 6')
    expect(sourcesOf(`\n ${sourcesText(sources)}  \n`)).toEqual(sources)
    expect(sourcesOf(sourcesText())).toEqual([])
  })

  it('are left as they are where no hours are meant, so that the API says what is wrong', () => {
    expect(sourcesOf('http://a b c')).toEqual([{ url: 'http://a b c', staleAfterHours: 48 }])
  })
})

describe('a manufacturer’s OCSP responders', () => {
  const authority = { keySha256: 'a', subject: 'CN=A', notBefore: '', notAfter: '', standing: 'PROVEN' as const }
  const responder = { authority: 'a', url: 'http://ocsp.example.com/', staleAfterMinutes: 5, patienceSeconds: 2, admitUnanswered: true }

  it('are one for each CA, refusing by default', () => {
    const other = { ...authority, keySha256: 'b' }
    expect(respondersOf([authority, other], [responder])).toEqual([
      responder,
      { authority: 'b', url: '', staleAfterMinutes: 60, patienceSeconds: 5, admitUnanswered: false },
    ])
    expect(respondersOf()).toEqual([])
  })
})
