/*
 * test_corners.c - what happens seldom: requests changed while they are sent, flash whose records are damaged
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "world.h"

/* ---- A request that its owner changes while it is under way ----------------------------------- */

static unsigned connects, sends, closes;

static int connects_at_once(void *context, const char *host)
{
    (void)context;
    (void)host;
    connects++;
    return TWILIO_OK;
}

static int sends_some(void *context, const void *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    return ++sends % 2 == 0 ? TWILIO_AGAIN : 1;
}

static int has_nothing(void *context, void *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    return TWILIO_AGAIN;
}

static char scratch[512];
static bool wiped;

/* Nothing of what was sent, the login above all, is left when an answer is waited for. */
static int looks_at_scratch(void *context, void *data, size_t size)
{
    wiped = true;
    for (size_t i = 0; i < sizeof scratch; i++) {
        wiped = wiped && scratch[i] == 0;
    }
    return has_nothing(context, data, size);
}

static void counts_close(void *context)
{
    (void)context;
    closes++;
}

static const struct twilio_transport counting = {
    .connect = connects_at_once, .send = sends_some, .recv = looks_at_scratch, .close = counts_close,
};

/* An exchange after so many steps; then its request has a resource that cannot be. Ends with what comes. */
static int changed_after(unsigned steps, struct twilio_exchange *x)
{
    static char body[64];
    struct twilio_account account = { .sid = "AC" HEX32, .secret = HEX32 };
    struct twilio_request request = { .account = &account, .method = TWILIO_GET, .resource = "Calls.json" };
    int e = TWILIO_AGAIN;

    connects = sends = closes = 0;
    memset(x, 0, sizeof *x);
    x->request = &request;
    x->transport = &counting;
    x->scratch = scratch;
    x->scratch_size = sizeof scratch;
    x->response.body = body;
    x->response.body_size = sizeof body;
    assert_int_equal(twilio_exchange_begin(x), TWILIO_OK);
    for (unsigned i = 0; i < steps; i++) {
        assert_int_equal(twilio_exchange_step(x), TWILIO_AGAIN);
    }
    account.sid = "A C";
    for (unsigned i = 0; i < 4 && e == TWILIO_AGAIN; i++) {
        e = twilio_exchange_step(x);
    }
    for (size_t i = 0; i < sizeof scratch; i++) {
        check(scratch[i] == 0, "%u steps: octet %zu of the scratch is left", steps, i);
    }
    return e;
}

static void login_is_wiped(void **state)
{
    static const struct twilio_account account = { .sid = "AC" HEX32, .secret = HEX32 };
    static const struct twilio_request request = { .account = &account, .resource = "Calls.json" };
    char body[64];
    struct twilio_exchange x = {
        .request = &request, .transport = &counting, .scratch = scratch, .scratch_size = sizeof scratch,
        .response = { .body = body, .body_size = sizeof body },
    };

    (void)state;
    wiped = false;
    assert_int_equal(twilio_exchange_begin(&x), TWILIO_OK);
    for (unsigned i = 0; i < 2000 && !x.committed; i++) {
        assert_int_equal(twilio_exchange_step(&x), TWILIO_AGAIN);
    }
    assert_int_equal(twilio_exchange_step(&x), TWILIO_AGAIN);
    assert_true(x.committed && wiped);
    twilio_exchange_abort(&x, TWILIO_ERR_TIMEOUT);
}

/* It is an error, and neither a request of two halves nor a wait without end. */
static void changed_under_way(void **state)
{
    struct twilio_exchange x;

    (void)state;
    assert_int_equal(changed_after(0, &x), TWILIO_ERR_ACCOUNT);
    assert_false(x.committed);
    assert_int_equal(sends, 0);
    assert_int_equal(changed_after(1, &x), TWILIO_ERR_ACCOUNT);
    assert_false(x.committed);
    assert_int_equal(closes, connects);
}

/* ---- Alerts in flash that is damaged ------------------------------------------------------------ */

static struct flash flash;
static struct world world;
static const struct twilio_alert fire = { .text = "Fire", .kind = 3 };
static const struct twilio_alert flood = { .text = "Flood", .ladder = 1, .kind = 4 };

static void begin(void)
{
    flash_make(&flash, 1024, 8, 8, 1);
    world_make(&world, &flash);
    world.alerts.quiet = 3600;
    assert_int_equal(world_begin(&world), TWILIO_OK);
}

