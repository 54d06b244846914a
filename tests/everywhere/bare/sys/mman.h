/*
 * sys/mman.h - memory that must not be read, on a processor without an MMU: addresses where nothing is
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BARE_MMAN_H
#define BARE_MMAN_H

#include <unistd.h>

#define PROT_NONE     0
#define PROT_READ     1
#define MAP_PRIVATE   0
#define MAP_ANONYMOUS 0
#define MAP_NORESERVE 0
#define MAP_FAILED    ((void *)-1)
#define _SC_PAGESIZE  0

#define mmap(address, size, protection, flags, file, offset) ((void *)((void)(size), 0x90000000U))
#define munmap(address, size) ((void)(address), (void)(size), 0)
#define sysconf(what)                                          4096L

#endif
