"""measure.py - what the compiler made: sizes, sections, symbols, stack, of the core and of images

Compiles the core by itself for each target and level, so that what is measured does not depend
on how the rest was configured.

SPDX-License-Identifier: MIT
"""
import functools
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "size")
LEVELS = ("-O0", "-Os", "-O2")
TARGETS = {
    "Cortex-M0+": ["arm-none-eabi-", "-mcpu=cortex-m0plus", "-mthumb"],
    "Cortex-M3": ["arm-none-eabi-", "-mcpu=cortex-m3", "-mthumb"],
    "x86-64": ["", "-m64", "-fno-pie"],
}
ARM = ("Cortex-M0+", "Cortex-M3")

# The core that every program takes; the rest of core/ are helpers, linked one by one where they are used.
BASE = ("exchange", "field", "grammar", "json", "octets", "request", "response", "sink")
BASE_ROOTS = ("twilio_request_check", "twilio_encode", "twilio_host", "twilio_response_begin",
              "twilio_response_feed", "twilio_json_begin", "twilio_json_feed", "twilio_exchange_begin",
              "twilio_exchange_step", "twilio_exchange_abort")

# What the core may leave to others, and a bound of the stack that it takes there: of libc, and of the
# compiler's own helpers (division, switch tables).
LIBC = {"memcpy": 32, "memset": 32, "memmove": 32, "memcmp": 32, "strlen": 16}
HELPER = re.compile(r"^(__aeabi_\w+|__gnu_thumb1_case_\w+)$")
HELPER_STACK = 16


class Wrong(Exception):
    """What was measured is not as it should be."""


def run(*command, cwd=ROOT):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"measure.py: {' '.join(command)} failed:\n{done.stderr}")
    return done.stdout


def sources():
    return sorted(f"core/{name}" for name in os.listdir(os.path.join(ROOT, "core")) if name.endswith(".c"))


@functools.lru_cache(maxsize=None)
def core(target, level):
    """Compile core/*.c; the folder with their objects, call graphs (.ci) and archive."""
    prefix, *flags = TARGETS[target]
    folder = os.path.join(BUILD, target + level)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    archive = os.path.join(folder, "libtwilio_core.a")
    objects = []
    for source in sources():
        objects.append(os.path.join(folder, os.path.basename(source)[:-2] + ".o"))
        run(prefix + "gcc", "-std=c11", *flags, level, "-ffunction-sections", "-fdata-sections",
            "-fstack-usage", "-fcallgraph-info=su", "-c", source, "-o", objects[-1])
    run(prefix + "ar", "rcs", archive, *objects)
    return folder, objects, archive


def text(target, *files):
    """Bytes of flash: code and constants (and initial values, of which the core has none)."""
    lines = run(TARGETS[target][0] + "size", *files).splitlines()[1:]
    return sum(int(line.split()[0]) + int(line.split()[1]) for line in lines)


def core_flash(target):
    """The flash of each object of the base, and of all linked with the libc and helpers that they call."""
    folder, objects, archive = core(target, "-Os")
    parts = {os.path.basename(o)[:-2]: text(target, o) for o in objects}
    return {name: parts[name] for name in BASE}, linked(target, BASE_ROOTS)


def linked(target, roots):
    """The flash of what these functions take, libc and compiler helpers included."""
    prefix, *flags = TARGETS[target]
    folder, objects, archive = core(target, "-Os")
    elf = os.path.join(folder, "linked.elf")
    run(prefix + "gcc", *flags, "--specs=nano.specs", "-nostartfiles", "-Wl,-e,0", "-Wl,--gc-sections",
        *(f"-Wl,-u,{root}" for root in roots), archive, "-o", elf)
    symbols = run(prefix + "nm", "--defined-only", elf).split()
    for root in roots:
        if root not in symbols:
            raise Wrong(f"{root} is not in what was linked")
    return text(target, elf)


def helper_flash(target, roots):
    """What these helpers add to a program that has the base."""
    return linked(target, BASE_ROOTS + tuple(roots)) - linked(target, BASE_ROOTS)


def core_structs(target):
    """Bytes of the structs of the public headers on this target."""
    prefix, *flags = TARGETS[target]
    folder = core(target, "-Os")[0]
    headers = sorted(name for name in os.listdir(os.path.join(ROOT, "core")) if name.startswith("twilio"))
    names = []
    for header in headers:
        with open(os.path.join(ROOT, "core", header), encoding="utf-8") as file:
            names += re.findall(r"^struct (twilio_\w+) \{", file.read(), re.M)
    probe = os.path.join(folder, "structs")
    with open(probe + ".c", "w", encoding="utf-8") as file:
        file.writelines(f'#include "{header}"\n' for header in headers)
        file.writelines(f"char size_of_{name}[sizeof(struct {name})];\n" for name in names)
    run(prefix + "gcc", "-std=c11", *flags, "-Icore", "-c", probe + ".c", "-o", probe + ".o")
    symbols = run(prefix + "nm", "-S", "--defined-only", probe + ".o")
    return {name: int(size, 16) for size, name in re.findall(r"^\w+ (\w+) \w size_of_(\w+)$", symbols, re.M)}


