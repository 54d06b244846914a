/*
 * alerts_request.c - the delivery engine: its requests, and what of their answers is wanted
 *
 * SPDX-License-Identifier: MIT
 */
#include "alerts.h"

#include "twilio_balance.h"

#include <string.h>

#define PAGE_SIZE  20      /* items of a list: some 20 KB */
#define REQUEST_MAX 600    /* seconds that a request may take: more is a leap of the clock */
#define LIST_LIMIT 1000    /* items: more than can have been sent there since the intent */

/* ---- What is wanted of answers --------------------------------------------- */

struct want {
    const char *name;
    uint16_t at, size;  /* of its memory in the scratch */
};

#define WANT(name, member) \
    { (name), offsetof(struct twilio_alerts_scratch, member), \
      sizeof ((struct twilio_alerts_scratch *)0)->member }
#define WANT_TYPE(name) { (name), 0, 0 }
#define WANT_END        { NULL, 0, 0 }

static const struct want one[] = {
    WANT("sid", sid), WANT("status", text), WANT("balance", text), WANT("date_created", date),
    WANT("code", code), WANT("error_code", error), WANT("answered_by", answered), WANT_END
};

/* Of messages or of calls: a page has only one of them. */
static const struct want page[] = {
    WANT("next_page_uri", of.next), WANT("meta.next_page_url", of.next),
    WANT_TYPE("messages"), WANT("messages[].sid", sid), WANT("messages[].body", text),
    WANT("messages[].date_created", date),
    WANT_TYPE("calls"), WANT("calls[].sid", sid), WANT("calls[].date_created", date), WANT_END
};

static struct twilio_field *fields_for(struct twilio_alerts_scratch *s, const struct want *want)
{
    struct twilio_field *field = s->fields;

    do {
        field->name = want->name;
        field->text = want->size != 0 ? (char *)s + want->at : NULL;
        field->size = want->size;
        field++;
    } while (want++->name != NULL);
    return s->fields;
}

/* ---- Requests -------------------------------------------------------------- */

/* What all descriptions begin with; the rest of it is empty. */
static void address(struct twilio_alerts *a, const char *to, const char *from)
{
    memset(&a->what, 0, sizeof a->what);
    a->what.message.to = to;
    a->what.message.from = from;
}

#define SAME_PLACE(type) \
    _Static_assert(offsetof(struct type, to) == offsetof(struct twilio_message, to) \
                   && offsetof(struct type, from) == offsetof(struct twilio_message, from), "not alike")
SAME_PLACE(twilio_call);
SAME_PLACE(twilio_call_filter);
SAME_PLACE(twilio_message_filter);

void twilio_alerts_compose(struct twilio_alerts *a, const struct twilio_rung *rung, const char *body,
                           const char *text, uint32_t validity)
{
    static const struct twilio_param twice[] = { { "loop", "2" }, { NULL, NULL } };

    address(a, rung->to, rung->from);
    if (rung->call) {
        a->say[0].name = "Say";
        a->say[0].text = text;
        a->say[0].attributes = a->voice != NULL ? a->voice : twice;
        a->what.call.twiml = a->say;
        if ((a->record.flags & TWILIO_ALERT_ACKNOWLEDGE) != 0) {
            a->what.call.machine_detection = TWILIO_MACHINE_DETECT;
        }
        twilio_call_create(&a->request, &a->what.call);
    } else {
        a->what.message.body = body;
        a->what.message.validity = validity;
        twilio_message_create(&a->request, &a->what.message);
    }
}

static int create(struct twilio_alerts *a)
{
    struct twilio_alert_stored *stored = &a->scratch->of.stored;
    unsigned length = a->entry.size - (unsigned)sizeof stored->record;
    int e = twilio_journal_read(&a->journal, &a->entry, stored, a->entry.size);

    if (e != TWILIO_OK) {
        return e;
    }
    stored->text[length] = '\0';
    twilio_alerts_compose(a, twilio_alerts_rung(a), twilio_alerts_token(a, stored->text), stored->text,
                          twilio_alerts_left(a));
    return TWILIO_OK;
}

static void follow(struct twilio_alerts *a)
{
    char *sid = a->scratch->of.sid;

    memcpy(sid, a->record.sid, sizeof a->record.sid);
    if (*sid == 'C') {
        twilio_call_fetch(&a->request, sid);
    } else {
        twilio_message_fetch(&a->request, sid);
    }
}

static void list_messages(struct twilio_alerts *a, const char *to, const char *from)
{
    address(a, to, from);
    a->what.messages.page_size = PAGE_SIZE;
    twilio_message_list(&a->request, &a->what.messages);
}

/* What was sent to the number of the rung that is tried. */
static void look(struct twilio_alerts *a)
{
    const struct twilio_rung *rung = twilio_alerts_rung(a);

    list_messages(a, rung->to, rung->from);
    if (rung->call) {
        address(a, rung->to, rung->from);
        a->what.calls.page_size = PAGE_SIZE;
        twilio_call_list(&a->request, &a->what.calls);
    }
}

/* What came from the number of that rung whose turn it is. */
static void listen(struct twilio_alerts *a)
{
    const struct twilio_rung *rung = twilio_alerts_rung(a) - a->record.rung + (a->turn - 1);

    list_messages(a, rung->from, rung->to);
}

static void open_list(struct twilio_alerts *a)
{
    struct twilio_list *list = &a->scratch->reader.list;

    a->found = false;
    a->enough = false;
    list->fields = fields_for(a->scratch, page);
    list->limit = LIST_LIMIT;
    twilio_list_begin(list, &a->request);
}

static int make(struct twilio_alerts *a, unsigned what)
{
    switch (what) {
    case CREATE:
        return create(a);
    case FOLLOW:
        follow(a);
        break;
    case LOOK:
        look(a);
        break;
    case LISTEN:
        listen(a);
        break;
    default:
        twilio_balance_fetch(&a->request);
        break;
    }
    return TWILIO_OK;
}

int twilio_alerts_ask(struct twilio_alerts *a, unsigned what)
{
    struct twilio_json *json = &a->scratch->reader.json;
    int e;

    a->request.account = &a->accounts[a->path];
    e = make(a, what);
    if (e != TWILIO_OK) {
        return e;
    }
    if (what >= LOOK) {
        open_list(a);
    } else {
        json->fields = fields_for(a->scratch, one);
        twilio_json_begin(json);
    }
    a->worked = a->entry.id;
    a->asked = (uint8_t)what;
    a->wait = REQUEST_MAX;
    return TWILIO_OK;
}
