/*
 * print.h - text and numbers to the board's console, without printf
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

/* A '\n' goes out as "\r\n": the console is a terminal. */
void print(const char *text);

void print_number(uint32_t number);  /* 4294967295 */
void print_hex(uint32_t number);     /* 0x20000f3c */
void print_address(uint32_t ipv4);   /* 10.0.2.15, given in network byte order */

#endif
