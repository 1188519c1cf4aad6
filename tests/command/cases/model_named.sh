# A model that is named by a published network: its file is looked for in $SEGENT_HOME and in torch hub's folders, in their order.
# Networks of different numbers of classes tell the files apart. Nothing is fetched by itself: a curl or wget that is called leaves a trace.
cp "$DATA/cat.jpg" .
mkdir bin
for tool in curl wget; do
    printf '#!/bin/sh\necho called >>%s/called\nexit 1\n' "$PWD" >bin/$tool
    chmod +x bin/$tool
done
export PATH="$PWD/bin:$PATH" HOME="$PWD/home" SEGENT_HOME=store TORCH_HOME=torch XDG_CACHE_HOME=cache
file=fcn_resnet50_coco-1167a1af.pth
mkdir -p store torch/hub/checkpoints cache/torch/hub/checkpoints home/.cache/torch/hub/checkpoints
checkpoint --classes 2 store/$file
checkpoint --classes 3 torch/hub/checkpoints/$file
checkpoint --classes 4 cache/torch/hub/checkpoints/$file
checkpoint --classes 5 home/.cache/torch/hub/checkpoints/$file

# The number of classes of the network that is found by the name.
classes() { segent run --size 24 --json --save none "$@" cat.jpg | grep -o -e '"classes": [0-9]*' -e '^exit.*'; }

part each folder in its turn
classes -m fcn_resnet50
rm store/$file
classes -m fcn_resnet50
TORCH_HOME='' classes -m fcn_resnet50
unset TORCH_HOME
classes -m fcn_resnet50
rm cache/torch/hub/checkpoints/$file
classes -m fcn_resnet50
unset SEGENT_HOME XDG_CACHE_HOME
classes -m fcn_resnet50
part a folder that is written with a tilde, as torch reads it
mkdir -p home/own/hub/checkpoints
checkpoint --classes 6 home/own/hub/checkpoints/$file
# shellcheck disable=SC2088
TORCH_HOME='~/own' classes -m fcn_resnet50
part by the name of the file, by the environment, in info and bench
classes -m $file
SEGENT_MODEL=fcn_resnet50 classes
segent info fcn_resnet50 | grep -e '^file' -e '^classes' -e '^exit' | sed "s|$PWD/||"
segent bench -m fcn_resnet50 --size 24x24 --runs 1 | grep -o '^exit.*'
part a file of that very name goes first, a folder does not
mkdir fcn_resnet50
classes -m fcn_resnet50
rmdir fcn_resnet50
checkpoint --classes 7 fcn_resnet50
classes -m fcn_resnet50
part outputs that would overwrite the model are refused
checkpoint --classes 2 home/cat.panel.png
ln -s "$PWD/home/cat.panel.png" home/.cache/torch/hub/checkpoints/deeplabv3_resnet50_coco-cd0a2569.pth
segent run -m deeplabv3_resnet50 -o home cat.jpg 2>&1 | sed "s|$PWD/||g"
part not there
export SEGENT_HOME=/none/store TORCH_HOME=/none/torch XDG_CACHE_HOME=/none/cache HOME=/none/home
segent run -m deeplabv3_resnet101 -o made cat.jpg
segent run -m lraspp_mobilenet_v3_large-d234d4ea.pth cat.jpg
SEGENT_MODEL=fcn_resnet101 segent run cat.jpg
segent bench -m deeplabv3_mobilenet_v3_large
segent info deeplabv3_resnet50
env -u SEGENT_HOME -u TORCH_HOME -u XDG_CACHE_HOME "$SEGENT" info deeplabv3_resnet50
env -u SEGENT_HOME -u TORCH_HOME -u XDG_CACHE_HOME -u HOME "$SEGENT" info deeplabv3_resnet50
part nearly such a name
segent run -m deeplabv3_resnet100 cat.jpg
segent info lraspp
segent run -m ./fcn_resnet5 cat.jpg
segent run -m somethingelse cat.jpg
ls
