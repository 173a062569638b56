/**
 * The ways in which lists typed by people go wrong. Staging models clean each of them; a test counts what is left.
 */
import type { Random } from './random.ts'

/** Area codes with 555-0100 to 555-0199, which are reserved for fiction. */
const areaCodes = ['202', '212', '303', '404', '503', '612', '702', '808', '907'] as const

/** One phone in one of the spellings that sign-up sheets collect; sometimes none at all. */
export function dirtyPhone(random: Random): string | null {
  if (random.chance(0.06)) return null
  if (random.chance(0.05)) return random.pick(['', 'n/a', '555-0100', 'none'])
  const area = random.pick(areaCodes)
  const line = `01${String(random.between(0, 99)).padStart(2, '0')}`
  return random.pick([
    `(${area}) 555-${line}`,
    `${area}-555-${line}`,
    `${area}.555.${line}`,
    `+1 ${area} 555 ${line}`,
    `1-${area}-555-${line}`,
    `${area}555${line}`,
  ])
}

/** The same words with stray spaces or another case, in `share` of the draws. */
export function dirtyText(random: Random, text: string, share = 0.15): string {
  if (!random.chance(share)) return text
  return random.pick([`${text} `, ` ${text}`, text.toUpperCase(), text.toLowerCase(), text.replace(' ', '  ')])
}

/** A zip code, sometimes after a spreadsheet has read it as a number, sometimes with its four more digits. */
export function dirtyZip(random: Random, zip: string): string | null {
  if (random.chance(0.03)) return null
  if (random.chance(0.08)) return String(Number(zip))
  return random.chance(0.1) ? `${zip}-${String(random.between(1, 9999)).padStart(4, '0')}` : zip
}

/** An address without accents, spaces or apostrophes; example.org and its like never receive mail. */
export function emailOf(random: Random, first: string, last: string): string {
  const plain = (name: string): string =>
    name
      .normalize('NFD')
      .toLowerCase()
      .replaceAll('ı', 'i')
      .replaceAll(/[^a-z]/g, '')
  return `${plain(first)}.${plain(last)}${random.between(1, 99)}@${random.pick(['example.org', 'example.com', 'example.net'])}`
}
