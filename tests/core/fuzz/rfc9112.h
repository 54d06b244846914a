/*
 * rfc9112.h - a second reader of HTTP/1.1 answers, for targets to compare core/response.c with
 *
 * Written from RFC 9112, in another manner than the core's: all octets lie there at once, and are taken
 * line by line. Narrower than the RFC only where core/twilio.h is: heads, trailers and the lines of chunks
 * have TWILIO_RESPONSE_HEAD_MAX octets at most, and the sizes of bodies and chunks 32 bits; wider only in
 * chunk extensions, which are any text. An element of Content-Length longer than TWILIO_NAME_MAX is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RFC9112_H
#define RFC9112_H

#include "twilio.h"

#include <string.h>

#define ANSWER_MAX   72000
#define CHUNK_ROOM   (TWILIO_RESPONSE_HEAD_MAX - 1U)  /* the LF in front of a chunk's line counts, too */
#define LENGTH_LIMIT 4294967290U  /* what begins with these nine digits still has 32 bits */

enum verdict {
    REFUSED,   /* whatever may follow, this is no answer */
    CUT,       /* the rest must still come */
    ENDLESS,   /* a body that ends when the connection does */
    COMPLETE
};

struct octets {
    const uint8_t *at;
    size_t size;
};

/* A value that is wanted: of a header's name in small letters, or "" for the reason phrase. */
struct wanted {
    const char *name;
    bool   there;
    size_t size;
    char   text[ANSWER_MAX];
};

struct answer {
    bool to_head;           /* asked by HEAD */
    struct wanted *wanted;  /* up to one without name; NULL: none */

    enum verdict verdict;
    unsigned code;          /* of the status line that was last */
    size_t   end;           /* octets that are the answer's */
    bool     reusable;
    uint8_t  body[ANSWER_MAX];
    size_t   body_size;     /* as far as it came, and is sound */
};

struct framing {
    bool minor_0, close, keep_alive, chunked, has_length;
    uint64_t length;
};

/* What lies between here and the end of what came, or of what may come. */
struct reader {
    struct answer *answer;
    const uint8_t *at, *end;
    struct framing framing;
};

/* A line as far as it is there, without CRLF. */
struct line {
    struct octets text;
    bool whole;  /* its CR is there, so that nothing can be added */
    bool ended;  /* its LF, too */
};

/* ---- Octets ------------------------------------------------------------------------------------- */

static inline bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t';
}

/* RFC 9110 5.6.2 */
static inline bool is_tchar(uint8_t octet)
{
    return octet > ' ' && octet < 0x7F && strchr("\"(),/:;<=>?@[\\]{}", octet) == NULL;
}

/* HTAB / SP / VCHAR / obs-text */
static inline bool is_text(uint8_t octet)
{
    return octet == '\t' || (octet >= ' ' && octet != 0x7F);
}

static inline bool all(struct octets octets, bool (*is)(uint8_t))
{
    for (size_t i = 0; i < octets.size; i++) {
        if (!is(octets.at[i])) {
            return false;
        }
    }
    return true;
}

static inline bool same(struct octets octets, const char *word)
{
    bool is = octets.size == strlen(word);

    for (size_t i = 0; is && i < octets.size; i++) {
        uint8_t octet = octets.at[i];
        is = (octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) == (uint8_t)word[i];
    }
    return is;
}

static inline struct octets trim(struct octets octets)
{
    for (; octets.size > 0 && is_blank(octets.at[0]); octets.size--) {
        octets.at++;
    }
    while (octets.size > 0 && is_blank(octets.at[octets.size - 1])) {
        octets.size--;
    }
    return octets;
}

static inline struct octets behind(struct octets octets, size_t n)
{
    return (struct octets){ octets.at + n, octets.size - n };
}

/* ---- Lines -------------------------------------------------------------------------------------- */

