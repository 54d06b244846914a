/*
 * test_fleet.c - ten thousand devices at once: what arrives each second when their link comes back
 *
 *   test_fleet [devices [seed]]
 *
 * Why chance helps. Who failed waits for a random time of 0 to L = 300 s, once backing off has reached its
 * limit, so with S seconds for a request it tries each L / 2 + S on average, at a moment that is no one
 * else's. Such renewals, watched from any moment on, come at a rate of N / (L / 2 + S) a second, then less
 * and less, as each device is through: that is the peak to be expected, and its deviation is Poisson's. Who
 * is through asks once more what became of it: so at most twice that. Without chance all N come in one
 * second. The ratio of the two peaks is (L / 2 + S) / 2 or more, less what six deviations take of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "twilio_alerts.h"

#define SECTOR  1024U
#define SECTORS 3U
#define LONGEST 20000U  /* seconds that are watched */
#define LIMIT   300U    /* seconds: backing off at most */
#define TAKES   1U      /* seconds: each request */
#define OUTAGE  7200U   /* seconds: longer than it takes to reach the limit */
#define HEX32   "0123456789abcdef0123456789abcdef"

static unsigned devices = 10000, seed = 1;

/* ---- Devices -------------------------------------------------------------------------------------- */

struct device {
    struct twilio_alerts alerts;
    struct twilio_alerts_scratch scratch;
    struct twilio_flash driver;
    uint32_t flash[SECTOR * SECTORS / 4];
    uint32_t next;    /* when it is to be looked at */
    bool     asking;  /* a request is under way until then */
    uint32_t sent;    /* when its alert was accepted; 0: not yet */
};

static struct device *fleet;

static int flash_read(void *context, uint32_t offset, void *data)
{
    memcpy(data, (const uint8_t *)context + offset, TWILIO_JOURNAL_SLOT);
    return 0;
}

static int flash_program(void *context, uint32_t offset, const void *data)
{
    memcpy((uint8_t *)context + offset, data, TWILIO_JOURNAL_SLOT);
    return 0;
}

static int flash_erase(void *context, uint32_t offset)
{
    memset((uint8_t *)context + offset, 0xff, SECTOR);
    return 0;
}

/* ---- A scenario ------------------------------------------------------------------------------------ */

static struct {
    uint32_t now, random;
    bool     chance;                /* false: random numbers are all the same */
    uint32_t from, to;              /* no link between */
    uint32_t capacity, retry_after; /* requests a second, then 429; 0: all are served */
    unsigned arrivals[LONGEST];     /* in each second, at the server */
} world;

static struct twilio_moment moment(void)
{
    world.random = world.random * 1664525 + 1013904223;
    return (struct twilio_moment){ .now = world.now, .utc = 1763900000 + world.now,
                                   .random = world.chance ? world.random ^ world.random >> 13
                                                          : UINT32_MAX / 2 };
}

static void make(struct device *device)
{
    static const struct twilio_account account = { .sid = "AC" HEX32, .secret = "secret" };
    static const struct twilio_rung rung = { "+15550000001", "+15550000009", false, 0 };
    static const struct twilio_ladder ladder = { &rung, 1 };
    struct twilio_moment now = moment();

    memset(device, 0, sizeof *device);
    memset(device->flash, 0xff, sizeof device->flash);
    device->driver = (struct twilio_flash){ flash_read, flash_program, flash_erase, device->flash, SECTOR,
                                            SECTORS };
    device->alerts = (struct twilio_alerts){
        .ladder_count = 1, .supervise = 86400, .name = "F", .accounts = &account, .ladders = &ladder,
        .scratch = &device->scratch, .journal = { .flash = &device->driver }
    };
    assert_int_equal(twilio_alerts_begin(&device->alerts, &now), TWILIO_OK);
    device->next = UINT32_MAX;
}

static void feed(struct device *device, const char *body)
{
    twilio_alerts_feed(&device->alerts, body, strlen(body));
}

/* What came of the request that was begun a little ago. */
static void answer(struct device *device)
{
    struct twilio_outcome outcome = { .result = TWILIO_ERR_NETWORK };
    struct twilio_moment now = moment();
    bool post = device->alerts.request.method == TWILIO_POST;

    if (world.now < world.from || world.now >= world.to) {
        outcome.result = TWILIO_OK;
        outcome.committed = true;
        outcome.code = ++world.arrivals[world.now] > world.capacity && world.capacity != 0 ? 429
                     : post ? 201 : 200;
        outcome.retry_after = outcome.code == 429 ? world.retry_after : 0;
        feed(device, outcome.code == 429 ? "" : "{\"sid\": \"SM" HEX32 "\", \"status\": \"delivered\"}");
        device->sent = post && outcome.code == 201 ? world.now : device->sent;
    }
    twilio_alerts_done(&device->alerts, &now, &outcome);
}

static void step(struct device *device)
{
    struct twilio_moment now;

    if (device->asking) {
        answer(device);
    }
    now = moment();
    device->asking = twilio_alerts_next(&device->alerts, &now) == TWILIO_OK;
    device->next = world.now + (device->asking ? TAKES : device->alerts.wait);
}

