# SPDX-License-Identifier: BSD-2-Clause
# Made from the tables of the command's options by segent-completions: do not edit.
_segent() {
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} kind words options before
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W 'run entropy evaluate palette info convert pack fetch bench help --help --version' -- "$current")
        return
    fi
    # bash makes three words of --option=value.
    if [ "$current" = '=' ]; then
        current=''
    elif [ "$option" = '=' ]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case ${COMP_WORDS[1]} in
    run)
        options='-m --model --prefix --rates --output-stride --settings --set --no-orient --background --pixel-limit --memory-limit --scan-limit --shard --size --output-size --temperature --engine --precision -t --threads --resume -o --out --save --entropy-range --colormap --manifest --json -q --quiet -v --verbose --progress --no-progress -h --help -V --version'
        case $option in
        -m | --model) kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        --background) kind=text words='' ;;
        --pixel-limit) kind=text words='' ;;
        --memory-limit) kind=text words='' ;;
        --scan-limit) kind=text words='' ;;
        --shard) kind=text words='' ;;
        --size) kind=text words='' ;;
        --output-size) kind=words words='network original' ;;
        --temperature) kind=text words='' ;;
        --engine) kind=words words='fast exact small' ;;
        --precision) kind=words words='f32 bf16' ;;
        -t | --threads) kind=text words='' ;;
        -o | --out) kind=folder words='' ;;
        --save) kind=list words='panel labels overlay entropy entropy.npy logits.npy probs.npy none' ;;
        --entropy-range) kind=words words='fixed auto' ;;
        --colormap) kind=words words='jet viridis' ;;
        --manifest) kind=file words='' ;;
        *) option='' kind=file words='' ;;
        esac ;;
    entropy)
        options='--probs --temperature -t --threads -o --out --save --entropy-range --colormap --json -q --quiet -v --verbose -h --help -V --version'
        case $option in
        --temperature) kind=text words='' ;;
        -t | --threads) kind=text words='' ;;
        -o | --out) kind=folder words='' ;;
        --save) kind=list words='panel labels entropy entropy.npy probs.npy none' ;;
        --entropy-range) kind=words words='fixed auto' ;;
        --colormap) kind=words words='jet viridis' ;;
        *) option='' kind=file words='' ;;
        esac ;;
    evaluate)
        options='--labels --ignore -m --model --prefix --rates --output-stride --settings --set --logits --probs --merge --no-orient --background --pixel-limit --memory-limit --scan-limit --size --temperature --engine --precision -t --threads --state --json -q --quiet -v --verbose --progress --no-progress -h --help -V --version'
        case $option in
        --labels) kind=folder words='' ;;
        --ignore) kind=text words='' ;;
        -m | --model) kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        --logits) kind=folder words='' ;;
        --background) kind=text words='' ;;
        --pixel-limit) kind=text words='' ;;
        --memory-limit) kind=text words='' ;;
        --scan-limit) kind=text words='' ;;
        --size) kind=text words='' ;;
        --temperature) kind=text words='' ;;
        --engine) kind=words words='fast exact small' ;;
        --precision) kind=words words='f32 bf16' ;;
        -t | --threads) kind=text words='' ;;
        --state) kind=file words='' ;;
        *) option='' kind=file words='' ;;
        esac ;;
    palette)
        options='--pixel-limit --memory-limit -o --out --list -q --quiet -h --help -V --version'
        case $option in
        --pixel-limit) kind=text words='' ;;
        --memory-limit) kind=text words='' ;;
        -o | --out) kind=folder words='' ;;
        *) option='' kind=file words='' ;;
        esac ;;
    info)
        options='--prefix --rates --output-stride --settings --set -t --threads --json --check -v --verbose -h --help -V --version'
        case $option in
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        -t | --threads) kind=text words='' ;;
        *) option='' kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        esac ;;
    convert)
        options='--prefix --rates --output-stride --settings --set --memory-limit --dtype --json -q --quiet -v --verbose -h --help -V --version'
        case $option in
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        --memory-limit) kind=text words='' ;;
        --dtype) kind=words words='f32 f16 bf16' ;;
        *) option='' kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        esac ;;
    pack)
        options='--prefix --rates --output-stride --settings --set --memory-limit --precision -t --threads --json -q --quiet -v --verbose -h --help -V --version'
        case $option in
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        --memory-limit) kind=text words='' ;;
        --precision) kind=words words='f32 bf16' ;;
        -t | --threads) kind=text words='' ;;
        *) option='' kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        esac ;;
    fetch)
        options='--from -o --out --list -q --quiet -v --verbose --progress --no-progress -h --help -V --version'
        case $option in
        --from) kind=text words='' ;;
        -o | --out) kind=folder words='' ;;
        *) option='' kind=words words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        esac ;;
    bench)
        options='-m --model --prefix --rates --output-stride --settings --set --arch --size --engine --precision -t --threads --runs --accuracy --json -v --verbose --progress --no-progress -h --help -V --version'
        case $option in
        -m | --model) kind=file words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        --prefix) kind=text words='' ;;
        --rates) kind=text words='' ;;
        --output-stride) kind=words words='8 16 32' ;;
        --settings) kind=file words='' ;;
        --set) kind=text words='' ;;
        --arch) kind=words words='deeplabv3_resnet101 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large fcn_resnet101 fcn_resnet50 lraspp_mobilenet_v3_large' ;;
        --size) kind=text words='' ;;
        --engine) kind=words words='fast exact small' ;;
        --precision) kind=words words='f32 bf16' ;;
        -t | --threads) kind=text words='' ;;
        --runs) kind=text words='' ;;
        *) option='' kind=file words='' ;;
        esac ;;
    help) kind=words option='' options='' words='run entropy evaluate palette info convert pack fetch bench' ;;
    *) return ;;
    esac
    if [ -z "$option" ] && [ "${current#-}" != "$current" ]; then
        kind=words words=$options
    fi
    case $kind in
    words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
    list)
        before=''
        [ "${current%,*}" = "$current" ] || before=${current%,*},
        mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${current##*,}") ;;
    file)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current"; compgen -W "$words" -- "$current") ;;
    folder)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    esac
}
complete -F _segent segent