/* Takes a line. A CR that no LF follows is refused: false. */
static inline bool take_line(struct reader *reader, struct line *line)
{
    size_t left = (size_t)(reader->end - reader->at);
    const uint8_t *cr = left > 0 ? memchr(reader->at, '\r', left) : NULL;

    line->text = (struct octets){ reader->at, cr != NULL ? (size_t)(cr - reader->at) : left };
    line->whole = cr != NULL;
    line->ended = cr != NULL && cr + 1 < reader->end;
    reader->at = line->ended ? cr + 2 : reader->end;
    return !line->ended || cr[1] == '\n';
}

/* A line made after a pattern: '9' for a digit from 1 on, '0' for any digit; then any text. As far as it is
 * there. */
static inline bool fits(const struct line *line, const char *pattern)
{
    size_t size = strlen(pattern);

    for (size_t i = 0; i < size && i < line->text.size; i++) {
        uint8_t octet = line->text.at[i];
        if (pattern[i] == '0' || pattern[i] == '9' ? octet < (pattern[i] == '9' ? '1' : '0') || octet > '9'
                                                   : octet != (uint8_t)pattern[i]) {
            return false;
        }
    }
    return line->text.size >= size ? all(behind(line->text, size), is_text) : !line->whole;
}

/* ---- Values that are wanted --------------------------------------------------------------------- */

static inline void forget_wanted(struct answer *answer)
{
    for (struct wanted *w = answer->wanted; w != NULL && w->name != NULL; w++) {
        w->there = false;
        w->size = 0;
    }
}

/* White space inside is spaces; around it is none of the value. */
static inline void note_wanted(struct answer *answer, struct octets name, struct octets value)
{
    value = trim(value);
    for (struct wanted *w = answer->wanted; w != NULL && w->name != NULL; w++) {
        if (same(name, w->name)) {
            w->there = true;
            w->size = value.size;
            for (size_t i = 0; i < value.size; i++) {
                w->text[i] = value.at[i] == '\t' ? ' ' : (char)value.at[i];
            }
        }
    }
}

/* ---- Fields ------------------------------------------------------------------------------------- */

/* RFC 9112 6.3: a list of lengths is one if all are the same */
static inline bool note_length(struct framing *framing, struct octets element)
{
    uint64_t length = 0;

    if (element.size == 0 || element.size > TWILIO_NAME_MAX) {
        return false;
    }
    for (size_t i = 0; i < element.size; i++) {
        if (element.at[i] < '0' || element.at[i] > '9') {
            return false;
        }
        length = length > UINT32_MAX ? length : length * 10 + element.at[i] - '0';
    }
    if (length >= LENGTH_LIMIT || (framing->has_length && framing->length != length)) {
        return false;
    }
    framing->has_length = true;
    framing->length = length;
    return true;
}

static inline bool note_element(struct framing *framing, struct octets name, struct octets element)
{
    element = trim(element);
    if (same(name, "content-length")) {
        return note_length(framing, element);
    }
    if (same(name, "transfer-encoding")) {
        bool first = !framing->chunked;
        framing->chunked = true;
        return first && same(element, "chunked");
    }
    if (same(name, "connection")) {
        framing->close = framing->close || same(element, "close");
        framing->keep_alive = framing->keep_alive || same(element, "keep-alive");
    }
    return true;
}

/* A field's value is a list; of one that may still go on the last element is not looked at. */
static inline bool note_field(struct reader *reader, struct octets name, struct octets value, bool goes_on)
{
    size_t size = value.size;
    const uint8_t *comma;

    if (!goes_on) {
        note_wanted(reader->answer, name, value);
    }
    while (size > 0 && (comma = memchr(value.at + value.size - size, ',', size)) != NULL) {
        const uint8_t *from = value.at + value.size - size;
        if (!note_element(&reader->framing, name, (struct octets){ from, (size_t)(comma - from) })) {
            return false;
        }
        size -= (size_t)(comma - from) + 1;
    }
    return goes_on || note_element(&reader->framing, name, behind(value, value.size - size));
}

