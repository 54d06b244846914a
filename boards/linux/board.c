/*
 * board.c - a PC as a board: the one you debug on
 *
 * Settings are the environment, the console is the terminal, the PC's clock is the
 * battery-backed one, and SIGUSR1 (kill -USR1) holds the alarm input active for half a second.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define INPUT_HELD  500   /* milliseconds */
#define END_OF_TEXT 0x04  /* what Ctrl-D is on a terminal */

static volatile sig_atomic_t signalled;

/* ---- Life ------------------------------------------------------------------ */

static void note_signal(int number)
{
    (void)number;
    signalled = 1;
}

void board_start(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    (void)sigaction(SIGUSR1, &action, NULL);
}

_Noreturn void board_exit(int status)
{
    exit(status);
}

/* ---- Time ------------------------------------------------------------------ */

uint32_t board_millis(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

uint32_t board_utc(void)
{
    return (uint32_t)time(NULL);
}

/* ---- Entropy --------------------------------------------------------------- */

int board_entropy(void *buf, size_t size)
{
    return getrandom(buf, size, 0) == (ssize_t)size ? 0 : -1;
}

/* ---- Console --------------------------------------------------------------- */

void board_console_write(const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, text, size);
        if (written < 0 && errno != EINTR)
            return;
        if (written > 0) {
            text += written;
            size -= (size_t)written;
        }
    }
}

static struct termios terminal_before;

static void restore_terminal(void)
{
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
}

/* A UART neither echoes nor waits for the end of a line. */
static void make_terminal_raw(void)
{
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &terminal_before) != 0)
        return;  /* not a terminal */
    raw = terminal_before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    (void)atexit(restore_terminal);
}

/* The end of a file or pipe reads as one Ctrl-D. */
int board_console_read(void)
{
    static bool started, ended;
    struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
    unsigned char typed;

    if (!started) {
        started = true;
        make_terminal_raw();
    }
    if (ended || poll(&input, 1, 0) <= 0)
        return -1;
    if (read(STDIN_FILENO, &typed, 1) == 1)
        return typed;
    ended = true;
    return END_OF_TEXT;
}

/* ---- Application ----------------------------------------------------------- */

bool board_input(void)
{
    static bool held;
    static uint32_t since;

    if (signalled) {
        signalled = 0;
        held = true;
        since = board_millis();
    }
    if (held && board_millis() - since >= INPUT_HELD)
        held = false;
    return held;
}

int board_setting(const char *name, char *value, size_t size)
{
    const char *found = getenv(name);
    size_t length = found != NULL ? strlen(found) : 0;

    if (size > 0)
        value[0] = '\0';
    if (found == NULL || length >= size)
        return -1;
    memcpy(value, found, length + 1);
    return (int)length;
}

/* The image of a hosted 64-bit program tells nothing about firmware. */
void board_memory(struct board_memory *memory)
{
    memset(memory, 0, sizeof *memory);
}