/* Damage a slot. Is there one that is not blank so far into flash? */
static bool damage(uint32_t slot)
{
    if (!flash.touched[slot]) {
        return false;
    }
    flash_flip(&flash, slot * SLOT * 8 + 77);
    return true;
}

/* Whether the application was told that this alert has failed. */
static bool told_failed(uint32_t id)
{
    for (unsigned i = 0; i < world.tellings; i++) {
        if (world.told[i].id == id && world.told[i].state == TWILIO_ALERT_FAILED) {
            return true;
        }
    }
    return false;
}

/* Nothing comes twice; each alert of which the journal still knows has come, or is told to have failed. */
static void come_or_told(uint32_t slot)
{
    struct twilio_alert_status status;

    for (uint32_t id = 1; id <= 2; id++) {
        const char *text = id == 1 ? "Fire" : "Flood";
        unsigned copies = world_copies(&world, text);
        int e = twilio_alerts_status(&world.alerts, id, &status);

        check(copies <= 1, "slot %u: %s came %u times", slot, text, copies);
        check(e != TWILIO_ITEM || copies == 1 || told_failed(id), "slot %u: %s is lost", slot, text);
    }
}

/* Damage each slot that has something in it, and begin anew, or go on. How many there are. */
static unsigned damage_each(bool anew)
{
    unsigned slots = 0;

    for (uint32_t slot = 0; slot < 8 * 1024 / SLOT; slot++) {
        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
        if (damage(slot)) {
            slots++;
            if (anew) {
                assert_int_equal(world_begin(&world), TWILIO_OK);
            }
            world_run(&world, 900);
            come_or_told(slot);
        }
    }
    return slots;
}

static void damaged(void **state)
{
    (void)state;
    assert_true(damage_each(false) > 4);
}

/* The same, and power was lost in between. */
static void damaged_and_begun(void **state)
{
    (void)state;
    assert_true(damage_each(true) > 4);
}

/* ---- Flash that cannot be read for a moment ---------------------------------------------------- */

static void unreadable(void **state)
{
    struct twilio_moment moment;
    struct twilio_alert_status status;

    (void)state;
    begin();
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    moment = world_moment(&world);
    flash.fail_read = 1;
    assert_int_equal(twilio_alerts_status(&world.alerts, 1, &status), TWILIO_ERR_FLASH);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_ERR_FLASH);
    flash.fail_read = 0;
    assert_int_equal(twilio_alerts_status(&world.alerts, 1, &status), TWILIO_ITEM);
    assert_int_equal(status.state, TWILIO_ALERT_QUEUED);
    flash.fail_program = 1;
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_ERR_FLASH);
    flash.fail_program = 0;
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_QUEUED);
    assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_OK);
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_ACKNOWLEDGED);
}

/* Reads fail from some point on, for a while: nothing comes twice, and afterwards all goes on. */
static void unreadable_for_a_while(void **state)
{
    (void)state;
    for (unsigned at = 1; at < 60; at++) {
        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
        for (unsigned i = 0; i < at && world_step(&world); i++) {
        }
        flash.fail_read = 1;
        world_run(&world, 40);
        flash.fail_read = at % 2 == 0 ? 3 : 0;
        world_run(&world, 400);
        flash.fail_read = 0;
        world_run(&world, 1200);
        come_or_told(at);
    }
}

/* Raised again while the one of its kind cannot be read any more: another one, which comes. */
static void raised_again(void **state)
{
    struct twilio_alert_status status;
    unsigned unreadable = 0;
    uint32_t id = 0;

    (void)state;
    for (uint32_t slot = 0; slot < 8 * 1024 / SLOT; slot++) {
        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        world_run(&world, 60);
        assert_int_equal(world_raise(&world, &fire, &id), TWILIO_OK);
        assert_int_equal(id, 1);
        if (!damage(slot) || twilio_alerts_status(&world.alerts, 1, &status) != TWILIO_ERR_FLASH) {
            continue;
        }
        unreadable++;
        assert_int_equal(world_raise(&world, &fire, &id), TWILIO_OK);
        assert_int_not_equal(id, 1);
        world_run(&world, 60);
        assert_int_equal(world_copies(&world, "Fire"), 2);
    }
    assert_true(unreadable > 0);
}

