#!/usr/bin/python3
"""Nothing that is built verifies less than all of a server's chain and name, whatever the build is told.

    verified.py COMPILER INCLUDE[;INCLUDE...]

Looks at port/tls.c as the compiler sees it, for every size of records, and at the sources around it: one
call requires verification, none takes it back, no #if of ours is around it, and no option asks for less;
and an mbedTLS that was told to verify less is refused.

SPDX-License-Identifier: MIT
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
RECORDS = (1024, 4096, 16384)

# What would verify less, or let somebody decide that afterwards
FORBIDDEN = re.compile(r"VERIFY_(NONE|OPTIONAL|UNSET)|conf_verify|ssl_set_verify|conf_cert_profile|"
                       r"authmode\w*\s*\(\s*(?!&c->config, MBEDTLS_SSL_VERIFY_REQUIRED\))", re.IGNORECASE)
OPTION = re.compile(r"verif|insecure|trust|unsafe|no_?check|skip", re.IGNORECASE)

# What of mbedTLS's configuration verification rests on, as somebody might change it
LESS = ("#undef MBEDTLS_HAVE_TIME_DATE", "#undef MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK",
        "#define MBEDTLS_SSL_CLI_ALLOW_WEAK_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME")

# What must stand in these files, outside of any #if but the header's guard
UNCONDITIONAL = {
    ("port/tls.c", 0): [
        "mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_REQUIRED);",
        "mbedtls_ssl_conf_ca_cb(&c->config, find_issuers, tls);",
        "mbedtls_ssl_set_hostname(&c->ssl, tls->host)",
        "if (mbedtls_ssl_get_verify_result(&c->ssl) != 0 || !(c->certified || c->offers)) {",
    ],
    ("port/mbedtls_config.h", 1): [
        "#define MBEDTLS_HAVE_TIME_DATE", "#define MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK",
        "#define MBEDTLS_X509_MAX_INTERMEDIATE_CA",
    ],
}


def fail(text):
    sys.exit("verified: " + text)


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def sources():
    for folder in ("core", "port", "boards"):
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.[ch]"), recursive=True):
            yield os.path.relpath(path, ROOT)


def no_source_asks_for_less():
    count = 0
    for path in sources():
        count += 1
        for number, line in enumerate(text_of(path).splitlines(), 1):
            if FORBIDDEN.search(line):
                fail("%s:%d: %s" % (path, number, line.strip()))
    if count < 50:
        fail("only %d sources were found" % count)


def no_condition_decides():
    for (path, allowed), wanted in UNCONDITIONAL.items():
        depth, found = 0, []
        for line in text_of(path).splitlines():
            depth += len(re.findall(r"^\s*#\s*if", line)) - len(re.findall(r"^\s*#\s*endif", line))
            found += [text for text in wanted if text in line and depth == allowed]
        if sorted(found) != sorted(wanted):
            fail("%s has not, once and always: %s" % (path, set(wanted) ^ set(found) or found))


def no_option_offers_less():
    options = 0
    for path in ["CMakeLists.txt", *glob.glob(os.path.join(ROOT, "boards", "*.cmake"))]:
        for name in re.findall(r"(?:option\(|set\()(\w+)(?=[^)]*(?:CACHE|\"))", text_of(path)):
            options += name.startswith("TWILIO_")
            if OPTION.search(name):
                fail("%s has an option %s" % (path, name))
    if options < 5:
        fail("only %d options were found" % options)


def preprocessed(compiler, includes, record, *options):
    command = [compiler, "-E", "-P", "-dD", "-DTWILIO_TLS_RECORD_MAX=%d" % record,
               "-DMBEDTLS_CONFIG_FILE=<mbedtls_config.h>", "-I" + os.path.join(ROOT, "core")]
    command += ["-I" + include for include in includes] + [*options, os.path.join(ROOT, "port", "tls.c")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def compiled(*arguments):
    done = preprocessed(*arguments)
    if done.returncode != 0:
        fail(done.stderr)
    return done.stdout


def less_is_refused(compiler, includes):
    for line in LESS:
        with tempfile.NamedTemporaryFile("w", suffix=".h") as file:
            file.write(line + "\n")
            file.flush()
            done = preprocessed(compiler, includes, RECORDS[0], '-DMBEDTLS_USER_CONFIG_FILE="%s"' % file.name)
        if done.returncode == 0 or "verify less" not in done.stderr:
            fail("it is built in spite of " + line)


def verification_is_compiled(text):
    calls = re.findall(r"^\s+mbedtls_ssl_conf_authmode\((.*?)\);", text, re.MULTILINE)
    if calls != ["&c->config, 2"]:  # MBEDTLS_SSL_VERIFY_REQUIRED
        fail("verification is set by %s" % calls)
    if not re.search(r"^#define MBEDTLS_HAVE_TIME_DATE", text, re.MULTILINE):
        fail("dates are not looked at")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    no_source_asks_for_less()
    no_condition_decides()
    no_option_offers_less()
    includes = sys.argv[2].split(";")
    less_is_refused(sys.argv[1], includes)
    for record in RECORDS:
        verification_is_compiled(compiled(sys.argv[1], includes, record))


if __name__ == "__main__":
    main()
