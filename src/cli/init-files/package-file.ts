/** package.json for a folder that has none: it pins the version of sqlflow for everybody who clones the project. */
import type { InitFile, InitOptions } from './init-file.ts'

export function packageFile({ name, version }: InitOptions): InitFile {
  const manifest = {
    name: name.toLowerCase().replaceAll('_', '-'),
    private: true,
    scripts: { build: 'sqlflow build', test: 'sqlflow test' },
    devDependencies: { sqlflow: `^${version}` },
  }
  return { path: 'package.json', text: `${JSON.stringify(manifest, null, 2)}\n` }
}