def check_pure(target, level):
    """The archive holds nothing that can be written to, and needs nothing but what is allowed."""
    prefix = TARGETS[target][0]
    archive = core(target, level)[2]
    where = f"core, {target} {level}"
    section = r"\] .*?\s\w+\s+[0-9a-f]{6,} [0-9a-f]{6,} ([0-9a-f]{6,}) \d\d +([A-Z]*W[A-Z]*) "
    for size, flags in re.findall(section, run(prefix + "readelf", "-SW", archive)):
        if "A" in flags and int(size, 16) > 0:
            raise Wrong(f"{where}: {int(size, 16)} bytes of writable data (.data or .bss)")
    needed, given = set(), set()
    for line in run(prefix + "nm", archive).splitlines():
        match = re.match(r"^[0-9a-f ]* ([A-Za-z]) (\S+)$", line)
        if match is None:
            continue
        kind, name = match.groups()
        if kind in "CDdBbSsGg":
            raise Wrong(f"{where}: {name} is static data")
        (needed if kind in "Uwv" else given).add(name)
    if "twilio_encode" not in given:
        raise Wrong(f"{where}: twilio_encode is not in the archive")
    for name in sorted(needed - given):
        if name not in LIBC and not HELPER.match(name):
            raise Wrong(f"{where}: it calls {name}")


def call_graph(folder):
    """Of all .ci files: stack of each function, and whom it calls, with the place of the call."""
    stack, calls, external = {}, {}, set()
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".ci"):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            graph = file.read()
        for title, label in re.findall(r'^node: \{ title: "(.*?)" label: "(.*?)"', graph, re.M):
            usage = re.search(r"(\d+) bytes \((.*?)\)", label)
            if usage is None:
                external.add(title)
            elif usage.group(2) != "static":
                raise Wrong(f"{title}: its stack is {usage.group(2)}, not static")
            else:
                stack[title] = int(usage.group(1))
        for source, target, place in re.findall(
                r'^edge: \{ sourcename: "(.*?)" targetname: "(.*?)" label: "(.*?)"', graph, re.M):
            calls.setdefault(source, set()).add((target, place))
    for title in external - stack.keys() - LIBC.keys() - {"__indirect_call"}:
        if not HELPER.match(title):
            raise Wrong(f"{title} is called, and its stack is not known")
    return stack, calls


def public():
    """The functions of the core's public headers: name -> header."""
    found = {}
    for header in sorted(os.listdir(os.path.join(ROOT, "core"))):
        if header.startswith("twilio") and header.endswith(".h"):
            with open(os.path.join(ROOT, "core", header), encoding="utf-8") as file:
                names = re.findall(r"^[a-z][\w *]*?\b(twilio_\w+)\(", file.read(), re.M)
                found |= dict.fromkeys(names, header)
    return found


def add_implied(prefix, objects, stack, calls):
    """The call graph does not have what the compiler itself calls: memset for an initialiser, division. The
    objects have it."""
    for made in objects:
        source = f"core/{os.path.basename(made)[:-2]}.c"
        function = None
        for line in run(prefix + "objdump", "-dr", made).splitlines():
            begins = re.match(r"^[0-9a-f]+ <(\w[\w.]*)>:$", line)
            to = re.search(r"\bR_\w+\s+(\w+)", line)
            if begins:
                function = begins.group(1)
            elif to and (to.group(1) in LIBC or HELPER.match(to.group(1))):
                title = function if function in stack else f"{source}:{function}"
                if title not in stack:
                    raise Wrong(f"{title} calls {to.group(1)}, and its stack is not known")
                calls.setdefault(title, set()).add((to.group(1), ""))


def generators():
    """The generators that the core has, as the call graph names them: file.c:name, or name if public."""
    generator = re.compile(r"^(static )?int (\w+)\(struct twilio_sink \*\w+, const void \*\w+\)$", re.M)
    found = []
    for source in sources():
        with open(os.path.join(ROOT, source), encoding="utf-8") as file:
            for static, name in generator.findall(file.read()):
                found.append(f"{source}:{name}" if static else name)
    return found


def indirect(place):
    """What an indirect call may lead to. What transports take, and the application's, is their own."""
    file, line, _ = place.split(":")
    with open(os.path.join(ROOT, file), encoding="utf-8") as source:
        code = source.read().splitlines()[int(line) - 1]
    if re.search(r"\bgenerator->write\(", code):
        return generators()
    if re.search(r"\bcall->source\.write\(", code):
        return ["twilio_url", "twilio_twiml_param"]  # those that are for it
    if not re.search(r"\b(transport|below)->(connect|send|recv|close)\(|\btrace->show\("
                     r"|\bflash->(read|program|erase)\(|\ba->told\(", code):
        raise Wrong(f"{place}: an indirect call to who knows what: {code.strip()}")
    return []


