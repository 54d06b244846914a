/*
 * cloud.h - Twilio, seen over the wire alone, at its worst
 *
 * It reads requests strictly as HTTP, URL and form, creates what they ask for, perhaps late, lists it newest
 * first by pages, perhaps late, and lets messages and calls come to their ends. It shares nothing with the
 * code that it answers. The faults of answers are its caller's to choose.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CLOUD_H
#define CLOUD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOUD_ITEMS    512
#define CLOUD_CONTACTS 4
#define CLOUD_ACCOUNT  "ACfedcba9876543210fedcba9876543210"
#define CLOUD_NEVER    UINT32_MAX

/* How a number takes messages: what becomes of them. */
enum cloud_phone {
    PHONE_GOOD, PHONE_SLOW, PHONE_SILENT, PHONE_UNREACHABLE, PHONE_UNKNOWN, PHONE_DEAD, PHONE_LANDLINE,
    PHONE_LANDLINE_LATER, PHONE_OPTED_OUT, PHONE_INVALID, PHONE_FORBIDDEN, PHONES
};

/* And calls. */
enum cloud_person { PERSON_HUMAN, PERSON_MACHINE, PERSON_BUSY, PERSON_AWAY, PERSON_FAILED, PERSONS };

struct cloud_contact {
    char number[20];
    enum cloud_phone  phone;
    enum cloud_person person;
};

/* A message or call. */
struct cloud_item {
    bool     call, asks;           /* asks: who answers it, is to be told */
    char     to[32], from[32], sid[35];
    char     body[512];            /* what is heard, of a call */
    uint32_t created, listed;      /* when it exists; when lists have it */
    uint32_t ended;                /* when its last status is known */
    const char *last, *answered;   /* that status; by whom */
    unsigned error;
    uint32_t validity;
    int      owner;                /* its caller's; -1: nobody's */
    unsigned attempt;              /* its caller's, too */
};

struct cloud {
    uint64_t random;
    uint32_t now;                  /* seconds since 1970 */
    uint32_t late, lag;            /* the most by which creation, and lists, are behind */
    bool     trial;
    uint32_t page_most;            /* items of a page, at most */
    struct cloud_contact contacts[CLOUD_CONTACTS];
    struct cloud_item items[CLOUD_ITEMS];
    unsigned count;
};

/* A request, as it was read. */
struct cloud_asked {
    bool post, call;
    enum { CLOUD_CREATE, CLOUD_FETCH, CLOUD_LIST, CLOUD_BALANCE } what;
    char host[64], sid[40];
    char to[32], from[32], body[512], detection[20];
    uint32_t validity, page_size, after;
};

struct cloud_answer {
    int      code;
    char     body[65536];
    size_t   size;
    struct cloud_item *item;       /* that was created; NULL: none */
};

uint32_t cloud_random(struct cloud *cloud, uint32_t below);

/* Read a request. NULL, or what is wrong with it. */
const char *cloud_read(const char *wire, size_t size, struct cloud_asked *asked);

/* Do what is asked, and answer; nothing fails but what Twilio would refuse. */
void cloud_serve(struct cloud *cloud, const struct cloud_asked *asked, struct cloud_answer *answer);

/* Somebody else's, or a message from a phone. NULL: there is no room. */
struct cloud_item *cloud_add(struct cloud *cloud, const char *to, const char *from, const char *body);

bool cloud_is_ended(const struct cloud *cloud, const struct cloud_item *item);

#endif
