/*
 * runner.c - the unit tests in one program: runs some, each in a process of its own, until one fails
 *
 *     runner NAME:MILLISECONDS ...
 *
 * Prints each test's name, and the milliseconds of processor time it took. Ends with 1 at the first that
 * fails, or takes more than it may.
 *
 * PARTS: part(NAME) for each test. The main of test_NAME.c is main_NAME here.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define part(name) int main_##name(int argc, char **argv);
PARTS
#undef part

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} tests[] = {
#define part(name) { #name, main_##name },
    PARTS
};

/* cmocka's own go on with the next test of the group; that one has failed is all that is asked for here. */
_Noreturn void _fail(const char *file, int line)
{
    (void)file;
    (void)line;
    _exit(1);
}

void (*signal(int number, void (*handler)(int)))(int)
{
    (void)number;
    (void)handler;
    return NULL;
}

static void limit(long milliseconds)
{
    struct itimerval timer = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000 + 1 } };
    struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
    setitimer(ITIMER_PROF, &timer, NULL);
}

static void child(int (*run)(int argc, char **argv), long milliseconds)
{
    char *arguments[] = { "test", NULL };
    int nowhere = open("/dev/null", O_RDWR);

    for (int i = 0; i < 3; i++) {
        dup2(nowhere, i);
    }
    limit(milliseconds);
    exit(run(1, arguments));
}

static long milliseconds_of(const struct timeval *time)
{
    return time->tv_sec * 1000 + time->tv_usec / 1000;
}

static int passes(const char *name, long milliseconds)
{
    struct rusage usage;
    int status;

    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (strcmp(tests[i].name, name) == 0) {
            pid_t pid = fork();

            if (pid == 0) {
                child(tests[i].run, milliseconds);
            }
            if (pid < 0 || wait4(pid, &status, 0, &usage) != pid) {
                abort();
            }
            printf("%s %ld\n", name, milliseconds_of(&usage.ru_utime) + milliseconds_of(&usage.ru_stime));
            fflush(stdout);
            return status == 0;
        }
    }
    abort();
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *colon = strchr(argv[i], ':');

        *colon = '\0';
        if (!passes(argv[i], atol(colon + 1))) {
            return 1;
        }
    }
    return 0;
}
