#!/usr/bin/env python3
"""Documentation that must not drift: generated pages equal their tables, the README's program is the sample
that is compiled, links lead somewhere. argv[1]: the irislink program."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
problems = []


def generated(page: str, command: list[str]) -> None:
    made = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if made != (ROOT / page).read_text(encoding="utf-8"):
        problems.append(f"{page} differs from {' '.join(command[1:])}: write it anew")


generated("docs/configuration.md", [sys.argv[1], "keywords", "--markdown"])
generated("docs/errors.md", [sys.argv[1], "errors", "--markdown"])

readme = (ROOT / "README.md").read_text(encoding="utf-8")
program = (ROOT / "samples/cpp/readme.cpp").read_text(encoding="utf-8")
blocks = re.findall(r"```cpp\n(.*?)```", readme, re.S)
if program not in blocks:
    problems.append("README.md does not show samples/cpp/readme.cpp as it is")

tracked = subprocess.run(["git", "-C", ROOT, "ls-files", "*.md"], capture_output=True, text=True, check=True).stdout.split()
for name in tracked:
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.S)
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" in link or link.startswith("mailto:"):
            continue
        if not ((ROOT / name).parent / link).exists():
            problems.append(f"{name}: the link {link} leads nowhere")

print("\n".join(problems))
sys.exit(1 if problems else 0)
