checkpoint small.pth
sha256=$(sha256sum small.pth | cut -d' ' -f1)
segent info small.pth | grep -c "^sha256 *$sha256"
segent info --json small.pth | grep -c "\"sha256\": \"$sha256\""
part named like the published file, but not it
cp small.pth deeplabv3_resnet101_coco-586e9e4e.pth
segent info deeplabv3_resnet101_coco-586e9e4e.pth | grep -A 1 NOT
segent info --json deeplabv3_resnet101_coco-586e9e4e.pth | grep -o '"is_published": [a-z]*'
part the same for one of which only the first digits of the sha256 are known
cp small.pth fcn_resnet101_coco-7ecb50ca.pth
segent info fcn_resnet101_coco-7ecb50ca.pth | grep -A 1 NOT