/* A field with all lines that go on with it: RFC 9112 5.2. */
static inline enum verdict take_field(struct reader *reader, bool means)
{
    static uint8_t unfolded[ANSWER_MAX];
    const uint8_t *begin = reader->at, *colon;
    struct octets name, value = { unfolded, 0 };
    struct line line;
    bool sound = take_line(reader, &line), goes_on;

    colon = line.text.size > 0 ? memchr(line.text.at, ':', line.text.size) : NULL;
    name = (struct octets){ begin, colon != NULL ? (size_t)(colon - begin) : line.text.size };
    if (!all(name, is_tchar) || (colon != NULL && name.size == 0)) {
        return REFUSED;
    }
    if (colon == NULL) {
        return line.whole || !sound ? REFUSED : CUT;
    }
    line.text = behind(line.text, name.size + 1);
    for (;;) {
        if (!all(line.text, is_text) || !sound) {
            return REFUSED;
        }
        memcpy(unfolded + value.size, line.text.at, line.text.size);
        value.size += line.text.size;
        goes_on = !line.ended || reader->at == reader->end || is_blank(*reader->at);
        if (!line.ended || reader->at == reader->end || !goes_on) {
            break;
        }
        sound = take_line(reader, &line);
    }
    if (means && !note_field(reader, name, value, goes_on)) {
        return REFUSED;
    }
    return goes_on ? CUT : COMPLETE;
}

/* Field lines up to an empty one. means: they say something; those of a trailer do not. */
static inline enum verdict take_fields(struct reader *reader, bool means)
{
    while (reader->at < reader->end) {
        enum verdict verdict;

        if (*reader->at == '\r') {
            struct line empty;
            return !take_line(reader, &empty) ? REFUSED : empty.ended ? COMPLETE : CUT;
        }
        verdict = take_field(reader, means);  /* a first one that begins with a blank has no good name */
        if (verdict != COMPLETE) {
            return verdict;
        }
    }
    return CUT;
}

/* ---- Heads and bodies --------------------------------------------------------------------------- */

static inline enum verdict take_status(struct reader *reader)
{
    struct answer *answer = reader->answer;
    struct line line;
    bool sound = take_line(reader, &line);

    if (!fits(&line, "HTTP/1.0 900 ") || !sound) {
        return REFUSED;
    }
    answer->code = 0;
    if (line.text.size >= 13) {
        const uint8_t *digit = line.text.at + 9;
        answer->code = (unsigned)(digit[0] - '0') * 100 + (unsigned)(digit[1] - '0') * 10 + digit[2] - '0';
        reader->framing = (struct framing){ .minor_0 = line.text.at[7] == '0' };
    }
    if (!line.ended) {
        return CUT;
    }
    note_wanted(answer, (struct octets){ NULL, 0 }, behind(line.text, 13));
    return COMPLETE;
}

/* All heads up to one that is final: RFC 9110 15.2. To 101, which was not asked for, nothing can be said. */
static inline enum verdict take_heads(struct reader *reader)
{
    for (;;) {
        enum verdict verdict;

        forget_wanted(reader->answer);
        verdict = take_status(reader);
        if (verdict == COMPLETE) {
            verdict = take_fields(reader, true);
        }
        if (verdict != COMPLETE || reader->answer->code >= 200) {
            return verdict;
        }
        if (reader->answer->code == 101) {
            return REFUSED;
        }
        reader->answer->code = 0;
    }
}

/* Body octets, as many as are there. False: not yet all of them. */
static inline bool take_octets(struct reader *reader, uint64_t size)
{
    size_t left = (size_t)(reader->end - reader->at), n = size < left ? (size_t)size : left;

    memcpy(reader->answer->body + reader->answer->body_size, reader->at, n);
    reader->answer->body_size += n;
    reader->at += n;
    return n == size;
}

