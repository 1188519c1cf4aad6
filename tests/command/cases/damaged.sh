# Pictures and labels whose end is missing are read, with a line on standard error; those that lack pixels are refused. Limits of reading have options.
checkpoint small.pth
head -c -12 "$DATA/dog.png" >no-end.png
head -c -2 "$DATA/cat.jpg" >no-end.jpg
{ head -c 900 "$DATA/cat.jpg"; head -c 4096 /dev/zero; } >filled.jpg
head -c -12 "$DATA/indexed.png" >labels.png
printf '<!DOCTYPE html>\n<title>Not found</title>\n' >page.jpg
read_all() {
    segent run -m small.pth --size 24 --save none "$@" | grep -v -e classes -e entropy -e ' x '
}
read_all no-end.png no-end.jpg filled.jpg page.jpg
segent run -q -m small.pth --size 24 --save none no-end.png
segent palette labels.png
part limits
segent palette --memory-limit 14 labels.png
read_all --scan-limit 0 no-end.png
