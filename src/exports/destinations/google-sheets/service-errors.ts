/** What is wrong with Google itself or the way to it, and passes; and which faults say so. */
import type { Fault } from './google-fault.ts'

/** For a person: what happened, and what to do next. */
export interface Explanation {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** Also where Drive says it: 403 with a reason. */
export function isQuota({ status, reason }: Fault): boolean {
  return status === 429 || (status === 403 && /^(?:RATE_LIMIT_EXCEEDED|rateLimitExceeded|userRateLimitExceeded)$/.test(reason ?? ''))
}

export function explainServer({ status }: Fault): Explanation {
  return {
    code: 'google-unavailable',
    message: `Google Sheets failed with HTTP ${status}, and went on failing.`,
    hint: 'It is Google’s fault, and passes: run again later. https://www.google.com/appsstatus tells of outages.',
  }
}

/** Of a TLS connection that something between here and Google opens. */
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/

export function isCertificate({ network }: Fault): boolean {
  return certificate.test(network ?? '')
}

/** The request never left: certainly not applied. */
export function wasNeverSent(fault: Fault): boolean {
  return /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/.test(fault.network ?? '') || isCertificate(fault)
}

export function explainNoAnswer(fault: Fault): Explanation {
  if (isCertificate(fault)) {
    return {
      code: 'google-unreachable',
      message: `The connection to Google is not trusted (${fault.network}).`,
      hint: 'A proxy of your network probably opens it: set NODE_EXTRA_CA_CERTS to the file of its certificate.',
    }
  }
  if (wasNeverSent(fault)) {
    return {
      code: 'google-unreachable',
      message: `Google cannot be reached (${fault.network}).`,
      hint: 'Check the network of this machine; behind a proxy, set HTTPS_PROXY.',
    }
  }
  return {
    code: 'google-unavailable',
    message: fault.timedOut ? 'Google Sheets did not answer in time.' : `The connection to Google Sheets broke (${fault.network}).`,
    hint: 'It passes: run again later. https://www.google.com/appsstatus tells of outages.',
  }
}