def core_stack(target, level, helpers):
    """The most stack that each public function takes, and each that only pointers lead to (file.c:name), in
    all that it calls but transports and, without helpers, generators."""
    folder, objects, _ = core(target, level)
    stack, calls = call_graph(folder)
    add_implied(TARGETS[target][0], objects, stack, calls)
    worst = {}

    def walk(title, path):
        if title in path:
            raise Wrong(f"{target} {level}: recursion: {' -> '.join(path + [title])}")
        if title in worst:
            return worst[title]
        if title not in stack:
            return LIBC.get(title, HELPER_STACK)
        deepest = 0
        for callee, place in calls.get(title, ()):
            for each in indirect(place) * helpers if callee == "__indirect_call" else [callee]:
                deepest = max(deepest, walk(each, path + [title]))
        worst[title] = stack[title] + deepest
        return worst[title]

    called = {to for callees in calls.values() for to, _ in callees}
    roots = [title for title in stack if ":" not in title or title not in called]
    if "twilio_encode" not in roots:
        raise Wrong(f"{target} {level}: twilio_encode is not in the call graph")
    return {title: walk(title, []) for title in sorted(roots)}


# ---- Images of firmware --------------------------------------------------------

LAYERS = ("core", "port", "lwIP", "mbedTLS", "board, application", "libgcc", "literals, padding")
FOLDERS = (("/core/", "core"), ("/port/", "port"), ("/boards/", "board, application"))
HEAP = re.compile(r"^_?_?(malloc|calloc|realloc|free|_malloc_r|_calloc_r|_realloc_r|_free_r|"
                  r"sbrk|_sbrk|_sbrk_r|v?(f|s|sn|as|asn|d)?i?printf|"
                  r"_s?v?(f|s|sn|as|asn|d)?i?printf_r|_printf_i|_printf_float|"
                  r"v?s?scanf|puts|putchar|fputs|fwrite)$")


def layer(path):
    """Whose a source file is: ours by its folder in the project, the others' by theirs."""
    if path.startswith(ROOT) and not path.startswith(os.path.join(ROOT, "build", "deps")):
        for folder, name in FOLDERS:
            if path[len(ROOT):].startswith(folder):
                return name
        return "port"  # anchors.c, made in the build folder
    return "mbedTLS" if re.search("/library/|/include/mbedtls/|/3rdparty/", path) else "lwIP"


def variables(elf):
    """The layer that each variable and constant outside functions is of."""
    defined, declared = {}, {}
    kind = unit = name = None
    for line in run("arm-none-eabi-readelf", "--debug-dump=info", "--dwarf-depth=2", elf).splitlines():
        tag = re.search(r"\((DW_TAG_\w+)\)$", line)
        if tag:
            kind, name = tag.group(1), None
        elif "DW_AT_name" in line and kind == "DW_TAG_compile_unit":
            unit = line.split()[-1]
        elif "DW_AT_name" in line and kind == "DW_TAG_variable" and unit.startswith("/"):
            name = line.split()[-1]
            defined.setdefault(name, layer(unit))
        elif "DW_AT_declaration" in line and name:
            declared[name] = defined.pop(name)
    return declared | defined


def image(elf):
    """Flash, static RAM and reserved stack of an image, its TLS arena, and flash and RAM of each layer."""
    flash = ram = stack = arena = 0
    for name, kind, size, flags in re.findall(
            r"^ +\[ *\d+\] (\S+) +(\w+) +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) \d\d +([A-Z]*) ",
            run("arm-none-eabi-readelf", "-SW", elf), re.M):
        size = int(size, 16)
        if "A" not in flags:
            continue
        if "stack" in name:
            stack += size
            continue
        if kind != "NOBITS":
            flash += size
        if "W" in flags:
            ram += size
    parts = {name: [0, 0] for name in LAYERS}
    data = variables(elf)
    for line in run("arm-none-eabi-nm", "-S", "-l", "--defined-only", elf).splitlines():
        match = re.match(r"^\w+ (\w+) (\w) (\S+)(?:\t(.*):\d+)?$", line)
        if match is None:
            continue
        size, kind, name, path = match.groups()
        arena = int(size, 16) if name == "arena" else arena
        of = layer(path) if path else data.get(name.split(".")[0], "libgcc" if kind in "TtW" else None)
        if of and kind in "TtWRrVDd":
            parts[of][0] += int(size, 16)
        if of and kind in "DdBb":
            parts[of][1] += int(size, 16)
    told = [sum(column) for column in zip(*parts.values())]
    parts["literals, padding"] = [flash - told[0], ram - told[1]]
    return {"flash": flash, "ram": ram, "stack": stack, "arena": arena, "layers": parts}


def check_no_heap(elf):
    names = {line.split()[-1] for line in run("arm-none-eabi-nm", elf).splitlines()}
    if "twilio_tls_calloc" not in names and "board_start" not in names:
        raise Wrong(f"{elf}: no symbols to look at")
    found = sorted(name for name in names if HEAP.match(name))
    if found:
        raise Wrong(f"{elf}: the image contains {', '.join(found)}")
