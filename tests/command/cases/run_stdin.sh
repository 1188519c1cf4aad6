checkpoint small.pth
segent run -m small.pth --size 24 --save labels,panel - <"$DATA/cat.jpg" | grep -v -e classes -e entropy
segent run -m small.pth --size 24 --save none --json -- - <"$DATA/dog.png" | grep -o '"image": "-"'
part a file that is called like an option
cp "$DATA/cat.jpg" ./--json
segent run -m small.pth --size 24 --save none -- --json | head -n 1
