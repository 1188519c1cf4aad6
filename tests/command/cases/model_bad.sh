# A model that cannot be used: one line that names the cause, exit 3, no picture is begun.
checkpoint --form legacy legacy.pth
checkpoint --form zip zip.pth
checkpoint --form safetensors good.safetensors
cp "$DATA/cat.jpg" .
mkdir folder.pth
: >empty.pth
echo 'not a checkpoint' >text.pth
cp cat.jpg picture.pth
checkpoint --without backbone.layer1.0.conv2.weight lacking.pth
python3 - <<'EOF'
import tarfile, zipfile
with zipfile.ZipFile("script.pth", "w") as archive:
    archive.writestr("m/constants.pkl", b"\x80\x02).")
    archive.writestr("m/code/__torch__.py", b"")
    archive.writestr("m/data.pkl", b"\x80\x02).")
with tarfile.open("tar.pth", "w") as archive:
    archive.addfile(tarfile.TarInfo("storages"))
open("evil.pth", "wb").write(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.\x80\x02].")
EOF
for model in missing.pth folder.pth empty.pth text.pth picture.pth script.pth tar.pth evil.pth lacking.pth; do
    segent run -m $model --save none cat.jpg
done
part truncated at every sixteenth
for model in legacy.pth zip.pth good.safetensors; do
    size=$(wc -c <$model)
    for sixteenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
        head -c $((size * sixteenth / 16)) $model >part.pth
        "$SEGENT" run -m part.pth --save none cat.jpg 2>error
        status=$?
        [ $status = 3 ] && [ "$(grep -c '^segent: part.pth: ' error)" = 1 ] && [ "$(wc -l <error)" = 1 ] ||
            { echo "$model cut at $sixteenth/16: exit $status"; cat error; }
    done
done
part the same in bench and info
segent bench -m missing.pth
segent bench -m text.pth
segent info missing.pth
segent info text.pth
segent info folder.pth
part classes and names disagree
checkpoint --form safetensors --classes 3 --class-names sky,sea named.safetensors
segent run -m named.safetensors --save none cat.jpg
segent info named.safetensors | grep exit
