"""units.py - the core's unit tests, built without CMake: for those who build them many times over

What each test is made of is read from CMakeLists.txt, here; there is no second list.

SPDX-License-Identifier: MIT
"""
import glob
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CORE = os.path.join(ROOT, "core")
INCLUDES = ["-I" + CORE, "-I" + HERE]


def sources():
    """The core's sources, by their paths"""
    return sorted(glob.glob(CORE + "/*.c"))


def listed():
    """CMakeLists.txt without comments"""
    return re.sub(r"#[^\n]*", "", open(os.path.join(HERE, "CMakeLists.txt"), encoding="utf-8").read())


def tests():
    """The tests with sanitizers on: name -> files of this folder it is made of"""
    text = listed()
    first = re.search(r"foreach\(part ([^)]*)\)\s*add_executable\(test_\$\{part\} test_\$\{part\}\.c\)", text)
    made_of = {part: [f"test_{part}.c"] for part in first[1].split()}
    for part, more in re.findall(r"target_sources\(test_(\w+) PRIVATE ([^)]*)\)", text):
        if part in made_of:
            made_of[part] += more.split()
    return made_of


def long_tests():
    """The tests that run without sanitizers, for the number of their cases: in the same way"""
    text = listed()
    made_of = {part: files.split() for part, files in
               re.findall(r"add_executable\(test_(\w+) ([^)$]*?)(?: \$\{core[^)]*)?\)", text)}
    parts = re.search(r"foreach\(part ([^)]*)\)\s*add_executable\(test_\$\{part\} test_\$\{part\}\.c "
                      r"\$\{core_sources\}\)", text)
    made_of.update({part: [f"test_{part}.c"] for part in parts[1].split()})
    for part, more in re.findall(r"target_sources\(test_(\w+) PRIVATE ([^)]*)\)", text):
        if part in made_of:
            made_of[part] += more.split()
    return made_of


def run(*command):
    subprocess.run([str(word) for word in command], check=True)


def together(commands):
    """Runs commands, as many at a time as there are processors; the first that fails ends it all"""
    commands, running = list(commands), []
    while commands or running:
        while commands and len(running) < (os.cpu_count() or 1):
            running.append(subprocess.Popen(commands.pop(0)))
        process = running.pop(0)
        if process.wait() != 0:
            raise subprocess.CalledProcessError(process.returncode, process.args)


def compile_tests(folder, flags, compiler="cc", made_of=None):
    """Compiles the tests' own files into a folder: name -> objects"""
    os.makedirs(folder, exist_ok=True)
    vectors = os.path.join(ROOT, "tests/vectors/generate.py")
    run("/usr/bin/python3", vectors, os.path.join(folder, "vectors.h"))
    made_of = made_of or tests()
    objects = {name: os.path.join(folder, name[:-2] + ".o") for files in made_of.values() for name in files}
    together([compiler, "-std=gnu11", *INCLUDES, "-I" + folder, *flags,
              "-c", os.path.join(HERE, name), "-o", to]
             for name, to in objects.items())
    return {part: [objects[name] for name in files] for part, files in made_of.items()}


def compile_core(folder, flags, compiler="cc"):
    """Compiles the core into a folder: source -> object"""
    os.makedirs(folder, exist_ok=True)
    objects = {path: os.path.join(folder, os.path.basename(path)[:-2] + ".o") for path in sources()}
    together([compiler, "-std=c11", *INCLUDES, *flags, "-c", path, "-o", to] for path, to in objects.items())
    return objects
