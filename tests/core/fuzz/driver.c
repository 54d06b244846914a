/*
 * driver.c - feeds a fuzz target a fixed number of inputs, mutated from its seeds: COUNT [FIRST]; or what
 * is in files, which a list names, each in a line: @LIST; or writes the seeds for another fuzzer: +FOLDER
 *
 * Input number n is made from n alone: when one fails, its number is told, and "1 n" repeats it. With
 * sanitizers or without: then it also runs where there is no operating system.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include <signal.h>
#include <string.h>

#define INPUT_MAX 2048

static unsigned long number;
static uint8_t input[INPUT_MAX];
static size_t size;

/* The sanitizers' runtime, where there is one, calls this at its end. */
void __sanitizer_set_death_callback(void (*callback)(void));

static void tell(void)
{
    fprintf(stderr, "input %lu, of %zu bytes, failed:\n%.*s\n", number, size, (int)size, (const char *)input);
    for (size_t i = 0; i < size; i++) {
        fprintf(stderr, "%02x", input[i]);
    }
    fprintf(stderr, "\n");
}

static void on_abort(int signal_number)
{
    (void)signal_number;
    tell();
    _Exit(1);
}

static size_t count(const struct seed *list)
{
    size_t n = 0;

    while (list[n].bytes != NULL) {
        n++;
    }
    return n;
}

/* Put bytes in place of length bytes at an offset. */
static void splice(size_t at, size_t length, const void *bytes, size_t n)
{
    if (size - length + n <= INPUT_MAX) {
        memmove(input + at + n, input + at + length, size - at - length);
        memcpy(input + at, bytes, n);
        size += n - length;
    }
}

static void mutate(uint32_t *random)
{
    size_t at = fuzz_random(random) % (size + 1), rest = size - at;
    size_t length = fuzz_random(random) % (rest < 16 ? rest + 1 : 16);
    uint8_t octet = (uint8_t)fuzz_random(random), copy[16];
    const struct seed *piece = &pieces[fuzz_random(random) % count(pieces)];

    switch (fuzz_random(random) % 8) {
    case 0:
        splice(at, rest > 0, &octet, 1);
        break;
    case 1:
        splice(at, 0, &octet, 1);
        break;
    case 2:
        splice(at, length, "", 0);
        break;
    case 3:
        memcpy(copy, input + at, length);
        splice(fuzz_random(random) % (size + 1), 0, copy, length);
        break;
    case 4:
        size = at;
        break;
    case 5:
        if (rest > 0) {
            input[at] ^= (uint8_t)(1U << (octet & 7));
        }
        break;
    default:
        splice(at, octet % 2 == 0 ? 0 : length, piece->bytes, piece->size);
        break;
    }
}

/* The seed, behind four random octets */
static void make_seed(const struct seed *seed, uint32_t *random)
{
    size = 4;
    for (size_t i = 0; i < size; i++) {
        input[i] = (uint8_t)fuzz_random(random);
    }
    splice(size, 0, seed->bytes, seed->size);
}

static void make_input(void)
{
    uint32_t random = (uint32_t)number * 2654435761U + 1;
    uint32_t mutations;

    for (int i = 0; i < 4; i++) {
        fuzz_random(&random);
    }
    make_seed(&seeds[fuzz_random(&random) % count(seeds)], &random);
    mutations = fuzz_random(&random) % 6;
    while (mutations-- > 0) {
        mutate(&random);
    }
}

/* Returns how many there were; 0: one cannot be read, or there is none. */
static unsigned long replay(const char *list)
{
    FILE *names = fopen(list, "r"), *file;
    char name[512];

    if (names == NULL) {
        return 0;
    }
    for (number = 0; fgets(name, sizeof name, names) != NULL; number++) {
        name[strcspn(name, "\n")] = '\0';
        file = fopen(name, "rb");
        size = file != NULL ? fread(input, 1, sizeof input, file) : 0;
        if (size == 0) {
            fprintf(stderr, "%s cannot be read\n", name);
            return 0;
        }
        fclose(file);
        LLVMFuzzerTestOneInput(input, size);
    }
    fclose(names);
    return number;
}

/* Each seed behind several times four octets. Returns how many were written. */
static unsigned long write_seeds(const char *folder)
{
    uint32_t random = 1;
    char name[512];

    for (number = 0; number < 8 * count(seeds); number++) {
        FILE *file;

        make_seed(&seeds[number / 8], &random);
        snprintf(name, sizeof name, "%s/seed-%lu", folder, number);
        file = fopen(name, "wb");
        if (file == NULL || fwrite(input, 1, size, file) != size || fclose(file) != 0) {
            fprintf(stderr, "%s cannot be written\n", name);
            return 0;
        }
    }
    return number;
}

/* Returns the process's status. */
static int told(unsigned long inputs)
{
    printf("%lu inputs\n", inputs);
    return inputs == 0;
}

int main(int argc, char **argv)
{
    unsigned long runs = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long first = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

    signal(SIGABRT, on_abort);
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_set_death_callback(tell);
#endif
    if (argc > 1 && argv[1][0] == '@') {
        return told(replay(argv[1] + 1));
    }
    if (argc > 1 && argv[1][0] == '+') {
        return told(write_seeds(argv[1] + 1));
    }
    if (runs == 0) {
        fprintf(stderr, "usage: %s COUNT [FIRST] | @LIST | +FOLDER\n", argv[0]);
        return 2;
    }
    for (number = first; number < first + runs; number++) {
        make_input();
        LLVMFuzzerTestOneInput(input, size);
    }
    return told(runs);
}
