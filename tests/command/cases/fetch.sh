# segent fetch, with a table of small files and with a curl and a wget that copy from the folder $site. As the real ones do, they go on
# behind what is there if -C or -c says so. They note what they are asked for in log, and $trouble makes them fail.
real_curl=$(command -v curl)
mkdir site tools curl_only wget_only
export site="$PWD/site" log="$PWD/log" HOME="$PWD/home" trouble=''
unset TORCH_HOME XDG_CACHE_HOME
letters() { head -c "$2" /dev/zero | tr '\0' "$1"; }
# A safetensors file of that many bytes, whose only tensor holds a letter over and over.
tensor() {
    printf '\140\0\0\0\0\0\0\0%-96s' "{\"weight\":{\"dtype\":\"F32\",\"shape\":[$((($2 - 104) / 4))],\"data_offsets\":[0,$(($2 - 104))]}}"
    letters "$1" $(($2 - 104))
}
letters a 100000 >site/deeplabv3_resnet101_coco-6d1cf22d.pth
letters b 300000 >site/deeplabv3_resnet50_coco-5ad554d7.pth
letters d 200000 >site/fcn_resnet101_coco-1773e3d8.pth
tensor e 65536 >site/fcn_resnet50_coco-13744d77.pth
tensor f 70000 >site/lraspp_mobilenet_v3_large-d75653ee.pth
cat >tools/copy <<'END'
#!/bin/sh
# Called as curl or wget. The options -o, -O, -C and -c are looked at, and the address, which comes last.
name=${0##*/} path='' resume=''
while [ $# -gt 1 ]; do
    case $1 in
    -o | -O) path=$2; shift ;;
    -C) resume=1; shift ;;
    -c) resume=1 ;;
    esac
    shift
done
file=$site/${1##*/} have=$(wc -c <"$path")
[ "$resume" ] || have=0
echo "$name ${1%/*} from $have" >>"$log"
case $trouble in
broken) head -c 50000 "$file" | tail -c +$((have + 1)) >>"$path"; echo "$name: (18) the line broke" >&2; exit 18 ;;
whole) if [ "$have" -gt 0 ]; then echo 'curl: (33) no byte ranges' >&2; exit 33; fi ;;
mute) exit 7 ;;
killed) kill -9 $$ ;;
endless) exec cat /dev/zero >>"$path" ;;
slow) head -c 30000 "$file" >>"$path"; echo $$ >"$log.begun"; mv "$log.begun" "$log.pid"; exec sleep 100 ;;
chatty) i=0; while [ $i -lt 3000 ]; do echo "a line of noise, number $i" >&2; i=$((i + 1)); done; echo 'the last of many lines' >&2; exit 1 ;;
esac
[ -f "$file" ] || { printf 'a line before\n%s: (22) error 404\n' "$name" >&2; exit 22; }
echo 'what a program prints is no output of ours'
tail -c +$((have + 1)) "$file" >>"$path"
END
chmod +x tools/copy
for tool in sh wc head tail tr cat sleep mv; do ln -s "$(command -v $tool)" curl_only/; ln -s "$(command -v $tool)" wget_only/; done
cp tools/copy curl_only/curl
cp tools/copy wget_only/wget

# The command with the programs of a folder alone. The path of the working folder is left out of what it says, as numbers of seconds are.
with() {
    folder=$1
    shift
    (PATH="$PWD/$folder" "$SEGENT" "$@" 2>stderr; echo "exit $?") | sed "s|$PWD/||g"
    sed -E "s|$PWD/||g; s/[0-9.]+ s\$/N s/" stderr >&2
    rm stderr
}
# What was asked for since the last time, and the files that are there.
seen() {
    [ ! -f log ] || cat log
    rm -f log
    find home store out -type f 2>/dev/null | sort | xargs -r wc -c | grep -v total
}
hub=home/.cache/torch/hub/checkpoints

