# Without a model the command says what it takes instead, or how to get one.
cp "$DATA/cat.jpg" .
segent run --size 24 --save none cat.jpg 2>error | grep -c exit
grep -c '^segent: no model given.*https://download.pytorch.org/models/deeplabv3_resnet101_coco-586e9e4e.pth' error
part an environment that names nothing
SEGENT_MODEL=missing.pth segent run --save none cat.jpg