/* chunk-size [ chunk-ext ], as far as it is there: RFC 9112 7.1. */
static inline bool read_size(const struct line *line, uint64_t *size)
{
    static const char digits[] = "0123456789abcdef";
    struct octets text = line->text;
    size_t count = 0;

    for (*size = 0; text.size > 0; text = behind(text, 1), count++) {
        uint8_t octet = text.at[0] >= 'A' && text.at[0] <= 'F' ? (uint8_t)(text.at[0] + 32) : text.at[0];
        const char *digit = octet != 0 ? strchr(digits, octet) : NULL;
        if (digit == NULL) {
            break;
        }
        *size = *size * 16 + (uint64_t)(digit - digits);
        if (*size > UINT32_MAX) {
            return false;
        }
    }
    if (text.size == 0) {
        return count > 0 || !line->whole;
    }
    while (text.size > 0 && is_blank(text.at[0])) {
        text = behind(text, 1);
    }
    return count > 0 && (text.size > 0 ? text.at[0] == ';' && all(text, is_text) : !line->whole);
}

/* Lets the reader see so many octets more, at most. Returns where all of them end. */
static inline const uint8_t *limit(struct reader *reader, size_t size)
{
    const uint8_t *end = reader->end;

    if ((size_t)(end - reader->at) > size) {
        reader->end = reader->at + size;
    }
    return end;
}

/* What was cut by the limit is too long. */
static inline enum verdict unlimit(struct reader *reader, const uint8_t *end, enum verdict verdict)
{
    bool cut = reader->end != end;

    reader->end = end;
    return verdict == CUT && cut ? REFUSED : verdict;
}

/* The line of a size, and behind the last chunk the trailer; for both together, or for a line and the end
 * of its chunk, there is so much room. */
static inline enum verdict take_size(struct reader *reader, uint64_t *size, size_t *room)
{
    const uint8_t *begin = reader->at, *end = limit(reader, CHUNK_ROOM);
    struct line line;
    bool sound = take_line(reader, &line);
    enum verdict verdict = !read_size(&line, size) || !sound ? REFUSED : line.ended ? COMPLETE : CUT;

    *room = CHUNK_ROOM - (size_t)(reader->at - begin);
    if (verdict == COMPLETE && *size == 0) {
        verdict = take_fields(reader, false);
    }
    return unlimit(reader, end, verdict);
}

static inline enum verdict take_chunks(struct reader *reader)
{
    uint64_t size;
    size_t room;
    enum verdict verdict;

    while ((verdict = take_size(reader, &size, &room)) == COMPLETE && size > 0) {
        const char *at = "\r\n";
        if (!take_octets(reader, size)) {
            return CUT;
        }
        for (; *at != '\0'; at++, reader->at++, room--) {
            if (reader->at == reader->end) {
                return CUT;
            }
            if (*reader->at != (uint8_t)*at || room == 0) {
                return REFUSED;
            }
        }
    }
    return verdict;
}

/* RFC 9112 6.3; a conflict is refused, as 6.1 and 6.3 advise. */
static inline enum verdict take_body(struct reader *reader)
{
    const struct framing *framing = &reader->framing;
    unsigned code = reader->answer->code;

    if (framing->chunked && (framing->has_length || framing->minor_0)) {
        return REFUSED;
    }
    if (reader->answer->to_head || code == 204 || code == 304) {
        return COMPLETE;
    }
    if (framing->chunked) {
        return take_chunks(reader);
    }
    if (framing->has_length) {
        return take_octets(reader, framing->length) ? COMPLETE : CUT;
    }
    (void)take_octets(reader, (uint64_t)(reader->end - reader->at));
    return ENDLESS;
}

/* The answer at the beginning of these octets. */
static inline void read_rfc9112(struct answer *answer, const uint8_t *data, size_t size)
{
    struct reader reader = { answer, data, data + size, { 0 } };
    const uint8_t *end = limit(&reader, TWILIO_RESPONSE_HEAD_MAX);

    answer->code = 0;
    answer->body_size = 0;
    answer->verdict = unlimit(&reader, end, take_heads(&reader));
    if (answer->verdict == COMPLETE) {
        answer->verdict = take_body(&reader);
    }
    answer->end = (size_t)(reader.at - data);
    answer->reusable = answer->verdict == COMPLETE && !reader.framing.close
                    && (!reader.framing.minor_0 || reader.framing.keep_alive);
}

#endif
