/*
 * explain.c - each result in words, its name first
 *
 * SPDX-License-Identifier: MIT
 */
#include "session.h"

/* The pattern keeps name and words together: EXPLAIN(OK, "done") is "TWILIO_OK: done". */
#define EXPLAIN(name, words) case TWILIO_##name: return "TWILIO_" #name ": " words

const char *twilio_explain(int result)
{
    switch (result) {
    EXPLAIN(SESSION_REFUSED, "the session is stale, or not this client's: the next call does without");
    EXPLAIN(KEPT, "the connection was open already");
    EXPLAIN(ITEM, "an element of an array has been picked");
    EXPLAIN(FULL, "the body window is full");
    EXPLAIN(OK, "done");
    EXPLAIN(AGAIN, "nothing more can be done right now");
    EXPLAIN(ERR_ARGUMENT, "a pointer, size or address is missing or malformed");
    EXPLAIN(ERR_ACCOUNT, "the account SID is missing or malformed");
    EXPLAIN(ERR_CREDENTIALS, "the secret is missing or malformed");
    EXPLAIN(ERR_HOST, "host, product, edge or region is not a DNS name");
    EXPLAIN(ERR_VERSION, "the API version is malformed");
    EXPLAIN(ERR_RESOURCE, "the resource is missing or malformed");
    EXPLAIN(ERR_PARAMETER, "a parameter has an empty name");
    EXPLAIN(ERR_SIZE, "the request is too big, or there are too many fields, or too little scratch");
    EXPLAIN(ERR_HEADER, "a further header that cannot be");
    EXPLAIN(ERR_BUSY, "the client has a call under way");
    EXPLAIN(ERR_NUMBER, "a phone number is not E.164: +15558675310");
    EXPLAIN(ERR_SENDER, "no sender, or of no kind that Twilio has");
    EXPLAIN(ERR_CONTENT, "nothing to send, or not what was asked for");
    EXPLAIN(ERR_CONFLICT, "two parameters exclude each other");
    EXPLAIN(ERR_LENGTH, "a text or list is too long");
    EXPLAIN(ERR_SCHEDULE, "SendAt is malformed, or has no service");
    EXPLAIN(ERR_SID, "a SID is malformed");
    EXPLAIN(ERR_RANGE, "a number or choice is out of range");
    EXPLAIN(ERR_TWIML, "XML does not allow that");
    EXPLAIN(ERR_URL, "a URL is not http:// or https://");
    EXPLAIN(ERR_HTTP, "the answer is not HTTP/1.1");
    EXPLAIN(ERR_JSON, "the answer is not JSON");
    EXPLAIN(ERR_DEPTH, "JSON nested too deep");
    EXPLAIN(ERR_CLOSED, "the server ended in the middle");
    EXPLAIN(ERR_PAGE, "the next page is at another host");
    EXPLAIN(ERR_RESET, "the connection was reset");
    EXPLAIN(ERR_TIMEOUT, "a deadline passed");
    EXPLAIN(ERR_NETWORK, "no link, no address, or no sockets left");
    EXPLAIN(ERR_DNS, "the host name did not resolve");
    EXPLAIN(ERR_CONNECT, "nobody answers at that address and port");
    EXPLAIN(ERR_TLS, "the TLS protocol was broken");
    EXPLAIN(ERR_TLS_ALERT, "the server ended TLS with an alert");
    EXPLAIN(ERR_TLS_MISMATCH, "no TLS version or cipher suite in common");
    EXPLAIN(ERR_UNTRUSTED, "the server's certificate is not from a trusted authority");
    EXPLAIN(ERR_WRONG_NAME, "the server's certificate is for another host");
    EXPLAIN(ERR_EXPIRED, "the server's certificate has expired");
    EXPLAIN(ERR_NOT_YET_VALID, "the server's certificate is not yet valid: is the clock set?");
    EXPLAIN(ERR_MEMORY, "the memory for TLS is too small");
    EXPLAIN(ERR_ENTROPY, "the board gave no entropy");
    EXPLAIN(ERR_ANCHORS, "there is no trust anchor, or one that is no certificate");
    EXPLAIN(ERR_RECORD, "a TLS record or certificate chain is bigger than this build takes");
    EXPLAIN(ERR_PROXY, "the proxy refused");
    EXPLAIN(ERR_FLASH, "the flash failed, or holds what does not check");
    EXPLAIN(ERR_FULL, "the journal has no room until entries are settled");
    default:
        return "not a result of this library";
    }
}