/* It cannot be read, and that this is so cannot be written: that is told, and tried again. */
static void neither_read_nor_written(void **state)
{
    static bool all[FLASH_MOST / SLOT];
    struct twilio_alert_status status;
    unsigned unreadable = 0;

    (void)state;
    memset(all, true, sizeof all);
    for (uint32_t slot = 0; slot < 8 * 1024 / SLOT; slot++) {
        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        if (!damage(slot) || twilio_alerts_status(&world.alerts, 1, &status) != TWILIO_ERR_FLASH) {
            continue;
        }
        unreadable++;
        flash.bad = all;
        for (unsigned i = 0; i < 20; i++) {
            assert_int_equal(world_next(&world), TWILIO_AGAIN);
            world.second += world.alerts.wait;
        }
        assert_false(told_failed(1));
        assert_true((world.alerts.faults & TWILIO_FAULT_FLASH) != 0);
        flash.bad = NULL;
        world_run(&world, 600);
        check(told_failed(1), "slot %u: %d, faults %x", slot, world_state(&world, 1), world.alerts.faults);
        assert_int_equal(world.count, 0);
    }
    assert_true(unreadable > 0);
}

/* Flash that cannot be erased, and fails half of the time: that is told until something can be written. */
static void cannot_be_tidied(void **state)
{
    bool told = false;

    (void)state;
    begin();
    flash.fail_erase = 1;
    flash.fail_program = 2;
    for (unsigned i = 0; i < 20; i++) {
        world_raise(&world, &flood, NULL);
        world_run(&world, 60);
        told = told || (world.alerts.faults & TWILIO_FAULT_FLASH) != 0;
    }
    assert_true(told);
    flash.fail_erase = flash.fail_program = 0;
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    world_run(&world, 600);
    assert_int_equal(world_copies(&world, "Fire"), 1);
    assert_int_equal(world.alerts.faults & TWILIO_FAULT_FLASH, 0);
}

/* ---- Deadlines, answers, an application that wants to be told nothing -------------------------- */

/* What would be waited for a rung is longer than what is left of the alert: its deadline counts. */
static void rung_past_deadline(void **state)
{
    static const struct twilio_alert short_lived = { .text = "Fire", .ladder = 2, .deadline = 100 };

    (void)state;
    begin();
    world.status = "sent";
    assert_int_equal(world_raise(&world, &short_lived, NULL), TWILIO_OK);
    world_run(&world, 300);
    assert_int_equal(world.count, 1);
}

/* Replies were asked for, and the server had none of them: nobody has acknowledged anything. */
static void no_list(void **state)
{
    static const struct twilio_alert person = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };

    (void)state;
    begin();
    assert_int_equal(world_raise(&world, &person, NULL), TWILIO_OK);
    for (unsigned i = 0; i < 100; i++) {
        if (world_next(&world) != TWILIO_OK) {
            world.second += world.alerts.wait;
        } else {
            if (world.count == 1 && i % 2 == 0) {
                world.fate.code = 500;
            }
            world_answer(&world);
        }
    }
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_DELIVERED);
}

static void nobody_told(void **state)
{
    (void)state;
    begin();
    world.alerts.told = NULL;
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    world_run(&world, 60);
    assert_int_equal(world.tellings, 0);
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_DELIVERED);
}

/* That the line is there is proved twice in the time after which it would be told to be down. */
static void proved_in_time(void **state)
{
    uint32_t from;

    (void)state;
    begin();
    world.alerts.supervise = 400;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    world_run(&world, 1000);
    for (unsigned i = 0; i < 30; i++) {
        for (from = world.second; !world_step(&world); world.second += world.alerts.wait) {
        }
        assert_string_equal(world.asked, "GET Balance");
        check(world.second - from <= 201, "after %u s", world.second - from);
    }
}

/* ---- Records that can be read no more at the worst moment --------------------------------------- */

/* Damage the data of that alert, and nothing else: its head stays. */
static void lose(uint32_t id)
{
    struct twilio_alert_status status;

    for (uint32_t slot = 0; slot < 8 * 1024 / SLOT; slot++) {
        if (damage(slot)) {
            if (twilio_alerts_status(&world.alerts, id, &status) == TWILIO_ERR_FLASH) {
                return;
            }
            damage(slot);
        }
    }
    fail_msg("alert %u has no data", id);
}

/* Let time pass until there is a request to be made. */
static void wait_for_request(void)
{
    while (world_next(&world) != TWILIO_OK) {
        world.second += world.alerts.wait;
    }
}

