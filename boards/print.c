/*
 * print.c - text and numbers to the board's console, without printf
 *
 * SPDX-License-Identifier: MIT
 */
#include "print.h"

#include "board.h"

void print(const char *text)
{
    for (;;) {
        size_t length = 0;
        while (text[length] != '\0' && text[length] != '\n')
            length++;
        board_console_write(text, length);
        if (text[length] == '\0')
            return;
        board_console_write("\r\n", 2);
        text += length + 1;
    }
}

void print_number(uint32_t number)
{
    char digits[10];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    board_console_write(digits + first, sizeof digits - first);
}

void print_hex(uint32_t number)
{
    char digits[10] = "0x";
    for (unsigned i = 0; i < 8; i++)
        digits[2 + i] = "0123456789abcdef"[number >> (28 - 4 * i) & 15];
    board_console_write(digits, sizeof digits);
}

void print_address(uint32_t ipv4)
{
    const uint8_t *byte = (const uint8_t *)&ipv4;
    for (unsigned i = 0; i < 4; i++) {
        print(i > 0 ? "." : "");
        print_number(byte[i]);
    }
}
