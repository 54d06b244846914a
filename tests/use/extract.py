#!/usr/bin/python3
"""extract.py FROM FOLDER COUNT - write the C programs of a Markdown file to FOLDER/program-1.c, ...

COUNT is how many there must be, so that none is left out.

SPDX-License-Identifier: MIT
"""
import pathlib
import re
import sys

source, folder, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
programs = re.findall(r"^```c\n(.*?)^```$", source.read_text(encoding="utf-8"), re.M | re.S)
if len(programs) != count:
    sys.exit(f"{source} has {len(programs)} programs in C, not {count}")
for number, program in enumerate(programs, 1):
    (folder / f"program-{number}.c").write_text(program, encoding="utf-8")
