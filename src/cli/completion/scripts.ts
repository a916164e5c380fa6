// What a shell runs to complete a command line of resprout. Each script asks the command itself: names of today, whatever was installed.

/** The name under which a script asks. Each word of the line comes with `=` in front, so that none is an option; it prints `VALUE<tab>ABOUT` a line, or `:files` or `:folders`. */
export const ASK = 'complete-words';

const BASH = `# resprout completion bash: put into ~/.bashrc   eval "$(resprout completion bash)"
_resprout() {
  # Bash takes words apart at : and =, which belong to words here.
  local line=\${COMP_LINE:0:COMP_POINT} words found answer word value
  local -a words=() answer=()
  read -r -a words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word=\${words[\${#words[@]} - 1]}
  mapfile -t answer < <("\${words[0]}" ${ASK} "\${words[@]/#/=}" 2> /dev/null)
  COMPREPLY=()
  case \${answer[0]} in
    :files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    :folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
  esac
  # What bash has cut off in front must not come again.
  local cut=\${word%"\${word##*[:=]}"}
  for value in "\${answer[@]%%$'\\t'*}"; do COMPREPLY+=("\${value#"$cut"}"); done
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace
}
complete -F _resprout resprout
`;

const ZSH = `#compdef resprout
# resprout completion zsh: put into ~/.zshrc, after compinit   eval "$(resprout completion zsh)"
_resprout() {
  local -a answer values
  local line
  answer=("\${(@f)$("\${words[1]}" ${ASK} "\${(@)words[1,CURRENT]/#/=}" 2> /dev/null)}")
  case $answer[1] in
    :files) _files; return ;;
    :folders) _files -/; return ;;
  esac
  for line in $answer; do values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}"); done
  _describe -V resprout values
}
compdef _resprout resprout
`;

const FISH = `# resprout completion fish: save as ~/.config/fish/completions/resprout.fish
function __resprout_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l answer ($words[1] ${ASK} '='$words 2> /dev/null)
  switch "$answer[1]"
    case :files
      __fish_complete_path (commandline -ct)
    case :folders
      __fish_complete_directories (commandline -ct)
    case '*'
      printf '%s\\n' $answer
  end
end
complete -c resprout -f -a '(__resprout_complete)'
`;

export const SCRIPTS: Readonly<Record<'bash' | 'zsh' | 'fish', string>> = { bash: BASH, zsh: ZSH, fish: FISH };
