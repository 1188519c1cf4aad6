# Several networks in one file: named with the option that chooses, listed by info, chosen by --prefix.
checkpoint --form safetensors --classes 3 --seed 1 --prefix student. --also teacher. pair.safetensors
checkpoint --form safetensors --classes 3 --seed 1 --prefix model. --also model_ema. averaged.safetensors
checkpoint --classes 3 --prefix net. nested.pth
cp "$DATA/cat.jpg" .
segent run -m pair.safetensors --save none cat.jpg
segent run -m pair.safetensors --prefix nobody --save none cat.jpg
for prefix in student teacher; do
    segent run -m pair.safetensors --prefix $prefix --size 64 --save none --json cat.jpg >$prefix
    grep -c entropy_sum $prefix
done
grep -o '"entropy_sum":[^,]*' student | grep -q -f - teacher && echo "both are the same network"
part a note
segent run -m averaged.safetensors --size 32 --save none cat.jpg | grep -c entropy
segent run -q -m averaged.safetensors --size 32 --save none cat.jpg
segent run -m averaged.safetensors --prefix model_ema --size 32 --save none cat.jpg | grep -c entropy
part info and bench
segent info pair.safetensors | grep -v -e sha256 -e size
segent info --prefix teacher pair.safetensors | grep -e networks -e prefix -e teacher -e classes -e exit
segent info --json pair.safetensors | grep -o '"networks": *[^]]*]'
segent info nested.pth | grep -e networks -e prefix -e exit
segent bench -m pair.safetensors --size 32x32 --runs 1
segent bench -m pair.safetensors --prefix teacher --size 32x32 --runs 1 --json | grep -o '"architecture": *[^,]*\|exit.*'
