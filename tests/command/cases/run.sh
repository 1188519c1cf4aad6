checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/dog.png" .
segent run -m small.pth --size 48 cat.jpg dog.png | numbers | grep -v classes
ls
part every kind of output
segent run -q -m small.pth --size 48 -o out --save panel,labels,overlay,entropy,entropy.npy,logits.npy,probs.npy cat.jpg
ls out
wc -c out/*.npy | sed 's/^ *//'
part quiet is quiet
segent run -q -m small.pth --size 48 --save none cat.jpg
part the environment names the model
SEGENT_MODEL=small.pth segent run --size 48 --save none cat.jpg | numbers | head -n 1
part the containers give the same
for form in legacy safetensors; do
    checkpoint --form $form small.$form
    segent run -q -m small.$form --size 48 -o $form --save entropy.npy,labels cat.jpg
    cmp $form/cat.labels.png out/cat.labels.png
    cmp $form/cat.entropy.npy out/cat.entropy.npy
done
checkpoint --wrapper model --form legacy wrapped.pth
segent run -q -m wrapped.pth --size 48 -o wrapped --save entropy.npy cat.jpg
cmp wrapped/cat.entropy.npy out/cat.entropy.npy
part "threads do not matter"
segent run -q -m small.pth --size 48 -t 1 -o one --save entropy.npy cat.jpg
segent run -q -m small.pth --size 48 -t 3 -o three --save entropy.npy cat.jpg
cmp one/cat.entropy.npy three/cat.entropy.npy
