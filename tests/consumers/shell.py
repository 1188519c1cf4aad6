#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the shell commands of README.md, docs/ and the examples' pages with an installed copy: shell.py ROOT PREFIX

Every ```sh block is read by `sh -n`. Each of its commands is run in a folder that has what the pages speak of: pictures, checkpoints, class ids,
logits, the tree's examples, the page's own program in C. Commands that want root, a registry or another machine, and those that are a step of
their own in .ci/run, are in NOT_RUN, and only the files that they name have to be there. Needs the command, with PNG and JPEG."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What is not run, by how it begins, and why. A command that begins like none of these is run.
NOT_RUN = [
    ("sudo ", "installs"), ("meson setup build && ninja -C build && sudo", "installs"), ("pip ", "a registry"), ("python3 -m venv", "a registry"),
    ("segent fetch", "a download"), ("cd examples/bindings/node && npm", "a registry"), ("node segment.mjs", "the step node of .ci/run"),
    ("go run", "the step go of .ci/run"), ("cargo run", "the step rust of .ci/run"), ("sh examples/bindings/java", "the step java of .ci/run"),
    ("java ", "the step java of .ci/run"), ("python3 examples/bindings/python/segment.py", "the step python of .ci/run"),
    ("python examples/fleet", "the step fleet of .ci/run"), ("sh examples/quickstart.sh", "the step quickstart of .ci/run"), ("sh tests/", "a test of its own"),
    ("sh tests/packages.sh", "installs"), ("meson ", "builds"), ("ninja ", "builds"), ("tests/", "a test of its own"), ("/usr/bin/python3 tests/", "a test of its own"),
    ("build/tests/", "a measurement"), ("segent bench", "a measurement"), ("python3 examples/packaging/debian.py", "the step debian of .ci/run"),
    ("dpkg-buildpackage", "the step debian of .ci/run"), ("conan ", "the step conan of .ci/run"), ("vcpkg ", "the step vcpkg of .ci/run"),
    ("sbatch ", "another machine"), ("seq 8 | parallel", "a program that is not Debian's default"), ("ffmpeg ", "the snippets' test runs the program"),
]
TOOLS = {"jq": "jq", "luajit": "LuaJIT", "c++": "a C++ compiler"} # commands that may be missing
PAGES = ["README.md", "CONTRIBUTING.md", "docs/*.md", "examples/fleet/README.md", "examples/bindings/*/README.md"]


def commands(block):
    """The commands of a block, without their comments; one that goes on in the next line is one."""
    for line in re.sub(r"\\\n\s*", " ", block).splitlines():
        line = re.sub(r"(^|\s+)#.*$", "", line).strip()
        if line:
            yield line


class Sandbox:
    def __init__(self, root, prefix, folder):
        self.root, self.prefix, self.folder = root, prefix, folder
        shutil.copytree(root / "examples", folder / "examples", ignore=shutil.ignore_patterns("node_modules", "target", "build"))
        demo = folder / "examples" / "demo"
        self.model, self.picture = demo / "segent-demo.safetensors", demo / "pictures" / "crowded-street.jpg"
        libraries = next(prefix.rglob("segent.pc")).parent
        # A copy that is staged below another folder says where it will be, so its file is corrected.
        (folder / "pkgconfig").mkdir()
        text = re.sub(r"^prefix=.*", f"prefix={prefix}", (libraries / "segent.pc").read_text(), flags=re.M)
        (folder / "pkgconfig" / "segent.pc").write_text(text)
        self.static = (libraries.parent / "libsegent.a").exists()
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("SEGENT_")} | {
            "PATH": f"{prefix / 'bin'}:{os.environ['PATH']}", "PKG_CONFIG_PATH": str(folder / "pkgconfig"), "LD_LIBRARY_PATH": str(libraries.parent),
            "SEGENT_HEADER": str(prefix / "include" / "segent" / "api.h"), "XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder), "TORCH_HOME": str(folder / "torch")}

    def prepare(self, place):
        """Files that commands name, in the folder that a block is run in."""
        for name in ("picture.jpg", "photo.jpg"):
            shutil.copyfile(self.picture, place / name)
        (place / "pictures").mkdir(exist_ok=True)
        for number in range(3):
            shutil.copyfile(self.picture, place / "pictures" / f"{number}.jpg")
        published = "deeplabv3_resnet101_coco-586e9e4e.pth"
        (self.folder / "torch" / "hub" / "checkpoints").mkdir(parents=True, exist_ok=True)
        for file in (place / "model.pth", place / "checkpoint.pth", place / published, self.folder / "torch" / "hub" / "checkpoints" / published):
            shutil.copyfile(self.model, file)
        shutil.copyfile(self.root / "tests" / "data" / "command" / "logits.npy", place / "logits.npy")
        (place / "done.jsonl").write_text("")
        for name in ("truth", "arrays"):
            (place / name).mkdir(exist_ok=True)
        shutil.copyfile(place / "logits.npy", place / "arrays" / "0.npy")
        subprocess.run([self.prefix / "bin" / "segent", "run", "-q", "-m", self.model, "--size", "32", "--save", "labels", "-o", place, place / "picture.jpg"],
                       env=self.environment, check=True, stdout=subprocess.DEVNULL)
        os.replace(place / "picture.labels.png", place / "labels.png")
        for number in range(3):
            shutil.copyfile(place / "labels.png", place / "truth" / f"{number}.png")

    def program_of(self, page, place):
        """The page's own program, under the names that its commands have for it."""
        found = re.search(r"^```c\n([^`]*#include[^`]*int main[^`]*)^```$", page, re.S | re.M)
        for name in re.findall(r"\b(?:cc|c\+\+) (?:-std=\S+ )?(\w+\.c)\b", page):
            if found:
                (place / name).write_text(found[1])
            else:
                shutil.copyfile(self.root / "examples" / "03_segment.c", place / name)

    def skipped(self, command):
        """Why a command is not run; "": it is."""
        for start, why in sorted(NOT_RUN, key=lambda row: -len(row[0])):
            if command.startswith(start):
                missing = [name for name in re.findall(r"(?<!\S)(?:examples|tests)/[\w./-]+", command) if not (self.root / name).exists()]
                return f"names {missing[0]}, which is not there" if missing else why
        if " -static" in command and not self.static:
            return "no static library in this copy"
        tool = re.sub(r"^(\w+='[^']*' )+", "", command).split()[0]
        return f"no {TOOLS[tool]} here" if tool in TOOLS and not shutil.which(tool) else ""

    def run(self, command, place):
        command = re.sub(r"\bMODEL\b", str(self.model), re.sub(r"\bPICTURE\b", str(self.picture), command))
        try:
            done = subprocess.run(["sh", "-eu", "-c", command], cwd=place, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=150, check=False)
        except subprocess.TimeoutExpired:
            return "it does not end"
        if done.returncode:
            return f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}"
        # A command that waits for others does not fail with them.
        return "no manifest" if "--manifest done.jsonl" in command and not (place / "done.jsonl").stat().st_size else ""


def main():
    root, prefix = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    ran = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(root, prefix, pathlib.Path(folder))
        for path in [page for pattern in PAGES for page in sorted(root.glob(pattern))]:
            name, text = path.relative_to(root), path.read_text(encoding="utf-8")
            blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)
            # The page for C++ is for who is in its folder.
            place = pathlib.Path(folder) if name.parent.name != "cpp" else pathlib.Path(folder) / name.parent
            if blocks:
                sandbox.prepare(place)
                sandbox.program_of(text, place)
            for block in blocks:
                wrong = subprocess.run(["sh", "-n"], input=block, text=True, capture_output=True, check=False).stderr
                for command in commands(block):
                    why = "" if wrong else sandbox.skipped(command)
                    if not why and not wrong:
                        wrong = sandbox.run(command, place)
                        ran += 1
                    elif "which is not there" in why:
                        wrong = why
                    print(f"{name}: {'FAILED' if wrong else f'not run, {why}' if why else 'ok'}: {command}", flush=True)
                    failures += bool(wrong)
                    if wrong:
                        print(wrong)
                        break
    print(f"{ran} commands ran, {failures} failed")
    return 1 if failures or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