part into the folder of torch hub, which is made
with curl_only fetch fcn_resnet50
seen
cmp site/fcn_resnet50_coco-13744d77.pth $hub/fcn_resnet50_coco-13744d77.pth
part one that is there stays
touch -d 2001-01-01 $hub/*.pth
with curl_only fetch fcn_resnet50_coco-13744d77.pth
seen
find home -type f -newermt 2002-01-01
part also where nothing can be called or written
chmod a-w $hub
mkdir nothing
with nothing fetch -q fcn_resnet50
chmod u+w $hub
part several, by wget, into the folder of the environment
export SEGENT_HOME=store
with wget_only fetch -v fcn_resnet101 lraspp_mobilenet_v3_large fcn_resnet101
seen
part into a folder of its own, from a mirror with and without a slash at its end
with curl_only fetch -o out --from http://mirror.example/a fcn_resnet50
with curl_only fetch -q -o out/ --from http://mirror.example/a/ lraspp_mobilenet_v3_large
seen
part what is fetched is known, under any name
mv out/lraspp_mobilenet_v3_large-d75653ee.pth out/fcn_resnet101_coco-1773e3d8.pth
for model in fcn_resnet50 out/fcn_resnet101_coco-1773e3d8.pth; do
    with curl_only info $model | sed -n '/^file/,/^container/p'
    with curl_only info --json $model 2>/dev/null | grep -o -e '"published[^,]*' -e '"is_pub[^,]*'
done
part what is found by name is in the list
with curl_only fetch --list

part an interrupted download goes on
rm -r home store out
trouble=broken with curl_only fetch deeplabv3_resnet101
seen
with curl_only fetch deeplabv3_resnet101
seen
rm -r store
trouble=broken with wget_only fetch deeplabv3_resnet101 fcn_resnet50
seen
with wget_only fetch -q deeplabv3_resnet101
seen
part a site that sends whole files only
rm -r store
trouble=broken with curl_only fetch deeplabv3_resnet101 2>/dev/null
trouble=whole with curl_only fetch deeplabv3_resnet101
seen
part a part that is whole, one that is too long, one that is as long but wrong
rm -r store
mkdir store
cp site/fcn_resnet50_coco-13744d77.pth store/fcn_resnet50_coco-13744d77.pth.part
letters d 200001 >store/fcn_resnet101_coco-1773e3d8.pth.part
letters x 70000 >store/lraspp_mobilenet_v3_large-d75653ee.pth.part
with curl_only fetch fcn_resnet50 fcn_resnet101 lraspp_mobilenet_v3_large
seen
part a part with another beginning is removed in the end
rm -r store
mkdir store
letters x 10 >store/fcn_resnet50_coco-13744d77.pth.part
with curl_only fetch fcn_resnet50
seen

part what comes is another file
cp -r site other
letters x 65536 >other/fcn_resnet50_coco-13744d77.pth
letters x 200000 >other/fcn_resnet101_coco-1773e3d8.pth
echo '<html>Please log in</html>' >other/deeplabv3_resnet101_coco-6d1cf22d.pth
letters f 70001 >other/lraspp_mobilenet_v3_large-d75653ee.pth
site=$PWD/other with curl_only fetch fcn_resnet50 fcn_resnet101 deeplabv3_resnet101 lraspp_mobilenet_v3_large deeplabv3_resnet50
seen
rm -r store
part more comes than there should be, without end
trouble=endless with curl_only fetch lraspp_mobilenet_v3_large
seen
part a file that is not the published one is replaced, anything else is not
mkdir -p store/fcn_resnet101_coco-1773e3d8.pth
letters x 65536 >store/fcn_resnet50_coco-13744d77.pth
ln -s elsewhere store/lraspp_mobilenet_v3_large-d75653ee.pth
with curl_only fetch fcn_resnet50 fcn_resnet101 lraspp_mobilenet_v3_large
seen
part the place of the part is taken
ln -s elsewhere store/deeplabv3_resnet101_coco-6d1cf22d.pth.part
mkdir store/deeplabv3_resnet50_coco-5ad554d7.pth.part
with curl_only fetch deeplabv3_resnet101 deeplabv3_resnet50
ls store
rm -r store

part the programs fail
with nothing fetch fcn_resnet50 fcn_resnet101
for trouble in mute killed chatty; do with curl_only fetch fcn_resnet50; done
trouble=''
with wget_only fetch deeplabv3_mobilenet_v3_large fcn_resnet50
seen
printf 'not a program' >nothing/curl
chmod +x nothing/curl
with nothing fetch fcn_resnet101
rm log store/* 2>/dev/null

# A signal that comes while the program is at work, or another fetch of the same file.
cat >interrupt.py <<'END'
import fcntl, os, signal, subprocess, sys, time
def begin():
    return subprocess.Popen([sys.argv[1], "fetch", "deeplabv3_resnet101"], stderr=subprocess.PIPE,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
def errors(process):
    return process.communicate()[1].decode().replace(os.getcwd() + "/", "")
process = begin()
while not os.path.exists("log.pid"):
    time.sleep(0.01)
program = int(open("log.pid").read())
os.remove("log.pid")
print(errors(begin()), end="")
process.send_signal(getattr(signal, "SIG" + sys.argv[2]))
process.wait()
if sys.argv[2] == "KILL":
    print("after that:", errors(begin()), end="")
    os.kill(program, signal.SIGTERM)
    for part in os.listdir("store"):
        fcntl.flock(open("store/" + part), fcntl.LOCK_EX)  # waits until the program has ended
else:
    print(errors(process), end="")
    print("the program is", "running" if os.path.exists(f"/proc/{program}") else "gone")
print("ended by", signal.Signals(-process.returncode).name if process.returncode < 0 else process.returncode)
END
for signal in INT TERM KILL; do
    part $signal keeps the part, which only one may write
    trouble=slow PATH="$PWD/curl_only:$PATH" python3 interrupt.py "$SEGENT" $signal
    seen
    with curl_only fetch -q deeplabv3_resnet101
    seen
    rm -r store
done

part refused
with curl_only fetch
with curl_only fetch fcn_resnet50 fcn_resnet5O
with curl_only fetch somethingelse
with curl_only fetch --list fcn_resnet50
with curl_only fetch --from mirror.example fcn_resnet50
with curl_only fetch --from -x://y fcn_resnet50
with curl_only fetch -q -v fcn_resnet50
: >plain
with curl_only fetch -o plain fcn_resnet50
with curl_only fetch -o plain/below fcn_resnet50
HOME='' SEGENT_HOME='' with curl_only fetch fcn_resnet50
seen
part the real curl, where there is one
if [ "$real_curl" ]; then
    mkdir real
    ln -s "$real_curl" real/curl
else
    ln -s curl_only real
fi
mkdir store
head -c 1000 site/fcn_resnet50_coco-13744d77.pth >store/fcn_resnet50_coco-13744d77.pth.part
with real fetch --from "file://$site" fcn_resnet50
rm -f log
seen