/* Fire is sent, and the answer is lost. */
static void send_in_doubt(void)
{
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    world.fate.unanswered = true;
    wait_for_request();
    world_answer(&world);
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_UNKNOWN);
}

/* It waits for its look as long as any, and then is told to have failed. */
static void lost_while_it_waits(void **state)
{
    uint32_t wait[2];

    (void)state;
    for (unsigned lost = 0; lost < 2; lost++) {
        begin();
        send_in_doubt();
        if (lost) {
            lose(1);
        }
        assert_int_equal(world_next(&world), TWILIO_AGAIN);
        wait[lost] = world.alerts.wait;
        assert_int_equal(world.alerts.faults, lost ? TWILIO_FAULT_FLASH : 0);
        world_run(&world, 600);
        assert_int_equal(world_copies(&world, "Fire"), 1);
        assert_int_equal(told_failed(1), lost);
        assert_int_equal(world.alerts.faults, lost ? TWILIO_FAULT_UNSENT : 0);
    }
    assert_int_equal(wait[0], wait[1]);
}

/* Nothing of the record is told then: not the SID either, which may be damaged. */
static void lost_when_accepted(void **state)
{
    const struct twilio_alert_status *told;

    (void)state;
    begin();
    world.status = "sent";
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    world_run(&world, 10);
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_ACCEPTED);
    lose(1);
    world_run(&world, 60);
    assert_true(told_failed(1));
    told = &world.told[world.tellings - 1];
    assert_int_equal(told->id, 1);
    assert_string_equal(told->sid, "");
    assert_int_equal(told->code, 0);
    assert_int_equal(told->rung, 0);
}

/* The list of what was sent comes in when the alert is lost, or over; and another one has been asked about
 * since, so that what is known of it is to be read again. */
static void lost_while_it_is_looked_for(void **state)
{
    struct twilio_alert_status status;

    (void)state;
    for (unsigned over = 0; over < 2; over++) {
        struct twilio_moment moment;

        begin();
        send_in_doubt();
        wait_for_request();
        assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
        moment = world_moment(&world);
        if (over) {
            assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_OK);
        } else {
            lose(1);
        }
        assert_int_equal(twilio_alerts_status(&world.alerts, 2, &status), TWILIO_ITEM);
        world_answer(&world);
        assert_string_equal(world.asked, "GET Messages " ANNA);
        assert_false(world.alerts.found);
        world_run(&world, 600);
        check(over ? world_state(&world, 1) == TWILIO_ALERT_ACKNOWLEDGED : told_failed(1), "not over");
        assert_int_equal(world_copies(&world, "Fire"), 1);
        assert_int_equal(world_state(&world, 2), TWILIO_ALERT_DELIVERED);
    }
}

/* Calls carry no token: that one is another alert's is known from that one's record alone. Without it, the
 * call of that minute to the same person is taken for the one that is looked for. */
static void call_of_a_lost_alert(void **state)
{
    static const struct twilio_alert storm = { .text = "Storm", .ladder = 1, .kind = 5 };

    (void)state;
    for (unsigned lost = 0; lost < 2; lost++) {
        begin();
        world.alerts.quiet = 0;
        assert_int_equal(world_begin(&world), TWILIO_OK);
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
        world_run(&world, 20);
        assert_int_equal(world_state(&world, 1), TWILIO_ALERT_DELIVERED);  /* settled, without a record */
        assert_int_equal(world_state(&world, 2), TWILIO_ALERT_DELIVERED);
        assert_int_equal(world_raise(&world, &storm, NULL), TWILIO_OK);
        world.fate.code = 500;
        wait_for_request();
        world_answer(&world);
        assert_int_equal(world_state(&world, 3), TWILIO_ALERT_UNKNOWN);
        if (lost) {
            lose(2);
        }
        world_run(&world, 300);
        assert_int_equal(world_copies(&world, "Storm"), !lost);
        assert_int_equal(world_state(&world, 3), TWILIO_ALERT_DELIVERED);
    }
}

/* A call that is in doubt, and whose record cannot be read any more, keeps no other waiting. */
static void doubt_that_is_lost(void **state)
{
    static const struct twilio_alert storm = { .text = "Storm", .ladder = 1, .kind = 5 };

    (void)state;
    begin();
    assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
    world.fate.code = 500;
    wait_for_request();
    world_answer(&world);
    lose(1);
    assert_int_equal(world_raise(&world, &storm, NULL), TWILIO_OK);
    wait_for_request();
    world_answer(&world);
    assert_int_equal(world_copies(&world, "Storm"), 1);
}

