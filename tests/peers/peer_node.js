// What Twilio's libraries for Node make of cases: peer_node.js NPM <CASES >ANSWERS, both a JSON array.
//
// NPM: where node_modules is. Answers are requests as the HTTP library would send them, documents, signatures
// and counts of segments; { refused } where the library throws.
//
// SPDX-License-Identifier: MIT
"use strict";

const fs = require("fs");
const path = require("path");

const modules = path.resolve(process.argv[2], "node_modules");
const qs = require(path.join(modules, "qs"));  // which the library itself encodes forms with
const twilio = require(path.join(modules, "twilio"));
const { NoAuthCredentialProvider } = require(
    path.join(modules, "twilio/lib/credential_provider/NoAuthCredentialProvider"));
const { SegmentedMessage } = require(path.join(modules, "sms-segments-calculator"));

// In place of an answer: what was sent
class Sent extends Error {
    constructor(request) {
        super();
        this.request = request;
    }
}

function recorder() {
    const client = new twilio.RequestClient({ keepAlive: false });
    client.axios.defaults.adapter = async (config) => {
        throw new Sent({
            method: config.method.toUpperCase(),
            url: client.axios.getUri(config),
            authorization: config.headers.get("Authorization") ?? null,
            content_type: config.headers.get("Content-Type") || null,
            body: config.data ?? "",
        });
    };
    return client;
}

function connect(login) {
    return twilio(login.key ?? login.sid, login.secret, {
        accountSid: login.sid, edge: login.edge, region: login.region, httpClient: recorder(),
    });
}

// As users of this library have it: dates with a time, and true
function typed(value) {
    return /^[-0-9]{10}T[:0-9]{8}Z$/.test(value) ? new Date(value) : value === "true" ? true : value;
}

// Arguments by this library's names and types: those members that the case has, and its parameters
function given(c, names) {
    const members = {};
    for (const [name, member] of Object.entries(names)) {
        const value = c[member];
        if (value && value.length !== 0) {
            members[name] = typed(value);
        }
    }
    for (const [name, value] of c.param ?? []) {
        const key = name[0].toLowerCase() + name.slice(1);
        members[key] = key in members ? [].concat(members[key], typed(value)) : typed(value);
    }
    return members;
}

// ---- Requests --------------------------------------------------------------------------------------

function createMessage(client, c) {
    const members = given(c, {
        to: "to", from: "from", messagingServiceSid: "service", body: "body", mediaUrl: "media",
        contentSid: "content", contentVariables: "variables", validityPeriod: "validity", sendAt: "send_at",
    });
    if (c.send_at) {
        members.scheduleType = "fixed";
    }
    return client.messages.create(members);
}

function createCall(client, c) {
    const members = given(c, {
        to: "to", from: "from", url: "url", applicationSid: "application", timeout: "timeout",
        sendDigits: "send_digits", machineDetection: "machine_detection",
    });
    if (c.twiml) {
        members.twiml = build(new twilio.twiml.VoiceResponse(), c.twiml);
    }
    if (c.query) {
        const query = c.query.map(([name, value]) => qs.stringify({ [name]: value })).join("&");
        members.url += (c.url.includes("?") ? "&" : "?") + query;
    }
    return client.calls.create(members);
}

function createToken(client, c) {
    const members = given(c, { clientId: "id", clientSecret: "secret", accountSid: "account" });
    client.setCredentialProvider(new NoAuthCredentialProvider());
    return client.oauth.v2.token.create({ grantType: "client_credentials", ...members });
}

function anyRequest(client, c) {
    const form = {};
    for (const [name, value] of c.param) {
        form[name] = [...(form[name] ?? []), value];
    }
    const uri = `https://${c.product}.twilio.com/${c.resource.replace(/^\//, "")}`;
    return client.request({
        method: c.method.toLowerCase(),
        uri: uri.replace("{}", () => encodeURIComponent(c.item)),
        [c.method === "GET" ? "params" : "data"]: form,
    });
}

