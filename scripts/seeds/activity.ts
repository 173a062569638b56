/** What supporters do: events, the shifts they sign up for, pledges, and the attempts to reach them. */
import type { Table } from './csv.ts'
import { dateOfDay, lastDay, timeOfDay } from './dates.ts'
import { dirtyText } from './dirt.ts'
import { contactNotes, eventTitles } from './names.ts'
import type { Random } from './random.ts'
import type { Precinct } from './regions.ts'

const eventColumns = ['event_id', 'title', 'event_type', 'region_code', 'turf_id', 'starts_at', 'ends_at', 'capacity'] as const
const eventCount = 90
const eventTypes = ['canvass', 'canvass', 'phone_bank', 'training', 'house_party'] as const

export function eventTable(random: Random, precincts: readonly Precinct[]): Table<(typeof eventColumns)[number]> {
  const rows = Array.from({ length: eventCount }, (_, i) => {
    const type = random.pick(eventTypes)
    const turf = random.between(1, precincts.length)
    const day = random.between(-30, lastDay)
    const start = random.pick([600, 780, 1080])
    return {
      event_id: 1001 + i,
      title: random.pick(eventTitles[type]),
      event_type: random.chance(0.1) ? type.replace('_', ' ') : type,
      region_code: precincts[turf - 1]?.region ?? null,
      turf_id: type === 'canvass' ? turf : null,
      starts_at: timeOfDay(day, start),
      // An hour typed as a.m. for p.m.: a few events end before they start.
      ends_at: timeOfDay(day, random.chance(0.03) ? start - 60 : start + random.pick([90, 120, 180])),
      capacity: random.chance(0.1) ? null : random.pick([8, 12, 20, 40]),
    }
  })
  return { columns: eventColumns, rows }
}

const signupColumns = ['signup_id', 'event_id', 'supporter_id', 'status', 'hours', 'signed_up_at'] as const
const signupCount = 1700
const statusSpellings = [
  'attended',
  'attended',
  'attended',
  'Attended',
  'attended ',
  'no_show',
  'No Show',
  'no-show',
  'cancelled',
  'canceled',
  'signed_up',
  'Signed Up',
] as const

export function signupTable(random: Random, supporters: number): Table<(typeof signupColumns)[number]> {
  const rows = Array.from({ length: signupCount }, (_, i) => {
    const status = random.pick(statusSpellings)
    return {
      signup_id: i + 1,
      event_id: random.between(1001, 1000 + eventCount),
      // A few point to supporters that the list has lost: a test warns about them by design.
      supporter_id: random.chance(0.005) ? 90_000 + i : random.between(1, supporters),
      status,
      hours: /^attended/i.test(status) ? random.pick(['1.5', '2', '2.0', '3', '3.25']) : null,
      signed_up_at: timeOfDay(random.between(-40, lastDay), random.between(480, 1260)),
    }
  })
  return { columns: signupColumns, rows }
}

const pledgeColumns = ['pledge_id', 'supporter_id', 'amount_cents', 'pledged_on', 'fulfilled_on', 'channel'] as const
const pledgeCount = 520

export function pledgeTable(random: Random, supporters: number): Table<(typeof pledgeColumns)[number]> {
  const rows = Array.from({ length: pledgeCount }, (_, i) => {
    const day = random.between(-200, lastDay)
    const fulfilled = random.chance(0.7) ? Math.min(day + random.between(0, 45), lastDay) : null
    return {
      pledge_id: i + 1,
      supporter_id: random.between(1, supporters),
      amount_cents: random.chance(0.02) ? 0 : random.pick([500, 1000, 1500, 2500, 2599, 5000, 10_000, 25_000]),
      pledged_on: dateOfDay(day),
      fulfilled_on: fulfilled === null ? null : dateOfDay(fulfilled),
      channel: dirtyText(random, random.pick(['web', 'event', 'mail', 'phone']), 0.1),
    }
  })
  return { columns: pledgeColumns, rows }
}

const contactColumns = ['attempt_id', 'supporter_id', 'attempted_at', 'channel', 'result', 'note'] as const
const contactCount = 2200

export function contactTable(random: Random, supporters: number): Table<(typeof contactColumns)[number]> {
  const rows = Array.from({ length: contactCount }, (_, i) => ({
    attempt_id: i + 1,
    supporter_id: random.between(1, supporters),
    attempted_at: timeOfDay(random.between(-60, lastDay), random.between(540, 1200)),
    channel: random.pick(['door', 'door', 'call', 'call', 'call', 'text']),
    // Never asked is NULL, asked and left blank is the empty string: both are in the file.
    result: random.pick(['Strong Yes', 'Lean Yes', 'Undecided', 'No', 'Not Home', 'Not Home', 'Wrong Number', '', null]),
    note: random.chance(0.12) ? random.pick(contactNotes) : random.pick([null, null, null, '']),
  }))
  return { columns: contactColumns, rows }
}