static unsigned reads_left;

static int reads_for_a_while(void *context, uint32_t offset, void *data)
{
    if (reads_left == 0) {
        return -1;
    }
    reads_left--;
    return flash.driver.read(context, offset, data);
}

/* Flash fails from any read on while it is found out whether a number may be called: it is not, then. */
static void doubt_that_cannot_be_read(void **state)
{
    static const struct twilio_alert storm = { .text = "Storm", .ladder = 1, .kind = 5 };
    unsigned needed = 1;

    (void)state;
    for (unsigned reads = 0; reads < needed; reads++) {
        struct twilio_flash driver;

        begin();
        assert_int_equal(world_raise(&world, &flood, NULL), TWILIO_OK);
        world.fate.code = 500;
        wait_for_request();
        world_answer(&world);
        assert_int_equal(world_raise(&world, &storm, NULL), TWILIO_OK);
        driver = flash.driver;
        driver.read = reads_for_a_while;
        world.alerts.journal.flash = &driver;
        world.second += world.alerts.hold - world.alerts.time;
        reads_left = reads;
        assert_int_equal(world_next(&world), TWILIO_AGAIN);
        reads_left = UINT_MAX;
        if (reads == 0) {
            unsigned before = flash.reads;
            assert_int_equal(world_next(&world), TWILIO_AGAIN);
            needed = flash.reads - before;
        }
        world_run(&world, 900);
        assert_int_equal(world_copies(&world, "Flood"), 1);
        assert_int_equal(world_copies(&world, "Storm"), 1);
    }
    assert_true(needed > 50);
}

/* A record that could not be read at the start, and then can: it was not counted, and is not counted off. */
static void seen_again(void **state)
{
    struct twilio_alert_status status;
    unsigned hidden = 0;

    (void)state;
    for (uint32_t slot = 0; slot < 8 * 1024 / SLOT; slot++) {
        struct twilio_moment moment;

        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        if (!damage(slot)) {
            continue;
        }
        assert_int_equal(world_begin(&world), TWILIO_OK);
        if (twilio_alerts_status(&world.alerts, 1, &status) == TWILIO_OK) {
            hidden++;
            assert_int_equal(world.alerts.journal.live, 0);
            damage(slot);
            assert_int_equal(twilio_alerts_status(&world.alerts, 1, &status), TWILIO_ITEM);
            moment = world_moment(&world);
            world.alerts.quiet = 0;
            assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, 1), TWILIO_OK);
            assert_int_equal(world.alerts.journal.live, 0);
        }
    }
    assert_int_equal(hidden, 1);
}

/* Write entries without data until the journal is full. */
static void fill(struct twilio_journal *journal)
{
    struct twilio_entry entry;
    int e;

    do {
        entry = (struct twilio_entry){ 0 };
        e = twilio_journal_write(journal, &entry, NULL);
    } while (e == TWILIO_OK);
    assert_int_equal(e, TWILIO_ERR_FULL);
}

/* A full journal, of whose first sector nothing could be read at the start, so that more was put in; then
 * all of it can. There is more to be kept than there is room: that is told, and the search for room ends. */
static void more_than_room(void **state)
{
    bool hidden[512 / SLOT] = { false };
    struct twilio_journal journal = { .flash = &flash.driver };
    int e = TWILIO_OK;

    (void)state;
    flash_make(&flash, 512, 4, 8, 1);
    assert_int_equal(twilio_journal_begin(&journal), TWILIO_OK);
    fill(&journal);
    for (uint32_t slot = 0; slot < COUNT(hidden); slot++) {
        hidden[slot] = damage(slot);
    }
    journal = (struct twilio_journal){ .flash = &flash.driver };
    assert_int_equal(twilio_journal_begin(&journal), TWILIO_OK);
    fill(&journal);
    assert_int_equal(flash.erases[0], 1);
    for (uint32_t slot = 0; slot < COUNT(hidden); slot++) {
        if (hidden[slot]) {
            damage(slot);
        }
    }
    for (unsigned i = 0; i < 20 && e == TWILIO_OK; i++) {
        struct twilio_entry entry = { 0 };

        assert_int_equal(twilio_journal_next(&journal, &entry), TWILIO_ITEM);
        assert_int_equal(twilio_journal_write(&journal, &entry, NULL), TWILIO_OK);
        e = twilio_journal_tidy(&journal);
    }
    assert_int_equal(e, TWILIO_ERR_FLASH);
}

