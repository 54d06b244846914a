/*
 * emulation.c - what an emulated board takes from its host, by semihosting: entropy, settings, exit
 *
 * Semihosting is a breakpoint that the emulator answers; on silicon without a debugger it is
 * a fault. So nothing of this is in a product, which brings its own (see each board.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "cortex-m.h"

#if TWILIO_EMULATED

#define MODE_READ          1        /* as "rb" */
#define APPLICATION_EXIT   0x20026u

/* By the book: operation in r0, argument in r1, the answer in r0. */
int cortex_m_host(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static int host_open(const char *path, size_t length)
{
    const uintptr_t block[] = { (uintptr_t)path, MODE_READ, length };
    return cortex_m_host(HOST_OPEN, block);
}

/* Returns the bytes read; the service itself returns those that it did not. */
static size_t host_read(int file, void *to, size_t size)
{
    const uintptr_t block[] = { (uintptr_t)file, (uintptr_t)to, size };
    int missing = cortex_m_host(HOST_READ, block);
    return missing < 0 || (size_t)missing > size ? 0 : size - (size_t)missing;
}

static void host_close(int file)
{
    const uintptr_t block[] = { (uintptr_t)file };
    cortex_m_host(HOST_CLOSE, block);
}

int board_entropy(void *buf, size_t size)
{
    static const char path[] = "/dev/urandom";
    int file = host_open(path, sizeof path - 1);
    if (file < 0)
        return -1;
    size_t have = host_read(file, buf, size);
    host_close(file);
    return have == size ? 0 : -1;
}

/* Looks for the line "name=value" in text that goes by. */
struct search {
    const char *name;
    char *value;
    size_t size;
    size_t at;  /* bytes of the name matched, or of the value met */
    enum { IN_NAME, IN_VALUE, IN_OTHER, FOUND } state;
};

static void search_feed(struct search *search, char c)
{
    if (search->state == FOUND)
        return;
    if (c == '\n') {
        search->state = search->state == IN_VALUE ? FOUND : IN_NAME;
        if (search->state == IN_NAME)
            search->at = 0;
    } else if (search->state == IN_VALUE) {
        if (search->at < search->size)
            search->value[search->at] = c;
        search->at++;
    } else if (search->state == IN_NAME) {
        char want = search->name[search->at];
        if (c == '=' && want == '\0') {
            search->state = IN_VALUE;
            search->at = 0;
        } else if (c == want && want != '\0') {
            search->at++;
        } else {
            search->state = IN_OTHER;
        }
    }
}

int board_setting(const char *name, char *value, size_t size)
{
    static const char path[] = "settings";
    struct search search = { .name = name, .value = value, .size = size };
    char piece[64];
    size_t have;

    int file = host_open(path, sizeof path - 1);
    if (file >= 0) {
        while ((have = host_read(file, piece, sizeof piece)) > 0)
            for (size_t i = 0; i < have; i++)
                search_feed(&search, piece[i]);
        search_feed(&search, '\n');
        host_close(file);
    }
    bool fits = search.state == FOUND && search.at < size;
    if (size > 0)
        value[fits ? search.at : 0] = '\0';
    return fits ? (int)search.at : -1;
}

void board_exit(int status)
{
    const uint32_t block[] = { APPLICATION_EXIT, (uint32_t)status };
    cortex_m_host(HOST_EXIT_EXTENDED, block);
    cortex_m_reset();
}

#else

void board_exit(int status)
{
    (void)status;
    cortex_m_reset();
}

#endif