static void raise_on_all(void)
{
    static const struct twilio_alert alert = { .text = "Mains failed", .deadline = 36000 };
    struct twilio_moment now;

    for (unsigned i = 0; i < devices; i++) {
        now = moment();
        assert_int_equal(twilio_alerts_raise(&fleet[i].alerts, &now, &alert, NULL), TWILIO_OK);
        fleet[i].next = world.now;
    }
}

/* ---- What was seen ----------------------------------------------------------------------------------- */

struct result {
    unsigned peak;                   /* requests in the busiest second, from the link's return on */
    uint32_t most, all;              /* seconds until 99 % are accepted; until all are */
    unsigned long requests;
};

/* When so many were through; 0: they are not. */
static uint32_t time_of(unsigned count)
{
    static unsigned accepted[LONGEST];
    unsigned through = 0;

    memset(accepted, 0, sizeof accepted);
    for (unsigned i = 0; i < devices; i++) {
        accepted[fleet[i].sent] += fleet[i].sent != 0;
    }
    for (uint32_t at = 0; at < LONGEST; at++) {
        through += accepted[at];
        if (through >= count) {
            return at;
        }
    }
    return 0;
}

static struct result look(uint32_t since)
{
    struct result result = { 0 };

    for (uint32_t i = since; i < LONGEST; i++) {
        result.peak = world.arrivals[i] > result.peak ? world.arrivals[i] : result.peak;
        result.requests += world.arrivals[i];
    }
    check(time_of(devices) != 0, "an alert is not through");
    result.most = time_of(devices - devices / 100) - since;
    result.all = time_of(devices) - since;
    return result;
}

/* All raise an alert at one moment, and lose their link for so long, if they do. */
static struct result run(const char *name, uint32_t outage, bool chance, uint32_t capacity,
                         uint32_t retry_after)
{
    struct result result;
    unsigned through = 0;

    memset(&world, 0, sizeof world);
    world.random = seed;
    world.chance = chance;
    world.now = world.from = 10;
    world.to = 10 + outage;
    world.capacity = capacity;
    world.retry_after = retry_after;
    for (unsigned i = 0; i < devices; i++) {
        make(&fleet[i]);
    }
    raise_on_all();
    for (; world.now < LONGEST && through < devices; world.now++) {
        through = 0;
        for (unsigned i = 0; i < devices; i++) {
            if (fleet[i].next <= world.now) {
                step(&fleet[i]);
            }
            through += fleet[i].sent != 0;
        }
    }
    result = look(world.to);
    printf("%-44s peak %5u a second, 99 %% after %4u s, all after %4u s, %lu requests\n", name, result.peak,
           result.most, result.all, result.requests);
    return result;
}

static uint32_t root(uint32_t x)
{
    uint32_t r = 0;

    while ((r + 1) * (r + 1) <= x) {
        r++;
    }
    return r;
}

/* ---- Tests -------------------------------------------------------------------------------------------- */

static void test_link_comes_back(void **state)
{
    struct result same = run("link lost together, all alike", OUTAGE, false, 0, 0);
    struct result chance = run("link lost together", OUTAGE, true, 0, 0);
    uint32_t expected = devices / (LIMIT / 2 + TAKES);

    (void)state;
    check(same.peak >= devices, "without chance all come at once: %u", same.peak);
    check(chance.peak <= 2 * (expected + 6 * root(expected)), "%u come at once, not %u", chance.peak,
          2 * expected);
    check(same.peak / chance.peak >= devices / (2 * (expected + 6 * root(expected))), "only %u times as many",
          same.peak / chance.peak);
    check(chance.most <= LIMIT && chance.all <= LIMIT + 2 * TAKES, "through after %u s", chance.all);
}

/* An event that all of them see is told at once: that is what they are for. What the server refuses comes
 * again spread out, whether it says when or not, and all get through in a small multiple of the time that the
 * server needs. */
static void test_common_event(void **state)
{
    struct result all = run("a common event", 0, true, 0, 0);
    struct result few = run("a common event, 200 a second are served", 0, true, 200, 0);
    struct result told = run("the same, \"Retry-After: 30\"", 0, true, 200, 30);
    uint32_t needed = devices / 200;

    (void)state;
    check(all.most <= 5, "99 %% after %u s", all.most);
    check(few.most <= 8 * needed, "99 %% after %u s, where %u are needed", few.most, needed);
    check(told.most <= 8 * needed, "99 %% after %u s, where %u are needed", told.most, needed);
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_comes_back),
        cmocka_unit_test(test_common_event),
    };
    int failed;

    devices = count > 1 ? (unsigned)atoi(words[1]) : devices;
    seed = count > 2 ? (unsigned)atoi(words[2]) : seed;
    fleet = calloc(devices, sizeof *fleet);
    assert_non_null(fleet);
    printf("seed %u: %u devices\n", seed, devices);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(fleet);
    return failed;
}
