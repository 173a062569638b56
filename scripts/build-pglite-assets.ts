/**
 * Makes the data directory that the package ships, so that no user waits for `initdb`: `node scripts/build-pglite-assets.ts`, whenever the version
 * of PGlite changes. Needs GNU tar.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { PGlite } from '@electric-sql/pglite'
import { dataDirectoryAsset } from '../src/warehouses/pglite/data-directory.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sqlflow-pglite-'))
const directory = path.join(folder, 'data')
try {
  // Segments of 1 MB instead of 16: a new log segment is written whole.
  const database = await PGlite.create(directory, { initDbStartParams: ['--wal-segsize=1'] })
  await database.exec('vacuum freeze')
  await database.close()
  const tar = execFileSync(
    'tar',
    ['--format=ustar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '-C', directory, '-cf', '-', '.'],
    {
      maxBuffer: 2 ** 30,
    },
  )
  const asset = dataDirectoryAsset()
  mkdirSync(path.dirname(asset), { recursive: true })
  for (const old of readdirSync(path.dirname(asset))) rmSync(path.join(path.dirname(asset), old))
  writeFileSync(asset, gzipSync(tar, { level: 9 }))
  process.stdout.write(`${asset}: ${statSync(asset).size} bytes, ${tar.length} unpacked\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
