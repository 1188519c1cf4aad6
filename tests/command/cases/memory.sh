# With whatever address space the process may have, it ends, and with a sentence if it fails.
checkpoint small.pth
cp "$DATA/cat.jpg" "$DATA/logits.npy" .
cat >memory.py <<'EOF_PYTHON'
import os, resource, subprocess, sys
MIB = 1 << 20
# With less than 8 MiB the system may end the process before it begins.
LIMITS = [*range(8, 24), *range(24, 64, 8), *range(64, 160, 16), *range(160, 560, 80)]

def run(arguments, limit, **environment):
    def cap():
        resource.setrlimit(resource.RLIMIT_AS, (limit * MIB, limit * MIB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        return subprocess.run([sys.argv[1], *arguments], preexec_fn=cap, capture_output=True, text=True, timeout=30,
                              env=dict(os.environ, **environment))
    except subprocess.TimeoutExpired:
        return None

def wrong(done):
    if done is None:
        return "does not end"
    if done.returncode == 0:
        return ""
    said = done.stderr.strip()
    if done.returncode == 127 and "error while loading shared libraries" in said:
        return ""  # by the system, before the command begins
    if done.returncode not in (1, 2, 3) or not said.startswith("segent: "):
        return f"ends with {done.returncode} and says '{said}'"
    return ""

for arguments, environment in (("info", {}), ("info small.pth", {}), ("convert small.pth out.safetensors", {}),
                               ("entropy --save none logits.npy", {}),
                               ("run -m small.pth --size 48 --save none cat.jpg", {}),
                               ("run -m small.pth --size 48 --save none cat.jpg", {"SEGENT_CPU": "ref"}),
                               ("bench --arch resnet50 --size 64x64 --runs 1", {})):
    done = {limit: run(arguments.split(), limit, **environment) for limit in LIMITS}
    print(arguments, *environment.values())
    for limit, result in done.items():
        if wrong(result):
            print(f"  {limit} MiB: {wrong(result)}")
    print("  with the most:", done[LIMITS[-1]].returncode if done[LIMITS[-1]] else "nothing")
EOF_PYTHON
python3 memory.py "$SEGENT"
