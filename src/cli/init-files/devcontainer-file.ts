/** A container to develop in, for those who have no Node: GitHub Codespaces and editors open it with everything installed. */
import type { InitFile } from './init-file.ts'

const container = {
  name: 'sqlflow',
  image: 'node:24',
  postCreateCommand: 'npm install',
  // Schemas are named after people: inside, too, by the name outside.
  remoteEnv: { USER: '${localEnv:USER}${localEnv:USERNAME}' },
  customizations: { vscode: { extensions: ['redhat.vscode-yaml'] } },
}

export const devcontainerFile: InitFile = {
  path: '.devcontainer/devcontainer.json',
  ifExists: 'keep',
  text: `${JSON.stringify(container, null, 2)}\n`,
}