const requests = {
    "message.create": createMessage,
    "message.fetch": (client, c) => client.messages(c.sid).fetch(),
    "message.cancel": (client, c) => client.messages(c.sid).update({ status: "canceled" }),
    "message.redact": (client, c) => client.messages(c.sid).update({ body: "" }),
    "message.delete": (client, c) => client.messages(c.sid).remove(),
    "message.list": (client, c) => client.messages.page(given(c, {
        to: "to", from: "from", dateSent: "date_sent", dateSentAfter: "sent_after",
        dateSentBefore: "sent_before", pageSize: "page_size",
    })),
    "call.create": createCall,
    "call.fetch": (client, c) => client.calls(c.sid).fetch(),
    "call.cancel": (client, c) => client.calls(c.sid).update({ status: "canceled" }),
    "call.hang_up": (client, c) => client.calls(c.sid).update({ status: "completed" }),
    "call.delete": (client, c) => client.calls(c.sid).remove(),
    "call.list": (client, c) => client.calls.page(given(c, {
        to: "to", from: "from", status: "status", startTime: "start_time", startTimeAfter: "started_after",
        startTimeBefore: "started_before", pageSize: "page_size",
    })),
    "verification.start": (client, c) => client.verify.v2.services(c.service).verifications.create(
        given(c, { to: "to", channel: "channel", locale: "locale", customCode: "custom_code" })),
    "verification.check": (client, c) => client.verify.v2.services(c.service).verificationChecks.create(
        given(c, { to: "to", verificationSid: "sid", code: "code" })),
    "lookup.fetch": (client, c) => client.lookups.v2.phoneNumbers(c.number).fetch(given(c, {
        fields: "fields", countryCode: "country",
    })),
    "balance.fetch": (client) => client.balance.fetch(),
    "token.create": createToken,
    "request": anyRequest,
};

async function send(c) {
    try {
        await requests[c.op](connect(c.login), c);
    } catch (e) {
        if (e instanceof Sent) {
            return e.request;
        }
        throw e;
    }
    throw new Error("nothing was sent");
}

// ---- The rest --------------------------------------------------------------------------------------

const methods = { "say-as": "sayAs" };

function build(parent, elements) {
    for (const [name, words, attributes, inside] of elements) {
        const method = methods[name] ?? name[0].toLowerCase() + name.slice(1);
        const named = Object.fromEntries(attributes);
        let child;
        if (typeof parent[method] === "function") {
            child = words === null ? parent[method](named) : parent[method](named, words);
        } else {
            child = parent.addChild(name, named);
            if (words) {
                child.addText(words);
            }
        }
        build(child, inside);
    }
    return parent;
}

function writeDocument(c) {
    const { VoiceResponse, MessagingResponse } = twilio.twiml;
    return build(c.kind === "voice" ? new VoiceResponse() : new MessagingResponse(), c.twiml).toString();
}

function sign(c) {
    const form = {};
    for (const [name, value] of c.param) {
        form[name] = name in form ? [].concat(form[name], value) : value;
    }
    return twilio.getExpectedTwilioSignature(c.token, c.url, form);
}

function count(c) {
    const message = new SegmentedMessage(c.text, "auto", c.smart ?? false);
    const units = message.encodedChars.map((char) => char.codeUnits.length);
    return {
        ucs2: message.encodingName === "UCS-2",
        units: units.reduce((sum, n) => sum + n, 0),
        segments: message.segmentsCount,
        text: message.graphemes.join(""),
        single: message.graphemes.every((grapheme) => [...grapheme].length === 1),
    };
}

const others = {
    "document": writeDocument,
    "sign": sign,
    "validate": (c) => twilio.validateRequest(c.token, c.signature, c.url, {}),
    "hash": (c) => twilio.getExpectedBodyHash(c.body),
    "segments": count,
};

async function answer(c) {
    if (c.op in requests) {
        return send(c);
    }
    try {
        return others[c.op](c);
    } catch (e) {
        return { refused: e.message };
    }
}

async function main() {
    const answers = [];
    for (const c of JSON.parse(fs.readFileSync(0, "utf8"))) {
        answers.push(await answer(c));
    }
    fs.writeFileSync(1, JSON.stringify(answers));
}

main();