static int (*programs_well)(void *context, uint32_t offset, const void *data);
static unsigned programs_left, spoiled;

/* One octet of one slot comes to hold something else, and nobody says so. */
static int programs_ill(void *context, uint32_t offset, const void *data)
{
    int e = programs_well(context, offset, data);

    if (--programs_left == 0) {
        flash.bytes[offset + spoiled] ^= 0x10;
    }
    return e;
}

/* What does not read back as it was written is written once more, whichever octet it is. */
static void written_wrong(void **state)
{
    (void)state;
    for (unsigned nth = 1; nth <= 6; nth++) {
        for (spoiled = 0; spoiled < SLOT; spoiled++) {
            begin();
            programs_well = flash.driver.program;
            flash.driver.program = programs_ill;
            programs_left = nth;
            assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
            assert_int_equal(world_begin(&world), TWILIO_OK);
            assert_int_equal(world_state(&world, 1), TWILIO_ALERT_QUEUED);
            world_run(&world, 60);
            check(world_copies(&world, "Fire") == 1, "program %u, octet %u", nth, spoiled);
        }
    }
}

/* What is not erased any more is found, whichever word it is in. */
static void not_erased(void **state)
{
    struct twilio_journal journal = { .flash = &flash.driver };

    (void)state;
    for (unsigned word = 0; word < SLOT / 4; word++) {
        struct twilio_entry entry = { 0 };

        flash_make(&flash, 1024, 3, 8, 1);
        assert_int_equal(twilio_journal_begin(&journal), TWILIO_OK);
        assert_int_equal(journal.last_id, 0);  /* whatever there was in other flash */
        assert_int_equal(twilio_journal_write(&journal, &entry, NULL), TWILIO_OK);
        assert_int_equal(twilio_journal_begin(&journal), TWILIO_OK);
        assert_int_equal(journal.corrupt, 0);
        assert_int_equal(journal.last_id, 1);
        flash.bytes[20 * SLOT + 4 * word] = 0;
        assert_int_equal(twilio_journal_begin(&journal), TWILIO_OK);
        assert_int_equal(journal.corrupt, 1);
    }
}

/* ---- What is copied, repeated, or said twice ----------------------------------------------------- */

/* An old record that is kept comes behind newer ones when its sector is erased; the engine's time, which all
 * deadlines are of, does not go back for that. */
static void copied_behind(void **state)
{
    static const struct twilio_alert long_lived = { .text = "Fire", .kind = 3, .deadline = 36000 };
    uint32_t id, before;

    (void)state;
    flash_make(&flash, 512, 3, 8, 1);
    world_make(&world, &flash);
    world.status = "sent";
    assert_int_equal(world_begin(&world), TWILIO_OK);
    assert_int_equal(world_raise(&world, &long_lived, NULL), TWILIO_OK);
    world_run(&world, 20);
    for (unsigned i = 0; i < 60; i++) {
        struct twilio_moment moment;

        world_run(&world, 10);
        assert_int_equal(world_raise(&world, &flood, &id), TWILIO_OK);
        moment = world_moment(&world);
        assert_int_equal(twilio_alerts_acknowledge(&world.alerts, &moment, id), TWILIO_OK);
        before = world.alerts.time;
        assert_int_equal(world_begin(&world), TWILIO_OK);
        check(world.alerts.time > before, "%u after %u", world.alerts.time, before);
    }
}

/* Raised again while its ladder waits to be mended: the same, however long ago it was raised. */
static void raised_again_while_it_waits(void **state)
{
    uint32_t id = 0;

    (void)state;
    begin();
    world.alerts.quiet = 100;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
    world.fate = (struct fate){ .code = 401, .body = "{\"code\": 20003}" };
    wait_for_request();
    world_answer(&world);
    world_run(&world, 200);
    assert_int_equal(world_raise(&world, &fire, &id), TWILIO_OK);
    assert_int_equal(id, 1);
    world_run(&world, 600);
    assert_int_equal(world_copies(&world, "Fire"), 1);
}

