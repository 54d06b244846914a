/*
 * string.c - the functions of string.h that an image calls, instead of a libc
 *
 * Without a libc nothing of one can come in unseen: no malloc, no printf, no locale. Words
 * instead of bytes where it counts; a Cortex-M3 reads and writes them at any address. Compile
 * with -fno-builtin -fno-tree-loop-distribute-patterns and without LTO: the compiler would
 * find memcpy in memcpy and call it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <stdint.h>

/* A word of whatever type, wherever it lies. */
struct word {
    uint32_t value;
} __attribute__((packed, may_alias));

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    return memmove(to, from, size);
}

/* Going up is right whenever to is below from, though words may overlap: what a store
 * overwrites has been loaded before. */
void *memmove(void *to, const void *from, size_t size)
{
    uint8_t *t = to;
    const uint8_t *f = from;

    if ((uintptr_t)t - (uintptr_t)f < size) {
        while (size-- > 0)
            t[size] = f[size];
        return to;
    }
    for (; size >= 4; size -= 4, t += 4, f += 4)
        ((struct word *)t)->value = ((const struct word *)f)->value;
    while (size-- > 0)
        *t++ = *f++;
    return to;
}

/* Sixteen at a time: TLS has its memory zeroed when it takes it, and again when it is done. */
void *memset(void *to, int value, size_t size)
{
    struct word *t = to;
    uint32_t word = (uint8_t)value * 0x01010101u;

    for (; size >= 16; size -= 16, t += 4)
        t[0].value = t[1].value = t[2].value = t[3].value = word;
    uint8_t *rest = (uint8_t *)t;
    while (size-- > 0)
        *rest++ = (uint8_t)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const uint8_t *l = left, *r = right;

    for (; size > 0; size--, l++, r++)
        if (*l != *r)
            return *l - *r;
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;
    while (*end != '\0')
        end++;
    return (size_t)(end - text);
}

int strcmp(const char *left, const char *right)
{
    for (; *left == *right && *left != '\0'; left++)
        right++;
    return (unsigned char)*left - (unsigned char)*right;
}

char *strchr(const char *text, int wanted)
{
    while (*text != (char)wanted)
        if (*text++ == '\0')
            return NULL;
    return (char *)(uintptr_t)text;
}
