/** Two small CSV files, untidy in the ways that lists are, and what is said about them. */
import type { InitFile } from './init-file.ts'
import { schemaLine, schemaPaths } from './schema-paths.ts'

const supporters = `supporter_id,first_name,last_name,email,phone,precinct,opted_out
1,Ana,O'Brien,ana@example.org,(202) 555-0101,01,no
2,José,Muñoz, JOSE@example.org ,202.555.0102,01,no
3,Wren,Park,wren@example.net,2025550103,11E1,no
4,Kai,van der Berg,,+1 202 555 0104,11E1,no
5,Zoë,D'Amico,zoe@example.com,n/a,001 Oak Hill,no
6,Tariq,Hall,tariq@example.org,1-202-555-0106,001 Oak Hill,yes
7,Mina,Sato,mina@example.net,202-555-0107,01,no
8,Robin,Clarke,robin@example.com,(202)555-0108,1E5,no
`

const signups = `signup_id,supporter_id,event,starts_at,status
1,1,Weekend canvass,2026-09-05 10:00:00,attended
2,1,Phone bank,2026-09-10 18:00:00,Attended
3,2,Weekend canvass,2026-09-05 10:00:00,no show
4,3,"Training: doors, phones, data",2026-09-12 13:00:00,attended
5,3,Weekend canvass,2026-09-19 10:00:00,signed up
6,5,Phone bank,2026-09-10 18:00:00,cancelled
7,6,Weekend canvass,2026-09-05 10:00:00,attended
8,8,Phone bank,2026-09-24 18:00:00,signed up
`

const properties = `${schemaLine(schemaPaths.properties, 1)}
# Seeds are CSV files loaded as tables. Types are inferred; declare one where a person knows better: the precinct \`01\` is not the
# number 1, and \`1E5\` is not 100000.
seeds:
  supporters:
    description: Everybody who signed up, as typed.
    columns:
      email: { sensitive: true }                 # masked wherever rows are shown
      phone: { type: text, sensitive: true }
      precinct: { type: text }
      opted_out: { type: boolean }
  signups:
    description: Who signed up for which event, and whether they came.
`

export const seedFiles: readonly InitFile[] = [
  { path: 'seeds/supporters.csv', text: supporters },
  { path: 'seeds/signups.csv', text: signups },
  { path: 'seeds/seeds.yml', text: properties },
]
