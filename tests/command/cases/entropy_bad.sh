# Each bad file is one line, the good one is done, exit 1.
for name in logits nan counts plane wrong probs; do cp "$DATA/$name.npy" .; done
bad_files npy logits.npy 200
head -c 60 logits.npy >header.npy
segent entropy --save none missing.npy folder.npy empty.npy text.npy short.npy header.npy pipe.npy \
    nan.npy counts.npy plane.npy logits.npy
part probabilities
segent entropy --probs --save none wrong.npy logits.npy probs.npy
part standard input
segent entropy --save none - </dev/null
segent entropy --save none - <text.npy
