// CoAP results in words (RFC 7252 §5.9, LwM2M TS Transport §6.4).
const WORDS: Record<string, string> = {
  '2.01': 'Created',
  '2.02': 'Deleted',
  '2.04': 'Changed',
  '2.05': 'Content',
  '2.31': 'Continue',
  '4.00': 'Bad request',
  '4.01': 'Not authorised',
  '4.02': 'Bad option',
  '4.03': 'Forbidden',
  '4.04': 'Not found',
  '4.05': 'Not allowed',
  '4.06': 'Not acceptable',
  '4.08': 'Incomplete',
  '4.12': 'Precondition failed',
  '4.13': 'Too large',
  '4.15': 'Unsupported format',
  '5.00': 'Internal error',
  '5.01': 'Not implemented',
  '5.03': 'Come back later',
  timeout: 'No answer in time',
  reset: 'Reset by the device',
  cancelled: 'Cancelled',
}

export function coapWords(result: string): string {
  const words = WORDS[result] ?? ''
  return words.toLowerCase() === result ? '' : words
}

export function isGood(result: string): boolean {
  return result.startsWith('2.')
}