/* Twilio told no date, so replies cannot be told from older ones, and are not asked for: it is asked what
 * became of the message, again and again, but that it has arrived is written and told once. */
static void delivered_twice(void **state)
{
    static const struct twilio_alert person = { .text = "Fire", .flags = TWILIO_ALERT_ACKNOWLEDGE };
    unsigned programs, tellings, requests;

    (void)state;
    begin();
    assert_int_equal(world_raise(&world, &person, NULL), TWILIO_OK);
    world.fate = (struct fate){ .code = 201, .done = true,
                                .body = "{\"sid\": \"SM00000000000000000000000000abcd00\"}" };
    wait_for_request();
    world_answer(&world);
    world_run(&world, 60);
    assert_int_equal(world_state(&world, 1), TWILIO_ALERT_DELIVERED);
    programs = flash.programs;
    tellings = world.tellings;
    requests = world.requests;
    world_run(&world, 300);
    assert_true(world.requests > requests + 3);
    assert_string_equal(world.asked, "GET Messages/SM00000000000000000000000000abcd00");
    assert_int_equal(flash.programs, programs);
    assert_int_equal(world.tellings, tellings);
}

/* A result of no transport's: nothing says that it will go better the next time. */
static void no_result_of_a_transport(void **state)
{
    static const struct {
        int result, state;
    } rows[] = {
        { TWILIO_ERR_SIZE, TWILIO_ALERT_FAILED }, { TWILIO_ERR_RESET, TWILIO_ALERT_SENDING },
        { TWILIO_ERR_MEMORY, TWILIO_ALERT_SENDING }, { TWILIO_ERR_PROXY, TWILIO_ALERT_SENDING },
        { TWILIO_ERR_HEADER, TWILIO_ALERT_FAILED },
    };

    (void)state;
    for (unsigned i = 0; i < COUNT(rows); i++) {
        begin();
        assert_int_equal(world_raise(&world, &fire, NULL), TWILIO_OK);
        world.fate = (struct fate){ .lost = true, .result = rows[i].result };
        wait_for_request();
        world_answer(&world);
        check(world_state(&world, 1) == rows[i].state, "%d: %d", rows[i].result, world_state(&world, 1));
    }
}

/* ---- Settings ------------------------------------------------------------------------------------ */

static void settings(void **state)
{
    static const struct twilio_ladder no_rungs = { NULL, 1 };
    struct twilio_moment moment = { 0 };

    (void)state;
    begin();
    world.alerts.settle = 0;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    assert_int_equal(world.alerts.settle, 30);
    world.alerts.settle = 40;
    assert_int_equal(world_begin(&world), TWILIO_OK);
    assert_int_equal(world.alerts.settle, 40);
    world.alerts.ladders = &no_rungs;
    world.alerts.ladder_count = 1;
    assert_int_equal(world_begin(&world), TWILIO_ERR_ARGUMENT);
    world.alerts.ladders = world_ladders;
    world.alerts.scratch = NULL;
    assert_int_equal(twilio_alerts_begin(&world.alerts, &moment), TWILIO_ERR_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_under_way),
        cmocka_unit_test(login_is_wiped),
        cmocka_unit_test(damaged),
        cmocka_unit_test(damaged_and_begun),
        cmocka_unit_test(unreadable),
        cmocka_unit_test(unreadable_for_a_while),
        cmocka_unit_test(raised_again),
        cmocka_unit_test(neither_read_nor_written),
        cmocka_unit_test(cannot_be_tidied),
        cmocka_unit_test(rung_past_deadline),
        cmocka_unit_test(no_list),
        cmocka_unit_test(nobody_told),
        cmocka_unit_test(proved_in_time),
        cmocka_unit_test(lost_while_it_waits),
        cmocka_unit_test(lost_when_accepted),
        cmocka_unit_test(lost_while_it_is_looked_for),
        cmocka_unit_test(call_of_a_lost_alert),
        cmocka_unit_test(doubt_that_is_lost),
        cmocka_unit_test(doubt_that_cannot_be_read),
        cmocka_unit_test(seen_again),
        cmocka_unit_test(more_than_room),
        cmocka_unit_test(written_wrong),
        cmocka_unit_test(not_erased),
        cmocka_unit_test(copied_behind),
        cmocka_unit_test(raised_again_while_it_waits),
        cmocka_unit_test(delivered_twice),
        cmocka_unit_test(no_result_of_a_transport),
        cmocka_unit_test(settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
