/**
 * What a shell runs at Tab. Each asks `sqlflow __complete` for the words that may stand where the cursor is, and falls back to names of files
 * where there are none.
 */

/** bash splits words at `:` and `=` too, so that the words are read from the line, and what bash has split off is cut from the answers. */
const bash = `_sqlflow() {
  local line="\${COMP_LINE:0:COMP_POINT}"
  local current="\${line##*[[:space:]]}"
  local split="\${current%"\${current##*[:=]}"}"
  local -a words
  read -ra words <<< "\${line%"$current"}"
  local IFS=$'\\n'
  COMPREPLY=($(sqlflow __complete -- "\${words[@]:1}" "$current" 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]#"$split"}")
  compopt -o nosort 2>/dev/null
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _sqlflow sqlflow
`

const zsh = `#compdef sqlflow
_sqlflow() {
  local -a offers
  offers=(\${(f)"$(sqlflow __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#offers} )); then
    compadd -Q -S '' -- \${(M)offers:#*=}
    compadd -Q -- \${offers:#*=}
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _sqlflow ]]; then
  _sqlflow "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _sqlflow sqlflow
fi
`

const fish = `function __sqlflow_complete
  set -l current (commandline -ct)
  set -l words (commandline -opc) "$current"
  set -l offers (sqlflow __complete -- $words[2..-1] 2>/dev/null)
  if test (count $offers) -gt 0
    printf '%s\\n' $offers
  else
    __fish_complete_path "$current"
  end
end
complete -c sqlflow -f -a '(__sqlflow_complete)'
`

export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish }
