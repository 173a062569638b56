import type { CommandSpec } from '../command.ts'

export const completionCommand: CommandSpec = {
  name: 'completion',
  group: 'Maintain',
  summary: 'Print the script that makes a shell complete commands and names',
  argument: { usage: '[shell]', description: 'bash, zsh or fish (default: that of SHELL)' },
  options: [],
  examples: [
    { command: "echo 'source <(sqlflow completion bash)' >> ~/.bashrc", explains: 'bash' },
    { command: "echo 'source <(sqlflow completion zsh)' >> ~/.zshrc", explains: 'zsh' },
    { command: 'sqlflow completion fish > ~/.config/fish/completions/sqlflow.fish', explains: 'fish' },
  ],
  run: async (io, input) => (await import('../completion-action.ts')).printCompletionScript(io, input),
}

/** What the scripts call at each Tab: the words so far, the one to complete last. */
export const completeCommand: CommandSpec = {
  name: '__complete',
  summary: 'Complete a command line',
  argument: { usage: '[words...]', description: 'words of the command line' },
  options: [],
  examples: [],
  hidden: true,
  run: async (io, input) => (await import('../completion-action.ts')).completeWords(io, input.args),
}
