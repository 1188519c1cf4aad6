# Killed again and again at random moments: each time at most the picture in work is lost, and every line is whole.
checkpoint --width 8 model.pth
mkdir pictures
for number in $(seq 40); do cp "$DATA/cat.jpg" "pictures/$number.jpg"; done
cat >killed.py <<'EOF_PYTHON'
import collections, json, os, random, signal, subprocess, sys, time
pictures = [f"pictures/{number}.jpg" for number in range(1, 41)]
command = [sys.argv[1], "run", "-q", "-m", "model.pth", "--size", "200", "-o", "out", "--resume", "--manifest", "m.jsonl", "--json"]

def lines():
    if not os.path.exists("m.jsonl"):
        return []
    with open("m.jsonl", encoding="utf-8") as file:
        return file.read().splitlines(keepends=True)

random.seed(1)
done = kills = 0
while kills < 12 and done < len(pictures):
    process = subprocess.Popen(command + pictures, stdout=subprocess.PIPE, text=True)
    # Not before it has done something new, so that this ends on any machine.
    for line in process.stdout:
        if not json.loads(line).get("kept"):
            break
    time.sleep(random.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    kills += process.wait() != 0
    images = [json.loads(line)["image"] for line in lines()]
    assert all(line.endswith("\n") for line in lines())
    assert len(images) == len(set(images)) > done, images
    done = len(images)
    # Outputs of pictures without a line: those of the one that was in work.
    made = {name.split(".")[0] for name in os.listdir("out") if name.endswith(".png") and not name.startswith(".")}
    noted = {os.path.basename(image).split(".")[0] for image in images}
    assert noted <= made and len(made - noted) <= 1, (made, noted)
assert kills > 0
last = subprocess.run(command + pictures, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
assert sum(bool(json.loads(line).get("kept")) for line in last) == done
counts = collections.Counter(json.loads(line)["image"] for line in lines())
print(sorted(set(counts.values())), len(counts) == len(pictures))
EOF_PYTHON
python3 killed.py "$SEGENT"
