/** package.json for a folder that has none: it pins the version of sqlflow for everybody who clones the project. */
import type { InitFile, InitIam, InitOptions } from './init-file.ts'

/** The version that this package asks for. */
const awsVersion = '^3.800.0'

/** What `iam` needs beside sqlflow. */
export function awsPackage({ iam }: InitIam): string {
  return 'cluster' in iam ? '@aws-sdk/client-redshift' : '@aws-sdk/client-redshift-serverless'
}

export function packageFile({ name, version, login }: InitOptions): InitFile {
  const manifest = {
    name: name.toLowerCase().replaceAll('_', '-'),
    private: true,
    scripts: { build: 'sqlflow build', test: 'sqlflow test' },
    devDependencies: { ...(login && { [awsPackage(login)]: awsVersion }), sqlflow: `^${version}` },
  }
  return { path: 'package.json', text: `${JSON.stringify(manifest, null, 2)}\n` }
}
