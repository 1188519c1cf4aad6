checkpoint --blocks 1,2,1,1 --classes 3 small.pth
segent info | sed -E 's/^([^ ]+ +).+/\1.../'
segent info --json | python3 -c 'import json, sys; print(sorted(json.loads(sys.stdin.readline())))'
part a checkpoint
segent info small.pth | grep -v -e sha256
segent info -v small.pth | grep -c 'float32'
segent info -v small.pth | grep conv1.weight
segent info --json -v small.pth >line
python3 - <<'EOF'
import json
value = json.loads(open("line").readline())
print(value.pop("tensor_list")[0])
value.pop("sha256", None)
print(value)
EOF
part an FCN
checkpoint --aspp 0 --blocks 1,2,1,1 --classes 3 fcn.pth
segent info fcn.pth | grep -v -e sha256 -e size
segent info --json fcn.pth | python3 -c 'import json, sys; value = json.loads(sys.stdin.readline()); print(value["architecture"], value["rates"])'
part a checkpoint that makes no network
checkpoint --classes 3 --without backbone.conv1.weight other.pth
segent info other.pth | grep -v -e sha256 -e size
segent info --json other.pth | python3 -c 'import json, sys; print(json.loads(sys.stdin.readline())["usable"])'
part names of its own
checkpoint --form safetensors --classes 3 --class-names 'sky,sea,"land"' named.safetensors
segent info named.safetensors | tail -n 5
part settings of the command line
segent info --set 'mean=0.5,0.5,0.25; std=0.25,0.5,1; size=320' small.pth | grep -e mean -e std -e trained
segent info --json --set 'mean=0.5,0.5,0.25; std=0.25,0.5,1;temperature=2;precision_error=0.25' small.pth | grep -o '"temperature": .*"std": [^]]*]'
segent info --rates 2,4,6 --set 'rates=1,2,3' small.pth >/dev/null
segent info --set 'mean=123.675,116.28,103.53' small.pth >/dev/null
segent info --set 'colour=red' small.pth >/dev/null
