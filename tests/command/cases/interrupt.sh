# A signal during work: the process ends as signals end it, and leaves no temporary files.
checkpoint --width 16 --blocks 3,4,6,3 model.pth
cp "$DATA/cat.jpg" .
mkdir out
for number in 1 2 3 4 5 6 7 8 9; do cp cat.jpg $number.jpg; done
for signal in INT TERM; do
    part $signal
    # A background job of a shell ignores SIGINT unless it is told otherwise.
    python3 - "$SEGENT" $signal <<'EOF'
import re, signal, subprocess, sys
pictures = [f"{number}.jpg" for number in range(1, 10)]
command = [sys.argv[1], "run", "--progress", "-m", "model.pth", "--size", "900", "-o", "out", *pictures]
process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
process.stderr.read(1)  # the bar: it is at work
process.send_signal(getattr(signal, "SIG" + sys.argv[2]))
errors = process.stderr.read().decode()
process.wait()
print("ended by", signal.Signals(-process.returncode).name if process.returncode < 0 else process.returncode)
print("said", "interrupted" if re.search("segent: interrupted: [0-8] of 9 done\n", errors) else errors)
EOF
    find out -name '*.tmp'
done
