# What cannot be understood: one line on stderr, exit 2, nothing done.
segent
segent runn a.jpg
segent cat.jpg
segent qqqqqqq
segent help runn
segent --json run a.jpg
segent run
segent run --sise 320 a.jpg
segent run --sizes=320 a.jpg
segent run --zzzzzzzz a.jpg
segent run -z a.jpg
segent run --probs a.jpg
segent run a.jpg --out
segent run a.jpg -o
segent run --json=yes a.jpg
segent run --size -3 a.jpg
segent run --size big a.jpg
segent run -t 2000 a.jpg
segent run --temperature 0 a.jpg
segent run --engine quick a.jpg
segent run --output-size big a.jpg
segent run --background red a.jpg
segent run --save lables a.jpg
segent run --save everything a.jpg
segent run --save panel, a.jpg
segent run --out= a.jpg
segent run -q -v a.jpg
segent run -q --progress a.jpg
segent run --save none -o out a.jpg
segent run - -
segent entropy --probs --temperature 2 a.npy
segent entropy --save overlay a.npy
segent entropy --save logits.npy a.npy
segent entropy --probs --save probs.npy a.npy
segent palette
segent palette --list a.png
segent info a b
segent bench a
segent bench --size 320 --runs 1
segent bench --runs 0
segent bench -m a.pth --arch resnet50
ls
part values without end
long=$(head -c 100000 /dev/zero | tr '\0' 9)
for option in "--size=$long" "--save=$long" "--$long" "-$long"; do segent run "$option" x 2>&1 | sed -E 's/9{20,}/9.../g' >&2; done
segent "$long" 2>&1 | sed -E 's/9{20,}/9.../g' >&2
