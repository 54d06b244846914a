/*
 * twilio_twiml.h - TwiML, what a call says and does, from a table: no buffer, well-formed by construction
 *
 *   static const struct twilio_twiml fire[] = {
 *       TWILIO_SAY_AS("Fire in the boiler room", {"voice", "Polly.Amy"}, {"loop", "2"}),
 *       TWILIO_PAUSE("1"),
 *       TWILIO_GATHER(TWILIO_TWIML(TWILIO_SAY("Press 1 to acknowledge")), {"numDigits", "1"}),
 *       TWILIO_HANGUP,
 *       TWILIO_TWIML_END
 *   };
 *
 * A table is data, perhaps in flash; any window of its XML is made when it is asked for. In a request it goes
 * through the form encoder on the way: see twilio_calls.h and twilio_twiml_param.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TWILIO_TWIML_H
#define TWILIO_TWIML_H

#include "twilio.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A verb, or a noun inside one. */
struct twilio_twiml {
    const char *name;                       /* "Say", ...: letters, digits, '-', ':'; first a letter.
                                               NULL ends the table */
    const char *text;                       /* its text, or URL; NULL: none */
    const struct twilio_param *attributes;  /* "voice", ...: named alike, each once in any case; values
                                               any text. NULL: none */
    const struct twilio_twiml *inside;      /* elements inside it, after the text; NULL: none. Inside those
                                               may be others, TWILIO_TWIML_DEPTH in all */
};

#define TWILIO_TWIML_DEPTH 4  /* Response not counted */
#define TWILIO_TWIML_END   { NULL, NULL, NULL, NULL }

/* A table in an expression: TWILIO_TWIML(TWILIO_SAY("Fire"), TWILIO_HANGUP). Outside functions it may be
 * in flash, and lasts for ever; inside one it lasts as long as its block, and a static table cannot hold
 * it. The same is true of the attributes below. C++ has no such expressions: there, tables have names. */
#define TWILIO_TWIML(...) ((const struct twilio_twiml[]){ __VA_ARGS__, TWILIO_TWIML_END })

/* Any verb. Those with ... take attributes, at least one: {"voice", "Polly.Amy"}, {"language", "en-GB"} */
#define TWILIO_VERB(name, text)         { (name), (text), NULL, NULL }
#define TWILIO_VERB_AS(name, text, ...) { (name), (text), TWILIO_PARAMS(__VA_ARGS__), NULL }

#define TWILIO_SAY(text)                TWILIO_VERB("Say", text)
#define TWILIO_SAY_AS(text, ...)        TWILIO_VERB_AS("Say", text, __VA_ARGS__)
#define TWILIO_PLAY(url)                TWILIO_VERB("Play", url)
#define TWILIO_PLAY_AS(url, ...)        TWILIO_VERB_AS("Play", url, __VA_ARGS__)
#define TWILIO_PAUSE(seconds)           TWILIO_VERB_AS("Pause", NULL, {"length", (seconds)})
#define TWILIO_GATHER(inside, ...)      { "Gather", NULL, TWILIO_PARAMS(__VA_ARGS__), (inside) }
#define TWILIO_REDIRECT(url)            TWILIO_VERB("Redirect", url)
#define TWILIO_DIAL(text)               TWILIO_VERB("Dial", text)
#define TWILIO_RECORD(...)              TWILIO_VERB_AS("Record", NULL, __VA_ARGS__)
#define TWILIO_REJECT                   TWILIO_VERB("Reject", NULL)
#define TWILIO_HANGUP                   TWILIO_VERB("Hangup", NULL)
#define TWILIO_MESSAGE(text)            TWILIO_VERB("Message", text)
#define TWILIO_MESSAGE_AS(text, ...)    TWILIO_VERB_AS("Message", text, __VA_ARGS__)

/* Write bytes [offset, offset + size) of the document to buf, as twilio_encode does: for a device that
 * serves TwiML itself. <?xml version="1.0" encoding="UTF-8"?> and a Response; an empty element is
 * <Hangup></Hangup>, which is <Hangup/> to XML. Readers of it get the caller's texts back to the octet, line
 * ends included. Returns the bytes written, 0 past the end, or, with nothing written:
 * TWILIO_ERR_TWIML: a name or attribute that is not as above; an octet below 0x20 other than tab, line feed
 * and carriage return; text that is not UTF-8; U+FFFE or U+FFFF; deeper than TWILIO_TWIML_DEPTH.
 * TWILIO_ERR_ARGUMENT: no table; no buf, but a size; a size over INT_MAX. */
int twilio_twiml_encode(const struct twilio_twiml *table, size_t offset, void *buf, size_t size);

/* A parameter of any request whose value is TwiML: .more = { twilio_twiml_param, &param }. The same errors;
 * TWILIO_ERR_ARGUMENT: no source, no name, or no table. TWILIO_ERR_PARAMETER: the name is empty. */
struct twilio_twiml_param {
    const char *name;                  /* "Twiml" */
    const struct twilio_twiml *table;
};
int twilio_twiml_param(struct twilio_sink *sink, const void *source);

/* Write the document as a piece of the value that a generator is writing: without the <?xml ...?>, which a
 * form does not need. table must not be NULL. Returns 0, TWILIO_ERR_TWIML, or a mistake that the generator
 * has made before. Texts are Latin-1 when the account's are; then no octet from 0x80 on is wrong. */
int twilio_write_twiml(struct twilio_sink *sink, const struct twilio_twiml *table);

#ifdef __cplusplus
}
#endif
#endif
