# A stdout that cannot be written is a failure, said once.
checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/logits.npy" "$DATA/grey.png" .
part a full disk
"$SEGENT" run -m small.pth --size 24 --save none cat.jpg >/dev/full; echo "exit $?"
"$SEGENT" run -m small.pth --size 24 --save none --json cat.jpg >/dev/full; echo "exit $?"
"$SEGENT" entropy --save none logits.npy >/dev/full; echo "exit $?"
"$SEGENT" palette grey.png >/dev/full; echo "exit $?"
"$SEGENT" palette --list >/dev/full; echo "exit $?"
"$SEGENT" info >/dev/full; echo "exit $?"
"$SEGENT" --help >/dev/full; echo "exit $?"
"$SEGENT" run --help >/dev/full; echo "exit $?"
part a limit on the size of files
(ulimit -f 1; "$SEGENT" run --help >out.txt; echo "exit $?") 2>&1 | cat
(ulimit -f 1; segent entropy -q --save panel logits.npy) 2>&1 | cat
find . -name '*panel*' -o -name '.segent*'
part closed
"$SEGENT" entropy --save entropy.npy logits.npy >&-; echo "exit $?"
"$SEGENT" entropy -q --save entropy.npy logits.npy >&-; echo "exit $?"
part a reader that leaves
# The reading end is closed before the command starts: a reader in a pipeline might leave too late.
python3 - "$SEGENT" <<'EOF'
import os, subprocess, sys
reading, writing = os.pipe()
os.close(reading)
print("exit", subprocess.run([sys.argv[1], "entropy", "--save", "none", "logits.npy"], stdout=writing).returncode)
EOF
part stdin closed
"$SEGENT" run -m small.pth --save none - <&-; echo "exit $?"
