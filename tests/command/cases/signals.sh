# Signals while the command cannot look whether one came: the second ends it at once, and at its end so does the first.
checkpoint --width 16 --blocks 3,4,6,3 model.pth
cp "$DATA/cat.jpg" .
cat >signals.py <<'EOF_PYTHON'
import fcntl, os, signal, subprocess, sys, time

def listen():
    # A background job of a shell ignores SIGINT, and what nohup starts SIGHUP, unless it is told otherwise.
    for ignored in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(ignored, signal.SIG_DFL)

def start(arguments, stdout):
    return subprocess.Popen([sys.argv[1], *arguments], stdout=stdout, stderr=subprocess.PIPE, preexec_fn=listen)

def tell(process):
    errors = process.stderr.read().decode()
    code = process.wait(timeout=60)
    print("ended by", signal.Signals(-code).name if code < 0 else code)
    sys.stdout.write("".join("said " + line + "\n" for line in errors.splitlines() if line.startswith("segent: ")))

def full_pipe():
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETFL, os.O_NONBLOCK)
    for size in (4096, 1):
        try:
            while True:
                os.write(writing, b"x" * size)
        except BlockingIOError:
            pass
    fcntl.fcntl(writing, fcntl.F_SETFL, 0)
    return reading, writing

def wait_for(process, state, times):
    seen = 0
    for _ in range(6000):
        with open(f"/proc/{process.pid}/stat") as file:
            seen = seen + 1 if file.read().rsplit(")", 1)[1].split()[0] == state else 0
        if seen == times:
            return
        time.sleep(0.005)
    sys.exit("it is never in state " + state)

# Both wait while it is stopped, so that the second is there before anything can be done about the first.
for first, second in (("INT", "TERM"), ("INT", "HUP"), ("HUP", "TERM")):
    print("---", first, "and", second)
    process = start(["run", "--progress", "-m", "model.pth", "--size", "900", "--save", "none"] + ["cat.jpg"], subprocess.DEVNULL)
    process.stderr.read(1)  # the bar: it is at work
    process.send_signal(signal.SIGSTOP)
    wait_for(process, "T", 1)
    for name in (first, second, "CONT"):
        process.send_signal(getattr(signal, "SIG" + name))
    tell(process)

for name in ("INT", "TERM", "HUP"):
    print("---", name, "at the end")
    reading, writing = full_pipe()
    process = start(["info"], writing)
    wait_for(process, "S", 20) # for its reader
    process.send_signal(getattr(signal, "SIG" + name))
    tell(process)
    os.close(reading)
    os.close(writing)
EOF_PYTHON
python3 signals.py "$SEGENT"
