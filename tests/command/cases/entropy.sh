# Logits whose entropies are known: five certain pixels and one that could be any of 21 classes.
cp "$DATA/logits.npy" "$DATA/batch.npy" "$DATA/fortran.npy" "$DATA/half.npy" "$DATA/probs.npy" "$DATA/many.npy" .
segent entropy logits.npy
ls
part other types, shapes and orders
segent entropy --save none batch.npy fortran.npy half.npy
part all outputs, into a new folder
segent entropy -q -o out/deep --save panel,labels,entropy,entropy.npy,probs.npy logits.npy
ls out/deep
od -An -v -t fF -j 128 out/deep/logits.entropy.npy
part probabilities
segent entropy --probs --save none probs.npy
part more than 256 classes
segent entropy --save labels many.npy
segent palette many.labels.png
part standard input
segent entropy --save none - <logits.npy
part a temperature so high that nothing is certain
segent entropy --temperature 1000000 --save none logits.npy
