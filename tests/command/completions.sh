#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The file in docs/completions is what the tables of options give, and the shell that it is for offers with it what it should:
#     completions.sh SEGENT-COMPLETIONS bash|zsh|fish FILE
# With UPDATE=1 in the environment the file is written anew: read the difference before committing it.
set -u
program=$1 shell=$2 file=$(realpath "$3")
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
"$program" "$shell" >"$work/made" || exit 1
if [ "${UPDATE:-}" ]; then
    cp "$work/made" "$file"
fi
diff -u "$file" "$work/made" || exit 1
if ! command -v "$shell" >/dev/null; then
    echo "$shell is not there: nothing was completed"
    exit 0
fi
case $shell in
fish) env -u XDG_CONFIG_HOME HOME="$work" fish -n "$file" || exit 1 ;;
*) "$shell" -n "$file" || exit 1 ;;
esac

# What each shell offers for a command line, a word a line, without descriptions.
offered_bash() {
    bash --norc --noprofile -c 'source "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _segent; printf "%s\n" "${COMPREPLY[@]}"' \
        bash "$file" "$@"
}
offered_zsh() { # zsh completes on a terminal only: in one of zsh's own, whose widget for the tab key writes down what would be inserted
    zsh -f -c '
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PROMPT=; unset zle_bracketed_paste; fpath=(${1:h} \$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=10000; setopt no_beep"
        zpty -w shell "compadd() { [[ \" \$* \" == *\" -O \"* || \" \$* \" == *\" -A \"* || \" \$* \" == *\" -D \"* ]] && { builtin compadd \"\$@\"; return }"\
"; local -a found; builtin compadd -O found \"\$@\"; print -rl -- \$found >>$2; builtin compadd \"\$@\" }"
        zpty -w shell "print re\ady"
        zpty -r shell text "*ready*" || exit 1
        zpty -n -w shell "${(j: :)@[3,-1]}"$'"'\t'"'
        for i in {1..100}; do sleep 0.1; [[ -s $2 ]] && break; done
        sleep 0.2
        zpty -d shell' zsh "$file" "$work/found" "$@" >"$work/terminal" 2>&1
    cat "$work/found"
}
offered_fish() {
    env -u XDG_CONFIG_HOME HOME="$work" fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$file" "$*" | cut -f 1
}

failures=0
# offers WORD... [-- MISSING...]: `line` makes the shell offer these words, and not those.
offers() {
    local word wanted=yes there
    rm -f "$work/found"
    touch "$work/found"
    (cd "$work/folder" && "offered_$shell" "${line[@]}") >"$work/words"
    for word in "$@"; do
        if [ "$word" = -- ]; then
            wanted=no
            continue
        fi
        there=no
        # A path may be offered without its folder, and with a blank or a slash behind it.
        if grep -qE -e "^(.*,)?${word//./\\.}[ /=]?\$" "$work/words"; then
            there=yes
        fi
        if [ "$there" != "$wanted" ]; then
            echo "$shell: ${line[*]}: '$word' is $([ $wanted = yes ] && echo missing || echo offered) among:"
            cat "$work/words"
            failures=$((failures + 1))
        fi
    done
}
mkdir -p "$work/folder/inside"
: >"$work/folder/picture.jpg"
line=(segent '')
offers run entropy evaluate palette info convert fetch bench help
line=(segent pa)
offers palette -- run
line=(segent run --en)
offers --engine --entropy-range -- --help
line=(segent run --no-p)
offers --no-progress
line=(segent palette --)
offers --out --help -- --engine
line=(segent run --engine '')
offers fast exact small -- picture.jpg
line=(segent run --save panel,lo)
offers logits.npy -- labels
line=(segent entropy --save p)
offers panel probs.npy -- overlay logits.npy
line=(segent run pi)
offers picture.jpg
line=(segent run --out in)
offers inside -- picture.jpg
line=(segent fetch fcn_)
offers fcn_resnet50 fcn_resnet101 -- picture.jpg
line=(segent run -m lr)
offers lraspp_mobilenet_v3_large
if [ "$shell" = bash ]; then
    line=(segent run --engine = e)
    offers exact -- fast
    line=(segent run "it's")
    offers -- picture.jpg
fi
[ "$failures" -eq 0 ]
